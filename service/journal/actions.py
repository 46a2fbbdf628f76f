"""Writing the history: one row per act, in the act's own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert, select

from service import news, rollups
from service.database import WriteSession
from service.journal.models import INSTALLATION, ActorKind, Entry
from service.rows import json_of, rows_of


@dataclass(frozen=True)
class Actor:
    """Who acts: a resident (never identified), a member of staff, a partner's key, or the operator at the command line."""

    kind: ActorKind
    id: UUID | None = None


RESIDENT = Actor(ActorKind.RESIDENT)
OPERATOR = Actor(ActorKind.OPERATOR)


def record(  # noqa: PLR0913 (one sentence: who did what to what, when)
    writes: WriteSession,
    actor: Actor,
    verb: str,
    subject: str,
    subject_id: UUID,
    *,
    at: datetime,
    collaboration_id: UUID = INSTALLATION,
    fields: Sequence[str] | None = None,
) -> None:
    """Adds the row that says what was done, and raises the collaboration's version. The change fails with it."""
    entry = Entry(
        collaboration_id=collaboration_id,
        subject=subject,
        subject_id=subject_id,
        verb=verb,
        actor_kind=actor.kind,
        actor_id=actor.id,
        fields=sorted(fields) if fields else None,
        at=at,
    )
    writes.add(entry)
    writes.flush()
    if collaboration_id != INSTALLATION:
        rollups.touch(writes, [collaboration_id])
        if subject in news.SUBJECTS:
            news.tell(writes, {collaboration_id}, [news.Done(collaboration_id, subject, subject_id, verb, actor.id, at)])


_entry = Entry.__table__  # type: ignore[attr-defined]


class Deed(NamedTuple):
    """A row of the journal for a batch action, as it goes to SQL: in this order, ids as hex, `at` as `tables.moment_text`."""

    collaboration_id: str
    id: str
    subject: str
    subject_id: str
    verb: str
    actor_kind: ActorKind
    actor_id: str | None
    at: str


_rows = rows_of([_entry.c[name] for name in Deed._fields])
_record_all = insert(_entry).from_select(_rows.c.keys(), select(_rows))


def record_all(writes: WriteSession, deeds: Sequence[Deed]) -> None:
    """The same as `record` for many acts, in one statement."""
    if not deeds:
        return
    writes.execute(_record_all, json_of(deeds))
    places = {UUID(place) for place in {deed.collaboration_id for deed in deeds}}
    rollups.touch(writes, places)
    if not news.SUBJECTS.isdisjoint(deed.subject for deed in deeds):
        news.tell(writes, places, (_done(deed) for deed in deeds))


def _done(deed: Deed) -> news.Done:
    by = UUID(deed.actor_id) if deed.actor_id else None
    place_id, subject_id = UUID(deed.collaboration_id), UUID(deed.subject_id)
    return news.Done(place_id, deed.subject, subject_id, deed.verb, by, datetime.fromisoformat(deed.at))
