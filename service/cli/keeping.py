"""`said retain`, `said retention`, `said hold`, `said erasures`, `said subject`."""

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from service.cli.places import Of, _checked
from service.cli.session import opened, place_of, present, reading, writing
from service.journal.actions import OPERATOR
from service.keeping import ledger, replay, retention
from service.keeping.actions import lift_hold, place_hold, set_retention
from service.keeping.models import HoldIn, PeriodIn, Settable
from service.keeping.queries import find_holds, find_months
from service.register import Subject
from service.server_keys import ServerKeys, load_or_make
from service.settings import Settings
from service.subjects.actions import copy_for, erase, search
from service.subjects.models import SearchIn

periods = typer.Typer(no_args_is_help=True, help="For how long a place keeps words and contacts.")
hold = typer.Typer(no_args_is_help=True, help="What must not be deleted for now.")
erasures = typer.Typer(no_args_is_help=True, help="The ledger of what was taken out for good.")

subject = typer.Typer(no_args_is_help=True, help="What is held about somebody: finding it, a copy, erasure.")

Why = Annotated[str, typer.Option(help="Why; it is kept, and colleagues read it")]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command("retain")(retain)
    app.add_typer(periods, name="retention")
    app.add_typer(hold, name="hold")
    app.add_typer(erasures, name="erasures")
    app.add_typer(subject, name="subject")


def retain(apply: Annotated[bool, typer.Option("--apply", help="Take it out; without this it is only counted")] = False) -> None:
    """Count what is kept longer than its period says; with --apply take it out. The service does so by itself once a day."""
    with opened() as database:
        if apply:
            counts = retention.retain(database, present())
            replay.write_down(database, Settings().var)
        else:
            with database.read() as reads:
                counts = retention.due(reads, present())
    for name, count in sorted(counts.items()):
        if count:
            typer.echo(f"{count:>8}  {name}")
    total = sum(counts.values())
    if not total:
        typer.echo("Nothing is kept longer than its period says.")
    elif not apply:
        typer.echo(f"{total} in all. Nothing was changed: `said retain --apply` takes them out.")
    else:
        typer.echo(f"{total} in all were taken out.")


@periods.command("show")
def show_periods(collaboration: Of) -> None:
    """The periods of a place, in months."""
    with reading() as reads:
        for settable, months in find_months(reads, place_of(reads, collaboration).id).items():
            typer.echo(f"{settable}\t{months}")


@periods.command("set")
def set_period(settable: Settable, months: int, collaboration: Of, why: Why) -> None:
    """Set a period. It holds for what is there as well, when the periods are next carried out."""
    given = _checked(PeriodIn, {"settable": settable, "months": months, "why": why})
    with writing() as writes:
        news = set_retention(writes, OPERATOR, place_of(writes, collaboration), given, present())
    typer.echo("It is so from now on." if news else "It was so already.")


@hold.command("place")
def place_one(
    collaboration: Of,
    why: Why,
    message: Annotated[UUID | None, typer.Option(help="One message, by its id")] = None,
    story: Annotated[UUID | None, typer.Option(help="One story, by its id")] = None,
) -> None:
    """Stop deletion for a whole place, one message or one story; prints the hold's id."""
    if message and story:
        raise RuntimeError("Name a message or a story, not both; without either the hold covers the whole place.")
    subject = Subject.MESSAGE if message else Subject.STORY if story else None
    given = _checked(HoldIn, {"why": why, "subject": subject, "subject_id": message or story})
    with writing() as writes:
        typer.echo(place_hold(writes, OPERATOR, place_of(writes, collaboration), given, present()))


@hold.command("lift")
def lift_one(hold_id: UUID, collaboration: Of) -> None:
    """Let what was held back be deleted again when its time is over."""
    with writing() as writes:
        lift_hold(writes, OPERATOR, place_of(writes, collaboration), hold_id, present())
    typer.echo("The hold is lifted.")


@hold.command("list")
def list_holds(collaboration: Of) -> None:
    """The holds that stand."""
    with reading() as reads:
        for row in find_holds(reads, place_of(reads, collaboration).id):
            covers = f"{row.subject} {row.subject_id}" if row.subject else "the whole place"
            typer.echo(f"{row.id}\t{covers}\t{row.placed_at:%Y-%m-%d}\t{row.why}")


@erasures.command("replay")
def replay_ledger(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="A copy of a ledger; absent: the one under SAID_VAR")
    ] = None,
) -> None:
    """Take out again what a restored older copy brought back. `said serve` does so by itself with the ledger under SAID_VAR."""
    settings = Settings()
    with opened() as database:
        again = replay.replay(database, ledger.read(file), present()) if file else 0
        again += replay.catch_up(database, settings.var, present())
    typer.echo(f"Taken out again: {again}.")


@subject.command("find")
def find_one(known_by: str, collaboration: Of, why: Why) -> None:
    """What is held of somebody: KNOWN_BY is a receipt code, an id, a partner's name for it, or a colleague's address. Prints no words."""
    given = _checked(SearchIn, {"known_by": known_by, "why": why})
    with writing() as writes:
        found = search(writes, _keys(), OPERATOR, place_of(writes, collaboration), given, present())
    for one in found:
        state = " (its words are gone)" if one.gone else " (a legal hold covers it)" if one.held else ""
        typer.echo(f"{one.subject}\t{one.id}\t{one.since}{state}")
        for holding in one.holdings:
            typer.echo(f"\t{holding.count}\t{holding.table}\t{holding.what}")
    if not found:
        raise RuntimeError("Nothing is held that goes by this.")


@subject.command("copy")
def copy_one(what: Subject, subject_id: UUID, collaboration: Of, why: Why) -> None:
    """All that is held of one message, story or colleague, as JSON."""
    with writing() as writes:
        place = place_of(writes, collaboration)
        copy = copy_for(writes, _keys(), OPERATOR, place, (what, subject_id), why, present())
    typer.echo(json.dumps(copy, ensure_ascii=False, indent=2))


@subject.command("erase")
def erase_one(what: Subject, subject_id: UUID, collaboration: Of) -> None:
    """Take the words of one message or story out for good, as its operator alone: staff need two people. A tombstone stays."""
    with writing() as writes:
        erase(writes, OPERATOR, place_of(writes, collaboration), what, subject_id, present())
    with opened() as database:
        replay.write_down(database, Settings().var)
    typer.echo("The words are gone.")


def _keys() -> ServerKeys:
    return load_or_make(Settings().var / "keys")
