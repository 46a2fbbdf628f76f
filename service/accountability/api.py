"""The account over HTTP: every figure of a view, as JSON or as one CSV file."""

import csv
import io
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from service.accountability.models import AccountOut, Figure, FigureOut, View, figure_out
from service.accountability.queries import Account, span_of
from service.cells import number_text, safe
from service.clock import Now
from service.database import Reads
from service.doors import Router
from service.inputs import StrictRoute
from service.people.access import ANYONE, Place
from service.problems import answers
from service.tables import ExactCode, IsoDay

router = Router(prefix="/api/v1/{c}/account", tags=["account"], route_class=StrictRoute)


@router.get(
    "/{view}",
    name="accountability.api_show",
    dependencies=[ANYONE],
    summary="One of the five views",
    response_model=AccountOut,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **answers(404, 422)},
)
def show(
    place: Place,
    view: View,
    reads: Reads,
    now: Now,
    since: Annotated[IsoDay | None, Query(alias="from", description="From the beginning of the month of this day")] = None,
    until: Annotated[IsoDay | None, Query(alias="to", description="To the end of the month of this day")] = None,
    area: Annotated[ExactCode | None, Query(description="An area's code: figures that are split by area, for this one alone")] = None,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Any:
    """Every figure of a view, with what it counts, out of how many, where it comes from, and a sentence that says it.

    Figures of the whole place are live; `from` and `to` are widened to whole months, and the answer says to which. Splits by area and
    kind cover every month that is over, whatever months are asked for, and small numbers in them are hidden.
    """
    span = span_of(place, now, since, until)
    figures = Account(reads, place, span, now, area).figures(view)
    if form == "csv":
        name = {"Content-Disposition": f'attachment; filename="{place.slug}-{view}.csv"'}
        return Response(sheet(figures), headers=name, media_type="text/csv; charset=utf-8")
    return AccountOut.model_validate(
        {"view": view, "from": span.first, "to": span.last, "as_of": now, "figures": [figure_out(found) for found in figures]}
    )


def sheet(figures: list[Figure]) -> str:
    """The figures as CSV: the fields of the JSON answer, and `by` in two columns."""
    columns = [name for name in FigureOut.model_fields if name != "by"]
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([*columns, "by", "code"])
    for figure in figures:
        found = figure_out(figure).model_dump(mode="json")
        lines.writerow([*(_cell(found[name]) for name in columns), *(figure.by or ("", ""))])
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, float) else safe(str(value))
