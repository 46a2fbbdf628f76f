"""Every state of the pages where several messages are one matter, and where an answer waits for a second person."""

from uuid import UUID

from service.feedback.actions import Received
from service.feedback.desk_actions import publish
from service.feedback.draft_actions import keep_draft, propose
from service.feedback.draft_models import Unsent
from service.feedback.merge_actions import merge
from service.feedback.models import Outcome
from service.people.models import Role
from service.themes.actions import gather, name_theme, write_answer
from service.themes.giving_actions import AT_ONCE, give_to_all
from service.themes.models import ThemeForm
from tests.journey.resident_states import URDU, WITHOUT_A_SPACE
from tests.journey.stage import DONE, NO, WHY, Stage, state

ABOUT = "Lamps that are out, and ways where there never were any."
PROMISED = {"text": "We will light the way to the school.", "maker": "council", "due_on": "2027-03-01", "kept_when": "It is light at five."}


def three(stage: Stage) -> list[Received]:
    """Three who tell of the same thing."""
    return [
        stage.message("The lamp by the school is out.", kind="not_good", topic="paths", area="linden", on="2026-11-09"),
        stage.message("My children walk home in the dark.", kind="not_good", topic="paths", area="linden", on="2026-11-12"),
        stage.message(URDU, language="ur", topic="paths", area="hill-road", on="2026-11-16"),
    ]


def themed(stage: Stage, *messages: Received, name: str = "Dark streets by the school") -> UUID:
    """A theme with these messages."""
    with stage.make.database.write() as writes:
        theme = name_theme(writes, stage.sam, ThemeForm(name=name, about=ABOUT), stage.make.clock())
        gather(writes, stage.sam, theme, [stage.make.message_id(one) for one in messages], stage.make.clock())
        return theme


def goes_to_theme(stage: Stage, theme: UUID, role: Role = Role.COORDINATOR) -> None:
    stage.signs_in(stage.hillside, role)
    stage.goes_to(f"/staff/hillside/themes/{theme}")


# ---- themes ----------------------------------------------------------------------------------------------------------


