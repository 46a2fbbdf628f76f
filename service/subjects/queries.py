"""Asking what is held about somebody: which thing is meant, how much of it stands where, and all of it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from sqlalchemy import func, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select

from service.database import ReadSession
from service.days import local_day
from service.errors import NotFound
from service.feedback.models import Feedback
from service.feedback.queries import get_by_code
from service.keeping.queries import is_held
from service.narratives.models import Narrative
from service.outcomes.models import PersonKey
from service.people.models import Staff, StaffRole
from service.places.queries import PlaceCard
from service.register import Class, Kept, Subject, said
from service.registered import REGISTER
from service.server_keys import ServerKeys
from service.subjects.models import Request, Wish


@dataclass(frozen=True, slots=True)
class Holding:
    """One table that holds something of it, and how many rows."""

    table: str
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is meant: what it is, since when it is here, and where something of it stands. No words."""

    subject: Subject
    id: UUID
    since: date
    gone: bool
    held: bool
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request with the names of those who asked and decided."""

    request: Request
    asked_by: str
    decided_by: str | None


def find_subjects(reads: ReadSession, keys: ServerKeys, place: PlaceCard, known_by: str) -> list[Found]:
    """What somebody may mean: by a receipt code, an id, the name that a partner's system has for it, or a colleague's address."""
    ids: set[tuple[Subject, UUID]] = set()
    with suppress(NotFound):
        ids.add((Subject.MESSAGE, get_by_code(reads, keys, place, known_by).id))
    named = _as_id(known_by)
    for subject, table in ((Subject.MESSAGE, Feedback), (Subject.STORY, Narrative)):
        by_id = or_(col(table.id) == named, col(table.public_id) == named) if named else col(table.ref) == known_by
        query = columns(col(table.id)).where(col(table.collaboration_id) == place.id, by_id)
        ids |= {(subject, found) for found in reads.execute(query).scalars()}
    here = columns(col(StaffRole.staff_id)).where(col(StaffRole.collaboration_id) == place.id)
    person = columns(col(Staff.id)).where(col(Staff.id).in_(here), or_(col(Staff.email) == known_by.lower(), col(Staff.id) == named))
    ids |= {(Subject.PERSON, found) for found in reads.execute(person).scalars()}
    by_name = or_(col(PersonKey.id) == named, col(PersonKey.pseudonym) == known_by)
    followed = columns(col(PersonKey.id)).where(col(PersonKey.collaboration_id) == place.id, by_name)
    ids |= {(Subject.PERSON, found) for found in reads.execute(followed).scalars()}
    return [get_subject(reads, place, *one) for one in sorted(ids, key=str)]


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def get_subject(reads: ReadSession, place: PlaceCard, subject: Subject, subject_id: UUID) -> Found:
    """One thing, and where something of it stands. Raises: NotFound, also for what is another place's."""
    since, gone = _since(reads, place, subject, subject_id)
    holdings = []
    for kept in REGISTER:
        count = (
            reads.execute(columns(func.count()).select_from(_rows_of(kept, place, subject, subject_id).subquery())).scalar_one()
            if said(kept, among=subject)
            else 0
        )
        if count:
            holdings.append(Holding(kept.table, kept.what, count))
    held = subject != Subject.PERSON and is_held(reads, place.id, subject, subject_id)
    return Found(subject, subject_id, local_day(since, place.time_zone), gone, held, tuple(holdings))


def _since(reads: ReadSession, place: PlaceCard, subject: Subject, subject_id: UUID) -> tuple[datetime, bool]:
    if subject == Subject.MESSAGE and (message := reads.get(Feedback, (place.id, subject_id))):
        return message.received_at, message.withdrawn_at is not None
    if subject == Subject.STORY and (story := reads.get(Narrative, (place.id, subject_id))):
        return story.submitted_at, story.withdrawn_at is not None
    if subject == Subject.PERSON and (followed := reads.get(PersonKey, (place.id, subject_id))):
        return followed.added_at, False
    here = columns(col(StaffRole.id)).where(col(StaffRole.collaboration_id) == place.id, col(StaffRole.staff_id) == subject_id)
    if subject == Subject.PERSON and reads.execute(here.limit(1)).first() is not None:
        return reads.get_one(Staff, subject_id).added_at, False
    raise NotFound


