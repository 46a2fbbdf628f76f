"""The table of consents, and how they are read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from service.tables import Day, Moment, new_id, of_collaboration, of_same, word_type

STANDS = text("withdrawn_at IS NULL AND expired_at IS NULL")
"""Nobody has taken it back, and its time was not called over."""


class Purpose(StrEnum):
    """What somebody said yes to: one use each."""

    SHARE_WORDS_PUBLIC = "share_words_public"
    SHARE_ANONYMISED_PARTNERS = "share_anonymised_partners"
    REPLY = "reply"


class How(StrEnum):
    """In which way they said so."""

    WEB = "web"
    PAPER = "paper"
    PHONE = "phone"
    IN_PERSON = "in_person"


class Consent(SQLModel, table=True):
    """One yes to one use of a message or of a story, in which wording, since when. A renewed yes is another row.

    It ends when it is taken back, or on the day after `expires_on`; `expired_at` is when the service acted on that.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("narrative", "narrative_id"),
        CheckConstraint("(feedback_id is null) <> (narrative_id is null)", name="one_subject"),
        CheckConstraint("withdrawn_at is null or expired_at is null", name="ended_once"),
        Index(None, "collaboration_id", "feedback_id"),
        Index(None, "collaboration_id", "narrative_id"),
        Index("ix_consent_expires_on", "expires_on", sqlite_where=STANDS, postgresql_where=STANDS),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID | None = None
    narrative_id: UUID | None = None
    purpose: Purpose = Field(sa_type=word_type(Purpose))
    wording_version: str = Field(max_length=40)
    how: How | None = Field(default=None, sa_type=word_type(How))
    given_on: date = Field(sa_type=Day)
    expires_on: date | None = Field(default=None, sa_type=Day)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    expired_at: datetime | None = Field(default=None, sa_type=Moment)


@dataclass(frozen=True, slots=True)
class Yes:
    """One yes as it is shown. `live`: it holds today; `ended_on`: the last day of one that does not, or the day it was taken back."""

    id: UUID
    purpose: Purpose
    wording_version: str
    how: How | None
    given_on: date
    expires_on: date | None
    taken_back: bool
    ended_on: date | None
    live: bool


@dataclass(frozen=True, slots=True)
class SaidYes:
    """What the sender of a message said yes to, as the answer page shows it. `may_share`: they could let others read the words now."""

    words: Yes | None = None
    reply: Yes | None = None
    may_share: bool = False
