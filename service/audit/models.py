"""One row per reading of something that identifies somebody."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from service.journal.models import ActorKind
from service.tables import APPEND_ONLY, Moment, new_id, word_type


class What(StrEnum):
    """What was read."""

    CONTACT = "contact"
    ORIGINAL = "original"
    SENSITIVE = "sensitive"
    SUBJECT_SEARCH = "subject_search"
    SUBJECT_EXPORT = "subject_export"


FOR_THE_WORK = (What.CONTACT, What.SENSITIVE)
"""What is read for the one purpose that it is kept for. Everything else is read for a reason, which is asked."""


def _words_of(whats: tuple[What, ...]) -> str:
    return ", ".join(f"'{what.value}'" for what in whats)


class Reading(SQLModel, table=True):
    """Somebody read something that identifies a person. Rows are added and never changed; `why` is the reader's own reason.

    `subject` and `subject_id` name the thing as the journal does; `organisation_id` is the one that had it at the time.
    """

    __tablename__ = "audit_reading"
    __table_args__ = (CheckConstraint(f"what in ({_words_of(FOR_THE_WORK)}) or why is not null", name="reason_given"), APPEND_ONLY)

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    what: What = Field(sa_type=word_type(What))
    subject: str = Field(max_length=40)
    subject_id: UUID | None = None
    organisation_id: UUID | None = None
    why: str | None = Field(default=None, max_length=300)
    actor_kind: ActorKind = Field(sa_type=word_type(ActorKind))
    actor_id: UUID | None = None
    at: datetime = Field(sa_type=Moment)
