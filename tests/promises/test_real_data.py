"""The promises of councils through the years: what is late on each 1 January is what the file itself says."""

import csv
import gzip
from collections import Counter
from datetime import date
from functools import partial

import pytest
from starlette.testclient import TestClient

from service.database import Database
from service.places.queries import get_place
from service.promises.queries import Wanted, count_overdue, count_parts, find_promises
from tests.accountability.comparing import by_code, figures_of
from tests.cli.conftest import Said, quiet_log, said, said_nowhere
from tests.imports.test_real_data import PROMISES, imported
from tests.make import SettableClock

pytestmark = pytest.mark.real_data
__all__ = ["quiet_log", "said", "said_nowhere"]


def years_in_the_file() -> Counter[int]:
    """By year: how many rows of the file promise something by the end of it. Read anew, by nothing of the service."""
    with gzip.open(PROMISES, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["scope"] != "No promise" and row["target_year"]]
    return Counter(int(row["target_year"]) for row in rows)


def test_what_is_late_on_each_new_year_s_day_is_what_the_file_says(
    said: Said, database: Database, clock: SettableClock, visitor: TestClient
) -> None:
    said("collaboration", "add", "councils", "--name", "Councils")
    take = partial(imported, said, "councils")
    take("organisations", PROMISES, "--map", "netzero_organisations")
    take("promises", PROMISES, "--map", "netzero_promises")
    by_year = years_in_the_file()
    assert by_year.total() == 338
    with database.read() as reads:
        place = get_place(reads, "councils")
        for year in range(2020, 2052):
            today, late = date(year, 1, 1), sum(number for due, number in by_year.items() if due < year)
            assert count_overdue(reads, place.id, today) == late, year
            parts = count_parts(reads, place.id, today)
            assert (parts.kept, parts.due, parts.not_counted) == (0, late, 338 - late), year
        for year in (2031, 2051):
            assert len(find_promises(reads, place.id, date(year, 1, 1), Wanted(overdue=True))) == sum(
                number for due, number in by_year.items() if due < year
            )
    for year in (2031, 2051):
        clock.at(f"{year}-01-01T10:00Z")
        figure = dict(by_code(figures_of(visitor, "councils"), None))["promises_overdue"]
        assert figure["n"] == sum(number for due, number in by_year.items() if due < year)
