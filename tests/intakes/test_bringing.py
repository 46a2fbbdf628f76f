"""A file from its sending to its end: matched, looked through, mended in place, taken in once, its refused rows handed back."""

import csv
import io

import pytest
from sqlmodel import col, select

from service.database import Database
from service.intakes import files
from service.intakes.models import Finding, Intake, Mending
from service.journal.models import Entry
from service.results.models import Observation
from service.settings import Settings
from service.verification import differences
from tests.intakes.conftest import IMPORTS, Desk, cells, counts, reasons, words
from tests.make import SettableClock

FIGURES = "Measure,Pool,Quarter,Figure\nswims,lido,2025 Q1,1204\nswims,baths,2025 Q1,98\nswims,,2025 Q1,1302\n"
WRONG = "indicator,area,period,value\nswims,baths,2025-Q1,12\nswims,lydo,2025-Q1,13\nswims,lydo,2025-Q2,14\nswims,baths,Q2-ish 2025,15\n"


def test_columns_are_guessed_and_what_stands_in_them_is_said(desk: Desk, database: Database) -> None:
    address = desk.brings(FIGURES)
    page = desk.browser.get(f"{address}/columns").text
    assert "1204" in page and "2025 Q1" in page, "its first rows stand beside"
    typed = desk.typed(address)
    assert [typed[f"col-{name}"] for name in ("indicator", "area", "period", "value")] == ["Measure", "", "Quarter", "Figure"]
    answer = desk.matches(address, **{"col-area": "Pool", "spelt-quarters": "yes", "save_as": "Pools, by quarter"})
    assert answer.status_code == 303
    page = desk.sees(address)
    assert (counts(page), reasons(page)) == ((3, 0, 0, 0), [])
    with database.read() as reads:
        assert not reads.exec(select(Observation)).all(), "nothing is stored yet"
    assert counts(desk.takes(address)) == (3, 0, 0, 0)
    with database.read() as reads:
        stored = reads.exec(select(Observation).order_by(col(Observation.value))).all()
        assert [row.value for row in stored] == [98, 1204, 1302] and {row.period_label for row in stored} == {"2025 Q1"}
        assert differences(reads) == []
    listed = words(desk.browser.get(IMPORTS).text)
    assert "figures.csv" in listed and "3 new." in listed and "Pools, by quarter" in listed
    maps = desk.browser.get(IMPORTS).text
    map_id = maps.split('">Pools, by quarter')[0].rpartition('value="')[2]
    assert desk.does(FIGURES, map=map_id) == (0, 0, 3, 0), "a second time all is as it was"


def test_names_in_a_file_are_taken_for_the_codes_they_name(desk: Desk) -> None:
    address = desk.brings("Measure,Pool,Year,Figure\nSwims,Old Baths,2024,7\nswims,lido,2024,8\nSwims,Lydo,2024,9\n")
    typed = desk.typed(address)
    assert (typed["as-indicator"], typed["as-area"]) == ("Swims = swims", "")
    matched = {"col-area": "Pool", "as-area": "Old Baths = baths"}
    assert desk.matches(address, **matched).status_code == 303
    page = desk.sees(address)
    assert (counts(page), list(cells(page).values())) == ((2, 0, 0, 1), ["Lydo"])
    assert '<option value="baths">Old Baths</option>' in page, "and what does not fit is offered the codes that there are"
    named = desk.brings("indicator,area,period,value\nswims,Old Baths,2024,7\nswims,old-baths ,2025,7\n")
    assert desk.typed(named)["as-area"] == "Old Baths = baths\nold-baths = baths"


