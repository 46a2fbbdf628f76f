"""Examples of reporting what gets in the way, and of saying what became of it."""

from uuid import UUID

from service.journal.actions import OPERATOR
from service.narratives.actions import submit_narrative
from service.narratives.models import Narrative
from service.system_health.actions import enter_words, move_barrier, name_barrier, report_barrier
from service.system_health.models import BarrierKind, MoveIn, Standing
from tests.journal.acts.narratives import STORY, TELLER
from tests.journal.scene import WORD, Act, Examples, Scene


def reported(scene: Scene) -> UUID:
    with scene.make.database.write() as writes:
        return report_barrier(writes, OPERATOR, scene.place, BarrierKind.RULE, None, scene.now)


def told(scene: Scene) -> Narrative:
    with scene.make.database.write() as writes:
        writes.expire_on_commit = False
        return submit_narrative(writes, TELLER, scene.place, STORY, scene.now)[0]


def report(scene: Scene) -> Act:
    place = scene.place
    return Act(lambda writes: report_barrier(writes, OPERATOR, place, BarrierKind.RULE, None, scene.now))


def name(scene: Scene) -> Act:
    place, barrier, story = scene.place, reported(scene), told(scene)
    return Act(lambda writes: name_barrier(writes, OPERATOR, place, barrier, story.id, scene.now))


def name_again(scene: Scene) -> Act:
    act = name(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


def enter(scene: Scene) -> Act:
    place, story = scene.place, told(scene)
    return Act(lambda writes: enter_words(writes, OPERATOR, place, story, scene.now), rows=2)


def enter_a_kind_alone(scene: Scene) -> Act:
    place, story = scene.place, told(scene)
    story.barrier = BarrierKind.MONEY
    return Act(lambda writes: enter_words(writes, OPERATOR, place, story, scene.now), rows=0)


def move(scene: Scene) -> Act:
    member, barrier = scene.member, reported(scene)
    given = MoveIn(to=Standing.LOOKED_INTO, note=WORD, theme=WORD, source=WORD, changer=WORD, workaround=WORD)
    return Act(lambda writes: move_barrier(writes, member, barrier, given, scene.now))


EXAMPLES: Examples = {
    "report_barrier": [report],
    "name_barrier": [name, name_again],
    "enter_words": [enter, enter_a_kind_alone],
    "move_barrier": [move],
}
