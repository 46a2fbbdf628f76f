"""Every state of the pages on which a sender says what they think of an answer."""

from service.feedback.actions import Received
from service.feedback.models import Outcome
from service.loop.actions import follow_up
from tests.journey.stage import DONE, NO, WHY, Stage, state

AGAIN = "The bench stands, and it wobbles. My mother does not dare to sit down."
SINCE = "The legs were set in concrete on Tuesday. It does not move any more."


def done(stage: Stage) -> Received:
    return stage.answered(stage.message(kind="not_good", area="hill-road", on="2026-11-16"), Outcome.DONE, DONE)


def told_since(stage: Stage, message: Received, words: str = SINCE) -> None:
    """Staff told what became of it."""
    with stage.make.database.write() as writes:
        follow_up(writes, stage.sam, stage.make.message_id(message), words, stage.make.clock())


def contests(stage: Stage) -> None:
    """The sender of the message that is open says that it was no answer."""
    form = stage.page.locator("#check")
    form.locator("[name=answered][value=no] + label").click()
    form.locator("[name=better][value=no] + label").click()
    form.get_by_label("What is still wrong?").fill(AGAIN)
    stage.presses("Send")


@state("feedback.read_answer")
def answer_contested(stage: Stage) -> None:
    stage.opens(done(stage))
    contests(stage)


@state("feedback.read_answer")
def answer_judged_without_a_choice(stage: Stage) -> None:
    stage.opens(done(stage))
    stage.page.get_by_label("What is still wrong?").fill(AGAIN)
    stage.presses("Send")


@state("feedback.read_answer")
def answer_followed_up_and_new_since(stage: Stage) -> None:
    message = stage.answered(stage.message(kind="idea", on="2026-11-12"), Outcome.CANNOT_DO, NO, WHY)
    stage.opens(message)
    stage.make.clock.advance(days=2)
    told_since(stage, message)
    stage.opens(message)


@state("feedback.read_answer")
def answer_to_add_to(stage: Stage) -> None:
    stage.opens(done(stage))
    stage.presses("Add more")


@state("feedback.read_answer")
def answer_added_nothing(stage: Stage) -> None:
    answer_to_add_to(stage)
    stage.presses("Send")


@state("feedback.read_answer")
def answer_added_to(stage: Stage) -> None:
    answer_to_add_to(stage)
    stage.page.get_by_label("What do you want to add?").fill(AGAIN)
    stage.presses("Send")
