"""Which moves a story allows, and who may read one."""

from datetime import date

from service.narratives.models import StoryState, Visibility
from service.people.models import Role

S = StoryState

WRITERS = (Role.FRONTLINE, Role.COORDINATOR, Role.MODERATOR)
CHECKERS = (Role.COORDINATOR, Role.MODERATOR)
"""Who may write stories, and who may check, publish, pause and withdraw them."""

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


def way_to_share(state: StoryState, visibility: Visibility) -> bool:
    """Whether a story may be shared now: from a check, from the desk straight through one, or again after a pause."""
    to = SHARED[visibility]
    return may_move(state, to) or (state in (S.SUBMITTED, S.KEPT_PRIVATE) and may_move(S.CHECKING, to))


def is_live(given_on: date, expires_on: date | None, *, withdrawn: bool, today: date) -> bool:
    """Whether a consent holds today."""
    return not withdrawn and given_on <= today and (expires_on is None or today <= expires_on)
