"""Examples of naming themes, putting messages into them and answering all of one."""

from uuid import UUID

from sqlmodel import select

from service.feedback.draft_models import Unsent
from service.feedback.models import Outcome
from service.people.models import Role
from service.themes.actions import change_theme, gather, give_answer, name_theme, return_answer, show_theme, take_out, write_answer
from service.themes.giving_actions import AT_ONCE, give_next, give_to_all, tell_all, tell_next
from service.themes.models import Theme, ThemeForm
from tests.journal.acts.feedback import again
from tests.journal.scene import WORD, Act, Examples, Scene

GIVEN = Unsent(Outcome.CANNOT_DO, WORD, WORD)


def named(scene: Scene) -> UUID:
    with scene.make.database.write() as writes:
        return name_theme(writes, scene.member, ThemeForm(name=WORD, about=WORD), scene.now)


def name_one(scene: Scene) -> Act:
    member = scene.member
    return Act(lambda writes: name_theme(writes, member, ThemeForm(name=WORD, about=WORD), scene.now))


def call_it_otherwise(scene: Scene) -> Act:
    member, theme = scene.member, named(scene)
    return Act(lambda writes: change_theme(writes, member, theme, ThemeForm(name=f"{WORD} again"), scene.now))


def let_everybody_read(scene: Scene) -> Act:
    member, theme = scene.member, named(scene)
    return Act(lambda writes: show_theme(writes, member, theme, scene.now, shown=True))


def put_two_in(scene: Scene) -> Act:
    """A row for each message."""
    member, theme = scene.member, named(scene)
    ids = [scene.make.message_id(scene.make.message(scene.place, WORD)) for _number in range(2)]
    return Act(lambda writes: gather(writes, member, theme, ids, scene.now), rows=2)


def take_one_out(scene: Scene) -> Act:
    member, theme, message = scene.member, named(scene), scene.make.message_id(scene.make.message(scene.place, WORD))
    with scene.make.database.write() as writes:
        gather(writes, member, theme, [message], scene.now)
    return Act(lambda writes: take_out(writes, member, theme, message, scene.now))


def answer_all(scene: Scene) -> Act:
    member, theme = scene.member, named(scene)
    return Act(lambda writes: write_answer(writes, member, theme, GIVEN, scene.now, waits=False))


def proposed_by_another(scene: Scene) -> UUID:
    other = scene.member_of(scene.make.person(scene.place, Role.COORDINATOR))
    with scene.make.database.write() as writes:
        return write_answer(writes, other, writes.exec(select(Theme.id)).one(), GIVEN, scene.now, waits=True)


def give_anothers(scene: Scene) -> Act:
    member, theme = scene.member, named(scene)
    answer = proposed_by_another(scene)
    return Act(lambda writes: give_answer(writes, member, theme, answer, None, scene.now))


def hand_anothers_back(scene: Scene) -> Act:
    member, theme = scene.member, named(scene)
    answer = proposed_by_another(scene)
    return Act(lambda writes: return_answer(writes, member, theme, answer, WORD, scene.now))


def noted(scene: Scene, number: int) -> tuple[UUID, UUID]:
    """An answer that is given, and so many who wait for it."""
    theme = named(scene)
    ids = [scene.make.message_id(scene.make.message(scene.place, WORD)) for _number in range(number)]
    with scene.make.database.write() as writes:
        gather(writes, scene.member, theme, ids, scene.now)
        return theme, write_answer(writes, scene.member, theme, GIVEN, scene.now, waits=False)


def give_it(scene: Scene) -> Act:
    """A row for each message."""
    answer, member = noted(scene, 2), scene.member
    return Act(lambda writes: give_to_all(writes, member, *answer, scene.now), rows=2)


def given(scene: Scene, number: int) -> tuple[UUID, UUID]:
    """One that is given to as many of them as a step takes."""
    answer = noted(scene, number)
    with scene.make.database.write() as writes:
        give_to_all(writes, scene.member, *answer, scene.now)
    return answer


def give_the_rest(scene: Scene) -> Act:
    given(scene, AT_ONCE + 1)
    return Act(lambda writes: give_next(writes, scene.now))


def tell_one(scene: Scene) -> Act:
    """A row for the theme, and two for a message: what it was told, and that its loop is closed."""
    answer, member = given(scene, 1), scene.member
    return Act(lambda writes: tell_all(writes, member, *answer, WORD, scene.now), rows=3)


def tell_the_rest(scene: Scene) -> Act:
    answer = given(scene, AT_ONCE + 1)
    with scene.make.database.write() as writes:
        give_next(writes, scene.now)
    with scene.make.database.write() as writes:
        tell_all(writes, scene.member, *answer, WORD, scene.now)
    return Act(lambda writes: tell_next(writes, scene.now), rows=2)


EXAMPLES: Examples = {
    "name_theme": [name_one],
    "change_theme": [call_it_otherwise, again(call_it_otherwise)],
    "show_theme": [let_everybody_read, again(let_everybody_read)],
    "gather": [put_two_in, again(put_two_in)],
    "take_out": [take_one_out, again(take_one_out)],
    "write_answer": [answer_all],
    "give_answer": [give_anothers],
    "return_answer": [hand_anothers_back],
    "give_to_all": [give_it],
    "give_next": [give_the_rest],
    "tell_all": [tell_one],
    "tell_next": [tell_the_rest],
}
