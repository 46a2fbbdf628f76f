"""Examples of stopping, sharing after all, and forgetting a contact, as somebody with a code does."""

from collections.abc import Callable
from typing import Any

from service.consents.actions import forget_contact, share_after_all, stop_sharing
from service.database import WriteSession
from tests.journal.scene import WORD, Act, Examples, Scene

Do = Callable[[WriteSession], Any]


def code_of(scene: Scene, **said: Any) -> str:
    return scene.make.message(scene.place, WORD, contact=WORD, **said).code


def again(scene: Scene, do: Do) -> Do:
    """The same once more: the second time nothing is left to do."""
    with scene.make.database.write() as writes:
        do(writes)
    return do


def stop(scene: Scene) -> Act:
    keys, code = scene.make.keys, code_of(scene, share="words_public")
    return Act(lambda writes: stop_sharing(writes, keys, scene.place, code, scene.now))


def stop_again(scene: Scene) -> Act:
    return Act(again(scene, stop(scene).do), rows=0)


def share(scene: Scene) -> Act:
    keys, code = scene.make.keys, code_of(scene)
    return Act(lambda writes: share_after_all(writes, keys, scene.place, code, scene.now))


def share_again(scene: Scene) -> Act:
    return Act(again(scene, share(scene).do), rows=0)


def forget(scene: Scene) -> Act:
    keys, code = scene.make.keys, code_of(scene)
    return Act(lambda writes: forget_contact(writes, keys, scene.place, code, scene.now))


def forget_again(scene: Scene) -> Act:
    return Act(again(scene, forget(scene).do), rows=0)


EXAMPLES: Examples = {
    "stop_sharing": [stop, stop_again],
    "share_after_all": [share, share_again],
    "forget_contact": [forget, forget_again],
}
