"""Examples of leaving a way to be told that there is news, and of forgetting one."""

import json
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec

from service.notices.actions import forget_push, leave_contact, leave_push
from service.outbox.push import public_key
from tests.journal.scene import WORD, Act, Examples, Scene

ADDRESS = f"{WORD}@example.org"


def subscription(place: str = "1") -> str:
    """What a browser sends."""
    keys = {"p256dh": public_key(ec.generate_private_key(ec.SECP256R1())), "auth": urlsafe_b64encode(bytes(16)).decode().rstrip("=")}
    return json.dumps({"endpoint": f"https://push.example.org/{WORD}/{place}", "keys": keys})


def leave(scene: Scene) -> Act:
    code = scene.make.message(scene.place, WORD).code
    return Act(lambda writes: leave_contact(writes, scene.make.keys, scene.place, code, ADDRESS, scene.now))


def leave_again(scene: Scene) -> Act:
    code = scene.make.message(scene.place, WORD, contact=ADDRESS).code
    return Act(lambda writes: leave_contact(writes, scene.make.keys, scene.place, code, ADDRESS, scene.now), rows=0)


def ask(scene: Scene) -> Act:
    code, sent = scene.make.message(scene.place, WORD, contact=ADDRESS).code, subscription()
    return Act(lambda writes: leave_push(writes, scene.make.keys, scene.place, code, sent, scene.now))


def ask_again(scene: Scene) -> Act:
    code, sent = scene.make.message(scene.place, WORD).code, subscription()
    with scene.make.database.write() as writes:
        leave_push(writes, scene.make.keys, scene.place, code, sent, scene.now)
    return Act(lambda writes: leave_push(writes, scene.make.keys, scene.place, code, sent, scene.now), rows=0)


def forget(scene: Scene) -> Act:
    told = scene.make.message(scene.place, WORD)
    with scene.make.database.write() as writes:
        leave_push(writes, scene.make.keys, scene.place, told.code, subscription(), scene.now)
    message = scene.make.message_id(told)
    return Act(lambda writes: forget_push(writes, scene.place.id, message, scene.now))


def forget_nothing(scene: Scene) -> Act:
    message = scene.make.message_id(scene.make.message(scene.place, WORD, contact=ADDRESS))
    return Act(lambda writes: forget_push(writes, scene.place.id, message, scene.now), rows=0)


EXAMPLES: Examples = {
    "leave_contact": [leave, leave_again],
    "leave_push": [ask, ask_again],
    "forget_push": [forget, forget_nothing],
}
