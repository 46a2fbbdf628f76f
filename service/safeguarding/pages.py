"""The lane as staff meet it: what stands in it, one concern, and what was done with it."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid
from service.feedback.desk_queries import get_message_row
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.narratives.queries import Reader, get_narrative
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member, Role
from service.people.queries import find_colleagues
from service.safeguarding import rules
from service.safeguarding.actions import close, note_step, open_as_well, raise_message, raise_story, set_apart_for_good, take
from service.safeguarding.models import Ending, Lane, RaiseIn
from service.safeguarding.queries import acknowledge_minutes, find_concerns, find_turns, get_concern, is_on_call, may_look, may_take
from service.tables import Paragraph

router = Router(prefix="/staff/{c}", include_in_schema=False)

MAY_OPEN = (*AT_THE_DESK, Role.ADMIN)
"""Who sees the page of the lane: everybody at the desk sees who is on call, and only those on call what stands in it."""


class RaiseForm(BaseModel):
    """Why it goes into the lane."""

    lane: Lane = Lane.SAFEGUARDING
    about: UUID | None = None
    raise_note: Paragraph | None = None

    def given(self) -> RaiseIn:
        """As the action takes it."""
        return RaiseIn(lane=self.lane, about=self.about, note=self.raise_note)


class NoteForm(BaseModel):
    """What was done."""

    note: Paragraph | None = None


class CloseForm(BaseModel):
    """What came of it."""

    ending: Ending | None = None
    closing_note: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody said, on the page that asks whether it can wait."""

    body: str | None
    want: str | None
    have: str | None
    gap: str | None
    language: str | None


Raising = Annotated[Form[RaiseForm], Depends(form_of(RaiseForm))]
Noting = Annotated[Form[NoteForm], Depends(form_of(NoteForm))]
Closing = Annotated[Form[CloseForm], Depends(form_of(CloseForm))]


@router.get("/urgent", name="safeguarding.lane")
def lane(request: Request, member: AtWork, reads: Reads, now: Now, raised: str = "") -> HTMLResponse:
    """What stands in the lane, for those on call; and for everybody at the desk who is on call. A list on a screen looks by itself."""
    held(member, *MAY_OPEN)
    looks = may_look(reads, member, now)
    return page(
        request,
        "safeguarding/lane.html",
        place=member.place,
        member=member,
        here="urgent",
        headers=PRIVATE,
        fragments=("lane_list",),
        concerns=find_concerns(reads, member) if looks else [],
        looks=looks,
        takes=may_take(reads, member, now),
        on_call=is_on_call(reads, member, now),
        turns=[turn for turn in find_turns(reads, member.place.id, now) if turn.now],
        minutes=acknowledge_minutes(reads, member.place.id),
        keeps=rules.keeps_rota(member.grants),
        raised=raised == "yes",
        now=now,
    )


@router.get("/messages/{message_id}/raise", name="safeguarding.ask_message")
def ask_about_message(request: Request, member: AtWork, message_id: UUID, reads: Reads) -> HTMLResponse:
    """Whether a message cannot wait, and what those on call should know."""
    message = get_message_row(reads, member, message_id)
    back = request.url_for("feedback.message", c=member.place.slug, message_id=message_id).path
    return _ask_page(request, member, reads, back, Words(message.body, message.want, message.have, message.gap, message.language))


