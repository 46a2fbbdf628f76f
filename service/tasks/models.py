"""The table of small things that answers say will be done, and what may be sent and is answered about them."""

from datetime import date
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from service.places.models import Out
from service.tables import Day, Input, IsoDay, Line, Paragraph, of_collaboration, of_same

OPEN = text("done_on IS NULL")


class Task(SQLModel, table=True):
    """What an answer says the team will do, and who of it. By when stands with the answer; what came of it is told to the sender."""

    __table_args__ = (
        of_collaboration(),
        of_same("reply", "reply_id"),
        of_same("feedback", "feedback_id"),
        Index("ix_task_open", "collaboration_id", "feedback_id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    collaboration_id: UUID = Field(primary_key=True)
    reply_id: UUID = Field(primary_key=True)
    feedback_id: UUID
    words: str = Field(sa_type=Text)
    role: str = Field(max_length=200)
    done_on: date | None = Field(default=None, sa_type=Day)
    done_by: UUID | None = Field(default=None, foreign_key="staff.id")


class TaskIn(Input):
    """A small thing that the team does. `role` says who of it does it, never a person's name."""

    words: Paragraph = Limit(min_length=1)
    role: Line = Limit(min_length=1)
    due_on: IsoDay


class TaskSaid(Out):
    """A small thing that the team said it does: by when, and when it was done."""

    words: str
    role: str
    due_on: date
    done_on: date | None


class TaskOut(TaskSaid):
    """The same, with whether its day has passed today and it is not done."""

    late: bool
