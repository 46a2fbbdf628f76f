"""The table of what other systems say became of a message, and what may be said of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.tables import Moment, new_id, of_collaboration, of_same, word_type

MOST_REF = 120
"""Characters of an id that another system gave."""


class Said(StrEnum):
    """How a thing stands in another system, in its own account."""

    OPEN = "open"
    LOOKING = "looking"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CLOSED = "closed"
    NOTHING_MORE = "nothing_more"
    NOT_THEIRS = "not_theirs"
    PASSED_ON = "passed_on"
    KNOWN = "known"
    REOPENED = "reopened"


WAITS = text("dealt_at is null")
"""Notes with which nobody has done anything."""


class OutsideNote(SQLModel, table=True):
    """What another system said of one message. `source` and `ref` say which note it is there; `holder_id` whose key brought it.

    It is a note for staff. It answers nobody, publishes nothing, and keeps no promise. It waits for somebody until whoever sent the
    message was told something, or somebody puts it away: `dealt_at`.
    """

    __tablename__ = "outside_note"
    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        UniqueConstraint("collaboration_id", "source", "ref"),
        Index(None, "collaboration_id", "feedback_id"),
        Index("ix_outside_note_waiting", "collaboration_id", "feedback_id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID
    source: str = Field(max_length=80)
    ref: str = Field(max_length=MOST_REF)
    holder_id: UUID | None = Field(default=None, foreign_key="holder.id")
    said: Said = Field(sa_type=word_type(Said))
    body: str | None = Field(default=None, sa_type=Text)
    said_at: datetime = Field(sa_type=Moment)
    heard_at: datetime = Field(sa_type=Moment)
    dealt_at: datetime | None = Field(default=None, sa_type=Moment)


@dataclass(frozen=True, slots=True)
class Note:
    """One note as it comes: its id there, how the thing stands, in which words, and since when."""

    ref: str
    said: Said
    body: str | None
    said_at: datetime
