"""What changed for people: for each goal or instrument, and each kind of scorer, how many are better, the same, worse, or not known.

Source: docs/measures.md#what-changed-for-people.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.accountability.models import Figure, FigureCode, Span, Splits
from service.accountability.words import den, num
from service.database import ReadSession
from service.disclosure import Cell, count_people, may_say_mean_of_people, percent_of_people
from service.language import N_, _, number, percent
from service.outcomes.models import ScoredBy
from service.outcomes.queries import find_courses, find_scales
from service.outcomes.rules import A_GOAL, APART_DAYS, BAND_NAMES, GOALS, Change, Course, Scale, change_of, in_bands
from service.places.models import Threshold
from service.places.queries import PlaceCard

C = FigureCode

SCORERS = {
    ScoredBy.SELF: N_("as people say themselves"),
    ScoredBy.WITH_HELP: N_("as people say with help"),
    ScoredBy.WORKER_VIEW: N_("as workers see it"),
}
"""Three kinds of numbers, never put together."""

SOURCE = N_("Readings that services took, of people who said yes to it")
DEFINITION = N_(
    "People who began, each once for each episode, in all months that are over. Known: asked first and last at least %(days)s days apart, "
    "on the same goal or scale, by the same kind of scorer. Numbers of people are rounded to the nearest 5, and hidden below %(fewest)s."
)
CLASSED = N_("Better or worse means %(points)s points or more. Who began at the top was already there: no better was to be had.")
TOO_FEW = N_("Too few to show safely.")


@dataclass(frozen=True, slots=True)
class Panel:
    """What is said of one goal or instrument, by one kind of scorer. `bands` are (name, at first, now), each as it may be shown."""

    key: str
    name: str
    scorer: str
    question: str | None
    credit: str | None
    figures: tuple[Figure, ...]
    bands: tuple[tuple[str, Figure, Figure], ...]
    is_goals: bool


def find_panels(reads: ReadSession, place: PlaceCard, span: Span, now: datetime) -> list[Panel]:
    """What changed, up to the last month that is over, whatever months are asked for: two spans would give back small numbers."""
    grouped: dict[tuple[str, ScoredBy], list[Course]] = {}
    for course in find_courses(reads, place.id, today=span.today, until=span.closed):
        grouped.setdefault((course.measure, course.by), []).append(course)
    if not grouped:
        return []
    scales = {GOALS: A_GOAL, **find_scales(reads, place.id)}
    fewest = place.thresholds.on(Threshold.FEWEST_PEOPLE, span.today)
    return [
        _Maker(scales[measure], by, change_of(scales[measure], grouped[measure, by]), fewest, now).panel()
        for measure in scales
        for by in ScoredBy
        if (measure, by) in grouped
    ]


def change_figures(panels: list[Panel]) -> list[Figure]:
    """Every figure of these panels."""
    return [figure for panel in panels for figure in (*panel.figures, *(cell for _name, *cells in panel.bands for cell in cells))]


@dataclass(frozen=True)
class _Maker:
    scale: Scale
    by: ScoredBy
    change: Change
    fewest: int
    now: datetime

    @property
    def key(self) -> str:
        return f"{self.scale.code}.{self.by}"

    def panel(self) -> Panel:
        scale = self.scale
        name = _(scale.name) if scale.shipped else scale.name
        said = self.change.may_be_said(self.fewest)
        bands = tuple(self._bands()) if said and scale.bands else ()
        credit = scale.licence_ref if scale.question else None
        figures = tuple(self._figures())
        return Panel(self.key, name, _(SCORERS[self.by]), scale.question, credit, figures, bands, scale.code == GOALS)

    def _figures(self) -> Iterator[Figure]:
        change, began = self.change, self._people(self.change.began)
        if began.value is None:
            yield self._hidden(C.PEOPLE_KNOWN)
            return
        known = self._people(change.known)
        if known.suppressed:
            yield self._hidden(C.PEOPLE_KNOWN, denominator=began.value)
        else:
            words = _(
                "About %(num)s of %(den)s were asked again, four weeks later or more.", num=num(known.value or 0), den=den(began.value)
            )
            yield self._figure(C.PEOPLE_KNOWN, words, known.value, known.value, began.value)
        if not change.may_be_said(self.fewest):
            why = _("We know too little to say what changed: too few people were asked again, or fewer than 6 in 10 of them.")
            yield self._figure(C.PEOPLE_BETTER, why, None, None, None)
            return
        yield from self._classed(began.value) if self.scale.meaningful_change is not None else ()
        yield from self._distances(known.value or 0)

    def _classed(self, began: int) -> Iterator[Figure]:
        change = self.change
        labels = {
            C.PEOPLE_BETTER: (change.better, N_("Better: about %(num)s of %(den)s.")),
            C.PEOPLE_SAME: (change.same, N_("About the same: about %(num)s of %(den)s.")),
            C.PEOPLE_WORSE: (change.worse, N_("Worse: about %(num)s of %(den)s.")),
            C.PEOPLE_ALREADY: (change.already, N_("At the top from the start: about %(num)s of %(den)s.")),
        }
        hidden = {
            C.PEOPLE_BETTER: N_("Better: too few to show safely."),
            C.PEOPLE_SAME: N_("About the same: too few to show safely."),
            C.PEOPLE_WORSE: N_("Worse: too few to show safely."),
            C.PEOPLE_ALREADY: N_("At the top from the start: too few to show safely."),
        }
        for code, (count, label) in labels.items():
            cell = self._people(count)
            if cell.value is None:
                yield self._hidden(code, _(hidden[code]), denominator=began)
                continue
            words = _(label, num=num(cell.value), den=den(began))
            yield self._figure(
                code, f"{words} {self._range()}".strip() if code == C.PEOPLE_BETTER else words, cell.value, cell.value, began
            )

    def _range(self) -> str:
        """Between which shares of everybody who began: as if nobody, and as if everybody were better of whom nothing is known."""
        change = self.change
        least = percent_of_people(change.better, change.began, self.fewest)
        most = percent_of_people(change.better + change.unknown, change.began, self.fewest)
        if least.value is None or most.value is None or least.value == most.value:
            return ""
        return _(
            "As we do not know about everybody, it is between %(least)s and %(most)s.",
            least=percent(least.value / 100),
            most=percent(most.value / 100),
        )

    def _distances(self, known: int) -> Iterator[Figure]:
        change = self.change
        if not may_say_mean_of_people(change.known, self.fewest):
            return
        if self.scale.meaningful_change is not None:
            low, high = change.quartiles
            words = _(
                "Half of those asked again moved %(num)s points or more for the better; the middle half between %(low)s and %(high)s.",
                num=num(round(change.median, 1)),
                low=number(round(low, 1)),
                high=number(round(high, 1)),
            )
            yield self._figure(C.PEOPLE_DISTANCE, words, round(change.median, 1), known, known, unit="points")
            return
        first, latest = round(change.mean_first, 1), round(change.mean_latest, 1)
        words = _("On average %(num)s at first, of about %(den)s people asked twice.", num=num(first), den=den(known))
        yield self._figure(C.PEOPLE_MEAN_FIRST, words, first, known, known, unit="points")
        words = _("On average %(num)s at last, of the same people.", num=num(latest))
        yield self._figure(C.PEOPLE_MEAN_LATEST, words, latest, known, known, unit="points")

    def _bands(self) -> Iterator[tuple[str, Figure, Figure]]:
        first, latest = (in_bands(self.scale, values) for values in (self.change.first, self.change.latest))
        for band in first:
            name = _(BAND_NAMES[band])
            yield name, self._band(band, "first", first, name), self._band(band, "latest", latest, name)

    def _band(self, band: str, when: str, counts: Mapping[str, int], name: str) -> Figure:
        cell = percent_of_people(counts[band], self.change.known, self.fewest)
        key = f"{self.key}.{when}.{band}"
        if cell.value is None:
            return self._hidden(C.PEOPLE_IN_BAND, by=(Splits.KIND, key), label=name)
        words = _("%(label)s: %(count)s", label=name, count=percent(cell.value / 100))
        known = self._people(self.change.known).value
        return self._figure(C.PEOPLE_IN_BAND, words, cell.value / 100, None, known, by=(Splits.KIND, key), label=name, unit="share")

    def _people(self, count: int) -> Cell:
        return count_people(count, self.fewest)

    def _hidden(self, code: FigureCode, words: str | None = None, *, denominator: int | None = None, **facts: Any) -> Figure:
        return self._figure(code, words or _(TOO_FEW), None, None, denominator, suppressed=True, **facts)

    def _figure(self, code: FigureCode, words: str, value: float | None, n: int | None, denominator: int | None, **facts: Any) -> Figure:
        definition = _(DEFINITION, days=APART_DAYS, fewest=self.fewest)
        if self.scale.meaningful_change is not None:
            definition += " " + _(CLASSED, points=number(self.scale.meaningful_change))
        shown: dict[str, Any] = {"unit": "people", "by": (Splits.KIND, self.key), "label": self.scale.name} | facts
        return Figure(
            code,
            sentence=words,
            definition=definition,
            source=_(SOURCE),
            as_of=self.now,
            value=value,
            n=n,
            denominator=denominator,
            **shown,
        )
