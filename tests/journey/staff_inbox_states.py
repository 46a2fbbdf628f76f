"""Every state of the inbox, and of who has a message in hand."""

from sqlmodel import col, select, update

from service.feedback.models import Outcome
from service.journal.actions import OPERATOR
from service.people.models import Role, Staff, StaffRole
from service.places.queries import find_organisations
from service.promises.actions import Speaker, make_promise, report_progress
from service.promises.models import ProgressIn, PromiseIn, Standing
from tests.journey.resident_states import URDU, WITHOUT_A_SPACE
from tests.journey.staff_states import HUB
from tests.journey.stage import DONE, WORDS, Stage, state

DATES = {"made_on": "2026-09-01", "due_on": "2026-12-20"}


# ---- the inbox -------------------------------------------------------------------------------------------------------


@state("inbox.list")
def inbox_empty(stage: Stage) -> None:
    stage.signs_in(stage.hillside)


@state("inbox.list")
def inbox_nothing_to_read(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=unread")


@state("inbox.list")
def inbox_nothing_answered(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=answered")


def busy(stage: Stage) -> None:
    """A week like any other."""
    stage.message(kind="not_good", area="hill-road", on="2026-11-02")
    stage.message(URDU, language="ur", kind="not_good", area="linden", on="2026-11-05", sender=HUB, channel="phone", on_behalf=True)
    stage.message("Why is the hub shut on Mondays?", kind="question", topic="hub", on="2026-11-09")
    stage.message(None, kind="good", whole_place=True, on="2026-11-13")
    stage.message(f"{WORDS} {WITHOUT_A_SPACE} {WORDS} {WORDS}", area="top-fields", topic="paths", on="2026-11-20")
    stage.message("Could the library lend tools, as they do in Linden?", kind="idea", share="words_public")
    stage.read(stage.message("The new crossing is much safer.", kind="good", area="marsh-end"))
    stage.answered(stage.message(kind="not_good", area="hill-road", on="2026-11-10"), Outcome.DONE, DONE)
    stage.answered(stage.message("Thank you for the warm room.", kind="good"), Outcome.THANK_YOU, "We will tell them.")


@state("inbox.list")
def inbox(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)


@state("inbox.list")
def inbox_to_read_first(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    with stage.page.expect_response(lambda response: "part=unread" in response.url):
        stage.page.get_by_role("link", name="To read first").click()
    stage.page.locator("#part-unread[aria-current]").wait_for()


@state("inbox.list")
def inbox_answered(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=answered")


@state("inbox.list")
def inbox_with_more_pages(stage: Stage) -> None:
    for number in range(51):
        stage.message(f"Message {number}", kind="idea")
    stage.signs_in(stage.hillside)


@state("inbox.list")
def inbox_of_the_front_line(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside, Role.FRONTLINE)


@state("inbox.list")
def inbox_is_not_for_viewers(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.VIEWER)
    stage.goes_to("/staff/hillside/inbox")


@state("inbox.list")
def inbox_with_every_duty(stage: Stage) -> None:
    busy(stage)
    stage.make.story(stage.hillside, "The nurse rang the landlord herself, and the damp was gone in a week.", title="Damp")
    claimed(stage)
    stage.signs_in(stage.hillside)


def claimed(stage: Stage) -> None:
    """A promise whose maker says that it is kept."""
    place, now = stage.hillside, stage.make.clock()
    with stage.make.database.write() as writes:
        maker = find_organisations(writes, place.id)[0]
        speaker = Speaker(OPERATOR, frozenset({maker.id}), whole_place=False)
        given = PromiseIn.model_validate(
            {"side": "our_part", "maker": maker.code, "text": "We will mend the path.", "kept_when": "It is dry.", **DATES}
        )
        promise = make_promise(writes, speaker, place, given, now)
        report_progress(writes, speaker, place, promise.id, ProgressIn(note="It is mended.", to=Standing.CLAIMED_KEPT), now)


@state("inbox.list")
def inbox_narrowed(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=owed&area=hill-road&kind=not_good")


@state("inbox.list")
def inbox_narrowed_to_nothing(stage: Stage) -> None:
    stage.message()
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?kind=idea&whose=mine")


@state("inbox.list")
def inbox_where_some_are_taken_on(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside, name="Asha Bell")
    for box in stage.page.get_by_role("checkbox").all()[:3]:
        box.check()
    stage.presses("I take them on")
    stage.page.get_by_role("checkbox").first.check()


@state("inbox.list")
def inbox_nothing_marked(stage: Stage) -> None:
    stage.message()
    stage.signs_in(stage.hillside)
    stage.presses("Pass on")


@state("inbox.list")
def inbox_of_words_to_decide(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/inbox?part=offered")


# ---- who has it in hand ----------------------------------------------------------------------------------------------


@state("feedback.message")
def message_passed_on_and_taken_on(stage: Stage) -> None:
    told = stage.message(kind="not_good", area="hill-road", on="2026-11-16")
    stage.opens_as_staff(told)
    stage.page.get_by_label("Pass it on to").select_option(index=1)
    stage.presses("Pass on")
    stage.presses("I take it on")


@state("feedback.pass_on")
def message_passed_on_to_nobody(stage: Stage) -> None:
    stage.opens_as_staff(stage.message(kind="idea"))
    stage.presses("Pass on")


@state("feedback.assign")
def message_handed_to_somebody_who_is_gone(stage: Stage) -> None:
    stage.make.person(stage.hillside, name="Asha Bell", email="asha@example.org")
    stage.opens_as_staff(stage.message(kind="idea"))
    stage.page.get_by_label("Give it to").select_option("Asha Bell")
    with stage.make.database.write() as writes:
        gone = select(Staff.id).where(Staff.email == "asha@example.org")
        writes.execute(update(StaffRole).where(col(StaffRole.staff_id).in_(gone)).values(ended_at=stage.make.clock()))
    stage.presses("Hand it over")
