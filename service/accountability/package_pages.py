"""The account to take away: the data package, its lists as CSV, and the numbers as IATI results."""

from typing import Any, Literal

from fastapi.responses import StreamingResponse

from service.clock import Now
from service.database import Door, Reads
from service.days import local_day
from service.doors import Router
from service.imports import iati, package
from service.inputs import StrictRoute
from service.people.access import ANYONE, Place
from service.problems import answers

router = Router(prefix="/api/v1/{c}", tags=["account"], route_class=StrictRoute)
PublicKind = Literal["areas", "organisations", "comparators", "indicators", "observations"]


@router.get(
    "/datapackage.json",
    name="accountability.api_package",
    dependencies=[ANYONE],
    summary="The data package",
    responses=answers(404, 422),
)
def describe(place: Place, reads: Reads, now: Now) -> dict[str, Any]:
    """Which lists everybody may take, with their columns and types (Frictionless Tabular Data Package)."""
    return package.described(reads, place, now.isoformat(timespec="seconds"))


@router.get(
    "/data/{kind}.csv",
    name="accountability.api_sheet",
    dependencies=[ANYONE],
    summary="A public list as CSV",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **answers(404, 422)},
)
def sheet(place: Place, kind: PublicKind, database: Door) -> StreamingResponse:
    """All of a list in one file, which imports back unchanged."""
    name = {"Content-Disposition": f'attachment; filename="{place.slug}-{kind}.csv"'}
    return StreamingResponse(package.sheet(database, place, kind), headers=name, media_type="text/csv")


@router.get(
    "/iati.xml",
    name="accountability.api_iati",
    dependencies=[ANYONE],
    summary="The numbers as IATI results",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/xml": {"schema": {"type": "string"}}}}, **answers(404, 422)},
)
def results(place: Place, database: Door, now: Now) -> StreamingResponse:
    """One activity with a result for each indicator (IATI 2.03)."""
    parts = iati.activity(database, place, now.isoformat(timespec="seconds"), local_day(now, place.time_zone))
    return StreamingResponse(parts, media_type="application/xml")
