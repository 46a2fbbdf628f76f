"""The numbers of the example: what is counted, posted by members quarter by quarter, with gaps, a correction and other places."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from service.batches.work import Terms, run, work_on
from service.example.diary import Diary
from service.example.series import COMPARED, CORRECTED, GROUP, GROUP_NAME, NATION, NATION_NAME, SERIES, Every, Series
from service.journal.actions import OPERATOR
from service.places.actions import put_area
from service.places.models import AreaIn, AreaKind
from service.results.actions import add_comparator_group, add_comparator_member, put_indicator, record_observations
from service.results.batches import OBSERVATIONS
from service.results.models import IndicatorIn, Missing
from service.results.rules import Mode, write_period
from service.tables import moment_text

LATE = {Every.QUARTER: 24, Every.YEAR: 80}
"""Days after the end of a period until its numbers are posted."""

Row = dict[str, Any]
Posts = dict[tuple[str, datetime], list[Row]]
"""What is posted together: by organisation and moment."""


def count(diary: Diary, began: datetime) -> None:
    """Says what is counted, at the beginning, and writes into the diary when each number was posted."""
    _describe(diary, began)
    posts: Posts = {}
    for code, series in SERIES.items():
        for at, row in _rows(diary, code, series, began):
            posts.setdefault((series.what.organisation, at), []).append(row)
    for (organisation, at), rows in posts.items():
        diary.at(at, partial(_post, diary, organisation, rows))


def _describe(diary: Diary, began: datetime) -> None:
    writes, place = diary.writes, diary.place
    add_comparator_group(writes, OPERATOR, place, GROUP, GROUP_NAME, began)
    for code, name in {**COMPARED, NATION: NATION_NAME}.items():
        put_area(writes, OPERATOR, place, code, AreaIn(name=name, kind=AreaKind.COMPARATOR), began)
    for code in COMPARED:
        add_comparator_member(writes, OPERATOR, place, GROUP, code, began)
    for code, series in SERIES.items():
        low, high = series.limits or (None, None)
        given = IndicatorIn(
            name=series.what.name,
            kind=series.what.kind,
            unit=series.what.unit,
            good_direction=series.what.good,
            range_low=low,
            range_high=high,
            definition=series.definition,
            chosen_because=series.chosen_because,
            could_be_gamed_by=series.could_be_gamed_by,
            comparator_group=GROUP if series.compared else None,
        )
        put_indicator(writes, OPERATOR, place, code, given, began)


def _post(diary: Diary, organisation: str, rows: list[Row], at: datetime) -> None:
    """An organisation posts what it has. Nothing of it may be refused."""
    terms = Terms(
        collaboration_id=diary.place.id.hex,
        organisation_id=diary.organisations[organisation].hex,
        organisation=organisation,
        actor=OPERATOR,
        mode=Mode.UPSERT,
        at=moment_text(at),
    )
    tally = run(work_on(OBSERVATIONS, lambda: iter(rows), terms), partial(record_observations, diary.writes))
    if tally.refused:
        raise ValueError(tally.conflicts[0].message)


# ---- the rows --------------------------------------------------------------------------------------------------------


def _rows(diary: Diary, code: str, series: Series, began: datetime) -> Iterator[tuple[datetime, Row]]:
    """Every number of a series, with the moment at which it was posted: those of before the beginning, with the first."""
    values = series.parts or series.values
    until = diary.today - timedelta(days=LATE[series.what.every] + max(series.ended, 1))
    periods = _periods(series.what.every, until, len(values))

    def posted(last: date) -> datetime:
        ago = diary.working((diary.today - last).days - LATE[series.what.every])
        return max(diary.moment(ago, 11), began)

    for number, (period, value) in enumerate(zip(periods, values, strict=True)):
        at, newest = posted(period[1]), number == len(values) - 1
        key = {"indicator": code, "period": write_period(*period)}
        row = {**key, **_says(value, series.gap)}
        if (series.what.every, code) == (Every.QUARTER, CORRECTED[0]) and number == len(values) - 2:
            yield at, {**row, "value": CORRECTED[1]}
            yield diary.moment(diary.working((diary.today - at.date()).days - 15), 15), {**row, "reason": CORRECTED[2]}
            continue
        yield at, {**row, "provisional": newest and series.provisional}
        if series.compared and isinstance(value, int | float):
            for other, theirs in _elsewhere(diary, series, value):
                missing = other == "dunmarrow" and number == len(values) - 2
                yield at, {**key, "area": other, **_says(None if missing else theirs, Missing.UNKNOWN)}
    for area, theirs_here in series.areas:
        for period, value in zip(periods[-len(theirs_here) :], theirs_here, strict=True):
            key = {"indicator": code, "period": write_period(*period), "area": area}
            yield posted(period[1]), {**key, **_says(value, Missing.SUPPRESSED)}


def _says(value: float | tuple[int, int] | None, gap: Missing | None) -> Row:
    if value is None:
        return {"missing": gap}
    if isinstance(value, tuple):
        return {"numerator": value[0], "denominator": value[1]}
    return {"value": value}


def _elsewhere(diary: Diary, series: Series, ours: float) -> Iterator[tuple[str, float]]:
    """What other places have in the same period: something like ours, each in its own way."""
    spread = (series.values[0] or 0) * 0.16
    for number, code in enumerate((*COMPARED, NATION)):
        yield code, round((ours + (series.values[0] or 0)) / 2 + (number - 2) * spread / 2 + diary.random.uniform(-2, 2))


def _periods(every: Every, until: date, number: int) -> list[tuple[date, date]]:
    """So many whole periods that have ended by then, the oldest first. Years are financial ones, from April."""
    step: Callable[[date], date] = {Every.QUARTER: lambda day: _months_on(day, -3), Every.YEAR: lambda day: _months_on(day, -12)}[every]
    month = 4 if every == Every.YEAR else (until.month - 1) // 3 * 3 + 1
    first = date(until.year if month <= until.month else until.year - 1, month, 1)
    found: list[tuple[date, date]] = []
    while len(found) < number:
        after = first
        first = step(first)
        found.append((first, after - timedelta(days=1)))
    return found[::-1]


def _months_on(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)
