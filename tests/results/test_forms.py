"""Batches as one object a line and as CSV: the same rows, the same answers, and what is said of those that cannot be read."""

import asyncio
import json
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from service.batches import bodies
from service.batches.bodies import Form, received, rows_in
from service.errors import Invalid
from service.results.batches import OBSERVATIONS as SORT
from service.results.models import Observation
from tests.results.conftest import OBSERVATIONS, row
from tests.results.test_api_batches import conflicts, counts

Stored = Callable[[], list[Observation]]
HEADER = "indicator,period,value,area,dimension.sex,comment"


def send(program: TestClient, text: str | bytes, kind: str = "text/csv", query: str = "") -> Response:
    return program.post(OBSERVATIONS + query, content=text, headers={"Content-Type": kind})


def test_lines_and_csv_are_the_same_rows_as_a_list(partner: TestClient, stored: Stored) -> None:
    rows = [row(), row(13.0, area="north-ward", dimension={"sex": "f"}, comment="=1, he said")]
    lines = "\n".join(json.dumps(one) for one in rows)
    sheet = f'{HEADER}\r\ndamp,2026-03,12.5,,,\r\n\r\ndamp,2026-03,13,north-ward,f,"\'=1, he said"\r\n'
    assert counts(send(partner, lines, "application/x-ndjson; charset=utf-8")) == (2, 2, 0, 0, 0)
    assert counts(send(partner, "\ufeff" + sheet, "text/csv; charset=utf-8")) == (2, 0, 0, 2, 0)
    assert counts(partner.post(OBSERVATIONS, json={"observations": rows})) == (2, 0, 0, 2, 0)
    assert [found.comment for found in stored()] == [None, "=1, he said"]


def test_export_is_posted_back_unchanged(partner: TestClient) -> None:
    partner.post(OBSERVATIONS, json={"observations": [row(), row(None, missing="unknown", period="2025/26-Q1", provisional=True)]})
    sheet = partner.get(f"{OBSERVATIONS}?format=csv").text
    assert counts(send(partner, sheet)) == (2, 0, 0, 2, 0)


def test_row_that_cannot_be_read_is_refused_and_its_neighbours_are_taken(partner: TestClient, stored: Stored) -> None:
    lines = f"{json.dumps(row())}\nnothing\n\n{json.dumps(row(period='2026-04'))}\n"
    answer = send(partner, lines, "application/x-ndjson")
    assert (counts(answer), conflicts(answer)) == ((3, 2, 0, 0, 1), [(2, "row")])
    answer = send(partner, f'{HEADER}\ndamp,2026-05,"1,234",,,\ndamp,2026-05\ndamp,May,1,,,\ndamp,2026-05,1,,,\n')
    assert (counts(answer), conflicts(answer)) == ((4, 1, 0, 0, 3), [(1, "value"), (2, "row"), (3, "period")])
    assert len(stored()) == 3


UNREADABLE = {
    ("application/x-ndjson", b'{"indicator": "damp", "period": "2026-03", "value": 1}\n{"indicator": "da'): 400,
    ("text/csv", b""): 400,
    ("text/csv", b"indicator;period;value\ndamp;2026-03;1\n"): 400,
    ("text/csv", b'indicator,period,value\ndamp,2026-03,1\ndamp,"2026'): 400,
    ("text/csv", b"indicator,period,value\ndamp,2026-03,1\ndamp,caf\xe9,1\n"): 400,
    ("text/csv", b"indicator,period,value,colour\ndamp,2026-03,1,red\n"): 422,
    ("text/csv", b"indicator,period,value,value\ndamp,2026-03,1,1\n"): 422,
    ("text/csv", b"indicator,period,dimension.\ndamp,2026-03,1\n"): 422,
}


def test_body_that_cannot_be_read_to_its_end_stores_nothing(partner: TestClient, stored: Stored) -> None:
    for (kind, body), status in UNREADABLE.items():
        answer = send(partner, body, kind)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), body
    assert not stored()


def test_sheet_of_very_many_columns_is_looked_through_in_no_time() -> None:
    """To look for each name among all the others would hold up everybody else for minutes."""
    names = ",".join(f"dimension.d{number}" for number in range(100_001))
    for header, refused in ((names, False), (f"{names},dimension.d7", True)):
        body = bodies.Body(header.encode(), "")
        with pytest.raises(Invalid) if refused else nullcontext():
            began = time.process_time()
            rows_in(body, SORT.layout, Form.CSV)
        assert time.process_time() - began < 5


def test_all_or_none_holds_for_a_sheet_as_well(partner: TestClient, stored: Stored) -> None:
    answer = send(partner, f"{HEADER}\ndamp,2026-05,1,,,\ndamp,2026-06,1,nowhere,,\n", query="?atomic=true")
    assert (answer.status_code, answer.json()["refused"], stored()) == (422, 1, [])


def test_large_sheet_is_read_in_little_memory(partner: TestClient, stored: Stored) -> None:
    def pieces(sheet: bytes) -> AsyncIterator[bytes]:
        async def parts() -> AsyncIterator[bytes]:
            for start in range(0, len(sheet), 64 * 1024):
                yield sheet[start : start + 64 * 1024]

        return parts()

    async def peak(sheet: bytes) -> tuple[int, Any]:
        async with received(pieces(sheet)) as body:
            tracemalloc.start()
            number = sum(1 for _row in rows_in(body, SORT.layout, Form.CSV).rows())
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return number, found

    sheet = (f"{HEADER}\n" + "damp,2026-03,12.5,,,As published by the council on its own pages\n" * 20_000).encode()
    assert len(sheet) > bodies.IN_MEMORY
    number, most = asyncio.run(peak(sheet))
    assert (number, most < len(sheet) / 4) == (20_000, True)
    assert counts(send(partner, sheet)) == (20_000, 1, 0, 19_999, 0)
    assert len(stored()) == 1
