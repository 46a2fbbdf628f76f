"""Readings as they were posted, for the service that posted them: in JSON, and all of them as one CSV file."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from service.cells import text_of
from service.database import Database, ReadSession
from service.outcomes.queries import EarlierRow, ReadingRow, find_earlier, find_readings, find_yeses
from service.outcomes.sheets import COLUMNS, HISTORY, cell

ROWS = 1_000
"""Rows read at a time, each time with a session of their own: a slow reader holds up nobody."""

Fields = dict[str, Any]


def page(
    reads: ReadSession, place_id: UUID, organisation_id: UUID | None, after: UUID | None, most: int
) -> list[tuple[ReadingRow, Fields]]:
    """Readings, each with its fields by the names of the columns."""
    rows = find_readings(reads, place_id, organisation_id, after=after, most=most)
    yeses = find_yeses(reads, place_id, {row.person_id for row in rows})
    found = []
    for row in rows:
        yes = yeses.get(row.person_id)
        fields = {name: getattr(row, name) for name in COLUMNS if "." not in name}
        said = {f"consent.{name}": getattr(yes, name, None) for name in ("wording_version", "given_on", "expires_on")}
        found.append((row, fields | said))
    return found


def export_csv(database: Database, place_id: UUID, organisation_id: UUID | None = None, *, history: bool = False) -> Iterator[str]:
    """The readings as CSV, in parts; with `history` one line per version, the present one first."""
    yield text_of([[*COLUMNS, *(HISTORY if history else ())]])
    after = None
    while True:
        with database.read() as reads:
            rows = page(reads, place_id, organisation_id, after, ROWS)
            earlier = find_earlier(reads, place_id, [row.id for row, _fields in rows]) if history else {}
        yield text_of(line for row, fields in rows for line in _lines(row, fields, earlier.get(row.id, ()), history=history))
        if len(rows) < ROWS:
            return
        after = rows[-1][0].id


def _lines(row: ReadingRow, fields: Fields, earlier: "list[EarlierRow] | tuple[()]", *, history: bool) -> Iterator[list[str]]:
    own = [cell(fields[name]) for name in COLUMNS]
    yield [*own, str(row.version), row.recorded_at.isoformat(), "", "", ""] if history else own
    for old in earlier:
        before = [cell(old.value) if name == "value" else text for name, text in zip(COLUMNS, own, strict=True)]
        replaced = [old.recorded_at.isoformat(), old.corrected_at.isoformat(), old.corrected_by, cell(old.reason)]
        yield [*before, str(old.version), *replaced]
