"""Asking about indicators: which there are, and what the account says of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from service.database import ReadSession
from service.places.models import Area, AreaKind, Organisation
from service.places.queries import find_last_of_organisations, get_whole_place
from service.results import rules
from service.results.models import ComparatorGroup, ComparatorMember, Direction, Indicator, IndicatorKind, Missing, Observation
from service.rows import json_of, rows_of

# ---- indicators ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator as lists and the account show it, with the code and the name of its comparator group."""

    id: UUID
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
    comparator_group_name: str | None


def indicator_row(row: Indicator, group: str | None, group_name: str | None) -> IndicatorRow:
    """An indicator as it is shown."""
    return IndicatorRow(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        unit=row.unit,
        good_direction=row.good_direction,
        range_low=row.range_low,
        range_high=row.range_high,
        definition=row.definition,
        source=row.source,
        chosen_because=row.chosen_because,
        could_be_gamed_by=row.could_be_gamed_by,
        comparator_group=group,
        comparator_group_name=group_name,
    )


def find_indicators(
    reads: ReadSession,
    place_id: UUID,
    *,
    kinds: Collection[IndicatorKind] = tuple(IndicatorKind),
    after: str | None = None,
    most: int | None = None,
) -> list[IndicatorRow]:
    """The indicators of a collaboration, by code; those after a code when a page begins there."""
    query = (
        select(Indicator, ComparatorGroup.code, ComparatorGroup.name)
        .join(
            ComparatorGroup,
            and_(
                col(ComparatorGroup.collaboration_id) == Indicator.collaboration_id,
                col(ComparatorGroup.id) == Indicator.comparator_group_id,
            ),
            isouter=True,
        )
        .where(Indicator.collaboration_id == place_id, col(Indicator.kind).in_(kinds), Indicator.code > (after or ""))
        .order_by(Indicator.code)
        .limit(most)
    )
    return [indicator_row(*found) for found in reads.exec(query)]


def find_indicator(reads: ReadSession, place_id: UUID, code: str) -> Indicator | None:
    """The indicator with this code, if there is one."""
    return reads.exec(select(Indicator).where(Indicator.collaboration_id == place_id, Indicator.code == code)).first()


def find_comparator_group(reads: ReadSession, place_id: UUID, code: str) -> ComparatorGroup | None:
    """The comparator group with this code, if there is one."""
    return reads.exec(select(ComparatorGroup).where(ComparatorGroup.collaboration_id == place_id, ComparatorGroup.code == code)).first()


def count_indicators_with_a_value(reads: ReadSession, place_id: UUID) -> int:
    """How many indicators have a value for the whole place or for one of its own areas. Units: indicators."""
    of_it = (
        exists()
        .where(
            col(Observation.collaboration_id) == Indicator.collaboration_id,
            col(Observation.indicator_id) == Indicator.id,
            col(Observation.value).is_not(None),
            col(Area.collaboration_id) == Observation.collaboration_id,
            col(Area.id) == Observation.area_id,
            col(Area.kind) != AreaKind.COMPARATOR,
        )
        .correlate(Indicator)
    )
    return reads.exec(select(func.count()).select_from(Indicator).where(Indicator.collaboration_id == place_id, of_it)).one()


def find_last_recorded(reads: ReadSession, place_id: UUID) -> dict[UUID, datetime]:
    """By organisation: when it last posted or corrected an observation."""
    return find_last_of_organisations(reads, place_id, Observation.recorded_at, Observation.organisation_id)


def find_organisation_code(reads: ReadSession, place_id: UUID, organisation_id: UUID) -> str | None:
    """The code of an organisation."""
    query = select(Organisation.code).where(Organisation.collaboration_id == place_id, Organisation.id == organisation_id)
    return reads.exec(query).first()


