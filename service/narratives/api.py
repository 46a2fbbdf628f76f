"""Stories over HTTP: tell one with a key, list and read those that the caller may see."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.feedback.models import Capturer
from service.inputs import StrictRoute
from service.narratives.actions import Teller, submit_narrative
from service.narratives.models import Kind, NarrativeIn, NarrativeOut, NarrativeStored
from service.narratives.queries import Reader, Wanted, find_narratives, get_narrative, narrative_out
from service.paging import Cursor, Limit, Page, page_of
from service.partners.access import PerhapsCaller, key_with
from service.partners.models import Caller, Scope
from service.people.access import Place
from service.places.queries import PlaceCard
from service.problems import answers
from service.tables import Code

router = APIRouter(prefix="/api/v1/{c}/narratives", tags=["narratives"], route_class=StrictRoute)
NarrativesKey = Annotated[Caller, Depends(key_with(Scope.NARRATIVES_WRITE))]


def reader_of(caller: Caller | None, place: PlaceCard, today: date) -> Reader:
    """What this caller may see: a key that may read the unpublished account here also sees what is shared among partners."""
    partner = caller is not None and place.id in caller.places and Scope.ACCOUNT_READ in caller.scopes
    return Reader(place.id, today, partner=partner)


@router.post("", name="narratives.api_tell", status_code=201, summary="Tell a story", responses=answers(400, 401, 403, 404, 413, 422, 503))
def tell(place: Place, caller: NarrativesKey, given: NarrativeIn, writes: Writes, now: Now) -> NarrativeStored:
    """Stores a story, to be checked by somebody else. A `ref` that came before changes nothing and answers the same."""
    own = caller.places.get(place.id)
    teller = Teller(actor=caller.actor, organisation_id=own, captured_by=Capturer.PARTNER_ORG, origin=f"key:{caller.holder_id}")
    story, _is_new = submit_narrative(writes, teller, place, given, now)
    return NarrativeStored(id=story.public_id, state=story.state)


@router.get("", name="narratives.api_list", summary="Stories", responses=answers(401, 404, 422))
def list_stories(
    place: Place,
    caller: PerhapsCaller,
    reads: Reads,
    now: Now,
    request: Request,
    response: Response,
    kind: Kind | None = None,
    area: Annotated[Code | None, Query(description="An area's code")] = None,
    tag: Code | None = None,
    since: Annotated[date | None, Query(description="Happened on or after this day")] = None,
    q: Annotated[str | None, Query(max_length=100, description="Words in the story")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[NarrativeOut]:
    """The stories that the caller may see, the latest published week first."""
    reader = reader_of(caller, place, local_day(now, place.time_zone))
    wanted = Wanted(kind=kind, area=area, tag=tag, since=since, words=q)
    rows = find_narratives(reads, reader, wanted, after=_after(cursor), most=limit + 1)
    page = page_of(request, response, rows, limit, key=lambda row: f"{row.narrative.published_on}~{row.narrative.public_id.hex}")
    return Page(items=[narrative_out(row) for row in page.items], next=page.next)


@router.get("/{narrative_id}", name="narratives.api_show", summary="One story", responses=answers(401, 404, 422))
def show(place: Place, caller: PerhapsCaller, narrative_id: UUID, reads: Reads, now: Now) -> NarrativeOut:
    """One story that the caller may see."""
    return narrative_out(get_narrative(reads, reader_of(caller, place, local_day(now, place.time_zone)), narrative_id))


def _after(cursor: str | None) -> tuple[date, UUID] | None:
    try:
        day, _tilde, last = (cursor or "").partition("~")
        return (date.fromisoformat(day), UUID(hex=last)) if cursor else None
    except ValueError:
        return None
