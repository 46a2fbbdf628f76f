"""What is watched while a file is tried or taken in: rows that say something else than what stands here, and what was decided of them."""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from service.batches.work import Result, Sort
from service.cells import number_text
from service.database import ReadSession, WriteSession
from service.errors import FieldError
from service.imports.reading import Pulse
from service.imports.running import Order, Report
from service.imports.runs import Fields, Item, Kind, Run, Taker
from service.intakes.models import MOST_FOUND, Choice
from service.intakes.queries import find_standing
from service.places.queries import find_area
from service.places.rules import WHOLE_PLACE
from service.results.models import Missing, Observation
from service.results.queries import find_indicator
from service.results.rules import Fate, Figure, write_period

FIND = {"areas": find_area, "indicators": find_indicator}
"""How a thing is found that a file may describe anew."""

NOT_TOLD = frozenset({"changed_at", "shape", "id", "collaboration_id", "retired_on"})


@dataclass(frozen=True, slots=True)
class Differing:
    """A row that says something else than what stands here: of what, what stands, and what the row says."""

    row: int
    about: str
    stands: str
    says: str


@dataclass
class Watch(Report):
    """A report that also remembers which rows differ: all are counted and `listed`, the first ones kept."""

    listed: Callable[["Differing"], None] = lambda _differing: None
    waiting: "deque[tuple[str, str, str]]" = field(default_factory=deque)
    differing: list[Differing] = field(default_factory=list)
    differ: int = 0
    left: int = 0

    def add(self, number: int, result: Result) -> None:
        """Counts a record by its number."""
        if result == Fate.CORRECTED:
            self.differ += 1
            differing = Differing(self.rows[number - 1], *(self.waiting.popleft() if self.waiting else ("", "", "")))
            self.listed(differing)
            if len(self.differing) < MOST_FOUND:
                self.differing.append(differing)
        Report.add(self, number, result)


# ---- trying ----------------------------------------------------------------------------------------------------------


def tried(ordered: Order, watch: Watch, run: Run) -> Order:
    """The same order, watched: nothing of it is stored."""
    kind = ordered.kind
    if kind.sort:
        return replace(ordered, kind=replace(kind, sort=_foreseen(kind.sort, watch, run)))
    return replace(ordered, kind=replace(kind, take=_tried(ordered.name, kind, watch)))


def _foreseen(sort: Sort, watch: Watch, run: Run) -> Sort:
    def foresee(reads: ReadSession, items: list[Any], memory: set[Any]) -> list[Result]:
        results = sort.foresee(reads, items, memory)
        differing = [item for item, result in zip(items, results, strict=True) if result == Fate.CORRECTED]
        standing = _standing(reads, run, differing)
        watch.waiting += (_both(run, item, standing) for item in differing)
        return results

    return replace(sort, foresee=foresee)


def _key(item: Any) -> tuple[str, ...]:
    indicator, _area, first, last, dimension = item.key
    return indicator, item.area or WHOLE_PLACE, first, last, dimension


def _standing(reads: ReadSession, run: Run, items: Sequence[Any]) -> Mapping[tuple[str, ...], Observation]:
    figures = [_key(item) for item in items if isinstance(item.figure, Figure)]
    return find_standing(reads, run.place.id, run.organisation.id, figures) if figures and run.organisation else {}


def _both(run: Run, item: Any, standing: Mapping[tuple[str, ...], Observation]) -> tuple[str, str, str]:
    """What a figure is about, what stands here, and what the row says."""
    if not isinstance(item.figure, Figure):
        return "", "", number_text(item.figure)
    indicator, _area, first, last, dimension = item.key
    period = item.period_label or write_period(date.fromisoformat(first), date.fromisoformat(last))
    about = [indicator, item.area or run.place.name, period, *json.loads(dimension or "{}").values()]
    there = standing.get(_key(item))
    return " · ".join(about), _figure(there) if there else "", _figure(item.figure)


def _figure(said: Observation | Figure) -> str:
    if said.numerator is not None and said.denominator is not None:
        text = f"{number_text(said.numerator)} / {number_text(said.denominator)}"
    else:
        text = number_text(said.value) if said.value is not None else str(Missing(said.missing)) if said.missing else ""
    return f"{text} *" if said.provisional else text


