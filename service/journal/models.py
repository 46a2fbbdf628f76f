"""One row per thing that was done."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.tables import APPEND_ONLY, Json, Moment, new_id, word_type

INSTALLATION = UUID(int=0)
"""Stands for the collaboration where an act belongs to none: adding a person, a key, a collaboration."""


SELDOM = "subject not in ('feedback', 'narrative', 'promise', 'observation')"
"""What is not the work of every day: an index of its own finds it. Word for word in the index and in what asks."""


class ActorKind(StrEnum):
    """Who did it."""

    RESIDENT = "resident"
    STAFF = "staff"
    KEY = "key"
    OPERATOR = "operator"


class Entry(SQLModel, table=True):
    """What was done to what, by whom, when. Holds no words: those stand in the rows it names, where erasure reaches them."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index(None, "collaboration_id", "subject_id"),
        Index(None, "collaboration_id", "at", sqlite_where=text(SELDOM), postgresql_where=text(SELDOM)),
        APPEND_ONLY,
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    subject: str = Field(max_length=40)
    subject_id: UUID
    verb: str = Field(max_length=40)
    actor_kind: ActorKind = Field(sa_type=word_type(ActorKind))
    actor_id: UUID | None = None
    fields: list[str] | None = Field(default=None, sa_type=Json)
    at: datetime = Field(sa_type=Moment)
