"""Listing observations: in pages, for export, and with what they said before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, select
from sqlmodel import col

from service.database import ReadSession
from service.journal.models import ActorKind
from service.places.models import Area, Organisation
from service.places.rules import WHOLE_PLACE
from service.results import rules
from service.results.models import Correction, Indicator, Missing, Observation


@dataclass(frozen=True, slots=True)
class Filters:
    """Which observations: by the codes of indicator and area (`whole_place` is one), and by the day on which their period ends."""

    indicator: str | None = None
    area: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """An observation as lists and exports show it. `area` is None for the whole place; `dimension` is canonical JSON."""

    id: UUID
    indicator: str
    area: str | None
    first_day: date
    last_day: date
    period_label: str | None
    dimension: str
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

    @property
    def period(self) -> str:
        return rules.write_period(self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """What an observation said before a correction: `version` was that one's."""

    observation_id: UUID
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


_observation, _correction = Observation.__table__, Correction.__table__  # type: ignore[attr-defined]
_SHOWN = ["value", "numerator", "denominator", "missing", "provisional", "comment", "ref", "version", "recorded_at"]
_AREA_CODE = case((col(Area.code) == WHOLE_PLACE, None), else_=col(Area.code))


def _filtered(place_id: UUID, filters: Filters, *columns: Any) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(*columns)
        .select_from(_observation)
        .join(
            Indicator,
            and_(col(Indicator.collaboration_id) == _observation.c.collaboration_id, col(Indicator.id) == _observation.c.indicator_id),
        )
        .join(Area, and_(col(Area.collaboration_id) == _observation.c.collaboration_id, col(Area.id) == _observation.c.area_id))
        .where(_observation.c.collaboration_id == place_id)
    )
    if filters.indicator is not None:
        query = query.where(col(Indicator.code) == filters.indicator)
    if filters.area is not None:
        query = query.where(col(Area.code) == filters.area)
    if filters.since is not None:
        query = query.where(_observation.c.last_day >= filters.since)
    if filters.until is not None:
        query = query.where(_observation.c.last_day <= filters.until)
    return query


def find_observations(
    reads: ReadSession, place_id: UUID, filters: Filters, *, after: UUID | None = None, most: int | None = None
) -> list[ObservationRow]:
    """The observations of a collaboration, in the order in which they were first posted; those after one when a page begins there."""
    columns = [
        _observation.c.id,
        col(Indicator.code),
        _AREA_CODE,
        _observation.c.first_day,
        _observation.c.last_day,
        _observation.c.period_label,
        _observation.c.dimension,
    ]
    query = _filtered(place_id, filters, *columns, col(Organisation.code), *(_observation.c[name] for name in _SHOWN)).join(
        Organisation,
        and_(col(Organisation.collaboration_id) == _observation.c.collaboration_id, col(Organisation.id) == _observation.c.organisation_id),
    )
    if after is not None:
        query = query.where(_observation.c.id > after)
    return [ObservationRow(*row) for row in reads.execute(query.order_by(_observation.c.id).limit(most))]


def find_history(reads: ReadSession, place_id: UUID, observations: Collection[UUID]) -> dict[UUID, list[EarlierRow]]:
    """By observation: what it said before each correction, the newest first."""
    names = "observation_id version value numerator denominator missing provisional comment recorded_at corrected_at".split()
    query = (
        select(*(_correction.c[name] for name in names), _correction.c.actor_kind, _correction.c.reason)
        .where(_correction.c.collaboration_id == place_id, _correction.c.observation_id.in_(observations))
        .order_by(_correction.c.observation_id, _correction.c.version.desc())
    )
    found: dict[UUID, list[EarlierRow]] = {}
    for row in reads.execute(query):
        found.setdefault(row.observation_id, []).append(EarlierRow(*row))
    return found


def find_dimensions(reads: ReadSession, place_id: UUID, filters: Filters) -> list[str]:
    """Every dimension that these observations have, as canonical JSON."""
    query = _filtered(place_id, filters, _observation.c.dimension).where(_observation.c.dimension != "").distinct()
    return sorted(reads.scalars(query))
