"""What every command needs: the settings, the database, the moment, a collaboration."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from service.clock import system_clock
from service.database import Database, ReadSession, WriteSession
from service.errors import NotFound
from service.places.queries import PlaceCard, get_place
from service.settings import Settings


@contextmanager
def reading() -> Iterator[ReadSession]:
    """A session that cannot change anything."""
    database = Database(Settings().database)
    try:
        with database.read() as reads:
            yield reads
    finally:
        database.reader.dispose()


@contextmanager
def writing() -> Iterator[WriteSession]:
    """One transaction, beside the running service: on SQLite it takes its turn at the lock."""
    database = Database(Settings().database)
    try:
        with database.write() as writes:
            yield writes
    finally:
        database.writer.dispose()


def present() -> datetime:
    """The moment, or the one that the settings fix in test mode."""
    return Settings().now or system_clock()


def place_of(reads: ReadSession, slug: str) -> PlaceCard:
    """The collaboration with this slug, or a sentence that says how to see which there are. Raises: NotFound."""
    try:
        return get_place(reads, slug)
    except NotFound:
        raise NotFound(f"There is no collaboration called {slug}. `said collaboration list` shows which there are.") from None
