"""What stands beside a promise, for staff: its milestones, and the indicators, stories and messages that belong to it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.findable import Kind
from service.folding import MOST_TYPED, asked
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import AtWork, held
from service.people.models import AT_THE_DESK, Member, Role
from service.promises.actions import speaker_of
from service.promises.desk_pages import drafts_of
from service.promises.queries import get_promise
from service.promises.step_actions import Thing, add_milestone, put_beside, reach_milestone, take_away
from service.promises.step_models import MilestoneIn, ReachedIn
from service.promises.step_queries import find_beside
from service.results.queries import find_indicators
from service.search.models import Asker, Wanted
from service.search.queries import find
from service.tables import IsoDay, Line, Paragraph

router = Router(prefix="/staff/{c}/promises/{promise_id}/beside", include_in_schema=False)


class StepForm(BaseModel):
    """A milestone as it is typed, or that one was reached."""

    title: Line | None = None
    due_on: IsoDay | None = None
    milestone: UUID | None = None
    done_on: IsoDay | None = None
    note: Paragraph | None = None


class ThingForm(BaseModel):
    """What is to stand beside a promise, or no longer."""

    indicator: Line | None = None
    story: UUID | None = None
    message: UUID | None = None
    away: bool = False


Stepping = Annotated[Form[StepForm], Depends(form_of(StepForm))]
Putting = Annotated[Form[ThingForm], Depends(form_of(ThingForm))]


@router.get("", name="promises.beside")
def show(request: Request, member: AtWork, promise_id: UUID, reads: Reads, now: Now, q: str = "") -> HTMLResponse:
    """What stands beside it, and what could: found by its words, as far as this member may see it."""
    held(member, *AT_THE_DESK)
    return _page(request, member, reads, promise_id, now, Form(values={"q": q[:MOST_TYPED]}))


@router.post("/milestones", name="promises.add_milestone")
def step(request: Request, member: AtWork, promise_id: UUID, form: Stepping, writes: Writes, now: Now) -> Response:
    """Adds a milestone. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    form.need({"title": _("Say what the step is."), "due_on": _("Say by when.")})
    if form.errors or form.filled is None:
        return _page(request, member, writes, promise_id, now, form, 422)
    try:
        given = MilestoneIn.model_validate(form.filled.model_dump(include={"title", "due_on"}))
        add_milestone(writes, member, promise_id, given, now)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal, "title")
        return _page(request, member, writes, promise_id, now, form, refusal.status)
    return see_other(request, "promises.beside", c=member.place.slug, promise_id=promise_id)


@router.post("/reached", name="promises.reach_milestone")
def reach(request: Request, member: AtWork, promise_id: UUID, form: Stepping, writes: Writes, now: Now) -> Response:
    """Says that a milestone was reached. What is refused comes back with everything that was typed."""
    held(member, Role.COORDINATOR)
    form.need({
        "milestone": _("Choose the step."),
        "done_on": _("Say on which day it was done."),
        "note": _("Say in a sentence what there is to see."),
    })  # fmt: skip
    if form.errors or form.filled is None or form.filled.milestone is None:
        return _page(request, member, writes, promise_id, now, form, 422)
    try:
        given = ReachedIn.model_validate(form.filled.model_dump(include={"done_on", "note"}))
        reach_milestone(writes, member, promise_id, form.filled.milestone, given, now)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal, "milestone")
        return _page(request, member, writes, promise_id, now, form, refusal.status)
    return see_other(request, "promises.beside", c=member.place.slug, promise_id=promise_id)


@router.post("/things", name="promises.put_beside")
def put(request: Request, member: AtWork, promise_id: UUID, form: Putting, writes: Writes, now: Now) -> RedirectResponse:
    """Puts an indicator, a story or a message beside it, or takes it away."""
    held(member, Role.COORDINATOR)
    given = form.must_be_filled()
    if sum(one is not None for one in (given.indicator, given.story, given.message)) != 1:
        raise Invalid(FieldError("indicator", _("Choose what to put beside it.")))
    thing = Thing(given.indicator, given.story, given.message)
    (take_away if given.away else put_beside)(writes, member, promise_id, thing, now)
    return see_other(request, "promises.beside", c=member.place.slug, promise_id=promise_id)


def _page(
    request: Request, member: Member, reads: Reads, promise_id: UUID, now: Now, form: Form[StepForm], status: int = 200
) -> HTMLResponse:
    place, speaker = member.place, speaker_of(member)
    today = local_day(now, place.time_zone)
    row = get_promise(reads, place.id, promise_id, today, drafts_of=drafts_of(speaker)).row
    may_put = speaker.may_draft_for(row.promise.maker_id)
    if status != 200 and not may_put:
        raise NotFound
    words = form.value("q")
    asker = Asker(place.id, place.time_zone, today, member)
    return page(
        request,
        "promises/desk_beside.html",
        place=place,
        member=member,
        here="desk_promise",
        status=status,
        headers=PRIVATE,
        form=form,
        row=row,
        beside=find_beside(reads, row.promise, today, member),
        may_put=may_put,
        indicators=find_indicators(reads, place.id) if may_put else [],
        found=find(reads, asker, Wanted(words), (Kind.MESSAGE, Kind.STORY)) if may_put and asked(words) else [],
        looked=bool(asked(words)),
    )