def _tried(name: str, kind: Kind, watch: Watch) -> Taker:
    """Each row by itself. What earlier rows made is taken back by now, and counts all the same."""
    if not kind.build:
        return kind.take
    seen: set[str] = set()

    def take(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
        results: list[Result] = []
        for item in items:
            code, mark = str(item[1].get("code")), json.dumps(item[1], sort_keys=True, default=str)
            before = _described(name, writes, run, code) if name in FIND and run.before(code) is None else None
            [result] = kind.take(run, writes, [item])
            if isinstance(result, FieldError) and result.field == "parent" and run.before(str(item[1].get("parent"))) is not None:
                run.fresh[code] = mark
                result = Fate.CREATED
            if result == Fate.CREATED and name == "comparators":
                result = Fate.UNCHANGED if mark in seen else result
                seen.add(mark)
            if result == Fate.CORRECTED:
                watch.waiting.append(_changed(code, before or {}, _described(name, writes, run, code) or {}))
            results.append(result)
        return results

    return take


def _described(name: str, reads: ReadSession, run: Run, code: str) -> dict[str, Any] | None:
    row: Any = FIND[name](reads, run.place.id, code)
    return {column: getattr(row, column) for column in type(row).model_fields if column not in NOT_TOLD} if row is not None else None


def _changed(code: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, str, str]:
    names = [name for name in after if before.get(name) != after[name] and not isinstance(after[name], UUID)]
    return (
        code,
        "; ".join(f"{name}: {_said(before.get(name))}" for name in names),
        "; ".join(f"{name}: {_said(after[name])}" for name in names),
    )


def _said(value: Any) -> str:
    return "–" if value in (None, "") else str(value)


# ---- taking in -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decisions:
    """What becomes of rows that differ. What nobody decided stays as it stands here."""

    choice: Choice | None
    reason: str | None
    otherwise: Mapping[str, str]

    def corrects(self, row: int) -> bool:
        """Whether this row's word counts."""
        return self.otherwise.get(str(row), self.choice or Choice.LEAVE) == Choice.CORRECT

    @property
    def all_alike(self) -> bool:
        return self.choice == Choice.CORRECT and not self.otherwise


@dataclass(frozen=True, slots=True)
class Decided(Order):
    """An order whose figures are corrected where that was decided: those, and only those, carry the reason."""

    decisions: Decisions

    def records(self, run: Run, numbers: Any, pulse: Pulse) -> Iterator[Fields | FieldError]:
        """As the order's own."""
        for record in Order.records(self, run, numbers, pulse):
            if self.kind.sort and isinstance(record, dict):
                if self.decisions.corrects(numbers[-1]):
                    record.setdefault("reason", self.decisions.reason)
                else:
                    record.pop("reason", None)
            yield record


def taken(ordered: Order, watch: Watch, decisions: Decisions) -> Order:
    """The same order, in which what was left alone stays as it stands here."""
    kind = ordered.kind
    if kind.sort:
        kind = replace(kind, sort=_recorded(kind.sort, watch, decisions))
    elif ordered.name in FIND and not decisions.all_alike:
        kind = replace(kind, take=_taken(kind, watch, decisions))
    return Decided(ordered.name, kind, ordered.source, ordered.map, decisions)


def _recorded(sort: Sort, watch: Watch, decisions: Decisions) -> Sort:
    def record(writes: WriteSession, items: list[Any]) -> list[Result]:
        if decisions.all_alike:
            return sort.record(writes, items)
        results: list[Result | None] = [
            None if item.reason or foreseen != Fate.CORRECTED else Fate.UNCHANGED
            for item, foreseen in zip(items, sort.foresee(writes, items, set()), strict=True)
        ]
        watch.left += sum(result is not None for result in results)
        stored = iter(sort.record(writes, [item for item, result in zip(items, results, strict=True) if result is None]))
        return [next(stored) if result is None else result for result in results]

    return replace(sort, record=record)


class _LeftError(Exception):
    """Takes one row back."""


def _unless_left(result: Result, decisions: Decisions, row: int) -> Result:
    if result == Fate.CORRECTED and not decisions.corrects(row):
        raise _LeftError
    return result


def _taken(kind: Kind, watch: Watch, decisions: Decisions) -> Taker:
    def take(run: Run, writes: WriteSession, items: Sequence[Item]) -> list[Result]:
        results: list[Result] = []
        for item in items:
            try:
                with writes.begin_nested():
                    result = _unless_left(kind.take(run, writes, [item])[0], decisions, item[0])
            except _LeftError:
                watch.left += 1
                result = Fate.UNCHANGED
            results.append(result)
        return results

    return take
