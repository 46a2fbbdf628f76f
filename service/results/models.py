"""The tables of indicators and observations, and what may be sent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field as Limit
from pydantic import StrictBool, StringConstraints, model_validator
from sqlalchemy import CheckConstraint, Float, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.journal.models import ActorKind
from service.language import N_
from service.places.models import Out
from service.tables import APPEND_ONLY, Code, Day, Input, Line, Moment, Paragraph, Plain, new_id, of_collaboration, of_same, word_type


class IndicatorKind(StrEnum):
    """What an indicator counts. The first three are shown under Results, `better_off` under Outcomes."""

    POPULATION = "population"
    HOW_MUCH = "how_much"
    HOW_WELL = "how_well"
    BETTER_OFF = "better_off"


class Direction(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    IN_RANGE = "in_range"


class Missing(StrEnum):
    """Why there is no value: missing is a fact."""

    SUPPRESSED = "suppressed"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


MOST_DIMENSION = 400
"""Characters of a dimension as it stands in the key."""

# ---- tables ----------------------------------------------------------------------------------------------------------


class ComparatorGroup(SQLModel, table=True):
    """Other places that ours is compared with: a mean is over the members that have a value."""

    __tablename__ = "comparator_group"
    __table_args__ = (of_collaboration(), UniqueConstraint("collaboration_id", "code"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    code: str = Field(max_length=40)
    name: str = Field(max_length=200)


class ComparatorMember(SQLModel, table=True):
    """An area of kind `comparator` in a group."""

    __tablename__ = "comparator_member"
    __table_args__ = (
        of_collaboration(),
        of_same("comparator_group", "group_id"),
        of_same("area", "area_id"),
        UniqueConstraint("collaboration_id", "group_id", "area_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    group_id: UUID
    area_id: UUID


class Indicator(SQLModel, table=True):
    """What is counted, how, and which way is good. A change of definition starts a new series under another code."""

    __table_args__ = (
        of_collaboration(),
        of_same("comparator_group", "comparator_group_id"),
        UniqueConstraint("collaboration_id", "code"),
        CheckConstraint("(good_direction = 'in_range') = (range_low is not null and range_high is not null)", name="range_given"),
        CheckConstraint("range_low is null or range_high is null or range_low <= range_high", name="range_in_order"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    code: str = Field(max_length=120)
    name: str = Field(max_length=300)
    kind: IndicatorKind = Field(sa_type=word_type(IndicatorKind))
    unit: str = Field(max_length=80)
    good_direction: Direction = Field(sa_type=word_type(Direction))
    range_low: float | None = None
    range_high: float | None = None
    definition: str | None = Field(default=None, sa_type=Text)
    source: str | None = Field(default=None, max_length=500)
    chosen_because: str | None = Field(default=None, sa_type=Text)
    could_be_gamed_by: str | None = Field(default=None, sa_type=Text)
    comparator_group_id: UUID | None = None
    changed_at: datetime = Field(sa_type=Moment)


class Observation(SQLModel, table=True):
    """One dated value of a named source. Its key: indicator, area, period, dimension, organisation.

    `area_id` is the reserved row of the whole place where no area was named; `dimension` is canonical JSON, '' for none.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("indicator", "indicator_id"),
        of_same("area", "area_id"),
        of_same("organisation", "organisation_id"),
        UniqueConstraint(
            "collaboration_id",
            "indicator_id",
            "area_id",
            "first_day",
            "last_day",
            "dimension",
            "organisation_id",
            name="uq_observation_key",
        ),
        Index(None, "collaboration_id", "organisation_id", "recorded_at"),
        CheckConstraint("(value is null) = (missing is not null)", name="value_or_missing"),
        CheckConstraint("(numerator is null) = (denominator is null)", name="both_parts"),
        CheckConstraint("first_day <= last_day", name="period_in_order"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    indicator_id: UUID
    area_id: UUID
    first_day: date = Field(sa_type=Day)
    last_day: date = Field(sa_type=Day)
    dimension: str = Field(default="", max_length=MOST_DIMENSION)
    organisation_id: UUID
    value: float | None = Field(default=None, sa_type=Float(53))
    numerator: float | None = Field(default=None, sa_type=Float(53))
    denominator: float | None = Field(default=None, sa_type=Float(53))
    missing: Missing | None = Field(default=None, sa_type=word_type(Missing))
    provisional: bool = False
    period_label: str | None = Field(default=None, max_length=80)
    comment: str | None = Field(default=None, sa_type=Text)
    ref: str | None = Field(default=None, max_length=120)
    version: int = 1
    recorded_at: datetime = Field(sa_type=Moment)


class Correction(SQLModel, table=True):
    """What an observation said before it was corrected, by whom and why. Append-only."""

    __table_args__ = (
        of_collaboration(),
        of_same("observation", "observation_id"),
        UniqueConstraint("collaboration_id", "observation_id", "version"),
        APPEND_ONLY,
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    observation_id: UUID
    version: int
    value: float | None = Field(default=None, sa_type=Float(53))
    numerator: float | None = Field(default=None, sa_type=Float(53))
    denominator: float | None = Field(default=None, sa_type=Float(53))
    missing: Missing | None = Field(default=None, sa_type=word_type(Missing))
    provisional: bool = False
    comment: str | None = Field(default=None, sa_type=Text)
    recorded_at: datetime = Field(sa_type=Moment)
    corrected_at: datetime = Field(sa_type=Moment)
    actor_kind: ActorKind = Field(sa_type=word_type(ActorKind))
    actor_id: UUID | None = None
    reason: str | None = Field(default=None, sa_type=Text)


# ---- what may be sent ------------------------------------------------------------------------------------------------

ExactIndicatorCode = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""As it stands in an address."""

IndicatorCode = Annotated[ExactIndicatorCode, StringConstraints(strip_whitespace=True)]
Number = Annotated[float, Limit(strict=True, allow_inf_nan=False)]
"""A number as JSON has it: text and true are none."""


class IndicatorIn(Input):
    """An indicator. `in_range` needs `range_low` and `range_high`; the other directions need none."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Plain]
    kind: IndicatorKind
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), Plain]
    good_direction: Direction
    range_low: Number | None = None
    range_high: Number | None = None
    definition: Paragraph | None = None
    source: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), Plain] | None = None
    chosen_because: Paragraph | None = None
    could_be_gamed_by: Paragraph | None = None
    comparator_group: Code | None = None

    @model_validator(mode="after")
    def _range(self) -> Self:
        given = self.range_low is not None and self.range_high is not None
        if (self.good_direction == Direction.IN_RANGE) != given or (self.range_low is None) != (self.range_high is None):
            raise ValueError(N_("Give range_low and range_high for in_range, and for nothing else."))
        if self.range_low is not None and self.range_high is not None and self.range_low > self.range_high:
            raise ValueError(N_("range_low is above range_high."))
        return self


