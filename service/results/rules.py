"""How periods are written, what makes two observations the same, and what a batch does with each row."""

import json
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from service.language import N_
from service.results.models import Missing

Period = tuple[date, date]
"""First and last day, both included."""

APRIL, SEPTEMBER = 4, 9


class Mode(StrEnum):
    """What a batch may do: only new keys, both, or only known keys."""

    CREATE = "create"
    UPSERT = "upsert"
    CORRECT = "correct"


# ---- periods ---------------------------------------------------------------------------------------------------------

_YEAR = re.compile(r"([0-9]{4})")
_FINANCIAL = re.compile(r"([0-9]{4})/([0-9]{2})")
_FINANCIAL_QUARTER = re.compile(r"([0-9]{4})/([0-9]{2})-Q([1-4])")
_ACADEMIC = re.compile(r"([0-9]{4})-([0-9]{2}) AY")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


LAST_YEAR = 9_000
"""No number is about a later year. Calendars end with 9999, and what stands at their end has no next day."""


@lru_cache(maxsize=4096)
def read_period(text: str) -> Period | None:
    """The first and last day of a period as it is written; None for anything else.

    Units: `2026`, `2025/26` (from April), `2025/26-Q1` (financial quarter), `2024-25 AY` (from September), `2026-Q1` (calendar),
    `2026-03`, `2026-W05`, `2026-03-31`, `2026-01-01/2026-03-31`.
    """
    try:
        found = _read(text)
    except (ValueError, OverflowError):
        return None
    return found if found and found[1].year <= LAST_YEAR else None


@lru_cache(maxsize=4096)
def days_in(text: str) -> tuple[str, str] | None:
    """The same as `read_period`, the days as ISO text."""
    found = read_period(text)
    return (found[0].isoformat(), found[1].isoformat()) if found else None


def _read(text: str) -> Period | None:  # noqa: PLR0911 (one line per way of writing)
    if found := _YEAR.fullmatch(text):
        return _months(int(found[1]), 1, 12)
    if (found := _FINANCIAL.fullmatch(text)) and _follows(found):
        return _months(int(found[1]), APRIL, 12)
    if (found := _FINANCIAL_QUARTER.fullmatch(text)) and _follows(found):
        return _months(int(found[1]), APRIL + 3 * (int(found[3]) - 1), 3)
    if (found := _ACADEMIC.fullmatch(text)) and _follows(found):
        return _months(int(found[1]), SEPTEMBER, 12)
    if found := _QUARTER.fullmatch(text):
        return _months(int(found[1]), 3 * int(found[2]) - 2, 3)
    if found := _MONTH.fullmatch(text):
        return _months(int(found[1]), int(found[2]), 1)
    if found := _WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return monday, monday + timedelta(days=6)
    if _DAY.fullmatch(text):
        return date.fromisoformat(text), date.fromisoformat(text)
    first, slash, last = text.partition("/")
    if slash and _DAY.fullmatch(first) and _DAY.fullmatch(last) and first <= last:
        return date.fromisoformat(first), date.fromisoformat(last)
    return None


def _follows(found: re.Match[str]) -> bool:
    return (int(found[1]) + 1) % 100 == int(found[2])


def _months(year: int, month: int, count: int) -> Period:
    """Whole months from one on; a month over 12 is in the next year. Raises: ValueError for one that is none."""
    if count == 1 and not 1 <= month <= 12:
        raise ValueError("no such month")
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    end = month + count - 1
    end_year, end_month = year + (end - 1) // 12, (end - 1) % 12 + 1
    return first, date(end_year, end_month, monthrange(end_year, end_month)[1])


def write_period(first: date, last: date) -> str:
    """The shortest way to write a period that `read_period` reads back to the same days."""
    year, short = first.year, f"{(first.year + 1) % 100:02}"
    week = f"{first.isocalendar().year:04}-W{first.isocalendar().week:02}"
    ways = (
        f"{year:04}",
        f"{year:04}/{short}",
        f"{year:04}-{short} AY",
        f"{year:04}-Q{(first.month + 2) // 3}",
        f"{year:04}-{first.month:02}",
        first.isoformat(),
        week,
    )
    return next((way for way in ways if read_period(way) == (first, last)), f"{first}/{last}")


NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
"""A number as it stands in a cell."""

# ---- one observation -------------------------------------------------------------------------------------------------


def canonical(dimension: Mapping[str, str]) -> str:
    """A dimension as it stands in the key: JSON with sorted names, nothing for none."""
    return json.dumps(dict(dimension), sort_keys=True, ensure_ascii=False, separators=(",", ":")) if dimension else ""


def dimension_of(text: str) -> dict[str, str]:
    """The dimension that `canonical` wrote."""
    names: dict[str, str] = json.loads(text) if text else {}
    return names


PERCENT = frozenset({"%", "percent", "percentage", "per cent"})


def ratio(numerator: float, denominator: float, unit: str) -> float:
    """The value of a numerator over a denominator: in percent where that is the indicator's unit."""
    return numerator / denominator * (100 if unit.strip().lower() in PERCENT else 1)


class Figure(NamedTuple):
    """What an observation says, apart from its key: two of them are the same when these are equal."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    missing: Missing | None = None
    provisional: bool = False


def in_full(figure: Figure, unit: str) -> Figure:
    """The figure with its value, which its parts give where it was not said."""
    if figure.value is None and figure.numerator is not None and figure.denominator is not None:
        return figure._replace(value=ratio(figure.numerator, figure.denominator, unit))
    return figure


def says_one_thing(figure: Figure) -> bool:
    """Whether it gives a value, a numerator with its denominator (a value may stand beside them), or why there is none."""
    parts = figure.numerator is not None and figure.denominator is not None
    if (figure.numerator is None) != (figure.denominator is None):
        return False
    given = figure.value is not None or parts
    return given != (figure.missing is not None)


# ---- what a batch does with a row ------------------------------------------------------------------------------------


class Fate(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


WHY_REFUSED = {
    Mode.CREATE: N_("There is an observation with this key already."),
    Mode.CORRECT: N_("There is no observation with this key to correct."),
}
"""What to say of a row that its mode does not allow."""


def fate(mode: Mode, known: object | None, given: object) -> Fate:
    """What becomes of a row whose key is known, or not, in this mode."""
    if known is None:
        return Fate.REFUSED if mode == Mode.CORRECT else Fate.CREATED
    if mode == Mode.CREATE:
        return Fate.REFUSED
    return Fate.UNCHANGED if known == given else Fate.CORRECTED


# ---- comparing -------------------------------------------------------------------------------------------------------

_NATION = re.compile(r"(E92|W92|S92|N92|K0[2-4])[0-9]{6}")


def is_nation(area_code: str) -> bool:
    """Whether a code is that of a country, or of several together: those are shown apart, never in a mean.

    Source: Register of Geographic Codes (ONS): E92, W92, S92, N92 are countries, K02 the United Kingdom, K03 Great Britain,
    K04 England and Wales.
    """
    return _NATION.fullmatch(area_code) is not None


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean; None of nothing. Units: those of the values, not rounded."""
    try:
        return fsum(values) / len(values) if values else None
    except OverflowError:  # together they are more than a number can hold
        return fsum(value / len(values) for value in values)


def days_old(last_day: date, on: date) -> int:
    """How long ago a period ended. Units: calendar days; 0 while it lasts."""
    return max((on - last_day).days, 0)
