"""What may happen to a message, by when it is answered, and what it must hold. No database is needed to know."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from service.days import WorkingDays
from service.feedback import rules
from service.feedback.models import FeedbackIn, Kind, Outcome, Publication, Share, State

# ---- the lifecycle of domain.md 3.2 ----------------------------------------------------------------------------------

FORWARD = {
    # `received` is for imports: they are read without having been acknowledged.
    State.RECEIVED: "acknowledged in_review not_feedback",
    State.ACKNOWLEDGED: "in_review routed merged not_feedback",
    State.ROUTED: "in_review merged",
    State.IN_REVIEW: "replied routed merged",
    State.REPLIED: "loop_closed reopened",
    State.LOOP_CLOSED: "reopened",
    State.REOPENED: "in_review",
    State.MERGED: "",
    State.NOT_FEEDBACK: "received acknowledged",  # set aside by mistake: it is brought back to where it was
    State.SAFEGUARDING_HOLD: "",
}


@pytest.mark.parametrize("state", FORWARD)
def test_message_goes_where_the_lifecycle_says_aside_or_away_and_nowhere_else(state: State) -> None:
    aside = {State.WITHDRAWN, State.SAFEGUARDING_HOLD} - {state}
    assert rules.moves_from(state) == {State(word) for word in FORWARD[state].split()} | aside


def test_every_state_is_known_to_the_lifecycle() -> None:
    assert set(State) == {*FORWARD, State.WITHDRAWN}


class Handling(RuleBasedStateMachine):
    """A message on which anybody tries anything, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.ACKNOWLEDGED
        self.passed = [self.state]

    @rule(to=st.sampled_from(State))
    def somebody_tries(self, to: State) -> None:
        if rules.may_move(self.state, to):
            self.state = to
            self.passed.append(to)

    @precondition(lambda self: rules.way_to_reply(self.state) is not None)
    @rule()
    def somebody_answers(self) -> None:
        for step in rules.way_to_reply(self.state) or []:
            assert rules.may_move(self.state, step)
            self.state = step
            self.passed.append(step)
        assert self.state in (State.REPLIED, State.LOOP_CLOSED)

    @invariant()
    def withdrawn_is_final(self) -> None:
        assert State.WITHDRAWN not in self.passed[:-1]

    @invariant()
    def words_can_be_taken_back_from_everywhere(self) -> None:
        assert self.state == State.WITHDRAWN or rules.may_move(self.state, State.WITHDRAWN)

    @invariant()
    def nothing_is_closed_that_was_not_answered(self) -> None:
        assert State.LOOP_CLOSED not in self.passed or State.REPLIED in self.passed[: self.passed.index(State.LOOP_CLOSED)]

    @invariant()
    def nothing_is_answered_that_nobody_read(self) -> None:
        assert State.REPLIED not in self.passed or State.IN_REVIEW in self.passed[: self.passed.index(State.REPLIED)]

    @invariant()
    def what_is_done_with_stays_done_with(self) -> None:
        after = self.passed[self.passed.index(State.MERGED) + 1 :] if State.MERGED in self.passed else []
        assert set(after) <= {State.SAFEGUARDING_HOLD, State.WITHDRAWN}

    @invariant()
    def what_was_set_aside_is_only_brought_back_to_where_it_came_from(self) -> None:
        for before, then in pairwise(self.passed):
            if before == State.NOT_FEEDBACK:
                assert then in {State.RECEIVED, State.ACKNOWLEDGED, State.SAFEGUARDING_HOLD, State.WITHDRAWN}


TestHandling = Handling.TestCase


def test_there_is_no_way_out_of_withdrawn() -> None:
    assert rules.moves_from(State.WITHDRAWN) == frozenset()
    assert rules.way_to_reply(State.WITHDRAWN) is None


@pytest.mark.parametrize(
    ("state", "way"),
    [
        (State.RECEIVED, [State.IN_REVIEW, State.REPLIED]),
        (State.ACKNOWLEDGED, [State.IN_REVIEW, State.REPLIED]),
        (State.ROUTED, [State.IN_REVIEW, State.REPLIED]),
        (State.REOPENED, [State.IN_REVIEW, State.REPLIED]),
        (State.IN_REVIEW, [State.REPLIED]),
        (State.REPLIED, []),
        (State.LOOP_CLOSED, []),
        (State.MERGED, None),
        (State.NOT_FEEDBACK, None),
        (State.SAFEGUARDING_HOLD, None),
        (State.WITHDRAWN, None),
    ],
)
def test_answering_reads_first_a_second_answer_moves_nothing_and_some_messages_take_none(state: State, way: list[State] | None) -> None:
    assert rules.way_to_reply(state) == way


