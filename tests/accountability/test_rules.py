"""The formulas, with the worked checks of docs/measures.md."""

from datetime import date

import pytest

from service import language
from service.accountability import rules, words
from service.accountability.rules import UNANSWERED
from service.promises.models import Standing
from service.promises.rules import COUNTED, Part, part_of

TODAY = date(2026, 11, 23)
PAST, COMING = date(2026, 11, 1), date(2027, 5, 1)


def test_silence_is_part_of_the_wait() -> None:
    lags = {2: 1, 3: 1, 4: 1, 6: 1, 9: 1, 14: 1, UNANSWERED: 5}
    assert rules.median_lag(lags) == rules.Median(14, 11)
    answered_only = {lag: n for lag, n in lags.items() if lag != UNANSWERED}
    assert rules.median_lag(answered_only) == rules.Median(5, 6), "which would be a kinder and a wrong number"


@pytest.mark.parametrize(
    ("lags", "days"),
    [
        ({}, None),
        ({3: 1}, 3),
        ({3: 1, 4: 1}, 3.5),
        ({0: 2, UNANSWERED: 1}, 0),
        ({1: 1, UNANSWERED: 2}, None),
        ({1: 2, UNANSWERED: 2}, None),
        ({1: 3, UNANSWERED: 2}, 1),
    ],
)
def test_median_is_never_made_of_answers_that_did_not_come(lags: dict[int, int], days: float | None) -> None:
    assert rules.median_lag(lags) == rules.Median(days, sum(lags.values()))


def test_answered_share_leaves_nobody_out() -> None:
    assert rules.answered({0: 2, 7: 3, UNANSWERED: 5}) == rules.Share(5, 10)
    assert rules.answered({0: 2, 7: 3, UNANSWERED: 5}).rate == 0.5
    assert rules.answered({}).rate is None, "nothing to divide by is neither 0 nor 1"


def test_twelve_promises_make_five_of_ten() -> None:
    standings = [
        *[(Standing.KEPT, PAST, None)] * 5,
        (Standing.PARTLY_KEPT, PAST, None),
        (Standing.BROKEN, PAST, None),
        (Standing.MADE, PAST, None),
        (Standing.STALLED, PAST, None),
        (Standing.CHANGED, PAST, False),
        (Standing.RELEASED, PAST, None),
        (Standing.UNDER_WAY, COMING, None),
    ]
    parts = [part_of(standing, due_on, TODAY, community_agreed=agreed) for standing, due_on, agreed in standings]
    assert len(parts) == 12
    assert sum(part in COUNTED for part in parts) == 10
    assert parts.count(Part.KEPT) == 5
    assert rules.Share(parts.count(Part.KEPT), 10).rate == 0.5


def test_kept_early_counts_on_the_day_it_was_kept() -> None:
    assert part_of(Standing.KEPT, COMING, TODAY, community_agreed=None) == Part.KEPT
    assert rules.promise_day(COMING, PAST) == PAST
    assert rules.promise_day(PAST, TODAY) == PAST
    assert rules.promise_day(None, None) is None


def test_claim_or_dispute_counts_when_its_day_is_past() -> None:
    for standing, part in ((Standing.CLAIMED_KEPT, Part.CLAIMED), (Standing.DISPUTED, Part.DISPUTED)):
        assert part_of(standing, PAST, TODAY, community_agreed=None) == part
        assert part_of(standing, TODAY, TODAY, community_agreed=None) == Part.NOT_DUE
        assert part_of(standing, None, TODAY, community_agreed=None) == Part.NOT_DUE


def test_kept_promise_that_lapses_leaves_kept() -> None:
    assert part_of(Standing.UNDER_WAY, PAST, TODAY, community_agreed=None) == Part.OVERDUE
    assert part_of(Standing.BROKEN, PAST, TODAY, community_agreed=None) == Part.BROKEN


def test_member_has_gone_quiet_after_sixty_days() -> None:
    assert not rules.has_gone_quiet(date(2026, 9, 24), TODAY, 60)
    assert rules.has_gone_quiet(date(2026, 9, 23), TODAY, 60)
    assert rules.has_gone_quiet(None, TODAY, 60)


def test_message_counts_in_the_cohort_when_it_is_thirty_days_old() -> None:
    assert rules.cohort_until(TODAY, 30) == date(2026, 10, 24)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 5, 14), date(2026, 6, 3), (date(2026, 5, 1), date(2026, 6, 30))),
        (date(2028, 2, 29), date(2028, 2, 29), (date(2028, 2, 1), date(2028, 2, 29))),
        (None, date(2026, 12, 1), (None, date(2026, 12, 31))),
        (date(2026, 12, 31), None, (date(2026, 12, 1), None)),
    ],
)
def test_period_widens_to_whole_months(first: date | None, last: date | None, months: tuple[date | None, date | None]) -> None:
    assert rules.months_outward(first, last) == months


@pytest.mark.parametrize(
    ("change", "latest", "direction", "limits", "said"),
    [
        (3.0, 44.0, "down", (None, None), rules.Judgement.WORSE),
        (-3.0, 41.0, "down", (None, None), rules.Judgement.BETTER),
        (3.0, 44.0, "up", (None, None), rules.Judgement.BETTER),
        (0.0, 44.0, "up", (None, None), None),
        (None, 44.0, "up", (None, None), None),
        (-101.0, 301.0, "in_range", (350.0, 450.0), rules.Judgement.BELOW),
        (None, 500.0, "in_range", (350.0, 450.0), rules.Judgement.ABOVE),
        (None, 350.0, "in_range", (350.0, 450.0), rules.Judgement.WITHIN),
    ],
)
def test_number_is_judged_by_which_way_is_good(
    change: float | None, latest: float, direction: str, limits: tuple[float | None, float | None], said: rules.Judgement | None
) -> None:
    assert rules.judge(change, latest, direction, *limits) == said


def test_number_takes_its_own_form_where_a_language_has_more_than_two() -> None:
    with language.speaking(language.Language("cy")):
        said = [words.waited(days, 9, 0, 30) for days in (1, 2, 6, 2.5)]
    assert [one.replace(words.NUMBER, "").replace(words.END, "").split("o fewn ")[1] for one in said] == [
        "1 diwrnod gwaith.",
        "2 ddiwrnod gwaith.",
        "6 diwrnod gwaith.",
        "2.5 diwrnod gwaith.",
    ]
