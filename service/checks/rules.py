"""What checks count for, what they move, and what may be said of them by area.

Source: docs/measures.md#community-checks.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from service.checks.models import Came, Residents, Tally, Verdict
from service.language import _, number
from service.promises.models import Side, Standing
from service.promises.rules import OPEN

S = Standing
ENOUGH = 5
"""Checks with a code that it takes to say anything."""

JUDGED = frozenset({S.CLAIMED_KEPT, S.DISPUTED, S.KEPT, S.PARTLY_KEPT, S.BROKEN})
"""Standings in which a check says whether it happened; in those that are open, whether it is happening."""

SAID_DONE = frozenset({S.CLAIMED_KEPT, S.DISPUTED, S.KEPT, S.PARTLY_KEPT})

Place = TypeVar("Place")


def may_be_checked(side: Side, standing: Standing) -> bool:
    """Whether residents are asked: of what organisations promised, while it stands. What the community takes on is never scored."""
    return side == Side.OUR_PART and standing in OPEN | JUDGED


def phase_of(moves: Iterable[tuple[int, Standing | None, Standing | None]]) -> int:
    """The stretch of its history in which a promise is: the number of the entry by which it was last claimed or taken up again.

    What was said of an earlier claim says nothing of this one. `moves` are (number, from, to), oldest first.
    """
    phase = 0
    for at, moved_from, moved_to in moves:
        if moved_to == S.CLAIMED_KEPT or (moved_to in OPEN and moved_from not in OPEN):
            phase = at
    return phase


def counts_fully(came: Came) -> bool:
    """Whether a check is counted with those that can move a promise."""
    return came != Came.OPEN


def happened(tally: Tally) -> bool:
    """Whether so many say that it happened that it counts as kept: 5 checks with a code at least, 60% of them yes."""
    return tally.answered >= ENOUGH and tally.yes * 5 >= tally.answered * 3


def move_after(standing: Standing, verdict: Verdict, came: Came, tally: Tally) -> Standing | None:
    """Where this check moves a promise; `tally` counts those with a code, this one included. None: nowhere.

    Only a claim that waits is moved: one no disputes it at once, and the check that makes it enough settles it.
    """
    if standing != S.CLAIMED_KEPT or not counts_fully(came):
        return None
    if verdict == Verdict.NO:
        return S.DISPUTED
    return S.KEPT if happened(tally) else None


def disagreement(standing: Standing, said: Residents) -> str | None:
    """The sentence for a maker who says that it is done while others say not; None where they do not disagree."""
    if standing not in SAID_DONE:
        return None
    told = {"no": number(said.no), "n": number(said.spoke)}
    if said.no and (standing == S.DISPUTED or (said.spoke >= ENOUGH and said.no * 2 > said.spoke)):
        return _("They say done; %(no)s of the %(n)s who answered say not.", **told)
    return _("They say done; somebody who looked says not.") if standing == S.DISPUTED else None


def by_area(rows: Mapping[Place, tuple[int, int]], fewest: int) -> dict[Place, tuple[int, int] | None]:
    """What may be shown of each area's (yes, otherwise); None where it is hidden.

    An area with 1 to 4 of either is hidden whole, and with it as many others as it takes, so that taking the rest from the whole
    place's exact numbers gives nobody's answer back.
    """
    totals = {place: yes + other for place, (yes, other) in rows.items()}
    hidden = {place for place, cells in rows.items() if any(0 < cell < fewest for cell in cells)}
    further = sorted((place for place in rows if place not in hidden), key=lambda place: (totals[place] == 0, totals[place], str(place)))
    for place in further:
        if not hidden or (len(hidden) >= 2 and sum(totals[one] for one in hidden) >= fewest):
            break
        hidden.add(place)
    return {place: None if place in hidden else cells for place, cells in rows.items()}
