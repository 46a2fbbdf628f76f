"""Examples of saying what one thinks of an answer, adding words, saying what became of a message, closing and opening it."""

from datetime import timedelta
from typing import Any

from service.feedback.desk_actions import reply
from service.feedback.models import Feedback, Outcome, ReplyIn
from service.journal.actions import OPERATOR
from service.loop.actions import add_words, check_reply, close_if_done, follow_up, reopen
from service.loop.models import Answered, Better, CheckIn
from service.loop.reminding_actions import escalate
from service.loop.telling_actions import close_uncontested
from tests.journal.scene import WORD, Act, Example, Examples, Scene


def answered(scene: Scene, outcome: Outcome = Outcome.DONE) -> tuple[str, Any]:
    """The code and the id of a message that was answered."""
    told = scene.make.message(scene.place, WORD)
    message = scene.make.message_id(told)
    with scene.make.database.write() as writes:
        reply(writes, scene.member, message, ReplyIn(outcome=outcome, body=WORD, reason=WORD), scene.now)
    return told.code, message


def check(answer: Answered, better: Better | None, rows: int) -> Example:
    def example(scene: Scene) -> Act:
        given = CheckIn(code=answered(scene)[0], answered=answer, better=better, body=WORD)
        return Act(lambda writes: check_reply(writes, scene.make.keys, scene.place, given, scene.now), rows=rows)

    example.__name__ = f"says_{answer}"
    return example


def again(first: Example) -> Example:
    """The same once more: no news."""

    def example(scene: Scene) -> Act:
        act = first(scene)
        with scene.make.database.write() as writes:
            act.do(writes)
        return Act(act.do, rows=0)

    return example


def add(scene: Scene) -> Act:
    code = answered(scene)[0]
    return Act(lambda writes: add_words(writes, scene.make.keys, scene.place, code, f"{WORD} again", scene.now))


def tell(scene: Scene) -> Act:
    """It closes the loop as well, as nothing was promised."""
    message = answered(scene)[1]
    return Act(lambda writes: follow_up(writes, scene.member, message, WORD, scene.now), rows=2)


def open_again(scene: Scene) -> Act:
    message = answered(scene)[1]
    return Act(lambda writes: reopen(writes, scene.member, message, scene.now))


def close(scene: Scene) -> Act:
    message = answered(scene)[1]
    return Act(lambda writes: close_if_done(writes, scene.place, writes.get_one(Feedback, (scene.place.id, message)), OPERATOR, scene.now))


def close_what_nobody_contests(scene: Scene) -> Act:
    answered(scene)
    answered(scene)
    scene.make.clock.advance(days=20)
    return Act(lambda writes: close_uncontested(writes, scene.place, scene.now), rows=2)


def note_what_is_too_late(scene: Scene) -> Act:
    scene.make.message(scene.place, WORD)
    scene.make.message(scene.place, WORD)
    assert scene.member
    scene.make.clock.at(scene.now + timedelta(days=30, hours=1))
    return Act(lambda writes: escalate(writes, scene.place, scene.now), rows=2)


EXAMPLES: Examples = {
    "check_reply": [
        check(Answered.YES, Better.YES, 2),
        check(Answered.NO, None, 2),
        check(Answered.SKIP, Better.TOO_SOON, 1),
        again(check(Answered.NO, Better.NO, 2)),
    ],
    "add_words": [add, again(add)],
    "follow_up": [tell],
    "reopen": [open_again, again(open_again)],
    "close_if_done": [close, again(close)],
    "close_uncontested": [close_what_nobody_contests, again(close_what_nobody_contests)],
    "escalate": [note_what_is_too_late, again(note_what_is_too_late)],
}
