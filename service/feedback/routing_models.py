"""The tables of where a message goes: to which organisation it was passed on, and who has taken it on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.tables import Moment, new_id, of_collaboration, of_same


class Passing(SQLModel, table=True):
    """A message was passed on to an organisation; without one, back to the team. It changes hands, and this says when."""

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("organisation", "organisation_id"),
        Index(None, "collaboration_id", "feedback_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID
    organisation_id: UUID | None = None
    staff_id: UUID = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Moment)


class Assignment(SQLModel, table=True):
    """Who has taken a message on. It counts as long as they may answer it."""

    __table_args__ = (of_collaboration(), of_same("feedback", "feedback_id"), Index(None, "collaboration_id", "staff_id"))

    collaboration_id: UUID = Field(primary_key=True)
    feedback_id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Moment)
