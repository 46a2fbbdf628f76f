"""A letter that waits to be sent. What stands in it is written only when it is sent, so that no secret waits here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.tables import Moment, new_id, of_collaboration, of_same, word_type


class Purpose(StrEnum):
    """What a letter is for: it says who writes it."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    URGENT = "urgent"
    NEWS = "news"
    REMINDER = "reminder"
    WEBHOOK = "webhook"
    PUSH = "push"


TO_RESIDENTS = (Purpose.NEWS, Purpose.PUSH)
"""Letters to those who told us something: in every language that residents can read, and with no name of theirs anywhere."""


class Way(StrEnum):
    """Who brings a letter."""

    MAIL = "mail"
    TEXT = "text"
    PUSH = "push"


class Letter(SQLModel, table=True):
    """One letter to one address. The row goes when the letter has gone; given up, it stays without its address.

    Where an address is sealed until the letter is written, `address` names the row from which its writer gets it.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("(address is null) = (given_up_at is not null)", name="address_goes_when_given_up"),
        Index(
            "ix_letter_due_at",
            "due_at",
            sqlite_where=text("given_up_at IS NULL"),
            postgresql_where=text("given_up_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    purpose: Purpose = Field(sa_type=word_type(Purpose))
    address: str | None = Field(default=None, max_length=254)
    language: str = Field(max_length=12)
    made_at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    attempts: int = 0
    given_up_at: datetime | None = Field(default=None, sa_type=Moment)


class Posted(SQLModel, table=True):
    """For whom of a place a letter is: somebody of the staff, or whoever sent a message. Of one that was given up it says why.

    The row goes with the letter. `about` names the rows from which it is written, where the letter does so in place of an address.
    """

    __tablename__ = "letter_posted"
    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        CheckConstraint("(staff_id is null) <> (feedback_id is null)", name="for_one_of_two"),
        Index(None, "id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    feedback_id: UUID | None = None
    about: str | None = Field(default=None, max_length=254)
    purpose: str = Field(max_length=30)
    language: str = Field(max_length=12)
    made_at: datetime = Field(sa_type=Moment)
    attempts: int = 0
    failure: str | None = Field(default=None, max_length=60)
    given_up_at: datetime | None = Field(default=None, sa_type=Moment)


class LetterWording(SQLModel, table=True):
    """What a place adds to its letters of one kind in one language: a sentence at the beginning, and one at the end."""

    __tablename__ = "letter_wording"
    __table_args__ = (of_collaboration(), UniqueConstraint("collaboration_id", "purpose", "language"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    purpose: str = Field(max_length=30)
    language: str = Field(max_length=12)
    opening: str | None = Field(default=None, max_length=400)
    closing: str | None = Field(default=None, max_length=400)
    changed_at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True, slots=True)
class For:
    """For whom of which place a letter is, where that is known when it is posted."""

    place_id: UUID
    staff_id: UUID | None = None
    message_id: UUID | None = None
    """Whoever sent it."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that this process sends now: nobody else does so before its lease is over."""

    id: UUID
    purpose: Purpose
    address: str
    language: str
    made_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a letter, as they are sent."""

    subject: str
    body: str
    to: str | None = None
    """The address, where the letter does not say it itself: of mail, a phone number, or what a browser takes."""
    way: Way = Way.MAIL
    language: str | None = None
    """In which it is written, where that is not the language that was spoken."""
