"""The tables of people who are followed, their yes, their goals, instruments and readings; and what may be sent."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, StringConstraints, model_validator
from pydantic import Field as Limit
from sqlalchemy import CheckConstraint, Float, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.journal.models import ActorKind
from service.language import N_
from service.places.models import Out
from service.results.models import Number
from service.tables import Code, Day, Input, IsoDay, Moment, Paragraph, Plain, new_id, of_collaboration, of_same, word_type

LOWEST_OF_A_GOAL, HIGHEST_OF_A_GOAL = 0, 10


class ScoredBy(StrEnum):
    """Who says how it is. The three never stand in one figure."""

    SELF = "self"
    WITH_HELP = "with_help"
    WORKER_VIEW = "worker_view"


class Licence(StrEnum):
    """On what ground an instrument is used: free for all, by a licence that its owner gave, or made here."""

    OPEN = "open"
    REGISTERED = "registered"
    OWN = "own"


class ScaleDirection(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"


# ---- tables ----------------------------------------------------------------------------------------------------------


class Instrument(SQLModel, table=True):
    """A scale that a place uses besides those that come with the service. It changes no more once there are readings on it."""

    __table_args__ = (
        of_collaboration(),
        UniqueConstraint("collaboration_id", "code"),
        CheckConstraint("low < high", name="low_below_high"),
        CheckConstraint("licence <> 'registered' or licence_ref is not null", name="licence_named"),
        CheckConstraint("licence <> 'registered' or question is null", name="no_closed_words"),
        CheckConstraint("meaningful_change is null or meaningful_change > 0", name="change_above_nothing"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    code: str = Field(max_length=40)
    name: str = Field(max_length=200)
    question: str | None = Field(default=None, max_length=300)
    low: float = Field(sa_type=Float(53))
    high: float = Field(sa_type=Float(53))
    good_direction: ScaleDirection = Field(sa_type=word_type(ScaleDirection))
    meaningful_change: float | None = Field(default=None, sa_type=Float(53))
    licence: Licence = Field(sa_type=word_type(Licence))
    licence_ref: str | None = Field(default=None, max_length=200)
    changed_at: datetime = Field(sa_type=Moment)


class PersonKey(SQLModel, table=True):
    """Somebody whose change a service follows, under a name that the service made up. Who it is stands nowhere here."""

    __tablename__ = "person_key"
    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "organisation_id"),
        UniqueConstraint("collaboration_id", "organisation_id", "pseudonym", name="uq_person_key_pseudonym"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    organisation_id: UUID
    pseudonym: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=Moment)


class PersonYes(SQLModel, table=True):
    """That somebody said yes to readings being kept: in which wording, from when to when. A renewed yes is another row."""

    __tablename__ = "person_yes"
    __table_args__ = (
        of_collaboration(),
        of_same("person_key", "person_id"),
        UniqueConstraint("collaboration_id", "person_id", "wording_version", "given_on", name="uq_person_yes_given"),
        CheckConstraint("expires_on is null or given_on <= expires_on", name="in_order"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID
    wording_version: str = Field(max_length=40)
    given_on: date = Field(sa_type=Day)
    expires_on: date | None = Field(default=None, sa_type=Day)
    recorded_at: datetime = Field(sa_type=Moment)


class Goal(SQLModel, table=True):
    """What somebody wants, in their own words."""

    __table_args__ = (
        of_collaboration(),
        of_same("person_key", "person_id"),
        UniqueConstraint("collaboration_id", "person_id", "words", name="uq_goal_words"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID
    words: str = Field(max_length=300)
    added_at: datetime = Field(sa_type=Moment)


class Reading(SQLModel, table=True):
    """One dated answer to a goal or an instrument. `measure` is the instrument's code, or stands for the goal."""

    __tablename__ = "outcome_reading"
    __table_args__ = (
        of_collaboration(),
        of_same("person_key", "person_id"),
        of_same("goal", "goal_id"),
        of_same("area", "area_id"),
        UniqueConstraint("collaboration_id", "person_id", "measure", "episode", "taken_on", "scored_by", name="uq_outcome_reading_key"),
        Index(None, "collaboration_id", "measure", "taken_on"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID
    measure: str = Field(max_length=40)
    goal_id: UUID | None = None
    episode: str = Field(default="", max_length=40)
    taken_on: date = Field(sa_type=Day)
    scored_by: ScoredBy = Field(sa_type=word_type(ScoredBy))
    value: float = Field(sa_type=Float(53))
    area_id: UUID | None = None
    ref: str | None = Field(default=None, max_length=120)
    version: int = 1
    recorded_at: datetime = Field(sa_type=Moment)


class EarlierReading(SQLModel, table=True):
    """What a reading said before it was corrected, by whom and why. Goes with the person."""

    __tablename__ = "earlier_reading"
    __table_args__ = (
        of_collaboration(),
        of_same("outcome_reading", "reading_id"),
        of_same("person_key", "person_id"),
        UniqueConstraint("collaboration_id", "reading_id", "version"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    reading_id: UUID
    person_id: UUID
    version: int
    value: float = Field(sa_type=Float(53))
    recorded_at: datetime = Field(sa_type=Moment)
    corrected_at: datetime = Field(sa_type=Moment)
    actor_kind: ActorKind = Field(sa_type=word_type(ActorKind))
    actor_id: UUID | None = None
    reason: str | None = Field(default=None, sa_type=Text)


# ---- what may be sent ------------------------------------------------------------------------------------------------

NO_NAME = N_("This looks like the number of a person. Make up a name for each person that means nothing outside your service.")
_NUMBERS = re.compile(r"[0-9]{10}|[A-Za-z]{2}[0-9]{6}[A-Da-d]?")
"""An NHS number, a National Insurance number."""


def _made_up(value: str) -> str:
    """Refuses what tells who somebody is."""
    if _NUMBERS.fullmatch(re.sub(r"[-._]", "", value)):
        raise ValueError(NO_NAME)
    return value


_MadeUp = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]

ExactPseudonym = Annotated[_MadeUp, AfterValidator(_made_up)]
"""As it stands in an address."""

Pseudonym = Annotated[_MadeUp, StringConstraints(strip_whitespace=True), AfterValidator(_made_up)]


class YesIn(Input):
    """That somebody said yes to readings being kept: which wording, when, and until when."""

    wording_version: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), Plain]
    given_on: IsoDay
    expires_on: IsoDay | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.expires_on is not None and self.expires_on < self.given_on:
            raise ValueError(N_("A yes cannot end before it was given."))
        return self


class ReadingIn(Input):
    """A reading: of a `goal` in the person's own words (0 to 10), or on an `instrument`. The first one brings the person's `consent`."""

    person: Pseudonym
    goal: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Plain] | None = None
    instrument: Code | None = None
    value: Number
    on: IsoDay
    by: ScoredBy
    episode: Code | None = None
    area: Code | None = None
    ref: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), Plain] | None = None
    consent: YesIn | None = None
    reason: Paragraph | None = None
    organisation: Code | None = None


