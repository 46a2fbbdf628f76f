"""Names in a file that are names of things here: the page fills in which code each of them is, and mending offers the codes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

from service.database import ReadSession
from service.imports.mapping import MapIn
from service.imports.reading import open_source
from service.intakes.rules import plain
from service.places.queries import find_areas, find_organisations
from service.results.queries import find_indicators

ROWS = 5_000
"""So many rows of a file are looked at for names."""

MOST = 300
"""So many names of one field are filled in, and so many codes offered."""


@dataclass(frozen=True, slots=True)
class Known:
    """Something that a file can name: its code, and how people call it."""

    code: str
    name: str


def find_known(reads: ReadSession, place_id: UUID, kind: str) -> dict[str, list[Known]]:
    """For each field that holds a code of this place: what there is. An area's own code may stand in its own file, so that is none."""
    areas = [Known(row.area.code, row.area.name) for row in find_areas(reads, place_id)] if kind != "areas" else []
    found = {"area": areas}
    if kind == "observations":
        found["indicator"] = [Known(row.code, row.name) for row in find_indicators(reads, place_id)]
    if kind == "promises":
        found["maker"] = [Known(row.code, row.name) for row in find_organisations(reads, place_id)]
    return found


def with_names(reads: ReadSession, place_id: UUID, written: MapIn, path: Path) -> MapIn:
    """The map, and in it what the names in these columns mean. A name that two things have means neither."""
    known = find_known(reads, place_id, written.kind)
    fields = {field: column for field in known if known[field] and (column := written.columns.get(field))}
    said = {field: _meanings(known[field], texts) for field, texts in _texts(path, fields).items()}
    values = {field: {**table, **written.values.get(field, {})} for field, table in said.items() if table}
    return written.model_copy(update={"values": {**written.values, **values}})


def _texts(path: Path, fields: Mapping[str, str]) -> dict[str, set[str]]:
    """What stands in these columns, in the first rows that can be read."""
    found: dict[str, set[str]] = {field: set() for field in fields}
    rows = open_source(path).rows(lambda _bytes: None) if fields else iter(())
    for row in islice(rows, ROWS):
        if isinstance(row, dict):
            for field, column in fields.items():
                found[field].add(str(row.get(column) or ""))
    return found


def _meanings(known: list[Known], texts: set[str]) -> dict[str, str]:
    codes = {one.code for one in known}
    times = Counter(plain(one.name) for one in known)
    named = {plain(one.name): one.code for one in known if times[plain(one.name)] == 1}
    found = {text: named[plain(text)] for text in sorted(texts) if text not in codes and plain(text) in named}
    return dict(islice(found.items(), MOST))
