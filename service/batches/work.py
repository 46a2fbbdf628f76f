"""The work on a batch: rows that are read, compared with each other, handed on in chunks, and counted."""

import asyncio
from array import array
from collections.abc import Awaitable, Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from service.batches.bodies import Layout, Rows
from service.database import Database, ReadSession, WriteSession, is_transient
from service.errors import FieldError, Unavailable
from service.journal.actions import Actor
from service.language import _
from service.results.models import BatchOut, Conflicting
from service.results.rules import Fate, Mode

CHUNK = 100
"""Rows stored at a time, so that whoever else writes waits for no more than these, unless `room` says otherwise."""

MOST_CONFLICTS = 1_000
KEPT = 2_000
"""Rows up to which a batch is read once. A longer one is read twice: first to find keys that come again, then to store."""


@dataclass(slots=True, frozen=True)
class Terms:
    """Who posts a batch where, when, and what it may do. Ids are hex and the moment is `tables.moment_text`, as they go to SQL."""

    collaboration_id: str
    organisation_id: str
    organisation: str
    actor: Actor
    mode: Mode
    at: str


class Item(Protocol):
    """A row on its way in. `key` makes two rows of one batch the same thing, `figure` is what they say of it."""

    @property
    def key(self) -> tuple[str, ...]: ...
    @property
    def figure(self) -> Any: ...


Result = Fate | FieldError
"""What became of a row; a refusal names the field, in words that are not translated yet."""

Items = list[Any]


@dataclass(frozen=True)
class Sort:
    """A sort of row that comes in batches: how its bodies look, how a row is read, and how a chunk is stored or only tried."""

    layout: Layout
    read: Callable[[Any, Terms], Item | list[FieldError]]
    record: Callable[[WriteSession, Items], list[Result]]
    foresee: Callable[[ReadSession, Items, set[Any]], list[Result]]
    clash: str
    """What to say of rows with the same key and different values.

    `foresee` is given one and the same set all through a batch, to remember in.
    """


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
    figure: Any
    clash: bool = False
    result: Result | None = None


Answer = TypeVar("Answer")
Key = tuple[str, ...]
Reading = tuple[int, Item | list[FieldError]]
Work = Generator[Items, list[Result], Tally]
"""The work on a batch: yields rows to store, is sent their results, returns the tally. An empty list only lets others have a turn."""


def work_on(sort: Sort, rows: Rows, terms: Terms, tally: Tally | None = None, room: Callable[[], int] = lambda: CHUNK) -> Work:
    """Goes through a batch. Nothing is stored before every row was seen: a key may come again in the last one.

    `tally` is the one to count in, where somebody wants to be told of each row; `room` says how many rows may be stored at a time now.
    """
    kept: list[Reading] | None = []
    hashes = array("q")
    readings = partial(_readings, sort, rows, terms)
    for number, reading in readings():
        if kept is not None:
            kept.append((number, reading))
            kept = kept if number < KEPT else None
        if not isinstance(reading, list):
            hashes.append(hash(reading.key))
        if number % CHUNK == 0:
            yield []
    again: Callable[[], Iterator[Reading]] = readings if kept is None else partial(iter, kept)
    repeats = yield from _find_repeats(hashes, again)
    return (yield from _store(again, repeats, tally or Tally(), sort.clash, room))


def _readings(sort: Sort, rows: Rows, terms: Terms) -> Iterator[Reading]:
    for number, raw in enumerate(rows(), start=1):
        yield number, [raw] if isinstance(raw, FieldError) else sort.read(raw, terms)


def _find_repeats(hashes: "array[int]", again: Callable[[], Iterator[Reading]]) -> Generator[Items, list[Result], dict[Key, _Repeat]]:
    """The keys that come more than once. Only hashes of all keys are held, so that a long batch needs little room."""
    suspects = {one for one, other in pairwise(sorted(hashes)) if one == other}
    found: dict[Key, _Repeat] = {}
    if not suspects:
        return found
    counted: dict[Key, int] = {}
    for number, reading in again():
        if not isinstance(reading, list) and hash(reading.key) in suspects:
            repeat = found.setdefault(reading.key, _Repeat(number, reading.figure))
            repeat.clash = repeat.clash or repeat.figure != reading.figure
            counted[reading.key] = counted.get(reading.key, 0) + 1
        if number % CHUNK == 0:
            yield []
    return {key: repeat for key, repeat in found.items() if counted[key] > 1}


