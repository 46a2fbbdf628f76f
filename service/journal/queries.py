"""Asking the journal: what was done with one thing, and who set what in a place. Nothing here changes it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, text, tuple_
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.journal.models import INSTALLATION, SELDOM, ActorKind, Entry
from service.walls import whole_house

# ---- with one thing --------------------------------------------------------------------------------------------------


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


# ---- in a place ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """One act: its verb, what it was done to, by whom, when. Numbers and verbs only; who asks looks the names up."""

    at: datetime
    id: UUID
    actor_kind: ActorKind
    actor_id: UUID | None
    verb: str
    subject: str
    subject_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which acts are asked for. `about`: of these things alone, a query for their ids. `house`: which things of the installation too."""

    subjects: Collection[str]
    about: Any = None
    house: Any = None
    leave_out: Collection[tuple[str, str]] = ()
    """Pairs of a subject and a verb."""

    by: UUID | None = None
    since: datetime | None = None
    before: datetime | None = None
    after: tuple[datetime, UUID] | None = None
    """The act after which a page begins: those that are older follow."""


def find_told(reads: ReadSession, place_id: UUID, asked: Asked, most: int) -> list[Told]:
    """What was done in a place, the newest first: of subjects that are not the work of every day."""
    found = _read(reads, _here(place_id, asked), asked, most)
    if asked.house is not None:
        found += find_told_of_house(reads, asked, most)
    return sorted(found, key=lambda told: (told.at, told.id), reverse=True)[:most]


def find_told_of_house(reads: ReadSession, asked: Asked, most: int) -> list[Told]:
    """What was done to `asked.house`: to people and keys, which belong to no collaboration."""
    with whole_house(reads):
        here = and_(col(Entry.collaboration_id) == INSTALLATION, col(Entry.subject_id).in_(asked.house))
        return _read(reads, here, asked, most)


def _read(reads: ReadSession, here: ColumnElement[bool], asked: Asked, most: int) -> list[Told]:
    names = ("at", "id", "actor_kind", "actor_id", "verb", "subject", "subject_id", "fields")
    query = columns(*(col(getattr(Entry, name)) for name in names)).where(here, text(SELDOM), *_narrowed(asked))
    rows = reads.execute(query.order_by(col(Entry.at).desc(), col(Entry.id).desc()).limit(most))
    return [
        Told(at, id_, kind, by, verb, subject, subject_id, tuple(fields or ()))
        for at, id_, kind, by, verb, subject, subject_id, fields in rows
    ]


def _here(place_id: UUID, asked: Asked) -> ColumnElement[bool]:
    here = col(Entry.collaboration_id) == place_id
    return here if asked.about is None else and_(here, col(Entry.subject_id).in_(asked.about))


def _narrowed(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Entry.subject).in_(asked.subjects)]
    found += [~and_(col(Entry.subject) == subject, col(Entry.verb) == verb) for subject, verb in asked.leave_out]
    if asked.by is not None:
        found.append(col(Entry.actor_id) == asked.by)
    if asked.since is not None:
        found.append(col(Entry.at) >= asked.since)
    if asked.before is not None:
        found.append(col(Entry.at) < asked.before)
    if asked.after is not None:
        found.append(tuple_(col(Entry.at), col(Entry.id)) < asked.after)
    return found