class ObservationIn(Input):
    """A value: `value`, or `numerator` and `denominator`, or why it is `missing`. No area: the whole place.

    `organisation` may be left out; it is the one that posts. `reason` is that of a correction.
    """

    indicator: IndicatorCode
    period: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=40), Plain]
    value: Number | None = None
    numerator: Number | None = None
    denominator: Annotated[float, Limit(strict=True, gt=0, allow_inf_nan=False)] | None = None
    missing: Missing | None = None
    area: Code | None = None
    dimension: Annotated[dict[Code, Line], Limit(max_length=8)] = Limit(default_factory=dict)
    provisional: StrictBool = False
    period_label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), Plain] | None = None
    comment: Paragraph | None = None
    ref: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), Plain] | None = None
    reason: Paragraph | None = None
    organisation: Code | None = None


# ---- what is answered ------------------------------------------------------------------------------------------------


class IndicatorOut(Out):
    """An indicator."""

    code: str
    name: str
    kind: IndicatorKind
    unit: str
    good_direction: Direction
    range_low: float | None
    range_high: float | None
    definition: str | None
    source: str | None
    chosen_because: str | None
    could_be_gamed_by: str | None
    comparator_group: str | None


class Conflicting(Out):
    """Why a row was refused. `row` counts from 1, a header not counted."""

    row: int
    field: str
    message: str


class BatchOut(Out):
    """What became of a batch: received = created + corrected + unchanged + refused."""

    received: int
    created: int
    corrected: int
    unchanged: int
    refused: int
    conflicts: list[Conflicting]


class EarlierOut(Out):
    """What an observation said before a correction. `corrected_by` is what kind of actor it was: of the same organisation, always."""

    version: int
    value: float | None
    numerator: float | None
    denominator: float | None
    missing: Missing | None
    provisional: bool
    comment: str | None
    recorded_at: datetime
    corrected_at: datetime
    corrected_by: ActorKind
    reason: str | None


class ObservationOut(Out):
    """An observation as it was posted. `period` is written so that it can be posted again; no area is the whole place."""

    indicator: str
    area: str | None
    period: str
    period_label: str | None
    dimension: dict[str, str]
    organisation: str
    value: float | None
    numerator: float | None
    denominator: float | None
    missing: Missing | None
    provisional: bool
    comment: str | None
    ref: str | None
    version: int
    recorded_at: datetime
    history: list[EarlierOut] | None = Limit(default=None, description="With `history=true`: what it said before, the newest first")
