"""Results over HTTP: indicators; observations posted one by one or in batches, listed, exported."""

import sys
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from service.batches.door import Asking, BatchRoute, body_of, take
from service.clock import Now
from service.database import Door, Reads, ReadSession, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid
from service.language import _
from service.paging import Cursor, Limit, Page, page_of
from service.partners.access import key_with
from service.partners.models import Caller, Scope
from service.people.access import ANYONE, Place
from service.problems import answers
from service.results.actions import put_indicator
from service.results.batches import OBSERVATIONS
from service.results.exports import export_csv
from service.results.listing import EarlierRow, Filters, ObservationRow, find_history, find_observations
from service.results.models import (
    BatchOut,
    EarlierOut,
    ExactIndicatorCode,
    Indicator,
    IndicatorIn,
    IndicatorOut,
    ObservationIn,
    ObservationOut,
)
from service.results.queries import IndicatorRow, find_indicator, find_indicators, find_organisation_code, indicator_row
from service.results.rules import dimension_of
from service.tables import ExactCode, IsoDay
from service.tags import IfMatch, must_match

router = Router(prefix="/api/v1/{c}", tags=["results"], route_class=BatchRoute)
OutcomesKey = Annotated[Caller, Depends(key_with(Scope.OUTCOMES_WRITE))]

# ---- indicators ------------------------------------------------------------------------------------------------------


@router.get("/indicators", name="results.api_indicators", dependencies=[ANYONE], summary="Indicators", responses=answers(404, 422))
def indicators(
    place: Place, reads: Reads, request: Request, response: Response, limit: Limit = 50, cursor: Cursor = None
) -> Page[IndicatorOut]:
    """What is counted here, by code."""
    rows = find_indicators(reads, place.id, after=cursor, most=limit + 1)
    return page_of(request, response, [_indicator(row) for row in rows], limit, key=lambda row: row.code)


@router.put(
    "/indicators/{code}",
    name="results.api_put_indicator",
    summary="Add or change an indicator",
    responses={201: {"model": IndicatorOut, "description": "Added"}, **answers(400, 401, 403, 404, 412, 413, 422, 503)},
)
def put(
    place: Place,
    caller: OutcomesKey,
    code: ExactIndicatorCode,
    given: IndicatorIn,
    writes: Writes,
    now: Now,
    response: Response,
    if_match: IfMatch = None,
) -> IndicatorOut:
    """Adds the indicator with this code, or changes it. Another definition is another indicator: give it another code."""
    known = find_indicator(writes, place.id, code) if if_match else None
    must_match(if_match, _present(writes, known))
    row, is_new = put_indicator(writes, caller.actor, place, code, given, now)
    if is_new:
        response.status_code = 201
    return _indicator(indicator_row(row, given.comparator_group, None))


def _present(reads: ReadSession, known: Indicator | None) -> IndicatorOut | None:
    return _indicator(next(row for row in find_indicators(reads, known.collaboration_id) if row.id == known.id)) if known else None


def _indicator(row: IndicatorRow) -> IndicatorOut:
    return IndicatorOut.model_validate({name: getattr(row, name) for name in IndicatorOut.model_fields})


# ---- posting observations --------------------------------------------------------------------------------------------

_REFS = "#/components/schemas/{model}"
_ONE = {name: part for name, part in ObservationIn.model_json_schema(ref_template=_REFS).items() if name != "$defs"}


@router.post(
    "/outcomes/observations",
    name="results.api_record",
    summary="Post observations",
    response_model=BatchOut,
    responses=answers(400, 401, 403, 404, 409, 413, 415, 422, 503),
    openapi_extra=body_of("observations", _ONE),
    max_body_size=sys.maxsize,  # the framework refuses in plain text; `take` does it in problem details
)
async def record(place: Place, caller: OutcomesKey, database: Door, now: Now, request: Request, asking: Asking) -> Response:
    """Stores one observation, or a batch of them, in the name of the key's organisation: JSON, one object a line, or CSV.

    A bad row is counted and listed, the good ones are stored. The same value again is `unchanged`; another value is a correction, and
    what was said before is kept. With `atomic`, at most 20,000 rows.
    """
    organisation_id = caller.places.get(place.id)
    code = await database.reading(lambda reads: find_organisation_code(reads, place.id, organisation_id)) if organisation_id else None
    if code is None:
        raise Conflict(_("This key posts for no organisation here, and every observation has one. Ask for a key of your organisation."))
    return await take(request, OBSERVATIONS, database, place, caller, code, asking, now)


# ---- listing and exporting observations ------------------------------------------------------------------------------


def _after(cursor: str | None) -> UUID | None:
    """The observation that a page begins after. Raises: Invalid."""
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        raise Invalid(FieldError("cursor", _("This is not a cursor that a list gave."))) from None


@router.get(
    "/outcomes/observations",
    name="results.api_observations",
    dependencies=[ANYONE],
    summary="Observations",
    response_model=Page[ObservationOut],
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **answers(404, 422)},
)
def observations(
    place: Place,
    reads: Reads,
    database: Door,
    request: Request,
    response: Response,
    indicator: Annotated[ExactIndicatorCode | None, Query(description="An indicator's code")] = None,
    area: Annotated[ExactCode | None, Query(description="An area's code, or `whole_place`")] = None,
    since: Annotated[IsoDay | None, Query(alias="from", description="The period ends on or after this day")] = None,
    until: Annotated[IsoDay | None, Query(alias="to", description="The period ends on or before this day")] = None,
    history: Annotated[bool, Query(description="With every correction")] = False,  # noqa: FBT002 (the address says its name)
    form: Annotated[Literal["json", "csv"], Query(alias="format", description="`csv`: all of them in one file")] = "json",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    """The observations, in the order in which they were first posted. A CSV file holds all of them, and imports back unchanged."""
    filters = Filters(indicator, area, since, until)
    if form == "csv":
        name = {"Content-Disposition": f'attachment; filename="{place.slug}-observations.csv"'}
        return StreamingResponse(export_csv(database, place.id, filters, history=history), headers=name, media_type="text/csv")
    rows = find_observations(reads, place.id, filters, after=_after(cursor), most=limit + 1)
    page = page_of(request, response, rows, limit, key=lambda row: row.id.hex)
    earlier = find_history(reads, place.id, [row.id for row in page.items]) if history else {}
    return Page(items=[_observation(row, earlier.get(row.id, []) if history else None) for row in page.items], next=page.next)


def _observation(row: ObservationRow, earlier: list[EarlierRow] | None) -> ObservationOut:
    values = {name: getattr(row, name) for name in ObservationOut.model_fields if name not in ("dimension", "history")}
    before = None if earlier is None else [_earlier(old) for old in earlier]
    return ObservationOut.model_validate(values | {"dimension": dimension_of(row.dimension), "history": before})


def _earlier(row: EarlierRow) -> EarlierOut:
    return EarlierOut.model_validate({name: getattr(row, name) for name in EarlierOut.model_fields})
