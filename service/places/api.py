"""Places over HTTP: collaborations, organisations, areas, topics."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.inputs import StrictRoute
from service.paging import Cursor, Limit, Page, page_of
from service.partners.access import key_with
from service.partners.models import Caller, Scope
from service.people.access import ANYONE, Place
from service.places.actions import put_area
from service.places.models import AreaIn, AreaOut, CollaborationOut, OrganisationOut, TopicOut
from service.places.queries import AreaRow, PlaceCard, find_above, find_area, find_areas, find_organisations, find_places, find_topics
from service.problems import answers
from service.tables import ExactCode
from service.tags import IfMatch, must_match

router = Router(prefix="/api/v1", tags=["places"], route_class=StrictRoute)
OutcomesKey = Annotated[Caller, Depends(key_with(Scope.OUTCOMES_WRITE))]


@router.get("", name="places.api_list", dependencies=[ANYONE], summary="Collaborations")
def collaborations(request: Request, reads: Reads) -> list[CollaborationOut]:
    """The collaborations of this installation and where their things are."""
    return [_collaboration(request, place) for place in find_places(reads)]


def _collaboration(request: Request, place: PlaceCard) -> CollaborationOut:
    names = {"feedback": "feedback.api_tell", "organisations": "places.api_organisations", "areas": "places.api_areas"}
    names |= {"indicators": "results.api_indicators", "observations": "results.api_observations"}
    names |= {"topics": "places.api_topics", "page": "accountability.account"}
    return CollaborationOut(
        slug=place.slug,
        name=place.name,
        type=place.type,
        languages=list(place.languages),
        example=place.example,
        links={name: str(request.app.url_path_for(route, c=place.slug)) for name, route in names.items()},
    )


@router.get(
    "/{c}/organisations", name="places.api_organisations", dependencies=[ANYONE], summary="Organisations", responses=answers(404, 422)
)
def organisations(
    place: Place, reads: Reads, request: Request, response: Response, limit: Limit = 50, cursor: Cursor = None
) -> Page[OrganisationOut]:
    """The organisations of a collaboration, by code."""
    found = find_organisations(reads, place.id, after=cursor, most=limit + 1)
    rows = [OrganisationOut(code=row.code, name=row.name, kind=row.kind) for row in found]
    return page_of(request, response, rows, limit, key=lambda row: row.code)


@router.get("/{c}/areas", name="places.api_areas", dependencies=[ANYONE], summary="Areas", responses=answers(404, 422))
def areas(place: Place, reads: Reads, request: Request, response: Response, limit: Limit = 50, cursor: Cursor = None) -> Page[AreaOut]:
    """The areas of a collaboration, by code, comparators included."""
    rows = [_area(row) for row in find_areas(reads, place.id, after=cursor, most=limit + 1)]
    return page_of(request, response, rows, limit, key=lambda row: row.code)


@router.get("/{c}/topics", name="places.api_topics", dependencies=[ANYONE], summary="Topics", responses=answers(404, 422))
def topics(place: Place, reads: Reads, request: Request, response: Response, limit: Limit = 50, cursor: Cursor = None) -> Page[TopicOut]:
    """What messages can be about, by code; topics that are retired left out."""
    found = find_topics(reads, place.id, after=cursor, most=limit + 1, offered=True)
    rows = [TopicOut(code=row.topic.code, name=row.topic.name, organisation=row.organisation) for row in found]
    return page_of(request, response, rows, limit, key=lambda row: row.code)


@router.put(
    "/{c}/areas/{code}",
    name="places.api_put_area",
    summary="Add or change an area",
    responses={201: {"model": AreaOut, "description": "Added"}, **answers(400, 401, 403, 404, 412, 413, 422, 503)},
)
def put(
    place: Place,
    caller: OutcomesKey,
    code: ExactCode,
    given: AreaIn,
    writes: Writes,
    now: Now,
    response: Response,
    if_match: IfMatch = None,
) -> AreaOut:
    """Adds the area with this code, or changes it."""
    known = find_area(writes, place.id, code) if if_match else None
    must_match(if_match, _area(AreaRow(known, find_above(writes, place.id, code)[code])) if known else None)
    area, is_new = put_area(writes, caller.actor, place, code, given, now)
    if is_new:
        response.status_code = 201
    return _area(AreaRow(area, given.parent))


def _area(row: AreaRow) -> AreaOut:
    area = row.area
    facts: dict[str, Any] = {"population": area.population, "population_as_of": area.population_as_of, "shape": area.shape}
    return AreaOut(code=area.code, name=area.name, kind=area.kind, parent=row.parent, **facts)
