"""`said import`, `said export`."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service.batches.work import MOST_CONFLICTS
from service.cells import safe
from service.cli.places import Of
from service.cli.session import opened, place_of, present, watching
from service.errors import FieldError, Invalid
from service.imports.exports import EXPORTS, Written, count_records, export
from service.imports.mapped import TAKEN, mapped
from service.imports.mapping import SHIPPED
from service.imports.running import Order, Report, import_rows, order
from service.imports.runs import Run
from service.places.models import Organisation
from service.places.queries import find_organisation, find_organisations

NEEDS_ORGANISATION = ("observations", "readings")
TAKES_ORGANISATION = ("feedback", "narratives", *NEEDS_ORGANISATION)

ImportKind = StrEnum("ImportKind", {name: name for name in EXPORTS})  # type: ignore[misc]
MapKind = StrEnum("MapKind", {name: name for name in TAKEN})  # type: ignore[misc]
ExportKind = StrEnum("ExportKind", {name: name for name in EXPORTS})  # type: ignore[misc]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command("import")(import_one)
    app.command("map")(map_one)
    app.command("export")(export_one)


def import_one(
    kind: Annotated[ImportKind, typer.Argument(help="What the file holds", show_choices=True)],
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV (also .csv.gz), a JSON list of objects, or GeoJSON for areas")
    ],
    collaboration: Of,
    organisation: Annotated[
        str | None,
        typer.Option(help="Whose they are: a code. Needed for observations and readings"),
    ] = None,
    all_organisations: Annotated[
        bool, typer.Option("--all-organisations", help="Observations and readings: a row that names another organisation is that one's")
    ] = False,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="A map (TOML): which column is which field. Absent: the columns are the field names")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of each row, and store nothing")] = False,
    errors: Annotated[Path | None, typer.Option(dir_okay=False, help="Write every refused row here: row, field, message")] = None,
) -> None:
    """Import records. Ends with one line of JSON: received, created, corrected, unchanged, refused, conflicts.

    Good rows are stored, refused ones are reported with their row number and the reason, and the status is 0. A file or a map that cannot
    be used at all stores nothing and ends with 1. The same file again changes nothing. docs/imports.md explains maps.
    """
    ordered = order(kind.value, file, _map(map_file))
    with opened() as database:
        with database.read() as reads:
            place = place_of(reads, collaboration)
            own = find_organisation(reads, place.id, organisation) if organisation else None
            run = Run(place, present(), _checked(kind.value, organisation, own), ordered.map.source if ordered.map else None)
            if all_organisations and kind.value in NEEDS_ORGANISATION:
                run.others = {row.code: row.id for row in find_organisations(reads, place.id)}
            reads.expunge_all()
        with _telling(errors, file) as tell, watching(2 * ordered.source.size, kind.value.title()) as pulse:
            report = import_rows(database, ordered, run, Report(tell=tell), pulse, dry=dry_run)
    _say(report, run, ordered, errors)
    typer.echo(report.out().model_dump_json())


def _map(given: Path | None) -> Path | None:
    """A file, or the name of a map that comes with the service."""
    if given is None or given.is_file():
        return given
    shipped = SHIPPED / f"{given.name.removesuffix('.toml')}.toml"
    if given.parent == Path() and shipped.is_file():
        return shipped
    raise Invalid(FieldError("map", f"There is no map {given}. A map is a TOML file, or the name of one that comes with the service."))


def _checked(kind: str, code: str | None, found: Organisation | None) -> Organisation | None:
    if code and kind not in TAKES_ORGANISATION:
        raise Invalid(FieldError("organisation", f"--organisation says nothing for {kind}. Leave it out."))
    if code and found is None:
        raise Invalid(FieldError("organisation", f"There is no organisation with the code {code}."))
    if kind in NEEDS_ORGANISATION and found is None:
        raise Invalid(FieldError("organisation", f"{kind.title()} need --organisation: they are that organisation's figures."))
    return found


@contextmanager
def _telling(errors: Path | None, file: Path) -> Iterator[Callable[[int, FieldError], None]]:
    """Writes refused rows as they come, however many there are."""
    if errors is None:
        yield lambda _row, _error: None
        return
    if errors.exists() and errors.samefile(file):
        raise Invalid(FieldError("errors", "--errors names the file that is imported. Choose another."))
    with errors.open("w", encoding="utf-8", newline="") as target:
        sheet = csv.writer(target)
        sheet.writerow(["row", "field", "message"])
        yield lambda row, error: sheet.writerow([row, safe(error.field), safe(error.message)])


def _say(report: Report, run: Run, ordered: Order, errors: Path | None) -> None:
    """Conflicts and notes, on stderr."""
    for note in run.notes:
        typer.echo(note, err=True)
    for found in report.out().conflicts if errors is None else ():
        typer.echo(f"Row {found.row}: {found.field}: {found.message}", err=True)
    _say_refused(report.refused, ordered, errors)


def _say_refused(refused: int, ordered: Order, errors: Path | None) -> None:
    """Where the reasons stand, or how many more there are than were listed."""
    if errors is not None and refused:
        typer.echo(f"Refused: {refused} of {ordered.source.path.name}. {errors} says why, row by row.", err=True)
    if errors is None and refused > MOST_CONFLICTS:
        typer.echo(f"{refused - MOST_CONFLICTS} more were refused. --errors FILE.csv lists all of them.", err=True)


def map_one(
    kind: Annotated[MapKind, typer.Argument(help="What the file holds", show_choices=True)],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV (also .csv.gz), a JSON list of objects, or GeoJSON")],
    map_file: Annotated[Path, typer.Option("--map", help="A map (TOML): which column is which field")],
    errors: Annotated[Path | None, typer.Option(dir_okay=False, help="Write every refused row here: row, field, message")] = None,
) -> None:
    """Write to stdout what a map makes of a file, as the API takes it: for a program that posts it. It needs no database.

    Observations and readings come as CSV, to be posted as it is; areas and indicators as one JSON object a line, each to be sent with PUT
    under its code. Rows that the map refuses are named on stderr. docs/partners.md shows both.
    """
    ordered = order(kind.value, file, _map(map_file))
    if ordered.map is None:
        raise Invalid(FieldError("map", "Say which map: --map."))
    refused = 0

    with _telling(errors, file) as tell, watching(2 * ordered.source.size, kind.value.title()) as pulse:

        def told(row: int, error: FieldError) -> None:
            nonlocal refused
            refused += 1
            tell(row, error)
            if errors is None and refused <= MOST_CONFLICTS:
                typer.echo(f"Row {row}: {error.field}: {error.message}", err=True)

        for part in mapped(ordered, ordered.map, told, pulse):
            typer.echo(part, nl=False)
    _say_refused(refused, ordered, errors)


def export_one(
    kind: Annotated[ExportKind, typer.Argument(help="What to write out", show_choices=True)],
    collaboration: Of,
    form: Annotated[Written, typer.Option("--format", help="How")] = Written.CSV,
) -> None:
    """Write all records of a kind to stdout, so that they import back unchanged.

    This is the operator's own copy, not what the public sees: messages and stories are in it whatever their state, team_only ones too.
    Keep it as you keep the database. Never in it: receipts and anything made from them, contacts, what was withdrawn.
    """
    with opened() as database:
        with database.read() as reads:
            place = place_of(reads, collaboration)
            there = count_records(reads, place, kind.value)
        with watching(there, kind.value.title()) as pulse:
            lines = 0
            for part in export(database, place, kind.value, form):
                typer.echo(part, nl=False)
                lines += part.count("\n")
                pulse(lines)
