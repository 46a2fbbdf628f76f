"""One import from its file to its report: what is checked before anything is stored, then chunk by chunk."""

import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from service.batches import work
from service.batches.work import CHUNK, Result, Sort, Tally, Terms
from service.database import ReadSession, WriteSession
from service.errors import FieldError, Invalid, Unavailable
from service.imports.kinds import kind_of
from service.imports.mapping import Cells, Map, flat, read_map
from service.imports.reading import Form, Pulse, Row, Source, open_source
from service.imports.runs import Fields, Item, Kind, Run
from service.language import _
from service.results.rules import Mode
from service.tables import moment_text

TRIES = 4
"""How often a chunk is tried while somebody else holds the database."""

PAUSE = 0.01
"""Seconds between two chunks on SQLite, in which whoever waits for the database finds it free: it keeps no queue of its own."""

Answer = TypeVar("Answer")
Room = Callable[[], int]


class Door(Protocol):
    """What an import reads and writes through: the database itself for the command line, the service's own door within it."""

    @property
    def is_sqlite(self) -> bool: ...
    def read(self) -> AbstractContextManager[ReadSession]: ...
    def write(self) -> AbstractContextManager[WriteSession]: ...


@dataclass
class Report(Tally):
    """What became of the rows, and of each one that was refused. `rows` says in which row of the file a record stands.

    `beside` writes something in the transaction that stores a chunk, and stays or goes with it.
    """

    tell: Callable[[int, FieldError], None] = lambda _row, _error: None
    beside: Callable[[WriteSession, Sequence[Result]], None] = lambda _writes, _results: None
    rows: "array[int]" = field(default_factory=lambda: array("I"))

    def add(self, number: int, result: Result) -> None:
        """Counts a record by its number."""
        row = self.rows[number - 1]
        if isinstance(result, FieldError):
            self.tell(row, result)
        Tally.add(self, row, result)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be imported, checked as a whole."""

    name: str
    kind: Kind
    source: Source
    map: Map | None

    def records(self, run: Run, numbers: "array[int]", pulse: Pulse) -> Iterator[Fields | FieldError]:
        """The records of the file, from the first one each time; `numbers` learns in which row each stands."""
        del numbers[:]
        for number, row in enumerate(self.source.rows(pulse), start=1):
            for record in self._of(row):
                numbers.append(number)
                own = self.kind.sourced
                if own and run.source and isinstance(record, dict):
                    record.setdefault(own, run.source)
                yield record

    def _of(self, row: Row) -> Iterator[Fields | FieldError]:
        if isinstance(row, FieldError):
            yield row
        elif self.map is not None:
            for cells in self.map.records(row):
                yield cells if isinstance(cells, FieldError) else self._read(cells, guarded=False)
        elif self.source.form == Form.JSON:
            yield {name: value for name, value in row.items() if value is not None and name not in self.kind.told}
        else:
            yield self._read(flat(row), guarded=True)

    def _read(self, cells: Cells, *, guarded: bool) -> Fields:
        return self.kind.sort.layout.read_line(cells) if self.kind.sort else self.kind.read(cells, guarded=guarded)


# ---- before anything is stored ---------------------------------------------------------------------------------------


def order(name: str, file: Path, map_file: Path | None) -> Order:
    """Looks at the file and the map. Raises: Invalid with what is wrong with either as a whole."""
    kind = kind_of(name)
    found = read_map(map_file, name, kind.fields, kind.prefixes) if map_file else None
    return ordered(name, lambda: open_source(file), found, map_file.name if map_file else "")


def ordered(name: str, source: Callable[[], Source], map_: Map | None, called: str) -> Order:
    """The same for a map that was read already, which is `called` so. Raises: Invalid."""
    kind = kind_of(name)
    given = (*kind.needs, kind.sourced) if kind.sourced and not (map_ and map_.source) else kind.needs
    if map_ and (forgotten := map_.forgets(given)):
        words = _("%(map)s says nothing of %(fields)s, which %(kind)s need.", map=called, fields=", ".join(forgotten), kind=name)
        raise Invalid(FieldError("map", words))
    opened = source()
    if opened.columns is not None:
        _must_fit(name, kind, opened, map_, given)
    return Order(name, kind, opened, map_)


def _must_fit(name: str, kind: Kind, source: Source, map_: Map | None, needed: Sequence[str]) -> None:
    columns = source.columns or ()
    if map_ is not None:
        if missing := map_.missing_in(columns):
            said = {"missing": ", ".join(missing), "file": source.path.name, "columns": ", ".join(columns)}
            raise Invalid(FieldError("map", _("The map reads %(missing)s, and %(file)s has no such column. It has: %(columns)s.", **said)))
        return
    if unknown := [column for column in columns if not kind.knows(column)]:
        raise Invalid(
            FieldError(
                "file",
                f"{source.path.name} has the column {', '.join(unknown)}, and {name} have no such field. They have: "
                f"{', '.join(kind.fields)}. A map (--map) says which column is which field.",
            )
        )
    if missing := [column for column in needed if column not in columns]:
        raise Invalid(FieldError("file", f"{source.path.name} has no column {', '.join(missing)}, which {name} need."))


# ---- taking in -------------------------------------------------------------------------------------------------------


class _TakenBackError(Exception):
    """Ends a dry run."""


def import_rows(  # noqa: PLR0913 (one sentence: what is taken in where, as which run, who is told of it, and how)
    database: Door, ordered: Order, run: Run, report: Report, pulse: Pulse, *, dry: bool, whole: bool = True, room: Room = lambda: CHUNK
) -> Report:
    """Takes in what is good, in chunks that are stored one by one, and reports the rest.

    A dry run tries rows that stand on rows before them as a `whole`, which holds the door until it is done; otherwise chunk by chunk.
    `room` says how many records may be stored at a time now.

    Raises: Invalid for a file that cannot be read to its end, before anything is stored; RuntimeError where the database stops answering.
    """
    onward, run.remembers = _Onward(pulse), dry or ordered.kind.build
    records = partial(ordered.records, run, report.rows, onward)
    try:
        if ordered.kind.sort:
            return _import_batch(database, ordered, onward.restarted(records), run, report, dry=dry, room=room)
        for _record in records():
            pass  # to its end, so that a file which breaks off is refused whole
        return _import_chunks(database, ordered.kind, onward.restarted(records)(), run, report, dry=dry, whole=whole, room=room)
    except Unavailable:
        if dry or not report.received:
            raise
        raise RuntimeError(
            f"The database stopped answering. {report.received - report.refused} rows are taken in. Run the same command again: "
            "they will count as unchanged."
        ) from None


def take_all(writes: WriteSession, ordered: Order, run: Run, report: Report, *, dry: bool) -> Report:
    """Takes in what is good of a small file in a transaction that is open already; a dry run leaves nothing behind.

    Raises: Invalid for a file that cannot be read to its end.
    """
    records = list(enumerate(ordered.records(run, report.rows, lambda _bytes: None), start=1))
    with suppress(_TakenBackError), writes.begin_nested():
        _count(report, records, _take(ordered.kind, run, writes, records, report))
        if dry:
            raise _TakenBackError
    return report


@dataclass(slots=True)
class _Onward:
    """Bytes read over all the times that a file is gone through."""

    pulse: Pulse
    base: int = 0
    last: int = 0

    def __call__(self, position: int) -> None:
        self.last = max(self.last, position)
        self.pulse(self.base + position)

    def restarted(self, records: Callable[[], Iterator[Any]]) -> Callable[[], Iterator[Any]]:
        """The same records; each time counts on from where the last time ended."""

        def again() -> Iterator[Any]:
            self.base, self.last = self.base + self.last, 0
            return records()

        return again


def _import_chunks(  # noqa: PLR0913 (as above)
    database: Door, kind: Kind, records: Iterator[Fields | FieldError], run: Run, report: Report, *, dry: bool, whole: bool, room: Room
) -> Report:
    numbered = enumerate(records, start=1)
    if dry and whole and kind.build:
        with suppress(_TakenBackError), database.write() as writes:
            while chunk := list(islice(numbered, CHUNK)):
                _count(report, chunk, _take(kind, run, writes, chunk, report))
            raise _TakenBackError
        return report
    while chunk := list(islice(numbered, room())):
        store = _try if dry else _store
        _count(report, chunk, _patiently(partial(store, database, kind, run, chunk, report)))
    return report


Chunk = list[tuple[int, Fields | FieldError]]


def _take(kind: Kind, run: Run, writes: WriteSession, chunk: Chunk, report: Report) -> list[Result]:
    """One result per record of the chunk, those among them that were refused by the file or its map."""
    run.fresh = {}
    items: list[Item] = [(report.rows[number - 1], record) for number, record in chunk if isinstance(record, dict)]
    results = iter(kind.take(run, writes, items))
    answers = [record if isinstance(record, FieldError) else next(results) for _number, record in chunk]
    run.settle()
    return answers


def _store(database: Door, kind: Kind, run: Run, chunk: Chunk, report: Report) -> list[Result]:
    seen = dict(run.seen) if kind.build else None
    try:
        _let_others_in(database)
        with database.write() as writes:
            results = _take(kind, run, writes, chunk, report)
            report.beside(writes, results)
            return results
    except Unavailable:
        run.seen = seen if seen is not None else run.seen
        raise


def _try(database: Door, kind: Kind, run: Run, chunk: Chunk, report: Report) -> list[Result]:
    results: list[Result] = []
    with suppress(_TakenBackError), database.write() as writes:
        results = _take(kind, run, writes, chunk, report)
        raise _TakenBackError
    return results


def _count(report: Report, chunk: Chunk, results: list[Result]) -> None:
    for (number, _record), result in zip(chunk, results, strict=True):
        report.add(number, result)


def _let_others_in(database: Door) -> None:
    if database.is_sqlite:
        time.sleep(PAUSE)


def _patiently(store: Callable[[], Answer]) -> Answer:
    """Tries again while the service itself, or another command, is writing."""
    for attempt in range(1, TRIES):
        try:
            return store()
        except Unavailable:
            time.sleep(attempt)
    return store()


def _import_batch(  # noqa: PLR0913 (as above)
    database: Door, ordered: Order, records: Callable[[], Iterator[Any]], run: Run, report: Report, *, dry: bool, room: Room
) -> Report:
    sort, organisation = ordered.kind.sort, run.organisation
    if sort is None or organisation is None:
        raise Invalid(FieldError("organisation", f"{ordered.name.title()} need --organisation: they are that organisation's figures."))
    terms = Terms(run.place.id.hex, organisation.id.hex, organisation.code, run.actor, Mode.UPSERT, moment_text(run.now))
    others = {code: replace(terms, organisation_id=id_.hex, organisation=code) for code, id_ in run.others.items()}

    def read(raw: Any, own: Terms) -> Any:
        return sort.read(raw, others.get(str(raw.get("organisation")), own) if isinstance(raw, dict) else own)

    ask = partial(_ask, database, sort, report, set() if dry else None)
    each = replace(sort, read=read) if others else sort
    work.run(work.work_on(each, records, terms, report, room), lambda chunk: _patiently(partial(ask, chunk)))
    return report


def _ask(database: Door, sort: Sort, report: Report, memory: set[Any] | None, chunk: list[Any]) -> list[Result]:
    if memory is not None:
        with database.read() as reads:
            return sort.foresee(reads, chunk, memory)
    _let_others_in(database)
    with database.write() as writes:
        results = sort.record(writes, chunk)
        report.beside(writes, results)
        return results
