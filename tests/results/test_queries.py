"""What the account says of each indicator, and with whom it is compared."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.batches.work import Result, Terms
from service.database import Database
from service.journal.actions import OPERATOR
from service.places.models import AreaKind, Organisation
from service.places.queries import PlaceCard
from service.results.actions import add_comparator_group, add_comparator_member, put_indicator, record_observations
from service.results.models import IndicatorIn, IndicatorKind, Missing
from service.results.queries import (
    IndicatorAccount,
    count_indicators_with_a_value,
    find_comparisons,
    find_indicator,
    find_indicator_accounts,
    find_last_recorded,
)
from service.results.rules import Mode
from tests.make import Make, SettableClock
from tests.results.conftest import items, row

Record = Callable[..., list[Result]]


@pytest.fixture
def account(database: Database, indicators: PlaceCard) -> Callable[..., IndicatorAccount]:
    """What the account says of damp homes."""

    def now(**period: date) -> IndicatorAccount:
        with database.read() as reads:
            return find_indicator_accounts(reads, indicators.id, [IndicatorKind.POPULATION], **period)[0]

    return now


def test_nothing_posted_is_nothing_known(account: Callable[..., IndicatorAccount], database: Database, indicators: PlaceCard) -> None:
    found = account()
    assert (found.indicator.code, found.series, found.latest, found.first, found.gap, found.change, found.comparison) == (
        "damp",
        (),
        None,
        None,
        None,
        None,
        None,
    )
    with database.read() as reads:
        assert find_indicator_accounts(reads, indicators.id, [IndicatorKind.BETTER_OFF]) == []
        assert count_indicators_with_a_value(reads, indicators.id) == 0


def test_latest_and_first_go_by_the_end_of_the_period(record: Record, account: Callable[..., IndicatorAccount]) -> None:
    record(row(10.0, period="2025"), row(12.0, period="2023"), row(11.0, period="2024", period_label="Year 2"))
    found = account()
    assert found.latest is not None and found.first is not None
    assert (found.latest.period, found.latest.value, found.first.period, found.first.value) == ("2025", 10.0, "2023", 12.0)
    assert (found.change, found.latest.organisation, found.latest.organisation_name) == (-2.0, "council", "Council")
    assert [(point.period, point.value, point.period_label) for point in found.series] == [
        ("2023", 12.0, None),
        ("2024", 11.0, "Year 2"),
        ("2025", 10.0, None),
    ]


def test_one_value_is_no_change(record: Record, account: Callable[..., IndicatorAccount]) -> None:
    record(row(10.0))
    found = account()
    assert (found.latest, found.change) == (found.first, None)


def test_only_settled_values_of_the_whole_place_count(record: Record, account: Callable[..., IndicatorAccount]) -> None:
    record(
        row(10.0, period="2024"),
        row(1.0, period="2025", area="north-ward"),
        row(2.0, period="2025", dimension={"sex": "f"}),
        row(3.0, period="2025", provisional=True),
        row(4.0, period="2025", area="otherham"),
        row(5.0, period="2025", indicator="visits"),
    )
    assert [point.value for point in account().series] == [10.0]
    record(row(9.0, period="2025"))
    assert [point.value for point in account().series] == [10.0, 9.0]


def test_correction_changes_what_the_account_says(record: Record, account: Callable[..., IndicatorAccount]) -> None:
    record(row(10.0, period="2024"), row(11.0, period="2025"))
    record(row(8.0, period="2025"))
    assert account().change == -2.0


def test_newer_period_without_a_value_is_a_gap_and_the_latest_value_stays(record: Record, account: Callable[..., IndicatorAccount]) -> None:
    record(row(10.0, period="2024"), row(None, missing="not_collected", period="2025"))
    found = account()
    assert found.latest is not None and found.gap is not None
    assert (found.latest.value, found.gap.period, found.gap.missing) == (10.0, "2025", Missing.NOT_COLLECTED)
    record(row(9.0, period="2025"))
    assert account().gap is None


def test_account_of_a_time_counts_periods_that_end_in_it(record: Record, account: Callable[..., IndicatorAccount]) -> None:
    record(*(row(float(year), period=f"{year}") for year in range(2020, 2026)))
    found = account(since=date(2021, 1, 1), until=date(2024, 6, 30))
    assert [point.period for point in found.series] == ["2021", "2022", "2023"]


@pytest.fixture
def hospital_terms(make: Make, indicators: PlaceCard, terms: Callable[..., Terms]) -> Terms:
    hospital = make.organisation(indicators, "hospital")
    return Terms(indicators.id.hex, hospital.id.hex, hospital.code, OPERATOR, Mode.UPSERT, terms().at)


def test_of_two_organisations_words_the_newest_value_counts(
    record: Record,
    database: Database,
    clock: SettableClock,
    hospital_terms: Terms,
    account: Callable[..., IndicatorAccount],
) -> None:
    with database.write() as writes:
        record_observations(writes, items(row(20.0), row(None, missing="unknown", period="2026-04"), terms=hospital_terms))
    clock.advance(hours=1)
    record(row(10.0), row(5.0, period="2026-04"))
    assert [(point.value, point.organisation) for point in account().series] == [(10.0, "council"), (5.0, "council")]
    clock.advance(hours=1)
    record(row(None, missing="unknown", period="2026-04"), row(None, missing="suppressed"))
    assert [(point.value, point.organisation) for point in account().series] == [(20.0, "hospital"), (None, "council")]


# ---- other places ----------------------------------------------------------------------------------------------------


@pytest.fixture
def compared(database: Database, make: Make, indicators: PlaceCard, clock: SettableClock) -> PlaceCard:
    """Damp homes are compared with a group of three places; England is there as well, and in the group by mistake."""
    for area in ("thirdham", "fourtham", "E92000001"):
        make.area(indicators, area, kind=AreaKind.COMPARATOR)
    with database.write() as writes:
        add_comparator_group(writes, OPERATOR, indicators, "similar", "Similar places", clock())
        for area in ("otherham", "thirdham", "fourtham", "E92000001"):
            add_comparator_member(writes, OPERATOR, indicators, "similar", area, clock())
        given = IndicatorIn.model_validate(
            {"name": "Damp", "kind": "population", "unit": "%", "good_direction": "down", "comparator_group": "similar"}
        )
        put_indicator(writes, OPERATOR, indicators, "damp", given, clock())
    return indicators


@pytest.mark.usefixtures("compared")
def test_mean_is_over_members_that_have_a_value_for_the_same_period(record: Record, account: Callable[..., IndicatorAccount]) -> None:
    found = account()
    assert found.comparison is None, "there is no period to compare"
    others: list[dict[str, Any]] = [
        row(10.0, area="otherham", period="2025"),
        row(13.0, area="thirdham", period="2025"),
        row(None, missing="suppressed", area="fourtham", period="2025"),
        row(99.0, area="fourtham", period="2024"),
        row(99.0, area="fourtham", period="2025", dimension={"sex": "f"}),
        row(99.0, area="fourtham", period="2025-Q4"),
        row(99.0, area="fourtham", period="2025", indicator="visits"),
        row(30.0, area="E92000001", period="2025"),
        row(99.0, area="north-ward", period="2025"),
    ]
    record(row(12.0, period="2025"), *others)
    comparison = account().comparison
    assert comparison is not None
    assert (comparison.group, comparison.group_name, comparison.mean, comparison.n, comparison.of) == (
        "similar",
        "Similar places",
        11.5,
        2,
        3,
    )
    assert [(nation.code, nation.value) for nation in comparison.nations] == [("E92000001", 30.0)]


@pytest.mark.usefixtures("compared")
def test_provisional_values_are_in_no_mean(record: Record, account: Callable[..., IndicatorAccount]) -> None:
    record(row(12.0), row(10.0, area="otherham", provisional=True))
    comparison = account().comparison
    assert comparison is not None
    assert (comparison.mean, comparison.n, comparison.of, comparison.nations) == (None, 0, 3, ())


def test_any_period_can_be_compared(record: Record, database: Database, compared: PlaceCard) -> None:
    record(*(row(float(year - 2000), period=f"{year}", area=area) for year in (2020, 2021) for area in ("otherham", "thirdham")))
    with database.read() as reads:
        damp, visits = (find_indicator(reads, compared.id, code) for code in ("damp", "visits"))
        assert damp is not None and visits is not None
        years = [(found.id, date(year, 1, 1), date(year, 12, 31)) for found in (damp, visits) for year in (2020, 2021, 2022)]
        comparisons = find_comparisons(reads, compared.id, years)
    assert [comparison.mean for comparison in comparisons.values()] == [20.0, 21.0, None]
    assert {indicator for indicator, _first, _last in comparisons} == {damp.id}, "visits are compared with nobody"


@pytest.mark.usefixtures("compared")
def test_member_that_two_organisations_speak_of_counts_once(
    record: Record, database: Database, hospital_terms: Terms, account: Callable[..., IndicatorAccount]
) -> None:
    record(row(12.0), row(10.0, area="otherham"), row(20.0, area="thirdham"))
    later = replace(hospital_terms, at="2026-11-24T00:00:00.000000Z")
    with database.write() as writes:
        record_observations(writes, items(row(14.0, area="otherham"), terms=later))
    comparison = account().comparison
    assert comparison is not None
    assert (comparison.mean, comparison.n) == (17.0, 2)


# ---- what the other views ask ----------------------------------------------------------------------------------------


def test_indicators_with_a_value_of_the_place_s_own_are_counted(record: Record, database: Database, indicators: PlaceCard) -> None:
    def count() -> int:
        with database.read() as reads:
            return count_indicators_with_a_value(reads, indicators.id)

    counts = []
    for said in (row(None, missing="unknown"), row(area="otherham"), row(area="north-ward"), row(indicator="visits")):
        record(said)
        counts.append(count())
    assert counts == [0, 0, 1, 2]


def test_when_an_organisation_last_posted_or_corrected(
    record: Record, database: Database, indicators: PlaceCard, council: Organisation, clock: SettableClock, make: Make
) -> None:
    make.organisation(indicators, "hospital")
    record(row())
    clock.advance(days=1)
    record(row())
    with database.read() as reads:
        assert find_last_recorded(reads, indicators.id) == {council.id: clock.now.replace(day=23)}, "the same again is nothing new"
    record(row(13.0))
    with database.read() as reads:
        assert find_last_recorded(reads, indicators.id) == {council.id: clock()}
