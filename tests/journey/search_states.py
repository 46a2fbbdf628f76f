"""Every state of the search for staff; that for everybody is beside the account."""

from service.feedback.desk_actions import publish
from service.feedback.models import Outcome
from tests.journey.resident_states import URDU
from tests.journey.staff_inbox_states import busy
from tests.journey.stage import DONE, WORDS, Stage, state

SEARCH = "/staff/hillside/search"


def shown(stage: Stage) -> None:
    """A message that everybody may read, with its answer."""
    message = stage.message(WORDS, kind="not_good", area="hill-road", share="words_public", on="2026-11-03")
    stage.answered(message, Outcome.DONE, DONE)
    second = stage.make.at_work(stage.hillside, name="Asha Bell", email="asha.bell@example.org")
    with stage.make.database.write() as writes:
        publish(writes, second, stage.make.message_id(message), stage.make.clock())


@state("search.desk")
def search(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(SEARCH)


@state("search.desk")
def search_found(stage: Stage) -> None:
    busy(stage)
    shown(stage)
    stage.message(f"{WORDS} {WORDS} Mae'r fainc wedi mynd, a does dim mainc arall. {WORDS}", language="cy", on="2026-11-19")
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{SEARCH}?q=bench")


@state("search.desk")
def search_found_in_urdu(stage: Stage) -> None:
    busy(stage)
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{SEARCH}?q={URDU.split()[0]}")


@state("search.desk")
def search_of_one_kind_with_more_pages(stage: Stage) -> None:
    for number in range(26):
        stage.message(f"Bench number {number}", kind="idea")
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{SEARCH}?q=bench&kind=message")


@state("search.desk")
def search_found_nothing(stage: Stage) -> None:
    stage.signs_in(stage.hillside)
    stage.goes_to(f"{SEARCH}?q=submarine&area=hill-road")
