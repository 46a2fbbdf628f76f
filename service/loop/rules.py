"""When a loop is closed and when it opens again, and where a message stands in the count. Source: docs/measures.md#loop-closed-rate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.feedback.models import Outcome, State
from service.feedback.rules import OPEN
from service.loop.models import Answered, Better, HopKind
from service.promises.models import Standing

REMIND_FROM = 8
"""The hour of a working day, in the place's own time, from which letters about what is due are sent."""

SAID_DONE = frozenset({Outcome.DONE, Outcome.ALREADY_DOING})
"""Answers that say it is better already: who says it is not, contests them."""

QUIET = frozenset({HopKind.CLOSED, HopKind.CONTESTED})
"""What nobody gets a letter about."""

DONE = frozenset({Standing.KEPT})
"""A promise that is done, checked by somebody other than its maker."""

LIVE = frozenset({Standing.MADE, Standing.UNDER_WAY, Standing.STALLED, Standing.CLAIMED_KEPT})
"""A promise that may still be kept by its day."""


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What an answer said would be done: the promise, or the one that took its place with the community's agreement."""

    standing: Standing
    due_on: date | None
    settled_on: date | None


def undertaking_of_task(due_on: date, done_on: date | None) -> Undertaking:
    """Something smaller than a promise counts as one: it is done when who answers for it says so and tells the sender."""
    return Undertaking(Standing.KEPT if done_on else Standing.MADE, due_on, done_on)


class Part(StrEnum):
    """Where a message stands in the count of closed loops."""

    CLOSED = "closed"
    UNANSWERED = "unanswered"
    OPEN_AGAIN = "open_again"
    NOT_DUE = "not_due"
    LATE = "late"
    NOT_TOLD = "not_told"
    ANSWERED = "answered"


def reopens(answered: Answered, better: Better | None, outcome: Outcome, *, said_done: bool = False) -> bool:
    """Whether what a sender says opens their message again: the answer was none, or what was said to be done is not.

    "Not better" to an honest no, or before the day that was named, is no news to anybody. `said_done`: we told them since that it is.
    """
    return answered == Answered.NO or (better == Better.NO and (said_done or outcome in SAID_DONE))


def agrees(answered: Answered, better: Better | None) -> bool:
    """Whether a sender says that they were answered, and nothing against it."""
    return answered in (Answered.YES, Answered.PARTLY) and better != Better.NO


def part_of_undertakings(undertakings: Iterable[Undertaking], told_on: date | None, today: date) -> Part | None:
    """Where what was promised stands: the worst of it counts. None where all is done and the sender was told so since."""
    found: Part | None = None
    for one in undertakings:
        if one.standing in DONE:
            told = told_on is not None and (one.settled_on is None or told_on >= one.settled_on)
            found = found or (None if told else Part.NOT_TOLD)
        elif one.standing in LIVE and (one.due_on is None or one.due_on >= today):
            found = found if found == Part.LATE else Part.NOT_DUE
        else:
            found = Part.LATE
    return found


def part_of(state: State, *, replied: bool, undertakings: Iterable[Undertaking], told_on: date | None, today: date) -> Part:
    """Where a message stands in the count of closed loops."""
    if not replied:
        return Part.UNANSWERED
    if state == State.LOOP_CLOSED:
        return Part.CLOSED
    if state in (*OPEN, State.SAFEGUARDING_HOLD):
        return Part.OPEN_AGAIN
    return part_of_undertakings(undertakings, told_on, today) or Part.ANSWERED


def may_close(state: State, undertakings: Iterable[Undertaking], told_on: date | None, today: date) -> bool:
    """Whether the loop may be closed: nothing was promised, or it was done and the sender was told."""
    return state == State.REPLIED and part_of_undertakings(undertakings, told_on, today) is None


def may_follow_up(state: State, replied_at: datetime | None) -> bool:
    """Whether something can be told of what became of it: after an answer, for as long as the words are there."""
    return replied_at is not None and state in (State.REPLIED, State.LOOP_CLOSED)


def may_reopen(state: State) -> bool:
    """Whether staff may open it again, where an answer was wrong."""
    return state in (State.REPLIED, State.LOOP_CLOSED)
