"""The account over HTTP: its envelope, its months, its splits."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.accountability.models import FigureCode, View
from service.database import Database
from service.places.queries import PlaceCard, find_organisation
from tests.make import Make
from tests.outcomes.conftest import READINGS
from tests.outcomes.test_changes import world as people

ACCOUNT = "/api/v1/hillside/account"


def asked(client: TestClient, view: str = "community-reporting", **query: str) -> dict[str, Any]:
    answer = client.get(f"{ACCOUNT}/{view}", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def cells(account: dict[str, Any], code: str, by: str) -> dict[str, int | None]:
    """The cells of a split: None where one is hidden."""
    return {f["by"][by]: f["value"] for f in account["figures"] if f["figure"] == code and by in (f["by"] or {})}


def test_every_figure_stands_in_its_envelope(
    busy: PlaceCard, visitor: TestClient, with_key: Callable[..., TestClient], database: Database
) -> None:
    with database.read() as reads:
        council = find_organisation(reads, busy.id, "council")
        reads.expunge_all()
    with_key(busy, "outcomes:write", organisation=council).post(READINGS, json={"readings": people()})
    wanted = {"figure", "value", "n", "denominator", "unit", "definition", "source", "as_of", "words", "suppressed", "by"}
    codes = set()
    for view in View:
        account = asked(visitor, view)
        assert set(account) == {"view", "from", "to", "as_of", "figures"}
        assert (account["view"], account["from"], account["to"], account["as_of"]) == (view, None, None, "2026-11-23T10:00:00Z")
        for figure in account["figures"]:
            assert set(figure) == wanted
            assert all(figure[name] for name in ("unit", "definition", "source", "words"))
            assert not figure["suppressed"] or figure["value"] is figure["n"] is None
            codes.add(figure["figure"])
    assert codes == set(FigureCode)


@pytest.mark.usefixtures("busy")
def test_months_are_widened_and_said(visitor: TestClient) -> None:
    whole = asked(visitor)
    narrow = asked(visitor, **{"from": "2026-06-10", "to": "2026-07-02"})
    assert (narrow["from"], narrow["to"]) == ("2026-06-01", "2026-07-31")
    received = {account["from"]: account["figures"][0]["n"] for account in (whole, narrow)}
    assert received == {None: 42, "2026-06-01": 16}


@pytest.mark.usefixtures("busy")
def test_the_end_before_the_beginning_is_refused(visitor: TestClient) -> None:
    answer = visitor.get(f"{ACCOUNT}/results", params={"from": "2026-07-01", "to": "2026-06-01"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["to"]


@pytest.mark.parametrize("query", [{"area": "nowhere"}, {"area": "otherham"}, {"from": "July"}, {"area": "a b"}])
@pytest.mark.usefixtures("busy")
def test_what_nobody_can_ask_for_is_refused_by_field(visitor: TestClient, query: dict[str, str]) -> None:
    answer = visitor.get(f"{ACCOUNT}/community-reporting", params=query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == list(query)


@pytest.mark.usefixtures("busy")
def test_there_are_five_views(visitor: TestClient) -> None:
    assert visitor.get(f"{ACCOUNT}/league-table").status_code == 404
    assert visitor.get("/api/v1/nowhere/account/results").status_code == 404


def test_small_numbers_are_hidden_in_a_split_and_another_with_them(visitor: TestClient, make: Make, hillside: PlaceCard) -> None:
    make.clock.at("2026-09-14T10:00:00+00:00")
    for area, number in (("hill-road", 9), ("linden", 2), ("marsh-end", 0), ("top-fields", 6)):
        make.area(hillside, area)
        for _message in range(number):
            make.message(hillside, area=area, kind="idea")
    make.clock.at("2026-11-23T10:00:00+00:00")
    account = asked(visitor)
    assert cells(account, "messages_received", "area") == {"hill-road": 9, "linden": None, "marsh-end": 0, "top-fields": None}
    assert account["figures"][0]["value"] == 17
    one = asked(visitor, area="linden")
    assert cells(one, "messages_received", "area") == {"linden": None}
    assert "Too few to show safely" in visitor.get("/hillside/community-reporting").text


def test_a_split_stops_at_the_last_month_that_is_over(visitor: TestClient, make: Make, hillside: PlaceCard) -> None:
    make.area(hillside, "hill-road")
    for day in range(1, 11):
        make.clock.at(f"2026-11-{day:02}T10:00:00+00:00")
        make.message(hillside, area="hill-road")
    assert cells(asked(visitor), "messages_received", "area") == {"hill-road": 0}
    make.clock.at("2026-12-01T10:00:00+00:00")
    assert cells(asked(visitor), "messages_received", "area") == {"hill-road": 10}


def test_young_messages_and_imported_ones_are_owed_no_answer_yet(visitor: TestClient, make: Make, hillside: PlaceCard) -> None:
    make.message(hillside)
    make.clock.advance(days=29)
    answered = next(f for f in asked(visitor)["figures"] if f["figure"] == "answered_rate")
    assert (answered["value"], answered["denominator"]) == (None, 0)
    make.clock.advance(days=1)
    answered = next(f for f in asked(visitor)["figures"] if f["figure"] == "answered_rate")
    assert (answered["value"], answered["denominator"]) == (0, 1)


@pytest.mark.usefixtures("busy")
def test_figures_as_a_file_say_the_same(visitor: TestClient) -> None:
    answer = visitor.get(f"{ACCOUNT}/results", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="hillside-results.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    figures = asked(visitor, "results")["figures"]
    assert [(row["figure"], row["by"], row["code"], row["words"]) for row in rows] == [
        (f["figure"], *next(iter(f["by"].items())), f["words"]) for f in figures
    ]
    assert [float(row["value"]) if row["value"] else None for row in rows] == [f["value"] for f in figures]


@pytest.mark.usefixtures("busy")
def test_words_of_a_figure_are_in_the_language_asked_for_and_hold_no_marks(visitor: TestClient) -> None:
    for view in View:
        for figure in asked(visitor, view)["figures"]:
            assert not any("\ue000" <= letter <= "\ue0ff" for letter in figure["words"])


def test_months_asked_for_change_no_split_so_that_none_can_be_subtracted(visitor: TestClient, busy: PlaceCard) -> None:
    assert busy.slug == "hillside"
    for view, code in (("community-reporting", "messages_received"), ("narratives", "stories")):
        for by in ("kind", "area"):
            whole = cells(asked(visitor, view), code, by)
            assert whole and cells(asked(visitor, view, **{"from": "2026-06-01", "to": "2026-06-30"}), code, by) == whole


def test_an_area_is_answered_with_what_is_known_of_it_alone(visitor: TestClient, busy: PlaceCard) -> None:
    assert busy.slug == "hillside"
    for view in ("community-reporting", "narratives"):
        assert {f["by"]["area"] for f in asked(visitor, view, area="hill-road")["figures"]} == {"hill-road"}
