"""What the account says of an indicator: its newest and oldest value, the change, its age, other places; and its line, drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from service.accountability import words
from service.accountability.models import Figure, FigureCode, Splits
from service.accountability.rules import Judgement, judge
from service.language import _
from service.results.queries import Comparison, IndicatorAccount, Point
from service.results.rules import days_old

C = FigureCode


def indicator_figures(found: IndicatorAccount, today: date, now: datetime) -> list[Figure]:
    """The figures of one indicator. Without any value each says so."""
    latest, first = found.latest, found.first
    if latest is None or first is None or latest.value is None or first.value is None:
        none = _("Nobody has posted a value yet.")
        return [_figure(found, code, none, None, now) for code in (C.INDICATOR_LATEST, C.INDICATOR_FIRST, C.INDICATOR_CHANGE)]
    unit, age = found.indicator.unit, days_old(latest.last_day, today)
    figures = [
        _figure(found, C.INDICATOR_LATEST, words.valued(latest.value, unit, period_of(latest)), latest.value, now),
        _figure(found, C.INDICATOR_FIRST, words.valued(first.value, unit, period_of(first)), first.value, now),
        _figure(found, C.INDICATOR_CHANGE, words.changed(found.change, unit, period_of(first)), found.change, now),
        _figure(found, C.INDICATOR_FRESHNESS, words.fresh(age, latest.last_day), age, now, unit="days"),
    ]
    if found.comparison is not None:
        compared = found.comparison
        facts = {"n": compared.n, "denominator": compared.of}
        figures.append(_figure(found, C.COMPARATOR_MEAN, _compared(compared, unit), compared.mean, now, **facts))
    return figures


def judgement_of(found: IndicatorAccount) -> Judgement | None:
    """Whether the newest value, or the change since the oldest, is good news; None where there is nothing to judge."""
    if found.latest is None or found.latest.value is None:
        return None
    of = found.indicator
    return judge(found.change, found.latest.value, of.good_direction.value, of.range_low, of.range_high)


def period_of(point: Point) -> str:
    """A period in words: its source's own, else ours."""
    return point.period_label or words.period(point.first_day, point.last_day)


def _figure(found: IndicatorAccount, code: FigureCode, sentence: str, value: float | None, now: datetime, **facts: Any) -> Figure:
    indicator = found.indicator
    definition = _(words.DEFINITIONS[code])
    made = Figure(
        code=code,
        unit=indicator.unit,
        sentence=sentence,
        definition=f"{definition} {indicator.definition}" if indicator.definition else definition,
        source=found.latest.organisation_name if found.latest else indicator.source or _("Nobody yet"),
        as_of=now,
        value=value,
        n=sum(point.value is not None for point in found.series),
        by=(Splits.INDICATOR, indicator.code),
        label=indicator.name,
    )
    return replace(made, **facts)


def _compared(compared: Comparison, unit: str) -> str:
    sentence = words.mean(compared.mean, unit, compared.n, compared.of, compared.group_name)
    apart = [words.apart(nation.name, nation.value, unit) for nation in compared.nations]
    return " ".join([sentence, *apart])


# ---- the line --------------------------------------------------------------------------------------------------------

WIDTH, HEIGHT, EDGE, LABEL = 340, 150, 12, 64
"""Of the picture, in its own units; what stays free around the points, and behind the last one for its value."""

LONGEST = 38
"""Letters of two periods that fit beside each other under the line."""

FEWEST = 3
"""Values below which a line would pretend to say more than its table."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A value in the picture, with its words."""

    x: float
    y: float
    value: float
    period: str


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator's values in order of time. `paths` are pieces of the line: it breaks where a value is missing."""

    dots: tuple[Dot, ...]
    paths: tuple[str, ...]
    lowest: float
    highest: float
    rises: bool
    """Whether it goes up from its first value: then that value is written below."""

    @property
    def stacked(self) -> bool:
        """Whether the names of the first and the last period need a line each."""
        return len(self.first.period) + len(self.last.period) > LONGEST

    @property
    def first(self) -> Dot:
        return self.dots[0]

    @property
    def last(self) -> Dot:
        return self.dots[-1]


def line_of(found: IndicatorAccount) -> Line | None:
    """The line of an indicator; None where there is too little to draw."""
    valued = [point for point in found.series if point.value is not None]
    if len(valued) < FEWEST:
        return None
    values = [point.value for point in valued if point.value is not None]
    lowest, highest = min(values), max(values)
    begin, end = valued[0].last_day.toordinal(), valued[-1].last_day.toordinal()

    def dot(point: Point) -> Dot:
        across = (point.last_day.toordinal() - begin) / ((end - begin) or 1)
        value = point.value or 0.0
        up = (value - lowest) / ((highest - lowest) or 1)
        x = EDGE + across * (WIDTH - EDGE - LABEL)
        y = HEIGHT - 3 * EDGE - up * (HEIGHT - 5.5 * EDGE)
        return Dot(round(x, 1), round(y, 1), value, period_of(point))

    pieces = [[dot(point) for point in piece] for piece in _pieces(found.series)]
    paths = tuple("M" + "L".join(f"{one.x} {one.y}" for one in piece) for piece in pieces if len(piece) > 1)
    return Line(tuple(one for piece in pieces for one in piece), paths, lowest, highest, values[1] > values[0])


def _pieces(series: Sequence[Point]) -> Iterator[list[Point]]:
    """Runs of periods that have a value."""
    run: list[Point] = []
    for point in series:
        if point.value is not None:
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run
