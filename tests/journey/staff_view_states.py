"""Every state of saved views, and of going through the inbox one message after the other, alone and with others."""

from service.feedback.desk_actions import reply, withhold
from service.feedback.models import Outcome, ReplyIn, WithheldReason
from service.feedback.routing_actions import give_back
from tests.journey.staff_inbox_states import busy
from tests.journey.stage import DONE, WORDS, Stage, state


def saves(stage: Stage, name: str, *, shared: bool = False) -> None:
    """Saves the list that is being looked at."""
    stage.page.get_by_text("Save this list").click()
    stage.page.get_by_label("Name of the view").fill(name)
    if shared:
        stage.page.get_by_label("Show it to all staff").check()
    stage.presses("Save this view")


def with_views(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=owed&area=hill-road")
    saves(stage, "Hill Road waits")
    stage.goes_to("/staff/hillside/inbox?part=owed&whose=nobodys")
    saves(stage, "Nobody has taken it on", shared=True)


@state("inbox.list")
def inbox_with_saved_views(stage: Stage) -> None:
    with_views(stage)


@state("saved_views.list")
def saved_views(stage: Stage) -> None:
    with_views(stage)
    stage.goes_to("/staff/hillside/views")
    stage.presses("Begin with it (the view Hill Road waits)")


@state("saved_views.list")
def saved_views_none_yet(stage: Stage) -> None:
    stage.signs_in(stage.hillside, "frontline")
    stage.goes_to("/staff/hillside/views")


@state("saved_views.save")
def saved_view_without_a_name(stage: Stage) -> None:
    stage.message()
    stage.signs_in(stage.hillside)
    saves(stage, "")


@state("saved_views.rename")
def saved_view_with_a_name_that_is_taken(stage: Stage) -> None:
    with_views(stage)
    stage.goes_to("/staff/hillside/inbox?part=unread")
    saves(stage, "To read")
    stage.goes_to("/staff/hillside/views")
    stage.page.locator("summary", has_text="the view To read").click()
    stage.page.locator("details[open]").get_by_label("Name of the view").fill("Hill Road waits")
    stage.page.locator("details[open]").get_by_role("button", name="Keep this").click()
    stage.page.locator(".govuk-error-summary").wait_for()


@state("feedback.message")
def message_answered_and_what_is_next(stage: Stage) -> None:
    told = stage.message(kind="idea", on="2026-11-16")
    stage.message("Why is the hub shut on Mondays?", kind="question")
    stage.opens_as_staff(told)
    stage.page.get_by_label("We have done this.").check()
    stage.page.get_by_label("Your answer").fill(DONE)
    stage.presses("Send the answer")


@state("feedback.message")
def message_read_and_nothing_is_next(stage: Stage) -> None:
    told = stage.message(kind="idea")
    stage.opens_as_staff(told)
    stage.presses("Mark as read")


@state("feedback.reply")
def message_that_somebody_else_answered_first(stage: Stage) -> None:
    told = stage.message(kind="not_good", on="2026-11-16")
    stage.opens_as_staff(told)
    with stage.make.database.write() as writes:
        first = ReplyIn(outcome=Outcome.DONE, body=DONE)
        reply(writes, stage.sam, stage.make.message_id(told), first, stage.make.clock())
    stage.page.get_by_label("Thank you", exact=False).first.check()
    stage.page.get_by_label("Your answer").fill(WORDS)
    stage.presses("Send the answer")


@state("feedback.publish")
def message_whose_words_somebody_else_withheld_first(stage: Stage) -> None:
    told = stage.message(kind="not_good", share="words_public")
    stage.opens_as_staff(told)
    with stage.make.database.write() as writes:
        withhold(writes, stage.sam, stage.make.message_id(told), WithheldReason.COULD_HARM, stage.make.clock())
    stage.presses("Show it to everybody")


@state("feedback.give_back")
def message_that_somebody_else_brought_back_first(stage: Stage) -> None:
    told = stage.message(kind="idea", topic="hub")
    stage.opens_as_staff(told)
    with stage.make.database.write() as writes:
        give_back(writes, stage.sam, stage.make.message_id(told), stage.make.clock())
    stage.presses("Back to the team")


@state("feedback.open_contact")
def message_whose_sender_can_be_reached(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="question", contact="020 7946 0000"))
    stage.presses("Show it (how to reach the sender)")
