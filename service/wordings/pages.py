"""Wordings as administrators write them."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.doors import Router
from service.errors import FieldError, Invalid
from service.feedback import rules
from service.feedback.models import Outcome
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import Administrator
from service.people.models import Member
from service.wordings.actions import bring_back_wording, change_wording, retire_wording, write_wording
from service.wordings.models import OfferForm, Wording, WordingForm
from service.wordings.queries import find_wordings, get_wording

router = Router(prefix="/staff/{c}/settings/wordings", include_in_schema=False)

Writing = Annotated[Form[WordingForm], Depends(form_of(WordingForm))]
Offering = Annotated[Form[OfferForm], Depends(form_of(OfferForm))]


@router.get("", name="wordings.list")
def wordings(request: Request, member: Administrator, reads: Reads) -> HTMLResponse:
    """All of them, and the form of a new one."""
    return _list_page(request, member, reads, Form())


@router.post("", name="wordings.write")
def write(request: Request, member: Administrator, form: Writing, writes: Writes, now: Now) -> Response:
    """Adds one."""
    _explain(form)
    if not form.errors and form.filled is not None:
        try:
            write_wording(writes, member.actor, member.place, form.filled, now)
        except Invalid as refusal:
            form.refuse(refusal, "name")
    if form.errors:
        return _list_page(request, member, writes, form, 422)
    return see_other(request, "wordings.list", c=member.place.slug)


@router.get("/{wording_id}", name="wordings.one")
def one(request: Request, member: Administrator, wording_id: UUID, reads: Reads) -> HTMLResponse:
    """One of them."""
    row = get_wording(reads, member.place.id, wording_id)
    values = {name: getattr(row, name) or "" for name in WordingForm.model_fields}
    return _one_page(request, member, row, Form(values=values))


@router.post("/{wording_id}", name="wordings.change")
def change(request: Request, member: Administrator, wording_id: UUID, form: Writing, writes: Writes, now: Now) -> Response:
    """Says it otherwise."""
    row = get_wording(writes, member.place.id, wording_id)
    _explain(form)
    if not form.errors and form.filled is not None:
        try:
            change_wording(writes, member.actor, member.place, wording_id, form.filled, now)
        except Invalid as refusal:
            form.refuse(refusal, "name")
    if form.errors:
        return _one_page(request, member, row, form, 422)
    return see_other(request, "wordings.list", c=member.place.slug)


@router.post("/{wording_id}/offer", name="wordings.offer")
def offer(request: Request, member: Administrator, wording_id: UUID, form: Offering, writes: Writes, now: Now) -> RedirectResponse:
    """Offers it to nobody any more, or again."""
    act = {"retire": retire_wording, "bring_back": bring_back_wording}[form.must_be_filled().act]
    act(writes, member.actor, member.place, wording_id, now)
    return see_other(request, "wordings.list", c=member.place.slug)


def _explain(form: Form[WordingForm]) -> None:
    needed = {"name": _("Give it a name, so that it is found."), "body": _("Write the words.")}
    if form.value("outcome") in rules.EXPLAINED:
        needed["reason"] = _("Say why, in words the person can check.")
    form.need(needed)
    if form.filled and form.filled.outcome == Outcome.WILL_DO and form.filled.reason:
        form.errors.append(FieldError("reason", _("A promise needs no reason.")))


def _list_page(request: Request, member: Member, reads: ReadSession, form: Form[WordingForm], status: int = 200) -> HTMLResponse:
    return page(
        request,
        "wordings/list.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        outcomes=rules.OFFERED_OUTCOMES,
        wordings=find_wordings(reads, member.place.id),
    )


def _one_page(request: Request, member: Member, row: Wording, form: Form[WordingForm], status: int = 200) -> HTMLResponse:
    return page(
        request,
        "wordings/one.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        outcomes=rules.OFFERED_OUTCOMES,
        name=row.name,
        wording_id=row.id,
        offered=row.retired_at is None,
    )
