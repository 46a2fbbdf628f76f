"""Webhooks as administrators keep them: set up and shown their secret once, tested, switched off and on, what they did not take."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.doors import Router
from service.errors import BadRequest, Conflict, FieldError, Invalid, NotFound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import AnyAdministrator
from service.people.models import Member, Role
from service.people.rules import reach
from service.places.queries import find_organisations
from service.webhooks.actions import (
    ToldOf,
    WebhookIn,
    add_webhook,
    change_webhook,
    ping,
    remove_webhook,
    renew_secret,
    send_again,
    switch_off,
    switch_on,
)
from service.webhooks.models import BOXES, AgainForm, ChangeForm, SwitchForm, WebhookForm
from service.webhooks.queries import WebhookLine, find_deliveries, find_webhooks
from service.webhooks.rules import wrong_with

router = Router(prefix="/staff/{c}/settings/webhooks", include_in_schema=False)

SHOWN = 30
"""So many tellings stand on the page of a webhook."""

Making = Annotated[Form[WebhookForm], Depends(form_of(WebhookForm))]
Changing = Annotated[Form[ChangeForm], Depends(form_of(ChangeForm))]
Switching = Annotated[Form[SwitchForm], Depends(form_of(SwitchForm))]
Again = Annotated[Form[AgainForm], Depends(form_of(AgainForm))]


@router.get("", name="webhooks.list")
def webhooks(request: Request, member: AnyAdministrator, reads: Reads) -> HTMLResponse:
    """Every program that is told here, or those of one's own organisation."""
    return _list_page(request, member, reads, Form())


@router.post("", name="webhooks.add")
def add(request: Request, member: AnyAdministrator, form: Making, writes: Writes, now: Now) -> HTMLResponse:
    """Sets one up, and shows its secret: this once."""
    form.need({"description": _("Say which program it is."), "address": _("Write the address that is told.")})
    given = _given(request, writes, member, form)
    if given is not None and not form.errors:
        try:
            secret = add_webhook(writes, request.app.state.server_keys, member.actor, member.place, given, now)
            return _secret_page(request, member, secret, given.description)
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal, "address")
    return _list_page(request, member, writes, form, 422)


@router.get("/{webhook_id}", name="webhooks.one")
def one(request: Request, member: AnyAdministrator, webhook_id: UUID, reads: Reads) -> HTMLResponse:
    """One webhook, and what became of what it was told."""
    line = _line(reads, member, webhook_id)
    ticked = {name: "yes" for name, event in BOXES.items() if event in line.events}
    return _one_page(request, member, reads, line, Form(values={"description": line.description, **ticked}))


@router.post("/{webhook_id}", name="webhooks.change")
def change(request: Request, member: AnyAdministrator, webhook_id: UUID, form: Changing, writes: Writes, now: Now) -> Response:
    """Another description, other events."""
    line = _line(writes, member, webhook_id)
    form.need({"description": _("Say which program it is.")})
    if form.filled is not None and not form.filled.events:
        form.errors.append(_no_event())
    if form.filled is None or form.errors:
        return _one_page(request, member, writes, line, form, 422)
    change_webhook(writes, member.actor, member.place.id, line.id, ToldOf(form.filled.description, form.filled.events), now)
    return _back(request, member, line)