@state("themes.list")
def themes_none(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/themes")


@state("themes.list")
def themes_of_the_place(stage: Stage) -> None:
    themed(stage, *three(stage))
    themed(stage, name=WITHOUT_A_SPACE[:80])
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/themes")


@state("themes.name")
def theme_without_a_name(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/themes")
    stage.presses("Keep it")


@state("themes.theme")
def theme_with_messages(stage: Stage) -> None:
    goes_to_theme(stage, themed(stage, *three(stage)))


@state("themes.theme")
def theme_of_the_front_line(stage: Stage) -> None:
    goes_to_theme(stage, themed(stage, *three(stage)), Role.FRONTLINE)


@state("themes.theme")
def theme_answered_and_one_came_since(stage: Stage) -> None:
    theme = themed(stage, *three(stage))
    goes_to_theme(stage, theme)
    stage.page.get_by_text("We cannot do this.").click()
    stage.page.get_by_label("If you cannot do it: what stands in the way?").select_option("no_money")
    stage.page.get_by_label("Your answer").fill(NO)
    stage.page.get_by_label("Why", exact=True).fill(WHY)
    stage.presses("Send it to all of them")
    with stage.make.database.write() as writes:
        late = stage.make.message_id(stage.message("And in Marsh End."))
        gather(writes, stage.sam, theme, [late], stage.make.clock())
    stage.goes_to(f"/staff/hillside/themes/{theme}")


def given_to_many(stage: Stage, number: int, given: Unsent) -> UUID:
    """An answer that is given to so many, a few at a time."""
    told = [stage.message(f"Lamp number {one} is out.", kind="not_good") for one in range(number)]
    theme = themed(stage, *told)
    with stage.make.database.write() as writes:
        answer = write_answer(writes, stage.sam, theme, given, stage.make.clock(), waits=False)
        give_to_all(writes, stage.sam, theme, answer, stage.make.clock())
    return theme


@state("themes.theme")
def theme_whose_answer_is_on_its_way(stage: Stage) -> None:
    goes_to_theme(stage, given_to_many(stage, AT_ONCE + 7, Unsent(Outcome.ALREADY_DOING, "We mend them street by street.")))


@state("themes.tell_all")
def theme_news_without_words(stage: Stage) -> None:
    promised = {"as": "task", "text": "We put new lamps up.", "role": "The caretaker", "due_on": "2026-12-18"}
    goes_to_theme(stage, given_to_many(stage, 3, Unsent(Outcome.WILL_DO, "You will have light.", promised=promised)))
    stage.page.locator("#news-form").get_by_role("button").click()


@state("themes.answer")
def theme_answer_without_words(stage: Stage) -> None:
    goes_to_theme(stage, themed(stage, *three(stage)))
    stage.presses("Send it to all of them")


@state("themes.theme")
def theme_whose_answer_waits_to_be_checked(stage: Stage) -> None:
    theme = themed(stage, *three(stage))
    with stage.make.database.write() as writes:
        given = Unsent(Outcome.WILL_DO, "We light the way.", promised=PROMISED)
        write_answer(writes, stage.sam, theme, given, stage.make.clock(), waits=True)
    goes_to_theme(stage, theme)


@state("themes.change")
def theme_called_otherwise_without_a_name(stage: Stage) -> None:
    goes_to_theme(stage, themed(stage, *three(stage)))
    stage.page.get_by_text("Call it otherwise").click()
    stage.page.locator("details[open]").get_by_role("textbox").first.fill("")
    stage.presses("Keep it")


def goes_to_answer_to_check(stage: Stage, due_on: str) -> None:
    """An answer that Sam wrote and that makes a promise, before somebody else."""
    theme = themed(stage, *three(stage))
    with stage.make.database.write() as writes:
        given = Unsent(Outcome.WILL_DO, "We light the way.", promised={**PROMISED, "due_on": due_on})
        write_answer(writes, stage.sam, theme, given, stage.make.clock(), waits=True)
    stage.signs_in(stage.hillside, name="Asha Bell")
    stage.goes_to(f"/staff/hillside/themes/{theme}")


@state("themes.give_answer")
def theme_answer_whose_day_has_passed(stage: Stage) -> None:
    goes_to_answer_to_check(stage, "2025-03-01")
    stage.presses("It is right: give this answer")


@state("themes.return_answer")
def theme_answer_given_back_without_a_reason(stage: Stage) -> None:
    goes_to_answer_to_check(stage, "2027-03-01")
    stage.presses("Give it back")


@state("themes.together")
def together_three(stage: Stage) -> None:
    themed(stage)
    three(stage)
    stage.signs_in(stage.hillside)
    for box in stage.page.get_by_role("checkbox", name="Mark the message").all():
        box.check()
    stage.presses("Group or answer them")


@state("themes.gather")
def together_without_a_theme(stage: Stage) -> None:
    together_three(stage)
    stage.presses("Put them into it")


@state("themes.merge")
def together_without_one_that_says_it_best(stage: Stage) -> None:
    together_three(stage)
    stage.presses("Put them together")


@state("themes.answer_marked")
def together_answered_without_words(stage: Stage) -> None:
    together_three(stage)
    stage.presses("Send it to all of them")


@state("themes.together")
def together_nothing_marked(stage: Stage) -> None:
    stage.message()
    stage.signs_in(stage.hillside)
    stage.presses("Group or answer them")


# ---- messages that say the same --------------------------------------------------------------------------------------


@state("feedback.message")
def message_that_others_may_have_said(stage: Stage) -> None:
    stage.opens_as_staff(three(stage)[1])


def put_together(stage: Stage) -> list[Received]:
    messages = three(stage)
    with stage.make.database.write() as writes:
        for one in messages[1:]:
            merge(writes, stage.sam, stage.make.message_id(one), stage.make.message_id(messages[0]), stage.make.clock())
    return messages


@state("feedback.message")
def message_that_holds_others(stage: Stage) -> None:
    stage.opens_as_staff(put_together(stage)[0])


@state("feedback.message")
def message_put_together(stage: Stage) -> None:
    stage.opens_as_staff(put_together(stage)[1])


@state("feedback.merge")
def message_put_together_with_none(stage: Stage) -> None:
    stage.opens_as_staff(three(stage)[1])
    stage.presses("Put them together")


@state("feedback.unmerge")
def message_put_together_and_answered_meanwhile(stage: Stage) -> None:
    messages = put_together(stage)
    stage.opens_as_staff(messages[1])
    stage.answered(messages[0], Outcome.CANNOT_DO, NO, WHY)
    stage.presses("Take it apart again")


# ---- answers that are not given yet ----------------------------------------------------------------------------------


@state("feedback.message")
def message_with_a_draft(stage: Stage) -> None:
    stage.opens_as_staff(told := stage.message(kind="not_good"))
    stage.page.get_by_label("Your answer").fill(DONE)
    stage.presses("Keep as a draft")
    with stage.make.database.write() as writes:
        keep_draft(
            writes, stage.make.at_work(stage.hillside, name="Asha Bell"), stage.make.message_id(told), Unsent(body=NO), stage.make.clock()
        )
    stage.page.reload()


@state("feedback.message")
def message_of_the_front_line_who_writes(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="idea"), Role.FRONTLINE)
    stage.page.get_by_role("link", name="Write an answer for them to give").click()
    stage.page.get_by_role("button", name="Propose this answer").wait_for()


@state("feedback.keep_draft")
def draft_of_nothing(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="not_good"))
    stage.presses("Keep as a draft")


