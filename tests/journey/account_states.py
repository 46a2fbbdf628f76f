"""Every state of the account's pages: with half a year in them, and with nothing."""

from service.places.queries import PlaceCard
from tests.accountability.world import fill
from tests.journey.search_states import shown
from tests.journey.stage import Stage, state


def busy(stage: Stage) -> PlaceCard:
    """A place where something of everything happened."""
    place = stage.make.collaboration("riverbank", name="Riverbank")
    fill(stage.make, place)
    return place


def opened(stage: Stage, view: str, query: str = "") -> None:
    stage.goes_to(f"/{busy(stage).slug}/{view}{query}")


@state("accountability.account")
def letter_after_half_a_year(stage: Stage) -> None:
    opened(stage, "")


@state("accountability.community_reporting")
def community_reporting(stage: Stage) -> None:
    opened(stage, "community-reporting")


@state("accountability.community_reporting")
def community_reporting_with_nothing(stage: Stage) -> None:
    stage.make.collaboration("marsh-end")
    stage.goes_to("/marsh-end/community-reporting")


@state("accountability.community_reporting")
def community_reporting_of_one_area_in_two_months(stage: Stage) -> None:
    opened(stage, "community-reporting", "?from=2026-06&to=2026-07&area=hill-road")


@state("accountability.narratives")
def stories(stage: Stage) -> None:
    opened(stage, "narratives")


@state("accountability.narratives")
def stories_of_one_kind(stage: Stage) -> None:
    opened(stage, "narratives", "?kind=did_not_work")


@state("accountability.narratives")
def stories_none(stage: Stage) -> None:
    stage.make.collaboration("marsh-end")
    stage.goes_to("/marsh-end/narratives")


@state("accountability.outcomes")
def outcomes(stage: Stage) -> None:
    opened(stage, "outcomes")


@state("accountability.outcomes")
def outcomes_none(stage: Stage) -> None:
    stage.make.collaboration("marsh-end")
    stage.goes_to("/marsh-end/outcomes")


@state("accountability.results")
def results(stage: Stage) -> None:
    opened(stage, "results")
    for summary in stage.page.get_by_text("Every value").all():
        summary.click()


@state("accountability.system_health")
def system_health(stage: Stage) -> None:
    opened(stage, "system-health")


@state("accountability.system_health")
def system_health_with_nothing(stage: Stage) -> None:
    stage.make.collaboration("marsh-end")
    stage.goes_to("/marsh-end/system-health")


# ---- searching in it -------------------------------------------------------------------------------------------------


@state("search.public")
def public_search(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/search")


@state("search.public")
def public_search_found(stage: Stage) -> None:
    shown(stage)
    stage.goes_to("/hillside/search?q=bench")


@state("search.public")
def public_search_found_nothing(stage: Stage) -> None:
    stage.goes_to(f"/{stage.hillside.slug}/search?q=submarine")
