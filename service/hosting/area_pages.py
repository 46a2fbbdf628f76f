"""Areas as administrators keep them: the list, one of them, and a file of many."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from service.clock import Now
from service.database import Reads, ReadSession, Writes, WriteSession
from service.doors import Router
from service.errors import FieldError, Invalid, NotFound
from service.guard import MOST_UPLOAD
from service.hosting.models import AreaForm, NewAreaForm, RetireForm
from service.hosting.queries import find_area_lines
from service.html import PRIVATE, Form, form_of, page, see_other
from service.imports.reading import open_source
from service.imports.running import Order, Report, order, take_all
from service.imports.runs import Run
from service.language import _
from service.people.access import Administrator
from service.people.models import Member
from service.places.actions import put_area
from service.places.models import Area, AreaIn, AreaKind
from service.places.queries import find_area
from service.places.rules import WHOLE_PLACE, code_of
from service.places.setting_actions import bring_back_area, retire_area
from service.tables import CODE

router = Router(prefix="/staff/{c}/settings/areas", include_in_schema=False)

KINDS = tuple(kind for kind in AreaKind if kind != AreaKind.PLACE)
"""What an area may be; there is one whole place, and it is there from the first day."""

MOST_OF_A_FILE = 16 * 1024 * 1024
"""Bytes of a file that is sent by a browser. Larger ones are for the command line."""

MOST_TOLD = 50
"""Rows that were refused and are listed."""

PLAIN = ("kind", "parent", "population", "population_as_of", "shape")
"""Columns that are called the same in every file."""

Adding = Annotated[Form[NewAreaForm], Depends(form_of(NewAreaForm))]
Changing = Annotated[Form[AreaForm], Depends(form_of(AreaForm))]
Retiring = Annotated[Form[RetireForm], Depends(form_of(RetireForm))]


# ---- the list --------------------------------------------------------------------------------------------------------


@router.get("", name="hosting.areas")
def areas(request: Request, member: Administrator, reads: Reads) -> HTMLResponse:
    """The areas of the place, and the form of a new one."""
    return _areas_page(request, member, reads, Form(values={"kind": AreaKind.NEIGHBOURHOOD}))


@router.post("", name="hosting.add_area")
def add(request: Request, member: Administrator, form: Adding, writes: Writes, now: Now) -> Response:
    """Adds one."""
    form.need({"name": _("Say what it is called.")})
    if form.filled is None:
        return _areas_page(request, member, writes, form, 422)
    given = form.filled
    code = given.code or code_of(given.name)
    if not code:
        form.errors = [FieldError("code", _("Write a short code of letters and figures: this name gives none."))]
    elif code == WHOLE_PLACE or find_area(writes, member.place.id, code):
        form.errors = [FieldError("code", _("There is an area with the code %(code)s already. Choose another.", code=code))]
    if not form.errors:
        try:
            put_area(writes, member.actor, member.place, code, AreaIn(name=given.name, kind=given.kind, parent=given.parent), now)
        except Invalid as refusal:
            form.refuse(refusal, "code")
    if form.errors:
        return _areas_page(request, member, writes, form, 422)
    return see_other(request, "hosting.areas", c=member.place.slug)


def _areas_page(request: Request, member: Member, reads: ReadSession, form: Form[NewAreaForm], status: int = 200) -> HTMLResponse:
    return page(
        request,
        "hosting/areas.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        kinds=KINDS,
        areas=find_area_lines(reads, member.place.id),
    )


# ---- one -------------------------------------------------------------------------------------------------------------


@router.get("/one/{code}", name="hosting.area")
def area(request: Request, member: Administrator, code: str, reads: Reads) -> HTMLResponse:
    """One area."""
    found = _get_area(reads, member, code)
    parent = reads.get(Area, (member.place.id, found.parent_id)) if found.parent_id else None
    values = {
        "name": found.name,
        "kind": found.kind,
        "parent": parent.code if parent else "",
        "population": "" if found.population is None else str(found.population),
        "population_as_of": found.population_as_of.isoformat() if found.population_as_of else "",
    }
    return _area_page(request, member, reads, found, Form(values=values))


@router.post("/one/{code}", name="hosting.change_area")
def change(request: Request, member: Administrator, code: str, form: Changing, writes: Writes, now: Now) -> Response:
    """Says something else of it. Its shape stays."""
    found = _get_area(writes, member, code)
    form.need({"name": _("Say what it is called.")})
    if form.filled is not None:
        try:
            put_area(writes, member.actor, member.place, code, AreaIn(**form.filled.model_dump()), now, keep=True)
        except Invalid as refusal:
            form.refuse(refusal, "parent")
    if form.errors:
        return _area_page(request, member, writes, found, form, 422)
    return see_other(request, "hosting.areas", c=member.place.slug)


@router.post("/one/{code}/offer", name="hosting.offer_area")
def offer(request: Request, member: Administrator, code: str, form: Retiring, writes: Writes, now: Now) -> RedirectResponse:
    """Offers it to nobody any more, or again."""
    act = {"retire": retire_area, "bring_back": bring_back_area}[form.must_be_filled().act]
    act(writes, member.actor, member.place, code, now)
    return see_other(request, "hosting.areas", c=member.place.slug)


def _get_area(reads: ReadSession, member: Member, code: str) -> Area:
    found = find_area(reads, member.place.id, code) if CODE.fullmatch(code) else None
    if found is None or code == WHOLE_PLACE:
        raise NotFound
    return found


def _area_page(request: Request, member: Member, reads: ReadSession, found: Area, form: Form[AreaForm], status: int = 200) -> HTMLResponse:
    return page(
        request,
        "hosting/area.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        kinds=KINDS,
        code=found.code,
        title=found.name,
        retired_on=found.retired_on,
        has_shape=bool(found.shape),
        others=[row for row in find_area_lines(reads, member.place.id) if row.code != found.code],
    )


# ---- a file of many --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a browser sends it, and which of its columns or properties hold the code and the name."""

    content: bytes
    name: str
    values: dict[str, str]

    @property
    def mark(self) -> str:
        """What tells this file, read this way, from every other."""
        asked = json.dumps([self.values.get("code_column"), self.values.get("name_column"), self.values.get("kind")])
        return sha256(self.content + asked.encode()).hexdigest()


