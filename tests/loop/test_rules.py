"""When a loop is closed and when it opens again: the rules alone, with the worked checks of docs/measures.md."""

from datetime import date
from itertools import product

import pytest

from service.days import WorkingDays
from service.feedback.models import Outcome, State
from service.loop.models import Answered, Better
from service.loop.owed_queries import too_late_before
from service.loop.rules import LIVE, Part, Undertaking, agrees, may_close, part_of, part_of_undertakings, reopens
from service.places.models import Threshold
from service.places.rules import Change, Thresholds
from service.promises.models import Standing

TODAY = date(2026, 11, 23)
BEFORE, AFTER = date(2026, 11, 20), date(2026, 12, 1)
KEPT = Undertaking(Standing.KEPT, BEFORE, BEFORE)
OPEN = Undertaking(Standing.UNDER_WAY, AFTER, None)
LATE = Undertaking(Standing.UNDER_WAY, BEFORE, None)


@pytest.mark.parametrize("outcome", Outcome)
def test_no_answer_opens_a_message_again_whatever_the_answer_was(outcome: Outcome) -> None:
    assert all(reopens(Answered.NO, better, outcome) for better in (None, *Better))


def test_not_better_opens_again_only_what_was_said_to_be_done() -> None:
    opens = {outcome for outcome in Outcome if reopens(Answered.YES, Better.NO, outcome)}
    assert opens == {Outcome.DONE, Outcome.ALREADY_DOING}
    assert reopens(Answered.PARTLY, Better.NO, Outcome.WILL_DO, said_done=True)


def test_nobody_both_agrees_and_opens_again() -> None:
    for answered, better, outcome, done in product(Answered, (None, *Better), Outcome, (True, False)):
        assert not (agrees(answered, better) and reopens(answered, better, outcome, said_done=done))


@pytest.mark.parametrize(
    ("undertakings", "told_on", "part"),
    [
        ([], None, None),
        ([OPEN], None, Part.NOT_DUE),
        ([LATE], None, Part.LATE),
        ([OPEN, LATE], TODAY, Part.LATE),
        ([LATE, OPEN], TODAY, Part.LATE),
        ([KEPT], None, Part.NOT_TOLD),
        ([KEPT], date(2026, 11, 19), Part.NOT_TOLD),
        ([KEPT], BEFORE, None),
        ([KEPT, OPEN], TODAY, Part.NOT_DUE),
        ([Undertaking(Standing.CLAIMED_KEPT, AFTER, None)], None, Part.NOT_DUE),
        ([Undertaking(Standing.CLAIMED_KEPT, BEFORE, None)], None, Part.LATE),
        ([Undertaking(Standing.DISPUTED, AFTER, None)], None, Part.LATE),
        ([Undertaking(Standing.BROKEN, AFTER, BEFORE)], TODAY, Part.LATE),
        ([Undertaking(Standing.PARTLY_KEPT, BEFORE, BEFORE)], TODAY, Part.LATE),
    ],
)
def test_promise_holds_the_loop_open_until_it_is_kept_and_the_sender_was_told(
    undertakings: list[Undertaking], told_on: date | None, part: Part | None
) -> None:
    assert part_of_undertakings(undertakings, told_on, TODAY) == part
    assert may_close(State.REPLIED, undertakings, told_on, TODAY) == (part is None)


def test_every_message_is_in_one_part_and_only_the_closed_are_closed() -> None:
    standings = [Undertaking(standing, due, None) for standing in Standing for due in (BEFORE, AFTER)]
    for state, replied, one in product(State, (True, False), [None, *standings]):
        part = part_of(state, replied=replied, undertakings=[one] if one else [], told_on=None, today=TODAY)
        assert (part == Part.CLOSED) == (state == State.LOOP_CLOSED and replied)
        assert part != Part.NOT_DUE or (one is not None and one.standing in LIVE)


@pytest.mark.parametrize("state", [state for state in State if state != State.REPLIED])
def test_only_what_was_answered_closes(state: State) -> None:
    assert not may_close(state, [], TODAY, TODAY)


def test_far_too_late_is_five_working_days_after_the_day_it_was_due() -> None:
    days = WorkingDays("ENG")
    assert too_late_before(date(2026, 11, 23), days) == date(2026, 11, 16), "due on Friday the 13th: five working days are over on the 20th"
    one = Thresholds((Change(Threshold.TOO_LATE_AFTER, date(2026, 11, 23), 1, 5, "We do better now."),))
    assert too_late_before(date(2026, 11, 23), days, one) == date(2026, 11, 20), "by the rule of that day"
    assert too_late_before(date(2026, 11, 22), days, one) == too_late_before(date(2026, 11, 22), days), "which did not hold before"
    assert too_late_before(date(2026, 12, 29), days) == date(2026, 12, 18), "Christmas and the Monday after are no working days"
