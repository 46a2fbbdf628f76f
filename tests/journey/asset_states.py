"""Every state of the public pages of what passes to the community."""

from uuid import UUID

from service.assets.actions import count_access, move_transfer, propose_transfer
from service.assets.models import AccessIn, MoveIn, Standing, TransferIn
from tests.journey.resident_states import WITHOUT_A_SPACE
from tests.journey.stage import Stage, state

TRANSFERS = "/hillside/asset-transfers"
WHY = "The neighbours open it anyway. They would rather mend it themselves than wait."
PLAN = "Two keyholders, the council's plumber on call for two years, and insurance through the hub."


def proposed(stage: Stage, asset: str = "The hall on Hill Road") -> UUID:
    with stage.make.database.write() as writes:
        given = TransferIn(asset=asset, organisation="neighbours", about=WHY, area="hill-road")
        return propose_transfer(writes, stage.sam, given, stage.make.clock())


def moved(stage: Stage) -> UUID:
    """A transfer that moved, with three groups counted before and two after."""
    transfer, now = proposed(stage), stage.make.clock()
    with stage.make.database.write() as writes:
        for people, before in (("People over 75", 44), ("People in a wheelchair", 12), ("Parents with a pushchair", 6)):
            count_access(writes, stage.sam, transfer, AccessIn(people=people, before=before), now)
        move_transfer(writes, stage.sam, transfer, MoveIn(note="The plan is agreed.", to=Standing.CHECKS_DONE, plan=PLAN), now)
        given = MoveIn.model_validate({"note": "The keys are theirs.", "to": "transferred", "moved_on": "2026-11-02"})
        move_transfer(writes, stage.sam, transfer, given, now)
        for people, after in (("People over 75", 46), ("People in a wheelchair", 8)):
            count_access(writes, stage.sam, transfer, AccessIn(people=people, after=after), now)
    return transfer


@state("assets.list")
def transfers_none(stage: Stage) -> None:
    assert stage.hillside
    stage.goes_to(TRANSFERS)


@state("assets.list")
def transfers(stage: Stage) -> None:
    moved(stage)
    proposed(stage, "The field behind the chapel")
    proposed(stage, WITHOUT_A_SPACE)
    stage.goes_to(TRANSFERS)


@state("assets.show")
def transfer_proposed(stage: Stage) -> None:
    stage.goes_to(f"{TRANSFERS}/{proposed(stage)}")


@state("assets.show")
def transfer_that_shuts_somebody_out(stage: Stage) -> None:
    stage.goes_to(f"{TRANSFERS}/{moved(stage)}")
