"""Which instruments there are, which stay closed, what a reading may say, and what changed for people.

Source: docs/measures.md#what-changed-for-people.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import fsum
from statistics import median, quantiles
from uuid import UUID

from service.language import N_
from service.outcomes.models import HIGHEST_OF_A_GOAL, LOWEST_OF_A_GOAL, Licence, ScaleDirection, ScoredBy

APART_DAYS = 28
"""Between the first and the latest reading of a person of whom something is known."""

FEWEST_FOR_A_CHANGE = 10
KNOWN_AT_LEAST = 0.6
"""Below these nothing is said of a change."""

GOALS = "goals"
"""Stands for all goals together, where an instrument has its code."""

GOAL_CHANGE = 3.0
"""Points of a goal from which a change is meant to be more than chance (reliable change 2.45 on 0 to 10)."""

# ---- instruments -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scale:
    """What a reading is a reading on. `bands` are the last value of each band and its name; `whole`: no values between whole numbers."""

    code: str
    name: str
    question: str | None
    low: float
    high: float
    good_direction: ScaleDirection
    meaningful_change: float | None
    licence: Licence
    licence_ref: str | None
    bands: tuple[tuple[float, str], ...] = ()
    whole: bool = False
    shipped: bool = False

    @property
    def sign(self) -> int:
        return 1 if self.good_direction == ScaleDirection.UP else -1

    @property
    def best(self) -> float:
        return self.high if self.good_direction == ScaleDirection.UP else self.low

    def band(self, value: float) -> str:
        """The name of the band that a value lies in."""
        return next((name for last, name in self.bands if value <= last), self.bands[-1][1])


VERY_LOW, LOW, MEDIUM, HIGH, VERY_HIGH = "very_low", "low", "medium", "high", "very_high"
BAND_NAMES = {VERY_LOW: N_("Very low"), LOW: N_("Low"), MEDIUM: N_("Medium"), HIGH: N_("High"), VERY_HIGH: N_("Very high")}
_UPWARD = ((4.0, LOW), (6.0, MEDIUM), (8.0, HIGH), (10.0, VERY_HIGH))
_ANXIETY = ((1.0, VERY_LOW), (3.0, LOW), (5.0, MEDIUM), (10.0, HIGH))

ONS = "Office for National Statistics, Open Government Licence v3.0"


def _ons4(code: str, name: str, question: str, direction: ScaleDirection, bands: tuple[tuple[float, str], ...]) -> Scale:
    return Scale(code, name, question, 0, 10, direction, None, Licence.OPEN, ONS, bands, whole=True, shipped=True)


SHIPPED = {
    scale.code: scale
    for scale in (
        _ons4(
            "ons4-satisfied",
            N_("Satisfied with life"),
            "Overall, how satisfied are you with your life nowadays?",
            ScaleDirection.UP,
            _UPWARD,
        ),
        _ons4(
            "ons4-worthwhile",
            N_("Things done are worthwhile"),
            "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
            ScaleDirection.UP,
            _UPWARD,
        ),
        _ons4("ons4-happy", N_("Happy yesterday"), "Overall, how happy did you feel yesterday?", ScaleDirection.UP, _UPWARD),
        _ons4(
            "ons4-anxious",
            N_("Anxious yesterday"),
            "On a scale where 0 is “not at all anxious” and 10 is “completely anxious”, overall, how anxious did you feel yesterday?",
            ScaleDirection.DOWN,
            _ANXIETY,
        ),
    )
}
"""The four personal well-being questions of the Office for National Statistics, word for word. They are never put together to one score."""

A_GOAL = Scale(
    GOALS,
    N_("Goals in their own words"),
    None,
    LOWEST_OF_A_GOAL,
    HIGHEST_OF_A_GOAL,
    ScaleDirection.UP,
    GOAL_CHANGE,
    Licence.OWN,
    None,
    whole=True,
    shipped=True,
)


def measure_of(words: str) -> str:
    """What stands for somebody's goal in the key of its readings: the same words of the same person are the same goal."""
    return f"goal-{sha256(words.encode()).hexdigest()[:35]}"


RESERVED = re.compile(r"goal.*|ons4.*", re.IGNORECASE)
"""Codes of instruments that nobody else's may have."""

