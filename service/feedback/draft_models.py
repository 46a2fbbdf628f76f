"""The tables of answers that are not given yet: drafts, and what waits until a second person has looked; and the place's rule for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.feedback.models import NoKind, Outcome
from service.tables import Json, Moment, new_id, of_collaboration, of_same, word_type


class DraftStanding(StrEnum):
    """Whether it is only kept, waits for a second person, or came back from them."""

    KEPT = "kept"
    PROPOSED = "proposed"
    RETURNED = "returned"


class Checks(StrEnum):
    """Which answers that claim a change a second person looks at first: none, those that everybody reads, or every one."""

    NONE = "none"
    SHOWN = "shown"
    EVERY = "every"


class Draft(SQLModel, table=True):
    """What somebody has written to a message and not given: one for each of them. `promised`: what "we will do this" would promise."""

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        UniqueConstraint("collaboration_id", "feedback_id", "staff_id"),
        Index(None, "collaboration_id", "standing"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID
    staff_id: UUID = Field(foreign_key="staff.id")
    standing: DraftStanding = Field(sa_type=word_type(DraftStanding))
    outcome: Outcome | None = Field(default=None, sa_type=word_type(Outcome))
    body: str | None = Field(default=None, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    no_kind: NoKind | None = Field(default=None, sa_type=word_type(NoKind, "no_kind"))
    promised: dict[str, Any] | None = Field(default=None, sa_type=Json)
    written_at: datetime = Field(sa_type=Moment)
    returned_why: str | None = Field(default=None, max_length=300)


class AnswerRule(SQLModel, table=True):
    """Which answers wait for a second person. The newest row counts."""

    __tablename__ = "answer_rule"
    __table_args__ = (of_collaboration(),)

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    checks: Checks = Field(sa_type=word_type(Checks))
    set_by: UUID = Field(foreign_key="staff.id")
    set_at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True, slots=True)
class Unsent:
    """An answer as far as it is written."""

    outcome: Outcome | None = None
    body: str | None = None
    reason: str | None = None
    promised: dict[str, Any] | None = None
    no_kind: NoKind | None = None

    @property
    def says_something(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.outcome or self.body or self.reason or self.promised)


TASK = "task"
"""What `promised` is `as` where it is smaller than a promise."""


def task_of(promised: dict[str, Any] | None) -> dict[str, Any] | None:
    """The small thing that an answer would say, as it is sent; None for a promise, and for nothing."""
    if not promised or promised.get("as") != TASK:
        return None
    return {"words": promised.get("text"), "role": promised.get("role"), "due_on": promised.get("due_on")}


def unsent_of(draft: Draft) -> Unsent:
    """What a draft says."""
    return Unsent(draft.outcome, draft.body, draft.reason, draft.promised, draft.no_kind)
