"""Examples of checking a promise, inviting people to, and deciding about what they saw."""

from uuid import UUID

from sqlmodel import select

from service.checks.actions import check_promise, decide_comment, invite_to_check, look_at_comment
from service.checks.models import CheckIn, PromiseCheck, Verdict, Wish
from service.promises.actions import report_progress
from service.promises.models import ProgressIn, Standing
from tests.journal.acts.promises import made, speaker
from tests.journal.scene import WORD, Act, Examples, Scene

SEEN = CheckIn(verdict=Verdict.NO, comment=WORD, share=Wish.WORDS_PUBLIC)


def claimed(scene: Scene) -> UUID:
    promise = made(scene)
    with scene.make.database.write() as writes:
        report_progress(writes, speaker(scene), scene.place, promise, ProgressIn(note=WORD, to=Standing.CLAIMED_KEPT), scene.now)
    return promise


def tap(scene: Scene) -> Act:
    keys, place, promise = scene.make.keys, scene.place, made(scene)
    return Act(lambda writes: check_promise(writes, keys, place, promise, SEEN, scene.now))


def dispute(scene: Scene) -> Act:
    keys, place, promise = scene.make.keys, scene.place, claimed(scene)
    given = SEEN.model_copy(update={"receipt": scene.make.message(scene.place).code})
    return Act(lambda writes: check_promise(writes, keys, place, promise, given, scene.now), rows=2)


def invite(scene: Scene) -> Act:
    keys, member, promise = scene.make.keys, scene.member, made(scene)
    return Act(lambda writes: invite_to_check(writes, keys, member, promise, 2, scene.now))


def show(scene: Scene) -> Act:
    member, promise = scene.member, made(scene)
    with scene.make.database.write() as writes:
        check_promise(writes, scene.make.keys, scene.place, promise, SEEN, scene.now)
    with scene.make.database.read() as reads:
        check = reads.exec(select(PromiseCheck.id)).one()
    return Act(lambda writes: decide_comment(writes, member, promise, check, scene.now, publish=True))


def look(scene: Scene) -> Act:
    member, promise = scene.member, made(scene)
    given = SEEN.model_copy(update={"comment": "There is a knife in the bin."})
    with scene.make.database.write() as writes:
        check_promise(writes, scene.make.keys, scene.place, promise, given, scene.now)
    with scene.make.database.read() as reads:
        check = reads.exec(select(PromiseCheck.id)).one()
    return Act(lambda writes: look_at_comment(writes, member, promise, check, scene.now))


EXAMPLES: Examples = {
    "check_promise": [tap, dispute],
    "invite_to_check": [invite],
    "decide_comment": [show],
    "look_at_comment": [look],
}
