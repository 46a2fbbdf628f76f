"""Examples of keeping the rota, and of what is done with a concern."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import select

from service.people.models import Role
from service.safeguarding.actions import (
    ask_around,
    close,
    note_step,
    open_as_well,
    raise_message,
    raise_story,
    set_apart_for_good,
    take,
)
from service.safeguarding.models import Concern, Ending, RaiseIn, TurnIn
from service.safeguarding.rota_actions import put_on_rota, set_acknowledge_minutes, take_off_rota
from tests.journal.scene import WORD, Act, Example, Examples, Scene

GIVEN = RaiseIn(note=WORD)


def turn(scene: Scene) -> TurnIn:
    return TurnIn(staff=scene.member.person.staff_id, begins_at=scene.now, ends_at=scene.now + timedelta(days=7))


def on_call(scene: Scene) -> UUID:
    with scene.make.database.write() as writes:
        return put_on_rota(writes, scene.member, turn(scene), scene.now)


def raised(scene: Scene) -> UUID:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    on_call(scene)
    with scene.make.database.write() as writes:
        return raise_message(writes, member, message, GIVEN, scene.now)


def taken(scene: Scene) -> UUID:
    concern = raised(scene)
    with scene.make.database.write() as writes:
        take(writes, scene.member, concern, scene.now)
    return concern


def put_on(scene: Scene) -> Act:
    member, given = scene.member, turn(scene)
    return Act(lambda writes: put_on_rota(writes, member, given, scene.now))


def take_off(scene: Scene) -> Act:
    turn_id, member = on_call(scene), scene.member
    return Act(lambda writes: take_off_rota(writes, member, turn_id, scene.now))


def other_minutes(scene: Scene) -> Act:
    member = scene.member
    return Act(lambda writes: set_acknowledge_minutes(writes, member, 45, scene.now))


def call_for_a_message(scene: Scene) -> Act:
    member, message = scene.member, scene.make.message_id(scene.make.message(scene.place, WORD))
    return Act(lambda writes: raise_message(writes, member, message, GIVEN, scene.now))


def call_for_a_story(scene: Scene) -> Act:
    member, story = scene.member, scene.make.story(scene.place, WORD)
    return Act(lambda writes: raise_story(writes, member, story, GIVEN, scene.now))


def have_it(scene: Scene) -> Act:
    concern, member = raised(scene), scene.member
    return Act(lambda writes: take(writes, member, concern, scene.now))


def open_too(scene: Scene) -> Act:
    concern = raised(scene)
    link = scene.make.person(scene.place, Role.MODERATOR, email="other@example.org", name=WORD)
    other = scene.member_of(link)
    with scene.make.database.write() as writes:
        take(writes, other, concern, scene.now)
    member = scene.member
    return Act(lambda writes: open_as_well(writes, member, concern, scene.now))


def write_down(scene: Scene) -> Act:
    concern, member = taken(scene), scene.member
    return Act(lambda writes: note_step(writes, member, concern, WORD, scene.now))


def never_public(scene: Scene) -> Act:
    concern, member = taken(scene), scene.member
    return Act(lambda writes: set_apart_for_good(writes, member, concern, scene.now))


def end(scene: Scene) -> Act:
    concern, member = taken(scene), scene.member
    return Act(lambda writes: close(writes, member, concern, Ending.LOOKED_AFTER, WORD, scene.now))


def ask_the_first(scene: Scene) -> Act:
    raised(scene)
    return Act(lambda writes: ask_around(writes, scene.now))


def alarm(scene: Scene) -> Act:
    raised(scene)
    with scene.make.database.write() as writes:
        ask_around(writes, scene.now)
        waiting = writes.exec(select(Concern)).one()
        waiting.ask_at = scene.now
        writes.add(waiting)
    return Act(lambda writes: ask_around(writes, scene.now))


def again(first: Example) -> Example:
    """The same once more: no news."""

    def example(scene: Scene) -> Act:
        act = first(scene)
        with scene.make.database.write() as writes:
            act.do(writes)
        return Act(act.do, rows=0)

    return example


EXAMPLES: Examples = {
    "put_on_rota": [put_on],
    "take_off_rota": [take_off, again(take_off)],
    "set_acknowledge_minutes": [other_minutes, again(other_minutes)],
    "raise_message": [call_for_a_message],
    "raise_story": [call_for_a_story],
    "take": [have_it, again(have_it)],
    "open_as_well": [open_too, again(open_too)],
    "note_step": [write_down],
    "set_apart_for_good": [never_public, again(never_public)],
    "close": [end],
    "ask_around": [ask_the_first, alarm, again(ask_the_first)],
}
