"""Every state of the page of those who watch over a place."""

from sqlmodel import col, update

from service.narratives.models import Narrative, StoryState
from service.people.models import Role
from tests.journey.account_states import busy
from tests.journey.stage import Stage, state


@state("accountability.overview")
def nothing_to_look_at_yet_for_a_viewer(stage: Stage) -> None:
    stage.signs_in(stage.hillside, Role.VIEWER)


@state("accountability.overview")
def overview_of_a_councillor(stage: Stage) -> None:
    """Half a year in, with a story that is shared among those who work together."""
    place = busy(stage)
    story = stage.make.story(place, title="The lift", kind="did_not_work")
    with stage.make.database.write() as writes:
        writes.execute(update(Narrative).where(col(Narrative.public_id) == story).values(state=StoryState.SHARED_PARTNERS))
    stage.signs_in(place, Role.VIEWER)
