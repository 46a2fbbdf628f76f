"""`said map`: somebody else's file as the API takes it. The real data goes through the endpoint as a partner sends it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col
from starlette.testclient import TestClient

from service.database import Database
from service.places.models import Area
from service.results.models import Indicator, Observation
from service.settings import ROOT
from service.verification import differences
from tests.cli.conftest import Said
from tests.imports.conftest import Write, fates
from tests.make import Make
from tests.real import REAL, reports_of

SWIMS = ("--map", str(ROOT / "tests" / "data" / "swims.toml"))


def test_figures_come_as_csv_with_the_columns_of_an_export(said_nowhere: Said) -> None:
    out, err = said_nowhere.both("map", "observations", str(ROOT / "tests" / "data" / "swims.csv"), *SWIMS)
    lines = out.splitlines()
    assert lines[0] == "indicator,area,period,period_label,value,missing,dimension.sex"
    assert {
        "swims,p1,2025-Q1,2025 Q1,1180,,male",
        "swims,p2,2025-Q1,2025 Q1,,suppressed,",
        "swims,,2024/25,2024/2025 full year,38120,,",
    } <= set(lines)
    assert "Measure: Days closed are not an indicator here." in err


def test_each_area_comes_once_as_its_first_row_describes_it(said_nowhere: Said, file: Write) -> None:
    sheet = file("Code,Called,People\nx,Quay ,120\n,Everywhere,9\nx,The Quay,120\ny,Mill,many\n")
    columns = 'code = "Code"\nname = "Called"\npopulation = "People"\n[values.code]\n"" = "whole_place"'
    out = said_nowhere("map", "areas", sheet, "--map", file(f'kind = "areas"\n[columns]\n{columns}\n', "areas.toml"))
    assert [json.loads(line) for line in out.splitlines()] == [
        {"code": "x", "name": "Quay", "population": 120},
        {"code": "y", "name": "Mill", "population": "many"},
    ]


def test_text_is_safe_from_spreadsheets_and_reads_back_to_itself(said_nowhere: Said, file: Write) -> None:
    sheet = file('Year,Figure,Note\n2025,-1.5,=1+1\n2026,+2,"- two, with a ""mark"""\n')
    map_ = 'kind = "observations"\n[constants]\nindicator = "swims"\n[columns]\nperiod = "Year"\nvalue = "Figure"\ncomment = "Note"\n'
    out = said_nowhere("map", "observations", sheet, "--map", file(map_, "notes.toml"))
    assert out.splitlines()[1:] == ["swims,2025,-1.5,'=1+1", 'swims,2026,+2,"\'- two, with a ""mark"""']


def test_file_that_breaks_off_gives_nothing_at_all(said_nowhere: Said, file: Write) -> None:
    sheet = file('Pool,Pool name,Quarter,Measure,Figure,Detail\np1,Lido,2025 Q1,Swims,1,\np1,"Lido\n')
    assert "cannot be read as CSV" in said_nowhere.refused("map", "observations", sheet, *SWIMS)


def test_reasons_of_refused_rows_go_to_a_file(said_nowhere: Said, file: Write) -> None:
    errors = file("", "errors.csv")
    _out, err = said_nowhere.both("map", "observations", str(ROOT / "tests" / "data" / "swims.csv"), *SWIMS, "--errors", errors)
    assert err.startswith("Refused: 1 of swims.csv.")


# ---- the real data ---------------------------------------------------------------------------------------------------
# What is long is tried on one database: what both do alike is tried with the other files.


class Partner:
    """A program with a key that posts in a place with nothing in it but the council."""

    def __init__(self, said: Said, program: TestClient, slug: str) -> None:
        self.said, self.program, self.api = said, program, f"/api/v1/{slug}"

    def puts(self, kind: str, things: Iterator[Any] | list[Any]) -> list[int]:
        answers = [self.program.put(f"{self.api}/{kind}/{thing.pop('code')}", json=thing) for thing in things]
        return [answer.status_code for answer in answers]

    def counts(self, *codes: str) -> None:
        whose = {"kind": "how_much", "unit": "of them", "good_direction": "down"}
        assert set(self.puts("indicators", [{"code": code, "name": code, **whose} for code in codes])) == {201}

    def mapped(self, kind: str, file: str, map_: str) -> str:
        return self.said("map", kind, str(REAL / f"{file}.csv.gz"), "--map", map_)

    def describes(self, kind: str, file: str, map_: str) -> int:
        found = self.puts(kind, [json.loads(line) for line in self.mapped(kind, file, map_).splitlines()])
        assert set(found) <= {200, 201}
        return found.count(201)

    def posts(self, sheet: str, query: str = "") -> tuple[int, int, int, int]:
        answer = self.program.post(f"{self.api}/outcomes/observations{query}", content=sheet, headers={"Content-Type": "text/csv"})
        assert answer.status_code == 200, answer.text
        return fates(answer.json())

    def posts_twice(self, file: str, map_: str, rows: int) -> None:
        sheet = self.mapped("observations", file, map_)
        assert self.posts(sheet, "?dry_run=true") == (rows, 0, 0, 0)
        assert self.posts(sheet) == (rows, 0, 0, 0)
        assert self.posts(sheet) == (0, 0, rows, 0)

    def exported(self) -> str:
        return str(self.program.get(f"{self.api}/outcomes/observations?format=csv").text)


