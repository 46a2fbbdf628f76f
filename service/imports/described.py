"""Taking in what describes a place: areas, organisations, comparators, indicators. Rows with the same code are one and the same."""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import Field as Limit
from sqlmodel import SQLModel

from service.database import WriteSession
from service.errors import FieldError, Refusal
from service.imports.runs import Item, Result, Run, checked, first_of
from service.language import N_, _
from service.places.actions import add_organisation, add_topic, put_area
from service.places.models import MOST_PEOPLE, AreaIn, AreaKind, OrganisationIn, TopicIn
from service.places.queries import find_area, find_organisation, find_topics
from service.places.rules import WHOLE_PLACE
from service.results.actions import add_comparator_group, add_comparator_member, put_indicator
from service.results.models import IndicatorCode, IndicatorIn
from service.results.queries import find_indicator
from service.results.rules import Fate
from service.tables import Code, Input, Line

ANOTHER_TOPIC = N_("There is a topic with this code already, of another name or organisation.")


class AreaRow(AreaIn):
    """An area with its code. A file has text where JSON has a number."""

    code: Code
    population: Annotated[int, Limit(ge=0, le=MOST_PEOPLE)] | None = None


class IndicatorRow(IndicatorIn):
    """An indicator with its code."""

    code: IndicatorCode


class ComparatorRow(Input):
    """An area in a comparator group. `name` is the group's."""

    group: Code
    area: Code
    name: Line | None = None


Take = Callable[[Run, WriteSession, dict[str, Any]], Result]


def _each(run: Run, writes: WriteSession, items: Sequence[Item], take: Take, *, first_wins: bool = False) -> list[Result]:
    """One after the other. A code that came before in this file is taken once."""
    results: list[Result] = []
    for number, record in items:
        code, words = str(record.get("code")), json.dumps(record, sort_keys=True, default=str)
        before = run.before(code)
        if before == words:
            results.append(Fate.UNCHANGED)
        elif before is not None and first_wins:
            run.note(number, f"{code} came before, described otherwise. The first one stays.", once=f"{code} {words}")
            results.append(Fate.UNCHANGED)
        elif before is not None:
            results.append(FieldError("code", _("This comes twice in the file, described in two ways. The first one stays.")))
        else:
            result = take(run, writes, record)
            if isinstance(result, Fate):
                run.fresh[code] = words
            results.append(result)
    return results


def _columns(row: SQLModel | None) -> dict[str, Any] | None:
    """What a row says, apart from when it last changed."""
    return {name: getattr(row, name) for name in type(row).model_fields if name != "changed_at"} if row is not None else None


def _fate(before: dict[str, Any] | None, after: SQLModel) -> Fate:
    if before is None:
        return Fate.CREATED
    return Fate.UNCHANGED if before == _columns(after) else Fate.CORRECTED


def take_areas(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
    """Adds areas, or changes what a row names of them."""
    return _each(run, writes, items, _area, first_wins=True)


def _area(run: Run, writes: WriteSession, record: dict[str, Any]) -> Result:
    given = checked(AreaRow, record)
    if isinstance(given, FieldError):
        return given
    if given.code == WHOLE_PLACE:  # its row is there from the first day, under the collaboration's own name
        return Fate.UNCHANGED
    before = _columns(find_area(writes, run.place.id, given.code))
    named = AreaIn.model_validate(given.model_dump(exclude={"code"}, exclude_unset=True))
    try:
        row, _is_new = put_area(writes, run.actor, run.place, given.code, named, run.now, keep=True)
    except Refusal as refusal:
        return first_of(refusal)
    return _fate(before, row)


def take_organisations(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
    """Adds organisations as members. What is there under the same code stays as it is."""
    return _each(run, writes, items, _organisation)


def _organisation(run: Run, writes: WriteSession, record: dict[str, Any]) -> Result:
    given = checked(OrganisationIn, record)
    if isinstance(given, FieldError):
        return given
    known = find_organisation(writes, run.place.id, given.code)
    if known is not None:
        same = known.name == given.name and ("kind" not in given.model_fields_set or known.kind == given.kind)
        return (
            Fate.UNCHANGED if same else FieldError("code", _("There is an organisation with this code already, of another name or kind."))
        )
    add_organisation(writes, run.actor, run.place, given, run.now)
    return Fate.CREATED


def take_topics(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
    """Adds topics. What is there under the same code stays as it is."""
    return _each(run, writes, items, _topic)


def _topic(run: Run, writes: WriteSession, record: dict[str, Any]) -> Result:
    given = checked(TopicIn, record)
    if isinstance(given, FieldError):
        return given
    known = next((row for row in find_topics(writes, run.place.id) if row.topic.code == given.code), None)
    if known is not None:
        same = (known.topic.name, known.organisation) == (given.name, given.organisation)
        return (
            Fate.UNCHANGED if same else FieldError("code", _("There is a topic with this code already, of another name or organisation."))
        )
    try:
        add_topic(writes, run.actor, run.place, given, run.now)
    except Refusal:
        return FieldError("organisation", _("There is no organisation with this code."))
    return Fate.CREATED


def take_comparators(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
    """Puts areas into comparator groups; a group that is not there yet is added with the name of its first row."""
    return [_comparator(run, writes, record) for _number, record in items]


def _comparator(run: Run, writes: WriteSession, record: dict[str, Any]) -> Result:
    given = checked(ComparatorRow, record)
    if isinstance(given, FieldError):
        return given
    area = find_area(writes, run.place.id, given.area)
    if area is None or area.kind != AreaKind.COMPARATOR:
        return FieldError("area", _("There is no area of kind comparator with this code."))
    add_comparator_group(writes, run.actor, run.place, given.group, given.name or given.group, run.now)
    is_new = add_comparator_member(writes, run.actor, run.place, given.group, given.area, run.now)
    return Fate.CREATED if is_new else Fate.UNCHANGED


def take_indicators(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
    """Adds indicators, or puts what a row says in the place of what was said of them."""
    return _each(run, writes, items, _indicator)


def _indicator(run: Run, writes: WriteSession, record: dict[str, Any]) -> Result:
    given = checked(IndicatorRow, record)
    if isinstance(given, FieldError):
        return given
    before = _columns(find_indicator(writes, run.place.id, given.code))
    said = IndicatorIn.model_validate(given.model_dump(exclude={"code"}))
    try:
        row, _is_new = put_indicator(writes, run.actor, run.place, given.code, said, run.now)
    except Refusal as refusal:
        return first_of(refusal)
    return _fate(before, row)
