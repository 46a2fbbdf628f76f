"""Which day it is in a place, and which days are worked there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.days import WorkingDays, local_day, public_holidays
from service.places.models import REGIONS

often = settings(deadline=None)
regions = st.sampled_from(REGIONS)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
some_days = st.frozensets(days, max_size=10)
weeks = st.builds(WorkingDays, regions, some_days, some_days)
counts = st.integers(0, 40)
ENGLAND = WorkingDays("ENG")


# ---- which day -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-06-30T22:59:59Z", "Europe/London", "2026-06-30"),
        ("2026-06-30T23:00:00Z", "Europe/London", "2026-07-01"),  # summer time: an hour ahead of UTC
        ("2026-12-31T23:59:59Z", "Europe/London", "2026-12-31"),
        ("2026-12-31T23:59:59Z", "Asia/Karachi", "2027-01-01"),
        ("2026-03-29T00:59:59Z", "Europe/London", "2026-03-29"),  # the night the clocks go forward
        ("2026-10-25T00:30:00Z", "Europe/London", "2026-10-25"),  # half past one, for the first time
        ("2026-10-25T23:30:00Z", "Europe/London", "2026-10-25"),
        ("2026-11-23T04:00:00Z", "America/New_York", "2026-11-22"),
        ("2026-11-23T10:30:00Z", "Pacific/Kiritimati", "2026-11-24"),
    ],
)
def test_day_is_the_one_that_the_people_of_the_place_write(moment: str, zone: str, day: str) -> None:
    assert local_day(datetime.fromisoformat(moment), zone) == date.fromisoformat(day)


@often
@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)), st.timedeltas(timedelta(0), timedelta(days=3)))  # noqa: DTZ001
def test_later_moment_is_never_an_earlier_day(moment: datetime, later: timedelta) -> None:
    for zone in ("Europe/London", "America/New_York", "Asia/Karachi"):
        assert local_day(moment, zone) <= local_day(moment + later, zone)


# ---- which days are worked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "why", "regions_closed"),
    [
        ("2026-12-25", "Christmas Day", "ENG WLS SCT NIR"),
        ("2026-12-28", "Boxing Day, which fell on a Saturday", "ENG WLS SCT NIR"),
        ("2027-01-01", "New Year's Day", "ENG WLS SCT NIR"),
        ("2026-05-04", "the early May bank holiday", "ENG WLS SCT NIR"),
        ("2026-04-06", "Easter Monday", "ENG WLS NIR"),
        ("2026-08-31", "the summer bank holiday", "ENG WLS NIR"),
        ("2026-08-03", "the summer bank holiday in Scotland", "SCT"),
        ("2026-11-30", "St Andrew's Day", "SCT"),
        ("2026-03-17", "St Patrick's Day", "NIR"),
        ("2026-07-13", "the Battle of the Boyne, which fell on a Sunday", "NIR"),
        ("2026-11-22", "a Sunday", "ENG WLS SCT NIR"),
        ("2026-11-23", "an ordinary Monday", ""),
    ],
)
def test_bank_holidays_are_those_of_the_region(day: str, why: str, regions_closed: str) -> None:
    """Source: gov.uk/bank-holidays, as each nation has them in 2026 and 2027."""
    closed = {region for region in REGIONS if date.fromisoformat(day) not in WorkingDays(region)}
    assert closed == set(regions_closed.split()), why


@often
@given(weeks, days)
def test_place_s_own_list_of_days_wins(week: WorkingDays, day: date) -> None:
    assert (day in week) == (
        day in week.open_on or (day.weekday() < 5 and day not in week.closed_on and day not in public_holidays(week.region, day.year))
    )
    assert day in WorkingDays(week.region, week.closed_on, week.open_on | {day})
    if day not in week.open_on:
        assert day not in WorkingDays(week.region, week.closed_on | {day}, week.open_on)


def test_ten_working_days_over_christmas() -> None:
    """From Wednesday 16 December: 17, 18, 21 to 24, 29 to 31, and then the 4th of January."""
    assert ENGLAND.after(date(2026, 12, 16), 10) == date(2027, 1, 4)
    assert ENGLAND.between(date(2026, 12, 16), date(2027, 1, 4)) == 10
    assert WorkingDays("SCT").after(date(2026, 12, 16), 10) == date(2027, 1, 5)  # the 2nd of January, kept on the 4th


def test_ten_working_days_of_an_ordinary_fortnight() -> None:
    assert ENGLAND.after(date(2026, 11, 23), 10) == date(2026, 12, 7)
    assert ENGLAND.after(date(2026, 11, 21), 10) == date(2026, 12, 4)  # received on a Saturday


@often
@given(weeks, days, counts)
def test_last_of_the_counted_days_is_worked(week: WorkingDays, day: date, count: int) -> None:
    last = week.after(day, count)
    assert week.between(day, last) == count
    assert last == day if count == 0 else last in week


@often
@given(weeks, days, counts, counts)
def test_counting_in_two_steps_is_counting_in_one(week: WorkingDays, day: date, first: int, then: int) -> None:
    assert week.after(week.after(day, first), then) == week.after(day, first + then)


@often
@given(weeks, days, days, days)
def test_spans_add_up(week: WorkingDays, one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    assert week.between(first, middle) + week.between(middle, last) == week.between(first, last)
    assert week.between(last, first) == 0