# ---- by when ---------------------------------------------------------------------------------------------------------

ENGLAND = WorkingDays("ENG")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param(date(2026, 11, 23), date(2026, 12, 7), id="a Monday: two weeks on"),
        pytest.param(date(2026, 11, 20), date(2026, 12, 4), id="a Friday: the day itself counts as 0"),
        pytest.param(date(2026, 11, 21), date(2026, 12, 4), id="a Saturday: as if it were the Friday before"),
        pytest.param(date(2026, 12, 14), date(2026, 12, 30), id="over Christmas Day, and Boxing Day on the Monday after"),
        pytest.param(date(2026, 12, 18), date(2027, 1, 6), id="over New Year as well"),
        pytest.param(date(2026, 12, 25), date(2027, 1, 12), id="on Christmas Day itself"),
        pytest.param(date(2027, 3, 22), date(2027, 4, 7), id="over Good Friday and Easter Monday"),
    ],
)
def test_answer_is_due_ten_working_days_on(received: date, due: date) -> None:
    assert rules.answer_by(received, ENGLAND) == due


def test_other_parts_of_the_country_keep_other_holidays() -> None:
    monday = date(2026, 11, 23)
    assert rules.answer_by(monday, WorkingDays("SCT")) == date(2026, 12, 8)  # Saint Andrew's Day, Monday 30 November
    assert rules.answer_by(monday, WorkingDays("WLS")) == date(2026, 12, 7)


def test_collaboration_may_close_on_days_of_its_own_and_open_on_others() -> None:
    friday = date(2026, 12, 11)
    assert rules.answer_by(friday, ENGLAND) == date(2026, 12, 29)
    assert rules.answer_by(friday, WorkingDays("ENG", closed_on=frozenset({date(2026, 12, 24)}))) == date(2026, 12, 30)
    assert rules.answer_by(friday, WorkingDays("ENG", open_on=frozenset({date(2026, 12, 19)}))) == date(2026, 12, 24)
    both = frozenset({date(2026, 12, 28)})
    assert rules.answer_by(friday, WorkingDays("ENG", closed_on=both, open_on=both)) == date(2026, 12, 28)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(["ENG", "WLS", "SCT", "NIR"]))
def test_due_day_is_worked_and_lies_exactly_ten_worked_days_after_the_message(received: date, region: str) -> None:
    days = WorkingDays(region)
    due = rules.answer_by(received, days)
    assert due in days
    assert days.between(received, due) == 10


# ---- what a message must hold ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["body", "want", "have", "gap"])
def test_words_alone_say_something(field: str) -> None:
    assert rules.says_something(FeedbackIn.model_validate({field: "A bench."}))


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_alone_says_something(kind: Kind) -> None:
    assert rules.says_something(FeedbackIn(kind=kind))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"body": " \n\t "},
        {"body": "", "want": "", "have": "", "gap": ""},
        {"area": "hill-road", "topic": "benches", "share": "words_public", "tier": "alone", "language": "cy", "contact": "07700 900001"},
        {"whole_place": True, "occurred_on": "2026-11-20"},
    ],
)
def test_nothing_else_does(given: dict[str, object]) -> None:
    assert not rules.says_something(FeedbackIn.model_validate(given))


# ---- publication and replies -----------------------------------------------------------------------------------------


def test_words_wait_for_review_only_when_the_person_offers_them() -> None:
    assert rules.first_publication(Share.WORDS_PUBLIC) == Publication.WAITING
    assert rules.first_publication(Share.TEAM_ONLY) == Publication.NOT_OFFERED


def test_saying_no_and_passing_on_need_a_reason() -> None:
    assert set(rules.EXPLAINED) == {Outcome.CANNOT_DO, Outcome.PASSED_ON}
    assert set(rules.OFFERED_OUTCOMES) == set(Outcome)
