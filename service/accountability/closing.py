"""Whether loops were closed, as figures: with the rest told apart, what senders say of answers, and how long the first one takes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from service.accountability import closing_words as said
from service.accountability import rules, words
from service.accountability.models import Figure, FigureCode, Span, Splits
from service.database import ReadSession
from service.days import day_begins
from service.feedback import counts
from service.feedback.models import Capturer, Feedback, Outcome, Reply, State
from service.language import _, number
from service.loop import counts as loops
from service.loop.counts import Said
from service.loop.models import Better
from service.loop.queries import find_undertakings
from service.loop.rules import Part, Undertaking, part_of, undertaking_of_task
from service.places.models import Threshold
from service.places.queries import PlaceCard
from service.promises.models import Promise, Standing
from service.promises.rules import COUNTED
from service.promises.rules import part_of as part_of_promise
from service.rollups import Rollup

C = FigureCode

TEN = 10
"""Working days: a courtesy, the same step as the first one of complaints to a council, and no claim of keeping to that."""

_messages, _answers, _promises = said.MESSAGES, said.ANSWERS, said.PROMISES


@dataclass(frozen=True, slots=True)
class Cohort:
    """The messages that count where answers are counted: how many there are, how many wait, and what tells them apart in a query."""

    place: PlaceCard
    span: Span
    waits: Mapping[int, int]
    counted_after: int

    @property
    def whole(self) -> int:
        return sum(self.waits.values())

    @property
    def unanswered(self) -> int:
        return self.waits.get(rules.UNANSWERED, 0)

    def holds(self, of: Any) -> ColumnElement[bool]:
        """Whether a message is one of them; `of` has the columns of messages."""
        asked = [
            of.collaboration_id == self.place.id,
            of.captured_by != Capturer.IMPORT,
            of.received_at < day_begins(self.until + timedelta(days=1), self.place.time_zone),
        ]
        if self.span.first:
            asked.append(of.received_at >= day_begins(self.span.first, self.place.time_zone))
        return and_(*asked)

    @property
    def until(self) -> date:
        """The last day of receipt that counts."""
        return min(rules.cohort_until(self.span.today, self.counted_after), self.span.last or date.max)

    def kept(self, reads: ReadSession, *subjects: str) -> Iterable[tuple[str, str, int]]:
        """The kept counts of these messages: subject, cell, and how many."""
        query = (
            columns(col(Rollup.subject), col(Rollup.cell), func.sum(col(Rollup.count)))
            .where(
                col(Rollup.collaboration_id) == self.place.id,
                col(Rollup.subject).in_(subjects),
                col(Rollup.period) <= self.until.isoformat(),
                col(Rollup.period) >= (self.span.first.isoformat() if self.span.first else ""),
            )
            .group_by(col(Rollup.subject), col(Rollup.cell))
        )
        return ((subject, cell, int(n)) for subject, cell, n in reads.execute(query) if n)


def closing_figures(
    reads: ReadSession, place: PlaceCard, span: Span, waits: Mapping[int, int], counted_after: int, now: datetime
) -> list[Figure]:
    """The figures, in the order in which they are read."""
    cohort = Cohort(place, span, waits, counted_after)
    whole, parts = cohort.whole, _count_parts(reads, cohort)
    closed = whole - sum(parts.values())
    days, silence = number(counted_after), place.thresholds.on(Threshold.UNCONTESTED_AFTER, span.judged_on)
    figure = partial(Figure, as_of=now)
    shown = [
        figure(
            C.LOOP_BY_PART,
            "messages",
            words.split(_(label), parts[part]),
            _(said.REST, days=days),
            _(_answers),
            value=parts[part],
            n=parts[part],
            denominator=whole - closed,
            by=(Splits.STATE, part.value),
            label=_(label),
        )
        for part, label in said.PARTS.items()
    ]
    closed_rate = figure(
        C.LOOP_CLOSED_RATE,
        "share",
        said.closed(closed, whole, counted_after),
        " ".join((_(said.CLOSED, days=days), _(said.UNCONTESTED, days=number(silence)))),
        _(_answers),
        value=rules.Share(closed, whole).rate,
        n=closed,
        denominator=whole,
    )
    in_time = sum(n for lag, n in waits.items() if 0 <= lag <= TEN)
    within = figure(
        C.ANSWERED_WITHIN_10,
        "share",
        said.in_time(in_time, whole, counted_after),
        _(said.IN_TIME, days=days),
        _(_answers),
        value=rules.Share(in_time, whole).rate,
        n=in_time,
        denominator=whole,
    )
    answered = rules.answered(waits).part
    return [within, _longest(reads, cohort, now), closed_rate, *shown, *_checks(reads, cohort, answered, now), _as_said(reads, cohort, now)]


# ---- where each message stands ---------------------------------------------------------------------------------------


def _count_parts(reads: ReadSession, cohort: Cohort) -> Counter[Part]:
    """The messages whose loop is not closed, by where they stand. One that was put together with another stands where that one does."""
    parts: Counter[Part] = Counter({Part.UNANSWERED: cohort.unanswered})
    undertaken: Counter[Said] = Counter()
    several = set()
    for subject, cell, n in cohort.kept(reads, loops.STANDS, loops.WITH_ANOTHER, loops.WAITS_WITH_ANOTHER):
        parts[Part.UNANSWERED] -= n * (subject == loops.WAITS_WITH_ANOTHER)
        if one := loops.said_in(cell):
            undertaken[one] += n
        elif cell == loops.SEVERAL:
            several.add(subject == loops.STANDS)
        else:
            parts[Part(cell)] += n
    undertakings = find_undertakings(reads, cohort.place.id, {one.promise for one in undertaken if one.promise})
    for one, n in undertaken.items():
        parts[_part([undertakings[one.promise] if one.promise else _smaller(one)], one.told_on, cohort)] += n
    for alone in several:
        parts.update(_count_several(reads, cohort, alone=alone))
    del parts[Part.CLOSED]
    return parts


def _part(undertakings: Iterable[Undertaking], told_on: date | None, cohort: Cohort) -> Part:
    return part_of(State.REPLIED, replied=True, undertakings=undertakings, told_on=told_on, today=cohort.span.today)


def _smaller(one: Said) -> Undertaking:
    return undertaking_of_task(one.due_on or date.max, one.done_on)


def _count_several(reads: ReadSession, cohort: Cohort, *, alone: bool) -> Counter[Part]:
    """Whose answers said several things: the worst of these counts. They are few, and are found by their answers."""
    many = (
        columns(col(Reply.feedback_id))
        .where(col(Reply.collaboration_id) == cohort.place.id, col(Reply.outcome) == Outcome.WILL_DO)
        .group_by(col(Reply.feedback_id))
        .having(func.count() > 1)
    )
    of: Any = Feedback if alone else aliased(Feedback)
    query = columns(col(of.id), func.count()).select_from(Feedback)
    if not alone:
        query = query.join(of, and_(of.collaboration_id == Feedback.collaboration_id, of.id == Feedback.merged_into_id))
        query = query.where(col(Feedback.state) == State.MERGED)
    query = query.where(cohort.holds(Feedback), col(of.id).in_(many), col(of.state) == State.REPLIED).group_by(col(of.id))
    messages = {message_id: int(n) for message_id, n in reads.execute(query)}
    several = {one: found for one, found in loops.find_all_said(reads, cohort.place, messages).items() if len(found) > 1}
    undertakings = find_undertakings(reads, cohort.place.id, {one.promise for found in several.values() for one in found if one.promise})
    parts: Counter[Part] = Counter()
    for message_id, found in several.items():
        theirs = [undertakings[one.promise] if one.promise else _smaller(one) for one in found]
        parts[_part(theirs, found[0].told_on, cohort)] += messages[message_id]
    return parts


# ---- the other figures -----------------------------------------------------------------------------------------------


def _checks(reads: ReadSession, cohort: Cohort, answered: int, now: datetime) -> list[Figure]:
    """What senders say of the last answer that they judged, one voice for each message."""
    by_better = {Better(better) if better else None: n for _subject, better, n in cohort.kept(reads, loops.JUDGED)}
    yes, checked = by_better.get(Better.YES, 0), sum(by_better.values())
    judged = sum(by_better.get(one, 0) for one in (Better.YES, Better.PARTLY, Better.NO))
    return [
        Figure(
            C.BETTER_NOW,
            "share",
            said.better(yes, judged),
            _(said.BETTER),
            _(_answers),
            now,
            value=rules.Share(yes, judged).rate,
            n=yes,
            denominator=judged,
        ),
        Figure(
            C.CHECKS_GIVEN,
            "share",
            said.checked(checked, answered),
            _(said.CHECKED, days=number(cohort.counted_after)),
            _(_answers),
            now,
            value=rules.Share(checked, answered).rate,
            n=checked,
            denominator=answered,
        ),
    ]


def _longest(reads: ReadSession, cohort: Cohort, now: datetime) -> Figure:
    """The oldest message that waits, however young: its day is in the kept counts."""
    query = (
        columns(col(Rollup.period), func.sum(col(Rollup.count)))
        .where(
            col(Rollup.collaboration_id) == cohort.place.id, col(Rollup.subject) == counts.WAIT, col(Rollup.cell) == counts.STILL_WAITING
        )
        .group_by(col(Rollup.period))
    )
    waiting = {date.fromisoformat(day): int(n) for day, n in reads.execute(query) if n}
    asked = {day: n for day, n in waiting.items() if cohort.span.holds(day)}
    days = (cohort.span.today - min(asked)).days if asked else None
    return Figure(
        C.LONGEST_WAIT, "days", said.longest(days), _(said.LONGEST), _(_messages), now, value=days, n=sum(asked.values()), denominator=None
    )


def _as_said(reads: ReadSession, cohort: Cohort, now: datetime) -> Figure:
    """Each answer counts, as each sender was told so."""
    kept = columns(col(Rollup.cell), func.sum(col(Rollup.count))).where(
        col(Rollup.collaboration_id) == cohort.place.id, col(Rollup.subject) == loops.SAID_DO
    )
    undertaken = {loops.said_in(cell): int(n) for cell, n in reads.execute(kept.group_by(col(Rollup.cell))) if n}
    facts = ("standing", "due_on", "settled_on", "claimed_on", "community_agreed")
    promised = {one.promise: n for one, n in undertaken.items() if one and one.promise}
    query = columns(col(Promise.id), *(col(getattr(Promise, name)) for name in facts)).where(
        col(Promise.collaboration_id) == cohort.place.id, col(Promise.id).in_(promised)
    )
    promises = [(*row, promised[promise_id]) for promise_id, *row in reads.execute(query)]
    tasks = [(_smaller(one).standing, one.due_on, one.done_on, one.done_on, None, n) for one, n in undertaken.items() if one and one.due_on]
    done = due = 0
    for standing, due_on, settled_on, claimed_on, agreed, n in [*promises, *tasks]:
        day = rules.promise_day(due_on, settled_on)
        if part_of_promise(standing, due_on, cohort.span.today, community_agreed=agreed) not in COUNTED or not (
            day and cohort.span.holds(day)
        ):
            continue
        due += n
        by_then = claimed_on or settled_on
        done += n * (standing == Standing.KEPT and (due_on is None or (by_then is not None and by_then <= due_on)))
    share = rules.Share(done, due)
    return Figure(
        C.DID_WHAT_WE_SAID, "share", said.as_said(done, due), _(said.AS_SAID), _(_promises), now, value=share.rate, n=done, denominator=due
    )
