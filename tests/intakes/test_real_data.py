"""The real data beside the project, brought in through the pages as a data officer would: every figure that its SOURCE.md names."""

import gzip
import os
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlmodel import col
from starlette.testclient import TestClient

from service.database import Database
from service.people.models import Role
from service.places.models import Area
from service.results.models import Indicator, Observation
from service.verification import differences
from tests.intakes.conftest import Desk, counts
from tests.make import Make
from tests.real import REAL, reports_of

pytestmark = pytest.mark.real_data

TRAFFORD, SDG, STREETS = REAL / "trafford_outcomes", REAL / "uk_sdg", REAL / "fixmystreet_counts"
HEAD = "code,name,kind,unit,good_direction\n"


@pytest.fixture
def kind() -> str:
    """What both databases do alike is tried on both by tests/imports; this is about the pages. SAID_REAL_DATA_ON names the other."""
    return os.environ.get("SAID_REAL_DATA_ON", "sqlite")


@pytest.fixture
def officer(make: Make, signed_in: Callable[..., TestClient]) -> Desk:
    """A data officer of a place with nothing in it but the council."""
    place = make.collaboration("trafford", name="Trafford")
    make.organisation(place, "council")
    return Desk(signed_in(place, Role.ADMIN), "/staff/trafford/imports")


def brought(officer: Desk, content: bytes, kind: str, choice: str = "", **changed: str) -> tuple[str, tuple[int, ...]]:
    """Brings a file in, with the columns as they are guessed, but for these: its address, and what became of it."""
    address = officer.brings(content, kind)
    answer = officer.matches(address, **changed)
    assert answer.status_code == 303, answer.text
    officer.sees(address)
    return address, counts(officer.takes(address, choice=choice))


def foreseen_again(officer: Desk, content: bytes, kind: str, **changed: str) -> tuple[int, ...]:
    """What a file would become a second time."""
    address = officer.brings(content, kind)
    officer.matches(address, **changed)
    return counts(officer.sees(address))


def test_outcomes_of_trafford_by_their_own_maps(officer: Desk, database: Database) -> None:
    observations, groups = (TRAFFORD / "observations.csv.gz").read_bytes(), (TRAFFORD / "comparator_areas.csv").read_bytes()
    assert officer.does(observations, "areas", map="trafford_areas") == (67, 0, 7_479, 0)
    assert officer.does(groups, "comparators", map="trafford_comparators") == (55, 0, 0, 0)
    assert officer.does(observations, "indicators", map="trafford_indicators") == (40, 0, 7_506, 0)
    assert officer.does(observations, map="trafford_observations") == (7_546, 0, 0, 0)
    assert officer.does(observations, map="trafford_observations") == (0, 0, 7_546, 0)
    with database.read() as reads:
        assert reads.scalar(select(func.count()).select_from(Area)) == 68
        assert reads.scalar(select(func.count()).select_from(Indicator)) == 40
        assert differences(reads) == []


def test_smoking_in_the_united_kingdom(officer: Desk, database: Database) -> None:
    """A blank GeoCode is the whole country; what is blank otherwise means all."""
    content = (SDG / "indicator_3-a-1.csv.gz").read_bytes()
    named = {"col-code": "GeoCode", "as-code": '"" = whole_place', "text-name": "{Country} {Region}", "as-name": '"" = United Kingdom'}
    _address, became = brought(officer, content, "areas", **named, **{"col-name": "=", "text-kind": "comparator", "col-kind": "="})
    assert became == (13, 0, 3_809, 0)
    brought(officer, f"{HEAD}smoking,Smoking,population,%,down\n".encode(), "indicators")
    split = ("Sex", "Age", "Socio-economic classification", "Ethnicity", "Country of birth")
    columns = {"col-indicator": "=", "text-indicator": "smoking", "col-area": "GeoCode", "col-period": "Year", "col-value": "Value"}
    for place, name in enumerate(split):
        columns |= {f"split-{place}": name.lower(), f"split-col-{place}": name}
    assert brought(officer, content, "observations", **columns)[1] == (3_822, 0, 0, 0)
    assert foreseen_again(officer, content, "observations", **columns) == (0, 0, 3_822, 0)
    with database.read() as reads:
        whole = select(func.count()).select_from(Observation).join(Area, col(Area.id) == Observation.area_id)
        assert reads.scalar(whole.where(col(Area.code) == "whole_place")) == 483


def test_waste_and_cash_machines(officer: Desk) -> None:
    indicators = (
        f"{HEAD}waste,Waste,population,%,down\nbranches,Branches,population,per 100 000,up\nmachines,Machines,population,per 100 000,up\n"
    )
    brought(officer, indicators.encode(), "indicators")
    waste, cash = ((SDG / f"indicator_{name}.csv.gz").read_bytes() for name in ("11-6-1", "8-10-1"))
    named = {"col-code": "GeoCode", "as-code": '"" = whole_place', "col-name": "=", "text-kind": "comparator", "as-name": '"" = UK'}
    assert brought(officer, waste, "areas", **named, **{"text-name": "{Region}"})[1] == (1, 0, 594, 0)
    assert brought(officer, cash, "areas", **named, **{"text-name": "{Country} {Region} {Local Authority}"}, choice="leave")[1] == (
        22,
        0,
        289,
        0,
    )
    known = {"col-indicator": "=", "text-indicator": "waste", "col-area": "GeoCode", "col-period": "Year", "col-value": "Value"}
    known |= {"split-0": "method", "split-col-0": "Disposal method", "split-1": "authority", "split-col-1": "Waste collection authority"}
    assert brought(officer, waste, "observations", **known)[1] == (595, 0, 0, 0)
    assert foreseen_again(officer, waste, "observations", **known) == (0, 0, 595, 0)
    known = {"col-indicator": "Series", "as-indicator": "/\\(a\\).*/ = branches\n* = machines", "col-area": "GeoCode"}
    known |= {"col-period": "Year", "col-value": "Value"}
    assert brought(officer, cash, "observations", **known)[1] == (312, 0, 0, 0)
    assert foreseen_again(officer, cash, "observations", **known) == (0, 0, 312, 0)


@pytest.mark.parametrize(
    ("name", "period", "reports", "of_trafford"),
    [("greater_manchester_month", "month", 29_073, 4_615), ("lad_category_year", "year", 890_168, None)],
)
def test_one_row_of_reports_becomes_two_figures(
    officer: Desk, database: Database, name: str, period: str, reports: int, of_trafford: int | None
) -> None:
    content = (STREETS / f"{name}.csv.gz").read_bytes()
    rows = gzip.decompress(content).decode().count("\n") - 1
    indicators = f"{HEAD}reports,Reports,how_much,reports,up\nreporters,Who reported,how_much,people,up\n"
    brought(officer, indicators.encode(), "indicators")
    brought(officer, content, "areas", **{"col-code": "lad", "col-name": "lad", "text-kind": "comparator", "col-kind": "="})
    columns = {
        "col-area": "lad",
        "col-period": period,
        "split-0": "category",
        "split-col-0": "category",
        "col-value": "",
        "col-indicator": "",
    }
    columns |= {"fig-0": "reports", "fig-col-0": "reports", "fig-1": "reporters", "fig-col-1": "unique_users"}
    assert brought(officer, content, "observations", **columns)[1] == (2 * rows, 0, 0, 0)
    assert foreseen_again(officer, content, "observations", **columns) == (0, 0, 2 * rows, 0)
    with database.read() as reads:
        assert reports_of(reads) == reports
        if of_trafford:
            assert reports_of(reads, "E08000009") == of_trafford
