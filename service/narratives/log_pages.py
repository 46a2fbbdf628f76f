"""The log: how staff write a story down between two visits."""

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.errors import FieldError, Invalid
from service.html import PRIVATE, Form, form_of, page, see_other
from service.idempotency import Kept, KeyUsed, asked_by, once
from service.language import _
from service.narratives import rules
from service.narratives.actions import Teller, submit_narrative
from service.narratives.models import Kind, NarrativeIn, Visibility
from service.people.access import AtWork, held
from service.people.models import Member
from service.people.rules import reach
from service.places.models import Organisation
from service.places.queries import find_area_choices, find_organisations
from service.places.rules import WHOLE_PLACE
from service.promises.queries import Wanted, find_promises_by_need
from service.results.queries import find_indicators
from service.tables import Code, IsoDay, Line, Words

router = APIRouter(prefix="/staff/{c}", include_in_schema=False)


class LogForm(BaseModel):
    """A story as it is typed, with the API's names and values."""

    body: Words | None = None
    area: Code | None = None
    organisation: Code | None = None
    kind: Kind | None = None
    barrier: Literal["nothing", "rule", "money", "data", "another_service", "not_sure"] | None = None
    occurred_on: IsoDay | None = None
    visibility: Visibility = Visibility.PRIVATE
    consent: Literal["yes"] | None = None
    given_on: IsoDay | None = None
    title: Line | None = None
    promise: UUID | None = None
    indicator: Code | None = None
    act: Literal["send", "next"] = "send"
    idempotency_key: Annotated[str, Limit(max_length=60)] = ""

    def story(self) -> NarrativeIn:
        """What is sent on, as the API would have it."""
        said = ("body", "area", "kind", "occurred_on", "visibility", "title", "promise", "indicator")
        given = self.model_dump(include=set(said), exclude_none=True)
        if self.barrier not in (None, "nothing"):
            given["barrier"] = self.barrier
        if self.consent:
            given["consent"] = {"wording_version": rules.WORDING_VERSION, "given_on": self.given_on}
        return NarrativeIn.model_validate(given)


Logged = Annotated[Form[LogForm], Depends(form_of(LogForm))]


@router.get("/log", name="narratives.log")
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
    form: Form[LogForm] = Form(values={"promise": promise, "indicator": indicator})
    return _log_page(request, member, reads, now, form, sent=sent == "yes")


@router.post("/log", name="narratives.send")
def send(request: Request, member: AtWork, form: Logged, writes: Writes, now: Now) -> Response:
    """Stores the story, once however often Send was tapped. What is refused comes back with everything that was typed."""
    held(member, *rules.WRITERS)
    organisations = _organisations(writes, member)
    form.need(_needed(form, organisations))
    chosen = _told_for(form, organisations)
    if form.errors or form.filled is None:
        return _log_page(request, member, writes, now, form, status=422)
    filled, place = form.filled, member.place
    teller = Teller(member.actor, chosen, rules.captured_by(member.grants, chosen))

    def work() -> Kept:
        return Kept(303, str(submit_narrative(writes, teller, place, filled.story(), now)[0].public_id))

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


def _needed(form: Form[LogForm], organisations: list[Organisation]) -> dict[str, str]:
    needed = {
        "body": _("Say what happened."),
        "kind": _("Say whether it worked."),
        "occurred_on": _("Say on which day it happened."),
    }
    if len(organisations) > 1:
        needed["organisation"] = _("Say for which organisation you write it.")
    if form.value("visibility") == Visibility.PUBLIC:
        needed["consent"] = _("Everybody may read it only if the person whose story it is said yes. Tick that, or choose who else may.")
    if form.value("consent"):
        needed["given_on"] = _("Say on which day they said yes.")
    return needed


def _organisations(reads: Reads, member: Member) -> list[Organisation]:
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


def _log_page(
    request: Request, member: Member, reads: Reads, now: Now, form: Form[LogForm], *, status: int = 200, sent: bool = False
) -> HTMLResponse:
    place, today = member.place, local_day(now, member.place.time_zone)
    organisations = _organisations(reads, member)
    for name in ("occurred_on", "given_on"):
        form.values.setdefault(name, today.isoformat())
    form.values.setdefault("visibility", Visibility.PRIVATE)
    form.values["idempotency_key"] = str(uuid4())
    return page(
        request,
        "narratives/log.html",
        place=place,
        member=member,
        here="log",
        status=status,
        headers=PRIVATE,
        form=form,
        sent=sent,
        areas=find_area_choices(reads, place.id),
        whole_place=WHOLE_PLACE,
        organisations=organisations if len(organisations) > 1 else [],
        promises=find_promises_by_need(reads, place.id, today, Wanted()),
        indicators=find_indicators(reads, place.id),
        wording=_(rules.WORDING),
        wording_version=rules.WORDING_VERSION,
    )
