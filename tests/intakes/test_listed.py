"""Everything that was found in a file, to take away: what is wrong row by row, and what differs side by side."""

import csv
import io

import pytest

from service.intakes import listed, watching, work
from tests.intakes.conftest import Desk, counts, words


def table(desk: Desk, address: str) -> list[list[str]]:
    answer = desk.browser.get(address)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_everything_wrong_can_be_taken_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_FOUND", 3)
    rows = "".join(f"swims,=no{number},2025-Q1,{number}\n" for number in range(5))
    address = desk.brings(f"indicator,area,period,value\nswims,lido,2025-Q1,7\n{rows}", name="pools.csv")
    desk.matches(address)
    page = desk.sees(address)
    assert counts(page) == (1, 0, 0, 5) and "2 more refused rows are not listed here." in words(page)
    found = table(desk, f"{address}/wrong.csv")
    assert found[0] == list(listed.OF_WRONG) and len(found) == 6
    assert found[1] == ["2", "area", "area", "'=no0", "This is not written the way it must be."], "and no spreadsheet runs it"
    assert desk.browser.get(f"{address}/differing.csv").status_code == 404
    desk.takes(address)
    assert desk.browser.get(f"{address}/wrong.csv").status_code == 404, "what was refused in the end is handed back instead"


def test_everything_that_differs_can_be_taken_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MOST_FOUND", 2)
    head, years = "indicator,area,period,value\n", range(1900, 2030)
    assert desk.does(head + "".join(f"swims,lido,{year},{year}\n" for year in years)) == (130, 0, 0, 0)
    address = desk.brings(head + "".join(f"swims,lido,{year},{year + (year > 1900)}\n" for year in years) + "swims,,2024,1\n")
    desk.matches(address)
    page = desk.sees(address)
    assert counts(page) == (1, 129, 1, 0) and "127 more are not listed." in words(page)
    found = table(desk, f"{address}/differing.csv")
    assert found[0] == list(listed.OF_DIFFERING) and len(found) == 130
    assert found[1] == ["2", "swims · lido · 1901", "1901", "1902"] and found[-1] == ["130", "swims · lido · 2029", "2029", "2030"]
    assert desk.browser.get(f"{address}/wrong.csv").status_code == 404


def test_lists_follow_what_is_mended(desk: Desk) -> None:
    address = desk.brings("indicator,period,value\nswims,sometime,7\n")
    desk.matches(address)
    desk.sees(address)
    assert len(table(desk, f"{address}/wrong.csv")) == 2
    desk.matches(address, **{"col-period": "=", "text-period": "2024"})
    assert counts(desk.sees(address)) == (1, 0, 0, 0)
    assert desk.browser.get(f"{address}/wrong.csv").status_code == 404
