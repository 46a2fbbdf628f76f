"""Doing: describing indicators, naming comparators, recording observations (many at a time)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave  # its ON CONFLICT compiles on SQLite as well
from sqlmodel import select as select_rows
from uuid_utils import uuid7

from service import rollups
from service.batches.waves import deed_of, find_known, hex_of, waves
from service.batches.work import Result, Terms
from service.database import ReadSession, WriteSession
from service.errors import FieldError, Invalid
from service.journal.actions import Actor, Deed, record, record_all
from service.language import N_, _
from service.places.models import Area, AreaKind
from service.places.queries import PlaceCard, find_area, take_turn
from service.places.rules import WHOLE_PLACE
from service.results import rules
from service.results.models import ComparatorGroup, ComparatorMember, Correction, Indicator, IndicatorIn, Observation
from service.results.queries import find_comparator_group, find_indicator
from service.results.rules import Fate, Figure, Mode
from service.rows import json_of, rows_of

# ---- indicators and comparators --------------------------------------------------------------------------------------


def put_indicator(
    writes: WriteSession, actor: Actor, place: PlaceCard, code: str, given: IndicatorIn, now: datetime
) -> tuple[Indicator, bool]:
    """Adds an indicator or changes it; answers it, and whether it is new. Raises: Invalid for an unknown comparator group."""
    group = find_comparator_group(writes, place.id, given.comparator_group) if given.comparator_group else None
    if given.comparator_group and group is None:
        raise Invalid(FieldError("comparator_group", _("There is no comparator group with this code.")))
    values = given.model_dump(exclude={"comparator_group"}) | {"comparator_group_id": group.id if group else None}
    for name in ("definition", "source", "chosen_because", "could_be_gamed_by"):
        values[name] = values[name] or None
    take_turn(writes, place.id)
    row = find_indicator(writes, place.id, code)
    if row is None:
        row = Indicator(collaboration_id=place.id, code=code, changed_at=now, **values)
        writes.add(row)
        writes.flush()
        record(writes, actor, "added", "indicator", row.id, at=now, collaboration_id=place.id)
        return row, True
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.changed_at = now
        writes.add(row)
        writes.flush()
        record(writes, actor, "changed", "indicator", row.id, at=now, collaboration_id=place.id, fields=changed)
    return row, False


def add_comparator_group(
    writes: WriteSession, actor: Actor, place: PlaceCard, code: str, name: str, now: datetime
) -> tuple[ComparatorGroup, bool]:
    """Adds a group of other places, if there is none with this code yet; answers it, and whether it is new."""
    row = find_comparator_group(writes, place.id, code)
    if row is not None:
        return row, False
    row = ComparatorGroup(collaboration_id=place.id, code=code, name=name)
    writes.add(row)
    writes.flush()
    record(writes, actor, "added", "comparator_group", row.id, at=now, collaboration_id=place.id)
    return row, True


def add_comparator_member(writes: WriteSession, actor: Actor, place: PlaceCard, group: str, area: str, now: datetime) -> bool:
    """Puts an area into a comparator group, both named by code; answers whether that was news. Raises: Invalid."""
    group_row, area_row = find_comparator_group(writes, place.id, group), find_area(writes, place.id, area)
    if group_row is None:
        raise Invalid(FieldError("group", _("There is no comparator group with this code.")))
    if area_row is None or area_row.kind != AreaKind.COMPARATOR:
        raise Invalid(FieldError("area", _("There is no area of kind comparator with this code.")))
    query = select_rows(ComparatorMember.id).where(
        ComparatorMember.collaboration_id == place.id,
        ComparatorMember.group_id == group_row.id,
        ComparatorMember.area_id == area_row.id,
    )
    if writes.exec(query).first():
        return False
    writes.add(ComparatorMember(collaboration_id=place.id, group_id=group_row.id, area_id=area_row.id))
    writes.flush()
    record(writes, actor, "member_added", "comparator_group", group_row.id, at=now, collaboration_id=place.id)
    return True


# ---- observations ----------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Recording:
    """An observation on its way in. Days are ISO text, `dimension` is canonical; without an area it is about the whole place."""

    terms: Terms
    indicator: str
    area: str | None
    first_day: str
    last_day: str
    dimension: str
    figure: Figure
    period_label: str | None = None
    comment: str | None = None
    ref: str | None = None
    reason: str | None = None
    id: str = field(default_factory=lambda: uuid7().hex)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two rows of one batch the same observation."""
        return self.indicator, self.area or WHOLE_PLACE, self.first_day, self.last_day, self.dimension


