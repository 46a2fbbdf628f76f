"""Calendar days of a place: which day a moment falls on there, and which days are worked."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from service.later import later

if TYPE_CHECKING:
    import holidays
else:
    holidays = later("holidays")


def local_day(moment: datetime, time_zone: str) -> date:
    """The calendar day of a moment, as the people of the place write it."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def day_begins(day: date, time_zone: str) -> datetime:
    """The moment at which this day begins in a place's own time, in UTC."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def week_of(day: date) -> date:
    """The Monday of a day's week: the finest time that is ever public about somebody's words."""
    return day - timedelta(days=day.weekday())


@lru_cache(maxsize=256)
def public_holidays(region: str, year: int) -> frozenset[date]:
    """The public holidays of a region of the United Kingdom (ENG, WLS, SCT, NIR) in one year.

    Source: the PyPI library `holidays`.
    """
    return frozenset(holidays.country_holidays("GB", subdiv=region, years=year))


class WorkingDays:
    """Monday to Friday less the public holidays of the region, less the days that the collaboration itself is closed."""

    def __init__(self, region: str, closed_on: frozenset[date] = frozenset(), open_on: frozenset[date] = frozenset()) -> None:
        self.region, self.closed_on, self.open_on = region, closed_on, open_on

    def __contains__(self, day: date) -> bool:
        if day in self.open_on:
            return True
        return day.weekday() < 5 and day not in self.closed_on and day not in public_holidays(self.region, day.year)

    def after(self, day: date, count: int) -> date:
        """The day on which `count` working days have passed since `day`, which itself counts as 0."""
        while count > 0:
            day += timedelta(days=1)
            count -= day in self
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first`, up to and with `last`. Units: days; 0 when `last` is not later."""
        span = (last - first).days
        return sum(first + timedelta(days=n) in self for n in range(1, span + 1))