def _store(again: Callable[[], Iterator[Reading]], repeats: dict[Key, _Repeat], tally: Tally, clash: str, room: Callable[[], int]) -> Work:
    chunk, followers = list[tuple[int, Item]](), list[tuple[int, _Repeat]]()
    most = room()
    for number, reading in again():
        if number % CHUNK == 0:
            yield []
        if isinstance(reading, list):
            tally.add(number, reading[0])
            continue
        repeat = repeats.get(reading.key) if repeats else None
        if repeat and repeat.clash:
            tally.add(number, FieldError("value", _(clash)))
        elif repeat and repeat.first != number:
            followers.append((number, repeat))
        else:
            chunk.append((number, reading))
        if len(chunk) >= most:
            yield from _store_chunk(chunk, repeats, tally)
            chunk, most = [], room()
    if chunk:
        yield from _store_chunk(chunk, repeats, tally)
    for number, repeat in followers:  # the same again: there by now, unless the first one was refused
        tally.add(number, Fate.UNCHANGED if isinstance(repeat.result, Fate) else repeat.result or Fate.UNCHANGED)
    return tally


def _store_chunk(chunk: list[tuple[int, Item]], repeats: dict[Key, _Repeat], tally: Tally) -> Generator[Items, list[Result], None]:
    results = yield [item for _number, item in chunk]
    for (number, item), result in zip(chunk, results, strict=True):
        said = FieldError(result.field, _(result.message)) if isinstance(result, FieldError) else result
        tally.add(number, said)
        if repeats and item.key in repeats:
            repeats[item.key].result = said


# ---- ways to store it ------------------------------------------------------------------------------------------------


def run(work: Work, store: Callable[[Items], list[Result]]) -> Tally:
    """Does the work here and now: `store` takes a chunk and answers what became of each row."""
    try:
        chunk = next(work)
        while True:
            chunk = work.send(store(chunk) if chunk else [])
    except StopIteration as done:
        tally: Tally = done.value
        return tally


async def run_in_turns(work: Work, store: Callable[[Items], Awaitable[list[Result]]]) -> Tally:
    """Does the work on the event loop, and lets others have a turn between two chunks."""
    try:
        chunk = next(work)
        while True:
            await asyncio.sleep(0)
            chunk = work.send(await store(chunk) if chunk else [])
    except StopIteration as done:
        tally: Tally = done.value
        return tally


async def foresee(database: Database, sort: Sort, work: Work) -> Tally:
    """What would become of a batch; nothing is stored."""
    memory: set[Any] = set()
    return await run_in_turns(work, lambda chunk: database.reading(lambda reads: sort.foresee(reads, chunk, memory)))


async def store_in_parts(database: Database, sort: Sort, work: Work) -> Tally:
    """Stores a batch chunk by chunk, each with whatever else is waiting. What was stored stays, should a later chunk fail."""
    return await run_in_turns(work, partial(database.submit, sort.record))


async def store_at_once(
    database: Database, sort: Sort, begin: Callable[[], Work], then: Callable[[WriteSession, Tally], Answer], tries: int = 3
) -> Answer:
    """Stores a batch in one transaction, with whatever `then` stores and answers; when `then` raises, nothing is stored.

    On PostgreSQL two batches with the same keys can wait for each other crosswise: one of them is taken back, and begins again.
    """

    def all_of_it(writes: WriteSession) -> Answer:
        return then(writes, run(begin(), partial(sort.record, writes)))

    try:
        async with database.writing() as writes:
            return await asyncio.to_thread(all_of_it, writes)
    except Unavailable as error:
        if tries == 1 or not is_transient(error):
            raise
    return await store_at_once(database, sort, begin, then, tries - 1)
