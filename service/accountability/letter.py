"""What the first page says: one sentence for each of the five views, what people said and what came of it, and what is missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from service.accountability import words
from service.accountability.changes import Panel
from service.accountability.models import END, NUMBER, Figure, FigureCode, Splits, View
from service.accountability.numbers import judgement_of
from service.accountability.queries import Account, publication_sums
from service.accountability.rules import BAD
from service.feedback.models import Publication
from service.language import N_, _, day, listed, ngettext, number
from service.promises.rules import COUNTED, Part
from service.results.queries import IndicatorAccount
from service.results.rules import days_old

C = FigureCode

NAMES = {
    View.COMMUNITY_REPORTING: N_("What we promised, what you told us, what we did"),
    View.NARRATIVES: N_("What people say, and what we made of it"),
    View.OUTCOMES: N_("What changed for people"),
    View.RESULTS: N_("What we agreed to reach together"),
    View.SYSTEM_HEALTH: N_("How well we work together"),
}
"""The views as residents read them, in the order that is the same for everyone."""

STALE_DAYS = 400
"""A number older than this is said to be missing: more than a year, and time to publish. Units: calendar days."""

CARDS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One view on the first page: its sentence, and what comes after the number."""

    view: View
    name: str
    figure: Figure
    but: str | None


def entries(account: Account) -> list[Entry]:
    """The five views, always all of them."""
    return [Entry(view, _(name), *_entry(account, view)) for view, name in NAMES.items()]


def _entry(account: Account, view: View) -> tuple[Figure, str | None]:
    figures = account.figures(view)
    if view in (View.OUTCOMES, View.RESULTS):
        return _newest(account, view, figures)
    first = {found.code: found for found in reversed(figures) if found.by is None}
    match view:
        case View.COMMUNITY_REPORTING:
            rate, received = first[C.PROMISE_KEPT_RATE], first[C.MESSAGES_RECEIVED]
            return (rate, other_promises(figures)) if rate.denominator else (received, rate.words)
        case View.NARRATIVES:
            return first[C.STORIES], first[C.AREAS_WITHOUT_STORIES].words
        case _:
            return first[C.RESPONSE_TIME], first[C.ORGANISATIONS_QUIET].words


def _newest(account: Account, view: View, figures: list[Figure]) -> tuple[Figure, str | None]:
    """The indicator with the newest value speaks for its view; of several, one that is compared. What went wrong comes after it."""
    found = [one for one in account.indicators_of(view) if one.latest]
    if not found and view == View.OUTCOMES and account.panels:
        return _of_people(account.panels)
    if not found:
        none = _("Nobody has posted numbers on this yet.")
        definition = words.defined(C.INDICATOR_LATEST, account.place.thresholds, account.span.judged_on)
        return Figure(C.INDICATOR_LATEST, "", none, definition, "", account.now), None
    chosen = max(
        found, key=lambda one: (one.latest.last_day if one.latest else date.min, one.comparison is not None, one.change is not None)
    )
    of_it = {figure.code: figure for figure in figures if figure.by == (Splits.INDICATOR, chosen.indicator.code)}
    latest = of_it[C.INDICATOR_LATEST]
    source = _("%(source)s. One of %(n)s numbers, the newest.", source=latest.source, n=number(len(found)))
    said = replace(latest, sentence=f"{chosen.indicator.name}: {latest.sentence}", source=source if len(found) > 1 else latest.source)
    return said, " ".join(filter(None, (_went_wrong(found), of_it[C.INDICATOR_CHANGE].words)))


def _of_people(panels: list[Panel]) -> tuple[Figure, str | None]:
    """What people said of themselves speaks where there is no indicator: how many are better, or else how many are known."""
    told = [panel for panel in panels if panel.figures]
    panel = next((one for one in told if any(figure.value is not None for figure in one.figures)), told[0])
    first = panel.figures[0]
    said = next((figure for figure in panel.figures if figure.code == C.PEOPLE_BETTER and figure.value is not None), first)
    return replace(said, sentence=f"{panel.name}, {panel.scorer}: {said.sentence}"), None if said is first else first.sentence


def _went_wrong(found: list[IndicatorAccount]) -> str:
    """How many of these moved the wrong way, or stand where they should not."""
    judged = [judgement for one in found if (judgement := judgement_of(one))]
    wrong = sum(judgement in BAD for judgement in judged)
    if not judged:
        return ""
    return ngettext(
        "%(count)s of %(n)s numbers is worse than when it began, or outside of where it should be.",
        "%(count)s of %(n)s numbers are worse than when they began, or outside of where they should be.",
        wrong,
        n=number(len(judged)),
    )


def other_promises(figures: Iterable[Figure]) -> str | None:
    """What became of the promises that count and were not kept."""
    parts = {Part(f.by[1]): f for f in figures if f.code == C.PROMISES_BY_PART and f.by}
    others = [parts[part].words for part in COUNTED if part != Part.KEPT and parts[part].n]
    return ". ".join(others) + "." if others else None


def missing(account: Account) -> Iterator[str]:
    """What the account cannot say, each in one sentence. The number that matters is marked."""
    figures = account.figures(View.COMMUNITY_REPORTING)
    heard = [f for f in figures if f.code == C.MESSAGES_RECEIVED and f.by and f.by[0] == Splits.AREA and f.value == 0]
    sums = publication_sums(figures)
    total = sum(sums.values())
    if total and heard:
        areas = _some([figure.label or "" for figure in heard])
        nothing = _("nothing")  # not within the braces: sentences are not found there
        yield _("We heard %(nothing)s from %(areas)s.", nothing=f"{NUMBER}{nothing}{END}", areas=areas)
    if total:
        yield _shown(sums, total)
    for view, none in ((View.OUTCOMES, N_("No numbers on what changed for people.")), (View.RESULTS, N_("No numbers on what was agreed."))):
        newest = [one.latest.last_day for one in account.indicators_of(view) if one.latest]
        if not newest:
            yield _(none)
        elif days_old(max(newest), account.span.today) > STALE_DAYS:
            yield _("No newer number than of %(date)s under “%(view)s”.", date=day(max(newest)), view=_(NAMES[view]))
    if not account.stories.total():
        yield _("No story anybody may read.")
    elif untold := [f.label or "" for f in account.figures(View.NARRATIVES) if f.code == C.AREAS_WITHOUT_STORIES and f.by]:
        yield _("No story from %(areas)s.", areas=_some(untold))
    yield from (words.quiet_since(member.name, member.last_on) for member in account.quiet_members()[:6])
    if not account.asks_people:
        yield _("Whether people who asked for help are better off, in their own words: nobody is asked yet.")


def _some(names: list[str]) -> str:
    """The first six of these names."""
    return listed(names[:6]) + (" …" if len(names) > 6 else "")


def _shown(sums: dict[Publication, int], total: int) -> str:
    return (
        ngettext(
            "Of %(count)s message, %(shown)s is shown here.",
            "Of %(count)s messages, %(shown)s are shown here.",
            total,
            shown=number(sums[Publication.PUBLISHED]),
        )
        + " "
        + _(
            "In %(team)s the sender asked us to keep the words to the team, %(held)s were held back, %(taken)s were taken back and "
            "%(waiting)s are waiting to be read.",
            team=number(sums[Publication.NOT_OFFERED]),
            held=number(sums[Publication.WITHHELD]),
            taken=number(sums[Publication.WITHDRAWN]),
            waiting=number(sums[Publication.WAITING]),
        )
    )
