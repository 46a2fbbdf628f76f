"""The table of what was done with several messages at once."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.feedback.models import State
from service.tables import Moment, of_collaboration, of_same, word_type


class Together(StrEnum):
    """What can be done with several messages at once."""

    READ = "read"
    TAKE = "take"
    SEND_ON = "pass_on"


class Result(StrEnum):
    """What came of it for one of them."""

    DONE = "done"
    ALREADY = "already"
    ANSWERED = "answered"
    NOT_YOURS = "not_yours"
    UNDONE = "undone"


class BulkItem(SQLModel, table=True):
    """One of several messages that somebody marked, what came of it, and how it was before, so that it can be undone for a while."""

    __tablename__ = "bulk_item"
    __table_args__ = (of_collaboration(), of_same("feedback", "feedback_id"), Index(None, "collaboration_id", "at"))

    collaboration_id: UUID = Field(primary_key=True)
    bulk_id: UUID = Field(primary_key=True)
    feedback_id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id")
    act: Together = Field(sa_type=word_type(Together))
    result: Result = Field(sa_type=word_type(Result))
    state_before: State = Field(sa_type=word_type(State))
    read_before: datetime | None = Field(default=None, sa_type=Moment)
    organisation_before: UUID | None = None
    taken_before: UUID | None = None
    at: datetime = Field(sa_type=Moment)
