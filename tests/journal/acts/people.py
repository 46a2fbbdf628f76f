"""Examples of inviting people, signing them in and out, their passkeys, ending their access."""

import json
from dataclasses import replace

from pyotp import TOTP

from service.journal.actions import OPERATOR
from service.people.actions import (
    ask_in,
    choose_language,
    choose_reminders,
    disable,
    enable,
    end_other_sessions,
    end_session,
    forget_person,
    give,
    invite,
    make_link,
    sign_in,
    sign_out,
    start_session,
)
from service.people.login import Known, Login
from service.people.login_actions import sign_in_with_login
from service.people.models import InviteIn, Member, PasskeyIn, Role, RoleIn, SignedIn, Staff
from service.people.passkey_actions import add_passkey, make_challenge, remove_passkey, sign_in_with_passkey
from service.people.passkeys import Site, options_to_add, options_to_sign_in
from service.people.queries import find_sessions, find_staff
from service.people.second import find_app, find_codes_to_show, secret_of
from service.people.second_actions import (
    begin_app,
    confirm_app,
    forget_second_step,
    prove_session,
    remove_app,
    renew_codes,
    show_code,
)
from service.people.team import get_teammate
from service.people.team_actions import (
    end_role,
    give_role,
    hand_over_link,
    invite_again,
    invite_to_team,
    let_back,
    stop_access,
    take_back_invitation,
)
from tests.journal.scene import WORD, Act, Examples, Scene
from tests.people.authenticator import Authenticator

SAM = "canary@example.org"


def invite_somebody_new(scene: Scene) -> Act:
    """Three rows: a person was added, was given a role, and was invited to this place."""
    given, place = InviteIn(email=SAM, name=WORD, role=Role.COORDINATOR), scene.place
    return Act(lambda writes: invite(writes, OPERATOR, place, given, scene.now), rows=3)


def invite_somebody_again(scene: Scene) -> Act:
    given, place = InviteIn(email=SAM, role=Role.MODERATOR), scene.place
    scene.make.person(place, Role.COORDINATOR, email=SAM, name=WORD)
    return Act(lambda writes: invite(writes, OPERATOR, place, given, scene.now), rows=2)


def ask_without_a_link(scene: Scene) -> Act:
    given, place = InviteIn(email=SAM, name=WORD, role=Role.COORDINATOR), scene.place
    return Act(lambda writes: ask_in(writes, OPERATOR, place, given, scene.now), rows=3)


def give_what_is_missing(scene: Scene) -> Act:
    staff, place = _invited(scene), scene.place
    return Act(lambda writes: give(writes, OPERATOR, place, staff, RoleIn(role=Role.MODERATOR), scene.now))


def give_what_is_there(scene: Scene) -> Act:
    staff, place = _invited(scene), scene.place
    return Act(lambda writes: give(writes, OPERATOR, place, staff, RoleIn(role=Role.COORDINATOR), scene.now), rows=0)


def _invited(scene: Scene) -> Staff:
    scene.make.person(scene.place, email="colleague@example.org", name=WORD)
    with scene.make.database.read() as reads:
        found = find_staff(reads, "colleague@example.org")
    assert found is not None
    return found


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


def _admin(scene: Scene) -> Member:
    """Somebody who says who may do what, and has shown twice who they are."""
    with scene.make.database.write() as writes:
        give(writes, OPERATOR, scene.place, writes.get_one(Staff, scene.person.staff_id), RoleIn(role=Role.ADMIN), scene.now)
    return replace(scene.member, person=replace(scene.person, is_admin=True, is_proven=True))


def invite_to_the_team(scene: Scene) -> Act:
    admin, given = _admin(scene), InviteIn(email="new@example.org", name=WORD, role=Role.FRONTLINE)
    return Act(lambda writes: invite_to_team(writes, admin, given, scene.now), rows=3)


def give_one_more_role(scene: Scene) -> Act:
    admin, staff = _admin(scene), _invited(scene)
    return Act(lambda writes: give_role(writes, admin, staff.id, RoleIn(role=Role.MODERATOR), scene.now))


def end_one_role(scene: Scene) -> Act:
    admin, staff = _admin(scene), _invited(scene)
    with scene.make.database.read() as reads:
        role_id = get_teammate(reads, admin, staff.id, scene.now).roles[0].id
    return Act(lambda writes: end_role(writes, admin, staff.id, role_id, scene.now))


def stop_all(scene: Scene) -> Act:
    admin, staff = _admin(scene), _invited(scene)
    return Act(lambda writes: stop_access(writes, admin, staff.id, scene.now))


def let_somebody_back(scene: Scene) -> Act:
    admin, staff = _admin(scene), _invited(scene)
    with scene.make.database.write() as writes:
        stop_access(writes, admin, staff.id, scene.now)
    return Act(lambda writes: let_back(writes, admin, staff.id, scene.now))


def invite_once_more(scene: Scene) -> Act:
    admin, staff = _admin(scene), _invited(scene)
    scene.make.clock.advance(days=1)
    return Act(lambda writes: invite_again(writes, admin, staff.id, scene.now))


def take_an_invitation_back(scene: Scene) -> Act:
    """Two rows: the role ended, and the invitation is not meant any more."""
    admin, staff = _admin(scene), _invited(scene)
    return Act(lambda writes: take_back_invitation(writes, admin, staff.id, scene.now), rows=2)


def hand_a_link_over(scene: Scene) -> Act:
    admin, staff = _admin(scene), _invited(scene)
    return Act(lambda writes: hand_over_link(writes, admin, staff.id, scene.now))


