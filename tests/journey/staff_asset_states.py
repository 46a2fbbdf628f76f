"""Every state of the pages of what passes to the community, for staff."""

from service.people.models import Role
from tests.journey.asset_states import moved, proposed
from tests.journey.stage import Stage, state

DESK = "/staff/hillside/asset-transfers"


@state("assets.desk_list")
def desk_transfers(stage: Stage) -> None:
    moved(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(DESK)


@state("assets.propose")
def desk_transfer_with_much_missing(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(DESK)
    stage.presses("Propose it")


@state("assets.desk_show")
def desk_transfer(stage: Stage) -> None:
    transfer = moved(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{DESK}/{transfer}")


@state("assets.desk_show")
def desk_transfer_of_the_front_line(stage: Stage) -> None:
    transfer = proposed(stage)
    stage.signs_in(stage.hillside, Role.FRONTLINE)
    stage.goes_to(f"{DESK}/{transfer}")


@state("assets.move")
def desk_transfer_without_a_plan(stage: Stage) -> None:
    transfer = proposed(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{DESK}/{transfer}")
    stage.page.get_by_text("The checks are done: there is a plan").click()
    stage.page.get_by_label("What happened?").fill("They are ready.")
    stage.presses("Say it")


@state("assets.count")
def desk_transfer_counted_in_words(stage: Stage) -> None:
    transfer = proposed(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{DESK}/{transfer}")
    stage.page.get_by_label("Which people?").fill("People over 75")
    stage.page.get_by_label("How many of them use it, before it moves?").fill("many")
    stage.presses("Write it down")
