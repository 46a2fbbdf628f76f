"""Every state of the pages of promises for staff, and of the answer that makes one."""

from uuid import UUID

from service.people.models import Role
from service.promises.actions import make_promise
from service.promises.models import PromiseIn, Side, Standing
from tests.journey.promise_states import PASSES, PATH, changed, claimed, promised, promises, said, speaking
from tests.journey.stage import Stage, state

LIST = "/staff/hillside/promises"


def drafted(stage: Stage) -> UUID:
    """A draft of the council."""
    words = {"text": PATH, "side": Side.OUR_PART, "maker": "council", "made_on": "2026-11-20", "kept_when": PASSES}
    given = PromiseIn.model_validate({**words, "due_on": "2027-05-01", "summary": "A hard path from Linden"})
    with stage.make.database.write() as writes:
        return make_promise(writes, speaking(stage, "council"), stage.hillside, given, stage.make.clock(), draft=True).id


def opens(stage: Stage, promise: UUID, role: Role = Role.COORDINATOR, organisation: str | None = None) -> None:
    stage.signs_in(stage.hillside, role, organisation=organisation)
    stage.goes_to(f"{LIST}/{promise}")


# ---- the list --------------------------------------------------------------------------------------------------------


@state("promises.desk_list")
def desk_promises_none(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(LIST)


@state("promises.desk_list")
def desk_promises(stage: Stage) -> None:
    promises(stage)
    drafted(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(LIST)


@state("promises.desk_list")
def desk_promises_of_the_front_line(stage: Stage) -> None:
    promised(stage)
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    stage.goes_to(LIST)


# ---- making one ------------------------------------------------------------------------------------------------------


@state("promises.desk_new")
def desk_new_promise(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{LIST}/new")


@state("promises.desk_make")
def desk_new_promise_with_much_missing(stage: Stage) -> None:
    desk_new_promise(stage)
    stage.page.get_by_label("What is promised?").fill(PATH)
    stage.presses("Make the promise")


@state("promises.desk_show")
def desk_promise_made(stage: Stage) -> None:
    desk_new_promise(stage)
    page = stage.page
    page.get_by_label("Which organisation promises it?").select_option("council")
    page.get_by_label("What is promised?").fill(PATH)
    page.get_by_label("What will count as kept?").fill(PASSES)
    page.get_by_label("By when?", exact=True).fill("2027-05-01")
    stage.presses("Make the promise")


# ---- one of them -----------------------------------------------------------------------------------------------------


@state("promises.desk_show")
def desk_draft(stage: Stage) -> None:
    opens(stage, drafted(stage), organisation="council")


@state("promises.desk_show")
def desk_promise_to_check(stage: Stage) -> None:
    opens(stage, claimed(stage, summary="A hard path from Linden", deal="The Linden deal", source="Council meeting of 1 November 2025"))


@state("promises.desk_show")
def desk_promise_disputed(stage: Stage) -> None:
    disputed = said(stage, claimed(stage), "The last part is still mud.", Standing.DISPUTED, by="neighbours")
    opens(stage, disputed, organisation="hub")


@state("promises.desk_show")
def desk_promise_changed(stage: Stage) -> None:
    opens(stage, changed(stage))


@state("promises.desk_show")
def desk_promise_of_the_front_line(stage: Stage) -> None:
    opens(stage, promised(stage), Role.FRONTLINE)


@state("promises.desk_show")
def desk_promise_that_is_not_there(stage: Stage) -> None:
    opens(stage, drafted(stage), organisation="hub")


@state("promises.desk_update")
def desk_promise_changed_without_a_reason(stage: Stage) -> None:
    promised(stage, "We will lay a gravel path by 1 July 2027.")
    opens(stage, promised(stage))
    stage.page.get_by_text("It is changed: another promise takes its place").click()
    stage.presses("Say it")


@state("promises.desk_update")
def desk_promise_let_go_by_nobody(stage: Stage) -> None:
    opens(stage, promised(stage), organisation="hub")
    stage.page.get_by_text("The community let it go").click()
    stage.page.get_by_label("What happened?").fill("The bus goes another way now.")
    stage.presses("Say it")


# ---- the answer that makes one ---------------------------------------------------------------------------------------


def will_do(stage: Stage) -> str:
    """Fills in an answer that says so; answers the code of its message."""
    message = stage.message(kind="not_good", area="hill-road", topic="paths")
    page = stage.opens_as_staff(message)
    page.get_by_text("We will do this.").click()
    page.get_by_label("Your answer").fill("You will see it when you wait for the bus.")
    return message.code


@state("feedback.reply")
def reply_will_do_what(stage: Stage) -> None:
    will_do(stage)
    stage.presses("Send the answer")


def promises_a_bench(stage: Stage) -> str:
    code = will_do(stage)
    page = stage.page
    page.get_by_label("If you will do it: what exactly?").fill("We will put a bench at the bus stop on Hill Road.")
    page.get_by_label("By when?").fill("2027-03-01")
    page.get_by_label("What will count as kept?").fill("A bench with arms stands at the stop.")
    stage.presses("Send the answer")
    return code


@state("feedback.message")
def message_with_a_promise(stage: Stage) -> None:
    promises_a_bench(stage)


@state("feedback.read_answer")
def answer_with_a_promise(stage: Stage) -> None:
    code = promises_a_bench(stage)
    stage.page.context.clear_cookies()
    stage.goes_to("/hillside/answer")
    stage.page.get_by_label("Your code").fill(code)
    stage.presses("Read the answer")
