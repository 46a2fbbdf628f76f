"""The log: how staff write a story down between two visits, also where there is no signal."""

import json
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.clock import Now
from service.database import Reads, ReadSession, Writes, WriteSession
from service.days import local_day
from service.doors import Router
from service.errors import FieldError, Invalid, NotFound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.language import Language, _
from service.narratives import rules
from service.narratives.actions import Teller, submit_narrative
from service.narratives.log_form import NEW, LogForm, needed, telling, wrong_way
from service.narratives.log_queries import Choices, Remembered, find_choices, recall
from service.narratives.models import Visibility
from service.offline import as_asked, must_be_theirs
from service.people.access import ANYONE, AtWork, Place, held
from service.people.models import Member
from service.people.rules import reach
from service.places.models import Organisation
from service.places.queries import PlaceCard, find_organisations
from service.places.rules import WHOLE_PLACE
from service.system_health.actions import name_barrier, report_barrier
from service.system_health.queries import find_barriers, find_themes, get_barrier
from service.system_health.rules import OPEN
from service.telling_marks import LOOKS_LIKE, for_the_page

router = Router(include_in_schema=False)

AREAS_AT_ONCE = 7
"""So many areas are buttons to press; more are a list, with the last used one chosen."""

Logged = Annotated[Form[LogForm], Depends(form_of(LogForm))]


@router.get("/staff/{c}/log", name="narratives.log")
def show_log(
    request: Request,
    member: AtWork,
    reads: Reads,
    now: Now,
    promise: Annotated[str, Query(max_length=40)] = "",
    indicator: Annotated[str, Query(max_length=40)] = "",
    sent: Annotated[str, Query(max_length=3)] = "",
) -> HTMLResponse:
    """The form: what happened. A promise or an indicator in the address is chosen already."""
    held(member, *rules.WRITERS)
    chosen = {
        "promise": promise,
        "add_promise": "yes" if promise else "",
        "indicator": indicator,
        "add_outcome": "yes" if indicator else "",
    }
    form: Form[LogForm] = Form(values=chosen)
    return _log_page(request, member, reads, now, form, sent=sent == "yes")


@router.get("/offline/{c}/log", name="narratives.log_shell", dependencies=[ANYONE])
def show_shell(request: Request, place: Place, reads: Reads, now: Now) -> HTMLResponse:
    """The same form as a phone keeps it for where there is no signal: only what everybody may know, and nothing of anybody's own."""
    form: Form[LogForm] = Form()
    choices = _choices(reads, place, now, Remembered())
    barriers = [theme for theme in find_themes(reads, place.id, local_day(now, place.time_zone), place.time_zone) if theme.standing in OPEN]
    organisations = find_organisations(reads, place.id)
    return _page(request, place, form, choices, now, barriers=barriers, organisations=organisations, without_signal=True)


@router.post("/staff/{c}/log", name="narratives.send")
def send(request: Request, member: AtWork, form: Logged, writes: Writes, now: Now) -> Response:
    """Stores the story, once however often Save was tapped. What is refused comes back with everything that was typed."""
    held(member, *rules.WRITERS)
    must_be_theirs(request, member.mark)
    answer = _kept(request, member, form, writes, now)
    return as_asked(request, answer, form.value("idempotency_key"), form.errors)


def _kept(request: Request, member: Member, form: Form[LogForm], writes: Writes, now: Now) -> Response:
    organisations, place = _organisations(writes, member), member.place
    form.need(needed(form, several=len(organisations) > 1))
    form.errors += wrong_way(form)
    chosen = _told_for(form, organisations)
    marks = [] if form.value("fine") else telling(form, now.year, _choices(writes, place, now, Remembered()).known)
    if marks and not form.error("body"):
        form.errors.insert(0, FieldError("body", _("This could tell who somebody is. Change it, or say that it is fine.")))
    if form.errors or form.filled is None:
        return _log_page(request, member, writes, now, form, status=422, marks=marks)
    filled = form.filled

    def work() -> Kept:
        return Kept(303, str(_write_down(writes, member, chosen, filled, now)))

    try:
        kept, _replayed = once(writes, asked_by(place.id, member.person.staff_id, filled.idempotency_key, "story", filled), now, work)
    except Invalid as refusal:
        form.errors = [FieldError(error.field.removeprefix("consent."), error.message) for error in refusal.errors]
        return _log_page(request, member, writes, now, form, status=refusal.status)
    except KeyUsed as refusal:
        form.errors = [FieldError("body", _("You sent a story from this page before. If this is a new one, send it now."))]
        return _log_page(request, member, writes, now, form, status=refusal.status)
    if filled.act == "next":
        return see_other(request, "narratives.log", c=place.slug, sent="yes")
    return see_other(request, "narratives.story", c=place.slug, narrative_id=kept.body)