class InstrumentIn(Input):
    """A scale. A `registered` one names its licence and never holds the owner's questions."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Plain]
    question: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), Plain] | None = None
    low: Number
    high: Number
    good_direction: ScaleDirection
    meaningful_change: Annotated[float, Limit(strict=True, gt=0, allow_inf_nan=False)] | None = None
    licence: Licence
    licence_ref: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Plain] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.low >= self.high:
            raise ValueError(N_("low must be below high."))
        if self.licence == Licence.REGISTERED and not self.licence_ref:
            raise ValueError(N_("Name the licence under which you use this: licence_ref."))
        if self.licence == Licence.REGISTERED and self.question:
            raise ValueError(N_("The questions of a licensed instrument may not be kept here. Send the score only."))
        return self


# ---- what is answered ------------------------------------------------------------------------------------------------


class InstrumentOut(Out):
    """A scale. `shipped` ones come with the service, in their owner's exact words."""

    code: str
    name: str
    question: str | None
    low: float
    high: float
    good_direction: ScaleDirection
    meaningful_change: float | None
    licence: Licence
    licence_ref: str | None
    shipped: bool


class EarlierReadingOut(Out):
    """What a reading said before a correction."""

    version: int
    value: float
    recorded_at: datetime
    corrected_at: datetime
    corrected_by: ActorKind
    reason: str | None


class YesOut(Out):
    """The newest yes of a person."""

    wording_version: str
    given_on: date
    expires_on: date | None


class ReadingOut(Out):
    """A reading as it was posted."""

    person: str
    goal: str | None
    instrument: str | None
    value: float
    on: date
    by: ScoredBy
    episode: str | None
    area: str | None
    ref: str | None
    consent: YesOut | None
    organisation: str
    version: int
    recorded_at: datetime
    history: list[EarlierReadingOut] | None = Limit(default=None, description="With `history=true`: what it said before, the newest first")
