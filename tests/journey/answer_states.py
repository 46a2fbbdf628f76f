"""Every state of the page that a code opens, and of disagreeing with what was decided there."""

from uuid import uuid4

from service.feedback.actions import Received
from service.feedback.desk_actions import publish, withhold
from service.feedback.models import Outcome, WithheldReason
from tests.journey.resident_states import URDU, WITHOUT_A_SPACE
from tests.journey.stage import DONE, NO, WHY, Stage, state

# ---- the answer ------------------------------------------------------------------------------------------------------


@state("feedback.answer")
def answer_asks_for_the_code(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/answer")


@state("feedback.read_answer")
def answer_wrong_code(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/answer")
    stage.page.get_by_label("Your code").fill("K7QF-2M9X-TR4D-W8ZP4")
    stage.presses("Read the answer")


@state("feedback.read_answer")
def answer_too_many_wrong_codes(stage: Stage) -> None:
    page = stage.goes_to(f"/{stage.hillside.slug}/answer")
    for number in range(31):
        page.request.post(page.url, form={"code": f"wrong {number}"})
    page.get_by_label("Your code").fill("wrong")
    stage.presses("Read the answer")


@state("feedback.read_answer")
def answer_nobody_has_read_it(stage: Stage) -> None:
    stage.opens(stage.message(kind="not_good", area="hill-road"))


@state("feedback.read_answer")
def answer_read(stage: Stage) -> None:
    stage.opens(stage.read(stage.message(kind="not_good", area="hill-road", share="words_public")))


@state("feedback.read_answer")
def answer_withheld(stage: Stage) -> None:
    message = stage.message(kind="not_good", area="hill-road", share="words_public")
    with stage.make.database.write() as writes:
        withhold(writes, stage.sam, stage.make.message_id(message), WithheldReason.COULD_TELL_WHO, stage.make.clock())
    stage.opens(message)


@state("feedback.read_answer")
def answer_late(stage: Stage) -> None:
    stage.opens(stage.message(kind="question", on="2026-11-02", whole_place=True))


@state("feedback.read_answer")
def answer_done(stage: Stage) -> None:
    message = stage.read(stage.message(kind="not_good", area="hill-road", on="2026-11-02"))
    stage.opens(stage.answered(message, Outcome.DONE, DONE))


@state("feedback.read_answer")
def answer_cannot_do(stage: Stage) -> None:
    stage.opens(stage.answered(stage.message(kind="idea", on="2026-11-12"), Outcome.CANNOT_DO, NO, WHY))


@state("feedback.read_answer")
def answer_twice(stage: Stage) -> None:
    message = stage.answered(stage.message(kind="not_good", on="2026-11-12"), Outcome.NEED_MORE, "Which bench is it?")
    stage.make.clock.advance(days=2)
    stage.answered(message, Outcome.PASSED_ON, "The NHS trust has it now.", "The bench stands on the trust's land.")
    stage.opens(stage.answered(message, Outcome.NEED_MORE, "Is it the one by the door?"))


@state("feedback.read_answer")
def answer_to_a_tick(stage: Stage) -> None:
    stage.opens(stage.message(None, kind="good", whole_place=True))


@state("feedback.read_answer")
def answer_to_urdu(stage: Stage) -> None:
    stage.opens(stage.answered(stage.message(URDU, language="ur", kind="not_good"), Outcome.THANK_YOU, URDU))


@state("feedback.read_answer")
def answer_to_long_words(stage: Stage) -> None:
    stage.opens(stage.answered(stage.message(f"{WITHOUT_A_SPACE}\n\nSecond line.\nThird."), Outcome.THANK_YOU, WITHOUT_A_SPACE))


@state("feedback.read_answer")
def answer_to_all_questions(stage: Stage) -> None:
    stage.opens(
        stage.message(None, want="To sit down on the way.", have="A drill and Saturdays.", gap="Leave to put it there.", kind="idea")
    )


def published(stage: Stage) -> Received:
    """A message whose words everybody can read, and whose sender can be reached."""
    message = stage.read(stage.message(kind="not_good", area="hill-road", share="words_public", contact="0123 456789"))
    with stage.make.database.write() as writes:
        publish(writes, stage.sam, stage.make.message_id(message), stage.make.clock())
    return message


@state("feedback.read_answer")
def answer_with_all_that_was_said_yes_to(stage: Stage) -> None:
    stage.opens(published(stage))


@state("feedback.read_answer")
def answer_whose_words_are_not_shown_any_more(stage: Stage) -> None:
    stage.opens(published(stage))
    stage.presses("Stop showing my words")


@state("feedback.read_answer")
def answer_whose_contact_was_forgotten(stage: Stage) -> None:
    stage.opens(published(stage))
    stage.presses("Forget how to reach me")


@state("feedback.read_answer")
def taking_back(stage: Stage) -> None:
    stage.opens(stage.answered(stage.message(kind="not_good", on="2026-11-16"), Outcome.DONE, DONE))
    stage.presses("Take my words back")


@state("feedback.read_answer")
def taken_back(stage: Stage) -> None:
    stage.opens(stage.read(stage.message(kind="not_good", on="2026-11-16")))
    stage.presses("Take my words back")
    stage.presses("Yes, remove my words")


@state("feedback.read_answer")
def taken_back_before(stage: Stage) -> None:
    message = stage.answered(stage.message(kind="not_good", on="2026-11-16", idempotency_key=str(uuid4())), Outcome.DONE, DONE)
    stage.opens(message)
    stage.presses("Take my words back")
    stage.presses("Yes, remove my words")
    stage.opens(message)


# ---- disagreeing -----------------------------------------------------------------------------------------------------


def not_shown(stage: Stage) -> Received:
    """Words that were offered, and are held back."""
    sent = stage.message("The council lied about the path.", share="words_public")
    with stage.make.database.write() as writes:
        withhold(writes, stage.sam, stage.make.message_id(sent), WithheldReason.ABUSIVE, stage.make.clock())
    return sent


@state("feedback.read_answer")
def answer_may_be_appealed(stage: Stage) -> None:
    stage.opens(not_shown(stage))


@state("feedback.read_answer")
def answer_asks_why_we_are_wrong(stage: Stage) -> None:
    stage.opens(not_shown(stage))
    stage.presses("I disagree")


@state("feedback.read_answer")
def answer_appealed_without_words(stage: Stage) -> None:
    answer_asks_why_we_are_wrong(stage)
    stage.presses("Send")


@state("feedback.read_answer")
def answer_appealed(stage: Stage) -> None:
    answer_asks_why_we_are_wrong(stage)
    stage.page.get_by_label("Why are we wrong?").fill("It is what happened. Everybody saw it.")
    stage.presses("Send")
