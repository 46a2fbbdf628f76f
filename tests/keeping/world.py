"""Where words could be left: every value of every table, every file of the database, and what was written beside it."""

from pathlib import Path

from sqlalchemy import text
from sqlmodel import SQLModel

import service.everything
from service.database import Database
from service.feedback.desk_actions import publish, reply
from service.feedback.models import Outcome, ReplyIn
from service.people.actions import sign_in
from service.people.models import Member, Role
from service.people.queries import find_session, get_member
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.make import Make


def dumped(database: Database) -> str:
    """Every value of every table, as text."""
    assert service.everything.__all__
    with database.read() as reads:
        tables = SQLModel.metadata.sorted_tables
        return "\n".join(str(row) for table in tables for row in reads.execute(text(f"select * from {table.name}")))  # noqa: S608


def files_of(database: Database, settings: Settings) -> str:
    """Every byte of the database's files and of what lies under SAID_VAR; on PostgreSQL, of the latter."""
    folders = [settings.var]
    if database.is_sqlite:
        folders.append(Path(settings.database.removeprefix("sqlite:///")).parent)
    files = {path for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file()}
    return "\n".join(path.read_bytes().decode("latin-1") for path in sorted(files))


def member(make: Make, place: PlaceCard, role: Role = Role.COORDINATOR, email: str = "sam@hillside.example") -> Member:
    """Somebody at work, as an action receives them."""
    link = make.person(place, role, email=email, name="Sam Okoro")
    with make.database.write() as writes:
        cookie = sign_in(writes, link, make.clock())
    with make.database.read() as reads:
        found = find_session(reads, cookie, make.clock())
        assert found is not None
        return get_member(reads, found, place)


def answered(make: Make, sam: Member, code_or_id: object, words: str) -> None:
    """Sam answers a message, saying these words."""
    message_id = make.message_id(code_or_id)  # type: ignore[arg-type]
    with make.database.write() as writes:
        reply(writes, sam, message_id, ReplyIn(outcome=Outcome.THANK_YOU, body=words), make.clock())


def published(make: Make, sam: Member, message: object) -> None:
    """Sam lets everybody read a message."""
    with make.database.write() as writes:
        publish(writes, sam, make.message_id(message), make.clock())  # type: ignore[arg-type]
