"""Which moves a promise allows, who may make them, when it is late, and which promises count in the kept rate.

Nobody marks their own homework: the maker, and any key, may claim; only somebody else settles, releases or agrees to a change.
Source: docs/measures.md#promises.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from service.language import N_
from service.promises.models import OURS, YOURS, Side, Standing

S = Standing

OPEN = frozenset({S.MADE, S.UNDER_WAY, S.STALLED})
"""Standings in which a promise can be late."""

FINAL = frozenset({S.KEPT, S.PARTLY_KEPT, S.BROKEN, S.CHANGED, S.RELEASED})
"""Standings that count as an end, though a kept promise can lapse and a broken one be picked up."""

UNPUBLISHED = frozenset({S.DRAFT, S.PROPOSED})
PUBLIC = frozenset(Standing) - UNPUBLISHED
"""Standings in which everybody may read a promise."""

_MOVES: dict[Standing, frozenset[Standing]] = {
    S.DRAFT: frozenset({S.PROPOSED, S.MADE, S.INVITED}),
    S.PROPOSED: frozenset({S.MADE}),
    S.MADE: frozenset({S.UNDER_WAY, S.STALLED, S.CLAIMED_KEPT, S.CHANGED, S.RELEASED, S.BROKEN}),
    S.UNDER_WAY: frozenset({S.STALLED, S.CLAIMED_KEPT, S.CHANGED, S.RELEASED, S.BROKEN}),
    S.STALLED: frozenset({S.UNDER_WAY, S.CLAIMED_KEPT, S.CHANGED, S.RELEASED, S.BROKEN}),
    S.CLAIMED_KEPT: frozenset({S.KEPT, S.DISPUTED, S.BROKEN}),
    S.DISPUTED: frozenset({S.KEPT, S.PARTLY_KEPT, S.BROKEN, S.UNDER_WAY}),
    S.KEPT: frozenset({S.UNDER_WAY, S.BROKEN}),
    S.PARTLY_KEPT: frozenset(),
    S.BROKEN: frozenset({S.UNDER_WAY}),
    S.CHANGED: frozenset(),
    S.RELEASED: frozenset(),
    S.INVITED: frozenset({S.TAKEN_UP}),
    S.TAKEN_UP: frozenset({S.DONE, S.LET_GO, S.PAUSED}),
    S.PAUSED: frozenset({S.TAKEN_UP, S.LET_GO}),
    S.DONE: frozenset(),
    S.LET_GO: frozenset(),
}

CLAIMS = frozenset({S.UNDER_WAY, S.STALLED, S.CLAIMED_KEPT, S.BROKEN, S.CHANGED})
"""Where a key, or the maker alone, may move a promise."""

SETTLED_BY_OTHERS = frozenset({S.KEPT, S.PARTLY_KEPT, S.DISPUTED, S.RELEASED})
"""Where only somebody from outside the maker may move it."""


FOR_THE_MAKER_TO_SAY = CLAIMS - {S.CHANGED}
"""What nobody of another organisation says of a promise that is open."""


class Mover(StrEnum):
    """Who moves a promise, seen from its maker. `place`: somebody who works for the whole place, and may write down what makers say."""

    KEY = "key"
    MAKER = "maker"
    PLACE = "place"
    OTHER = "other"


OUTSIDE = frozenset({Mover.PLACE, Mover.OTHER})
"""Who is not of the maker, and so may check it."""


def moves(standing: Standing, mover: Mover, side: Side = Side.OUR_PART) -> frozenset[Standing]:
    """Where this mover may move a promise from here."""
    reachable = _MOVES[standing] & frozenset(OURS if side == Side.OUR_PART else YOURS)
    if mover == Mover.KEY:
        # Two checkers settle a dispute; the maker may always own up to a break. Drafts and the community's part are for people.
        return reachable & ({S.BROKEN} if standing == S.DISPUTED else CLAIMS if side == Side.OUR_PART else frozenset())
    if mover == Mover.PLACE or side == Side.YOUR_PART or standing == S.DISPUTED:
        return reachable
    if mover == Mover.MAKER:
        return reachable if standing in UNPUBLISHED else reachable & CLAIMS
    return frozenset() if standing in UNPUBLISHED else reachable - FOR_THE_MAKER_TO_SAY if standing in OPEN else reachable


def needs_a_second_checker(standing: Standing, to: Standing, mover: Mover) -> bool:
    """Whether one person's verdict is not enough: every way out of a dispute, except that the maker owns up to a break."""
    return standing == S.DISPUTED and not (to == S.BROKEN and mover not in OUTSIDE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one checker found, and whether they are from outside the maker. `checker` tells checkers apart."""

    checker: str
    to: Standing
    outside: bool


def is_agreed(verdicts: Iterable[Verdict], to: Standing) -> bool:
    """Whether two different checkers found the same, at least one of them from outside the maker."""
    same = {verdict.checker: verdict.outside for verdict in verdicts if verdict.to == to}
    return len(same) >= 2 and any(same.values())


def may_say_agreed(mover: Mover) -> bool:
    """Whether this mover's word that the community agreed to a change, or let a promise go, is enough."""
    return mover in OUTSIDE


def lacking(made_on: date | None, due_on: date | None, review_by: date | None, kept_when: str | None) -> dict[str, str]:
    """What a promise must say before everybody can read it and does not say yet: a sentence by field."""
    needed = {
        "made_on": (made_on is None, N_("Say on which day it was said.")),
        "due_on": (due_on is None and review_by is None, N_("Say by when, or when you will look at it again.")),
        "kept_when": (not kept_when, N_("Say what will count as kept.")),
    }
    return {name: sentence for name, (lacks, sentence) in needed.items() if lacks}


def may_change_deal(own: Collection[UUID], makers: Collection[UUID | None], *, whole_place: bool) -> bool:
    """Whether somebody may tell a deal in other words: who works for the whole place, or speaks for all who promised in it."""
    return whole_place or (bool(own) and all(maker is None or maker in own for maker in makers))


def is_overdue(side: Side, standing: Standing, due_on: date | None, today: date) -> bool:
    """Past its due date and nothing claimed. Computed from the clock, never stored; a review date makes nothing late."""
    return side == Side.OUR_PART and standing in OPEN and due_on is not None and due_on < today


def is_milestone_late(due_on: date, done_on: date | None, today: date) -> bool:
    """Whether a step on the way should have been taken by now. It is said, and moves nothing."""
    return done_on is None and due_on < today


def is_review_due(standing: Standing, review_by: date | None, today: date) -> bool:
    """Whether the promise should be looked at again by now."""
    return standing in OPEN and review_by is not None and review_by < today


# ---- the kept rate ---------------------------------------------------------------------------------------------------


class Part(StrEnum):
    """Where one of our promises stands in the count: the first seven make the denominator, the last three are listed beside it."""

    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    OVERDUE = "overdue"
    CLAIMED = "claimed_not_checked"
    DISPUTED = "disputed"
    CHANGED = "changed_without_agreement"
    NOT_DUE = "not_yet_due"
    RELEASED = "released"
    CHANGED_AGREED = "changed_with_agreement"


COUNTED = (Part.KEPT, Part.PARTLY_KEPT, Part.BROKEN, Part.OVERDUE, Part.CLAIMED, Part.DISPUTED, Part.CHANGED)


def part_of(standing: Standing, due_on: date | None, today: date, *, community_agreed: bool | None, settled_before: bool = False) -> Part:
    """Where a promise of ours stands in the count today. Kept early counts now; claimed or disputed counts once past due.

    One that was settled before and is taken up again stays in the count, as not kept, or nobody could move it out of there.
    """
    past_due = due_on is not None and due_on < today
    settled = {S.KEPT: Part.KEPT, S.PARTLY_KEPT: Part.PARTLY_KEPT, S.BROKEN: Part.BROKEN, S.RELEASED: Part.RELEASED}
    waiting = {S.CLAIMED_KEPT: Part.CLAIMED, S.DISPUTED: Part.DISPUTED}
    if standing in settled:
        return settled[standing]
    if standing == S.CHANGED:
        return Part.CHANGED_AGREED if community_agreed else Part.CHANGED
    if not past_due:
        return Part.BROKEN if settled_before else Part.NOT_DUE
    return waiting.get(standing, Part.OVERDUE)
