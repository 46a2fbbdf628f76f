"""The formulas behind the figures: pure functions, with the worked checks of docs/measures.md as tests."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

UNANSWERED = -1
"""Stands for the lag of a message that has no answer yet: for the median it is later than every answer."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`. Units: items. `rate` is None when there is nothing to divide by: then no number is shown."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Median:
    """The median lag in working days over `n` messages. `days` None with n > 0: more than half still wait."""

    days: float | None
    n: int


def cohort_until(today: date, days: int) -> date:
    """The last day of receipt that counts in the cohort of answers: messages at least so many calendar days old."""
    return today - timedelta(days=days)


def median_lag(lags: Mapping[int, int]) -> Median:
    """The median of the first replies' lags, silence counted as never answered. `lags` maps working days to messages.

    Worked check: lags 2, 3, 4, 6, 9, 14 and five unanswered give 14, not 5.
    """
    n = sum(lags.values())
    if n == 0:
        return Median(None, 0)
    low, high = _at(lags, (n - 1) // 2), _at(lags, n // 2)
    return Median(None if low is None or high is None else (low + high) / 2, n)


def _at(lags: Mapping[int, int], place: int) -> int | None:
    """The lag at a place in order, unanswered last; None for an unanswered one."""
    seen = 0
    for lag in sorted(lag for lag in lags if lag != UNANSWERED):
        seen += lags[lag]
        if place < seen:
            return lag
    return None


def answered(lags: Mapping[int, int]) -> Share:
    """The share of the cohort that has a real reply. An acknowledgement is not one."""
    n = sum(lags.values())
    return Share(n - lags.get(UNANSWERED, 0), n)


def has_gone_quiet(last_on: date | None, today: date, days: int) -> bool:
    """Whether a member did nothing in the last so many calendar days: no reply, no update, no number, no story."""
    return last_on is None or (today - last_on).days > days


def promise_day(due_on: date | None, settled_on: date | None) -> date | None:
    """The day on which a promise counts: when it fell due, or was settled if that was sooner. None: it has not come to either."""
    return min((day for day in (due_on, settled_on) if day is not None), default=None)


BOTTOM_UP = frozenset({"resident", "community_reporter", "frontline"})
"""Who captures from the ground up."""


def months_outward(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """A period snapped outward to whole months."""
    start = first.replace(day=1) if first else None
    end = last.replace(day=monthrange(last.year, last.month)[1]) if last else None
    return start, end


class Judgement(StrEnum):
    """Whether a number moved as it should, or stands where it should."""

    BETTER = "better"
    WORSE = "worse"
    BELOW = "below"
    ABOVE = "above"
    WITHIN = "within"


BAD = frozenset({Judgement.WORSE, Judgement.BELOW, Judgement.ABOVE})


def judge(change: float | None, latest: float, direction: str, low: float | None, high: float | None) -> Judgement | None:
    """What to say of a number: `direction` up or down by its change, in_range by where it stands. None: it did not move."""
    if direction == "in_range" and low is not None and high is not None:
        return Judgement.BELOW if latest < low else Judgement.ABOVE if latest > high else Judgement.WITHIN
    if not change:
        return None
    return Judgement.BETTER if (change > 0) == (direction == "up") else Judgement.WORSE
