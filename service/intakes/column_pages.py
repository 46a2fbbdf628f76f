"""Which column is which field: the page that asks it, maps that answer it, and the map as a file to take away."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.html import Form, see_other
from service.imports.mapping import MapIn
from service.imports.reading import open_source
from service.imports.running import ordered
from service.intakes.actions import keep_map, match_columns, use_map
from service.intakes.models import AT_WORK, Stage
from service.intakes.named import with_names
from service.intakes.pages import Bringing, Sent, Typed, file_of, map_called, maps_for, sent, shown, wake
from service.intakes.queries import IntakeCard, get_intake
from service.intakes.work import preview
from service.intakes.written import FIGURES, SPELLINGS, SPLITS, as_file, as_map, guessed, lines_of, read_file, read_values, values_of
from service.language import _
from service.people.models import Member

router = Router(prefix="/staff/{c}/imports/{intake_id}", include_in_schema=False)

MOST_OF_A_MAP = 48 * 1024
Upload = Annotated[Sent, Depends(sent)]


@router.get("/columns", name="intakes.columns")
def columns(request: Request, member: Bringing, intake_id: UUID, reads: Reads) -> Response:
    """The columns of a file beside our fields: as its map says, or as they probably are."""
    card = get_intake(reads, member, intake_id)
    if card.stage in (*AT_WORK, Stage.TAKEN):
        return see_other(request, "intakes.one", c=member.place.slug, intake_id=intake_id)
    names = open_source(file_of(request, card.filed)).columns or ()
    written = card.written or with_names(reads, member.place.id, guessed(card.kind, names), file_of(request, card.filed))
    return _columns_page(request, member, reads, card, Form(values=values_of(written, names)))


@router.post("/columns", name="intakes.match")
def match(request: Request, member: Bringing, intake_id: UUID, values: Typed, writes: Writes, now: Now) -> Response:
    """Reads the file so: looks through it, and keeps the map where a name was given."""
    card, form = get_intake(writes, member, intake_id), Form[Any](values=values)
    path = file_of(request, card.filed)
    try:
        written = read_values(card.kind, open_source(path).columns or (), values)
        ordered(card.kind, lambda: open_source(path), as_map(written, _("This map")), _("This map"))
        if name := " ".join(values.get("save_as", "").split()):
            keep_map(writes, member, name, written, now)
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal, "save_as")
        return _columns_page(request, member, writes, card, form, 422)
    match_columns(writes, member, intake_id, written, now)
    wake(request, writes)
    return see_other(request, "intakes.one", c=member.place.slug, intake_id=intake_id)


@router.post("/map", name="intakes.use_map")
def choose_map(request: Request, member: Bringing, intake_id: UUID, given: Upload, writes: Writes, now: Now) -> Response:
    """Fills the columns from a map: one that is kept here, or a file."""
    card = get_intake(writes, member, intake_id)
    try:
        written = _map_of(writes, member, given)
        as_map(written, "map.toml")
        use_map(writes, member, intake_id, written, now)
    except (Invalid, NotFound) as refusal:
        names = open_source(file_of(request, card.filed)).columns or ()
        form: Form[Any] = Form(values=values_of(card.written or guessed(card.kind, names), names) | given.values)
        form.refuse(refusal, "map")
        form.errors = [FieldError("map_file" if given.file is not None else "map", error.message) for error in form.errors]
        return _columns_page(request, member, writes, card, form, 422)
    return see_other(request, "intakes.columns", c=member.place.slug, intake_id=intake_id)


@router.get("/map.toml", name="intakes.map")
def map_file(member: Bringing, intake_id: UUID, reads: Reads) -> PlainTextResponse:
    """The map as the command line takes it."""
    card = get_intake(reads, member, intake_id)
    if card.written is None:
        raise NotFound
    name = f"{card.file_name.removesuffix('.csv')}.toml".encode("ascii", "replace").decode().replace("?", "_")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return PlainTextResponse(as_file(card.written), 200, headers, "application/toml; charset=utf-8")


def _map_of(reads: ReadSession, member: Member, given: Sent) -> MapIn:
    """The map that was chosen. Raises: Invalid, NotFound."""
    if given.file is not None:
        content = given.file.file.read(MOST_OF_A_MAP + 1)
        if len(content) > MOST_OF_A_MAP:
            raise Invalid(FieldError("map_file", _("This is larger than any map.")))
        return read_file("map.toml", content)
    if not given.values.get("map"):
        raise Invalid(FieldError("map", _("Choose a map, or a file that holds one.")))
    return map_called(reads, member, given.values["map"])


def _columns_page(
    request: Request, member: Member, reads: ReadSession, card: IntakeCard, form: Form[Any], status: int = 200
) -> HTMLResponse:
    path = file_of(request, card.filed)
    names = open_source(path).columns or ()
    lines = lines_of(card.kind, card.written)
    main = [line for line in lines if line.needed or form.value(f"col-{line.name}")]
    return shown(
        request,
        member,
        "columns",
        status,
        form=form,
        card=card,
        columns=names,
        rows=preview(path),
        lines=main,
        further=[line for line in lines if line not in main],
        maps=maps_for(reads, member, card.kind),
        splits=range(SPLITS) if card.kind == "observations" else (),
        figures=range(FIGURES) if card.kind == "observations" else (),
        spellings={name: words for name, (words, _patterns) in SPELLINGS.items()} if any(line.name == "period" for line in lines) else {},
        sourced=card.kind in ("feedback", "promises", "narratives"),
    )
