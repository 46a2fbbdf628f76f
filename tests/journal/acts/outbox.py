"""Examples of what becomes of letters."""

from service.outbox.actions import claim, give_up, post
from service.outbox.models import Purpose
from tests.journal.scene import Act, Examples, Scene


def nobody_takes_it(scene: Scene) -> Act:
    with scene.make.database.write() as writes:
        post(writes, Purpose.SIGN_IN, "canary@example.org", "en", scene.now)
        letter = claim(writes, scene.now)
    assert letter is not None
    return Act(lambda writes: give_up(writes, letter, scene.now))


EXAMPLES: Examples = {"give_up": [nobody_takes_it]}