def _rows_of(kept: Kept, place: PlaceCard, subject: Subject, subject_id: UUID) -> Any:
    """The rows of one table that belong to the subject: of this place, or of no place."""
    of, table = said(kept, among=subject), SQLModel.metadata.tables[kept.table]
    assert of is not None  # noqa: S101 (asked before)
    query = columns(table).where(table.c[of.column] == subject_id)
    return query.where(table.c.collaboration_id == place.id) if "collaboration_id" in table.c and kept.table != "tombstone" else query


def copy_of(reads: ReadSession, keys: ServerKeys, place: PlaceCard, subject: Subject, subject_id: UUID, now: datetime) -> dict[str, Any]:
    """All that is held of it, table by table, with what each is for. Locks are named and left out: they say nothing of anybody."""
    get_subject(reads, place, subject, subject_id)
    tables = []
    for kept in REGISTER:
        if not said(kept, among=subject):
            continue
        locked = {name for one in kept.columns if one.holds == Class.LOCK for name in one} | {"key_hash", "body_hash", "sealed"}
        rows = [_row(keys, dict(row), locked) for row in reads.execute(_rows_of(kept, place, subject, subject_id)).mappings()]
        if rows:
            tables.append({"table": kept.table, "what": kept.what, "for": {" ".join(one): one.why for one in kept.columns}, "rows": rows})
    return {"place": place.name, "subject": subject, "id": str(subject_id), "as_of": now.isoformat(), "held": tables}


def _row(keys: ServerKeys, row: dict[str, Any], locked: set[str]) -> dict[str, Any]:
    found = {name: _plain(value) for name, value in row.items() if name not in locked}
    if "sealed" in row:
        found["contact"] = _opened(keys, row["key_version"], row["sealed"])
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | datetime | date) else value


def _opened(keys: ServerKeys, version: int, sealed: str) -> str | None:
    key = keys.version(version)
    with suppress(InvalidToken):
        return key.contacts.decrypt(sealed.encode()).decode() if key else None
    return None


# ---- requests --------------------------------------------------------------------------------------------------------


def find_requests(reads: ReadSession, place: PlaceCard, *, most: int = 50) -> list[RequestRow]:
    """The requests of a place, those that wait first, then the newest."""
    query = _requests(place).order_by(col(Request.decided_at).is_not(None), col(Request.asked_at).desc()).limit(most)
    return [RequestRow(*row) for row in reads.execute(query)]


def get_request(reads: ReadSession, place: PlaceCard, request_id: UUID) -> RequestRow:
    """One request. Raises: NotFound."""
    found = reads.execute(_requests(place).where(col(Request.id) == request_id)).first()
    if found is None:
        raise NotFound
    return RequestRow(*found)


def is_asked(reads: ReadSession, place: PlaceCard, wish: Wish, subject_id: UUID) -> bool:
    """Whether the same was asked for already, and nobody has decided."""
    query = select(Request.id).where(
        Request.collaboration_id == place.id, Request.wish == wish, Request.subject_id == subject_id, col(Request.decided_at).is_(None)
    )
    return reads.exec(query).first() is not None


def _requests(place: PlaceCard) -> Any:
    asker, decider = aliased(Staff), aliased(Staff)
    return (
        columns(Request, col(asker.name), col(decider.name))
        .join(asker, col(asker.id) == col(Request.asked_by))
        .join(decider, col(decider.id) == col(Request.decided_by), isouter=True)
        .where(col(Request.collaboration_id) == place.id)
    )