def test_cells_are_mended_in_place_and_what_stays_wrong_is_handed_back(desk: Desk, database: Database, settings: Settings) -> None:
    address = desk.brings(WRONG)
    desk.matches(address)
    page = desk.sees(address)
    assert counts(page) == (1, 0, 0, 3)
    assert reasons(page)[0] == "There is no area with this code." and reasons(page)[1].startswith("Write a period as")
    said = words(page)
    assert "Rows 2, 3" in said and "Row 4" in said, said
    [area, period] = cells(page)
    assert list(cells(page).values()) == ["lydo", "Q2-ish 2025"]
    assert desk.browser.post(f"{address}/mend", data={area: "lido ", period: "2025-Q7"}).status_code == 303
    page = desk.sees(address)
    assert counts(page) == (3, 0, 0, 1) and "Put right here" in words(page)
    page = desk.takes(address)
    assert counts(page) == (3, 0, 0, 1)
    handed = desk.browser.get(f"{address}/refused.csv")
    assert handed.headers["content-disposition"] == 'attachment; filename="figures-refused.csv"'
    rows = list(csv.reader(io.StringIO(handed.content.decode("utf-8-sig"))))
    assert rows[0] == ["indicator", "area", "period", "value", "why_refused"]
    assert ["swims", "baths", "2025-Q7", "15"] in [row[:4] for row in rows] and "period: Write a period as" in rows[-1][4]
    with database.read() as reads:
        assert {row.sheet_column for row in reads.exec(select(Mending))} == {"area", "period"}
        verbs = [row.verb for row in reads.exec(select(Entry).where(Entry.subject == "intake").order_by(col(Entry.at), col(Entry.id)))]
        assert verbs == ["sent", "matched", "mended", "started", "taken_in"]
    [folder] = files.names_in(settings.var)
    assert not (files.folder_in(settings.var) / folder / "figures.csv").exists(), "only what is handed back is kept"
    mended = handed.content.replace(b"2025-Q7", b"2025-Q2")
    assert desk.does(mended, name="figures-refused.csv") == (1, 0, 0, 0), "its reasons are no column, and it is read like any other"


def test_taken_in_once_however_often_it_is_pressed(desk: Desk, database: Database) -> None:
    address = desk.brings(FIGURES.replace("2025 Q1", "2025-Q1"))
    desk.matches(address, **{"col-area": "Pool"})
    desk.sees(address)
    for _press in range(3):
        assert desk.browser.post(f"{address}/take").status_code == 303
    assert counts(desk.sees(address)) == (3, 0, 0, 0)
    assert desk.browser.post(f"{address}/take").status_code == 303
    assert desk.browser.post(f"{address}/mend").status_code == desk.browser.post(f"{address}/remove").status_code == 409
    with database.read() as reads:
        assert len(reads.exec(select(Observation)).all()) == 3


def test_figures_that_differ_are_shown_beside_each_other_and_corrected_or_left(desk: Desk, database: Database) -> None:
    assert desk.does("indicator,period,value\nswims,2023,10\nswims,2024,20\nswims,2025,30\n") == (3, 0, 0, 0)
    address = desk.brings("indicator,period,value\nswims,2023,10\nswims,2024,21\nswims,2025,31\n")
    desk.matches(address)
    page = desk.sees(address)
    assert counts(page) == (0, 2, 1, 0)
    assert "swims · Hillside · 2024" in words(page) and ">20</q>" in page and ">21</q>" in page
    nothing = desk.browser.post(f"{address}/take", data={"choice": ""})
    assert nothing.status_code == 422 and "Say what becomes of rows that differ." in nothing.text
    why = desk.browser.post(f"{address}/take", data={"choice": "correct", "row-2": "leave"})
    assert why.status_code == 422 and 'value="leave" selected' in why.text, "what was chosen stays"
    page = desk.takes(address, choice="correct", reason="Revised in March", **{"row-2": "leave"})
    assert counts(page) == (0, 1, 1, 0) and "left as they were" in words(page)
    with database.read() as reads:
        assert sorted(row.value or 0 for row in reads.exec(select(Observation))) == [10, 20, 31]


def test_figures_that_changed_meanwhile_stay(desk: Desk, database: Database) -> None:
    """Somebody posted another figure between the looking and the taking in: nobody decided that it should give way."""
    address = desk.brings("indicator,period,value\nswims,2024,21\n")
    desk.matches(address)
    desk.sees(address)
    assert desk.does("indicator,period,value\nswims,2024,20\n") == (1, 0, 0, 0)
    assert counts(desk.takes(address)) == (0, 0, 0, 0)
    with database.read() as reads:
        assert [row.value for row in reads.exec(select(Observation))] == [20]


