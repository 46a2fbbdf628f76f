"""`said open311 pull`."""

import json
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from service.cli.places import Of
from service.cli.session import opened, place_of, present, watching
from service.database import Database
from service.days import local_day
from service.elsewhere.actions import AT_ONCE, note_from_server
from service.errors import FieldError, Invalid
from service.imports.running import Report, import_rows, order
from service.imports.runs import Run
from service.journal.actions import OPERATOR
from service.partners.open311.pulling import Server, as_notes, as_row, pull, pull_updates
from service.partners.open311.queries import Areas, read_areas
from service.partners.open311.reading import Theirs
from service.places.queries import PlaceCard, find_topics
from service.settings import Settings


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    group = typer.Typer(help="Other Open311 servers.", no_args_is_help=True)
    group.command("pull")(pull_all)
    group.callback()(lambda: None)
    app.add_typer(group, name="open311")


def pull_all(
    address: Annotated[str, typer.Argument(help="The other server's address, up to /v2", show_default=False)],
    collaboration: Of,
    jurisdiction: Annotated[str | None, typer.Option(help="Which place of it, where it has several")] = None,
    since: Annotated[str | None, typer.Option(help="First day asked for. Absent: 90 days ago")] = None,
    form: Annotated[str, typer.Option("--format", help="In which form it answers: xml or json")] = "xml",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of each, and store nothing")] = False,
) -> None:
    """Take in what people told another Open311 server. Ends with one line of JSON, as `said import` does.

    What came once is never stored twice. Words are for the team only, and nobody here owes an answer. What became of it there is a
    note for staff beside the message.
    """
    if form not in ("xml", "json"):
        raise Invalid(FieldError("format", "An Open311 server answers in xml or in json."))
    now = present()
    with opened() as database:
        with database.read() as reads:
            place = place_of(reads, collaboration)
            reads.expunge_all()
        today = local_day(now, place.time_zone)
        first = _day(since) if since else today - timedelta(days=90)
        server = Server(address, jurisdiction, form, loopback=Settings().webhook_loopback)
        zone = ZoneInfo(place.time_zone)
        found = list(pull(server, first, today, zone))
        with database.read() as reads:
            topics = {row.topic.name.casefold(): row.topic.code for row in find_topics(reads, place.id)}
            areas = read_areas(reads, place)
        rows = [as_row(one, server.source, topic=_topic(topics, one), area=_area(areas, one), now=now) for one in found]
        with tempfile.TemporaryDirectory() as folder, watching(2 * len(rows), "Open311") as pulse:
            file = Path(folder) / "open311.json"
            file.write_text(json.dumps(rows), "utf-8")
            ordered = order("feedback", file, None)
            run = Run(place, now, None, server.source)
            report = import_rows(database, ordered, run, Report(), pulse, dry=dry_run)
        if not dry_run:
            _hear(database, place, server, found, (first, today), now)
    for refused in report.out().conflicts:
        typer.echo(f"{rows[refused.row - 1]['ref']}: {refused.field}: {refused.message}", err=True)
    typer.echo(report.out().model_dump_json())


def _hear(database: Database, place: PlaceCard, server: Server, found: Sequence[Theirs], days: tuple[date, date], now: datetime) -> None:
    """Writes down what became of what was told there, some at a time. Messages are stored by now: what cannot be asked is said."""
    try:
        notes = as_notes(found, pull_updates(server, *days, ZoneInfo(place.time_zone)), now)
    except Invalid as refused:
        typer.echo(f"What became of messages there could not be asked. {refused.errors[0].message}", err=True)
        return
    new = 0
    for start in range(0, len(notes), AT_ONCE):
        with database.write() as writes:
            new += note_from_server(writes, OPERATOR, place, server.source, notes[start : start + AT_ONCE], now)
    if new:
        typer.echo(f"New notes for staff, of what became of messages there: {new}.", err=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(FieldError("since", "Write the first day as 2026-11-22.")) from None


def _topic(topics: dict[str, str], one: Theirs) -> str | None:
    """The topic that a request of another server belongs to here, by its code or by its name. `topics`: codes by name."""
    return one.service_code if one.service_code in topics.values() else topics.get((one.service_name or "").casefold())


def _area(areas: Areas, one: Theirs) -> str | None:
    """The area that holds its point, or that its address names."""
    area = areas.at(one.long, one.lat) if one.lat is not None and one.long is not None else None
    return area or (areas.called(one.address) if one.address else None)
