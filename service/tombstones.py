"""What was taken out for good: a dated row without words for each thing, which takes it out again when an older backup is restored.

The rows stand in the database; `service/keeping/ledger.py` writes them to a file beside it as well, which no restored copy replaces.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles on SQLite as well, the reverse does not
from sqlmodel import Field, SQLModel

from service.database import WriteSession
from service.journal.actions import Actor
from service.journal.models import INSTALLATION, ActorKind
from service.tables import APPEND_ONLY, Moment, new_id, word_type


class Gone(StrEnum):
    """What was taken out."""

    MESSAGE = "message"
    STORY = "story"
    CONTACT = "contact"
    PERSON = "person"
    CONSENT = "consent"
    PHOTO = "photo"


class Why(StrEnum):
    """Why it was taken out."""

    TAKEN_BACK = "taken_back"
    ERASED = "erased"
    LEFT = "left"


class Tombstone(SQLModel, table=True):
    """One thing that was taken out for good: which kind, when, why, by whom. Never what it said. Append-only."""

    __table_args__ = (UniqueConstraint("collaboration_id", "gone", "subject_id"), Index(None, "at"), APPEND_ONLY)

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    gone: Gone = Field(sa_type=word_type(Gone))
    subject_id: UUID
    why: Why = Field(sa_type=word_type(Why))
    actor_kind: ActorKind = Field(sa_type=word_type(ActorKind))
    actor_id: UUID | None = None
    at: datetime = Field(sa_type=Moment)


_table = Tombstone.__table__  # type: ignore[attr-defined]
_leave = insert(_table).on_conflict_do_nothing(index_elements=["collaboration_id", "gone", "subject_id"])


def leave(  # noqa: PLR0913 (one sentence: who took what out, why, when)
    writes: WriteSession, actor: Actor, gone: Gone, subject_id: UUID, why: Why, *, at: datetime, collaboration_id: UUID = INSTALLATION
) -> None:
    """Remembers that something was taken out, in the transaction that does so. The first time counts."""
    row = Tombstone(
        collaboration_id=collaboration_id, gone=gone, subject_id=subject_id, why=why, actor_kind=actor.kind, actor_id=actor.id, at=at
    )
    writes.execute(_leave, [row.model_dump()])
