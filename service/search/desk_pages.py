"""Searching as staff meet it: among everything that they may read."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError

from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.doors import Router
from service.errors import FieldError
from service.findable import Kind
from service.folding import MOST_TYPED, asked
from service.html import PRIVATE, Form, page
from service.language import _
from service.people.access import AtWork
from service.places.queries import Choice, find_area_choices
from service.places.rules import WHOLE_PLACE
from service.search.models import KINDS, Asker, Wanted
from service.search.queries import find, read_cursor
from service.tables import A_DATE, IsoDay

router = Router(prefix="/staff/{c}/search", include_in_schema=False)

DAY: TypeAdapter[date] = TypeAdapter(IsoDay)
Asked = Annotated[str, Query(max_length=80)]


@router.get("", name="search.desk")
def search(
    request: Request,
    member: AtWork,
    reads: Reads,
    now: Now,
    q: str = "",
    kind: Asked = "",
    area: Asked = "",
    since: Asked = "",
    until: Asked = "",
    after: Asked = "",
) -> HTMLResponse:
    """What this member may read that has all the words, by kind. A day that is none is said to be, and is not asked for."""
    place = member.place
    areas = [*find_area_choices(reads, place.id), Choice(WHOLE_PLACE, "")]
    form: Form[Any] = Form(values={"q": q[:MOST_TYPED], "kind": kind, "area": area, "since": since, "until": until})
    wanted = Wanted(q, area if area in {one.code for one in areas} else "", _day(form, "since"), _day(form, "until"))
    kinds = [Kind(kind)] if kind in KINDS else list(KINDS)
    asker = Asker(place.id, place.time_zone, local_day(now, place.time_zone), member)
    return page(
        request,
        "search/desk.html",
        place=place,
        member=member,
        here="search",
        headers=PRIVATE,
        status=422 if form.errors else 200,
        form=form,
        areas=areas,
        kinds=KINDS,
        kind=kinds[0] if len(kinds) == 1 else None,
        groups=find(reads, asker, wanted, kinds, after=read_cursor(after)) if asked(q) else [],
        looked=bool(asked(q)),
        narrowed={name: value for name, value in form.values.items() if value and name not in ("q", "kind")},
        after=after,
    )


def _day(form: Form[Any], name: str) -> date | None:
    typed = form.value(name).strip()
    try:
        return DAY.validate_python(typed) if typed else None
    except ValidationError:
        form.errors.append(FieldError(name, _(A_DATE)))
        return None
