"""The tables of barriers: what gets in the way, as a theme and a standing. Words about one live in the stories behind it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field as Limit
from pydantic import StringConstraints
from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field, SQLModel

from service.tables import APPEND_ONLY, Input, Line, Moment, Paragraph, Plain, new_id, of_collaboration, of_same, word_type


class BarrierKind(StrEnum):
    """What got in the way, as somebody in a hurry says it."""

    RULE = "rule"
    MONEY = "money"
    DATA = "data"
    ANOTHER_SERVICE = "another_service"
    NOT_SURE = "not_sure"


class Standing(StrEnum):
    """How far a barrier has come."""

    REPORTED = "reported"
    LOOKED_INTO = "looked_into"
    REAL_RULE = "real_rule"
    CUSTOM_NOT_RULE = "custom_not_rule"
    UNCLEAR = "unclear"
    WORKED_ROUND = "worked_round"
    ESCALATED = "escalated"
    CHANGED = "changed"
    ACCEPTED = "accepted"


class Finding(StrEnum):
    """What looking into it found. It outlives the standing of the same name."""

    REAL_RULE = "real_rule"
    CUSTOM_NOT_RULE = "custom_not_rule"
    UNCLEAR = "unclear"


class RuleKind(StrEnum):
    """What kind of rule a real one is."""

    STATUTE = "statute"
    REGULATION = "regulation"
    CONTRACT = "contract"
    FUNDING_TERM = "funding_term"
    DATA_SHARING = "data_sharing"
    LOCAL_POLICY = "local_policy"


class Barrier(SQLModel, table=True):
    """Something that gets in the way. `theme` is written for everybody to read; until there is one, nobody outside reads of it.

    `organisation_id` is that of whoever reported it; null: somebody who works for the whole place.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "organisation_id"),
        CheckConstraint("standing = 'reported' or theme is not null", name="named"),
        CheckConstraint("standing in ('reported', 'looked_into') or finding is not null", name="found_out"),
        Index(None, "collaboration_id", "standing"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    kind: BarrierKind = Field(sa_type=word_type(BarrierKind))
    theme: str | None = Field(default=None, max_length=200)
    standing: Standing = Field(default=Standing.REPORTED, sa_type=word_type(Standing))
    finding: Finding | None = Field(default=None, sa_type=word_type(Finding))
    rule_kind: RuleKind | None = Field(default=None, sa_type=word_type(RuleKind))
    source: str | None = Field(default=None, max_length=500)
    changer: str | None = Field(default=None, max_length=200)
    workaround: str | None = Field(default=None, sa_type=Text)
    organisation_id: UUID | None = None
    reported_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)


class BarrierMove(SQLModel, table=True):
    """What was said or done about a barrier, in order. Append-only: it is its history. Who did it is for the journal alone."""

    __tablename__ = "barrier_move"
    __table_args__ = (
        of_collaboration(),
        of_same("barrier", "barrier_id"),
        Index(None, "collaboration_id", "barrier_id"),
        APPEND_ONLY,
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    barrier_id: UUID
    standing: Standing = Field(sa_type=word_type(Standing))
    note: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Moment)


class BarrierStory(SQLModel, table=True):
    """Which barrier a story names: one at most."""

    __tablename__ = "barrier_story"
    __table_args__ = (
        of_collaboration(),
        of_same("narrative", "narrative_id"),
        of_same("barrier", "barrier_id"),
        Index(None, "collaboration_id", "barrier_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    narrative_id: UUID = Field(primary_key=True)
    barrier_id: UUID


class MoveIn(Input):
    """What became of a barrier. Without `to` it is a note, or a better name."""

    note: Annotated[Paragraph, Limit(min_length=1)]
    to: Standing | None = None
    theme: Line | None = None
    rule_kind: RuleKind | None = None
    source: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), Plain] | None = None
    changer: Line | None = None
    workaround: Paragraph | None = None
