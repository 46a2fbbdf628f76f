"""The rota, the concerns in the lane, and each step that somebody took with one."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from service.tables import APPEND_ONLY, Input, Moment, Paragraph, new_id, of_collaboration, of_same, word_type


class Lane(StrEnum):
    """Why a message or a story is apart from all others."""

    SAFEGUARDING = "safeguarding"
    ALLEGATION = "allegation"


class Did(StrEnum):
    """A step that was taken with a concern."""

    RAISED = "raised"
    ASKED = "asked"
    ALARMED = "alarmed"
    TAKEN = "taken"
    OPENED = "opened"
    NOTED = "noted"
    SET_APART = "set_apart"
    CLOSED = "closed"


class Ending(StrEnum):
    """What came of a concern."""

    PASSED_ON = "passed_on"
    LOOKED_AFTER = "looked_after"
    NOTHING_FOUND = "nothing_found"


class RotaTurn(SQLModel, table=True):
    """Who is on the rota, from when to when. `place_in_line`: who is asked first, who second. Taken off, the row stays."""

    __tablename__ = "rota_turn"
    __table_args__ = (
        of_collaboration(),
        CheckConstraint("begins_at < ends_at", name="begins_first"),
        CheckConstraint("place_in_line between 1 and 9", name="place_in_line"),
        Index(None, "collaboration_id", "ends_at"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    staff_id: UUID = Field(foreign_key="staff.id")
    place_in_line: int = 1
    begins_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    removed_at: datetime | None = Field(default=None, sa_type=Moment)


class LaneRule(SQLModel, table=True):
    """How long somebody who was asked may take to say "I have it". The newest row counts."""

    __tablename__ = "lane_rule"
    __table_args__ = (of_collaboration(), CheckConstraint("acknowledge_minutes between 5 and 1440", name="within_a_day"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    acknowledge_minutes: int
    set_by: UUID = Field(foreign_key="staff.id")
    set_at: datetime = Field(sa_type=Moment)


class Concern(SQLModel, table=True):
    """A message or a story in the lane. Without `raised_by` the words themselves raised it, by a rule.

    `ask_at`: when somebody is asked next, as long as nobody has it. `state_before` and `publication_before` are those of the message.
    `about_staff_id`: who works here and is spoken of; that person never sees it.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("narrative", "narrative_id"),
        CheckConstraint("(feedback_id is null) <> (narrative_id is null)", name="one_subject"),
        CheckConstraint("(taken_at is null) = (taken_by is null)", name="taken_by_somebody"),
        CheckConstraint("(closed_at is null) = (ending is null)", name="closed_with_an_ending"),
        CheckConstraint("closed_at is null or taken_at is not null", name="closed_after_taken"),
        *(
            Index(
                f"uq_concern_open_{column}",
                "collaboration_id",
                column,
                unique=True,
                sqlite_where=text(f"closed_at IS NULL AND {column} IS NOT NULL"),
                postgresql_where=text(f"closed_at IS NULL AND {column} IS NOT NULL"),
            )
            for column in ("feedback_id", "narrative_id")
        ),
        Index("ix_concern_ask_at", "ask_at", sqlite_where=text("taken_at IS NULL"), postgresql_where=text("taken_at IS NULL")),
        Index(None, "collaboration_id", "raised_at"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID | None = None
    narrative_id: UUID | None = None
    lane: Lane = Field(sa_type=word_type(Lane))
    about_staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    raised_at: datetime = Field(sa_type=Moment)
    raised_by: UUID | None = Field(default=None, foreign_key="staff.id")
    state_before: str | None = Field(default=None, max_length=30)
    publication_before: str | None = Field(default=None, max_length=30)
    ask_at: datetime = Field(sa_type=Moment)
    taken_at: datetime | None = Field(default=None, sa_type=Moment)
    taken_by: UUID | None = Field(default=None, foreign_key="staff.id")
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    ending: Ending | None = Field(default=None, sa_type=word_type(Ending))


class ConcernStep(SQLModel, table=True):
    """Who did what with a concern, and when. Only added to. `asked_id`: who was asked to come."""

    __tablename__ = "concern_step"
    __table_args__ = (
        of_collaboration(),
        of_same("concern", "concern_id"),
        Index(None, "collaboration_id", "concern_id"),
        Index(None, "collaboration_id", "staff_id"),
        APPEND_ONLY,
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    concern_id: UUID
    did: Did = Field(sa_type=word_type(Did))
    at: datetime = Field(sa_type=Moment)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    asked_id: UUID | None = Field(default=None, foreign_key="staff.id")
    note: str | None = Field(default=None, sa_type=Text)


# ---- what may be sent ------------------------------------------------------------------------------------------------


class RaiseIn(Input):
    """Why something goes into the lane. `about`: somebody who works here and is spoken of."""

    lane: Lane = Lane.SAFEGUARDING
    about: UUID | None = None
    note: Paragraph | None = None


class TurnIn(Input):
    """One turn of somebody on the rota."""

    staff: UUID
    begins_at: datetime
    ends_at: datetime
    place_in_line: Annotated[int, Limit(ge=1, le=9)] = 1
