"""Examples of writing what is answered often."""

from service.journal.actions import OPERATOR
from service.wordings.actions import bring_back_wording, change_wording, retire_wording, write_wording
from service.wordings.models import Wording, WordingForm
from tests.journal.scene import WORD, Act, Examples, Scene

GIVEN = WordingForm(name=WORD, body=f"{WORD} body", reason=WORD)


def written(scene: Scene) -> Wording:
    with scene.make.database.write() as writes:
        writes.expire_on_commit = False
        return write_wording(writes, OPERATOR, scene.place, GIVEN, scene.now)


def write_one(scene: Scene) -> Act:
    place = scene.place
    return Act(lambda writes: write_wording(writes, OPERATOR, place, GIVEN, scene.now))


def change_one(scene: Scene) -> Act:
    place, row = scene.place, written(scene)
    given = GIVEN.model_copy(update={"body": f"{WORD} again"})
    return Act(lambda writes: change_wording(writes, OPERATOR, place, row.id, given, scene.now))


def leave_one(scene: Scene) -> Act:
    place, row = scene.place, written(scene)
    return Act(lambda writes: change_wording(writes, OPERATOR, place, row.id, GIVEN, scene.now), rows=0)


def retire_one(scene: Scene) -> Act:
    place, row = scene.place, written(scene)
    return Act(lambda writes: retire_wording(writes, OPERATOR, place, row.id, scene.now))


def bring_one_back(scene: Scene) -> Act:
    place, row = scene.place, written(scene)
    with scene.make.database.write() as writes:
        retire_wording(writes, OPERATOR, place, row.id, scene.now)
    return Act(lambda writes: bring_back_wording(writes, OPERATOR, place, row.id, scene.now))


def bring_one_back_that_is_there(scene: Scene) -> Act:
    place, row = scene.place, written(scene)
    return Act(lambda writes: bring_back_wording(writes, OPERATOR, place, row.id, scene.now), rows=0)


EXAMPLES: Examples = {
    "write_wording": [write_one],
    "change_wording": [change_one, leave_one],
    "retire_wording": [retire_one],
    "bring_back_wording": [bring_one_back, bring_one_back_that_is_there],
}
