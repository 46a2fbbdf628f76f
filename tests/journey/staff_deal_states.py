"""Every state of the pages of deals and drafts for staff."""

from service.people.models import Role
from tests.journey.deal_states import both_parts, deals_there, dealt
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
    both_parts(stage, "Streets to walk in")
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
