"""What changed for people: the formulas on plain values, and the figures against a reckoning of their own, with small numbers hidden."""

from datetime import date
from statistics import fmean, median
from typing import Any
from uuid import UUID

from sqlalchemy import text
from starlette.testclient import TestClient

from service.database import Database
from service.outcomes.models import Licence, ScaleDirection, ScoredBy
from service.outcomes.rules import A_GOAL, SHIPPED, Course, Scale, change_of, in_bands, is_closed
from tests.make import SettableClock
from tests.outcomes.conftest import READINGS, YES, reading

Figures = dict[tuple[str, str], dict[str, Any]]


def course(person: int, first: float, latest: float, *, days: int = 28, episode: str = "", measure: str = "goals") -> Course:
    return Course(
        UUID(int=person),
        episode,
        measure,
        ScoredBy.SELF,
        date(2024, 1, 1),
        first,
        date.fromordinal(date(2024, 1, 1).toordinal() + days),
        latest,
    )


# ---- the formulas ----------------------------------------------------------------------------------------------------


def test_person_s_goals_are_put_together_before_people_are_counted() -> None:
    found = change_of(A_GOAL, [course(1, 2, 8), course(1, 4, 4), course(1, 3, 9), course(2, 5, 5)])
    assert (found.began, found.known, found.distances) == (2, 2, (4.0, 0.0))
    assert (found.better, found.same, found.worse) == (1, 1, 0)


def test_who_is_better_the_same_worse_already_there_or_not_known() -> None:
    courses = [
        *(course(1, 2, 5), course(2, 2, 4.5), course(3, 7, 4), course(4, 7, 4.5)),
        *(course(5, 10, 10), course(6, 10, 7), course(7, 2, 9, days=27), course(8, 2, 2, days=0), course(1, 2, 3, episode="second")),
    ]
    found = change_of(A_GOAL, courses)
    assert (found.began, found.known, found.unknown) == (9, 7, 2)
    assert (found.better, found.same, found.worse, found.already) == (1, 3, 2, 1)


def test_less_is_better_on_a_scale_that_says_so_and_a_scale_without_a_change_classes_nobody() -> None:
    pain = Scale("pain", "Pain", None, 0, 10, ScaleDirection.DOWN, 2.0, Licence.OWN, None)
    found = change_of(pain, [course(1, 8, 6), course(2, 0, 0), course(3, 2, 5)])
    assert (found.better, found.already, found.worse) == (1, 1, 1)
    anxious = change_of(SHIPPED["ons4-anxious"], [course(1, 8, 2), course(2, 2, 8)])
    assert (anxious.better, anxious.same, anxious.worse, anxious.distances) == (0, 0, 0, (6.0, -6.0))


def test_nothing_is_said_of_a_change_of_few_people_or_with_many_lost() -> None:
    ten, nine = [course(n, 2, 8) for n in range(10)], [course(n, 2, 8) for n in range(9)]
    lost = [course(100 + n, 2, 2, days=0) for n in range(7)]
    assert change_of(A_GOAL, ten).may_be_said(8) and not change_of(A_GOAL, nine).may_be_said(8)
    assert change_of(A_GOAL, [*ten, *lost[:6]]).may_be_said(8) and not change_of(A_GOAL, [*ten, *lost]).may_be_said(8)
    assert not change_of(A_GOAL, ten).may_be_said(11)


def test_bands_are_those_of_the_office_for_national_statistics() -> None:
    happy, anxious = SHIPPED["ons4-happy"], SHIPPED["ons4-anxious"]
    scores = [float(score) for score in range(11)]
    assert in_bands(happy, scores) == {"low": 5, "medium": 2, "high": 2, "very_high": 2}
    assert in_bands(anxious, scores) == {"very_low": 2, "low": 2, "medium": 2, "high": 5}
    assert [scale.meaningful_change for scale in SHIPPED.values()] == [None] * 4


def test_star_is_closed_and_a_star_rating_of_a_cafe_is_not() -> None:
    assert all(is_closed(name) for name in ("Outcomes Star", "outcome-star", "My Recovery Star (2)", "Star", "family_star"))
    assert not any(is_closed(name) for name in ("Star rating of cafés", "Starting well", "WEMWBS", None))


# ---- the figures -----------------------------------------------------------------------------------------------------