@state("feedback.propose")
def answer_proposed_without_words(stage: Stage) -> None:
    message_of_the_front_line_who_writes(stage)
    stage.presses("Propose this answer")


@state("feedback.message")
def message_with_an_answer_to_check(stage: Stage, due_on: str = "2027-03-01") -> None:
    told = stage.message(kind="not_good")
    with stage.make.database.write() as writes:
        given = Unsent(Outcome.WILL_DO, DONE, promised={**PROMISED, "due_on": due_on})
        propose(writes, stage.sam, stage.make.message_id(told), given, stage.make.clock())
    stage.opens_as_staff(told, name="Asha Bell")


@state("feedback.give_proposed")
def answer_to_check_whose_day_has_passed(stage: Stage) -> None:
    message_with_an_answer_to_check(stage, "2025-03-01")
    stage.presses("It is right: give this answer")


@state("feedback.return_proposed")
def answer_given_back_without_a_reason(stage: Stage) -> None:
    message_with_an_answer_to_check(stage)
    stage.presses("Give it back")


@state("feedback.message")
def message_whose_answer_came_back(stage: Stage) -> None:
    told = stage.message(kind="not_good", share="words_public")
    with stage.make.database.write() as writes:
        publish(writes, stage.sam, stage.make.message_id(told), stage.make.clock())
    stage.opens_as_staff(told, email="bea@hillside.example", name="Bea Lee")
    stage.page.get_by_text("We have done this.").click()
    stage.page.get_by_label("Your answer").fill(DONE)
    stage.presses("Send the answer")
    stage.page.context.clear_cookies()
    stage.opens_as_staff(told, name="Asha Bell")
    stage.page.get_by_label("Or give it back").fill("I was there this morning, and it is dark.")
    stage.presses("Give it back")
    stage.page.context.clear_cookies()
    stage.opens_as_staff(told, email="bea@hillside.example", name="Bea Lee")


@state("inbox.list")
def inbox_of_answers_to_check(stage: Stage) -> None:
    told = stage.message(kind="not_good")
    with stage.make.database.write() as writes:
        propose(writes, stage.sam, stage.make.message_id(told), Unsent(Outcome.DONE, DONE), stage.make.clock())
    stage.signs_in(stage.hillside, name="Asha Bell")
    stage.goes_to("/staff/hillside/inbox?part=proposed")


@state("inbox.list")
def inbox_of_no_answers_to_check(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=proposed")


@state("feedback.answer_rule")
def who_checks_answers(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.ADMIN)
    stage.goes_to("/staff/hillside/settings/answers")
