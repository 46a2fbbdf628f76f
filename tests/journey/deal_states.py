"""Every state of the public pages of deals."""

from uuid import UUID

from service.promises.actions import Speaker
from service.promises.deal_actions import make_deal
from service.promises.deal_models import DealIn, DealLevel
from service.promises.models import Side
from tests.journey.promise_states import promised
from tests.journey.resident_states import WITHOUT_A_SPACE
from tests.journey.stage import Stage, state

DEALS = "/hillside/deals"
SAID = "We mend what is broken and say when. You tell us what you see, and lend a hand where you can."


def dealt(stage: Stage, title: str, **fields: object) -> UUID:
    """A deal, made by somebody who works for the whole place."""
    given = DealIn.model_validate({"title": title, **fields})
    with stage.make.database.write() as writes:
        return make_deal(writes, Speaker(stage.sam.actor, frozenset(), whole_place=True), stage.hillside, given, stage.make.clock())


def both_parts(stage: Stage, deal: str) -> None:
    """Two promises of the council, one of them late, and two things that are asked of the community."""
    promised(stage, summary="A hard path from Linden", deal=deal, due_on="2026-11-01")
    promised(stage, "Every street light mended within five days.", deal=deal, summary="Street lights")
    yours = {"side": Side.YOUR_PART, "maker": None, "due_on": None, "deal": deal}
    promised(stage, "We sweep our own steps.", **yours, review_by="2026-10-01")
    promised(stage, "We tell the council when a light is out.", **yours, review_by="2027-01-01", area=None)


def deals_there(stage: Stage) -> UUID:
    headline = dealt(stage, "The Hillside deal", level=DealLevel.HEADLINE, said=SAID, since="2025-11-01", until="2028-11-01")
    dealt(stage, "Streets to walk in", parent=headline, theme="Streets", said="Light, level and safe.")
    both_parts(stage, "Streets to walk in")
    promised(stage, "We answer within ten days.", deal="The Hillside deal", summary="An answer in ten days")
    promised(stage, "The warm room opens on Sundays.", deal=WITHOUT_A_SPACE)
    return headline


@state("promises.deals")
def deals_none(stage: Stage) -> None:
    assert stage.hillside
    stage.goes_to(DEALS)


@state("promises.deals")
def deals(stage: Stage) -> None:
    deals_there(stage)
    stage.goes_to(DEALS)


@state("promises.deal")
def deal(stage: Stage) -> None:
    stage.goes_to(f"{DEALS}/{deals_there(stage)}")


@state("promises.deal")
def deal_under_another(stage: Stage) -> None:
    deals_there(stage)
    stage.goes_to(DEALS)
    stage.page.get_by_role("link", name="Streets to walk in").click()
