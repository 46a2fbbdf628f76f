"""Examples of steps on the way to a promise, and of what is put beside it."""

from uuid import UUID

from service.promises.step_actions import Thing, add_milestone, put_beside, reach_milestone, take_away
from service.promises.step_models import MilestoneIn, ReachedIn
from tests.journal.deal_acts import drafted
from tests.journal.scene import WORD, Act, Examples, Scene

STEP = MilestoneIn.model_validate({"title": WORD, "due_on": "2027-01-01"})
REACHED = ReachedIn.model_validate({"done_on": "2026-11-01", "note": WORD})


def beside(scene: Scene) -> tuple[UUID, Thing]:
    """A draft of the council with a message beside it."""
    promise, thing = drafted(scene), Thing(message=scene.make.message_id(scene.make.message(scene.place, WORD)))
    with scene.make.database.write() as writes:
        put_beside(writes, scene.member, promise, thing, scene.now)
    return promise, thing


def step(scene: Scene) -> Act:
    who, promise = scene.member, drafted(scene)
    return Act(lambda writes: add_milestone(writes, who, promise, STEP, scene.now))


def reached(scene: Scene) -> Act:
    who, promise = scene.member, drafted(scene)
    with scene.make.database.write() as writes:
        milestone = add_milestone(writes, who, promise, STEP, scene.now)
    return Act(lambda writes: reach_milestone(writes, who, promise, milestone, REACHED, scene.now))


def put(scene: Scene) -> Act:
    who, promise, story = scene.member, drafted(scene), scene.make.story(scene.place, WORD)
    return Act(lambda writes: put_beside(writes, who, promise, Thing(story=story), scene.now))


def put_again(scene: Scene) -> Act:
    who, (promise, thing) = scene.member, beside(scene)
    return Act(lambda writes: put_beside(writes, who, promise, thing, scene.now), rows=0)


def away(scene: Scene) -> Act:
    who, (promise, thing) = scene.member, beside(scene)
    return Act(lambda writes: take_away(writes, who, promise, thing, scene.now))


def away_again(scene: Scene) -> Act:
    who, promise = scene.member, drafted(scene)
    thing = Thing(message=scene.make.message_id(scene.make.message(scene.place, WORD)))
    return Act(lambda writes: take_away(writes, who, promise, thing, scene.now), rows=0)


EXAMPLES: Examples = {
    "add_milestone": [step],
    "reach_milestone": [reached],
    "put_beside": [put, put_again],
    "take_away": [away, away_again],
}
