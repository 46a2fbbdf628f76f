"""Batches: rows that are read, compared with each other, handed on in chunks, and counted."""

import asyncio
from array import array
from collections.abc import Awaitable, Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from math import isfinite
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from service.database import Database, WriteSession
from service.errors import FieldError
from service.inputs import OUT_OF_RANGE, WRONG_SHAPE, explain
from service.language import N_, _
from service.places.rules import WHOLE_PLACE
from service.results import rules
from service.results.actions import Recording, Result, Terms, foresee_observations, record_observations
from service.results.bodies import Rows
from service.results.models import MOST_DIMENSION, BatchOut, Conflicting, ObservationIn
from service.results.rules import Fate, Figure

CHUNK = 100
"""Rows stored at a time, so that whoever else writes waits for no more than these."""

MOST_CONFLICTS = 1_000
KEPT = 2_000
"""Rows up to which a batch is read once. A longer one is read twice: first to find keys that come again, then to store."""

A_PERIOD = N_("Write a period as 2026, 2025/26, 2026-Q1, 2026-03, 2026-W05, 2026-03-31 or 2026-01-01/2026-03-31.")
ONE_THING = N_("Give a value, or a numerator with its denominator, or say why it is missing.")
NO_WORD = N_("Leave the area out for the whole place.")
NOT_YOURS = N_("You post for the organisation %(code)s. Leave this out, or write that.")
CLASH = N_("This observation comes twice in this batch, with different values. Neither was taken.")

_ROW = TypeAdapter(ObservationIn)
_ORDER = list(ObservationIn.model_fields)


# ---- one row ---------------------------------------------------------------------------------------------------------


def read_row(raw: Any, terms: Terms) -> Recording | list[FieldError]:
    """A row as it will be stored, or everything that is wrong with it, in the order of the fields.

    An import may put a FieldError in the place of a row that it cannot read, or that its map refuses.
    """
    if isinstance(raw, FieldError):
        return [raw]
    if not isinstance(raw, dict):
        return [FieldError("row", _(WRONG_SHAPE))]
    try:
        given = _ROW.validate_python(raw)
    except ValidationError as error:
        return explain(error.errors(include_url=False, include_input=False), _ORDER)
    period = rules.read_period(given.period)
    dimension = rules.canonical(given.dimension)
    figure = Figure(given.value, given.numerator, given.denominator, given.missing, given.provisional)
    errors = _faults(given, figure, dimension, terms)
    if period is None or errors:
        return errors if period else [FieldError("period", _(A_PERIOD)), *errors]
    return Recording(
        terms=terms,
        indicator=given.indicator,
        area=given.area,
        first_day=period[0].isoformat(),
        last_day=period[1].isoformat(),
        dimension=dimension,
        figure=figure,
        period_label=given.period_label or None,
        comment=given.comment or None,
        ref=given.ref or None,
        reason=given.reason or None,
    )


def _faults(given: ObservationIn, figure: Figure, dimension: str, terms: Terms) -> list[FieldError]:
    errors = []
    if not rules.says_one_thing(figure):
        errors.append(FieldError("value", _(ONE_THING)))
    elif (
        given.numerator is not None and given.denominator is not None and not isfinite(rules.ratio(given.numerator, given.denominator, "%"))
    ):
        errors.append(FieldError("numerator", _(OUT_OF_RANGE)))
    if given.area == WHOLE_PLACE:
        errors.append(FieldError("area", _(NO_WORD)))
    if len(dimension) > MOST_DIMENSION:
        errors.append(FieldError("dimension", _("This is too long: at most %(most)s.", most=MOST_DIMENSION)))
    if given.organisation not in (None, terms.organisation):
        errors.append(FieldError("organisation", _(NOT_YOURS, code=terms.organisation)))
    return errors


# ---- many rows -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """What became of the rows so far. Every refusal is counted, the first thousand are listed."""

    counts: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    conflicts: list[Conflicting] = field(default_factory=list)

    @property
    def received(self) -> int:
        return sum(self.counts.values())

    @property
    def refused(self) -> int:
        return self.counts[Fate.REFUSED]

    def add(self, number: int, result: Result) -> None:
        """Counts a row by its number."""
        if isinstance(result, Fate):
            self.counts[result] += 1
            return
        self.counts[Fate.REFUSED] += 1
        if len(self.conflicts) < MOST_CONFLICTS:
            self.conflicts.append(Conflicting(row=number, field=result.field, message=result.message))

    def out(self) -> BatchOut:
        """As it is answered."""
        conflicts = sorted(self.conflicts, key=lambda found: found.row)
        return BatchOut(received=self.received, conflicts=conflicts, **{fate.value: n for fate, n in self.counts.items()})


@dataclass(slots=True)
class _Repeat:
    """A key that comes more than once in a batch."""

    first: int
    figure: Figure
    clash: bool = False
    result: Result | None = None


Answer = TypeVar("Answer")
Key = tuple[str, ...]
Reading = tuple[int, Recording | list[FieldError]]
Work = Generator[list[Recording], list[Result], Tally]
"""The work on a batch: yields rows to store, is sent their results, returns the tally. An empty list only lets others have a turn."""