def world() -> list[dict[str, Any]]:
    """Twenty people by themselves, three of them asked once, one asked again too soon; nine as workers see it; one whose yes has ended."""
    rows: list[dict[str, Any]] = []
    for n in range(20):
        person = {"person": f"p-{n}", "consent": YES}
        rows.append(reading(n % 5, **person))
        rows.append(reading(instrument="ons4-happy", **person) | {"value": float(n % 11)})
        if n > 2:
            later = "2024-03-28" if n == 3 else "2024-06-01"
            rows.append(reading(min(10, n % 5 + n // 2), **person, on=later))
            rows.append(reading(instrument="ons4-happy", **person, on=later) | {"value": float((n + 4) % 11)})
        if n < 9:
            rows += [reading(2.0, **person, by="worker_view"), reading(9.0, **person, by="worker_view", on="2024-06-01")]
    ended = {"person": "gone", "consent": {**YES, "expires_on": "2026-11-23"}}
    return [*rows, reading(0, **ended), reading(10, **ended, on="2024-06-01")]


def reckoned(database: Database) -> dict[str, list[tuple[float, float, int]]]:
    """By goal or scale and scorer: first, latest and the days between, of each person, by plain SQL alone."""
    sql = """select r.person_id, case when r.goal_id is null then r.measure else 'goals' end, r.scored_by, r.taken_on, r.value
        from outcome_reading r where exists (select 1 from person_yes y where y.person_id = r.person_id
        and (y.expires_on is null or y.expires_on >= :today)) order by r.taken_on"""
    found: dict[tuple[str, str], list[tuple[date, float]]] = {}
    with database.read() as reads:
        today: Any = "2026-11-24" if database.is_sqlite else date(2026, 11, 24)
        for person, measure, by, on, value in reads.execute(text(sql), {"today": today}):
            found.setdefault((f"{measure}.{by}", str(person)), []).append((date.fromisoformat(str(on)), value))
    series: dict[str, list[tuple[float, float, int]]] = {}
    for (name, _person), points in found.items():
        series.setdefault(name, []).append((points[0][1], points[-1][1], (points[-1][0] - points[0][0]).days))
    return series


def five(count: int) -> int:
    return 5 * ((count + 2) // 5)


def test_figures_are_what_the_readings_say(partner: TestClient, visitor: TestClient, database: Database, clock: SettableClock) -> None:
    clock.at("2026-11-23T10:00:00+00:00")
    answer = partner.post(READINGS, json={"readings": world()})
    assert answer.json()["refused"] == 0, answer.text
    clock.at("2026-11-24T10:00:00+00:00")
    partner.put("/api/v1/hillside/areas/north-ward", json={"name": "North ward"})  # so that the page is made anew
    listed = visitor.get("/api/v1/hillside/account/outcomes").json()["figures"]
    figures: Figures = {(one["figure"], one["by"]["kind"]): one for one in listed if "kind" in (one["by"] or {})}
    facts = reckoned(database)
    assert (len(facts["goals.self"]), len(facts["goals.worker_view"])) == (20, 9)

    known = [(first, last) for first, last, days in facts["goals.self"] if days >= 28]
    better = sum(last - first >= 3 for first, last in known)
    worse = sum(last - first <= -3 for first, last in known)
    assert (len(known), worse) == (16, 0)
    self_ = {code: figure for (code, key), figure in figures.items() if key == "goals.self"}
    assert (self_["people_known"]["value"], self_["people_known"]["denominator"]) == (five(16), 20)
    assert (self_["people_better"]["value"], self_["people_better"]["denominator"]) == (five(better), 20)
    assert self_["people_worse"]["value"] == 0
    same = len(known) - better
    assert self_["people_same"]["suppressed"] == (0 < same < 8)
    assert self_["people_distance"]["value"] == round(median(last - first for first, last in known), 1)

    worker = figures["people_better", "goals.worker_view"]
    assert (worker["value"], "too little" in worker["words"]) == (None, True), "nine are too few, however much better they are"
    assert ("people_distance", "goals.worker_view") not in figures

    happy = [(first, last) for first, last, days in facts["ons4-happy.self"] if days >= 28]
    assert figures["people_mean_first", "ons4-happy.self"]["value"] == round(fmean(first for first, _last in happy), 1)
    assert figures["people_mean_latest", "ons4-happy.self"]["value"] == round(fmean(last for _first, last in happy), 1)
    low = sum(first <= 4 for first, _last in happy)
    shown = figures["people_in_band", "ons4-happy.self.first.low"]
    assert shown["suppressed"] or shown["value"] == round(100 * five(low) / five(16)) / 100
    assert ("people_better", "ons4-happy.self") not in figures, "no person is classed by these questions"

    page = visitor.get("/hillside/outcomes").text
    assert "Overall, how happy did you feel yesterday?" in page and "as workers see it" in page
    assert "Sleep through the night" not in page, "nobody's goal is shown to others"


def test_fewer_people_than_may_be_shown_are_not_shown(partner: TestClient, visitor: TestClient) -> None:
    for n in range(7):
        partner.post(READINGS, json={"readings": [reading(person=f"p-{n}", consent=YES), reading(9.0, person=f"p-{n}", on="2024-06-01")]})
    [figure] = [one for one in visitor.get("/api/v1/hillside/account/outcomes").json()["figures"] if one["figure"].startswith("people_")]
    assert (figure["figure"], figure["suppressed"], figure["value"], figure["n"], figure["denominator"]) == (
        "people_known",
        True,
        None,
        None,
        None,
    )


def test_this_month_joins_when_it_is_over(partner: TestClient, visitor: TestClient, clock: SettableClock) -> None:
    clock.at("2026-11-23T10:00:00+00:00")
    partner.post(READINGS, json={"readings": [reading(person=f"p-{n}", consent=YES, on="2026-11-20") for n in range(10)]})

    def codes() -> list[str]:
        return [one["figure"] for one in visitor.get("/api/v1/hillside/account/outcomes").json()["figures"]]

    nobody = "Whether people who asked for help are better off, in their own words: nobody is asked yet."
    assert codes() == []
    assert nobody in visitor.get("/hillside").text
    clock.at("2026-12-01T10:00:00+00:00")
    assert codes() == ["people_known", "people_better"]
    first_page = visitor.get("/hillside").text
    assert nobody not in first_page
    assert "as people say themselves" in first_page, "where there is no other number, what people said of themselves speaks"
