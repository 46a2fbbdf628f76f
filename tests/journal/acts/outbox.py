"""Examples of what becomes of letters."""

from uuid import UUID

from service.outbox.actions import claim, give_up, post
from service.outbox.letter_actions import let_go, send_again, word_letter
from service.outbox.models import For, Purpose
from tests.journal.scene import WORD, Act, Examples, Scene


def nobody_takes_it(scene: Scene) -> Act:
    with scene.make.database.write() as writes:
        post(writes, Purpose.SIGN_IN, "canary@example.org", "en", scene.now)
        letter = claim(writes, scene.now)
    assert letter is not None
    return Act(lambda writes: give_up(writes, letter, scene.now))


def given_up(scene: Scene) -> UUID:
    """A letter of the place to its coordinator that could not be sent."""
    member = scene.member
    with scene.make.database.write() as writes:
        post(writes, Purpose.INVITATION, member.person.email, "en", scene.now, For(member.place.id, member.person.staff_id))
        letter = claim(writes, scene.now)
        assert letter is not None
        give_up(writes, letter, scene.now, "TimeoutError")
        return letter.id


def send_one_again(scene: Scene) -> Act:
    member, letter = scene.member, given_up(scene)
    return Act(lambda writes: send_again(writes, member.actor, member.place.id, letter, member.person.email, scene.now))


def let_one_go(scene: Scene) -> Act:
    member, letter = scene.member, given_up(scene)
    return Act(lambda writes: let_go(writes, member.actor, member.place.id, letter, scene.now))


def word_one(scene: Scene) -> Act:
    member = scene.member
    return Act(lambda writes: word_letter(writes, member.actor, member.place.id, Purpose.URGENT, "en", WORD, None, scene.now))


def word_one_again(scene: Scene) -> Act:
    act = word_one(scene)
    with scene.make.database.write() as writes:
        act.do(writes)
    return Act(act.do, rows=0)


EXAMPLES: Examples = {
    "give_up": [nobody_takes_it],
    "send_again": [send_one_again],
    "let_go": [let_one_go],
    "word_letter": [word_one, word_one_again],
}
