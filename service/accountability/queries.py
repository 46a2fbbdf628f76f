"""The five views: every figure, with all that must stand beside it. Pages and the API show what is found here, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from service.accountability import closing_words, rules, tallies, words
from service.accountability.changes import Panel, change_figures, find_panels
from service.accountability.checked import happened_by_area, promise_figures
from service.accountability.closing import closing_figures
from service.accountability.in_the_way import barrier_figures
from service.accountability.models import Figure, FigureCode, Span, Splits, View
from service.accountability.numbers import indicator_figures
from service.database import ReadSession
from service.days import local_day
from service.disclosure import split_items
from service.errors import FieldError, Invalid
from service.feedback import counts
from service.feedback.models import Capturer, Kind, Outcome, Publication
from service.language import _, day, month
from service.narratives.models import Kind as StoryKind
from service.outcomes.queries import is_anybody_asked
from service.places.models import Threshold
from service.places.queries import PlaceCard
from service.promises.queries import Parts
from service.promises.rules import COUNTED, Part
from service.results.models import IndicatorKind
from service.results.queries import IndicatorAccount, count_indicators_with_a_value, find_indicator_accounts
from service.rollups import NOWHERE

C = FigureCode
SHARE, WORKING_DAYS = "share", "working days"

KINDS_OF = {
    View.OUTCOMES: (IndicatorKind.BETTER_OFF,),
    View.RESULTS: (IndicatorKind.POPULATION, IndicatorKind.HOW_MUCH, IndicatorKind.HOW_WELL),
}
"""Which indicators stand in which view."""


def span_of(place: PlaceCard, now: datetime, first: date | None = None, last: date | None = None) -> Span:
    """The months that hold these days. Raises: Invalid when the end lies before the beginning."""
    if first and last and last < first:
        raise Invalid(FieldError("to", _("This is earlier than the beginning.")))
    return Span(*rules.months_outward(first, last), local_day(now, place.time_zone))


@dataclass
class Account:
    """What is asked of one place over one span; each source of numbers is read once, when the first figure needs it."""

    reads: ReadSession
    place: PlaceCard
    span: Span
    now: datetime
    area: str | None = None
    """Only what is split by area, for this one; views that have no such split are of the whole place."""

    indicators: dict[View, list[IndicatorAccount]] = field(default_factory=dict)
    made: dict[View, list[Figure]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.area is not None and self.area not in {area.code for area in self.areas.own.values()}:
            raise Invalid(FieldError("area", _("There is no area with this code.")))

    @cached_property
    def areas(self) -> tallies.Places:
        return tallies.find_areas(self.reads, self.place.id)

    @cached_property
    def kept(self) -> dict[str, tallies.Tally]:
        return tallies.find_kept(self.reads, self.place.id, self.span)

    @cached_property
    def waits(self) -> dict[int, int]:
        return tallies.find_waits(self.reads, self.place.id, self.span, self.counted_after)

    @property
    def counted_after(self) -> int:
        """How old a message must be to count where answers are counted, by the rule of the day asked for. Units: calendar days."""
        return self.place.thresholds.on(Threshold.COUNTED_AFTER, self.span.judged_on)

    @cached_property
    def promises(self) -> tallies.Promises:
        return tallies.count_promises(self.reads, self.place.id, self.span)

    @cached_property
    def stories(self) -> tallies.Stories:
        return tallies.count_stories(self.reads, self.place.id, self.span)

    @cached_property
    def members(self) -> list[tallies.Member]:
        return tallies.find_members(self.reads, self.place, self.span.today)

    @cached_property
    def panels(self) -> list[Panel]:
        return find_panels(self.reads, self.place, self.span, self.now)

    @property
    def asks_people(self) -> bool:
        """Whether anybody said, until the last month that is over, how they are."""
        return is_anybody_asked(self.reads, self.place.id, today=self.span.today, until=self.span.closed)

    def indicators_of(self, view: View) -> list[IndicatorAccount]:
        """What is said of each indicator of a view."""
        if view not in self.indicators:
            found = find_indicator_accounts(self.reads, self.place.id, KINDS_OF[view], since=self.span.first, until=self.span.last)
            self.indicators[view] = found
        return self.indicators[view]

    def figures(self, view: View) -> list[Figure]:
        """Every figure of a view, in the order in which it is read."""
        if view not in self.made:
            self.made[view] = self._make(view)
        return self.made[view]

    def _make(self, view: View) -> list[Figure]:
        match view:
            case View.COMMUNITY_REPORTING:
                others = [] if self.area else [*self._answers(), *self._closing(), *self._promises(), *self._honest_no()]
                return [*self._messages(), *others, *self._checked()]
            case View.NARRATIVES:
                return [*self._stories(), *([] if self.area else [*self._tellers(), *self._without_stories()])]
            case View.OUTCOMES | View.RESULTS:
                changed = change_figures(self.panels) if view == View.OUTCOMES else []
                counted = (indicator_figures(found, self.span.today, self.now) for found in self.indicators_of(view))
                return [*changed, *(figure for figures in counted for figure in figures)]
            case View.SYSTEM_HEALTH:
                found = barrier_figures(self.reads, self.place, self.span.today, self.now)
                return [*self._capture(), self._quiet(), *found, self._wait(C.RESPONSE_TIME)]

    # ---- community reporting -----------------------------------------------------------------------------------------

    def _messages(self) -> list[Figure]:
        tally = self.kept[counts.RECEIVED]
        total = tally.total()
        publications = self.kept[counts.PUBLICATION].by_cell()
        by_publication = [
            self._figure(
                C.MESSAGES_BY_PUBLICATION,
                "messages",
                words.split(_(words.PUBLICATIONS[state]), publications[state]),
                value=publications[state],
                n=publications[state],
                denominator=total,
                by=(Splits.STATE, state.value),
                label=_(words.PUBLICATIONS[state]),
            )
            for state in words.PUBLICATIONS
        ]
        kinds = {kind: _(words.KINDS[kind]) for kind in Kind}
        by_kind = self._split(C.MESSAGES_RECEIVED, "messages", Splits.KIND, kinds, tally.closed_by_cell())
        areas = self._split(C.MESSAGES_RECEIVED, "messages", Splits.AREA, self._area_names(), tally.closed_by_area())
        if self.area:
            return self._of_area(areas)
        received = words.received(total, whole=self.span.is_whole)
        whole = self._figure(C.MESSAGES_RECEIVED, "messages", received, value=total, n=total)
        return [whole, *by_publication, *self._moderated(), *by_kind, *areas]

    def _moderated(self) -> list[Figure]:
        withheld, aside = self.kept[counts.WITHHELD].by_cell(), self.kept[counts.ASIDE].total()
        by_reason = [
            self._figure(
                C.MESSAGES_WITHHELD,
                "messages",
                words.split(_(label), withheld[reason]),
                value=withheld[reason],
                n=withheld[reason],
                denominator=sum(withheld.values()),
                by=(Splits.STATE, reason.value),
                label=_(label),
            )
            for reason, label in words.REASONS.items()
        ]
        return [*by_reason, self._figure(C.MESSAGES_SET_ASIDE, "messages", words.set_aside(aside), value=aside, n=aside)]

    def _answers(self) -> list[Figure]:
        share = rules.answered(self.waits)
        answered = self._figure(
            C.ANSWERED_RATE,
            SHARE,
            words.answered(share.part, share.whole, self.counted_after, whole=self.span.is_whole),
            value=share.rate,
            n=share.part,
            denominator=share.whole,
        )
        return [answered, self._wait(C.MEDIAN_DAYS_TO_REPLY)]

    def _wait(self, code: FigureCode) -> Figure:
        middle = rules.median_lag(self.waits)
        return self._figure(
            code,
            WORKING_DAYS,
            words.waited(middle.days, middle.n, self.waits.get(rules.UNANSWERED, 0), self.counted_after),
            value=middle.days,
            n=middle.n,
            denominator=middle.n,
        )

    def _closing(self) -> list[Figure]:
        return closing_figures(self.reads, self.place, self.span, self.waits, self.counted_after, self.now)

    def _promises(self) -> list[Figure]:
        parts = Parts(self.promises.by_part)
        rate = self._figure(
            C.PROMISE_KEPT_RATE,
            SHARE,
            words.kept(parts.kept, parts.due),
            value=rules.Share(parts.kept, parts.due).rate,
            n=parts.kept,
            denominator=parts.due,
        )
        by_part = [
            self._figure(
                C.PROMISES_BY_PART,
                "promises",
                words.split(_(words.PARTS[part]), parts.by_part[part]),
                value=parts.by_part[part],
                n=parts.by_part[part],
                denominator=parts.due if part in COUNTED else parts.not_counted,
                by=(Splits.STATE, part.value),
                label=_(words.PARTS[part]),
            )
            for part in Part
        ]
        late = self.promises.overdue
        overdue = self._figure(C.PROMISES_OVERDUE, "promises", words.overdue(late), value=late, n=late, denominator=parts.due)
        return [rate, *by_part, replace(overdue, denominator=None)]

    def _checked(self) -> list[Figure]:
        facts = (self.reads, self.place, self.span, self.now)
        areas = happened_by_area(*facts, self.areas.own)
        return self._of_area(areas) if self.area else [*promise_figures(*facts), *areas]

    def _honest_no(self) -> list[Figure]:
        answers, kinds = self.kept[counts.ANSWER].by_cell(), self.kept[counts.NO].by_cell()
        share = rules.Share(answers[Outcome.CANNOT_DO], sum(answers.values()))
        sentence = words.said_no(share.part, share.whole)
        by_kind = [
            self._figure(
                C.HONEST_NO_BY_KIND,
                "answers",
                words.split(_(label), kinds[kind]),
                value=kinds[kind],
                n=kinds[kind],
                denominator=share.part,
                by=(Splits.KIND, kind.value),
                label=_(label),
            )
            for kind, label in closing_words.NO_KINDS.items()
        ]
        return [self._figure(C.HONEST_NO, SHARE, sentence, value=share.rate, n=share.part, denominator=share.whole), *by_kind]

    # ---- narratives --------------------------------------------------------------------------------------------------

    def _stories(self) -> list[Figure]:
        total = self.stories.total()
        kinds = {kind: _(words.STORY_KINDS[kind]) for kind in StoryKind}
        by_kind = self._split(C.STORIES, "stories", Splits.KIND, kinds, self.stories.by(0, closed=True))
        areas = self._split(C.STORIES, "stories", Splits.AREA, self._area_names(), self.stories.by(2, closed=True))
        if self.area:
            return self._of_area(areas)
        return [self._figure(C.STORIES, "stories", words.stories(total, whole=self.span.is_whole), value=total, n=total), *by_kind, *areas]

    def _tellers(self) -> list[Figure]:
        total, by_teller = self.stories.total(), self.stories.by(1)
        return [
            self._figure(
                C.STORIES_BY_TELLER,
                SHARE,
                words.split(_(words.TELLERS[teller]), by_teller[teller]),
                value=rules.Share(by_teller[teller], total).rate,
                n=by_teller[teller],
                denominator=total,
                by=(Splits.KIND, teller.value),
                label=_(words.TELLERS[teller]),
            )
            for teller in Capturer
            if by_teller[teller]
        ]

    def _without_stories(self) -> list[Figure]:
        by_area = self.stories.by(2)
        without = [area for area in self.areas.own.values() if not by_area[area.id]]
        whole = len(self.areas.own)
        sentence = words.areas_without(len(without), whole)
        total = self._figure(C.AREAS_WITHOUT_STORIES, "areas", sentence, value=len(without), n=len(without), denominator=whole)
        listed = [
            self._figure(
                C.AREAS_WITHOUT_STORIES,
                "stories",
                words.split(area.name, 0),
                value=0,
                n=0,
                by=(Splits.AREA, area.code),
                label=area.name,
            )
            for area in without
        ]
        return [total, *listed]

    # ---- system health -----------------------------------------------------------------------------------------------

    def _capture(self) -> list[Figure]:
        messages, numbers = self.kept[counts.CAPTURE], self.kept[tallies.OBSERVATION].live
        own_numbers = {area: n for (area, _cell), n in numbers.items() if area not in self.areas.comparators}
        told = self.stories.captured
        everything = messages.total() + sum(told.values()) + self.promises.all + sum(own_numbers.values())
        from_below = sum(n for teller, n in messages.by_cell().items() if teller in rules.BOTTOM_UP)
        from_below += sum(n for (teller, _named), n in told.items() if teller in rules.BOTTOM_UP)
        in_areas = sum(n for (area, _cell), n in messages.live.items() if area != NOWHERE)
        in_areas += sum(n for (_teller, named), n in told.items() if named)
        in_areas += self.promises.with_area + sum(n for area, n in own_numbers.items() if area not in self.areas.whole)
        with_a_value = count_indicators_with_a_value(self.reads, self.place.id)
        pairs = (
            (C.CAPTURE_BOTTOM_UP, from_below, everything),
            (C.CAPTURE_PLACE_BASED, in_areas, everything),
            (C.CAPTURE_WORDS, len(self.stories.indicators), with_a_value),
        )
        return [
            self._figure(code, SHARE, words.ratio(code, part, whole), value=rules.Share(part, whole).rate, n=part, denominator=whole)
            for code, part, whole in pairs
        ]

    def quiet_members(self) -> list[tallies.Member]:
        """The members that have gone quiet."""
        days = self.place.thresholds.on(Threshold.QUIET_AFTER, self.span.today)
        return [member for member in self.members if rules.has_gone_quiet(member.last_on, self.span.today, days)]

    def _quiet(self) -> Figure:
        quiet, whole = len(self.quiet_members()), len(self.members)
        return self._figure(C.ORGANISATIONS_QUIET, "organisations", words.quiet(quiet, whole), value=quiet, n=quiet, denominator=whole)

    # ---- each figure -------------------------------------------------------------------------------------------------

    def _figure(self, code: FigureCode, unit: str, sentence: str, **facts: Any) -> Figure:
        source = _(words.SOURCES[code]) if code in words.SOURCES else ""
        on = self.span.today if code == C.ORGANISATIONS_QUIET else self.span.judged_on
        definition = words.defined(code, self.place.thresholds, on)
        return Figure(code=code, unit=unit, sentence=sentence, definition=definition, source=source, as_of=self.now, **facts)

    def _area_names(self) -> dict[UUID, str]:
        return {area.id: area.name for area in self.areas.own.values()}

    def _split(self, code: FigureCode, unit: str, by: Splits, names: Mapping[Any, str], found: Mapping[Any, int]) -> list[Figure]:
        """A split of closed months, with small numbers hidden. What belongs to none of the names takes part in the hiding, unseen."""
        cells = {name: found.get(name, 0) for name in names}
        rest = sum(found.values()) - sum(cells.values())
        fewest = self.place.thresholds.on(Threshold.FEWEST_SHOWN, self.span.today)  # today's: an older one would give back what it hides
        shown = split_items({**cells, None: rest} if rest else cells, fewest)
        figures = []
        for name, label in names.items():
            value = shown.cells[name].value
            key = self.areas.own[name].code if by == Splits.AREA else str(name)
            hidden = shown.cells[name].suppressed
            facts = {"value": value, "n": value, "denominator": shown.total, "suppressed": hidden}
            figures.append(self._figure(code, unit, words.split(label, value), by=(by, key), label=label, **facts))
        return figures

    def _of_area(self, figures: Iterable[Figure]) -> list[Figure]:
        return [figure for figure in figures if figure.by == (Splits.AREA, self.area)]


def publication_sums(figures: Iterable[Figure]) -> dict[Publication, int]:
    """How many messages stand where on the way to being public."""
    return {Publication(f.by[1]): f.n or 0 for f in figures if f.code == C.MESSAGES_BY_PUBLICATION and f.by}


def span_words(span: Span) -> str:
    """The span as a page says it."""
    if span.first and span.last and (span.first.year, span.first.month) == (span.last.year, span.last.month):
        return month(span.first)
    if span.first and span.last:
        return _("%(first)s to %(last)s", first=month(span.first), last=month(span.last))
    if span.first:
        return _("From %(first)s to now", first=month(span.first))
    if span.last:
        return _("Until the end of %(last)s", last=month(span.last))
    return _("From the beginning to %(date)s", date=day(span.today))
