"""Whether loops were closed, as figures: with the rest told apart, what senders say of answers, and how long the first one takes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from service.accountability import closing_words as said
from service.accountability import rules, words
from service.accountability.models import Figure, FigureCode, Span, Splits
from service.database import ReadSession
from service.days import day_begins, local_day
from service.feedback import counts
from service.feedback.models import Capturer, Feedback, Outcome, Reply, State
from service.feedback.rules import OPEN, OUT_OF_COHORT
from service.language import _, number
from service.loop.models import Addition, Better, FollowUp
from service.loop.queries import find_undertakings, same_task
from service.loop.rules import Part, Undertaking, part_of, undertaking_of_task
from service.places.models import Threshold
from service.places.queries import PlaceCard
from service.promises.models import Promise, Standing
from service.promises.rules import COUNTED
from service.promises.rules import part_of as part_of_promise
from service.rollups import Rollup
from service.tasks.models import Task

C = FigureCode

TEN = 10
"""Working days: a courtesy, the same step as the first one of complaints to a council, and no claim of keeping to that."""

LIVING = (*OPEN, State.REPLIED, State.SAFEGUARDING_HOLD)
"""States of messages whose loop is not closed; those without an answer are in the kept counts."""

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
        until = min(rules.cohort_until(self.span.today, self.counted_after), self.span.last or date.max)
        asked = [
            of.collaboration_id == self.place.id,
            of.captured_by != Capturer.IMPORT,
            of.received_at < day_begins(until + timedelta(days=1), self.place.time_zone),
        ]
        if self.span.first:
            asked.append(of.received_at >= day_begins(self.span.first, self.place.time_zone))
        return and_(*asked)


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
    parent = aliased(Feedback)
    for of in (Feedback, parent):
        living = and_(col(Feedback.state).in_(LIVING), col(Feedback.replied_at).is_not(None))
        own = living if of is Feedback else col(Feedback.state) == State.MERGED
        cases = _cases(cohort, of).where(own)
        for state, replied, waited, number_ in reads.execute(cases):
            parts[Part.UNANSWERED] -= number_ * (not waited)
            parts[part_of(State(state), replied=bool(replied), undertakings=(), told_on=None, today=cohort.span.today)] += number_
        _move_promised(reads, cohort, of, own, parts)
    del parts[Part.CLOSED]
    return parts


def _cases(cohort: Cohort, of: Any) -> Any:
    """How many messages are alike in what decides where they stand; `of` is the message itself, or the one it was put together with."""
    replied, waited = col(of.replied_at).is_not(None), col(Feedback.replied_at).is_not(None)
    query = columns(col(of.state), replied, waited, func.count()).select_from(Feedback)
    return _joined(query, of).where(cohort.holds(Feedback)).group_by(col(of.state), replied, waited)


def _joined(query: Any, of: Any) -> Any:
    if of is Feedback:
        return query
    return query.join(of, and_(of.collaboration_id == Feedback.collaboration_id, of.id == Feedback.merged_into_id))


def _move_promised(reads: ReadSession, cohort: Cohort, of: Any, own: ColumnElement[bool], parts: Counter[Part]) -> None:
    """Those that were answered with a promise stand where the promise does."""
    told = (
        columns(func.max(FollowUp.at))
        .where(col(FollowUp.collaboration_id) == of.collaboration_id, col(FollowUp.feedback_id) == of.id)
        .correlate(of)
        .scalar_subquery()
    )
    query = columns(col(Feedback.id), col(Reply.promise_id), col(Reply.task_due_on), col(Task.done_on), told).select_from(Feedback)
    query = (
        _joined(query, of)
        .join(
            Reply,
            and_(
                col(Reply.collaboration_id) == of.collaboration_id,
                col(Reply.feedback_id) == of.id,
                col(Reply.outcome) == Outcome.WILL_DO,
            ),
        )
        .join(Task, same_task(), isouter=True)
    )
    found: dict[Any, set[Any]] = {}
    smaller: dict[Any, list[Undertaking]] = {}
    told_on: dict[Any, date | None] = {}
    for message_id, promise_id, due_on, done_on, at in reads.execute(query.where(cohort.holds(Feedback), own, of.state == State.REPLIED)):
        found.setdefault(message_id, set()).update({promise_id} - {None})
        smaller.setdefault(message_id, []).extend([undertaking_of_task(due_on, done_on)] if due_on else [])
        told_on[message_id] = local_day(at, cohort.place.time_zone) if at else None
    undertakings = find_undertakings(reads, cohort.place.id, {one for ids in found.values() for one in ids})
    for message_id, ids in found.items():
        theirs = [*(undertakings[one] for one in ids), *smaller[message_id]]
        facts = {"undertakings": theirs, "told_on": told_on[message_id], "today": cohort.span.today}
        parts[Part.ANSWERED] -= 1
        parts[part_of(State.REPLIED, replied=True, **facts)] += 1  # type: ignore[arg-type]


# ---- the other figures -----------------------------------------------------------------------------------------------


def _checks(reads: ReadSession, cohort: Cohort, answered: int, now: datetime) -> list[Figure]:
    """What senders say of the last answer that they judged, one voice for each message."""
    later = aliased(Addition)
    newer = (
        columns(col(later.id))
        .where(
            col(later.collaboration_id) == Addition.collaboration_id,
            col(later.feedback_id) == Addition.feedback_id,
            col(later.answered).is_not(None),
            or_(col(later.at) > Addition.at, and_(col(later.at) == Addition.at, col(later.id) > Addition.id)),
        )
        .exists()
    )
    query = (
        columns(col(Addition.better), func.count())
        .join(Feedback, and_(col(Feedback.collaboration_id) == Addition.collaboration_id, col(Feedback.id) == Addition.feedback_id))
        .where(cohort.holds(Feedback), col(Feedback.state).not_in(OUT_OF_COHORT), col(Addition.answered).is_not(None), ~newer)
        .group_by(col(Addition.better))
    )
    by_better = {Better(better) if better else None: int(n) for better, n in reads.execute(query)}
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
    facts = ("standing", "due_on", "settled_on", "claimed_on", "community_agreed")
    query = (
        columns(*(col(getattr(Promise, name)) for name in facts), func.count())
        .select_from(Reply)
        .join(Promise, and_(col(Promise.collaboration_id) == Reply.collaboration_id, col(Promise.id) == Reply.promise_id))
        .where(col(Reply.collaboration_id) == cohort.place.id, col(Reply.outcome) == Outcome.WILL_DO)
        .group_by(*(col(getattr(Promise, name)) for name in facts))
    )
    tasks = columns(col(Reply.task_due_on), col(Task.done_on), func.count()).join(Task, same_task())
    tasks = tasks.where(col(Reply.collaboration_id) == cohort.place.id).group_by(col(Reply.task_due_on), col(Task.done_on))
    smaller = [(undertaking_of_task(by, done_on).standing, by, done_on, done_on, None, n) for by, done_on, n in reads.execute(tasks)]
    done = due = 0
    for standing, due_on, settled_on, claimed_on, agreed, n in [*reads.execute(query), *smaller]:
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
