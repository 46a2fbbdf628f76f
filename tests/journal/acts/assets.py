"""Examples of proposing a transfer, counting who can use it, and saying what became of it."""

from uuid import UUID

from service.assets.actions import count_access, move_transfer, propose_transfer
from service.assets.models import AccessIn, MoveIn, Standing, TransferIn
from tests.journal.scene import WORD, Act, Examples, Scene


def given(scene: Scene) -> TransferIn:
    return TransferIn(asset=WORD, organisation=scene.council.code, about=WORD)


def proposed(scene: Scene) -> UUID:
    asked = given(scene)
    with scene.make.database.write() as writes:
        transfer = propose_transfer(writes, scene.member, asked, scene.now)
        count_access(writes, scene.member, transfer, AccessIn(people=WORD, before=40), scene.now)
    return transfer


def propose(scene: Scene) -> Act:
    who, asked = scene.member, given(scene)
    return Act(lambda writes: propose_transfer(writes, who, asked, scene.now))


def count(scene: Scene) -> Act:
    who, transfer = scene.member, proposed(scene)
    return Act(lambda writes: count_access(writes, who, transfer, AccessIn(people=WORD, before=41), scene.now))


def count_the_same(scene: Scene) -> Act:
    who, transfer = scene.member, proposed(scene)
    return Act(lambda writes: count_access(writes, who, transfer, AccessIn(people=WORD, before=40), scene.now), rows=0)


def note(scene: Scene) -> Act:
    who, transfer = scene.member, proposed(scene)
    return Act(lambda writes: move_transfer(writes, who, transfer, MoveIn(note=WORD), scene.now))


def move(scene: Scene) -> Act:
    who, transfer = scene.member, proposed(scene)
    said = MoveIn(note=WORD, to=Standing.CHECKS_DONE, plan=WORD)
    return Act(lambda writes: move_transfer(writes, who, transfer, said, scene.now))


EXAMPLES: Examples = {
    "propose_transfer": [propose],
    "count_access": [count, count_the_same],
    "move_transfer": [note, move],
}
