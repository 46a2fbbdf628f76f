"""What is counted in Hillside, and the values: invented, the oldest first and the newest last."""

from dataclasses import dataclass
from enum import StrEnum

from service.results.models import Direction, IndicatorKind, Missing

D, K, M = Direction, IndicatorKind, Missing


class Every(StrEnum):
    """How often it is counted."""

    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class What:
    """What is counted in which unit, which way is good, how often, and by whom."""

    name: str
    kind: IndicatorKind
    unit: str
    good: Direction
    every: Every
    organisation: str


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator and its values. `parts` are numerators with their denominators, in place of values; `gap` says why one is missing."""

    what: What
    values: tuple[float | None, ...]
    definition: str
    chosen_because: str
    could_be_gamed_by: str
    parts: tuple[tuple[int, int], ...] = ()
    gap: Missing | None = None
    limits: tuple[float, float] | None = None
    compared: bool = False
    provisional: bool = False
    areas: tuple[tuple[str, tuple[float | None, ...]], ...] = ()
    """Its newest values by area; None: hidden by those who count, for there are too few."""

    ended: int = 0
    """Days ago that its organisation went quiet; 0: it still posts."""


SERIES = {
    "falls": Series(
        What("People over 65 taken to hospital after a fall", K.POPULATION, "people", D.DOWN, Every.QUARTER, "nhs"),
        (41, 44, 39, 47, 43, 46, 42, 50, 45, 49, 44, 53, 48, 51, 46, 52, 47, 49, 44, 46),
        "People of Hillside aged 65 or over who were taken to hospital after a fall, in three months.",
        "Residents named it first when they were asked what worries them about growing old here.",
        "Fewer people could be taken to hospital without fewer falling. We do not show the ambulance calls here yet.",
        compared=True,
        provisional=True,
    ),
    "safe": Series(
        What("Residents who feel safe outside after dark", K.POPULATION, "%", D.UP, Every.YEAR, "council"),
        (58, 57, 61, 60, 64),
        "Answers of very safe or fairly safe to the yearly survey, out of all who answered that question.",
        "It is what the lamps, the slabs and the paths are for.",
        "It rises when those who feel unsafe no longer answer. We do not show the number of answers here yet.",
        compared=True,
    ),
    "warm-enough": Series(
        What("Homes that can be kept warm", K.POPULATION, "%", D.UP, Every.YEAR, "council"),
        (68, 69, 71, 75),
        "Households who say that they could keep warm last winter, out of those who were asked.",
        "Cold homes came up in more messages than anything else.",
        "A mild winter makes it better by itself.",
    ),
    "clinic-visits": Series(
        What("Visits to the Saturday clinic", K.HOW_MUCH, "visits", D.UP, Every.QUARTER, "nhs"),
        (None, 188, 241, 263, 259, 287, 301, 296),
        "Visits on Saturdays, each counted once.",
        "To see whether Saturdays are used.",
        "Short visits make more visits.",
        gap=M.NOT_APPLICABLE,
    ),
    "night-calls": Series(
        What("Calls that the night service took", K.HOW_MUCH, "calls", D.IN_RANGE, Every.QUARTER, "night"),
        (402, 415, 398, 431, 388, 362, 301),
        "Calls that somebody picked up between ten at night and six in the morning.",
        "Too few may mean that nobody picks up, too many that nobody helped in the day.",
        "A call that is picked up and put on hold counts as well.",
        limits=(350, 450),
        ended=86,
    ),
    "repairs-in-time": Series(
        What("Repairs done by the day that was given", K.HOW_WELL, "%", D.UP, Every.QUARTER, "council"),
        (61, 63, 60, 66, 64, None, 69, 71, 70, 74, 73, 78),
        "Repairs finished by the day that the tenant was first given, out of all that were due in three months.",
        "Waiting in for nobody costs people a day's pay.",
        "A day far off is easy to keep. We do not show the days between asking and the day given here yet.",
        gap=M.NOT_COLLECTED,
        areas=(("hill-road", (79, 81)), ("linden", (66, 74)), ("top-fields", (77, 80)), ("marsh-end", (None, None))),
    ),
    "answered-in-two-days": Series(
        What("People rung back within two working days", K.HOW_WELL, "%", D.UP, Every.QUARTER, "council"),
        (),
        "Calls where somebody left a number and was rung back by the second working day, out of fifty picked by somebody else.",
        "“Ring me back” was the theme that residents named most often.",
        "Ringing once and hanging up counts as ringing back.",
        parts=((22, 50), (25, 50), (24, 50), (31, 50), (35, 50), (41, 50)),
    ),
    "still-at-home": Series(
        What("Families still in their home a year after they asked for help", K.BETTER_OFF, "%", D.UP, Every.YEAR, "hub"),
        (),
        "Families who asked for help with rent and were in the same home, or in one they chose, twelve months later.",
        "It is what they came for.",
        "Helping those who need it least would raise it.",
        parts=((61, 84), (66, 88), (73, 91), (79, 93)),
    ),
    "less-lonely": Series(
        What("People who say that they are less lonely after six months", K.BETTER_OFF, "%", D.UP, Every.QUARTER, "hub"),
        (),
        "People who came to the hub alone, said so when they first came, and say after six months that it is better.",
        "People said that company is what they miss.",
        "Those who stop coming are not asked. They are counted as not better.",
        parts=((14, 41), (17, 44), (16, 39), (21, 47), (24, 49), (23, 52), (27, 51), (31, 55)),
    ),
}

GROUP, GROUP_NAME = "like-us", "Four towns like ours"
COMPARED = {
    "brackenside": "Brackenside",
    "corbel-bay": "Corbel Bay",
    "dunmarrow": "Dunmarrow",
    "elderford": "Elderford",
}
NATION, NATION_NAME = "E92999999", "The country as a whole"
"""Invented places that ours is compared with, and an invented country, which is never part of their mean."""

CORRECTED = ("repairs-in-time", 68.0, "Three repairs were counted in the wrong quarter.")
"""Which newest value but one was first posted as what, and why it was put right."""
