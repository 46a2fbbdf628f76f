"""Indicators and observations over HTTP: added, listed, exported, and imported back unchanged."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.places.queries import PlaceCard
from service.results import exports
from service.results.sheets import COLUMNS, read_line
from tests.make import Make, SettableClock
from tests.results.conftest import OBSERVATIONS, row

INDICATOR = {"name": "Homes with damp", "kind": "population", "unit": "%", "good_direction": "down"}
INDICATORS = "/api/v1/hillside/indicators"

# ---- indicators ------------------------------------------------------------------------------------------------------


def test_only_a_key_with_the_scope_describes_indicators(
    visitor: TestClient, hillside: PlaceCard, with_key: Callable[..., TestClient], make: Make
) -> None:
    assert visitor.put(f"{INDICATORS}/damp", json=INDICATOR).status_code == 401
    assert with_key(hillside, "feedback:write").put(f"{INDICATORS}/damp", json=INDICATOR).status_code == 403
    assert with_key(make.collaboration("amber-vale"), "outcomes:write").put(f"{INDICATORS}/damp", json=INDICATOR).status_code == 404
    assert visitor.get(INDICATORS).json() == {"items": [], "next": None}


def test_indicator_is_created_then_changed(hillside: PlaceCard, with_key: Callable[..., TestClient], visitor: TestClient) -> None:
    program = with_key(hillside, "outcomes:write")
    code = "nhs." + "x" * 116
    first = program.put(f"{INDICATORS}/{code}", json=INDICATOR)
    second = program.put(f"{INDICATORS}/{code}", json=INDICATOR | {"good_direction": "in_range", "range_low": 1, "range_high": 2.5})
    assert (first.status_code, second.status_code) == (201, 200)
    expected = INDICATOR | {"code": code, "good_direction": "in_range", "range_low": 1.0, "range_high": 2.5}
    nothing = dict.fromkeys(("definition", "source", "chosen_because", "could_be_gamed_by", "comparator_group"))
    assert visitor.get(INDICATORS).json()["items"] == [second.json()] == [expected | nothing]


BAD_INDICATORS: list[tuple[str, dict[str, Any], int]] = [
    ("damp", {"kind": "other"}, 422),
    ("damp", {"unit": ""}, 422),
    ("damp", {"good_direction": "in_range"}, 422),
    ("damp", {"range_low": 1.0}, 422),
    ("damp", {"comparator_group": "similar"}, 422),
    ("damp", {"colour": "red"}, 422),
    ("x" * 121, {}, 404),
    ("a%20b", {}, 404),
]


def test_bad_indicator_is_refused(hillside: PlaceCard, with_key: Callable[..., TestClient]) -> None:
    program = with_key(hillside, "outcomes:write")
    for code, fields, status in BAD_INDICATORS:
        answer = program.put(f"{INDICATORS}/{code}", json=INDICATOR | fields)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), (code, fields)


@pytest.mark.usefixtures("indicators")
def test_indicators_come_in_pages(visitor: TestClient) -> None:
    first = visitor.get(INDICATORS, params={"limit": 1})
    assert [found["code"] for found in first.json()["items"]] == ["damp"]
    second = visitor.get(INDICATORS, params={"limit": 1, "cursor": first.json()["next"]})
    assert [found["code"] for found in second.json()["items"]] == ["visits"]
    assert 'rel="next"' in first.headers["link"]


# ---- listing ---------------------------------------------------------------------------------------------------------


def posted(program: TestClient, *rows: dict[str, Any]) -> None:
    answer = program.post(OBSERVATIONS, json={"observations": rows})
    assert answer.json()["refused"] == 0, answer.json()


def test_observations_are_listed_as_they_were_posted(partner: TestClient, visitor: TestClient, clock: SettableClock) -> None:
    posted(
        partner, row(None, numerator=1, denominator=8, dimension={"sex": "f"}, period="2025/26-Q1", comment="Sampled", area="north-ward")
    )
    [found] = visitor.get(OBSERVATIONS).json()["items"]
    assert found == {
        "indicator": "damp",
        "area": "north-ward",
        "period": "2025-Q2",
        "period_label": None,
        "dimension": {"sex": "f"},
        "organisation": "council",
        "value": 12.5,
        "numerator": 1.0,
        "denominator": 8.0,
        "missing": None,
        "provisional": False,
        "comment": "Sampled",
        "ref": None,
        "version": 1,
        "recorded_at": clock().isoformat().replace("+00:00", "Z"),
        "history": None,
    }


NARROWED: list[tuple[dict[str, str], list[str]]] = [
    ({}, ["2026-03", "2026-04", "2026-Q1", "2026"]),
    ({"indicator": "visits"}, ["2026-04"]),
    ({"indicator": "nothing"}, []),
    ({"area": "north-ward"}, ["2026-Q1"]),
    ({"area": "whole_place"}, ["2026-03", "2026-04", "2026"]),
    ({"from": "2026-04-01"}, ["2026-04", "2026"]),
    ({"to": "2026-04-30"}, ["2026-03", "2026-04", "2026-Q1"]),
    ({"from": "2026-03-31", "to": "2026-03-31"}, ["2026-03", "2026-Q1"]),
]


def test_list_is_narrowed(partner: TestClient, visitor: TestClient) -> None:
    posted(partner, row(), row(period="2026-04", indicator="visits"), row(period="2026-Q1", area="north-ward"), row(period="2026"))
    for query, periods in NARROWED:
        assert [found["period"] for found in visitor.get(OBSERVATIONS, params=query).json()["items"]] == periods, query
        export = visitor.get(OBSERVATIONS, params=query | {"format": "csv"}).text
        assert [found["period"] for found in csv.DictReader(StringIO(export, newline=""))] == periods, query


@pytest.mark.usefixtures("indicators")
def test_bad_question_is_refused(visitor: TestClient) -> None:
    questions: list[dict[str, Any]] = [{"from": "yesterday"}, {"format": "xml"}, {"cursor": "eA"}, {"limit": 201}, {"area": "a b"}]
    for query in questions:
        answer = visitor.get(OBSERVATIONS, params=query)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), query


def test_observations_come_in_pages(partner: TestClient, visitor: TestClient) -> None:
    posted(partner, *(row(period=f"{1900 + n}") for n in range(5)))
    found, query = [], {"limit": "2"}
    for _page in range(3):
        page = visitor.get(OBSERVATIONS, params=query).json()
        found.append([item["period"] for item in page["items"]])
        query = {"limit": "2", "cursor": page["next"]}
    assert (found, page["next"]) == ([["1900", "1901"], ["1902", "1903"], ["1904"]], None)


def test_history_holds_every_correction(partner: TestClient, visitor: TestClient, clock: SettableClock) -> None:
    posted(partner, row(provisional=True, comment="First look"), row(period="2026-04"))
    moments = [clock(), clock.advance(days=1), clock.advance(days=1)]
    clock.at(moments[1])
    posted(partner, row(13.0, reason="Recounted"))
    clock.at(moments[2])
    posted(partner, row(None, missing="unknown", reason="Withdrawn by the source"))
    corrected, other = visitor.get(OBSERVATIONS, params={"history": "true"}).json()["items"]
    assert (corrected["version"], corrected["value"], corrected["missing"], other["history"]) == (3, None, "unknown", [])
    newest, oldest = corrected["history"]
    texts = [moment.isoformat().replace("+00:00", "Z") for moment in moments]
    assert [newest[name] for name in ("version", "value", "reason", "recorded_at", "corrected_at")] == [
        2,
        13.0,
        "Withdrawn by the source",
        texts[1],
        texts[2],
    ]
    assert [oldest[name] for name in ("version", "value", "provisional", "comment", "reason", "recorded_at", "corrected_by")] == [
        1,
        12.5,
        True,
        "First look",
        "Recounted",
        texts[0],
        "key",
    ]
    sheet = [*csv.DictReader(StringIO(visitor.get(OBSERVATIONS, params={"history": "true", "format": "csv"}).text, newline=""))]
    assert [(line["version"], line["value"], line["reason"]) for line in sheet] == [
        ("3", "", ""),
        ("2", "13", "Withdrawn by the source"),
        ("1", "12.5", "Recounted"),
        ("1", "12.5", ""),
    ]


# ---- exporting -------------------------------------------------------------------------------------------------------


def test_export_imports_back_unchanged(
    partner: TestClient, visitor: TestClient, with_key: Callable[..., TestClient], make: Make, indicators: PlaceCard
) -> None:
    posted(
        partner,
        row(0.1 + 0.2, period="2025/26", period_label="=FY(25)"),
        row(-7.0, period="2026-W05", comment='He said "no",\r\nthen\nleft', ref="-12"),
        row(1e22, dimension={"sex": "f", "age": "@home"}, period="2024-25 AY"),
        row(5e-324, dimension={"age": "'=x"}, period="2026-01-05/2026-02-03"),
        row(None, numerator=2, denominator=3, area="north-ward", provisional=True, comment="'quoted'", ref="+44"),
        row(None, missing="suppressed", area="otherham"),
        row(3, indicator="visits", period="2026-03-31", ref="'+1"),
    )
    answer = visitor.get(OBSERVATIONS, params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    lines = [*csv.DictReader(StringIO(answer.text, newline=""))]
    assert list(lines[0]) == [*COLUMNS, "dimension.age", "dimension.sex"]
    formulas = [cell for found in lines for name, cell in found.items() if name != "value" and cell[:1] in tuple("=+-@\t\r")]
    assert not formulas
    rows = [read_line(found) for found in lines]
    before = visitor.get(OBSERVATIONS).json()["items"]
    again = partner.post(OBSERVATIONS, json={"observations": rows}).json()
    assert (again["unchanged"], again["received"]) == (7, 7), again
    assert visitor.get(OBSERVATIONS).json()["items"] == before
    hospital = with_key(indicators, "outcomes:write", organisation=make.organisation(indicators, "hospital"))
    posted(hospital, *({name: value for name, value in found.items() if name != "organisation"} for found in rows))
    theirs = visitor.get(OBSERVATIONS).json()["items"][len(before) :]
    assert [found | {"organisation": "council"} for found in theirs] == before, "every word of it came back"


def test_export_holds_everything_whoever_posted_it(
    partner: TestClient,
    visitor: TestClient,
    with_key: Callable[..., TestClient],
    make: Make,
    indicators: PlaceCard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exports, "ROWS", 50)
    posted(partner, *(row(float(n), period=f"{1000 + n}") for n in range(120)))
    hospital = with_key(indicators, "outcomes:write", organisation=make.organisation(indicators, "hospital"))
    posted(hospital, row(9.0))
    lines = [*csv.DictReader(StringIO(visitor.get(OBSERVATIONS, params={"format": "csv"}).text, newline=""))]
    assert [line["value"] for line in lines] == [*(str(n) for n in range(120)), "9"]
    assert [line["organisation"] for line in lines[-2:]] == ["council", "hospital"]


def test_nothing_of_another_place_is_listed(partner: TestClient, visitor: TestClient, make: Make) -> None:
    posted(partner, row())
    make.collaboration("amber-vale")
    address = OBSERVATIONS.replace("hillside", "amber-vale")
    assert visitor.get(address).json()["items"] == []
    assert visitor.get(address, params={"format": "csv"}).text.splitlines() == [",".join(COLUMNS)]
    assert visitor.get(OBSERVATIONS.replace("hillside", "nowhere")).status_code == 404