@router.get("/stories/{narrative_id}/raise", name="safeguarding.ask_story")
def ask_about_story(request: Request, member: AtWork, narrative_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """Whether a story cannot wait, and what those on call should know."""
    held(member, *AT_THE_DESK)
    story = get_narrative(reads, Reader(member.place.id, local_day(now, member.place.time_zone), member), narrative_id).narrative
    back = request.url_for("narratives.story", c=member.place.slug, narrative_id=narrative_id).path
    return _ask_page(request, member, reads, back, Words(story.body, None, None, None, story.language))


def _ask_page(request: Request, member: Member, reads: Reads, back: str, said: Words) -> HTMLResponse:
    return page(
        request,
        "safeguarding/ask.html",
        place=member.place,
        member=member,
        here="ask",
        headers=PRIVATE,
        form=Form(),
        back=back,
        said=said,
        colleagues=find_colleagues(reads, member.place.id, AT_THE_DESK, None),
    )


@router.post("/messages/{message_id}/raise", name="safeguarding.raise_message")
def raise_a_message(request: Request, member: AtWork, message_id: UUID, form: Raising, writes: Writes, now: Now) -> RedirectResponse:
    """Puts a message apart, and calls the rota."""
    get_message_row(writes, member, message_id, held=True)
    raise_message(writes, member, message_id, form.must_be_filled().given(), now)
    return see_other(request, "safeguarding.lane", c=member.place.slug, raised="yes")


@router.post("/stories/{narrative_id}/raise", name="safeguarding.raise_story")
def raise_a_story(request: Request, member: AtWork, narrative_id: UUID, form: Raising, writes: Writes, now: Now) -> RedirectResponse:
    """Puts a story apart, and calls the rota."""
    held(member, *AT_THE_DESK)
    get_narrative(writes, Reader(member.place.id, local_day(now, member.place.time_zone), member), narrative_id)
    raise_story(writes, member, narrative_id, form.must_be_filled().given(), now)
    return see_other(request, "safeguarding.lane", c=member.place.slug, raised="yes")


@router.get("/urgent/{concern_id}", name="safeguarding.concern")
def concern(request: Request, member: AtWork, concern_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One concern: for who has opened it with the words, for others on call without."""
    return _concern_page(request, member, reads, concern_id, now)


@router.post("/urgent/{concern_id}/take", name="safeguarding.take")
def take_it(request: Request, member: AtWork, concern_id: UUID, writes: Writes, now: Now) -> Response:
    """Somebody has it."""
    try:
        take(writes, member, concern_id, now)
    except Conflict as refusal:
        form: Form[BaseModel] = Form(errors=[FieldError("steps-h", refusal.detail)])
        return _concern_page(request, member, writes, concern_id, now, form, refusal.status)
    return _back_to(request, member, concern_id)


@router.post("/urgent/{concern_id}/open", name="safeguarding.open")
def open_it(request: Request, member: AtWork, concern_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """One more of those on call reads it."""
    open_as_well(writes, member, concern_id, now)
    return _back_to(request, member, concern_id)


@router.post("/urgent/{concern_id}/note", name="safeguarding.note")
def note(request: Request, member: AtWork, concern_id: UUID, form: Noting, writes: Writes, now: Now) -> Response:
    """What was done is written down."""
    try:
        note_step(writes, member, concern_id, form.must_be_filled().note or "", now)
    except Invalid as refusal:
        form.errors = list(refusal.errors)
        return _concern_page(request, member, writes, concern_id, now, form, refusal.status)
    return _back_to(request, member, concern_id)


@router.post("/urgent/{concern_id}/set-apart", name="safeguarding.set_apart")
def set_apart(request: Request, member: AtWork, concern_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """A worker is accused: never public from here on."""
    set_apart_for_good(writes, member, concern_id, now)
    return _back_to(request, member, concern_id)


@router.post("/urgent/{concern_id}/close", name="safeguarding.close")
def close_it(request: Request, member: AtWork, concern_id: UUID, form: Closing, writes: Writes, now: Now) -> Response:
    """What came of it; a message goes on to its answer."""
    form.need({"ending": _("Choose what came of it.")})
    if form.errors or form.filled is None or form.filled.ending is None:
        return _concern_page(request, member, writes, concern_id, now, form, 422)
    close(writes, member, concern_id, form.filled.ending, form.filled.closing_note, now)
    return _back_to(request, member, concern_id)


def _back_to(request: Request, member: Member, concern_id: UUID) -> RedirectResponse:
    return see_other(request, "safeguarding.concern", c=member.place.slug, concern_id=concern_id)


def _concern_page(
    request: Request,
    member: Member,
    reads: Reads,
    concern_id: UUID,
    now: Now,
    form: Form[NoteForm] | Form[CloseForm] | Form[BaseModel] | None = None,
    status: int = 200,
) -> HTMLResponse:
    held(member, *MAY_OPEN)
    return page(
        request,
        "safeguarding/concern.html",
        place=member.place,
        member=member,
        here="concern",
        status=status,
        headers=PRIVATE,
        form=form or Form(),
        concern=get_concern(reads, member, concern_id, now),
        endings=tuple(Ending),
    )
