"""The periods that a place sets, the holds that stop them, and when they were carried out last."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Limit
from pydantic import StringConstraints
from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from service.register import Subject, Term
from service.tables import Input, Json, Moment, Plain, new_id, of_collaboration, word_type


class Settable(StrEnum):
    """What a place sets a period for."""

    UNSHARED_WORDS = Term.UNSHARED_WORDS.value
    CONTACTS = Term.CONTACTS.value


class Period(SQLModel, table=True):
    """From a moment on, words or contacts are kept so many months. The newest counts; the older ones say what was so before."""

    __tablename__ = "retention_period"
    __table_args__ = (
        of_collaboration(),
        CheckConstraint("months > 0", name="months"),
        Index(None, "collaboration_id", "settable", "set_at"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    settable: Settable = Field(sa_type=word_type(Settable))
    months: int
    why: str = Field(max_length=300)
    set_by: UUID | None = Field(default=None, foreign_key="staff.id")
    set_at: datetime = Field(sa_type=Moment)


class Hold(SQLModel, table=True):
    """Nothing that it covers is deleted because its time is over, or erased by staff, until it is lifted. Without a subject: the place."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        of_collaboration(),
        CheckConstraint("(subject is null) = (subject_id is null)", name="subject_whole"),
        CheckConstraint("subject <> 'person'", name="no_person"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    subject: Subject | None = Field(default=None, sa_type=word_type(Subject))
    subject_id: UUID | None = None
    why: str = Field(max_length=300)
    placed_by: UUID | None = Field(default=None, foreign_key="staff.id")
    placed_at: datetime = Field(sa_type=Moment)
    lifted_by: UUID | None = Field(default=None, foreign_key="staff.id")
    lifted_at: datetime | None = Field(default=None, sa_type=Moment)


class Run(SQLModel, table=True):
    """The periods were carried out. `counts`: how much was taken out, by kind."""

    __tablename__ = "retention_run"

    id: UUID = Field(primary_key=True, default_factory=new_id)
    began_at: datetime = Field(sa_type=Moment, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


# ---- what may be sent ------------------------------------------------------------------------------------------------

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300), Plain]


class PeriodIn(Input):
    """How many months, and why."""

    settable: Settable
    months: Annotated[int, Limit(ge=1, le=240)]
    why: Reason


class HoldIn(Input):
    """What must not be deleted, and why. Without a subject: nothing of the place."""

    why: Reason
    subject: Subject | None = None
    subject_id: UUID | None = None
