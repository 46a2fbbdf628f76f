"""The tables of moderation: holds and their rules, decisions and appeals, and the originals of what was taken out."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.tables import APPEND_ONLY, Moment, new_id, of_collaboration, of_same, word_type


class Severity(StrEnum):
    """How careful somebody has to be with some words, from not at all to at once."""

    NONE = "none"
    ODD = "odd"
    THIRD_PARTY = "third_party"
    RISK = "risk"
    URGENT = "urgent"


class Cause(StrEnum):
    """Why words are held: by words of a rule, by many links, because somebody said so, or by how they arrived."""

    WORDS = "words"
    LINKS = "links"
    PERSON = "person"
    SIGNS = "signs"


class Sign(StrEnum):
    """What is odd about how a message arrived. None of them refuses anything, and its sender is told nothing."""

    TRAP = "trap"
    QUICK = "quick"
    UNSIGNED = "unsigned"
    MANY = "many"


class Verdict(StrEnum):
    """What somebody decided about a message."""

    PUBLISHED = "published"
    WITHHELD = "withheld"
    SET_ASIDE = "set_aside"
    BROUGHT_BACK = "brought_back"


class AsideReason(StrEnum):
    """Why something is no message to the place."""

    ADVERT = "advert"
    TRIAL = "trial"
    COPY = "copy"
    NOTHING_SAID = "nothing_said"


class Outcome(StrEnum):
    """What came of an appeal."""

    CHANGED = "changed"
    UPHELD = "upheld"


def _one(name: str, column: str, condition: str) -> Index:
    """At most one such row for each message, or story."""
    where = text(f"{condition} AND {column} IS NOT NULL")
    return Index(f"uq_{name}_{column}", "collaboration_id", column, unique=True, sqlite_where=where, postgresql_where=where)


class Hold(SQLModel, table=True):
    """Words that nobody shows before somebody looked at them. Looked at, the row stays and says who did."""

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("narrative", "narrative_id"),
        CheckConstraint("(feedback_id is null) <> (narrative_id is null)", name="one_subject"),
        CheckConstraint("(looked_at is null) = (looked_by is null)", name="looked_by_somebody"),
        _one("hold", "feedback_id", "looked_at IS NULL"),
        _one("hold", "narrative_id", "looked_at IS NULL"),
        Index(None, "collaboration_id", "made_at"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID | None = None
    narrative_id: UUID | None = None
    severity: Severity = Field(sa_type=word_type(Severity))
    cause: Cause = Field(sa_type=word_type(Cause))
    signs: str | None = Field(default=None, max_length=80)
    made_at: datetime = Field(sa_type=Moment)
    made_by: UUID | None = Field(default=None, foreign_key="staff.id")
    looked_at: datetime | None = Field(default=None, sa_type=Moment)
    looked_by: UUID | None = Field(default=None, foreign_key="staff.id")


class HoldRule(SQLModel, table=True):
    """Words of a place's own: whatever holds them is held. Severity `none`: what the shipped list says of them does not count here."""

    __tablename__ = "hold_rule"
    __table_args__ = (of_collaboration(),)

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    phrase: str = Field(max_length=80)
    severity: Severity = Field(sa_type=word_type(Severity))
    added_by: UUID = Field(foreign_key="staff.id")
    added_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class Decision(SQLModel, table=True):
    """What somebody decided about a message, and why. Only added to; the newest holds. `state_before`: where it goes back to."""

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        Index(None, "collaboration_id", "feedback_id", "at"),
        APPEND_ONLY,
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID
    verdict: Verdict = Field(sa_type=word_type(Verdict))
    reason: str | None = Field(default=None, max_length=40)
    state_before: str | None = Field(default=None, max_length=30)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    at: datetime = Field(sa_type=Moment)


class Appeal(SQLModel, table=True):
    """The sender disagrees with a decision, once with each. Withdrawal blanks the words; that there was an appeal stays."""

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("decision", "decision_id"),
        UniqueConstraint("collaboration_id", "decision_id"),
        CheckConstraint("(decided_at is null) = (outcome is null)", name="decided_with_an_outcome"),
        Index(None, "collaboration_id", "feedback_id"),
        Index(None, "collaboration_id", "made_at"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID
    decision_id: UUID
    words: str | None = Field(default=None, sa_type=Text)
    made_at: datetime = Field(sa_type=Moment)
    outcome: Outcome | None = Field(default=None, sa_type=word_type(Outcome))
    answer: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: UUID | None = Field(default=None, foreign_key="staff.id")


class Redaction(SQLModel, table=True):
    """What was taken out of somebody's words: how many pieces of which column, and the original, sealed under the server's key."""

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("narrative", "narrative_id"),
        CheckConstraint("(feedback_id is null) <> (narrative_id is null)", name="one_subject"),
        CheckConstraint("pieces > 0", name="something_taken_out"),
        Index(None, "collaboration_id", "feedback_id"),
        Index(None, "collaboration_id", "narrative_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID | None = None
    narrative_id: UUID | None = None
    part: str = Field(max_length=20)
    pieces: int
    key_version: int
    sealed: str = Field(sa_type=Text)
    staff_id: UUID = Field(foreign_key="staff.id")
    at: datetime = Field(sa_type=Moment)
    put_back_at: datetime | None = Field(default=None, sa_type=Moment)
