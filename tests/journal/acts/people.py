"""Examples of inviting people, signing them in and out, ending their access."""

from service.journal.actions import OPERATOR
from service.people.actions import disable, enable, end_other_sessions, end_session, invite, make_link, sign_in, sign_out
from service.people.models import InviteIn, Role, SignedIn
from service.people.queries import find_sessions
from tests.journal.scene import WORD, Act, Examples, Scene

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


def end_access(scene: Scene) -> Act:
    email = scene.person.email
    return Act(lambda writes: disable(writes, OPERATOR, email, scene.now))


def give_access_back(scene: Scene) -> Act:
    email = scene.person.email
    with scene.make.database.write() as writes:
        disable(writes, OPERATOR, email, scene.now)
    return Act(lambda writes: enable(writes, OPERATOR, email, scene.now))


EXAMPLES: Examples = {
    "invite": [invite_somebody_new, invite_again],
    "make_link": [link],
    "sign_in": [enter],
    "sign_out": [leave],
    "end_session": [end_one_sign_in],
    "end_other_sessions": [end_two_sign_ins, end_no_sign_in],
    "disable": [end_access],
    "enable": [give_access_back],
}
