"""Somebody else's file as the API takes it: what a map makes of it, without any database, for whoever posts it from elsewhere."""

import json
from collections.abc import Callable, Iterator

from service.cells import safe, text_of, unsafe
from service.errors import FieldError
from service.imports.mapping import Cells, Map
from service.imports.reading import Pulse
from service.imports.running import Order
from service.imports.runs import Fields, Kind
from service.places.rules import WHOLE_PLACE
from service.results.rules import NUMBER

TAKEN = ("areas", "indicators", "observations", "readings")
"""The kinds that the API takes as they stand in a file: areas and indicators one by one, with PUT; the others in batches."""

Tell = Callable[[int, FieldError], None]
"""Told of each row that the map or the file refuses, with its number."""


def mapped(ordered: Order, found: Map, tell: Tell, pulse: Pulse) -> Iterator[str]:
    """The records of a file in parts: figures and readings as CSV with the columns of an export, the others as one JSON object a line.

    Raises: Invalid for a file that cannot be read to its end, before the first part.
    """
    for _row in ordered.source.rows(pulse):
        pass  # to its end, so that nothing is written of a file that breaks off
    kind = ordered.kind
    if kind.sort is None:
        yield from _described(kind, _records(ordered, found, tell, pulse))
        return
    columns = columns_of(kind, found)
    yield text_of([columns])
    for cells in _records(ordered, found, tell, pulse):
        yield text_of([[_cell(cells.get(name, "")) for name in columns]])


def columns_of(kind: Kind, found: Map) -> list[str]:
    """The fields that the map fills, in the order of an export; what a split is called stands behind them."""
    filled = {name for plan in found.plans for name in (*plan.columns, *plan.constants)}
    filled |= set().union(*found.lookup[1].values()) if found.lookup else set()
    if "period" in found.translations and "period_label" in kind.fields:
        filled.add("period_label")
    return [*(name for name in kind.fields if name in filled), *sorted(filled - set(kind.fields))]


def _records(ordered: Order, found: Map, tell: Tell, pulse: Pulse) -> Iterator[Cells]:
    for number, row in enumerate(ordered.source.rows(pulse), start=1):
        for record in [row] if isinstance(row, FieldError) else found.records(row):
            if isinstance(record, FieldError):
                tell(number, record)
            else:
                yield {name: text.strip() for name, text in record.items()}


def _cell(text: str) -> str:
    """A cell that reads back to what the import makes of it, and that no spreadsheet takes for a formula."""
    return text if NUMBER.fullmatch(text) else safe(unsafe(text))


def _described(kind: Kind, records: Iterator[Cells]) -> Iterator[str]:
    """Each thing once, as its first row describes it. The whole place is there from the first day, under a name of its own."""
    done = {WHOLE_PLACE}
    for cells in records:
        record: Fields = kind.read(cells, guarded=False)
        code = str(record.get("code", ""))
        if code not in done:
            done.add(code)
            yield json.dumps(record, ensure_ascii=False) + "\n"
