"""A story that many tests begin with is told once by the product's own actions, in each process on each kind of database; then copied.

What is copied is every row, as it was stored. Receipt codes of the first telling open nothing in a copy, which has server keys of its own.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlmodel import SQLModel

from service.database import Database, ReadSession
from service.places.queries import PlaceCard
from tests.make import SettableClock

Beginning = tuple[tuple[str, int], ...]
Told = tuple[UUID, Any, dict[str, list[dict[str, Any]]]]

OWN, ADDED_TO = "server_key", "journal_entry"
"""What stays each database's own: which keys it has met; and what nobody may take a row from."""

TOLD: dict[tuple[str, str, Beginning], Told] = {}
"""What there was afterwards: by story, kind of database, and how many rows there were in which table before."""


def tell_once(story: str, tell: Callable[[], None], database: Database, place: PlaceCard, clock: SettableClock) -> None:
    """Tells this story about the place, or copies what was told first. Where it begins otherwise, it is told anew."""
    with database.read() as reads:
        beginning, noted = _beginning(reads), {row["id"] for row in _rows(reads, ADDED_TO)}
    way = (story, database.writer.dialect.name, beginning)
    if way in TOLD:
        clock.now = _copy(TOLD[way], beginning, database, place.id)
        return
    tell()
    with database.read() as reads:
        rows = {table.name: _rows(reads, table.name) for table in _tables()}
    rows[ADDED_TO] = [row for row in rows[ADDED_TO] if row["id"] not in noted]
    TOLD[way] = (place.id, clock.now, rows)


def _tables() -> list[Any]:
    return [table for table in SQLModel.metadata.sorted_tables if table.name != OWN]


def _rows(reads: ReadSession, name: str) -> list[dict[str, Any]]:
    return [dict(row) for row in reads.execute(select(SQLModel.metadata.tables[name])).mappings()]


def _beginning(reads: ReadSession) -> Beginning:
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in _tables()]
    row = reads.execute(select(*counts)).one()
    return tuple((table.name, count) for table, count in zip(_tables(), row, strict=True) if count)


def _copy(told: Told, beginning: Beginning, database: Database, place: UUID) -> Any:
    """Answers what time it was when all had been told."""
    before, now, rows = told
    tables = _tables()
    with database.write() as writes:
        for table in reversed(tables):
            if table.name in dict(beginning) and table.name != ADDED_TO:
                writes.execute(delete(table))
        for table in tables:
            found = [{name: _of(value, before, place) for name, value in row.items()} for row in rows[table.name]]
            if any(key.column.table is table for key in table.foreign_keys):  # all in one statement: a row may name one further on
                found and writes.execute(insert(table).values(found))
            elif found:
                writes.execute(insert(table), found)
    return now


def _of(value: Any, before: UUID, place: UUID) -> Any:
    """The same, about this place."""
    if value == before:
        return place
    if isinstance(value, str):
        return value.replace(str(before), str(place)).replace(before.hex, place.hex)
    if isinstance(value, dict):
        return {name: _of(one, before, place) for name, one in value.items()}
    return [_of(one, before, place) for one in value] if isinstance(value, list) else value
