"""What changed for people, over HTTP: instruments; readings posted one by one or in batches, listed for who posted them; erasure."""

import sys
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from service.batches.door import Asking, BatchRoute, body_of, take
from service.clock import Now
from service.database import Door, Reads, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.language import _
from service.outcomes.batches import READINGS
from service.outcomes.exports import Fields, export_csv, page
from service.outcomes.instrument_actions import put_instrument
from service.outcomes.models import EarlierReadingOut, ExactPseudonym, InstrumentIn, InstrumentOut, ReadingIn, ReadingOut, YesOut
from service.outcomes.queries import EarlierRow, ReadingRow, find_earlier, find_instrument, find_person, find_scales, scale_of
from service.outcomes.removal import forget
from service.outcomes.rules import Scale
from service.paging import Cursor, Limit, Page, page_of
from service.partners.access import key_with
from service.partners.models import Caller, Scope
from service.people.access import ANYONE, Place
from service.places.queries import PlaceCard
from service.problems import answers
from service.results.models import BatchOut
from service.results.queries import find_organisation_code
from service.tables import ExactCode
from service.tags import IfMatch, must_match
from service.tombstones import Why

router = Router(prefix="/api/v1/{c}", tags=["outcomes"], route_class=BatchRoute)
OutcomesKey = Annotated[Caller, Depends(key_with(Scope.OUTCOMES_WRITE))]
ReadingKey = Annotated[Caller, Depends(key_with(Scope.ACCOUNT_READ))]

# ---- instruments -----------------------------------------------------------------------------------------------------


@router.get("/instruments", name="outcomes.api_instruments", dependencies=[ANYONE], summary="Instruments", responses=answers(404, 422))
def instruments(
    place: Place, reads: Reads, request: Request, response: Response, limit: Limit = 50, cursor: Cursor = None
) -> Page[InstrumentOut]:
    """The scales on which readings are taken, by code: those that come with the service, and the place's own."""
    found = [scale for code, scale in find_scales(reads, place.id).items() if code > (cursor or "")]
    return page_of(request, response, [_instrument(scale) for scale in found[: limit + 1]], limit, key=lambda row: row.code)


@router.put(
    "/instruments/{code}",
    name="outcomes.api_put_instrument",
    summary="Add or change an instrument",
    responses={201: {"model": InstrumentOut, "description": "Added"}, **answers(400, 401, 403, 404, 412, 413, 422, 503)},
)
def put(
    place: Place,
    caller: OutcomesKey,
    code: ExactCode,
    given: InstrumentIn,
    writes: Writes,
    now: Now,
    response: Response,
    if_match: IfMatch = None,
) -> InstrumentOut:
    """Adds the scale with this code, or changes it. Once there are readings on it, its ends, direction and question stay."""
    known = find_instrument(writes, place.id, code) if if_match else None
    must_match(if_match, _instrument(scale_of(known)) if known else None)
    row, is_new = put_instrument(writes, caller.actor, place, code, given, now)
    if is_new:
        response.status_code = 201
    return _instrument(scale_of(row))


def _instrument(scale: Scale) -> InstrumentOut:
    return InstrumentOut.model_validate({name: getattr(scale, name) for name in InstrumentOut.model_fields})


# ---- readings --------------------------------------------------------------------------------------------------------

_REFS = "#/components/schemas/{model}"
_SCHEMA = ReadingIn.model_json_schema(ref_template=_REFS)
_YES = {"description": "The first reading of a person brings it", "anyOf": [_SCHEMA["$defs"]["YesIn"], {"type": "null"}], "default": None}
_ONE = {name: part for name, part in _SCHEMA.items() if name != "$defs"}
_ONE["properties"]["consent"] = _YES  # in full, as no other route names its shape


