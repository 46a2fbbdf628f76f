"""Every state of the pages of deals and drafts for staff."""

from service.people.models import Role
from service.promises.step_actions import add_milestone, reach_milestone
from service.promises.step_models import MilestoneIn, ReachedIn
from tests.journey.deal_states import deals_there, dealt
from tests.journey.promise_states import promised
from tests.journey.staff_promise_states import drafted, opens
from tests.journey.stage import Stage, state

DEALS = "/staff/hillside/deals"


@state("promises.desk_deals")
def desk_deals_none(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(DEALS)


@state("promises.desk_deals")
def desk_deals(stage: Stage) -> None:
    deals_there(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(DEALS)


@state("promises.desk_make_deal")
def desk_deal_without_a_title(stage: Stage) -> None:
    desk_deals(stage)
    stage.page.get_by_label("The deal in plain words").fill("We mend, you tell us.")
    stage.presses("Make the deal")


@state("promises.desk_deal")
def desk_deal(stage: Stage) -> None:
    deal = deals_there(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{DEALS}/{deal}")


@state("promises.desk_deal")
def desk_deal_of_nobody_yet(stage: Stage) -> None:
    deal = dealt(stage, "Warm homes")
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    stage.goes_to(f"{DEALS}/{deal}")


@state("promises.desk_change_deal")
def desk_deal_with_a_title_that_is_taken(stage: Stage) -> None:
    desk_deal(stage)
    stage.page.get_by_label("What is the deal called?").fill("Streets to walk in")
    stage.presses("Keep it")


@state("promises.desk_show")
def desk_promise_of_a_deal(stage: Stage) -> None:
    dealt(stage, "Streets to walk in")
    opens(stage, drafted(stage), organisation="council")
    stage.page.get_by_label("Which one?").select_option("Streets to walk in")
    stage.presses("Keep it there")


@state("promises.desk_draft")
def desk_draft_to_change(stage: Stage) -> None:
    opens(stage, drafted(stage), organisation="council")
    stage.page.get_by_role("link", name="Change the draft").click()


@state("promises.desk_rewrite")
def desk_draft_without_its_words(stage: Stage) -> None:
    desk_draft_to_change(stage)
    stage.page.get_by_label("What is promised?").fill("")
    stage.presses("Keep the draft")


# ---- what stands beside a promise ------------------------------------------------------------------------------------


def stepped(stage: Stage) -> None:
    """A promise of the council with three steps: one done, one late, one to come; and a message beside it."""
    promise = promised(stage, summary="A hard path from Linden")
    stage.make.message(stage.hillside, "It is mud after rain.", promise=str(promise), share="words_public")
    with stage.make.database.write() as writes:
        for title, due_on, done_on in (
            ("The stone is ordered", "2026-10-01", "2026-09-28"),
            ("The ground is dug", "2026-11-01", None),
            ("The stone is laid", "2027-03-01", None),
        ):
            given = MilestoneIn.model_validate({"title": title, "due_on": due_on})
            step = add_milestone(writes, stage.sam, promise, given, stage.make.clock())
            if done_on:
                reached = ReachedIn.model_validate({"done_on": done_on, "note": "It lies behind the chapel."})
                reach_milestone(writes, stage.sam, promise, step, reached, stage.make.clock())
    stage.signs_in(stage.hillside)
    stage.goes_to(f"/staff/hillside/promises/{promise}/beside")


@state("promises.beside")
def desk_beside_nothing(stage: Stage) -> None:
    opens(stage, promised(stage))
    stage.page.get_by_role("link", name="Steps on the way").click()


@state("promises.beside")
def desk_beside(stage: Stage) -> None:
    stepped(stage)
    stage.page.get_by_label("Find messages and stories").fill("mud")
    stage.presses("Find")


@state("promises.add_milestone")
def desk_step_without_a_day(stage: Stage) -> None:
    stepped(stage)
    stage.page.get_by_label("What is the step?").fill("The lamps shine")
    stage.presses("Add it")


@state("promises.reach_milestone")
def desk_step_done_without_a_note(stage: Stage) -> None:
    stepped(stage)
    stage.page.get_by_label("Which one?").select_option("The ground is dug")
    stage.presses("It is done")


@state("promises.show")
def promise_with_steps(stage: Stage) -> None:
    stepped(stage)
    stage.goes_to(stage.page.url.partition("/staff")[0] + "/hillside/promises/" + stage.page.url.rsplit("/", 2)[1])
