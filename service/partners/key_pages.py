"""Keys as administrators keep them: which system holds one, what it may do, when it was used; made, changed, taken back."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, NotFound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.partners.actions import Grants, add_key, close_to, revoke_key, rotate_key
from service.partners.models import BOXES, KeyForm, RevokeForm, RotateForm, Scope
from service.partners.queries import HolderLine, find_holder, find_holder_lines, prefix_of
from service.people.access import AnyAdministrator
from service.people.models import Member, Role
from service.people.rules import reach
from service.places.queries import find_organisations

router = Router(prefix="/staff/{c}/settings/keys", include_in_schema=False)

Making = Annotated[Form[KeyForm], Depends(form_of(KeyForm))]
Rotating = Annotated[Form[RotateForm], Depends(form_of(RotateForm))]
Revoking = Annotated[Form[RevokeForm], Depends(form_of(RevokeForm))]


@router.get("", name="partners.keys")
def keys(request: Request, member: AnyAdministrator, reads: Reads, now: Now) -> HTMLResponse:
    """Every system with a key here, or those of one's own organisation."""
    return _keys_page(request, member, reads, now, Form(values={"days": "365"}))


@router.post("", name="partners.make_key")
def make(request: Request, member: AnyAdministrator, form: Making, writes: Writes, now: Now) -> HTMLResponse:
    """Makes one, and shows it: this once. The page that shows it, loaded again, makes no second one."""
    form.need({"name": _("Say which system it is for.")})
    grants = _grants(writes, member, form)
    if form.filled is None or form.errors or grants is None:
        return _keys_page(request, member, writes, now, form, 422)
    name = prefix_of(member.place) + form.filled.name
    if find_holder(writes, name):
        form.errors = [FieldError("name", _("A system of this name has a key. Give it another key in the list, or choose another name."))]
        return _keys_page(request, member, writes, now, form, 422)
    lasts = None if form.filled.days == "none" else timedelta(days=int(form.filled.days))
    made = add_key(writes, member.actor, name, grants, now, lasts)
    return _made_page(request, member, made, form.filled.name)


@router.post("/{holder_id}/rotate", name="partners.rotate_key")
def rotate(request: Request, member: AnyAdministrator, holder_id: UUID, form: Rotating, writes: Writes, now: Now) -> HTMLResponse:
    """Another key beside the old one, which ends soon; shown this once."""
    line = _own(writes, member, holder_id, now)
    try:
        made = rotate_key(writes, member.actor, line.id, now, timedelta(days=int(form.must_be_filled().overlap)), timedelta(days=365))
    except Conflict as refusal:
        empty: Form[KeyForm] = Form(values={"days": "365"}, errors=[FieldError(f"system-{line.id}", refusal.detail)])
        return _keys_page(request, member, writes, now, empty, refusal.status)
    return _made_page(request, member, made, line.name)


@router.post("/{holder_id}/revoke", name="partners.revoke_key")
def revoke(request: Request, member: AnyAdministrator, holder_id: UUID, form: Revoking, writes: Writes, now: Now) -> RedirectResponse:
    """Ends a key at once."""
    line, key_id = _own(writes, member, holder_id, now), form.must_be_filled().key
    if key_id not in {key.id for key in line.keys}:
        raise NotFound
    revoke_key(writes, member.actor, key_id, now)
    return see_other(request, "partners.keys", c=member.place.slug)


@router.post("/{holder_id}/close", name="partners.close")
def close(request: Request, member: AnyAdministrator, holder_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """A system that acts elsewhere as well is let in here no more."""
    line = _line(writes, member, holder_id, now)
    close_to(writes, member.actor, member.place.id, line.id, now)
    return see_other(request, "partners.keys", c=member.place.slug)


def _within(member: Member) -> set[UUID] | None:
    return reach(member.grants, (Role.ADMIN,))


def _line(reads: ReadSession, member: Member, holder_id: UUID, now: Now) -> HolderLine:
    found = next((line for line in find_holder_lines(reads, member.place, _within(member), now) if line.id == holder_id), None)
    if found is None:
        raise NotFound
    return found


def _own(reads: ReadSession, member: Member, holder_id: UUID, now: Now) -> HolderLine:
    """A system whose keys this place alone gives. Raises: NotFound, Conflict for one that acts elsewhere as well."""
    line = _line(reads, member, holder_id, now)
    if line.shared:
        raise Conflict(_("This program works for other places as well, so the operator keeps its keys. You can let it in no more."))
    return line


def _grants(reads: ReadSession, member: Member, form: Form[KeyForm]) -> Grants | None:
    """What was asked for, where this member may give it; else what is wrong stands in the form."""
    given, within = form.filled, _within(member)
    if given is None:
        return None
    own = {row.code: row.id for row in find_organisations(reads, member.place.id) if within is None or row.id in within}
    wrong = []
    if not given.scopes:
        wrong.append(FieldError(next(iter(BOXES)), _("Tick one thing at least that it may do.")))
    if given.organisation and given.organisation not in own:
        wrong.append(FieldError("organisation", _("Choose an organisation.")))
    elif not given.organisation and within is not None:
        wrong.append(FieldError("organisation", _("Choose your organisation.")))
    elif not given.organisation and Scope.OUTCOMES_WRITE in given.scopes:
        wrong.append(FieldError("organisation", _("Figures are some organisation's: choose whose.")))
    form.errors += wrong
    return None if wrong else Grants(given.scopes, [(member.place.id, own.get(given.organisation or ""))])


def _made_page(request: Request, member: Member, made: str, name: str) -> HTMLResponse:
    return page(
        request,
        "partners/key_made.html",
        place=member.place,
        member=member,
        here="settings",
        headers=PRIVATE,
        forget=True,
        made=made,
        name=name,
    )


def _keys_page(request: Request, member: Member, reads: ReadSession, now: Now, form: Form[KeyForm], status: int = 200) -> HTMLResponse:
    within = _within(member)
    return page(
        request,
        "partners/keys.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        whole=within is None,
        holders=find_holder_lines(reads, member.place, within, now),
        organisations=[row for row in find_organisations(reads, member.place.id) if within is None or row.id in within],
    )
