"""Taking words out of every table that the register says holds them: rows go, or their words and names are emptied."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, null, update
from sqlmodel import SQLModel

import service.everything
from service import findable
from service.database import WriteSession
from service.register import Fate, Subject, said
from service.registered import REGISTER

AT_ONCE = 200
"""Subjects whose words are taken out in one transaction."""


def sweep(writes: WriteSession, subject: Subject, place_id: UUID | None, ids: Sequence[UUID], *, too_old: bool = False) -> None:
    """Takes out all that is held of these subjects: as when they are taken back, or as when their time is over.

    A new table needs no line here: its feature's `kept.py` says whose its rows are. What the session knew of them it reads anew.
    """
    assert service.everything.__all__  # noqa: S101 (importing it made the metadata complete)
    writes.flush()
    known = {kept.table: kept for kept in REGISTER}
    for table in reversed(SQLModel.metadata.sorted_tables):
        kept = known.get(table.name)
        of = said(kept, among=subject) if kept else None
        if kept is None or of is None:
            continue
        theirs = table.c[of.column].in_(ids)
        if place_id is not None and "collaboration_id" in table.c:
            theirs = theirs & (table.c.collaboration_id == place_id)
        fate = of.too_old if too_old else of.taken_back
        if fate == Fate.GOES:
            writes.execute(delete(table).where(theirs))
        elif fate == Fate.BLANKED:
            emptied = {name: null() if left is None else left for name, left in kept.blanked().items()}
            writes.execute(update(table).where(theirs).values(emptied))
    if place_id is not None:
        for one in ids:
            findable.take_out(writes, place_id, one)
    writes.expire_all()