@router.post("/{webhook_id}/test", name="webhooks.test")
def test(request: Request, member: AnyAdministrator, webhook_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Sends it a test, which stands in the list below a moment later."""
    line = _line(writes, member, webhook_id)
    ping(writes, member.actor, member.place.id, line.id, now)
    return _back(request, member, line)


@router.post("/{webhook_id}/switch", name="webhooks.switch")
def switch(request: Request, member: AnyAdministrator, webhook_id: UUID, form: Switching, writes: Writes, now: Now) -> RedirectResponse:
    """Off or on."""
    line = _line(writes, member, webhook_id)
    act = switch_on if form.must_be_filled().to == "on" else switch_off
    act(writes, member.actor, member.place.id, line.id, now)
    return _back(request, member, line)


@router.post("/{webhook_id}/secret", name="webhooks.renew")
def renew(request: Request, member: AnyAdministrator, webhook_id: UUID, writes: Writes, now: Now) -> HTMLResponse:
    """Another secret, shown this once; the old one signs beside it for a day."""
    line = _line(writes, member, webhook_id)
    secret = renew_secret(writes, request.app.state.server_keys, member.actor, member.place.id, line.id, now)
    return _secret_page(request, member, secret, line.description, again=True)


@router.post("/{webhook_id}/again", name="webhooks.again")
def again(request: Request, member: AnyAdministrator, webhook_id: UUID, form: Again, writes: Writes, now: Now) -> RedirectResponse:
    """Sends once more what was given up: one telling, or all."""
    line, named = _line(writes, member, webhook_id), form.must_be_filled().delivery
    send_again(writes, member.actor, member.place.id, line.id, now, _number(named) if named else None)
    return _back(request, member, line)


@router.post("/{webhook_id}/remove", name="webhooks.remove")
def remove(request: Request, member: AnyAdministrator, webhook_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Takes it away with everything that waits for it."""
    line = _line(writes, member, webhook_id)
    remove_webhook(writes, member.actor, member.place.id, line.id, now)
    return see_other(request, "webhooks.list", c=member.place.slug)


# ---- the steps -------------------------------------------------------------------------------------------------------


def _within(member: Member) -> set[UUID] | None:
    return reach(member.grants, (Role.ADMIN,))


def _line(reads: ReadSession, member: Member, webhook_id: UUID) -> WebhookLine:
    found = next((line for line in find_webhooks(reads, member.place, _within(member)) if line.id == webhook_id), None)
    if found is None:
        raise NotFound
    return found


def _number(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise BadRequest(_("There is nothing of this number to send.")) from None


def _no_event() -> FieldError:
    return FieldError(next(iter(BOXES)), _("Tick one thing at least that it is told of."))


def _given(request: Request, reads: ReadSession, member: Member, form: Form[WebhookForm]) -> WebhookIn | None:
    """What was asked for, where this member may have it; else what is wrong stands in the form."""
    given, within = form.filled, _within(member)
    if given is None:
        return None
    own = {row.code: row.id for row in find_organisations(reads, member.place.id) if within is None or row.id in within}
    loopback: bool = request.app.state.settings.webhook_loopback
    if not given.events:
        form.errors.append(_no_event())
    if wrong := wrong_with(given.address, loopback=loopback):
        form.errors.append(FieldError("address", _(wrong)))
    if (given.organisation and given.organisation not in own) or (not given.organisation and within is not None):
        form.errors.append(FieldError("organisation", _("Choose your organisation.") if within else _("Choose an organisation.")))
    return WebhookIn(given.description, given.events, given.address, own.get(given.organisation or ""), loopback)


def _back(request: Request, member: Member, line: WebhookLine) -> RedirectResponse:
    return see_other(request, "webhooks.one", c=member.place.slug, webhook_id=line.id)


# ---- pages -----------------------------------------------------------------------------------------------------------


def _secret_page(request: Request, member: Member, secret: str, name: str, *, again: bool = False) -> HTMLResponse:
    return _page(request, member, "secret", forget=True, secret=secret, name=name, again=again)


def _list_page(request: Request, member: Member, reads: ReadSession, form: Form[WebhookForm], status: int = 200) -> HTMLResponse:
    within = _within(member)
    return _page(
        request,
        member,
        "list",
        status,
        form=form,
        whole=within is None,
        webhooks=find_webhooks(reads, member.place, within),
        organisations=[row for row in find_organisations(reads, member.place.id) if within is None or row.id in within],
        boxes=BOXES,
    )


def _one_page(
    request: Request, member: Member, reads: ReadSession, line: WebhookLine, form: Form[ChangeForm], status: int = 200
) -> HTMLResponse:
    told = find_deliveries(reads, member.place.id, line.id, SHOWN)
    return _page(request, member, "one", status, form=form, line=line, told=told, boxes=BOXES)


def _page(request: Request, member: Member, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    facts |= {"place": member.place, "member": member, "here": "settings", "status": status, "headers": PRIVATE}
    return page(request, f"webhooks/{template}.html", **facts)
