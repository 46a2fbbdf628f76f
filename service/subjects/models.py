"""Asking for a copy or for erasure, and the second person who decides."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from service.keeping.models import Reason
from service.register import Subject
from service.tables import Input, Moment, Plain, new_id, of_collaboration, word_type


class Wish(StrEnum):
    """What is asked for."""

    COPY = "copy"
    ERASURE = "erasure"


class Request(SQLModel, table=True):
    """Somebody asked through one person; another one decides. Nobody does both."""

    __tablename__ = "subject_request"
    __table_args__ = (
        of_collaboration(),
        CheckConstraint("(decided_at is null) = (agreed is null)", name="decision_dated"),
        CheckConstraint("(decided_at is null) = (decided_by is null)", name="decision_signed"),
        CheckConstraint("decided_by is null or decided_by <> asked_by", name="second_person"),
        Index(None, "collaboration_id", "asked_at"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    wish: Wish = Field(sa_type=word_type(Wish))
    subject: Subject = Field(sa_type=word_type(Subject))
    subject_id: UUID
    why: str = Field(max_length=300)
    asked_by: UUID = Field(foreign_key="staff.id")
    asked_at: datetime = Field(sa_type=Moment)
    agreed: bool | None = None
    decided_by: UUID | None = Field(default=None, foreign_key="staff.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)


# ---- what may be sent ------------------------------------------------------------------------------------------------


class SearchIn(Input):
    """What somebody goes by: a receipt code, an id, the name that a partner's system has for it, or a colleague's address; and why."""

    known_by: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Plain]
    why: Reason


class RequestIn(Input):
    """What is asked for, about what, and why."""

    wish: Wish
    subject: Subject
    subject_id: UUID
    why: Reason
