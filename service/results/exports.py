"""Everything at once: all observations as one CSV file, however many there are."""

from collections.abc import Iterator
from uuid import UUID

from service.cells import text_of
from service.database import Database
from service.results.listing import Filters, find_dimensions, find_history, find_observations
from service.results.sheets import dimension_names, header, line, versions

ROWS = 1_000
"""Rows read at a time, each time with a session of their own: a slow reader holds up nobody."""


def export_csv(database: Database, place_id: UUID, filters: Filters, *, history: bool = False) -> Iterator[str]:
    """The observations as CSV, in parts. What brings a new dimension while the export runs is left for the next one."""
    with database.read() as reads:
        dimensions = find_dimensions(reads, place_id, filters)
    names, known = dimension_names(dimensions), {"", *dimensions}
    yield text_of([header(names, history=history)])
    after = None
    while True:
        with database.read() as reads:
            rows = find_observations(reads, place_id, filters, after=after, most=ROWS)
            earlier = find_history(reads, place_id, [row.id for row in rows]) if history else {}
        shown = [row for row in rows if row.dimension in known]
        if history:
            yield text_of(cells for row in shown for cells in versions(row, earlier.get(row.id, ()), names))
        else:
            yield text_of(line(row, names) for row in shown)
        if len(rows) < ROWS:
            return
        after = rows[-1].id
