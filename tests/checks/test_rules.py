"""What checks count for: pure rules, and that no maker reaches kept or leaves the count by moves of its own."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from service.checks.models import Came, Residents, Tally, Verdict
from service.checks.rules import by_area, disagreement, happened, may_be_checked, move_after, phase_of
from service.promises import rules
from service.promises.models import Side, Standing
from service.promises.rules import COUNTED, FINAL, Mover, Part, part_of

S, TODAY = Standing, date(2026, 11, 23)
PAST, FUTURE = date(2026, 11, 22), date(2027, 5, 1)


@pytest.mark.parametrize(
    ("yes", "partly", "no", "enough"),
    [(5, 0, 0, True), (3, 2, 0, True), (4, 0, 0, False), (2, 3, 0, False), (6, 4, 0, True), (5, 4, 0, False)],
)
def test_kept_takes_five_and_three_fifths(yes: int, partly: int, no: int, enough: bool) -> None:
    tally = Tally(yes=yes, partly=partly, no=no, do_not_know=100)
    assert happened(tally) == enough
    assert (move_after(S.CLAIMED_KEPT, Verdict.YES, Came.RECEIPT, tally) == S.KEPT) == enough


def test_one_no_with_a_code_disputes_a_claim_and_an_open_one_nothing() -> None:
    tally = Tally(yes=100, no=1)
    for came in (Came.RECEIPT, Came.INVITATION):
        assert move_after(S.CLAIMED_KEPT, Verdict.NO, came, tally) == S.DISPUTED
    for verdict in Verdict:
        for standing in Standing:
            assert move_after(standing, verdict, Came.OPEN, tally) is None
            if standing != S.CLAIMED_KEPT:
                assert move_after(standing, verdict, Came.RECEIPT, tally) is None


def test_residents_are_asked_of_what_stands_and_never_of_the_community_s_part() -> None:
    asked = {standing for standing in Standing if may_be_checked(Side.OUR_PART, standing)}
    assert asked == {S.MADE, S.UNDER_WAY, S.STALLED, S.CLAIMED_KEPT, S.DISPUTED, S.KEPT, S.PARTLY_KEPT, S.BROKEN}
    assert not any(may_be_checked(Side.YOUR_PART, standing) for standing in Standing)


def test_what_was_said_of_an_earlier_claim_says_nothing_of_this_one() -> None:
    moves = [(1, S.MADE, S.UNDER_WAY), (2, None, None), (3, S.UNDER_WAY, S.CLAIMED_KEPT), (4, S.CLAIMED_KEPT, S.DISPUTED)]
    assert [phase_of(moves[:n]) for n in range(5)] == [0, 0, 0, 3, 3]
    again = [*moves, (5, S.DISPUTED, S.UNDER_WAY), (6, S.UNDER_WAY, S.STALLED), (7, S.STALLED, S.CLAIMED_KEPT)]
    assert [phase_of(again[:n]) for n in (5, 6, 7)] == [5, 5, 7]


def test_disagreement_says_how_many() -> None:
    nine = Residents(n=10, yes=2, no=7, do_not_know=1)
    for standing in (S.DISPUTED, S.CLAIMED_KEPT, S.KEPT):
        assert disagreement(standing, nine) == "They say done; 7 of the 9 who answered say not."
    assert disagreement(S.UNDER_WAY, nine) is None
    assert disagreement(S.CLAIMED_KEPT, Residents(n=4, no=4)) is None, "four are too few to say it while nothing was disputed"
    assert disagreement(S.DISPUTED, Residents()) == "They say done; somebody who looked says not."


@given(st.dictionaries(st.integers(0, 9), st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=8))
def test_no_small_number_of_an_area_is_shown_or_had_back(rows: dict[int, tuple[int, int]]) -> None:
    shown = by_area(rows, 5)
    assert shown.keys() == rows.keys()
    for place, cells in shown.items():
        assert cells is None or (cells == rows[place] and all(cell == 0 or cell >= 5 for cell in cells))
    hidden = [place for place, cells in shown.items() if cells is None]
    assert len(hidden) != 1 or len(rows) == 1, "one alone would be the rest of the whole"
    assert not hidden or len(hidden) == len(rows) or sum(sum(rows[place]) for place in hidden) >= 5


# ---- nobody marks their own homework ---------------------------------------------------------------------------------


class Maker(RuleBasedStateMachine):
    """Everything that a maker can do by itself: its people, its key, open taps, for as long as it likes, due or not."""

    def __init__(self) -> None:
        super().__init__()
        self.standing, self.due_on, self.settled_before, self.counted = S.MADE, PAST, False, False
        self.open = Tally()

    @initialize(due_on=st.sampled_from([PAST, FUTURE, None]), draft=st.booleans())
    def makes(self, due_on: date | None, draft: bool) -> None:
        self.due_on, self.standing = due_on, S.DRAFT if draft else S.MADE

    @rule(to=st.sampled_from(Standing), mover=st.sampled_from([Mover.MAKER, Mover.KEY]))
    def moves(self, to: Standing, mover: Mover) -> None:
        if to in rules.moves(self.standing, mover) and not rules.needs_a_second_checker(self.standing, to, mover):
            self.standing = to
            self.settled_before |= to in FINAL

    @rule(verdict=st.sampled_from(Verdict), times=st.integers(1, 50))
    def taps(self, verdict: Verdict, times: int) -> None:
        self.open = self.open.model_copy(update={verdict.value: getattr(self.open, verdict) + times})
        to = move_after(self.standing, verdict, Came.OPEN, self.open)
        assert to is None

    @invariant()
    def is_not_settled_by_itself(self) -> None:
        assert self.standing not in (S.KEPT, S.PARTLY_KEPT, S.RELEASED, S.DISPUTED)
        agreed = False if self.standing == S.CHANGED else None
        part = part_of(self.standing, self.due_on, TODAY, community_agreed=agreed, settled_before=self.settled_before)
        assert part != Part.KEPT
        is_counted = part in COUNTED and self.standing not in rules.UNPUBLISHED
        assert is_counted or not self.counted, "what is in the count leaves it by nobody's own hand"
        self.counted = is_counted


TestMaker = Maker.TestCase
TestMaker.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(set(Standing) - rules.UNPUBLISHED)),
            st.sampled_from([PAST, FUTURE, TODAY, None]),
            st.booleans(),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_parts_of_the_denominator_add_up(promises: list[tuple[Standing, date | None, bool, bool]]) -> None:
    parts = [part_of(standing, due, TODAY, community_agreed=agreed, settled_before=before) for standing, due, agreed, before in promises]
    counted, beside = [one for one in parts if one in COUNTED], [one for one in parts if one not in COUNTED]
    assert len(counted) + len(beside) == len(promises)
    assert sum(parts.count(one) for one in COUNTED) == len(counted)
    assert parts.count(Part.KEPT) == sum(standing == S.KEPT for standing, *_rest in promises) <= len(counted)
