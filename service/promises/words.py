"""What is said to staff of where a promise may go."""

from collections.abc import Iterable

from service.language import N_, _
from service.promises.models import Standing

MOVES = {
    Standing.PROPOSED: N_("Put it forward; it stays unpublished"),
    Standing.MADE: N_("Publish it: it is promised"),
    Standing.UNDER_WAY: N_("It is being done"),
    Standing.STALLED: N_("It is stuck"),
    Standing.CLAIMED_KEPT: N_("It is done, as its maker says"),
    Standing.KEPT: N_("Somebody else checked: it is done"),
    Standing.PARTLY_KEPT: N_("Somebody else checked: part of it is done"),
    Standing.DISPUTED: N_("Somebody else checked: it is not as they say"),
    Standing.BROKEN: N_("It was not done"),
    Standing.CHANGED: N_("It is changed: another promise takes its place"),
    Standing.RELEASED: N_("The community let it go"),
    Standing.INVITED: N_("Publish it: the community is asked"),
    Standing.TAKEN_UP: N_("Somebody takes it up"),
    Standing.DONE: N_("It is done"),
    Standing.LET_GO: N_("It is let go"),
    Standing.PAUSED: N_("It rests"),
}


def cannot_go(allowed: Iterable[Standing]) -> str:
    """The sentence for a move that is not allowed: what is, in the order in which it is offered."""
    offered = [_(MOVES[to]) for to in Standing if to in set(allowed)]
    if not offered:
        return _("The promise cannot go there from where it stands now. You can leave a note; nothing else is left for you to say.")
    return _("The promise cannot go there from where it stands now. What you can say: %(words)s.", words="; ".join(offered))
