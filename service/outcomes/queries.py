"""Asking about instruments, readings, and what changed for the people whose yes holds."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from service.database import ReadSession
from service.journal.models import ActorKind
from service.outcomes.models import EarlierReading, Goal, Instrument, PersonKey, PersonYes, Reading, ScoredBy
from service.outcomes.rules import GOALS, SHIPPED, Course, Scale
from service.places.models import Area, Organisation

# ---- instruments -----------------------------------------------------------------------------------------------------


def scale_of(row: Instrument) -> Scale:
    """An instrument of a place as a scale."""
    return Scale(**{one.name: getattr(row, one.name) for one in fields(Scale) if hasattr(row, one.name)})


def find_instrument(reads: ReadSession, place_id: UUID, code: str) -> Instrument | None:
    """The instrument that a place has under this code."""
    return reads.scalars(select(Instrument).where(col(Instrument.collaboration_id) == place_id, col(Instrument.code) == code)).first()


def find_scales(reads: ReadSession, place_id: UUID) -> dict[str, Scale]:
    """Every instrument by its code: those that come with the service, and the place's own."""
    rows = reads.scalars(select(Instrument).where(col(Instrument.collaboration_id) == place_id))
    found = SHIPPED | {row.code: scale_of(row) for row in rows}
    return dict(sorted(found.items()))


# ---- what changed ----------------------------------------------------------------------------------------------------


def holds(today: date, person: Any) -> ColumnElement[bool]:
    """Whether somebody's yes holds on this day."""
    return exists().where(
        col(PersonYes.collaboration_id) == person.c.collaboration_id,
        col(PersonYes.person_id) == person.c.person_id,
        col(PersonYes.given_on) <= today,
        or_(col(PersonYes.expires_on).is_(None), col(PersonYes.expires_on) >= today),
    )


def find_courses(reads: ReadSession, place_id: UUID, *, today: date, until: date) -> list[Course]:
    """The first and the latest reading, up to a day, of everybody whose yes holds today. Goals have `goals` for their measure."""
    columns = ("collaboration_id", "person_id", "measure", "goal_id", "episode", "scored_by")
    table = Reading.__table__  # type: ignore[attr-defined]
    key = [table.c[name] for name in columns]
    ends = (
        select(*key, func.min(table.c.taken_on).label("first_on"), func.max(table.c.taken_on).label("latest_on"))
        .where(table.c.collaboration_id == place_id, table.c.taken_on <= until)
        .group_by(*key)
        .subquery("ends")
    )
    first, latest = table.alias("first_reading"), table.alias("latest_reading")

    def at(reading: Any, on: Any) -> ColumnElement[bool]:
        same = ("collaboration_id", "person_id", "measure", "episode", "scored_by")
        return and_(*(reading.c[name] == ends.c[name] for name in same), reading.c.taken_on == on)

    query = (
        select(ends, first.c.value.label("first"), latest.c.value.label("latest"))
        .join(first, at(first, ends.c.first_on))
        .join(latest, at(latest, ends.c.latest_on))
        .where(holds(today, ends))
        .order_by(ends.c.person_id, ends.c.measure, ends.c.episode, ends.c.scored_by)
    )
    return [
        Course(
            row.person_id,
            row.episode,
            GOALS if row.goal_id else row.measure,
            ScoredBy(row.scored_by),
            row.first_on,
            row.first,
            row.latest_on,
            row.latest,
        )
        for row in reads.execute(query)
    ]


def is_anybody_asked(reads: ReadSession, place_id: UUID, *, today: date, until: date) -> bool:
    """Whether there is a reading, up to a day, of somebody whose yes holds today."""
    table = Reading.__table__  # type: ignore[attr-defined]
    found = select(table.c.person_id).where(table.c.collaboration_id == place_id, table.c.taken_on <= until, holds(today, table))
    return reads.execute(found.limit(1)).first() is not None


