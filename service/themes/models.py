"""The tables of themes, and what may be typed to name one."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as Limit
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.feedback.models import NoKind, Outcome
from service.tables import Json, Line, Moment, Sentence, new_id, of_collaboration, of_same, word_type

MOST_MARKED = 50
MOST_NAME = 80
"""Messages that are put into a theme at once, and characters of its name."""


class Namer(StrEnum):
    """In whose words it is named."""

    COMMUNITY = "community"
    STAFF = "staff"


class Theme(SQLModel, table=True):
    """What several messages are about. `shown_at`: since when everybody reads its name, how many told, and what was answered."""

    __table_args__ = (of_collaboration(), UniqueConstraint("collaboration_id", "name"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    name: str = Field(max_length=MOST_NAME)
    about: str | None = Field(default=None, max_length=300)
    named_by: Namer = Field(sa_type=word_type(Namer))
    staff_id: UUID = Field(foreign_key="staff.id")
    made_at: datetime = Field(sa_type=Moment)
    shown_at: datetime | None = Field(default=None, sa_type=Moment)


class ThemeMessage(SQLModel, table=True):
    """A message belongs to a theme. It may belong to several."""

    __tablename__ = "theme_message"
    __table_args__ = (
        of_collaboration(),
        of_same("theme", "theme_id"),
        of_same("feedback", "feedback_id"),
        Index(None, "collaboration_id", "feedback_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    theme_id: UUID = Field(primary_key=True)
    feedback_id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id")
    added_at: datetime = Field(sa_type=Moment)


class ThemeAnswer(SQLModel, table=True):
    """What is answered to all who told of a theme. Each of them has a reply of their own with these words.

    Until `published_at` it waits for a second person; with `returned_why` they gave it back. `promised`: what it will promise, or the
    small thing that it says the team does.
    """

    __tablename__ = "theme_answer"
    __table_args__ = (
        of_collaboration(),
        of_same("theme", "theme_id"),
        of_same("promise", "promise_id"),
        CheckConstraint("published_at is null or returned_why is null", name="given_or_returned"),
        Index(None, "collaboration_id", "theme_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    theme_id: UUID
    outcome: Outcome = Field(sa_type=word_type(Outcome))
    body: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    no_kind: NoKind | None = Field(default=None, sa_type=word_type(NoKind, "no_kind"))
    promised: dict[str, Any] | None = Field(default=None, sa_type=Json)
    promise_id: UUID | None = None
    staff_id: UUID = Field(foreign_key="staff.id")
    written_at: datetime = Field(sa_type=Moment)
    checked_by: UUID | None = Field(default=None, foreign_key="staff.id")
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    returned_why: str | None = Field(default=None, max_length=300)


class ThemeForm(BaseModel):
    """A theme as it is typed."""

    name: Annotated[Line, Limit(max_length=MOST_NAME)]
    about: Sentence | None = None
    named_by: Namer = Namer.STAFF
