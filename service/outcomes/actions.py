"""Doing: keeping readings, many at a time, with the people, the yeses and the goals that they bring."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import and_, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave  # its ON CONFLICT compiles on SQLite as well
from uuid_utils import uuid7

from service.batches.waves import deed_of, find_known, hex_of, waves
from service.batches.work import Result, Terms
from service.database import ReadSession, WriteSession
from service.errors import FieldError
from service.journal.actions import Deed, record_all
from service.language import N_
from service.outcomes import rules
from service.outcomes.kin import Kin, Person, find_kin, live_on
from service.outcomes.models import EarlierReading, Goal, PersonKey, PersonYes, Reading, YesIn
from service.results.rules import Fate, Mode, fate
from service.rows import json_of, rows_of
from service.tables import new_id


@dataclass(slots=True, kw_only=True)
class Recording:
    """A reading on its way in. `figure` is its value; a goal and an instrument are never both there."""

    terms: Terms
    person: str
    goal: str | None
    instrument: str | None
    figure: float
    on: date
    by: str
    episode: str = ""
    area: str | None = None
    ref: str | None = None
    consent: YesIn | None = None
    reason: str | None = None
    id: str = field(default_factory=lambda: uuid7().hex)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two rows of one batch the same reading."""
        return self.person, self.goal or "", self.instrument or "", self.episode, self.on.isoformat(), self.by


@dataclass(slots=True)
class _Placed:
    """A recording whose person, measure and area were found. Somebody new, or a new goal, gets its id here."""

    item: Recording
    person: Person
    goal_id: str | None
    area_id: str | None

    @property
    def key(self) -> tuple[str, ...]:
        item = self.item
        measure = rules.measure_of(item.goal) if item.goal else item.instrument or ""
        return item.terms.collaboration_id, self.person.id, measure, item.episode, item.on.isoformat(), item.by


_reading, _earlier = Reading.__table__, EarlierReading.__table__  # type: ignore[attr-defined]
_person, _yes, _goal = PersonKey.__table__, PersonYes.__table__, Goal.__table__  # type: ignore[attr-defined]
_KEY = ["collaboration_id", "person_id", "measure", "episode", "taken_on", "scored_by"]
_NEW = [*_KEY, "id", "goal_id", "value", "area_id", "ref", "version", "recorded_at"]
_rows = rows_of([_reading.c[name] for name in _NEW])
_in_order = select(_rows).order_by(*(_rows.c[name] for name in _KEY))  # always the same, so that two processes never wait crosswise
_store_new = insert_or_leave(_reading).from_select(_NEW, _in_order).on_conflict_do_nothing(index_elements=_KEY)
_keys = rows_of([_reading.c[name] for name in [*_KEY, "id"]])
_known = (
    select(_keys.c.id.label("item"), _reading.c.id, _reading.c.value)
    .join(_reading, and_(*(_reading.c[name] == _keys.c[name] for name in _KEY)))
    .where(_reading.c.id != _keys.c.id)
    .order_by(_reading.c.id)
)
_known_and_held = _known.with_for_update(of=_reading)
_CHANGED = ["collaboration_id", "id", "reading_id", "person_id", "corrected_at", "actor_kind", "actor_id", "reason"]
_changes = rows_of([*(_earlier.c[name] for name in _CHANGED), _reading.c.value, _reading.c.area_id, _reading.c.ref], "changes")
_changed = and_(_reading.c.collaboration_id == _changes.c.collaboration_id, _reading.c.id == _changes.c.reading_id)
_KEPT = ["version", "value", "recorded_at"]
_keep_old = insert(_earlier).from_select(
    [*_CHANGED, *_KEPT],
    select(*(_changes.c[name] for name in _CHANGED), *(_reading.c[name] for name in _KEPT)).join(_reading, _changed),
)
_correct = (
    update(_reading)
    .where(_changed)
    .values(
        value=_changes.c.value,
        area_id=func.coalesce(_changes.c.area_id, _reading.c.area_id),
        ref=func.coalesce(_changes.c.ref, _reading.c.ref),
        version=_reading.c.version + literal(1),
        recorded_at=_changes.c.corrected_at,
    )
)

