"""What gets in the way, as figures: how many barriers still stand, and how many rules were none. With their words and definitions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from service.accountability.models import Figure, FigureCode, Splits
from service.accountability.words import den, num
from service.database import ReadSession
from service.days import local_day
from service.language import N_, _, ngettext, number
from service.places.queries import PlaceCard
from service.system_health import rules
from service.system_health.models import Finding, Standing
from service.system_health.queries import find_all

OPEN = N_("Barriers that still stand in the way, out of all that were ever reported. One with a way round it is settled.")
CUSTOM = N_("Of the barriers that somebody looked into: those that no rule asks for, out of those that are a rule or only a custom.")
SOURCE = N_("The log, and what partners' systems report")

STANDINGS = {
    Standing.REPORTED: N_("Reported"),
    Standing.LOOKED_INTO: N_("Somebody is looking into it"),
    Standing.REAL_RULE: N_("A real rule"),
    Standing.CUSTOM_NOT_RULE: N_("No rule says so: it is only how we do it"),
    Standing.UNCLEAR: N_("Nobody could tell whether it is a rule"),
    Standing.WORKED_ROUND: N_("There is a way round it"),
    Standing.ESCALATED: N_("Passed up to those who can change it"),
    Standing.CHANGED: N_("Changed"),
    Standing.ACCEPTED: N_("It stays as it is"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What a place's register holds."""

    standings: Counter[Standing]
    findings: Counter[Finding]
    known_for: list[int]
    """Of those that are open, in days."""

    @property
    def open(self) -> int:
        return sum(self.standings[standing] for standing in rules.OPEN)


def barrier_figures(reads: ReadSession, place: PlaceCard, today: date, now: datetime) -> list[Figure]:
    """The figures, as of now: what was settled is no longer in the way."""
    found = _count(reads, place, today)
    every, standing = found.standings.total(), found.open
    custom = found.findings[Finding.CUSTOM_NOT_RULE]
    judged = custom + found.findings[Finding.REAL_RULE]
    source = _(SOURCE)

    def figure(code: FigureCode, unit: str, sentence: str, definition: str, **facts: object) -> Figure:
        return Figure(code, unit, sentence, definition, source, now, **facts)  # type: ignore[arg-type]

    shown = [
        figure(
            FigureCode.BARRIERS_OPEN,
            "barriers",
            _("%(label)s: %(count)s", label=_(label), count=number(found.standings[one])),
            _(OPEN),
            value=found.standings[one],
            n=found.standings[one],
            denominator=every,
            by=(Splits.STATE, one.value),
            label=_(label),
        )
        for one, label in STANDINGS.items()
    ]
    return [
        figure(
            FigureCode.BARRIERS_OPEN,
            "barriers",
            _open_words(standing, every, found.known_for),
            _(OPEN),
            value=standing,
            n=standing,
            denominator=every,
        ),
        *(shown if every else []),
        figure(
            FigureCode.BARRIERS_CUSTOM,
            "share",
            _custom_words(custom, judged),
            _(CUSTOM),
            value=custom / judged if judged else None,
            n=custom,
            denominator=judged,
        ),
    ]


def _count(reads: ReadSession, place: PlaceCard, today: date) -> Counted:
    every = find_all(reads, place.id)
    return Counted(
        standings=Counter(standing for standing, _finding, _cited, _at in every),
        findings=Counter(finding for _standing, finding, _cited, _at in every if finding),
        known_for=[(today - local_day(at, place.time_zone)).days for standing, _finding, _cited, at in every if standing in rules.OPEN],
    )


def _open_words(standing: int, every: int, known_for: Sequence[int]) -> str:
    if every == 0:
        return _("Nothing that gets in the way was reported yet. This may mean that nobody feels able to say.")
    if standing == 0:
        return _("Nothing that was reported still stands in the way: all %(den)s are settled.", den=den(every))
    words = ngettext(
        "%(num)s of %(den)s barriers still stands in the way.", "%(num)s of %(den)s barriers still stand in the way.", standing,
        num=num(standing), den=den(every),
    )  # fmt: skip
    days = round(median(known_for))
    return (
        words
        + " "
        + ngettext(
            "Half of them are known for %(days)s day or longer.",
            "Half of them are known for %(days)s days or longer.",
            days,
            days=number(days),
        )
    )


def _custom_words(custom: int, judged: int) -> str:
    if judged == 0:
        return _("Nobody has found out yet which rules in the way are real.")
    return ngettext(
        "%(num)s of %(den)s rule in the way was no rule: only how things were done.",
        "%(num)s of %(den)s rules in the way were no rules: only how things were done.",
        judged, num=num(custom), den=den(judged),
    )  # fmt: skip
