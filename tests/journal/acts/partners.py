"""Examples of giving keys and taking them back."""

from datetime import timedelta

from sqlmodel import select

from service.journal.actions import OPERATOR
from service.partners.actions import Grants, add_key, close_to, revoke_key, rotate_key
from service.partners.models import Holder, Scope
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


def give_another(scene: Scene) -> Act:
    scene.make.key(scene.place)
    with scene.make.database.read() as reads:
        holder = reads.exec(select(Holder.id)).one()
    return Act(lambda writes: rotate_key(writes, OPERATOR, holder, scene.now, timedelta(days=7)))


def let_in_no_more(scene: Scene) -> Act:
    place = scene.place
    scene.make.key(place)
    with scene.make.database.read() as reads:
        holder = reads.exec(select(Holder.id)).one()
    return Act(lambda writes: close_to(writes, OPERATOR, place.id, holder, scene.now))


EXAMPLES: Examples = {
    "add_key": [give_first, give_second],
    "rotate_key": [give_another],
    "revoke_key": [take_back, take_back_again],
    "close_to": [let_in_no_more],
}