# ---- listing readings ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading as lists and exports show it."""

    id: UUID
    person_id: UUID
    person: str
    organisation: str
    goal: str | None
    measure: str
    value: float
    on: date
    by: ScoredBy
    episode: str | None
    area: str | None
    ref: str | None
    version: int
    recorded_at: datetime

    @property
    def instrument(self) -> str | None:
        return None if self.goal is not None else self.measure


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """What a reading said before a correction."""

    reading_id: UUID
    version: int
    value: float
    recorded_at: datetime
    corrected_at: datetime
    corrected_by: ActorKind
    reason: str | None


def _same(table: type[SQLModel], column: Any) -> ColumnElement[bool]:
    return and_(col(table.collaboration_id) == col(Reading.collaboration_id), col(table.id) == column)  # type: ignore[attr-defined]


def find_readings(
    reads: ReadSession, place_id: UUID, organisation_id: UUID | None = None, *, after: UUID | None = None, most: int | None = None
) -> list[ReadingRow]:
    """The readings of a place, or of one of its organisations, in the order in which they were first posted."""
    query = (
        select(
            *(col(Reading.id), col(Reading.person_id), col(PersonKey.pseudonym), col(Organisation.code), col(Goal.words)),
            *(col(Reading.measure), col(Reading.value), col(Reading.taken_on), col(Reading.scored_by)),
            *(func.nullif(col(Reading.episode), ""), col(Area.code), col(Reading.ref), col(Reading.version), col(Reading.recorded_at)),
        )
        .join(PersonKey, _same(PersonKey, col(Reading.person_id)))
        .join(
            Organisation,
            and_(
                col(Organisation.collaboration_id) == col(PersonKey.collaboration_id),
                col(Organisation.id) == col(PersonKey.organisation_id),
            ),
        )
        .join(Goal, _same(Goal, col(Reading.goal_id)), isouter=True)
        .join(Area, _same(Area, col(Reading.area_id)), isouter=True)
        .where(col(Reading.collaboration_id) == place_id)
        .order_by(col(Reading.id))
        .limit(most)
    )
    if organisation_id is not None:
        query = query.where(col(PersonKey.organisation_id) == organisation_id)
    if after is not None:
        query = query.where(col(Reading.id) > after)
    return [ReadingRow(*row) for row in reads.execute(query)]


def find_yeses(reads: ReadSession, place_id: UUID, people: Collection[UUID]) -> dict[UUID, PersonYes]:
    """By person: the yes that was given last."""
    query = select(PersonYes).where(col(PersonYes.collaboration_id) == place_id, col(PersonYes.person_id).in_(people))
    return {row.person_id: row for row in reads.scalars(query.order_by(col(PersonYes.given_on), col(PersonYes.id)))}


def find_earlier(reads: ReadSession, place_id: UUID, readings: Collection[UUID]) -> dict[UUID, list[EarlierRow]]:
    """By reading: what it said before each correction, the newest first."""
    one = aliased(EarlierReading)
    query = (
        select(
            *(col(one.reading_id), col(one.version), col(one.value), col(one.recorded_at), col(one.corrected_at)),
            *(col(one.actor_kind), col(one.reason)),
        )
        .where(col(one.collaboration_id) == place_id, col(one.reading_id).in_(readings))
        .order_by(col(one.reading_id), col(one.version).desc())
    )
    found: dict[UUID, list[EarlierRow]] = {}
    for row in reads.execute(query):
        found.setdefault(row.reading_id, []).append(EarlierRow(*row))
    return found


def find_person(reads: ReadSession, place_id: UUID, organisation_id: UUID, pseudonym: str) -> PersonKey | None:
    """Somebody whom an organisation follows under this name."""
    query = select(PersonKey).where(
        col(PersonKey.collaboration_id) == place_id,
        col(PersonKey.organisation_id) == organisation_id,
        col(PersonKey.pseudonym) == pseudonym,
    )
    return reads.scalars(query).first()