NO_YES = N_("There is no yes of this person to keeping readings. Ask them, and send it with this row: consent, with its wording and day.")
YES_ENDED = N_("The yes of this person has ended. Ask them again, and send the new one with this row: consent, with its wording and day.")
NO_INSTRUMENT, NO_AREA = N_("There is no instrument with this code."), N_("There is no area with this code.")
NOT_YET = N_("This day has not come yet.")
WHY_REFUSED = {
    Mode.CREATE: N_("There is a reading with this key already."),
    Mode.CORRECT: N_("There is no reading with this key to correct."),
}


def record_readings(writes: WriteSession, items: list[Recording]) -> list[Result]:
    """Stores what is new and corrects what differs. The batch action behind every way in.

    Shape: one result per item: created, corrected, unchanged, or the field at fault. A refusal never harms its neighbours.
    """
    kin, answers = find_kin(writes, items), dict[str, Result]()
    placed = list(_placed(kin, items, answers))
    modes = [found for found in placed if found.item.terms.mode != Mode.CORRECT]
    _keep_people(writes, kin, modes)
    for wave in waves(placed):
        _record(writes, wave, answers)
    return [answers[item.id] for item in items]


def foresee_readings(reads: ReadSession, items: list[Recording], memory: set[Any]) -> list[Result]:
    """What `record_readings` would answer, with nothing stored. `memory` holds the people who came earlier in the same batch."""
    kin, answers = find_kin(reads, items), dict[str, Result]()
    kin.promised = cast("set[tuple[str, str, str]]", memory)
    for wave in waves(list(_placed(kin, items, answers))):
        known = find_known(reads, _known, wave)
        answers |= {found.item.id: _result(found, known) for found in wave}
    return [answers[item.id] for item in items]


def _placed(kin: Kin, items: Sequence[Recording], answers: dict[str, Result]) -> Iterator[_Placed]:
    """The items that may be kept, with what they name; the others are answered."""
    for item in items:
        found = _place(kin, item)
        if isinstance(found, FieldError):
            answers[item.id] = found
        else:
            yield found


def _place(kin: Kin, item: Recording) -> _Placed | FieldError:  # noqa: PLR0911 (one line per refusal)
    terms, today = item.terms, kin.today(item.terms)
    scale = rules.A_GOAL if item.goal else kin.scale(terms, item.instrument or "")
    if scale is None:
        return FieldError("instrument", NO_INSTRUMENT)
    if wrong := rules.fault(scale, item.figure):
        return FieldError("value", wrong % {"low": f"{scale.low:g}", "high": f"{scale.high:g}"})
    if item.on > today:
        return FieldError("on", NOT_YET)
    if item.consent and item.consent.given_on > today:
        return FieldError("consent.given_on", NOT_YET)
    area_id = kin.area(terms, item.area) if item.area else None
    if item.area and area_id is None:
        return FieldError("area", NO_AREA)
    person = kin.person(terms, item.person)
    if item.consent:
        person.yeses.add((item.consent.wording_version, item.consent.given_on, item.consent.expires_on))
    if not live_on(person, today) and not kin.is_promised(terms, item.person):
        return FieldError("person", YES_ENDED if person.yeses else NO_YES)
    kin.promise(terms, item.person)
    return _Placed(item, person, kin.goal(person, item.goal) if item.goal else None, area_id)


def _keep_people(writes: WriteSession, kin: Kin, placed: Sequence[_Placed]) -> None:
    """People, their yes and their goals, as far as they are new. What a twin of this batch added a moment ago is taken as it is."""
    deeds: list[Deed] = []
    people = sorted({id(found.person): found for found in placed}.values(), key=lambda found: found.item.person)
    for found in people:
        person, terms = found.person, found.item.terms
        if person.is_new:
            whose = {"collaboration_id": UUID(terms.collaboration_id), "organisation_id": UUID(terms.organisation_id)}
            row = {**whose, "id": UUID(person.id), "pseudonym": found.item.person, "added_at": _moment(terms)}
            stored = writes.execute(insert_or_leave(_person).on_conflict_do_nothing().returning(_person.c.id), [row]).scalar()
            if stored is None:
                same = [_person.c[name] == row[name] for name in ("collaboration_id", "organisation_id", "pseudonym")]
                person.id = writes.execute(select(_person.c.id).where(*same)).scalar_one().hex
            else:
                deeds.append(deed_of(terms, person.id, "person_key", person.id, "added"))
        deeds += _keep_yeses(writes, person, terms)
    for found in placed:
        if found.goal_id and found.goal_id in kin.new_goals:
            found.goal_id = _keep_goal(writes, kin, found)
    record_all(writes, deeds)


