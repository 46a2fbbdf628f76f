"""An answer to many: a person gives it once, and everybody has it once, whatever happens on the way."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import col, func, select
from starlette.testclient import TestClient

from service.errors import Conflict
from service.feedback.answer_models import Came
from service.feedback.desk_actions import publish, reply
from service.feedback.draft_models import Unsent
from service.feedback.models import Feedback, Outcome, Reply, ReplyIn, State
from service.feedback.queries import get_answer
from service.loop.actions import reopen
from service.people.models import Member
from service.people.team_actions import stop_access
from service.places.queries import PlaceCard
from service.tasks.models import Task
from service.themes import giving_actions
from service.themes.actions import gather, name_theme, write_answer
from service.themes.giving_actions import give_next, give_to_all, tell_all, tell_next
from service.themes.giving_models import ThemeGiving, ThemeNews
from service.themes.models import ThemeAnswer, ThemeForm
from service.themes.queries import find_answers, find_themes
from service.themes.worker import Giver
from tests.make import Make

SignedIn = Callable[..., TestClient]
MANY = 5
DUE = date(2026, 11, 30)
TASK = {
    "outcome": "will_do",
    "promise_as": "task",
    "promise_text": "We put new lamps up.",
    "promise_role": "The caretaker",
    "promise_due_on": "2026-11-30",
    "body": "You will have light on the way home.",
}


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_actions, "AT_ONCE", 2)


@pytest.fixture
def sam(make: Make, hillside: PlaceCard) -> Member:
    return make.at_work(hillside)


@pytest.fixture
def ids(make: Make, hillside: PlaceCard) -> list[UUID]:
    """Those who told of the same thing, in the order in which they are answered."""
    return sorted(make.message_id(make.message(hillside, f"It is dark, says number {one}.")) for one in range(MANY))


@pytest.fixture
def theme(make: Make, sam: Member, ids: list[UUID]) -> UUID:
    with make.database.write() as writes:
        theme = name_theme(writes, sam, ThemeForm(name="Dark streets"), make.clock())
        gather(writes, sam, theme, ids, make.clock())
        return theme


def answered(make: Make, member: Member, theme: UUID, outcome: Outcome = Outcome.THANK_YOU) -> UUID:
    """Somebody publishes an answer; the first few have it at once."""
    with make.database.write() as writes:
        answer = write_answer(writes, member, theme, Unsent(outcome, "Thank you."), make.clock(), waits=False)
        give_to_all(writes, member, theme, answer, make.clock())
        return answer


def step(make: Make) -> bool:
    with make.database.write() as writes:
        return give_next(writes, make.clock())


def replies(make: Make) -> Counter[UUID]:
    with make.database.read() as reads:
        return Counter(reads.exec(select(Reply.feedback_id)))


def came(make: Make) -> Counter[Came | None]:
    with make.database.read() as reads:
        return Counter(reads.exec(select(ThemeGiving.came)))


def main(page: str) -> str:
    return " ".join(LexborHTMLParser(page).css_first("main").text().split())


def test_published_once_it_reaches_all_in_small_steps(make: Make, sam: Member, theme: UUID, ids: list[UUID]) -> None:
    answer = answered(make, sam, theme)
    assert replies(make).total() == 2, "nobody waits for the rest"
    with make.database.read() as reads:
        [card], [line] = find_answers(reads, sam, theme, make.clock()), find_themes(reads, sam)
        assert (card.progress.given, card.progress.coming, line.waiting) == (2, 3, 0), "nobody is asked for what is coming"
    assert [step(make), step(make), step(make)] == [True, True, False]
    assert replies(make) == Counter(ids) and came(make) == {Came.DONE: MANY}
    with make.database.write() as writes:
        assert not give_to_all(writes, sam, theme, answer, make.clock()), "nobody has it twice"


def test_killed_in_the_middle_goes_on_with_who_is_left(make: Make, sam: Member, theme: UUID, ids: list[UUID]) -> None:
    answered(make, sam, theme)
    with pytest.raises(KeyboardInterrupt), make.database.write() as writes:
        give_next(writes, make.clock())
        raise KeyboardInterrupt  # the step was not written down, and neither were its answers
    assert replies(make).total() == 2
    while step(make):
        pass
    assert replies(make) == Counter(ids)


def test_server_sees_to_the_rest_and_two_of_them_give_nothing_twice(make: Make, sam: Member, theme: UUID, ids: list[UUID]) -> None:
    answered(make, sam, theme)

    async def both() -> None:
        givers = [Giver(make.database, make.clock), Giver(make.database, make.clock)]
        while any(await asyncio.gather(*(one.give() for one in givers))):
            pass

    asyncio.run(both())
    assert replies(make) == Counter(ids)


def test_who_got_another_answer_meanwhile_or_came_later_has_none_of_it(
    make: Make, hillside: PlaceCard, sam: Member, theme: UUID, ids: list[UUID]
) -> None:
    answered(make, sam, theme)
    make.clock.advance(minutes=1)
    later = make.message_id(make.message(hillside, "Here too."))
    with make.database.write() as writes:
        given = ReplyIn(outcome=Outcome.CANNOT_DO, body="Not there.", reason="It is a field.")
        for one in ids[-2:]:
            reply(writes, sam, one, given, make.clock())
        reopen(writes, sam, ids[-1], make.clock())
        gather(writes, sam, theme, [later], make.clock())
    while step(make):
        pass
    assert set(replies(make).values()) == {1} and came(make) == {Came.DONE: 3, Came.ANSWERED: 2}


def test_opened_again_it_is_not_given_again_and_the_button_goes(
    make: Make, sam: Member, theme: UUID, ids: list[UUID], signed_in: SignedIn, hillside: PlaceCard
) -> None:
    answer = answered(make, sam, theme)
    while step(make):
        pass
    with make.database.write() as writes:
        reopen(writes, sam, ids[0], make.clock())
        assert not give_to_all(writes, sam, theme, answer, make.clock())
    page = signed_in(hillside).get(f"/staff/hillside/themes/{theme}").text
    assert "5 messages have it." in main(page) and "/answer/rest" not in page and "Answer the one who waits" in main(page)


def test_whoever_left_gives_nothing_more_and_the_rest_wait_for_others(
    make: Make, hillside: PlaceCard, sam: Member, theme: UUID, at_work: Callable[..., Member]
) -> None:
    answered(make, at_work(hillside, email="kim@hillside.example"), theme)
    admin = at_work(hillside, "admin")
    with make.database.write() as writes:
        kim = next(one for one in writes.exec(select(ThemeGiving.asked_by)))
        stop_access(writes, admin, kim, make.clock())
    while step(make):
        pass
    assert came(make) == {Came.DONE: 2, Came.NOT_YOURS: 3}
    with make.database.write() as writes:
        answer = writes.exec(select(ThemeAnswer.id)).one()
        give_to_all(writes, sam, theme, answer, make.clock())
    while step(make):
        pass
    assert came(make) == {Came.DONE: MANY}
    with make.database.read() as reads:
        checked = select(func.count()).select_from(Reply).where(col(Reply.checked_by) == sam.person.staff_id)
        assert reads.exec(checked).one() == 3, "who gives what another wrote has looked at it"


def test_claim_that_everybody_would_read_by_now_waits_for_a_second_person(
    make: Make, hillside: PlaceCard, sam: Member, at_work: Callable[..., Member]
) -> None:
    told = sorted(make.message_id(make.message(hillside, f"Dark {one}.", share="words_public")) for one in range(3))
    with make.database.write() as writes:
        theme = name_theme(writes, sam, ThemeForm(name="Dark streets"), make.clock())
        gather(writes, sam, theme, told, make.clock())
    answered(make, sam, theme, Outcome.DONE)
    with make.database.write() as writes:
        publish(writes, at_work(hillside, "moderator"), told[-1], make.clock())
    assert step(make) and came(make) == {Came.DONE: 2, Came.PROPOSED: 1}


# ---- something small, and what became of it --------------------------------------------------------------------------


def test_many_are_told_of_something_small_which_is_late_once_and_done_for_all(
    make: Make, hillside: PlaceCard, theme: UUID, ids: list[UUID], signed_in: SignedIn
) -> None:
    bea, path = signed_in(hillside), f"/staff/hillside/themes/{theme}"
    assert 'value="task"' in bea.get(path).text
    wrong = bea.post(f"{path}/answer", data=TASK | {"promise_role": ""})
    assert wrong.status_code == 422 and TASK["body"] in wrong.text and TASK["promise_text"] in wrong.text
    assert bea.post(f"{path}/answer", data=TASK).status_code == 303
    news = {"answer": "", "news": "The lamps shine.", "done": "yes"}
    with make.database.read() as reads:
        news["answer"] = str(reads.exec(select(ThemeAnswer.id)).one())
    early = bea.post(f"{path}/news", data=news)
    assert early.status_code == 409 and "The lamps shine." in early.text and "on its way" in main(early.text)
    while step(make):
        pass
    with make.database.read() as reads:
        assert Counter(reads.exec(select(Task.feedback_id))) == Counter(ids)
    make.clock.advance(days=9)
    again = signed_in(hillside, email="cal@hillside.example")
    inbox = LexborHTMLParser(again.get("/staff/hillside/inbox?part=tasks").text)
    assert [node.attributes["href"] for node in inbox.css("#rows .acts a")] == [path], "late once, however many have it"
    assert again.post(f"{path}/answer/rest", data={"answer": news["answer"]}).status_code == 409, "its day has passed"
    assert again.post(f"{path}/news", data=news | {"news": " "}).status_code == 422
    assert again.post(f"{path}/news", data=news).status_code == 303
    with make.database.write() as writes:
        assert [tell_next(writes, make.clock()) for _step in range(3)] == [True, True, False]
    with make.database.read() as reads:
        assert set(reads.exec(select(Task.done_on))) == {date(2026, 12, 2)}
        assert set(reads.exec(select(Feedback.state))) == {State.LOOP_CLOSED}
        assert reads.exec(select(ThemeNews.told_at)).one() is not None
    assert 'name="done"' not in again.get(path).text


def test_each_reads_once_what_became_of_it(make: Make, hillside: PlaceCard, sam: Member, theme: UUID, ids: list[UUID]) -> None:
    late = make.message(hillside, "Dark.")
    with make.database.write() as writes:
        gather(writes, sam, theme, [make.message_id(late)], make.clock())
    answer = answered(make, sam, theme)
    with pytest.raises(Conflict), make.database.write() as writes:
        tell_all(writes, sam, theme, answer, "They shine.", make.clock())
    while step(make):
        pass
    with make.database.write() as writes:
        reopen(writes, sam, ids[0], make.clock())
        tell_all(writes, sam, theme, answer, "They shine.", make.clock())
    with pytest.raises(KeyboardInterrupt), make.database.write() as writes:
        tell_next(writes, make.clock())
        raise KeyboardInterrupt
    for _step in range(5):
        with make.database.write() as writes:
            tell_next(writes, make.clock())
    with make.database.read() as reads:
        found = get_answer(reads, make.keys, hillside, late.code, make.clock())
        assert [str(one.step) for one in found.became.trail].count("followed_up") == 1
        assert Counter(reads.exec(select(Feedback.state))) == {State.LOOP_CLOSED: MANY, State.REOPENED: 1}
