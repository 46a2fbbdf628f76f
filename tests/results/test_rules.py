"""Periods, dimensions, what a row says, and what becomes of it: without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.results import rules
from service.results.models import Missing
from service.results.rules import Fate, Figure, Mode

# ---- periods ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2025/26", "2025-04-01", "2026-03-31"),
        ("1999/00", "1999-04-01", "2000-03-31"),
        ("2025/26-Q1", "2025-04-01", "2025-06-30"),
        ("2025/26-Q4", "2026-01-01", "2026-03-31"),
        ("2024-25 AY", "2024-09-01", "2025-08-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-03", "2026-03-01", "2026-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-W05", "2026-01-26", "2026-02-01"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2026-03-31", "2026-03-31", "2026-03-31"),
        ("2026-01-01/2026-03-31", "2026-01-01", "2026-03-31"),
    ],
)
def test_period_is_its_first_and_last_day(text: str, first: str, last: str) -> None:
    assert rules.read_period(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        *("", "26", "2025/27", "2025/2026", "2024-26 AY", "2024-25", "2024-25 ay", "2026-00", "2026-13", "2026-Q0", "2026-Q5", "2026-q1"),
        *("2025-W53", "2026-W00", "2026-02-30", "20260331", "2026-03-31/2026-01-01", "2026-01-01/", "/2026-01-01", "2026/01", "2026\n"),
        *("٢٠٢٦", "2026-01-01/2026-02-01/2026-03-01", "2026-01/2026-03", "0000", "9999/00", "March 2026", "2026-1-1"),
    ],
)
def test_anything_else_is_no_period(text: str) -> None:
    assert rules.read_period(text) is None


DAYS = st.dates(min_value=date(1, 1, 8), max_value=date(8999, 12, 1))


@given(first=DAYS, length=st.one_of(st.integers(0, 400), st.integers(0, 40_000)))
def test_every_period_is_written_so_that_it_reads_back(first: date, length: int) -> None:
    last = min(first, date(9000, 12, 31) - timedelta(days=length)) + timedelta(days=length)
    assert rules.read_period(rules.write_period(min(first, last), last)) == (min(first, last), last)


@given(year=st.integers(1000, 8998), month=st.integers(1, 12), week=st.integers(1, 52))
def test_whole_years_quarters_months_and_weeks_are_written_short(year: int, month: int, week: int) -> None:
    ways = [f"{year}", f"{year}/{(year + 1) % 100:02}", f"{year}-{(year + 1) % 100:02} AY", f"{year}-Q{(month + 2) // 3}"]
    for text in [*ways, f"{year}-{month:02}", f"{year}-W{week:02}"]:
        period = rules.read_period(text)
        assert period is not None
        assert rules.write_period(*period) == text


def test_financial_quarter_is_written_as_the_calendar_quarter_it_is() -> None:
    period = rules.read_period("2025/26-Q1")
    assert period is not None
    assert rules.write_period(*period) == "2025-Q2"


# ---- dimensions and figures ------------------------------------------------------------------------------------------

NAMES = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=5)


@given(NAMES)
def test_dimension_is_the_same_text_in_any_order_and_reads_back(dimension: dict[str, str]) -> None:
    backwards = dict(reversed(dimension.items()))
    assert rules.canonical(dimension) == rules.canonical(backwards)
    assert rules.dimension_of(rules.canonical(dimension)) == dimension


@given(NAMES, NAMES)
def test_two_dimensions_never_have_the_same_text(one: dict[str, str], other: dict[str, str]) -> None:
    assert (rules.canonical(one) == rules.canonical(other)) == (one == other)


def test_no_dimension_is_no_text() -> None:
    assert (rules.canonical({}), rules.dimension_of("")) == ("", {})


def test_ratio_is_in_percent_where_the_indicator_is() -> None:
    assert [rules.ratio(1, 8, unit) for unit in ("%", "Percent", " per cent ", "rate", "per 1,000")] == [12.5, 12.5, 12.5, 0.125, 0.125]
    assert rules.in_full(Figure(None, 1, 8), "%").value == 12.5
    assert rules.in_full(Figure(12.4, 1, 8), "%").value == 12.4, "as it was said"
    assert rules.in_full(Figure(None, missing=Missing.UNKNOWN), "%").value is None


def test_row_says_one_thing() -> None:
    says = [Figure(0.0), Figure(1.5, 1, 2), Figure(None, 0, 2), Figure(None, missing=Missing.SUPPRESSED)]
    not_one = [
        Figure(None),
        Figure(1.0, missing=Missing.UNKNOWN),
        Figure(None, 1, 2, Missing.UNKNOWN),
        Figure(None, 1),
        Figure(1.0, None, 2),
    ]
    assert all(rules.says_one_thing(figure) for figure in says)
    assert not any(rules.says_one_thing(figure) for figure in not_one)


# ---- what becomes of a row -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "unknown", "same", "other"),
    [
        (Mode.CREATE, Fate.CREATED, Fate.REFUSED, Fate.REFUSED),
        (Mode.UPSERT, Fate.CREATED, Fate.UNCHANGED, Fate.CORRECTED),
        (Mode.CORRECT, Fate.REFUSED, Fate.UNCHANGED, Fate.CORRECTED),
    ],
)
def test_mode_decides(mode: Mode, unknown: Fate, same: Fate, other: Fate) -> None:
    given = Figure(1.0)
    assert [rules.fate(mode, known, given) for known in (None, Figure(1.0), Figure(2.0))] == [unknown, same, other]


@pytest.mark.parametrize("known", [Figure(1.5), Figure(1.0, 1, 1), Figure(None, missing=Missing.UNKNOWN), Figure(1.0, provisional=True)])
def test_another_figure_is_a_correction(known: Figure) -> None:
    assert rules.fate(Mode.UPSERT, known, Figure(1.0)) == Fate.CORRECTED


# ---- comparing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["E92000001", "W92000004", "S92000003", "N92000002", "K02000001", "K04000001"])
def test_countries_are_nations(code: str) -> None:
    assert rules.is_nation(code)


@pytest.mark.parametrize("code", ["E08000009", "E05000819", "E12000002", "england", "E92", "E9200000A", "XE92000001"])
def test_places_in_them_are_none(code: str) -> None:
    assert not rules.is_nation(code)


def test_mean_is_not_rounded() -> None:
    assert rules.mean([0.1] * 10) == pytest.approx(0.1, abs=0)
    assert rules.mean([45.2, 45.9]) == 45.55
    assert rules.mean([]) is None


def test_age_counts_from_the_end_of_the_period() -> None:
    assert [rules.days_old(date(2026, 3, 31), on) for on in (date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 2))] == [0, 0, 2]


@pytest.mark.parametrize("period", ["9999", "9999-12", "9999-W52", "9999-12-31", "9998-12-30/9999-12-31", "9999/00", "9001"])
def test_period_at_the_end_of_the_calendar_is_none(period: str) -> None:
    assert rules.read_period(period) is None


def test_mean_of_numbers_that_are_too_large_together_is_still_their_mean() -> None:
    assert rules.mean([1.7e308, 1.7e308]) == pytest.approx(1.7e308)
