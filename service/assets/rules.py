"""Where a transfer may go, when it must be looked at again, and when fewer people can use it than before.

Source: docs/measures.md#asset-transfers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.assets.models import Standing

S = Standing

_MOVES: Mapping[Standing, tuple[Standing, ...]] = {
    S.PROPOSED: (S.CHECKS_DONE,),
    S.CHECKS_DONE: (S.TRANSFERRED,),
    S.TRANSFERRED: (S.REVIEWED,),
    S.REVIEWED: (S.KEPT, S.HANDED_BACK),
    S.KEPT: (),
    S.HANDED_BACK: (),
}

OPEN = (S.PROPOSED, S.CHECKS_DONE, S.TRANSFERRED, S.REVIEWED)
"""Standings in which something is still to be done."""

MOST_MONTHS = 12
"""Calendar months until it is looked at again, at the latest."""

LARGE_DROP = 0.20
"""A loss of more than this share of a group is said out loud."""


def moves(standing: Standing) -> tuple[Standing, ...]:
    """Where it may go from here."""
    return _MOVES[standing]


def latest_review(moved_on: date) -> date:
    """The last day on which it may be looked at again: twelve months on; from 29 February, the 28th."""
    try:
        return moved_on.replace(year=moved_on.year + 1)
    except ValueError:
        return moved_on.replace(year=moved_on.year + 1, day=28)


def is_review_due(standing: Standing, review_on: date | None, today: date) -> bool:
    """Whether it should have been looked at by now."""
    return standing == S.TRANSFERRED and review_on is not None and review_on < today


def drop(before: int, after: int) -> float:
    """The share of a group that is lost: 0.25 for 40 before and 30 after. Nothing is lost where nobody was, or more came."""
    return max(0.0, (before - after) / before) if before else 0.0


def is_large(before: int, after: int) -> bool:
    """Whether more than a fifth of a group is lost. Worked check: 40 to 32 is a fifth, and not more; 40 to 31 is."""
    return before > 0 and (before - after) * 5 > before


@dataclass(frozen=True, slots=True)
class Shown:
    """A count of people as everybody may read it: `value` None where too few stand behind it; `most` is what it can be at most."""

    value: int | None
    least: int
    most: int


def shown_drop(before: Shown, after: Shown) -> bool | None:
    """Whether the figures that are shown say that more than a fifth is lost; None where they cannot.

    Shares come from rounded figures. Where one is hidden, the answer is given only if every number that it may hide gives the same.
    """
    if before.value is not None and after.value is not None:
        return is_large(before.value, after.value)
    worst, best = is_large(before.most, after.least), is_large(before.least, after.most)
    return worst if worst == best else None
