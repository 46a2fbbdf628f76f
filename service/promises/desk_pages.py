"""Promises as staff meet them: all of them with their drafts, one, making one, saying what became of it."""

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, model_validator
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.language import _
from service.loop.queries import find_led
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member, Role
from service.places.queries import find_area_choices
from service.places.rules import WHOLE_PLACE
from service.promises import rules
from service.promises.actions import Speaker, make_promise, makers_for, mover_of, report_progress, speaker_of
from service.promises.deal_queries import find_deals
from service.promises.models import DraftIn, ProgressIn, PromiseIn, Said, Side, Standing
from service.promises.queries import PromiseRow, Wanted, find_promises_by_need, get_promise
from service.promises.words import cannot_go
from service.tables import Code, IsoDay, Line, Paragraph

router = Router(prefix="/staff/{c}/promises", include_in_schema=False)

Key = Annotated[str, Limit(max_length=60)]


class MakeForm(BaseModel):
    """A promise as it is typed."""

    side: Side | None = None
    maker: Code | None = None
    text: Said | None = None
    kept_when: Said | None = None
    made_on: IsoDay | None = None
    due_on: IsoDay | None = None
    review_by: IsoDay | None = None
    area: Code | None = None
    summary: Line | None = None
    deal: Line | None = None
    owner: Line | None = None
    audience: Line | None = None
    source: Annotated[str, Limit(max_length=500)] | None = None
    act: Literal["make", "draft"] = "make"
    idempotency_key: Key = ""

    def promise(self) -> PromiseIn:
        """What is sent on, as the API would have it."""
        return PromiseIn.model_validate(self._given())

    def draft(self) -> DraftIn:
        """What is sent on of a draft, which may lack what is needed before it is published."""
        return DraftIn.model_validate(self._given())

    def _given(self) -> dict[str, Any]:
        given = self.model_dump(exclude={"act", "idempotency_key", "area"}, exclude_none=True)
        area = {} if self.area in (None, WHOLE_PLACE) else {"area": self.area}
        return {**given, **area, "whole_place": self.area == WHOLE_PLACE}


ONLY_FOR = {Standing.CHANGED: ("successor", "community_agreed"), Standing.RELEASED: ("released_by", "released_on")}
"""Fields that one move alone asks for."""


class UpdateForm(BaseModel):
    """What is said of a promise, as it is typed. Without `to` it is a note on the way."""

    to: Standing | None = None
    note: Said | None = None
    evidence: Paragraph | None = None
    reason: Paragraph | None = None
    successor: UUID | None = None
    community_agreed: Literal["yes", "no"] | None = None
    released_by: Line | None = None
    released_on: IsoDay | None = None
    idempotency_key: Key = ""

    @model_validator(mode="before")
    @classmethod
    def _what_belongs_to_the_move(cls, typed: dict[str, Any]) -> dict[str, Any]:
        """Nobody is told what is wrong with a field that their move does not ask for."""
        foreign = {name for move, names in ONLY_FOR.items() if typed.get("to") != move for name in names}
        return {name: value for name, value in typed.items() if name not in foreign}

    def progress(self) -> ProgressIn:
        """What is sent on: only what belongs to the move."""
        given: dict[str, Any] = {"to": self.to, "note": self.note, "evidence": self.evidence, "reason": self.reason}
        if self.to == Standing.CHANGED:
            given |= {"successor": self.successor, "community_agreed": self.community_agreed == "yes"}
        if self.to == Standing.RELEASED:
            given |= {"released_by": self.released_by, "released_on": self.released_on}
        return ProgressIn.model_validate(given)


Making = Annotated[Form[MakeForm], Depends(form_of(MakeForm))]
Updating = Annotated[Form[UpdateForm], Depends(form_of(UpdateForm))]


# ---- the list --------------------------------------------------------------------------------------------------------


@router.get("", name="promises.desk_list")
def list_promises(request: Request, member: AtWork, reads: Reads, now: Now) -> HTMLResponse:
    """Every promise that this member may know of, what needs attention first."""
    held(member, *AT_THE_DESK)
    speaker = speaker_of(member)
    today = local_day(now, member.place.time_zone)
    return page(
        request,
        "promises/desk_list.html",
        place=member.place,
        member=member,
        here="desk_promises",
        headers=PRIVATE,
        rows=find_promises_by_need(reads, member.place.id, today, Wanted(drafts_of=drafts_of(speaker))),
        may_make=_may_speak(speaker),
    )


def drafts_of(speaker: Speaker) -> frozenset[UUID] | None:
    """Whose drafts a speaker may know of; None: everybody's."""
    return None if speaker.whole_place else speaker.organisations


def _may_speak(speaker: Speaker) -> bool:
    return speaker.whole_place or bool(speaker.organisations)


# ---- making one ------------------------------------------------------------------------------------------------------


@router.get("/new", name="promises.desk_new")
def show_form(request: Request, member: AtWork, reads: Reads, now: Now) -> HTMLResponse:
    """The form of a promise."""
    held(member, Role.COORDINATOR)
    return _form_page(request, member, reads, now, Form())


