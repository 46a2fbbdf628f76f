"""The tables of what stands around a promise: its milestones, and the indicators, stories and messages behind it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables import Day, Input, IsoDay, Line, Moment, Paragraph, new_id, of_collaboration, of_same


class Milestone(SQLModel, table=True):
    """A step on the way to a promise, with its own day. It moves nothing: a promise is late or kept by itself."""

    __table_args__ = (
        of_collaboration(),
        of_same("promise", "promise_id"),
        CheckConstraint("done_on is null or note is not null", name="done_explained"),
        Index(None, "collaboration_id", "promise_id", "due_on"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    promise_id: UUID
    title: str = Field(max_length=200)
    due_on: date = Field(sa_type=Day)
    done_on: date | None = Field(default=None, sa_type=Day)
    note: str | None = Field(default=None, sa_type=Text)
    added_at: datetime = Field(sa_type=Moment)


class PromiseLink(SQLModel, table=True):
    """What staff put beside a promise: an indicator, a story or a message. Each is shown only to whoever may see it anyway."""

    __tablename__ = "promise_link"
    __table_args__ = (
        of_collaboration(),
        of_same("promise", "promise_id"),
        of_same("indicator", "indicator_id"),
        of_same("narrative", "narrative_id"),
        of_same("feedback", "feedback_id"),
        UniqueConstraint("collaboration_id", "promise_id", "indicator_id"),
        UniqueConstraint("collaboration_id", "promise_id", "narrative_id"),
        UniqueConstraint("collaboration_id", "promise_id", "feedback_id"),
        CheckConstraint(
            "(indicator_id is not null and narrative_id is null and feedback_id is null)"
            " or (indicator_id is null and narrative_id is not null and feedback_id is null)"
            " or (indicator_id is null and narrative_id is null and feedback_id is not null)",
            name="one_thing",
        ),
        Index(None, "collaboration_id", "feedback_id"),
        Index(None, "collaboration_id", "narrative_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    promise_id: UUID
    indicator_id: UUID | None = None
    narrative_id: UUID | None = None
    feedback_id: UUID | None = None
    added_at: datetime = Field(sa_type=Moment)


class MilestoneIn(Input):
    """A step on the way."""

    title: Line
    due_on: IsoDay


class ReachedIn(Input):
    """A step that was taken: when, and what there is to see."""

    done_on: IsoDay
    note: Paragraph


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A step as pages show it."""

    id: UUID
    title: str
    due_on: date
    done_on: date | None
    note: str | None
    late: bool


@dataclass(frozen=True, slots=True)
class LinkedStory:
    """A story beside a promise. `id` is the one that everybody may know."""

    id: UUID
    title: str | None
    excerpt: str
    language: str | None


@dataclass(frozen=True, slots=True)
class LinkedMessage:
    """A message beside a promise. `id` opens its page, for staff only; to everybody it is its public id."""

    id: UUID
    words: str | None
    language: str | None
    week: date | None


@dataclass(frozen=True, slots=True)
class Link:
    """An indicator beside a promise, with its newest value in words; none where nobody posted one."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a promise, as far as its reader may see it."""

    milestones: tuple[MilestoneRow, ...]
    indicators: tuple[Link, ...]
    stories: tuple[LinkedStory, ...]
    messages: tuple[LinkedMessage, ...]
