"""What is said to staff of where a transfer may go: the same on the page that offers it and in the sentence that refuses another."""

from service.assets import rules
from service.assets.models import Standing
from service.language import N_, _

MOVES = {
    Standing.CHECKS_DONE: N_("The checks are done: there is a plan, and we know who uses it"),
    Standing.TRANSFERRED: N_("It has moved: the community runs it now"),
    Standing.REVIEWED: N_("We looked at it again: who can use it now is counted"),
    Standing.KEPT: N_("It stays with the community"),
    Standing.HANDED_BACK: N_("It is handed back"),
}


def offered(standing: Standing) -> list[tuple[Standing, str]]:
    """Where a transfer may go from here, and how that is said."""
    return [(to, _(MOVES[to])) for to in rules.moves(standing)]


def cannot_go(standing: Standing) -> str:
    """The sentence for a move that is not allowed: what is, in the order in which it is offered."""
    words = [said for _to, said in offered(standing)]
    if not words:
        return _("It is over, and goes nowhere from here. You can still add a note.")
    return _("It cannot go there from where it stands now. What you can say: %(words)s.", words="; ".join(words))
