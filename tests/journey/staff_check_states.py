"""Every state of the pages on which staff meet residents' checks."""

from uuid import UUID

from service.people.models import Role
from tests.journey.promise_states import checked, claimed, promised, released
from tests.journey.stage import Stage, state


def opens(stage: Stage, promise: UUID, organisation: str | None = None) -> None:
    """A coordinator opens what residents say of this promise."""
    place = stage.hillside
    stage.signs_in(place, Role.COORDINATOR, organisation=organisation)
    stage.goes_to(f"/staff/{place.slug}/promises/{promise}/checks")


def told(stage: Stage) -> UUID:
    promise = claimed(stage)
    checked(stage, promise, "partly", comment="Two thirds are laid. The last part is mud.", share="words_public")
    checked(stage, promise, "yes", "no", code=False)
    return checked(stage, promise, "do_not_know", code=False, comment="I have not been there since.")


@state("checks.desk")
def desk_checks(stage: Stage) -> None:
    opens(stage, told(stage))


@state("checks.desk")
def desk_checks_of_the_maker(stage: Stage) -> None:
    opens(stage, told(stage), "council")


@state("checks.desk")
def desk_checks_of_another_organisation(stage: Stage) -> None:
    opens(stage, told(stage), "hub")


@state("checks.desk")
def desk_checks_of_what_was_let_go(stage: Stage) -> None:
    opens(stage, released(stage))


@state("checks.invite")
def desk_too_many_invitations(stage: Stage) -> None:
    opens(stage, promised(stage))
    stage.page.get_by_label("How many invitations?").fill("201")
    stage.presses("Make them")


@state("checks.invitations")
def desk_invitations(stage: Stage) -> None:
    opens(stage, promised(stage, summary="A hard path from Linden"))
    stage.page.get_by_label("How many invitations?").fill("6")
    stage.presses("Make them")