@dataclass(slots=True)
class _Placed:
    """A recording whose codes were found, with its key as it is stored and what it says in full."""

    item: Recording
    area_id: str
    key: tuple[str, ...]
    figure: Figure


_observation, _correction = Observation.__table__, Correction.__table__  # type: ignore[attr-defined]
_indicator, _area = Indicator.__table__, Area.__table__  # type: ignore[attr-defined]
_KEY = ["collaboration_id", "indicator_id", "area_id", "first_day", "last_day", "dimension", "organisation_id"]
_SAYS = ["value", "numerator", "denominator", "missing", "provisional"]
_NOTES = ["period_label", "comment", "ref"]
_NEW = [*_KEY, "id", *_SAYS, *_NOTES, "version", "recorded_at"]

_named_indicators = rows_of([_indicator.c.collaboration_id, _indicator.c.code])
_indicators = select(_indicator.c.collaboration_id, _indicator.c.code, _indicator.c.id, _indicator.c.unit).join(
    _named_indicators,
    and_(_indicator.c.collaboration_id == _named_indicators.c.collaboration_id, _indicator.c.code == _named_indicators.c.code),
)
_named_areas = rows_of([_area.c.collaboration_id, _area.c.code])
_areas = select(_area.c.collaboration_id, _area.c.code, _area.c.id).join(
    _named_areas, and_(_area.c.collaboration_id == _named_areas.c.collaboration_id, _area.c.code == _named_areas.c.code)
)

_rows = rows_of([_observation.c[name] for name in _NEW])
_in_order = select(_rows).order_by(*(_rows.c[name] for name in _KEY))  # always the same, so that two processes never wait crosswise
_store_new = insert_or_leave(_observation).from_select(_NEW, _in_order).on_conflict_do_nothing(index_elements=_KEY)
_store_new = _store_new.execution_options(preserve_rowcount=True)
_keys = rows_of([_observation.c[name] for name in [*_KEY, "id"]])
_known = (
    select(_keys.c.id.label("item"), _observation.c.id, *(_observation.c[name] for name in _SAYS))
    .join(_observation, and_(*(_observation.c[name] == _keys.c[name] for name in _KEY)))
    .where(_observation.c.id != _keys.c.id)
    .order_by(_observation.c.id)
)
_known_and_held = _known.with_for_update(of=_observation)

_CHANGED = ["collaboration_id", "id", "observation_id", "corrected_at", "actor_kind", "actor_id", "reason"]
_changes = rows_of([*(_correction.c[name] for name in _CHANGED), *(_observation.c[name] for name in [*_SAYS, *_NOTES])], "changes")
_changed = and_(
    _observation.c.collaboration_id == _changes.c.collaboration_id,
    _observation.c.id == _changes.c.observation_id,
)
_KEPT = ["version", *_SAYS, "comment", "recorded_at"]
_keep_old = insert(_correction).from_select(
    [*_CHANGED, *_KEPT],
    select(*(_changes.c[name] for name in _CHANGED), *(_observation.c[name] for name in _KEPT)).join(_observation, _changed),
)
_correct = (
    update(_observation)
    .where(_changed)
    .values(
        **{name: _changes.c[name] for name in [*_SAYS, "comment"]},
        **{name: func.coalesce(_changes.c[name], _observation.c[name]) for name in ("period_label", "ref")},
        version=_observation.c.version + 1,
        recorded_at=_changes.c.corrected_at,
    )
)

NO_INDICATOR, NO_AREA = N_("There is no indicator with this code."), N_("There is no area with this code.")


def record_observations(writes: WriteSession, items: list[Recording]) -> list[Result]:
    """Stores what is new and corrects what differs, in one statement per table. The batch action behind every way in.

    Shape: one result per item: created, corrected, unchanged, or the field at fault. A refusal never harms its neighbours.
    """
    answers: dict[str, Result] = {}
    for wave in waves(_placed(writes, items, answers)):
        _record(writes, wave, answers)
    return [answers[item.id] for item in items]