async def _sent(request: Request) -> Sent:
    async with request.form(max_fields=10, max_files=1, max_part_size=MOST_OF_A_FILE) as form:
        file = form.get("file")
        values = {name: value.strip()[:200] for name, value in form.items() if isinstance(value, str)}
        if isinstance(file, UploadFile):
            return Sent(await file.read(MOST_OF_A_FILE + 1), Path(file.filename or "file").name, values)
    return Sent(b"", "", values)


Upload = Annotated[Sent, Depends(_sent)]


@router.get("/file", name="hosting.area_file")
def ask_file(request: Request, member: Administrator) -> HTMLResponse:
    """Where a file of areas is sent."""
    return _file_page(request, member, Form(values={"kind": AreaKind.WARD}))


@router.post("/file", name="hosting.take_areas", max_body_size=MOST_UPLOAD)
def take_file(request: Request, member: Administrator, sent: Upload, writes: Writes, now: Now) -> HTMLResponse:
    """Says what would become of each row; the same file, sent once more, is taken in."""
    checked = sent.values.pop("checked", "")
    form: Form[NewAreaForm] = Form(values=sent.values)
    dry = checked != sent.mark
    try:
        with TemporaryDirectory() as folder:
            ordered = _ordered(Path(folder), sent)
            report, refused = _take(writes, member, ordered, now, dry=dry)
    except Invalid as refusal:
        form.errors = [FieldError("file", error.message) for error in refusal.errors[:1]]
        return _file_page(request, member, form, status=422)
    form.values["checked"] = sent.mark if dry and report.received > report.refused else ""
    return _file_page(request, member, form, report=report, refused=refused, dry=dry, name=sent.name)


def _ordered(folder: Path, sent: Sent) -> Order:
    """The file as the command line would read it, with a map of its code and its name. Raises: Invalid."""
    if not sent.content:
        raise Invalid(FieldError("file", _("Choose a file.")))
    file, map_file = folder / (re.sub(r"[^\w.-]+", "_", sent.name).lstrip(".")[:80] or "areas"), folder / "map of areas"
    file.write_bytes(sent.content)
    columns = open_source(file).columns
    written = {name: name for name in PLAIN if (columns is None and name == "shape") or name in (columns or ())}
    written |= {field: sent.values.get(f"{field}_column") or field for field in ("code", "name")}
    lines = ['kind = "areas"', "[columns]", *(f"{field} = {json.dumps(f'{{{column}}}')}" for field, column in written.items())]
    if "kind" not in written and sent.values.get("kind") in set(KINDS):
        lines += ["[constants]", f"kind = {json.dumps(sent.values['kind'])}"]
    map_file.write_text("\n".join(lines))
    return order("areas", file, map_file)


def _take(writes: WriteSession, member: Member, ordered: Order, now: Now, *, dry: bool) -> tuple[Report, list[tuple[int, FieldError]]]:
    refused: list[tuple[int, FieldError]] = []
    report = Report(tell=lambda row, error: refused.append((row, error)))
    take_all(writes, ordered, Run(member.place, now, actor=member.actor), report, dry=dry)
    return report, refused


def _file_page(
    request: Request,
    member: Member,
    form: Form[NewAreaForm],
    *,
    status: int = 200,
    report: Report | None = None,
    refused: Sequence[tuple[int, FieldError]] = (),
    dry: bool = True,
    name: str = "",
) -> HTMLResponse:
    return page(
        request,
        "hosting/area_file.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        kinds=KINDS,
        report=report.out() if report else None,
        refused=refused[:MOST_TOLD],
        dry=dry,
        file_name=name,
    )
