"""The numbers by which a place works: set for a day, with a reason, and read where the figure stands."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service.database import Database
from service.days import WorkingDays
from service.disclosure import count_people, may_say_mean_of_people, percent_of_people, split_items
from service.errors import Invalid
from service.feedback.rules import answer_by, late_days
from service.journal.actions import OPERATOR
from service.people.models import Role
from service.places.models import Threshold, ThresholdIn
from service.places.queries import PlaceCard, get_place
from service.places.rules import BOUNDS, Change, Thresholds
from service.places.setting_actions import set_threshold
from tests.make import Make, SettableClock

RULES = "/staff/hillside/settings/rules"
TODAY = date(2026, 11, 23)

SignIn = Callable[..., TestClient]
Sets = Callable[..., None]


@pytest.fixture
def sets(database: Database, hillside: PlaceCard, clock: SettableClock) -> Sets:
    """Sets a threshold of hillside: `sets("answer_within", 5, "2026-12-01")`; without a day, from today on."""

    def do(threshold: str, value: int, since: str | None = None) -> None:
        day = date.fromisoformat(since) if since else clock().date()
        new = ThresholdIn(threshold=Threshold(threshold), value=value, since=day, why="We asked people.")
        with database.write() as writes:
            set_threshold(writes, OPERATOR, hillside, new, clock())

    return do


def figure(visitor: TestClient, view: str, code: str, asked: str = "") -> dict[str, object]:
    found = visitor.get(f"/api/v1/hillside/account/{view}{asked}").json()["figures"]
    return next(one for one in found if one["figure"] == code and one["by"] is None)


# ---- what no place may set -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("threshold", "value"), [(one, value) for one in Threshold for value in (BOUNDS[one].least - 1, BOUNDS[one].most + 1)]
)
def test_threshold_stays_within_its_bounds(sets: Sets, threshold: Threshold, value: int) -> None:
    with pytest.raises(Invalid):
        sets(threshold, value)


def test_no_split_shows_fewer_than_five_whatever_is_asked() -> None:
    assert BOUNDS[Threshold.FEWEST_SHOWN].least == 5
    with pytest.raises(ValueError, match="fewer than 5"):
        split_items({"a": 3, "b": 9}, 4)
    shown = split_items({"a": 7, "b": 30, "c": 9}, 10)
    assert [cell.value for cell in shown.cells.values()] == [None, 30, None]


def test_nothing_is_set_for_a_day_that_is_over_or_before_another_change(sets: Sets, database: Database) -> None:
    for since in ("2026-11-22", "2020-01-01"):
        with pytest.raises(Invalid):
            sets("answer_within", 5, since)
    sets("answer_within", 5, "2026-12-01")
    for since in ("2026-12-01", "2026-11-25"):
        with pytest.raises(Invalid):
            sets("answer_within", 8, since)
    with pytest.raises(Invalid):
        sets("answer_within", 5, "2026-12-05")
    with database.read() as reads:
        assert len(get_place(reads, "hillside").thresholds.changes) == 1


# ---- what a change does ----------------------------------------------------------------------------------------------


def test_who_wrote_before_a_change_keeps_the_day_that_they_were_told(
    sets: Sets, make: Make, hillside: PlaceCard, visitor: TestClient, clock: SettableClock, database: Database
) -> None:
    def due(code: str) -> str:
        return str(visitor.post("/api/v1/hillside/receipts", json={"code": code}).json()["answer_by"])

    before = make.message(hillside).code
    sets("answer_within", 3, "2026-11-24")
    clock.advance(days=1)
    with database.read() as reads:
        after = make.message(get_place(reads, "hillside")).code
    assert (due(before), due(after)) == ("2026-12-07", "2026-11-27")
    page = visitor.post("/hillside/answer", data={"code": after}).text
    assert "27\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026" in page


def test_inbox_counts_as_late_what_the_rule_of_its_day_calls_so(
    sets: Sets, make: Make, hillside: PlaceCard, signed_in: SignIn, clock: SettableClock
) -> None:
    make.message(hillside)  # due on 7 December
    sets("answer_within", 1, "2026-11-24")
    clock.advance(days=1)
    make.message(hillside)  # due on 25 November
    clock.advance(days=2)
    assert "1 is late. We aim to answer within 1 working day" in signed_in(hillside).get("/staff/hillside/inbox").text.replace(
        '<span class="num">1</span>', "1"
    )


def test_figures_use_the_rule_of_the_day_asked_for_and_say_since_when_it_holds(
    sets: Sets, make: Make, hillside: PlaceCard, visitor: TestClient, clock: SettableClock
) -> None:
    clock.at("2026-10-05T10:00Z")
    make.message(hillside)
    clock.at("2026-10-20T10:00Z")
    sets("counted_after", 14)
    answered = figure(visitor, "community-reporting", "answered_rate")
    assert answered["denominator"] == 1
    assert "at least 14 days old" in str(answered["definition"]) and "before it was 30 days" in str(answered["definition"])
    assert "We asked people." in str(answered["definition"])
    clock.at("2026-11-01T10:00Z")
    then = figure(visitor, "community-reporting", "answered_rate", "?from=2026-09-01&to=2026-09-30")
    assert "at least 30 days old" in str(then["definition"])
    page = visitor.get("/hillside/community-reporting").text
    assert "Messages at least 14 days old." in page and "We asked people." in page


def test_members_go_quiet_by_todays_rule(sets: Sets, make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    make.organisation(hillside, "council", since=TODAY - timedelta(days=400))
    sets("quiet_after", 14)
    assert "in 14 days" in str(figure(visitor, "system-health", "organisations_quiet")["definition"])


def test_small_numbers_are_hidden_by_todays_rule_in_every_month(
    sets: Sets, make: Make, hillside: PlaceCard, visitor: TestClient, clock: SettableClock
) -> None:
    clock.at("2026-09-05T10:00Z")
    for number in range(21):
        make.message(hillside, kind="good" if number < 7 else "idea")
    clock.at("2026-11-05T10:00Z")

    def goods(asked: str = "") -> object:
        found = visitor.get(f"/api/v1/hillside/account/community-reporting{asked}").json()["figures"]
        return next(one["value"] for one in found if one["figure"] == "messages_received" and one["by"] == {"kind": "good"})

    assert goods() == 7
    sets("fewest_shown", 10)
    assert goods() is None
    assert goods("?from=2026-09-01&to=2026-09-30") is None, "an older rule would give back what today's hides"


# ---- the pages -------------------------------------------------------------------------------------------------------


def test_administrator_sets_a_rule_and_everybody_reads_since_when_and_why(
    hillside: PlaceCard, signed_in: SignIn, visitor: TestClient
) -> None:
    admin = signed_in(hillside, Role.ADMIN, name="Ada Admin")
    sent = {"value": "8", "since": "2026-11-23", "why": "Two weeks are long."}
    assert admin.post(f"{RULES}/answer_within", data=sent).status_code == 303
    history = admin.get(f"{RULES}/answer_within").text
    assert "Two weeks are long." in history and "Ada Admin" in history
    about = visitor.get("/hillside/about").text
    assert "within 8 working days" in about and "within 10 working days" in about and "Two weeks are long." in about
    assert "Ada Admin" not in about


@pytest.mark.parametrize(
    "wrong", [{"value": ""}, {"value": "many"}, {"value": "21"}, {"since": "soon"}, {"since": "2026-11-01"}, {"why": " "}]
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    hillside: PlaceCard, signed_in: SignIn, database: Database, wrong: dict[str, str]
) -> None:
    admin, sent = signed_in(hillside, Role.ADMIN), {"value": "8", "since": "2026-11-23", "why": "Two weeks are long.", **wrong}
    answer = admin.post(f"{RULES}/answer_within", data=sent)
    assert answer.status_code == 422 and "There is a problem" in answer.text
    assert all(value in answer.text for value in sent.values())
    with database.read() as reads:
        assert get_place(reads, "hillside").thresholds == Thresholds()


def test_there_is_no_other_rule(hillside: PlaceCard, signed_in: SignIn) -> None:
    admin = signed_in(hillside, Role.ADMIN)
    assert admin.get(f"{RULES}/anything").status_code == 404
    assert admin.post(f"{RULES}/anything", data={"value": "1"}).status_code == 404


# ---- late, whatever the rule was -------------------------------------------------------------------------------------

CHANGES = st.lists(st.tuples(st.integers(-60, 0), st.integers(1, 20)), max_size=4, unique_by=lambda one: one[0])


@settings(max_examples=40, deadline=None)
@given(CHANGES, st.integers(0, 60))
def test_late_days_are_those_whose_answer_was_due_before_today(changes: list[tuple[int, int]], ago: int) -> None:
    """Against the plain rule, asked of every day."""
    rows = [Change(Threshold.ANSWER_WITHIN, TODAY + timedelta(days=day), value, 10, "x") for day, value in sorted(changes)]
    thresholds, days = Thresholds(tuple(rows)), WorkingDays("ENG")
    received = TODAY - timedelta(days=ago)
    late = any((first is None or first <= received) and received < until for first, until in late_days(TODAY, days, thresholds))
    assert late == (answer_by(received, days, thresholds) < TODAY)


# ---- people ----------------------------------------------------------------------------------------------------------


def test_few_people_are_hidden_and_more_are_rounded() -> None:
    fewest = BOUNDS[Threshold.FEWEST_PEOPLE].default
    shown = [count_people(count, fewest).value for count in (0, 1, 7, 8, 12, 13, 102)]
    assert shown == [0, None, None, 10, 10, 15, 100]
    assert (BOUNDS[Threshold.FEWEST_PEOPLE].least, count_people(9, 10).value, count_people(6, 5).value) == (5, None, 5)
    with pytest.raises(ValueError, match="fewer than 5 people"):
        count_people(4, 4)


def test_percentage_of_people_hides_what_the_rest_would_tell() -> None:
    assert percent_of_people(20, 40, 8).value == 50
    assert percent_of_people(33, 40, 8).value is None, "seven did not"
    assert percent_of_people(7, 40, 8).value is None and percent_of_people(0, 0, 8).value is None
    assert percent_of_people(40, 40, 8).value == 100 and percent_of_people(0, 40, 8).value == 0


def test_place_that_hides_more_people_hides_them_from_its_day_on(sets: Sets, database: Database) -> None:
    sets("fewest_people", 20)
    with database.read() as reads:
        fewest = get_place(reads, "hillside").thresholds.on(Threshold.FEWEST_PEOPLE, TODAY)
    assert count_people(19, fewest).suppressed and not may_say_mean_of_people(19, fewest) and may_say_mean_of_people(20, fewest)
