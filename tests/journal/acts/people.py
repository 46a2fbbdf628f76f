"""Examples of inviting people, signing them in and out, their passkeys, ending their access."""

import json

from service.journal.actions import OPERATOR
from service.people.actions import (
    disable,
    enable,
    end_other_sessions,
    end_session,
    forget_person,
    invite,
    make_link,
    sign_in,
    sign_out,
    start_session,
)
from service.people.models import InviteIn, PasskeyIn, Role, SignedIn
from service.people.passkey_actions import add_passkey, make_challenge, remove_passkey, sign_in_with_passkey
from service.people.passkeys import Site, options_to_add, options_to_sign_in
from service.people.queries import find_sessions
from tests.journal.scene import WORD, Act, Examples, Scene
from tests.people.authenticator import Authenticator

SAM = "canary@example.org"


def invite_somebody_new(scene: Scene) -> Act:
    """Two rows: a person was added, and was invited to this place."""
    given, place = InviteIn(email=SAM, name=WORD, role=Role.COORDINATOR), scene.place
    return Act(lambda writes: invite(writes, OPERATOR, place, given, scene.now), rows=2)


def invite_again(scene: Scene) -> Act:
    given, place = InviteIn(email=SAM, role=Role.MODERATOR), scene.place
    scene.make.person(place, Role.COORDINATOR, email=SAM, name=WORD)
    return Act(lambda writes: invite(writes, OPERATOR, place, given, scene.now))


def link(scene: Scene) -> Act:
    scene.make.person(scene.place, email=SAM)
    return Act(lambda writes: make_link(writes, OPERATOR, SAM, scene.now))


def enter(scene: Scene) -> Act:
    secret = scene.make.person(scene.place, email=SAM)
    return Act(lambda writes: sign_in(writes, secret, scene.now))


def leave(scene: Scene) -> Act:
    person = scene.person
    return Act(lambda writes: sign_out(writes, person, scene.now))


def end_one_sign_in(scene: Scene) -> Act:
    person = scene.person
    return Act(lambda writes: end_session(writes, person, person.session_id, scene.now))


def end_two_sign_ins(scene: Scene) -> Act:
    person = _also_elsewhere(scene, 2)
    return Act(lambda writes: end_other_sessions(writes, person, scene.now), rows=2)


def end_no_sign_in(scene: Scene) -> Act:
    person = scene.person
    return Act(lambda writes: end_other_sessions(writes, person, scene.now), rows=0)


def _also_elsewhere(scene: Scene, count: int) -> SignedIn:
    """The person of the scene, signed in in so many more browsers."""
    person = scene.person
    for _browser in range(count):
        secret = scene.make.person(scene.place, email=person.email)
        with scene.make.database.write() as writes:
            sign_in(writes, secret, scene.now)
    with scene.make.database.read() as reads:
        assert len(find_sessions(reads, person, scene.now)) == count + 1
    return person


HERE = Site("localhost", "http://localhost")


def enter_at_once(scene: Scene) -> Act:
    staff_id = scene.person.staff_id
    return Act(lambda writes: start_session(writes, staff_id, scene.now))


def keep_passkey(scene: Scene) -> Act:
    person, given = scene.person, _made(scene, Authenticator(HERE.origin))
    return Act(lambda writes: add_passkey(writes, person, HERE, given, scene.now))


def forget_passkey(scene: Scene) -> Act:
    person, given = scene.person, _made(scene, Authenticator(HERE.origin))
    with scene.make.database.write() as writes:
        passkey_id = add_passkey(writes, person, HERE, given, scene.now)
    return Act(lambda writes: remove_passkey(writes, person, passkey_id, scene.now))


def enter_with_passkey(scene: Scene) -> Act:
    passkey = Authenticator(HERE.origin)
    given = _made(scene, passkey)
    with scene.make.database.write() as writes:
        add_passkey(writes, scene.person, HERE, given, scene.now)
        question = options_to_sign_in(HERE, make_challenge(writes, None, scene.now))
    answer = passkey.answer(json.loads(question))
    return Act(lambda writes: sign_in_with_passkey(writes, HERE, answer, scene.now))


def _made(scene: Scene, passkey: Authenticator) -> PasskeyIn:
    """A passkey's answer to a question to the person of the scene."""
    person = scene.person
    with scene.make.database.write() as writes:
        question = options_to_add(HERE, person, make_challenge(writes, person.staff_id, scene.now), known=[])
    return PasskeyIn(name=WORD, credential=passkey.make(json.loads(question)))


def end_access(scene: Scene) -> Act:
    email = scene.person.email
    return Act(lambda writes: disable(writes, OPERATOR, email, scene.now))


def give_access_back(scene: Scene) -> Act:
    email = scene.person.email
    with scene.make.database.write() as writes:
        disable(writes, OPERATOR, email, scene.now)
    return Act(lambda writes: enable(writes, OPERATOR, email, scene.now))


def take_the_name_out(scene: Scene) -> Act:
    email = scene.person.email
    with scene.make.database.write() as writes:
        disable(writes, OPERATOR, email, scene.now)
    return Act(lambda writes: forget_person(writes, OPERATOR, email, scene.now))


EXAMPLES: Examples = {
    "invite": [invite_somebody_new, invite_again],
    "make_link": [link],
    "sign_in": [enter],
    "start_session": [enter_at_once],
    "sign_in_with_passkey": [enter_with_passkey],
    "add_passkey": [keep_passkey],
    "remove_passkey": [forget_passkey],
    "sign_out": [leave],
    "end_session": [end_one_sign_in],
    "end_other_sessions": [end_two_sign_ins, end_no_sign_in],
    "disable": [end_access],
    "enable": [give_access_back],
    "forget_person": [take_the_name_out],
}