def _keep_yeses(writes: WriteSession, person: Person, terms: Terms) -> Iterator[Deed]:
    for version, given_on, expires_on in sorted(person.yeses - person.kept, key=str):
        row: dict[str, Any] = {"collaboration_id": UUID(terms.collaboration_id), "id": new_id(), "person_id": UUID(person.id)}
        row |= {"wording_version": version, "given_on": given_on, "expires_on": expires_on, "recorded_at": _moment(terms)}
        if writes.execute(insert_or_leave(_yes).on_conflict_do_nothing().returning(_yes.c.id), [row]).scalar():
            yield deed_of(terms, uuid7().hex, "person_key", person.id, "consented")


def _keep_goal(writes: WriteSession, kin: Kin, found: _Placed) -> str:
    terms, words = found.item.terms, found.item.goal
    given = kin.new_goals[found.goal_id or ""]
    if given is not None:
        return given
    row: dict[str, Any] = {"collaboration_id": UUID(terms.collaboration_id), "id": UUID(found.goal_id), "words": words}
    row |= {"person_id": UUID(found.person.id), "added_at": _moment(terms)}
    stored = writes.execute(insert_or_leave(_goal).on_conflict_do_nothing().returning(_goal.c.id), [row]).scalar()
    if stored is None:
        same = [_goal.c[name] == row[name] for name in ("collaboration_id", "person_id", "words")]
        stored = writes.execute(select(_goal.c.id).where(*same)).scalar_one()
    kin.new_goals[found.goal_id or ""] = stored.hex
    return str(stored.hex)


def _record(writes: WriteSession, wave: Sequence[_Placed], answers: dict[str, Result]) -> None:
    new = [found for found in wave if found.item.terms.mode != Mode.CORRECT]
    if new:
        writes.execute(_store_new, json_of(_row(found) for found in new))
    known = find_known(writes, _known_and_held, wave)
    results = {found.item.id: _result(found, known) for found in wave}
    answers |= results
    corrected = [(uuid7().hex, known[found.item.id].id.hex, found) for found in wave if results[found.item.id] == Fate.CORRECTED]
    if corrected:
        changes = json_of((_change(*change) for change in corrected), "changes")
        writes.execute(_keep_old, changes)
        writes.execute(_correct, changes)
    created = [found.item for found in wave if results[found.item.id] == Fate.CREATED]
    deeds = [deed_of(item.terms, item.id, "reading", item.id, "recorded") for item in created]
    record_all(writes, deeds + [deed_of(found.item.terms, own, "reading", reading, "corrected") for own, reading, found in corrected])


def _result(found: _Placed, known: dict[str, Any]) -> Result:
    row, mode = known.get(found.item.id), found.item.terms.mode
    what = fate(mode, row.value if row else None, found.item.figure)
    return FieldError("person", WHY_REFUSED[mode]) if what == Fate.REFUSED else what


def _row(found: _Placed) -> tuple[object, ...]:
    item = found.item
    return (*found.key, item.id, found.goal_id, item.figure, found.area_id, item.ref, 1, item.terms.at)


def _change(own_id: str, reading_id: str, found: _Placed) -> tuple[object, ...]:
    item, terms = found.item, found.item.terms
    who = (terms.actor.kind, hex_of(terms.actor.id), item.reason)
    whose = (terms.collaboration_id, own_id, reading_id, found.person.id, terms.at, *who)
    return (*whose, item.figure, found.area_id, item.ref)


def _moment(terms: Terms) -> datetime:
    return datetime.fromisoformat(terms.at)