def _with_app(scene: Scene, *, confirmed: bool = True) -> tuple[SignedIn, str]:
    """An administrator with an app, and its next code."""
    person = _admin(scene).person
    with scene.make.database.write() as writes:
        begin_app(writes, scene.make.keys, person, scene.now)
        app = find_app(writes, person.staff_id)
        assert app is not None
        code = TOTP(secret_of(scene.make.keys, app))
        if confirmed:
            assert confirm_app(writes, scene.make.keys, person, code.at(scene.now), scene.now)
    return person, code.at(scene.now, counter_offset=1 if confirmed else 0)


def prove_a_session(scene: Scene) -> Act:
    person = scene.person
    return Act(lambda writes: prove_session(writes, person, scene.now))


def begin_an_app(scene: Scene) -> Act:
    person = _admin(scene).person
    return Act(lambda writes: begin_app(writes, scene.make.keys, person, scene.now))


def confirm_an_app(scene: Scene) -> Act:
    """Two rows: the app counts, and there are codes that stand in for it."""
    person, code = _with_app(scene, confirmed=False)
    return Act(lambda writes: confirm_app(writes, scene.make.keys, person, code, scene.now), rows=2)


def show_a_code(scene: Scene) -> Act:
    person, code = _with_app(scene)
    return Act(lambda writes: show_code(writes, scene.make.keys, person, code, scene.now))


def show_a_wrong_code(scene: Scene) -> Act:
    person, _code = _with_app(scene)
    return Act(lambda writes: show_code(writes, scene.make.keys, person, "000000", scene.now))


def show_a_recovery_code(scene: Scene) -> Act:
    """Two rows: the code is used up, and the session is proven."""
    person, _code = _with_app(scene)
    with scene.make.database.read() as reads:
        code = find_codes_to_show(reads, scene.make.keys, person, scene.now)[0]
    return Act(lambda writes: show_code(writes, scene.make.keys, person, code, scene.now), rows=2)


def make_new_codes(scene: Scene) -> Act:
    person, _code = _with_app(scene)
    return Act(lambda writes: renew_codes(writes, scene.make.keys, person, scene.now))


def take_an_app_away(scene: Scene) -> Act:
    person, _code = _with_app(scene)
    given = _made(scene, Authenticator(HERE.origin))
    with scene.make.database.write() as writes:
        add_passkey(writes, person, HERE, given, scene.now)
    return Act(lambda writes: remove_app(writes, person, scene.now))


def forget_all_second_steps(scene: Scene) -> Act:
    _with_app(scene)
    email = scene.person.email
    return Act(lambda writes: forget_second_step(writes, OPERATOR, email, scene.now))


HERS = Login("https://login.example", "x", None, name="Council", domains=frozenset({"example.org"}), places=frozenset())


def enter_with_a_login(scene: Scene) -> Act:
    """Two rows the first time: who she is there is remembered."""
    scene.make.person(scene.place, email=SAM)
    known = Known(HERS.issuer, WORD, SAM, strong=False)
    return Act(lambda writes: sign_in_with_login(writes, HERS, known, scene.now), rows=2)


def enter_with_a_login_again(scene: Scene) -> Act:
    scene.make.person(scene.place, email=SAM)
    known = Known(HERS.issuer, WORD, SAM, strong=True)
    with scene.make.database.write() as writes:
        sign_in_with_login(writes, HERS, known, scene.now)
    return Act(lambda writes: sign_in_with_login(writes, HERS, known, scene.now))


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


def want_no_letters(scene: Scene) -> Act:
    person = scene.person
    return Act(lambda writes: choose_reminders(writes, person, scene.now, wanted=False))


def want_letters_as_before(scene: Scene) -> Act:
    person = scene.person
    return Act(lambda writes: choose_reminders(writes, person, scene.now, wanted=True), rows=0)


def work_in_welsh(scene: Scene) -> Act:
    person = scene.person
    return Act(lambda writes: choose_language(writes, person, "cy", scene.now))


def work_in_welsh_as_before(scene: Scene) -> Act:
    person = scene.person
    with scene.make.database.write() as writes:
        choose_language(writes, person, "cy", scene.now)
    return Act(lambda writes: choose_language(writes, person, "cy", scene.now), rows=0)


EXAMPLES: Examples = {
    "choose_language": [work_in_welsh, work_in_welsh_as_before],
    "choose_reminders": [want_no_letters, want_letters_as_before],
    "invite": [invite_somebody_new, invite_somebody_again],
    "ask_in": [ask_without_a_link],
    "give": [give_what_is_missing, give_what_is_there],
    "invite_to_team": [invite_to_the_team],
    "give_role": [give_one_more_role],
    "end_role": [end_one_role],
    "stop_access": [stop_all],
    "let_back": [let_somebody_back],
    "invite_again": [invite_once_more],
    "take_back_invitation": [take_an_invitation_back],
    "hand_over_link": [hand_a_link_over],
    "make_link": [link],
    "sign_in": [enter],
    "start_session": [enter_at_once],
    "sign_in_with_passkey": [enter_with_passkey],
    "add_passkey": [keep_passkey],
    "remove_passkey": [forget_passkey],
    "sign_in_with_login": [enter_with_a_login, enter_with_a_login_again],
    "prove_session": [prove_a_session],
    "begin_app": [begin_an_app],
    "confirm_app": [confirm_an_app],
    "show_code": [show_a_code, show_a_wrong_code, show_a_recovery_code],
    "renew_codes": [make_new_codes],
    "remove_app": [take_an_app_away],
    "forget_second_step": [forget_all_second_steps],
    "sign_out": [leave],
    "end_session": [end_one_sign_in],
    "end_other_sessions": [end_two_sign_ins, end_no_sign_in],
    "disable": [end_access],
    "enable": [give_access_back],
    "forget_person": [take_the_name_out],
}
