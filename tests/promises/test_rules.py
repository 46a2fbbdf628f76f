"""The lifecycle of promises: nobody marks their own homework, and the count says what fell due."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from service.promises.models import OURS, Side, Standing
from service.promises.queries import Parts
from service.promises.rules import COUNTED, FINAL, Mover, Part, Verdict, is_agreed, is_overdue, moves, needs_a_second_checker, part_of

TODAY = date(2026, 11, 23)
PAST, FUTURE = date(2026, 11, 22), date(2027, 5, 1)


@given(st.lists(st.integers(min_value=0, max_value=20), max_size=30), st.sampled_from([Mover.KEY, Mover.MAKER]))
def test_no_sequence_of_the_maker_s_own_moves_reaches_kept_or_leaves_the_count(choices: list[int], mover: Mover) -> None:
    standing = Standing.MADE
    for choice in choices:
        allowed = sorted(to for to in moves(standing, mover) if not needs_a_second_checker(standing, to, mover))
        if not allowed:
            break
        standing = allowed[choice % len(allowed)]
        assert standing not in (Standing.KEPT, Standing.PARTLY_KEPT, Standing.RELEASED)
        assert part_of(standing, PAST, TODAY, community_agreed=False) in COUNTED


def test_maker_may_always_own_up_to_a_break() -> None:
    for standing in (Standing.MADE, Standing.UNDER_WAY, Standing.STALLED, Standing.CLAIMED_KEPT, Standing.DISPUTED, Standing.KEPT):
        assert Standing.BROKEN in moves(standing, Mover.MAKER)
        assert not needs_a_second_checker(standing, Standing.BROKEN, Mover.MAKER)


def test_every_way_out_of_a_dispute_needs_two_checkers_one_of_them_from_outside() -> None:
    assert needs_a_second_checker(Standing.DISPUTED, Standing.KEPT, Mover.OTHER)
    outside, inside, another = (Verdict(name, Standing.KEPT, outside=name != "inside") for name in ("outside", "inside", "another"))
    assert not is_agreed([outside], Standing.KEPT)
    assert not is_agreed([outside, outside], Standing.KEPT), "the same checker twice is one checker"
    assert not is_agreed([inside, Verdict("insider", Standing.KEPT, outside=False)], Standing.KEPT)
    assert is_agreed([outside, inside], Standing.KEPT) and is_agreed([outside, another], Standing.KEPT)
    assert not is_agreed([outside, Verdict("inside", Standing.BROKEN, outside=False)], Standing.KEPT)


def test_what_is_settled_moves_again_only_as_the_lifecycle_says() -> None:
    assert {standing: moves(standing, Mover.OTHER) for standing in FINAL} == {
        Standing.KEPT: {Standing.UNDER_WAY, Standing.BROKEN},
        Standing.PARTLY_KEPT: frozenset(),
        Standing.BROKEN: {Standing.UNDER_WAY},
        Standing.CHANGED: frozenset(),
        Standing.RELEASED: frozenset(),
    }


def test_late_is_computed_and_only_where_nothing_was_claimed() -> None:
    late = {standing for standing in OURS if is_overdue(Side.OUR_PART, standing, PAST, TODAY)}
    assert late == {Standing.MADE, Standing.UNDER_WAY, Standing.STALLED}
    assert not is_overdue(Side.OUR_PART, Standing.MADE, TODAY, TODAY), "the due day itself is in time"
    assert not is_overdue(Side.OUR_PART, Standing.MADE, None, TODAY), "a review date makes nothing late"
    assert not is_overdue(Side.YOUR_PART, Standing.MADE, PAST, TODAY), "the community's part is never late"


def test_worked_check_five_of_ten() -> None:
    """Twelve promises: 5 kept, 1 partly, 1 broken, 2 overdue, 1 changed without agreement, 1 released, 1 not due."""
    twelve = [
        *[(Standing.KEPT, PAST, None)] * 5,
        (Standing.PARTLY_KEPT, PAST, None),
        (Standing.BROKEN, PAST, None),
        *[(Standing.UNDER_WAY, PAST, None)] * 2,
        (Standing.CHANGED, FUTURE, False),
        (Standing.RELEASED, PAST, None),
        (Standing.MADE, FUTURE, None),
    ]
    parts = Parts(Counter(part_of(standing, due, TODAY, community_agreed=agreed) for standing, due, agreed in twelve))
    assert (parts.kept, parts.due, parts.not_counted) == (5, 10, 2)


def test_kept_early_counts_now_and_a_claim_counts_once_it_is_past_due() -> None:
    assert part_of(Standing.KEPT, FUTURE, TODAY, community_agreed=None) == Part.KEPT
    assert part_of(Standing.CLAIMED_KEPT, FUTURE, TODAY, community_agreed=None) == Part.NOT_DUE
    assert part_of(Standing.CLAIMED_KEPT, PAST, TODAY, community_agreed=None) == Part.CLAIMED
    assert part_of(Standing.DISPUTED, PAST, TODAY, community_agreed=None) == Part.DISPUTED
    assert part_of(Standing.CHANGED, PAST, TODAY, community_agreed=True) == Part.CHANGED_AGREED


def test_nothing_due_is_no_rate() -> None:
    assert (Parts().kept, Parts().due) == (0, 0)


def test_nobody_of_another_organisation_puts_words_in_the_maker_s_mouth() -> None:
    for standing in (Standing.MADE, Standing.UNDER_WAY, Standing.STALLED):
        assert moves(standing, Mover.OTHER) == {Standing.CHANGED, Standing.RELEASED}
        assert Standing.CLAIMED_KEPT in moves(standing, Mover.PLACE) & moves(standing, Mover.MAKER) & moves(standing, Mover.KEY)
    assert moves(Standing.CLAIMED_KEPT, Mover.OTHER) == {Standing.KEPT, Standing.DISPUTED, Standing.BROKEN}


def test_drafts_are_published_by_their_own_people_only_and_never_by_a_key() -> None:
    for mover in (Mover.MAKER, Mover.PLACE):
        assert moves(Standing.DRAFT, mover) == {Standing.PROPOSED, Standing.MADE}
        assert moves(Standing.PROPOSED, mover) == {Standing.MADE}
        assert moves(Standing.DRAFT, mover, Side.YOUR_PART) == {Standing.INVITED}
    for mover in (Mover.KEY, Mover.OTHER):
        assert moves(Standing.DRAFT, mover) == moves(Standing.PROPOSED, mover) == frozenset()


def test_community_s_part_is_for_people_whoever_they_are() -> None:
    assert moves(Standing.INVITED, Mover.OTHER, Side.YOUR_PART) == {Standing.TAKEN_UP}
    assert moves(Standing.TAKEN_UP, Mover.KEY, Side.YOUR_PART) == frozenset()
