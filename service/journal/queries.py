"""Asking the journal: what was done with one thing, and who set what in a place. Nothing here changes it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from service.database import ReadSession
from service.journal.models import ActorKind, Entry


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done: the verb, whose act it was, and when."""

    verb: str
    actor_kind: ActorKind
    actor_id: UUID | None
    at: datetime


def count_done(reads: ReadSession, place_id: UUID, subject_id: UUID) -> int:
    """How many things were done with this."""
    query = select(func.count()).select_from(Entry).where(Entry.collaboration_id == place_id, Entry.subject_id == subject_id)
    return reads.exec(query).one()


def find_all_done(reads: ReadSession, place_id: UUID, subject_id: UUID) -> list[Done]:
    """All that was done with this, in its order."""
    query = select(Entry).where(Entry.collaboration_id == place_id, Entry.subject_id == subject_id)
    found = reads.exec(query.order_by(col(Entry.at), col(Entry.id)))
    return [Done(entry.verb, entry.actor_kind, entry.actor_id, entry.at) for entry in found]