def foresee_observations(reads: ReadSession, items: list[Recording], _memory: object = None) -> list[Result]:
    """What `record_observations` would answer, with nothing stored."""
    answers: dict[str, Result] = {}
    for wave in waves(_placed(reads, items, answers)):
        known = find_known(reads, _known, wave)
        answers |= {found.item.id: _result(found, known) for found in wave}
    return [answers[item.id] for item in items]


def _placed(reads: ReadSession, items: list[Recording], answers: dict[str, Result]) -> Iterator[_Placed]:
    """The items whose indicator and area exist; the others are answered."""
    indicators = _named(reads, _indicators, {(item.terms.collaboration_id, item.indicator) for item in items})
    areas = _named(reads, _areas, {(item.terms.collaboration_id, item.area or WHOLE_PLACE) for item in items})
    for item in items:
        place_id = item.terms.collaboration_id
        indicator = indicators.get((place_id, item.indicator))
        area = areas.get((place_id, item.area or WHOLE_PLACE))
        if indicator is None:
            answers[item.id] = FieldError("indicator", NO_INDICATOR)
        elif area is None:
            answers[item.id] = FieldError("area", NO_AREA)
        else:
            indicator_id, unit = indicator
            key = (place_id, indicator_id, area[0], item.first_day, item.last_day, item.dimension, item.terms.organisation_id)
            yield _Placed(item, area[0], key, rules.in_full(item.figure, unit))


def _named(reads: ReadSession, query: Select[*tuple[Any, ...]], names: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """What stands behind the codes that these items name: the id as hex, and whatever else was asked for."""
    found = reads.execute(query, json_of(sorted(names))) if names else ()
    return {(place_id.hex, code): (own_id.hex, *more) for place_id, code, own_id, *more in found}


def _record(writes: WriteSession, wave: Sequence[_Placed], answers: dict[str, Result]) -> None:
    new = [found for found in wave if found.item.terms.mode != Mode.CORRECT]
    stored = writes.execute(_store_new, json_of(map(_row, new))).rowcount if new else 0  # type: ignore[attr-defined]
    if stored == len(wave):
        answers |= dict.fromkeys((found.item.id for found in wave), Fate.CREATED)
        _created(writes, wave)
        return
    known = find_known(writes, _known_and_held, wave)
    results = {found.item.id: _result(found, known) for found in wave}
    answers |= results
    corrected = [(uuid7().hex, known[found.item.id].id.hex, found) for found in wave if results[found.item.id] is Fate.CORRECTED]
    if corrected:
        changes = json_of((_change(*change) for change in corrected), "changes")
        writes.execute(_keep_old, changes)
        writes.execute(_correct, changes)
    later = [deed_of(found.item.terms, own_id, "observation", observation_id, "corrected") for own_id, observation_id, found in corrected]
    _created(writes, [found for found in wave if results[found.item.id] is Fate.CREATED], later)


def _created(writes: WriteSession, created: Sequence[_Placed], more: Sequence[Deed] = ()) -> None:
    """Tells the journal of these, and of whatever else was done with them; counts them."""
    record_all(writes, [*(deed_of(found.item.terms, found.item.id, "observation", found.item.id, "recorded") for found in created), *more])
    rollups.count(writes, Counter(map(_cell, created)))


def _result(found: _Placed, known: dict[str, Any]) -> Result:
    row, mode = known.get(found.item.id) if known else None, found.item.terms.mode
    was = Figure(row.value, row.numerator, row.denominator, row.missing, row.provisional) if row else None
    fate = rules.fate(mode, was, found.figure)
    return FieldError("indicator", rules.WHY_REFUSED[mode]) if fate == Fate.REFUSED else fate


def _row(found: _Placed) -> tuple[object, ...]:
    item = found.item
    return (*found.key, item.id, *found.figure, item.period_label, item.comment, item.ref, 1, item.terms.at)


def _change(own_id: str, observation_id: str, found: _Placed) -> tuple[object, ...]:
    item, terms = found.item, found.item.terms
    return (
        *(terms.collaboration_id, own_id, observation_id, terms.at, terms.actor.kind, hex_of(terms.actor.id), item.reason),
        *(*found.figure, item.period_label, item.comment, item.ref),
    )


def _cell(found: _Placed) -> rollups.Cell:
    """Observations are counted in the month in which their period ends."""
    return found.item.terms.collaboration_id, "observation", found.item.last_day[:7], found.area_id, ""
