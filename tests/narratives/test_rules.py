"""What may happen to a story, and who may do it. No database is needed to know."""

from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from service.consents.rules import is_live
from service.feedback.models import Capturer
from service.narratives import rules
from service.narratives.models import StoryState, Visibility
from service.narratives.rules import Deed, Hand
from service.people.models import Grant, Role

# ---- the lifecycle of domain.md 3.2, said here once more -------------------------------------------------------------

FORWARD = {
    "draft": "submitted",
    "submitted": "checking",
    "checking": "shared_partners shared_public kept_private asked_back",
    "asked_back": "submitted",
    "shared_partners": "paused",
    "shared_public": "paused",
    "paused": "shared_partners shared_public",
    "kept_private": "checking",
    "withdrawn": "",
}

SEEN = (Hand(), Hand(at_the_desk=True), Hand(at_the_desk=True, works_on_it=True))
CHECKER = Hand(at_the_desk=True, works_on_it=True, checks=True)
AUTHOR = Hand(at_the_desk=True, works_on_it=True, wrote_it=True)
BOTH = Hand(at_the_desk=True, works_on_it=True, checks=True, wrote_it=True)


@pytest.mark.parametrize("state", StoryState)
def test_story_goes_where_the_lifecycle_says_or_away_and_nowhere_else(state: StoryState) -> None:
    away = set() if state == StoryState.WITHDRAWN else {StoryState.WITHDRAWN}
    assert {to for to in StoryState if rules.may_move(state, to)} == {StoryState(word) for word in FORWARD[state].split()} | away


@pytest.mark.parametrize(("state", "visibility"), [*product(StoryState, Visibility)])
def test_sharing_takes_allowed_steps_only(state: StoryState, visibility: Visibility) -> None:
    steps = rules.way_to_share(state, visibility)
    for before, after in zip((state, *(steps or ())), steps or (), strict=False):
        assert rules.may_move(before, after)
    assert steps is None or steps[-1] == rules.SHARED[visibility]


def test_what_is_shared_rests_before_it_is_shared_otherwise() -> None:
    for shown, visibility in product(rules.SHOWN, Visibility):
        assert rules.way_to_share(shown, visibility) is None


@given(
    given_on=some.dates(date(2020, 1, 1), date(2030, 1, 1)),
    lasts=some.none() | some.integers(0, 900),
    later=some.integers(-900, 1800),
    withdrawn=some.booleans(),
)
def test_yes_holds_from_its_day_to_its_last(given_on: date, lasts: int | None, later: int, withdrawn: bool) -> None:
    expires_on = None if lasts is None else given_on + timedelta(days=lasts)
    holds = is_live(given_on, expires_on, ended=withdrawn, today=given_on + timedelta(days=later))
    assert holds == (not withdrawn and later >= 0 and (lasts is None or later <= lasts))


# ---- who may what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", StoryState)
def test_nobody_decides_about_what_they_wrote(state: StoryState) -> None:
    for consented in (False, True):
        for hand in (AUTHOR, BOTH):
            assert not rules.deeds(state, hand, consented=consented) & rules.SECOND_PERSON


@pytest.mark.parametrize("state", StoryState)
def test_nothing_becomes_public_without_a_yes(state: StoryState) -> None:
    with_it, without = (rules.deeds(state, CHECKER, consented=consented) for consented in (True, False))
    assert Deed.PUBLIC not in without
    assert with_it - without <= {Deed.PUBLIC}


@pytest.mark.parametrize("state", StoryState)
def test_only_who_may_check_decides_and_all_staff_may_pause(state: StoryState) -> None:
    for hand in SEEN:
        assert not rules.deeds(state, hand, consented=True) & (rules.SECOND_PERSON | {Deed.WITHDRAW})
    shown = state in rules.SHOWN
    assert [Deed.PAUSE in rules.deeds(state, hand, consented=False) for hand in SEEN] == [False, shown, shown]
    assert [Deed.CONSENT in rules.deeds(state, hand, consented=True) for hand in SEEN] == [False, False, state != "withdrawn"]


@pytest.mark.parametrize("state", StoryState)
def test_author_and_checker_may_always_take_it_back_but_not_twice(state: StoryState) -> None:
    for hand in (CHECKER, AUTHOR, BOTH):
        assert (Deed.WITHDRAW in rules.deeds(state, hand, consented=False)) == (state != StoryState.WITHDRAWN)
    assert rules.deeds(StoryState.WITHDRAWN, BOTH, consented=True) == set()


def test_story_says_in_what_role_it_was_written_down() -> None:
    council, hub = uuid4(), uuid4()
    front, coordinator = Grant(Role.FRONTLINE, council), Grant(Role.COORDINATOR, hub)
    assert rules.captured_by([front], council) == Capturer.FRONTLINE
    assert rules.captured_by([front, coordinator], council) == Capturer.FRONTLINE
    assert rules.captured_by([front, coordinator], hub) == Capturer.COORDINATOR
    assert rules.captured_by([Grant(Role.FRONTLINE, None)], None) == Capturer.FRONTLINE
    assert rules.captured_by([Grant(Role.MODERATOR, None)], None) == Capturer.COORDINATOR