def _write_down(writes: WriteSession, member: Member, organisation_id: UUID | None, filled: LogForm, now: Now) -> UUID:
    """The story, and with it what got in the way: all of it or nothing."""
    place, teller = member.place, Teller(member.actor, organisation_id, rules.captured_by(member.grants, organisation_id))
    story, is_new = submit_narrative(writes, teller, place, filled.story(), now)
    if is_new and filled.add_barrier:
        try:
            known = get_barrier(writes, member, filled.which).id if isinstance(filled.which, UUID) else None
        except NotFound:
            raise Invalid(FieldError("which", _("There is no such thing in the register."))) from None
        barrier_id = known or report_barrier(writes, member.actor, place, filled.in_the_way, organisation_id, now)
        name_barrier(writes, member.actor, place, barrier_id, story.id, now)
    return story.public_id


def _organisations(reads: ReadSession, member: Member) -> list[Organisation]:
    """The organisations among which a member must choose for whom they write; none for those who write for the whole place."""
    own = reach(member.grants, rules.WRITERS)
    return [] if own is None else [found for found in find_organisations(reads, member.place.id) if found.id in own]


def _told_for(form: Form[LogForm], organisations: list[Organisation]) -> UUID | None:
    """For which organisation it is told. One that is not theirs is said to be wrong, beside whatever else is."""
    if len(organisations) == 1:
        return organisations[0].id
    chosen = next((found.id for found in organisations if found.code == form.value("organisation")), None)
    if organisations and chosen is None and not form.error("organisation"):
        form.errors.append(FieldError("organisation", _("Say for which organisation you write it.")))
    return chosen


def _choices(reads: ReadSession, place: PlaceCard, now: Now, remembered: Remembered) -> Choices:
    return find_choices(reads, place.id, place.name, local_day(now, place.time_zone), remembered)


def _log_page(
    request: Request,
    member: Member,
    reads: ReadSession,
    now: Now,
    form: Form[LogForm],
    *,
    status: int = 200,
    sent: bool = False,
    marks: list[tuple[str, str]] | None = None,
) -> HTMLResponse:
    """The form of somebody who is signed in: what they chose last is chosen already."""
    remembered = recall(reads, member)
    choices = _choices(reads, member.place, now, remembered)
    organisations = _organisations(reads, member)
    known = {area.code for area in choices.areas} | {WHOLE_PLACE}
    last = next((area for area in remembered.areas if area in known), "")
    form.values = {"area": last, "organisation": remembered.organisation, "language": remembered.language, **form.values}
    return _page(
        request,
        member.place,
        form,
        choices,
        now,
        status=status,
        member=member,
        sent=sent,
        marks=marks or [],
        barriers=find_barriers(reads, member, local_day(now, member.place.time_zone), OPEN),
        organisations=organisations if len(organisations) > 1 else [],
    )


def _page(
    request: Request, place: PlaceCard, form: Form[LogForm], choices: Choices, now: Now, *, status: int = 200, **facts: Any
) -> HTMLResponse:
    today = local_day(now, place.time_zone).isoformat()
    form.values = {"occurred_on": today, "given_on": today, "visibility": Visibility.PRIVATE, "which": NEW, **form.values}
    form.values["idempotency_key"] = str(uuid4())
    given: dict[str, Any] = {"member": None, "sent": False, "marks": [], "without_signal": False, **facts}
    return page(
        request,
        "narratives/log.html",
        place=place,
        here="log",
        status=status,
        headers=PRIVATE,
        form=form,
        choices_of=choices,
        as_buttons=len(choices.areas) <= AREAS_AT_ONCE,
        whole_place=WHOLE_PLACE,
        telling=json.dumps(for_the_page(choices.known)),
        looks_like=LOOKS_LIKE,
        languages_of_place=[Language(code) for code in place.languages],
        wording=_(rules.WORDING),
        wording_version=rules.WORDING_VERSION,
        **given,
    )
