"""Stories over HTTP: tell one with a key, list and read those that the caller may see."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import FieldError, Invalid
from service.feedback.models import Capturer
from service.idempotency import MOST_KEY, REPLAYED, Asked, Kept, once
from service.inputs import StrictRoute
from service.language import _
from service.narratives.actions import Teller, submit_narrative
from service.narratives.models import Kind, NarrativeIn, NarrativeOut, NarrativeStored
from service.narratives.queries import Reader, Wanted, find_narratives, get_narrative, narrative_out, place_in_list
from service.paging import Cursor, Limit, Page, page_of
from service.partners.access import PerhapsCaller, key_with
from service.partners.models import Caller, Scope
from service.people.access import Place
from service.places.queries import PlaceCard
from service.problems import answers
from service.system_health.actions import enter_words
from service.tables import ExactCode, IsoDay

router = Router(prefix="/api/v1/{c}/narratives", tags=["narratives"], route_class=StrictRoute)
NarrativesKey = Annotated[Caller, Depends(key_with(Scope.NARRATIVES_WRITE))]
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=MOST_KEY, description="The same key with the same request is answered the same, for 30 days."),
]


def reader_of(caller: Caller | None, place: PlaceCard, today: date) -> Reader:
    """What this caller may see. A key sees what it told itself, and with `account:read` also what is shared among partners."""
    if caller is None or place.id not in caller.places:
        return Reader(place.id, today)
    return Reader(place.id, today, partner=Scope.ACCOUNT_READ in caller.scopes, holder_id=caller.holder_id)


@router.post(
    "",
    name="narratives.api_tell",
    status_code=201,
    response_model=NarrativeStored,
    summary="Tell a story",
    responses={
        200: {"model": NarrativeStored, "description": "A story with this `ref` came before from this key's holder: nothing was changed."},
        **answers(400, 401, 403, 404, 409, 413, 415, 422, 503),
    },
)
def tell(
    place: Place, caller: NarrativesKey, given: NarrativeIn, writes: Writes, now: Now, idempotency_key: IdempotencyKey = None
) -> Response:
    """Stores a story, to be checked by somebody else before anyone reads it."""
    own = caller.places.get(place.id)
    teller = Teller(actor=caller.actor, organisation_id=own, captured_by=Capturer.PARTNER_ORG, origin=f"key:{caller.holder_id}")

    def work() -> Kept:
        story, is_new = submit_narrative(writes, teller, place, given, now)
        if is_new:
            enter_words(writes, caller.actor, place, story, now)
        return Kept(201 if is_new else 200, NarrativeStored(id=story.public_id, state=story.state).model_dump_json())

    request = ("narrative", given.model_dump_json())
    asked = Asked(place.id, caller.holder_id, idempotency_key, request) if idempotency_key else None
    kept, replayed = once(writes, asked, now, work)
    return Response(kept.body, kept.status, REPLAYED if replayed else None, "application/json")


@router.get("", name="narratives.api_list", summary="Stories", responses=answers(401, 404, 422))
def list_stories(
    place: Place,
    caller: PerhapsCaller,
    reads: Reads,
    now: Now,
    request: Request,
    response: Response,
    kind: Kind | None = None,
    area: Annotated[ExactCode | None, Query(description="An area's code, or `whole_place`")] = None,
    tag: ExactCode | None = None,
    since: Annotated[IsoDay | None, Query(description="Happened on or after this day; without a key, in its week or later")] = None,
    q: Annotated[
        str | None,
        Query(
            max_length=100,
            description="Words that are all in the story: without case and accents, the beginning of a word from three letters on",
        ),
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[NarrativeOut]:
    """The stories that the caller may see, the latest first: by the week of publication; with a key, by the day it happened."""
    reader = reader_of(caller, place, local_day(now, place.time_zone))
    wanted = Wanted(kind=kind, area=area, tag=tag, since=since, words=q)
    rows = find_narratives(reads, reader, wanted, after=_after(cursor), most=limit + 1)
    page = page_of(request, response, rows, limit, key=lambda row: "~".join(str(part) for part in place_in_list(reader, row)))
    return Page(items=[narrative_out(reader, row) for row in page.items], next=page.next)


@router.get("/{narrative_id}", name="narratives.api_show", summary="One story", responses=answers(401, 404, 422))
def show(place: Place, caller: PerhapsCaller, narrative_id: UUID, reads: Reads, now: Now) -> NarrativeOut:
    """One story that the caller may see."""
    reader = reader_of(caller, place, local_day(now, place.time_zone))
    return narrative_out(reader, get_narrative(reads, reader, narrative_id))


def _after(cursor: str | None) -> tuple[date, UUID] | None:
    """The story that a page begins after. Raises: Invalid."""
    if not cursor:
        return None
    day, _tilde, last = cursor.partition("~")
    try:
        return date.fromisoformat(day), UUID(last)
    except ValueError:
        raise Invalid(FieldError("cursor", _("This is not a cursor that a list gave."))) from None