# ---- for the account -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """What is said of the whole place for one period: a value, or why there is none, and whose word it is."""

    first_day: date
    last_day: date
    period_label: str | None
    value: float | None
    missing: Missing | None
    organisation: str
    organisation_name: str
    recorded_at: datetime

    @property
    def period(self) -> str:
        return rules.write_period(self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """A comparator's value for the period."""

    code: str
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The other places for one period. `mean` is over the `n` of `of` members that have a value; nations stand apart."""

    group: str
    group_name: str
    mean: float | None
    n: int
    of: int
    nations: tuple[OtherPlace, ...]


@dataclass(frozen=True, slots=True)
class IndicatorAccount:
    """What the account says of an indicator: whole place, no dimension, nothing provisional, by the end of the period.

    `series` holds every period once, the oldest first, those without a value included. `latest` and `first` have a value;
    `gap` is the newest period where it has none and is newer than `latest`. `change` is latest minus first, in the indicator's unit,
    and None with fewer than two values. `not_final` is the newest provisional value, where it is newer than `latest`.
    """

    indicator: IndicatorRow
    series: tuple[Point, ...]
    latest: Point | None
    first: Point | None
    gap: Point | None
    change: float | None
    comparison: Comparison | None
    not_final: Point | None = None


def find_indicator_accounts(
    reads: ReadSession, place_id: UUID, kinds: Collection[IndicatorKind], *, since: date | None = None, until: date | None = None
) -> list[IndicatorAccount]:
    """What the account says of each indicator of these kinds, by code. Counts periods that end from `since` to `until`."""
    indicators = find_indicators(reads, place_id, kinds=kinds)
    series = _find_series(reads, place_id, [found.id for found in indicators], since, until)
    provisional = _find_series(reads, place_id, [found.id for found in indicators], since, until, provisional=True)
    latest = {found.id: next((point for point in reversed(series[found.id]) if point.value is not None), None) for found in indicators}
    asked = [(id_, point.first_day, point.last_day) for id_, point in latest.items() if point]
    comparisons = find_comparisons(reads, place_id, asked)
    return [_account(found, series[found.id], comparisons, provisional[found.id]) for found in indicators]


def _account(
    indicator: IndicatorRow,
    series: Sequence[Point],
    comparisons: dict[tuple[UUID, date, date], Comparison],
    provisional: Sequence[Point],
) -> IndicatorAccount:
    valued = [point for point in series if point.value is not None]
    first, latest = (valued[0], valued[-1]) if valued else (None, None)
    gap = series[-1] if series and series[-1].value is None else None
    change = (
        _finite(latest.value - first.value)
        if len(valued) > 1 and latest and first and latest.value is not None and first.value is not None
        else None
    )
    comparison = comparisons.get((indicator.id, latest.first_day, latest.last_day)) if latest else None
    newer = [point for point in provisional if point.value is not None and (latest is None or point.last_day > latest.last_day)]
    return IndicatorAccount(indicator, tuple(series), latest, first, gap, change, comparison, newer[-1] if newer else None)


def _finite(value: float) -> float | None:
    """Nothing, where two numbers are further apart than a number can say."""
    return value if isfinite(value) else None


def _find_series(
    reads: ReadSession, place_id: UUID, indicators: Sequence[UUID], since: date | None, until: date | None, *, provisional: bool = False
) -> dict[UUID, list[Point]]:
    """By indicator, one point per period. Where several organisations posted it: one that has a value, then the newest word."""
    table = Observation.__table__  # type: ignore[attr-defined]
    columns = [table.c[name] for name in ("indicator_id", "first_day", "last_day", "period_label", "value", "missing")]
    query = (
        select_columns(*columns, col(Organisation.code), col(Organisation.name), table.c.recorded_at)
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == table.c.collaboration_id, col(Organisation.id) == table.c.organisation_id),
        )
        .where(
            table.c.collaboration_id == place_id,
            table.c.indicator_id.in_(indicators),
            table.c.area_id == get_whole_place(reads, place_id),
            table.c.dimension == "",
            table.c.provisional.is_(provisional),
        )
        .order_by(table.c.last_day, table.c.first_day, table.c.value.is_not(None), table.c.recorded_at, table.c.id)
    )
    if since is not None:
        query = query.where(table.c.last_day >= since)
    if until is not None:
        query = query.where(table.c.last_day <= until)
    found: dict[UUID, dict[tuple[date, date], Point]] = {indicator: {} for indicator in indicators}
    for indicator_id, *point in reads.execute(query):
        found[indicator_id][point[0], point[1]] = Point(*point)
    return {indicator: list(points.values()) for indicator, points in found.items()}


def _settled(table: Any) -> tuple[ColumnElement[bool], ...]:
    return table.c.dimension == "", table.c.provisional.is_(False)


def find_comparisons(
    reads: ReadSession, place_id: UUID, asked: Sequence[tuple[UUID, date, date]]
) -> dict[tuple[UUID, date, date], Comparison]:
    """The comparator group of each of these indicators in each of these periods; indicators without a group are left out.

    Shape:  by (indicator, first day, last day): the mean over the members that have a value for exactly this period, and the nations.
    Units:  those of the indicator, not rounded.
    Source: docs/measures.md#comparator-mean
    """
    groups = _groups_of(reads, place_id, {indicator for indicator, *_period in asked})
    members, nations = _find_members(reads, place_id, {group.id for group in groups.values()}), _find_nations(reads, place_id)
    wanted = [
        (indicator, area, first, last)
        for indicator, first, last in asked
        if indicator in groups
        for area in {**members.get(groups[indicator].id, {}), **nations}
    ]
    values = _find_values(reads, place_id, wanted)
    found = {}
    for indicator, first, last in asked:
        if indicator in groups:
            group = groups[indicator]
            own = [area for area in members.get(group.id, {}) if area not in nations]
            known = [values[indicator, area, first, last] for area in own if (indicator, area, first, last) in values]
            apart = [
                OtherPlace(row.code, row.name, values[indicator, area, first, last])
                for area, row in nations.items()
                if (indicator, area, first, last) in values
            ]
            found[indicator, first, last] = Comparison(group.code, group.name, rules.mean(known), len(known), len(own), tuple(apart))
    return found


def _groups_of(reads: ReadSession, place_id: UUID, indicators: Collection[UUID]) -> dict[UUID, ComparatorGroup]:
    query = (
        select(Indicator.id, ComparatorGroup)
        .join(
            ComparatorGroup,
            and_(
                col(ComparatorGroup.collaboration_id) == Indicator.collaboration_id,
                col(ComparatorGroup.id) == Indicator.comparator_group_id,
            ),
        )
        .where(Indicator.collaboration_id == place_id, col(Indicator.id).in_(indicators))
    )
    return dict(reads.exec(query).all())


def _find_members(reads: ReadSession, place_id: UUID, groups: Collection[UUID]) -> dict[UUID, dict[UUID, Row[Any]]]:
    """By group, its areas by id."""
    table = ComparatorMember.__table__  # type: ignore[attr-defined]
    query = (
        select_columns(table.c.group_id, col(Area.id), col(Area.code), col(Area.name))
        .join(Area, and_(col(Area.collaboration_id) == table.c.collaboration_id, col(Area.id) == table.c.area_id))
        .where(table.c.collaboration_id == place_id, table.c.group_id.in_(groups))
        .order_by(col(Area.code))
    )
    found: dict[UUID, dict[UUID, Row[Any]]] = {}
    for row in reads.execute(query):
        found.setdefault(row.group_id, {})[row.id] = row
    return found


def _find_nations(reads: ReadSession, place_id: UUID) -> dict[UUID, Row[Any]]:
    query = select_columns(col(Area.id), col(Area.code), col(Area.name)).where(
        col(Area.collaboration_id) == place_id, col(Area.kind) == AreaKind.COMPARATOR
    )
    return {row.id: row for row in reads.execute(query.order_by(col(Area.code))) if rules.is_nation(row.code)}


_table = Observation.__table__  # type: ignore[attr-defined]
_wanted = rows_of([_table.c[name] for name in ("collaboration_id", "indicator_id", "area_id", "first_day", "last_day")])
_values = (
    select_columns(_table.c.indicator_id, _table.c.area_id, _table.c.first_day, _table.c.last_day, _table.c.value)
    .join(_wanted, and_(*(_table.c[column.key] == column for column in _wanted.c)))
    .where(_table.c.value.is_not(None), *_settled(_table))
    .order_by(_table.c.recorded_at, _table.c.id)
)


def _find_values(
    reads: ReadSession, place_id: UUID, wanted: Sequence[tuple[UUID, UUID, date, date]]
) -> dict[tuple[UUID, UUID, date, date], float]:
    """The values under these keys (indicator, area, first and last day); of several organisations' the newest word."""
    rows = ((place_id.hex, indicator.hex, area.hex, first.isoformat(), last.isoformat()) for indicator, area, first, last in wanted)
    return {(row[0], row[1], row[2], row[3]): row[4] for row in reads.execute(_values, json_of(rows))} if wanted else {}
