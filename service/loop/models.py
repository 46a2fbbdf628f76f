"""The tables of the loop: what senders said later, what became of messages, who was told of it, and who was reminded."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.feedback.models import CodeIn
from service.tables import Day, Moment, Words, new_id, of_collaboration, of_same, word_type


class Answered(StrEnum):
    """What a sender says to "Did we answer you?"."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    SKIP = "skip"


class Better(StrEnum):
    """What a sender says to "Is it better now?"."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    TOO_SOON = "too_soon"


class HopKind(StrEnum):
    """What happened to what somebody said. Of the last two nobody gets a letter: a close is no news, and who contests was there."""

    REPLIED = "replied"
    MOVED = "moved"
    FOLLOWED_UP = "followed_up"
    REOPENED = "reopened"
    CLOSED = "closed"
    CONTESTED = "contested"


class ReminderKind(StrEnum):
    """Why somebody gets a letter about answers that are due."""

    DUE = "due"
    TOO_LATE = "too_late"


class Addition(SQLModel, table=True):
    """What a sender said later. With a reply: whether it answered them. Each sender says so once of a reply, and the last word counts."""

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("reply", "reply_id"),
        UniqueConstraint("collaboration_id", "feedback_id", "reply_id"),
        CheckConstraint("(reply_id is null) = (answered is null)", name="check_of_a_reply"),
        CheckConstraint("better is null or answered is not null", name="better_in_a_check"),
        Index(None, "collaboration_id", "feedback_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID
    reply_id: UUID | None = None
    answered: Answered | None = Field(default=None, sa_type=word_type(Answered))
    better: Better | None = Field(default=None, sa_type=word_type(Better))
    body: str | None = Field(default=None, sa_type=Text)
    at: datetime = Field(sa_type=Moment)


class FollowUp(SQLModel, table=True):
    """What became of a message, as staff tell its sender after the answer."""

    __tablename__ = "follow_up"
    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("organisation", "organisation_id"),
        Index(None, "collaboration_id", "feedback_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID
    body: str = Field(sa_type=Text)
    organisation_id: UUID | None = None
    staff_id: UUID = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Moment)


class Hop(SQLModel, table=True):
    """Something that happened to one message, or to all that led to a promise. Whom to tell is worked through behind it.

    `subject_id`: the reply, the note or the entry of the promise's history. `told_to`: the last message that was told so far.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("promise", "promise_id"),
        UniqueConstraint("collaboration_id", "kind", "subject_id"),
        CheckConstraint("(feedback_id is null) <> (promise_id is null)", name="one_subject"),
        Index(None, "collaboration_id", "feedback_id"),
        Index("ix_hop_at", "at", sqlite_where=text("told_at IS NULL"), postgresql_where=text("told_at IS NULL")),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    kind: HopKind = Field(sa_type=word_type(HopKind))
    feedback_id: UUID | None = None
    promise_id: UUID | None = None
    subject_id: UUID
    at: datetime = Field(sa_type=Moment)
    told_to: UUID | None = None
    told_at: datetime | None = Field(default=None, sa_type=Moment)


class Notice(SQLModel, table=True):
    """The sender of this message is told of this hop: once, whoever tries again."""

    __table_args__ = (of_collaboration(), of_same("feedback", "feedback_id"), of_same("hop", "hop_id"))

    collaboration_id: UUID = Field(primary_key=True)
    feedback_id: UUID = Field(primary_key=True)
    hop_id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


class Look(SQLModel, table=True):
    """The day on which somebody last opened a message with its code: no more is known of it."""

    __table_args__ = (of_collaboration(), of_same("feedback", "feedback_id"))

    collaboration_id: UUID = Field(primary_key=True)
    feedback_id: UUID = Field(primary_key=True)
    day: date = Field(sa_type=Day)


class Reminder(SQLModel, table=True):
    """Somebody got one letter of this kind on this day."""

    __table_args__ = (of_collaboration(), Index(None, "day"))

    collaboration_id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(primary_key=True, foreign_key="staff.id")
    kind: ReminderKind = Field(primary_key=True, sa_type=word_type(ReminderKind, "reminder_kind"))
    day: date = Field(primary_key=True, sa_type=Day)
    at: datetime = Field(sa_type=Moment)


class Escalation(SQLModel, table=True):
    """Those who answer for the place were told that this message waits far too long: once."""

    __table_args__ = (of_collaboration(), of_same("feedback", "feedback_id"))

    collaboration_id: UUID = Field(primary_key=True)
    feedback_id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


# ---- what may be sent ------------------------------------------------------------------------------------------------


class CheckIn(CodeIn):
    """What a sender says of the last answer to their message; sent again, the last word counts."""

    answered: Answered = Limit(description="Did we answer you? `no` opens the message again")
    better: Better | None = Limit(default=None, description="Is it better now?")
    body: Words | None = Limit(default=None, description="What is still wrong")