@pytest.fixture
def partner_of(said: Said, make: Make, with_key: Callable[..., TestClient]) -> Callable[[str], Partner]:
    def begin(slug: str) -> Partner:
        place = make.collaboration(slug)
        return Partner(said, with_key(place, "outcomes:write", organisation=make.organisation(place, "council"), name=slug), slug)

    return begin


def becomes_the_same(partner: Partner, copy: Partner, file: Write, kinds: tuple[str, ...]) -> None:
    """Exported, posted elsewhere and exported again: byte for byte."""
    exported = partner.exported()
    for kind in kinds:
        sheet = file(partner.said("export", kind, "--collaboration", partner.api.rpartition("/")[2]), f"{kind}.csv")
        partner.said("import", kind, sheet, "--collaboration", copy.api.rpartition("/")[2])
    assert copy.posts(exported) == (exported.count("\r\n") - 1, 0, 0, 0)
    assert copy.exported() == exported


@pytest.mark.real_data
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_outcomes_of_trafford_through_the_endpoint(partner_of: Callable[[str], Partner], database: Database, file: Write) -> None:
    trafford = partner_of("trafford")
    assert trafford.describes("areas", "trafford_outcomes/observations", "trafford_areas") == 67
    groups = str(REAL / "trafford_outcomes" / "comparator_areas.csv")
    trafford.said("import", "comparators", groups, "--map", "trafford_comparators", "--collaboration", "trafford")
    assert trafford.describes("indicators", "trafford_outcomes/observations", "trafford_indicators") == 40
    trafford.posts_twice("trafford_outcomes/observations", "trafford_observations", 7_546)
    becomes_the_same(trafford, partner_of("copy"), file, ("areas", "comparators", "indicators"))
    with database.read() as reads:
        assert differences(reads) == []


@pytest.mark.real_data
def test_goals_of_the_united_kingdom_through_the_endpoint(partner_of: Callable[[str], Partner], database: Database, file: Write) -> None:
    """A blank GeoCode is the whole country."""
    nation = partner_of("nation")
    nation.counts("smoking", "waste", "branches", "machines")
    for number, areas, rows in (("3-a-1", 13, 3_822), ("11-6-1", 0, 595), ("8-10-1", 10, 312)):
        name, map_ = f"uk_sdg/indicator_{number}", f"uk_sdg_{number.replace('-', '_')}"
        assert nation.describes("areas", name, f"{map_}_areas") == areas
        nation.posts_twice(name, map_, rows)
    becomes_the_same(nation, partner_of("copy"), file, ("areas", "indicators"))
    with database.read() as reads:
        whole = select(func.count()).select_from(Observation).join(Area, col(Area.id) == Observation.area_id)
        smoking = whole.join(Indicator, col(Indicator.id) == Observation.indicator_id).where(col(Indicator.code) == "smoking")
        assert reads.scalar(smoking.where(col(Area.code) == "whole_place")) == 2 * 483


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("kind", "name", "map_", "rows", "reports", "of_trafford"),
    [
        ("sqlite", "greater_manchester_month", "fixmystreet_month", 5_456, 29_073, 4_615),
        ("postgresql", "greater_manchester_month", "fixmystreet_month", 5_456, 29_073, 4_615),
        ("sqlite", "lad_category_year", "fixmystreet_year", 29_232, 890_168, None),
    ],
    indirect=["kind"],
)
def test_one_row_of_reports_becomes_two_figures_through_the_endpoint(
    partner_of: Callable[[str], Partner], database: Database, name: str, map_: str, rows: int, reports: int, of_trafford: int | None
) -> None:
    streets = partner_of("streets")
    streets.counts("reports", "reporters")
    streets.describes("areas", f"fixmystreet_counts/{name}", f"{map_}_areas")
    streets.posts_twice(f"fixmystreet_counts/{name}", map_, rows)
    with database.read() as reads:
        assert reports_of(reads) == reports
        if of_trafford:
            assert reports_of(reads, "E08000009") == of_trafford
