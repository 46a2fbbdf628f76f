"""Examples of giving keys and taking them back."""

from service.journal.actions import OPERATOR
from service.partners.actions import Grants, add_key, revoke_key
from service.partners.models import Scope
from tests.journal.scene import WORD, Act, Examples, Scene


def give_first(scene: Scene) -> Act:
    grants = Grants(frozenset({Scope.FEEDBACK_WRITE}), [(scene.place.id, scene.council.id)])
    return Act(lambda writes: add_key(writes, OPERATOR, WORD, grants, scene.now))


def give_second(scene: Scene) -> Act:
    grants = Grants(frozenset({Scope.FEEDBACK_WRITE}), [(scene.place.id, None)])
    scene.make.key(scene.place, Scope.FEEDBACK_WRITE, name=WORD)
    return Act(lambda writes: add_key(writes, OPERATOR, WORD, grants, scene.now))


def take_back(scene: Scene) -> Act:
    key = scene.make.key(scene.place)
    return Act(lambda writes: revoke_key(writes, OPERATOR, key, scene.now))


def take_back_again(scene: Scene) -> Act:
    key = scene.make.key(scene.place)
    with scene.make.database.write() as writes:
        revoke_key(writes, OPERATOR, key, scene.now)
    return Act(lambda writes: revoke_key(writes, OPERATOR, key, scene.now), rows=0)


EXAMPLES: Examples = {"add_key": [give_first, give_second], "revoke_key": [take_back, take_back_again]}