def work_on(rows: Rows, terms: Terms, tally: Tally | None = None) -> Work:
    """Goes through a batch. Nothing is stored before every row was seen: a key may come again in the last one.

    `tally` is the one to count in, where somebody wants to be told of each row.
    """
    kept: list[Reading] | None = []
    hashes = array("q")
    for number, reading in _readings(rows, terms):
        if kept is not None:
            kept.append((number, reading))
            kept = kept if number < KEPT else None
        if isinstance(reading, Recording):
            hashes.append(hash(reading.key))
        if number % CHUNK == 0:
            yield []
    again: Callable[[], Iterator[Reading]] = partial(_readings, rows, terms) if kept is None else partial(iter, kept)
    repeats = yield from _find_repeats(hashes, again)
    return (yield from _store(again, repeats, tally or Tally()))


def _readings(rows: Rows, terms: Terms) -> Iterator[Reading]:
    for number, raw in enumerate(rows(), start=1):
        yield number, read_row(raw, terms)


def _find_repeats(
    hashes: "array[int]", again: Callable[[], Iterator[Reading]]
) -> Generator[list[Recording], list[Result], dict[Key, _Repeat]]:
    """The keys that come more than once. Only hashes of all keys are held, so that a long batch needs little room."""
    suspects = {one for one, other in pairwise(sorted(hashes)) if one == other}
    found: dict[Key, _Repeat] = {}
    if not suspects:
        return found
    counted: dict[Key, int] = {}
    for number, reading in again():
        if isinstance(reading, Recording) and hash(reading.key) in suspects:
            repeat = found.setdefault(reading.key, _Repeat(number, reading.figure))
            repeat.clash = repeat.clash or repeat.figure != reading.figure
            counted[reading.key] = counted.get(reading.key, 0) + 1
        if number % CHUNK == 0:
            yield []
    return {key: repeat for key, repeat in found.items() if counted[key] > 1}


def _store(again: Callable[[], Iterator[Reading]], repeats: dict[Key, _Repeat], tally: Tally) -> Work:
    chunk, followers = list[tuple[int, Recording]](), list[tuple[int, _Repeat]]()
    for number, reading in again():
        if number % CHUNK == 0:
            yield []
        if not isinstance(reading, Recording):
            tally.add(number, reading[0])
            continue
        repeat = repeats.get(reading.key) if repeats else None
        if repeat and repeat.clash:
            tally.add(number, FieldError("value", _(CLASH)))
        elif repeat and repeat.first != number:
            followers.append((number, repeat))
        else:
            chunk.append((number, reading))
        if len(chunk) == CHUNK:
            yield from _store_chunk(chunk, repeats, tally)
            chunk = []
    if chunk:
        yield from _store_chunk(chunk, repeats, tally)
    for number, repeat in followers:  # the same again: there by now, unless the first one was refused
        tally.add(number, Fate.UNCHANGED if isinstance(repeat.result, Fate) else repeat.result or Fate.UNCHANGED)
    return tally


def _store_chunk(
    chunk: list[tuple[int, Recording]], repeats: dict[Key, _Repeat], tally: Tally
) -> Generator[list[Recording], list[Result], None]:
    results = yield [item for _number, item in chunk]
    for (number, item), result in zip(chunk, results, strict=True):
        said = FieldError(result.field, _(result.message)) if isinstance(result, FieldError) else result
        tally.add(number, said)
        if repeats and item.key in repeats:
            repeats[item.key].result = said


# ---- ways to store it ------------------------------------------------------------------------------------------------


def run(work: Work, store: Callable[[list[Recording]], list[Result]]) -> Tally:
    """Does the work here and now: `store` takes a chunk and answers what became of each row."""
    try:
        chunk = next(work)
        while True:
            chunk = work.send(store(chunk) if chunk else [])
    except StopIteration as done:
        tally: Tally = done.value
        return tally


async def run_in_turns(work: Work, store: Callable[[list[Recording]], Awaitable[list[Result]]]) -> Tally:
    """Does the work on the event loop, and lets others have a turn between two chunks."""
    try:
        chunk = next(work)
        while True:
            await asyncio.sleep(0)
            chunk = work.send(await store(chunk) if chunk else [])
    except StopIteration as done:
        tally: Tally = done.value
        return tally


async def foresee(database: Database, work: Work) -> Tally:
    """What would become of a batch; nothing is stored."""
    return await run_in_turns(work, lambda chunk: database.reading(lambda reads: foresee_observations(reads, chunk)))


async def store_in_parts(database: Database, work: Work) -> Tally:
    """Stores a batch chunk by chunk, each with whatever else is waiting. What was stored stays, should a later chunk fail."""
    return await run_in_turns(work, partial(database.submit, record_observations))


async def store_at_once(database: Database, work: Work, then: Callable[[WriteSession, Tally], Answer]) -> Answer:
    """Stores a batch in one transaction, with whatever `then` stores and answers; when `then` raises, nothing is stored."""

    def all_of_it(writes: WriteSession) -> Answer:
        return then(writes, run(work, partial(record_observations, writes)))

    async with database.writing() as writes:
        return await asyncio.to_thread(all_of_it, writes)
