"""Examples of asking for a copy or an erasure, deciding and erasing."""

from uuid import UUID

from service.people.models import Member, Role
from service.register import Subject
from service.subjects.actions import ask, decide, erase
from service.subjects.models import RequestIn, Wish
from tests.journal.scene import WORD, Act, Examples, Scene
from tests.keeping.world import member


def _about(scene: Scene, wish: Wish) -> RequestIn:
    message = scene.make.message(scene.place, WORD, contact=WORD)
    return RequestIn(wish=wish, subject=Subject.MESSAGE, subject_id=scene.make.message_id(message), why=WORD)


def _asked(scene: Scene, wish: Wish) -> tuple[UUID, Member]:
    """A request of the person of the scene, and a second person."""
    given, first = _about(scene, wish), scene.member
    second = member(scene.make, scene.place, Role.MODERATOR, email="second@example.org")
    with scene.make.database.write() as writes:
        return ask(writes, first, given, scene.now), second


def ask_for_erasure(scene: Scene) -> Act:
    given, first = _about(scene, Wish.ERASURE), scene.member
    return Act(lambda writes: ask(writes, first, given, scene.now))


def agree_to_a_copy(scene: Scene) -> Act:
    request_id, second = _asked(scene, Wish.COPY)
    return Act(lambda writes: decide(writes, second, request_id, agreed=True, now=scene.now))


def agree_to_an_erasure(scene: Scene) -> Act:
    """Two rows: somebody agreed, and the message was taken out."""
    request_id, second = _asked(scene, Wish.ERASURE)
    return Act(lambda writes: decide(writes, second, request_id, agreed=True, now=scene.now), rows=2)


def take_out(scene: Scene) -> Act:
    given, first = _about(scene, Wish.ERASURE), scene.member
    return Act(lambda writes: erase(writes, first.actor, first.place, Subject.MESSAGE, given.subject_id, scene.now))


EXAMPLES: Examples = {"ask": [ask_for_erasure], "decide": [agree_to_a_copy, agree_to_an_erasure], "erase": [take_out]}
