"""Counts kept in the same transaction as the facts they count, and the version of what a collaboration shows.

A count is the sum over its slots: on PostgreSQL each process adds to rows of its own, so that none waits for another's COMMIT.
"""

import os
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles on SQLite as well, the reverse does not
from sqlmodel import Field, SQLModel

from service.database import Database, ReadSession, WriteSession
from service.rows import json_of, rows_of
from service.tables import of_collaboration
from service.walls import Walls, within

SLOTS = 16
SLOT: ColumnElement[int] = literal_column(str(os.getpid() % SLOTS), Integer)
NOWHERE = UUID(int=0)
"""Stands for the area where none was named: key columns are never NULL."""

Cell = tuple[str, str, str, str, str]
"""Collaboration (hex), subject, period (a local month `2026-11` or day `2026-11-23`), area (hex), and what tells the subject apart."""


class Rollup(SQLModel, table=True):
    """How many things of a subject were counted, by period, area and cell. Units: items, never people."""

    __table_args__ = (of_collaboration(),)

    collaboration_id: UUID = Field(primary_key=True)
    subject: str = Field(primary_key=True, max_length=40)
    period: str = Field(primary_key=True, max_length=10)
    area_id: UUID = Field(primary_key=True)
    cell: str = Field(primary_key=True, max_length=40)
    slot: int = Field(primary_key=True)
    count: int


class Version(SQLModel, table=True):
    """Rises with every change to what the collaboration's pages show."""

    __table_args__ = (of_collaboration(),)

    collaboration_id: UUID = Field(primary_key=True)
    slot: int = Field(primary_key=True)
    number: int


_rollup, _version = Rollup.__table__, Version.__table__  # type: ignore[attr-defined]
_keys = [_rollup.c[name] for name in ("collaboration_id", "subject", "period", "area_id", "cell")]
_cells = rows_of([*_keys, _rollup.c.count])
_add = insert(_rollup).from_select(
    [*(key.name for key in _keys), "count", "slot"], select(*_cells.c, SLOT).order_by(*(_cells.c[key.name] for key in _keys))
)
_add = _add.on_conflict_do_update(index_elements=list(_rollup.primary_key.columns), set_={"count": _rollup.c.count + _add.excluded.count})
_touched = rows_of([_version.c.collaboration_id])
_touch = insert(_version).from_select(
    ["collaboration_id", "slot", "number"],
    select(_touched.c.collaboration_id, SLOT, literal_column("1", Integer)).order_by(_touched.c.collaboration_id),
)
_touch = _touch.on_conflict_do_update(index_elements=list(_version.primary_key.columns), set_={"number": _version.c.number + 1})


def count(writes: WriteSession, cells: Counter[Cell]) -> None:
    """Adds to the counts. In a fixed order, so that two processes never wait for each other crosswise."""
    if cells:
        writes.execute(_add, json_of((*cell, number) for cell, number in sorted(cells.items())))


def touch(writes: WriteSession, collaborations: Iterable[UUID]) -> None:
    """Says that what these collaborations show has changed."""
    writes.execute(_touch, json_of([found.hex] for found in sorted(set(collaborations))))


_SUM = "select coalesce(sum(number), 0) from version where collaboration_id = ?"


async def current_version(database: Database, collaboration_id: UUID) -> int:
    """The same as `version_of`, the quickest way that there is: every request for a page that is kept asks for it."""
    if database.is_sqlite:
        return int(database.glance(_SUM, collaboration_id.hex))
    with within(Walls(frozenset({collaboration_id}))):  # before any address was read: this is asked in front of all routes
        return await database.reading(lambda reads: version_of(reads, collaboration_id))


def version_of(reads: ReadSession, collaboration_id: UUID) -> int:
    """The version of what a collaboration shows. Units: changes since it was added."""
    found = reads.scalar(select(func.sum(Version.number)).where(_version.c.collaboration_id == collaboration_id))
    return int(found or 0)
