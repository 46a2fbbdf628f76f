"""What every command needs: the settings, the database, the moment, a collaboration."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import typer

from service.clock import system_clock
from service.database import Database, ReadSession, WriteSession
from service.errors import NotFound
from service.places.queries import PlaceCard, get_place
from service.settings import Settings

Item = TypeVar("Item")

PATIENCE = 1.0
"""Seconds after which a command shows how far it is."""


def _database() -> Database:
    settings = Settings()
    return Database(settings.database, whole_house=True, var=settings.var)


@contextmanager
def reading() -> Iterator[ReadSession]:
    """A session that cannot change anything."""
    database = _database()
    try:
        with database.read() as reads:
            yield reads
    finally:
        database.reader.dispose()


@contextmanager
def writing() -> Iterator[WriteSession]:
    """One transaction, beside the running service: on SQLite it takes its turn at the lock."""
    database = _database()
    try:
        with database.write() as writes:
            yield writes
    finally:
        database.writer.dispose()


@contextmanager
def progress(items: Sequence[Item], label: str) -> Iterator[Iterable[Item]]:
    """A progress bar where somebody watches; elsewhere nothing but the items."""
    if not sys.stderr.isatty():
        yield items
        return
    with typer.progressbar(items, label=label, file=sys.stderr) as bar:
        yield bar


def present() -> datetime:
    """The moment, or the one that the settings fix in test mode."""
    return Settings().now or system_clock()


def place_of(reads: ReadSession, slug: str) -> PlaceCard:
    """The collaboration with this slug, or a sentence that says how to see which there are. Raises: NotFound."""
    try:
        return get_place(reads, slug)
    except NotFound:
        raise NotFound(f"There is no collaboration called {slug}. `said collaboration list` shows which there are.") from None


@contextmanager
def opened() -> Iterator[Database]:
    """The database itself, for a command that needs many sessions."""
    database = _database()
    try:
        yield database
    finally:
        database.reader.dispose()
        database.writer.dispose()


@contextmanager
def watching(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Takes in how far a command is; after a second it shows a bar, where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _position: None
        return
    began, bar = time.monotonic(), typer.progressbar(length=max(length, 1), label=label, file=sys.stderr)
    shown = False

    def show(position: int) -> None:
        nonlocal shown
        if not shown and time.monotonic() - began > PATIENCE:
            shown = True
            bar.__enter__()
        if shown:
            bar.update(max(min(position, length) - bar.pos, 0))

    try:
        yield show
    finally:
        if shown:
            bar.__exit__(None, None, None)
