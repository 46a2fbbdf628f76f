"""Transfers as staff meet them: proposing one, counting who can use it, saying what became of it."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.assets.actions import count_access, move_transfer, propose_transfer
from service.assets.models import MOST_PEOPLE, AccessIn, MoveIn, Standing, TransferIn
from service.assets.queries import find_transfers, get_transfer, may_move, may_speak
from service.assets.words import offered
from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.language import _
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member, Role
from service.places.queries import find_area_choices, find_organisations
from service.tables import Code, IsoDay, Line, Paragraph, Words

router = Router(prefix="/staff/{c}/asset-transfers", include_in_schema=False)

People = Annotated[int, Limit(ge=0, le=MOST_PEOPLE)]


class ProposeForm(BaseModel):
    """A transfer as it is typed."""

    asset: Line | None = None
    organisation: Code | None = None
    about: Paragraph | None = None
    area: Code | None = None
    planned_on: IsoDay | None = None
    idempotency_key: Annotated[str, Limit(max_length=60)] = ""


class TransferForm(BaseModel):
    """What is said of one, as it is typed: of its move, or of a group of people."""

    to: Standing | None = None
    note: Paragraph | None = None
    plan: Words | None = None
    moved_on: IsoDay | None = None
    review_on: IsoDay | None = None
    people: Line | None = None
    before: People | None = None
    after: People | None = None


Proposing = Annotated[Form[ProposeForm], Depends(form_of(ProposeForm))]
Saying = Annotated[Form[TransferForm], Depends(form_of(TransferForm))]


@router.get("", name="assets.desk_list")
def list_transfers(request: Request, member: AtWork, reads: Reads, now: Now) -> HTMLResponse:
    """Every transfer, and the form of a new one."""
    held(member, *AT_THE_DESK)
    return _list_page(request, member, reads, now, Form())


@router.post("", name="assets.propose")
def propose(request: Request, member: AtWork, form: Proposing, writes: Writes, now: Now) -> Response:
    """Proposes one. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    form.need({"asset": _("Say what is to pass to the community."), "organisation": _("Say who takes it over.")})
    if form.errors or form.filled is None:
        return _list_page(request, member, writes, now, form, 422)
    filled, place = form.filled, member.place

    def work() -> Kept:
        given = TransferIn.model_validate(filled.model_dump(exclude={"idempotency_key"}, exclude_none=True))
        return Kept(303, str(propose_transfer(writes, member, given, now)))

    try:
        kept, _replayed = once(writes, asked_by(place.id, member.person.staff_id, filled.idempotency_key, "transfer", filled), now, work)
    except (Invalid, KeyUsed) as refusal:
        form.refuse(refusal, "asset")
        return _list_page(request, member, writes, now, form, refusal.status)
    return see_other(request, "assets.desk_show", c=place.slug, transfer_id=kept.body)


@router.get("/{transfer_id}", name="assets.desk_show")
def show(request: Request, member: AtWork, transfer_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One transfer, who can use it, and what this member may say of it."""
    held(member, *AT_THE_DESK)
    return _transfer_page(request, member, reads, transfer_id, now, Form())


@router.post("/{transfer_id}", name="assets.move")
def move(request: Request, member: AtWork, transfer_id: UUID, form: Saying, writes: Writes, now: Now) -> Response:
    """Says what became of it. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    get_transfer(writes, member.place, transfer_id, local_day(now, member.place.time_zone))
    form.need({"note": _("Say in a sentence what happened.")})
    if form.errors or form.filled is None:
        return _transfer_page(request, member, writes, transfer_id, now, form, 422)
    given = form.filled.model_dump(include={"to", "note", "plan", "moved_on", "review_on"}, exclude_none=True)
    try:
        move_transfer(writes, member, transfer_id, MoveIn.model_validate(given), now)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal, "note")
        return _transfer_page(request, member, writes, transfer_id, now, form, refusal.status)
    return see_other(request, "assets.desk_show", c=member.place.slug, transfer_id=transfer_id)


@router.post("/{transfer_id}/people", name="assets.count")
def count(request: Request, member: AtWork, transfer_id: UUID, form: Saying, writes: Writes, now: Now) -> Response:
    """Says how many people of a group can use it. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    get_transfer(writes, member.place, transfer_id, local_day(now, member.place.time_zone))
    form.need({"people": _("Say which people.")})
    if form.errors or form.filled is None:
        return _transfer_page(request, member, writes, transfer_id, now, form, 422)
    given = AccessIn.model_validate(form.filled.model_dump(include={"people", "before", "after"}, exclude_none=True))
    try:
        count_access(writes, member, transfer_id, given, now)
    except (Invalid, Conflict) as refusal:
        form.errors = list(refusal.errors) or [FieldError("people", refusal.detail)]
        return _transfer_page(request, member, writes, transfer_id, now, form, refusal.status)
    return see_other(request, "assets.desk_show", c=member.place.slug, transfer_id=transfer_id)


def _list_page(request: Request, member: Member, reads: Reads, now: Now, form: Form[ProposeForm], status: int = 200) -> HTMLResponse:
    form.values["idempotency_key"] = str(uuid4())
    return page(
        request,
        "assets/desk_list.html",
        place=member.place,
        member=member,
        here="assets",
        status=status,
        headers=PRIVATE,
        form=form,
        rows=find_transfers(reads, member.place.id, local_day(now, member.place.time_zone)),
        may_propose=may_speak(member),
        organisations=find_organisations(reads, member.place.id),
        areas=find_area_choices(reads, member.place.id),
    )


def _transfer_page(
    request: Request, member: Member, reads: Reads, transfer_id: UUID, now: Now, form: Form[TransferForm], status: int = 200
) -> HTMLResponse:
    account = get_transfer(reads, member.place, transfer_id, local_day(now, member.place.time_zone), exact=True)
    return page(
        request,
        "assets/desk_show.html",
        place=member.place,
        member=member,
        here="asset",
        status=status,
        headers=PRIVATE,
        form=form,
        account=account,
        moves=offered(account.row.standing) if may_move(member) else (),
        may_move=may_move(member),
        may_speak=may_speak(member),
    )
