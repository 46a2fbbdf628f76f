"""The table of deals, what may be sent of one, and what is shown of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.promises.models import Said
from service.tables import Day, Input, IsoDay, Line, Moment, new_id, of_collaboration, of_same, word_type


class DealLevel(StrEnum):
    """The one deal of a place that speaks of all it does, or one of those under it."""

    HEADLINE = "headline"
    PRIORITY = "priority"


class Deal(SQLModel, table=True):
    """What both sides agreed: promises of organisations and the community's part hang on it. It has no score of its own."""

    __table_args__ = (
        of_collaboration(),
        of_same("deal", "parent_id"),
        UniqueConstraint("collaboration_id", "title"),
        CheckConstraint("level = 'priority' or parent_id is null", name="headline_stands_alone"),
        CheckConstraint("parent_id is null or parent_id <> id", name="under_another"),
        CheckConstraint("since is null or until is null or since <= until", name="dates_in_order"),
        Index(None, "collaboration_id", "parent_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    level: DealLevel = Field(default=DealLevel.PRIORITY, sa_type=word_type(DealLevel))
    title: str = Field(max_length=200)
    theme: str | None = Field(default=None, max_length=200)
    parent_id: UUID | None = None
    said: str | None = Field(default=None, sa_type=Text)
    since: date | None = Field(default=None, sa_type=Day)
    until: date | None = Field(default=None, sa_type=Day)
    added_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)


class DealIn(Input):
    """A deal as staff write it. A priority deal may stand under a headline deal."""

    title: Line
    level: DealLevel = DealLevel.PRIORITY
    theme: Line | None = None
    parent: UUID | None = None
    said: Said | None = None
    since: IsoDay | None = None
    until: IsoDay | None = None


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal as lists and pages show it."""

    id: UUID
    level: DealLevel
    title: str
    theme: str | None
    parent_id: UUID | None
    said: str | None
    since: date | None
    until: date | None