@router.post("/new", name="promises.desk_make")
def make(request: Request, member: AtWork, form: Making, writes: Writes, now: Now) -> Response:
    """Makes it, or keeps it as a draft. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    form.need(_needed(form))
    if form.errors or form.filled is None:
        return _form_page(request, member, writes, now, form, 422)
    filled, place = form.filled, member.place

    def work() -> Kept:
        draft = filled.act == "draft"
        given = filled.draft() if draft else filled.promise()
        return Kept(303, str(make_promise(writes, speaker_of(member), place, given, now, draft=draft).id))

    try:
        kept, _replayed = once(writes, asked_by(place.id, member.person.staff_id, filled.idempotency_key, "promise", filled), now, work)
    except Invalid as refusal:
        form.refuse(refusal, "text")
        return _form_page(request, member, writes, now, form, refusal.status)
    except KeyUsed as refusal:
        form.errors = [FieldError("text", _("You made a promise from this page before. If this is a new one, send it now."))]
        return _form_page(request, member, writes, now, form, refusal.status)
    return see_other(request, "promises.desk_show", c=place.slug, promise_id=kept.body)


def _needed(form: Form[MakeForm]) -> dict[str, str]:
    needed = needed_of_a_draft(form)
    if form.value("act") == "draft":
        return needed
    needed |= {"kept_when": _("Say what will count as kept."), "made_on": _("Say on which day it was said.")}
    if not form.value("review_by").strip():
        needed["due_on"] = _("Say by when, or when you will look at it again.")
    return needed


def needed_of_a_draft(form: Form[MakeForm]) -> dict[str, str]:
    """What even a draft must say."""
    needed = {"side": _("Say whose part it is."), "text": _("Write what is promised.")}
    if form.value("side") == Side.OUR_PART:
        needed["maker"] = _("Say which organisation promises this.")
    return needed


def _form_page(request: Request, member: Member, reads: Reads, now: Now, form: Form[MakeForm], status: int = 200) -> HTMLResponse:
    makers = makers_for(reads, speaker_of(member), member.place, now)
    if not form.values:
        form.values = {"side": Side.OUR_PART, "made_on": local_day(now, member.place.time_zone).isoformat()}
        form.values["maker"] = makers[0].code if len(makers) == 1 else ""
    form.values["idempotency_key"] = str(uuid4())
    return page(
        request,
        "promises/desk_new.html",
        place=member.place,
        member=member,
        here="desk_promises",
        status=status,
        headers=PRIVATE,
        form=form,
        makers=makers,
        areas=find_area_choices(reads, member.place.id),
        is_draft=False,
        whole_place=WHOLE_PLACE,
    )


# ---- one of them -----------------------------------------------------------------------------------------------------


@router.get("/{promise_id}", name="promises.desk_show")
def show(request: Request, member: AtWork, promise_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One promise, its history, and what this member may say of it."""
    held(member, *AT_THE_DESK)
    return _promise_page(request, member, reads, promise_id, now, Form())


@router.post("/{promise_id}/updates", name="promises.desk_update")
def update(request: Request, member: AtWork, promise_id: UUID, form: Updating, writes: Writes, now: Now) -> Response:
    """Adds to its history and perhaps moves it. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    form.need(_needed_to_say(form))
    if form.errors or form.filled is None:
        return _promise_page(request, member, writes, promise_id, now, form, 422)
    filled, place = form.filled, member.place

    def work() -> Kept:
        report_progress(writes, speaker_of(member), place, promise_id, filled.progress(), now)
        return Kept(303, "")

    try:
        once(writes, asked_by(place.id, member.person.staff_id, filled.idempotency_key, f"update {promise_id}", filled), now, work)
    except Invalid as refusal:
        form.refuse(refusal, "note")
        return _promise_page(request, member, writes, promise_id, now, form, refusal.status)
    except KeyUsed as refusal:
        form.errors = [FieldError("note", _("You sent something from this page before. If this is new, send it now."))]
        return _promise_page(request, member, writes, promise_id, now, form, refusal.status)
    except Conflict as refusal:
        form.errors = [FieldError("to", cannot_go(refusal.extra.get("allowed", ())))]
        return _promise_page(request, member, writes, promise_id, now, form, refusal.status)
    return see_other(request, "promises.desk_show", c=place.slug, promise_id=promise_id)


def _needed_to_say(form: Form[UpdateForm]) -> dict[str, str]:
    needed = {"note": _("Say in a sentence what happened.")}
    if form.value("to") == Standing.CHANGED:
        needed |= {"reason": _("Say why it was changed."), "successor": _("Name the promise that takes its place.")}
    if form.value("to") == Standing.RELEASED:
        needed |= {"released_by": _("Say who let it go."), "released_on": _("Say when they let it go: today or earlier.")}
    return needed


def _promise_page(
    request: Request, member: Member, reads: Reads, promise_id: UUID, now: Now, form: Form[UpdateForm], status: int = 200
) -> HTMLResponse:
    place, speaker = member.place, speaker_of(member)
    today = local_day(now, place.time_zone)
    account = get_promise(reads, place.id, promise_id, today, drafts_of=drafts_of(speaker))
    promise = account.row.promise
    mover = mover_of(reads, speaker, promise)
    allowed = rules.moves(promise.standing, mover, promise.side) if mover else frozenset()
    form.values["idempotency_key"] = str(uuid4())
    return page(
        request,
        "promises/desk_show.html",
        place=place,
        member=member,
        here="desk_promise",
        status=status,
        headers=PRIVATE,
        form=form,
        account=account,
        led=find_led(reads, member, promise_id),
        may_speak=mover is not None,
        moves=[to for to in Standing if to in allowed],
        successors=_successors(reads, member, account.row, now) if Standing.CHANGED in allowed else [],
        may_agree=mover is not None and rules.may_say_agreed(mover),
        is_public=promise.standing in rules.PUBLIC,
        may_draft=speaker.may_draft_for(promise.maker_id),
        deals=find_deals(reads, place.id),
        attach=Form(values={"deal": str(promise.deal_id or "")}),
    )


def _successors(reads: Reads, member: Member, row: PromiseRow, now: Now) -> list[PromiseRow]:
    """What can take a promise's place: another published one of the same maker."""
    today = local_day(now, member.place.time_zone)
    found = find_promises_by_need(reads, member.place.id, today, Wanted(maker=row.maker_code))
    return [other for other in found if other.id != row.id and other.promise.side == row.promise.side]