_STARS = "outcomes?|recovery|family|justice|drug and alcohol|work|carers?|student|youth|teen|home|shooting|my|well-?being|life"
_STAR = re.compile(rf"\b({_STARS})\s+stars?\b|^(the\s+)?star$", re.IGNORECASE)
CLOSED = N_("Programs that hold scores of the Outcomes Star must be approved by its owner, and this one is not. Choose another instrument.")
TAKEN = N_("This code belongs to an instrument that comes with the service. Choose another.")
FIXED = N_("There are readings on this instrument. Give a changed one another code: its numbers are another series.")


def is_closed(*words: str | None) -> bool:
    """Whether these words name an instrument whose scores may not be held here."""
    return any(word and _STAR.search(re.sub(r"[-_.]", " ", word).strip()) for word in words)


OUT_OF_SCALE = N_("This is not on the scale: %(low)s to %(high)s.")
WHOLE_NUMBER = N_("This must be a whole number.")


def fault(scale: Scale, value: float) -> str | None:
    """What is wrong with a value on a scale."""
    if not scale.low <= value <= scale.high:
        return OUT_OF_SCALE
    return WHOLE_NUMBER if scale.whole and not value.is_integer() else None


# ---- what changed ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Course:
    """The first and the latest reading of one person, in one episode, on one goal or instrument, as one kind of scorer said it."""

    person: UUID
    episode: str
    measure: str
    by: ScoredBy
    first_on: date
    first: float
    latest_on: date
    latest: float

    @property
    def is_known(self) -> bool:
        return (self.latest_on - self.first_on).days >= APART_DAYS


@dataclass(frozen=True, slots=True)
class Change:
    """What changed on a scale, as one kind of scorer said it. Units: people, each once for each episode.

    began = known + unknown. Where people are classed: known = better + same + worse + already. `distances` are of the known.
    """

    began: int
    known: int
    better: int
    same: int
    worse: int
    already: int
    distances: tuple[float, ...]
    first: tuple[float, ...]
    latest: tuple[float, ...]

    @property
    def unknown(self) -> int:
        return self.began - self.known

    def may_be_said(self, fewest: int) -> bool:
        """Whether enough is known of enough people to say how it changed."""
        return self.known >= max(FEWEST_FOR_A_CHANGE, fewest) and self.known >= KNOWN_AT_LEAST * self.began

    @property
    def median(self) -> float:
        return median(self.distances)

    @property
    def quartiles(self) -> tuple[float, float]:
        low, _middle, high = quantiles(self.distances, n=4, method="inclusive")
        return low, high

    @property
    def mean_first(self) -> float:
        return fsum(self.first) / len(self.first)

    @property
    def mean_latest(self) -> float:
        return fsum(self.latest) / len(self.latest)


def change_of(scale: Scale, courses: Iterable[Course]) -> Change:
    """What changed: a person's goals are put together first, so that three goals do not count three times.

    The distance is in the good direction. Somebody whose first reading was the best there is was already there: no better was to be had.
    """
    people: dict[tuple[UUID, str], list[Course]] = {}
    for course in courses:
        people.setdefault((course.person, course.episode), []).append(course)
    known = [found for courses_ in people.values() if (found := [course for course in courses_ if course.is_known])]
    first = tuple(_mean([course.first for course in found]) for found in known)
    latest = tuple(_mean([course.latest for course in found]) for found in known)
    distances = tuple(scale.sign * (after - before) for before, after in zip(first, latest, strict=True))
    classes = [_class(scale, before, distance) for before, distance in zip(first, distances, strict=True)]
    better, same, worse, already = (classes.count(name) for name in ("better", "same", "worse", "already"))
    return Change(len(people), len(known), better, same, worse, already, distances, first, latest)


def _class(scale: Scale, first: float, distance: float) -> str:
    if scale.meaningful_change is None:
        return ""
    if distance <= -scale.meaningful_change:
        return "worse"
    if first == scale.best:
        return "already"
    return "better" if distance >= scale.meaningful_change else "same"


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def in_bands(scale: Scale, values: Iterable[float]) -> Mapping[str, int]:
    """How many values lie in each band of a scale."""
    counts = dict.fromkeys((name for _last, name in scale.bands), 0)
    for value in values:
        counts[scale.band(value)] += 1
    return counts