def _own(caller: Caller, place: PlaceCard) -> UUID:
    """The organisation that a key stands for. Raises: Conflict."""
    organisation_id = caller.places.get(place.id)
    if organisation_id is None:
        raise Conflict(_("This key posts for no organisation here, and every reading has one. Ask for a key of your organisation."))
    return organisation_id


@router.post(
    "/outcomes/readings",
    name="outcomes.api_record",
    summary="Post readings",
    response_model=BatchOut,
    responses=answers(400, 401, 403, 404, 409, 413, 415, 422, 503),
    openapi_extra=body_of("readings", _ONE),
    max_body_size=sys.maxsize,  # the framework refuses in plain text; `take` does it in problem details
)
async def record(place: Place, caller: OutcomesKey, database: Door, now: Now, request: Request, asking: Asking) -> Response:
    """Stores one reading, or a batch of them, of people whose yes holds: JSON, one object a line, or CSV.

    A person's first reading brings their `consent`. Their names are made up by the service that posts, and known to it alone.
    """
    own = _own(caller, place)
    code = await database.reading(lambda reads: find_organisation_code(reads, place.id, own))
    return await take(request, READINGS, database, place, caller, code or "", asking, now)


@router.get(
    "/outcomes/readings",
    name="outcomes.api_readings",
    summary="Your own readings",
    response_model=Page[ReadingOut],
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **answers(401, 403, 404, 409, 422)},
)
def readings(
    place: Place,
    caller: ReadingKey,
    reads: Reads,
    database: Door,
    request: Request,
    response: Response,
    history: Annotated[bool, Query(description="With every correction")] = False,  # noqa: FBT002 (the address says its name)
    form: Annotated[Literal["json", "csv"], Query(alias="format", description="`csv`: all of them in one file")] = "json",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    """The readings that the key's own organisation posted, and nobody else's. A CSV file holds all of them, and imports back unchanged."""
    own = _own(caller, place)
    response.headers["Cache-Control"] = "no-store"
    if form == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{place.slug}-readings.csv"', "Cache-Control": "no-store"}
        return StreamingResponse(export_csv(database, place.id, own, history=history), headers=headers, media_type="text/csv")
    found = page_of(request, response, page(reads, place.id, own, _after(cursor), limit + 1), limit, key=lambda row: row[0].id.hex)
    earlier = find_earlier(reads, place.id, [row.id for row, _fields in found.items]) if history else {}
    items = [_reading(row, fields, earlier.get(row.id, []) if history else None) for row, fields in found.items]
    return Page(items=items, next=found.next)


def _after(cursor: str | None) -> UUID | None:
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        raise Invalid(FieldError("cursor", _("This is not a cursor that a list gave."))) from None


def _reading(row: ReadingRow, fields: Fields, earlier: list[EarlierRow] | None) -> ReadingOut:
    said = {name: fields[f"consent.{name}"] for name in YesOut.model_fields}
    values = {name: getattr(row, name) for name in ReadingOut.model_fields if name not in ("consent", "history")}
    before = None if earlier is None else [_earlier(old) for old in earlier]
    return ReadingOut.model_validate(values | {"consent": said if said["given_on"] else None, "history": before})


def _earlier(row: EarlierRow) -> EarlierReadingOut:
    return EarlierReadingOut.model_validate({name: getattr(row, name) for name in EarlierReadingOut.model_fields})


@router.delete(
    "/outcomes/people/{person}",
    name="outcomes.api_forget",
    summary="Take somebody out for good",
    status_code=204,
    response_model=None,
    responses=answers(401, 403, 404, 409, 503),
)
def take_out(place: Place, caller: OutcomesKey, person: ExactPseudonym, writes: Writes, now: Now) -> Response:
    """They took their yes back: every reading, goal and yes of theirs is gone, here and from every figure."""
    found = find_person(writes, place.id, _own(caller, place), person)
    if found is None:
        raise NotFound
    forget(writes, caller.actor, found, Why.TAKEN_BACK, now)
    return Response(status_code=204)
