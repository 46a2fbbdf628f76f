"""Every state of the pages on which staff close the loop: what the sender says, what became of it, opening it again."""

from tests.journey.loop_states import AGAIN, SINCE, contests, done, told_since
from tests.journey.staff_promise_states import promises_a_bench
from tests.journey.stage import Stage, state


@state("feedback.message")
def message_contested(stage: Stage) -> None:
    message = done(stage)
    stage.opens(message)
    contests(stage)
    stage.opens_as_staff(message)


@state("feedback.message")
def message_told_and_opened_again(stage: Stage) -> None:
    message = done(stage)
    told_since(stage, message)
    stage.opens_as_staff(message)
    stage.presses("Open it again")


@state("loop.follow_up")
def follow_up_to_write(stage: Stage) -> None:
    stage.opens_as_staff(done(stage))
    stage.page.get_by_role("link", name="Say what became of it").click()
    stage.page.get_by_role("heading", name="What became of it?").wait_for()


@state("loop.tell_sender")
def follow_up_without_words(stage: Stage) -> None:
    follow_up_to_write(stage)
    stage.presses("Send")


@state("feedback.message")
def message_followed_up(stage: Stage) -> None:
    follow_up_to_write(stage)
    stage.page.get_by_label("What became of it since?").fill(f"{SINCE} {AGAIN}")
    stage.presses("Send")


@state("promises.desk_show")
def promise_with_what_led_to_it(stage: Stage) -> None:
    promises_a_bench(stage)
    stage.page.get_by_role("link", name="This is a promise").click()
    stage.page.get_by_role("heading", name="What led to it").wait_for()
