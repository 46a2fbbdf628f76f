"""Which moves a story allows, and who may do what with one.

Nobody publishes what they wrote themselves, and nothing is public without a yes of its teller that holds today.
Source: docs/measures.md#stories.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from service.feedback.models import Capturer
from service.language import N_
from service.narratives.models import StoryState, Visibility
from service.people.models import AT_THE_DESK, Grant, Role
from service.people.rules import reaches

S = StoryState

WRITERS = AT_THE_DESK
CHECKERS = (Role.COORDINATOR, Role.MODERATOR)
"""Who may write stories, and who may check, share and withdraw them."""

WORDING_VERSION = "2026-11"
WORDING = N_("The person whose story it is said: Yes, others may read my words, without my name. I can take them back at any time.")
WORDING_PARTNERS = N_("The person whose story it is said: Yes, all who work here may read my words, without my name.")
"""What a teller says yes to. Other words are another version: they never replace these."""

WAITING = (S.SUBMITTED, S.CHECKING, S.ASKED_BACK, S.PAUSED)
SHOWN = (S.SHARED_PARTNERS, S.SHARED_PUBLIC)
"""Stories that somebody has to decide about, and those that others read."""

TO_CHECK = (S.SUBMITTED, S.CHECKING, S.PAUSED)
"""Stories that a second person may decide about now: what was asked back waits for its author."""

SHARED = {Visibility.PUBLIC: S.SHARED_PUBLIC, Visibility.PARTNERS: S.SHARED_PARTNERS, Visibility.PRIVATE: S.KEPT_PRIVATE}

_MOVES: dict[StoryState, frozenset[StoryState]] = {
    S.DRAFT: frozenset({S.SUBMITTED}),
    S.SUBMITTED: frozenset({S.CHECKING}),
    S.CHECKING: frozenset({S.SHARED_PUBLIC, S.SHARED_PARTNERS, S.KEPT_PRIVATE, S.ASKED_BACK}),
    S.ASKED_BACK: frozenset({S.SUBMITTED}),
    S.SHARED_PARTNERS: frozenset({S.PAUSED}),
    S.SHARED_PUBLIC: frozenset({S.PAUSED}),
    S.PAUSED: frozenset({S.SHARED_PUBLIC, S.SHARED_PARTNERS}),
    S.KEPT_PRIVATE: frozenset({S.CHECKING}),
    S.WITHDRAWN: frozenset(),
}


def may_move(state: StoryState, to: StoryState) -> bool:
    """Whether the lifecycle allows this move. Any story may be withdrawn; that is final."""
    return to in _MOVES[state] or (to == S.WITHDRAWN and state != S.WITHDRAWN)


def way_to_share(state: StoryState, visibility: Visibility) -> tuple[StoryState, ...] | None:
    """The states on the way to sharing a story so: straight, or through a check; None where there is no way."""
    to = SHARED[visibility]
    if may_move(state, to):
        return (to,)
    through_a_check = state != to and may_move(state, S.CHECKING) and may_move(S.CHECKING, to)
    return (S.CHECKING, to) if through_a_check else None


# ---- who may do what -------------------------------------------------------------------------------------------------


class Deed(StrEnum):
    """What can be done with a story. Sharing is three deeds, named as the visibility they lead to."""

    CHECK = "check"
    PUBLIC = "public"
    PARTNERS = "partners"
    PRIVATE = "private"
    CONSENT = "consent"
    PAUSE = "pause"
    WITHDRAW = "withdraw"


SECOND_PERSON = frozenset({Deed.CHECK, Deed.PUBLIC, Deed.PARTNERS, Deed.PRIVATE})
"""What the author of a story leaves to somebody else."""

SHARING = frozenset({Deed.PUBLIC, Deed.PARTNERS})
"""What is never done with a story that stands apart."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who may see a story, and what they are to it: its author, one who may check it, one of its own organisation's, any staff."""

    wrote_it: bool = False
    checks: bool = False
    works_on_it: bool = False
    at_the_desk: bool = False


def fits(state: StoryState, deed: Deed) -> bool:
    """Whether a story in this state allows the deed at all, whoever does it."""
    if deed in (Deed.PUBLIC, Deed.PARTNERS, Deed.PRIVATE):
        return way_to_share(state, Visibility(deed)) is not None
    if deed == Deed.CONSENT:
        return state != S.WITHDRAWN
    return may_move(state, {Deed.CHECK: S.CHECKING, Deed.PAUSE: S.PAUSED, Deed.WITHDRAW: S.WITHDRAWN}[deed])


def may_ever(hand: Hand, deed: Deed) -> bool:
    """Whether this person may do this with such a story. Any staff who see it may pause it: a risk cannot wait."""
    if deed in SECOND_PERSON:
        return hand.checks and not hand.wrote_it
    if deed == Deed.WITHDRAW:
        return hand.checks or hand.wrote_it
    return hand.at_the_desk if deed == Deed.PAUSE else hand.works_on_it


def deeds(state: StoryState, hand: Hand, *, consented: bool) -> frozenset[Deed]:
    """What this person may do with a story now. Making it public needs a yes that holds today."""
    found = {deed for deed in Deed if fits(state, deed) and may_ever(hand, deed)}
    return frozenset(found if consented else found - {Deed.PUBLIC})


def captured_by(grants: Iterable[Grant], organisation_id: UUID | None) -> Capturer:
    """In what role somebody with these roles writes a story down for an organisation, or for none."""
    return Capturer.COORDINATOR if reaches(grants, CHECKERS, organisation_id) else Capturer.FRONTLINE
