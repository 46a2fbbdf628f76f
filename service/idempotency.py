"""Answers that are given again: the same key with the same request does its work once.

An answer is kept 30 days under its collaboration, a namespace (the holder of the caller's key) and the idempotency key. Feedback has
a way of its own, for ever: there the key is the receipt.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Text, delete, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles on SQLite as well, the reverse does not
from sqlmodel import Field, SQLModel

from service.database import ReadSession, WriteSession
from service.errors import Conflict
from service.language import _
from service.tables import Moment, of_collaboration

KEEPS = timedelta(days=30)
MOST_KEY = 200
"""Characters of an idempotency key."""

REPLAYED = {"Idempotent-Replayed": "true"}
"""The header of an answer that is given again."""


class IdempotentAnswer(SQLModel, table=True):
    """What was answered to a request. Of the key and the request only hashes are kept."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (of_collaboration(), Index(None, "collaboration_id", "answered_at"))

    collaboration_id: UUID = Field(primary_key=True)
    namespace: UUID = Field(primary_key=True)
    key_hash: str = Field(primary_key=True, max_length=64)
    request_hash: str = Field(max_length=64)
    status: int
    body: str = Field(sa_type=Text)
    answered_at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with an idempotency key. `request` is whatever makes it this request: its route, its options, a hash of its body."""

    collaboration_id: UUID
    namespace: UUID
    key: str
    request: tuple[str, ...]

    @property
    def key_hash(self) -> str:
        return hashlib.sha256(self.key.encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def request_hash(self) -> str:
        return hashlib.sha256("\x00".join(self.request).encode("utf-8", "surrogateescape")).hexdigest()


def asked_by(place_id: UUID, staff_id: UUID, key: str, what: str, filled: BaseModel) -> Asked | None:
    """A form that a member of staff sent: two taps on it are one request, with JavaScript or without. None where it has no key."""
    request = (what, filled.model_dump_json(exclude={"idempotency_key"}))
    return Asked(place_id, staff_id, key, request) if key else None


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was sent: its status and its JSON text."""

    status: int
    body: str


class KeyUsed(Conflict):
    """The idempotency key came before, with another request."""


_table = IdempotentAnswer.__table__  # type: ignore[attr-defined]
_keep = insert(_table).on_conflict_do_nothing(index_elements=list(_table.primary_key.columns))


def find_kept(reads: ReadSession, asked: Asked, now: datetime) -> Kept | None:
    """The answer that was given to this request before, if any. Raises: KeyUsed when the key came with another request."""
    found = reads.execute(
        select(_table.c.request_hash, _table.c.status, _table.c.body).where(
            _table.c.collaboration_id == asked.collaboration_id,
            _table.c.namespace == asked.namespace,
            _table.c.key_hash == asked.key_hash,
            _table.c.answered_at > now - KEEPS,
        )
    ).first()
    if found is None:
        return None
    if found.request_hash != asked.request_hash:
        raise KeyUsed(_("This idempotency key came before, with another request. Use a fresh key for a new request."))
    return Kept(found.status, found.body)


def keep(writes: WriteSession, asked: Asked, answer: Kept, now: datetime) -> Kept | None:
    """Keeps an answer, in the transaction that did the work; drops those that are too old.

    Shape:  None when it was kept; otherwise the answer that a twin of this request was given a moment ago, which counts.
    Raises: KeyUsed when the twin was another request.
    """
    writes.execute(
        delete(_table).where(_table.c.collaboration_id == asked.collaboration_id, _table.c.answered_at <= now - KEEPS),
    )
    row = {"collaboration_id": asked.collaboration_id, "namespace": asked.namespace, "key_hash": asked.key_hash}
    row |= {"request_hash": asked.request_hash, "status": answer.status, "body": answer.body, "answered_at": now}
    kept = writes.execute(_keep.returning(_table.c.status), [row]).first()
    return None if kept else find_kept(writes, asked, now)


def forget(writes: WriteSession, place_id: UUID, named: UUID) -> None:
    """Forgets what was sent in the requests whose answers name this thing. Their keys stay taken: a late repeat is refused, not done."""
    answers = _table.c.body.contains(str(named), autoescape=True)
    writes.execute(update(_table).where(_table.c.collaboration_id == place_id, answers).values(request_hash=""))


def once(writes: WriteSession, asked: Asked | None, now: datetime, work: Callable[[], Kept]) -> tuple[Kept, bool]:
    """Does a request's work once: its answer, and whether it was given before. Without a key the work is simply done.

    The key is taken before the work, so that a twin at the same moment waits, and is given back when the work is refused.
    Raises: KeyUsed when the key came with another request, and whatever the work raises.
    """
    if asked is None:
        return work(), False
    with writes.begin_nested():
        earlier = keep(writes, asked, Kept(0, ""), now)
        if earlier:
            return earlier, True
        answer = work()
        same = (_table.c.collaboration_id == asked.collaboration_id) & (_table.c.namespace == asked.namespace)
        mine = same & (_table.c.key_hash == asked.key_hash)
        writes.execute(update(_table).where(mine).values(status=answer.status, body=answer.body))
    return answer, False
