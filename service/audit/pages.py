"""Who read what and who changed what, as administrators meet it: a dated list in plain sentences, and the same as a file."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import TypeAdapter, ValidationError

from service.audit.models import AuditRow, Part, Wanted
from service.audit.queries import find_actors, find_audit, place_of, read_place
from service.cells import safe
from service.database import Reads, ReadSession
from service.doors import Router
from service.errors import FieldError
from service.html import PRIVATE, Form, page
from service.language import _
from service.people.access import AnyAdministrator
from service.people.models import Member, Role
from service.people.queries import Colleague
from service.people.rules import reach
from service.tables import A_DATE, IsoDay, moment_text

router = Router(prefix="/staff/{c}/audit", include_in_schema=False)

A_PAGE = 50
A_FILE_AT_ONCE = 1_000
DAY: TypeAdapter[date] = TypeAdapter(IsoDay)
Asked = Annotated[str, Query(max_length=80)]


@router.get("", name="audit.list")
def show(
    request: Request,
    member: AnyAdministrator,
    reads: Reads,
    part: Asked = "",
    by: Asked = "",
    since: Asked = "",
    until: Asked = "",
    after: Asked = "",
) -> HTMLResponse:
    """What was read and what was set, the newest first. What the address asks for and there is not, is not asked."""
    people = find_actors(reads, member)
    form: Form[Any] = Form(values={"part": part, "by": by, "since": since, "until": until})
    wanted = _wanted(form, people)
    rows = find_audit(reads, member, wanted, after=read_place(after), most=A_PAGE + 1)
    shown = rows[:A_PAGE]
    return page(
        request,
        "audit/list.html",
        place=member.place,
        member=member,
        here="audit",
        headers=PRIVATE,
        status=422 if form.errors else 200,
        form=form,
        narrowed={name: value for name, value in form.values.items() if value},
        days=[(day, list(those)) for day, those in groupby(shown, key=lambda row: row.on)],
        next=place_of(shown[-1]) if len(rows) > A_PAGE else "",
        parts=tuple(Part),
        people=people,
        whole=reach(member.grants, (Role.ADMIN,)) is None,
    )


@router.get("/file", name="audit.file")
def download(
    member: AnyAdministrator, reads: Reads, part: Asked = "", by: Asked = "", since: Asked = "", until: Asked = ""
) -> PlainTextResponse:
    """The same rows as CSV, all of them."""
    form: Form[Any] = Form(values={"part": part, "by": by, "since": since, "until": until})
    wanted = _wanted(form, find_actors(reads, member))
    sheet = io.StringIO()
    lines = csv.writer(sheet, lineterminator="\n")
    lines.writerow(["at", "who", "by", "part", "act", "name", "within", "fields", "number", "why"])
    for row in _all(reads, member, wanted):
        told = [row.who or "", row.by, row.part, row.act, row.name or "", row.within or "", " ".join(row.fields), row.number, row.why or ""]
        lines.writerow([moment_text(row.at), *(safe(str(one)) for one in told)])
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{member.place.slug}-audit.csv"'}
    return PlainTextResponse(sheet.getvalue(), headers=headers, media_type="text/csv; charset=utf-8")


def _all(reads: ReadSession, member: Member, wanted: Wanted) -> Iterator[AuditRow]:
    after = None
    while True:
        rows = find_audit(reads, member, wanted, after=after, most=A_FILE_AT_ONCE)
        yield from rows
        if len(rows) < A_FILE_AT_ONCE:
            return
        after = rows[-1].at, rows[-1].id


def _wanted(form: Form[Any], people: list[Colleague]) -> Wanted:
    part, by = form.value("part"), form.value("by")
    return Wanted(
        part=Part(part) if part in set(Part) else None,
        by=UUID(by) if by in {str(one.id) for one in people} else None,
        since=_day(form, "since"),
        until=_day(form, "until"),
    )


def _day(form: Form[Any], name: str) -> date | None:
    typed = form.value(name).strip()
    try:
        return DAY.validate_python(typed) if typed else None
    except ValidationError:
        form.errors.append(FieldError(name, _(A_DATE)))
        return None