def test_areas_that_stand_on_each_other_are_foreseen(admin: Desk) -> None:
    """The second hundred names a parent that the first hundred would have made."""
    rows = ["code,name,parent,kind", *(f"a{number},A {number},{'a0' if number == 100 else ''},ward" for number in range(101))]
    address = admin.brings("\n".join(rows), "areas")
    assert admin.matches(address).status_code == 303
    assert counts(admin.sees(address)) == (101, 0, 0, 0)
    assert counts(admin.takes(address)) == (101, 0, 0, 0)
    other = "\n".join(rows).replace("A 7,", "Another name,")
    address = admin.brings(other, "areas")
    admin.matches(address)
    page = admin.sees(address)
    assert counts(page) == (0, 1, 100, 0) and "name: A 7" in words(page) and "name: Another name" in words(page)
    assert counts(admin.takes(address, choice="leave")) == (0, 0, 100, 0)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_every_spreadsheets_file_is_read(desk: Desk, mark: str) -> None:
    content = FIGURES.replace(",", mark).replace("2025 Q1", "2025-Q1").replace("Figure", "£")
    for raw in (content.encode("cp1252"), content.encode("utf-16"), content.encode("utf-8-sig")):
        address = desk.brings(raw)
        assert desk.matches(address, **{"col-area": "Pool", "col-value": "£"}).status_code == 303
        desk.sees(address)
    assert "£" in desk.browser.get(f"{address}/columns").text


def test_what_is_no_csv_is_said_in_one_sentence(desk: Desk, settings: Settings) -> None:
    for content, said in (
        (b"", "figures.csv is empty."),
        (b"PK\x03\x04 and so on", "is a workbook"),
        (b'{"type": "FeatureCollection"}', "is not CSV"),
        (b"a,b\n1,\x00\n", "is not text"),
        (b'a,b\n1,"2\n', "cannot be read from line"),
        (b"a,a\n1,2\n", "has two columns called a"),
        (b"\x1f\x8bbroken", "is damaged"),
    ):
        answer = desk.sends(content)
        assert answer.status_code == 422 and said in words(answer.text), said
    assert files.names_in(settings.var) == [], "what was refused is not kept"
    answer = desk.sends("a,b\n1,2\n", "", organisation="nobody")
    assert answer.status_code == 422 and "Say what is in it." in answer.text


def test_nothing_typed_is_lost_when_the_columns_do_not_fit(desk: Desk) -> None:
    address = desk.brings("a,b\n1,2\n")
    answer = desk.matches(address, **{"as-value": "no sign here", "refuse": "a = 1 | why not", "rest": "[lookup", "text-period": "2025"})
    assert answer.status_code == 422
    for kept in ("no sign here", "a = 1 | why not", "[lookup", 'value="2025"'):
        assert kept in answer.text
    answer = desk.matches(address, **{"col-value": "a"})
    assert answer.status_code == 422 and "says nothing of indicator, period, which observations need." in answer.text


def test_file_is_thrown_away_when_it_was_taken_in_and_after_a_week(
    desk: Desk, settings: Settings, clock: SettableClock, database: Database
) -> None:
    desk.does("indicator,period,value\nswims,2024,20\n")
    assert files.names_in(settings.var) == []
    address = desk.brings(WRONG)
    [name] = files.names_in(settings.var)
    clock.advance(days=7, minutes=1)
    bringer = desk.browser.app.state.bringer  # type: ignore[attr-defined]
    assert desk.browser.portal is not None and desk.browser.portal.call(bringer.sweep) == 1
    assert files.names_in(settings.var) == [] and name
    with database.read() as reads:
        assert not [row for row in reads.exec(select(Intake)) if row.name] and not reads.exec(select(Finding)).all()
    assert desk.browser.get(f"{address}/columns").status_code in (303, 409)
