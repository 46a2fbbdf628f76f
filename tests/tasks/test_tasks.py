"""Something smaller than a promise: an answer says it, with a day; late it is in the inbox; done and told, the loop is closed."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.errors import Invalid
from service.feedback.actions import withdraw
from service.feedback.desk_actions import publish, reply
from service.feedback.models import Feedback, Outcome, Reply, ReplyIn, State
from service.loop.actions import follow_up
from service.people.models import Member
from service.places.queries import PlaceCard
from service.tasks.models import Task, TaskIn
from service.tasks.rules import is_late
from tests.make import Make

SignedIn = Callable[..., TestClient]
DUE = date(2026, 11, 30)
TASK = TaskIn(words="We put a new lamp by the gate.", role="The caretaker", due_on=DUE)
SENT = {
    "outcome": "will_do",
    "promise_as": "task",
    "promise_text": TASK.words,
    "promise_role": TASK.role,
    "promise_due_on": "2026-11-30",
    "body": "You will have light on the way home.",
}


def said(make: Make, sam: Member, words: str = "It is dark by the gate.", **fields: str) -> tuple[str, str]:
    """The code and the id of a message that was answered so."""
    told, other = make.message(sam.place, words, **fields), make.at_work(sam.place, email="kim@hillside.example")
    given = ReplyIn(outcome=Outcome.WILL_DO, body="You will have light.", task=TASK)
    with make.database.write() as writes:
        reply(writes, sam, make.message_id(told), given, make.clock(), written_by=other.person.staff_id)
    return told.code, str(make.message_id(told))


@pytest.fixture
def sam(make: Make, hillside: PlaceCard) -> Member:
    return make.at_work(hillside)


def words_of(page: str) -> str:
    return " ".join(LexborHTMLParser(page).css_first("main").text().split())


def test_late_begins_the_day_after() -> None:
    assert not is_late(DUE, None, DUE) and is_late(DUE, None, date(2026, 12, 1))
    assert not is_late(DUE, date(2026, 12, 4), date(2026, 12, 5)), "what is done is late no more"


def test_we_will_do_this_names_one_thing_with_a_day_that_is_to_come(make: Make, sam: Member) -> None:
    message = make.message_id(make.message(sam.place))
    past = TASK.model_copy(update={"due_on": date(2026, 11, 22)})
    for given in (
        ReplyIn(outcome=Outcome.WILL_DO, body="We will."),
        ReplyIn(outcome=Outcome.DONE, body="It is done.", task=TASK),
        ReplyIn(outcome=Outcome.WILL_DO, body="We will.", task=TASK, promise=message),
        ReplyIn(outcome=Outcome.WILL_DO, body="We will.", task=past),
    ):
        with pytest.raises(Invalid), make.database.write() as writes:
            reply(writes, sam, message, given, make.clock())


def test_answer_with_a_task_is_read_with_its_day_and_makes_no_promise(
    make: Make, hillside: PlaceCard, staff: TestClient, resident: TestClient, visitor: TestClient
) -> None:
    message = make.message(hillside, "It is dark by the gate.")
    path = f"/staff/hillside/messages/{make.message_id(message)}"
    for change, wrong in (
        ({"promise_role": ""}, ["#promise_role"]),
        ({"promise_text": "", "promise_due_on": ""}, ["#promise_text", "#promise_due_on"]),
        ({"promise_due_on": "2026-11-22"}, ["#promise_due_on"]),
    ):
        answer = staff.post(f"{path}/reply", data={**SENT, **change})
        page = LexborHTMLParser(answer.text)
        assert (answer.status_code, [node.attributes["href"] for node in page.css(".govuk-error-summary a")]) == (422, wrong)
        assert page.css_first("textarea[name=body]").text() == SENT["body"]
    assert staff.post(f"{path}/draft", data=SENT).status_code == 303
    assert 'value="task" checked' in staff.get(path).text, "a draft keeps it"
    assert staff.post(f"{path}/reply", data=SENT).status_code == 303
    read = words_of(resident.post("/hillside/answer", data={"code": message.code}).text)
    assert "We put a new lamp by the gate." in read and "The caretaker" in read and "What we said we do." in read
    [given] = resident.post("/api/v1/hillside/receipts", json={"code": message.code}).json()["replies"]
    assert given["task"] == {"words": TASK.words, "role": TASK.role, "due_on": "2026-11-30", "done_on": None, "late": False}
    assert given["promise"] is None and visitor.get("/api/v1/hillside/promises").json()["items"] == []


def test_late_one_waits_for_those_who_answer_and_done_and_told_closes_the_loop(
    make: Make, hillside: PlaceCard, sam: Member, signed_in: SignedIn, resident: TestClient
) -> None:
    make.organisation(hillside, "hub")
    code, message = said(make, sam)
    assert TASK.words not in words_of(signed_in(hillside).get("/staff/hillside/inbox").text), "its day has not come"
    make.clock.advance(days=8)
    staff, hub = signed_in(hillside), signed_in(hillside, "coordinator", organisation="hub")
    late = LexborHTMLParser(staff.get("/staff/hillside/inbox?part=tasks").text)
    assert [node.attributes["href"] for node in late.css("#rows .acts a")] == [f"/staff/hillside/messages/{message}"]
    assert TASK.words not in words_of(hub.get("/staff/hillside/inbox?part=tasks").text)
    read = resident.post("/api/v1/hillside/receipts", json={"code": code}).json()
    assert read["replies"][0]["task"]["late"] and [step["step"] for step in read["trail"]][-1] == "task_late"
    path = f"/staff/hillside/messages/{message}/follow-up"
    assert staff.post(path, data={"body": "The lamp is ordered."}).status_code == 303
    with make.database.read() as reads:
        assert reads.exec(select(Feedback.state)).one() == State.REPLIED, "news on the way closes nothing"
    assert 'name="done"' in staff.get(path).text
    assert staff.post(path, data={"done": "yes"}).status_code == 422, "done is said in words"
    assert staff.post(path, data={"body": "The lamp shines.", "done": "yes"}).status_code == 303
    with make.database.read() as reads:
        assert reads.exec(select(Feedback.state)).one() == State.LOOP_CLOSED
        assert reads.exec(select(Task.done_on)).one() == date(2026, 12, 1)
    assert TASK.words not in words_of(staff.get("/staff/hillside/inbox?part=tasks").text)
    assert 'name="done"' not in staff.get(path).text
    steps = [step["step"] for step in resident.post("/api/v1/hillside/receipts", json={"code": code}).json()["trail"]]
    assert {"task_late", "task_done", "followed_up", "loop_closed"} <= set(steps)


def test_second_person_gives_a_proposed_task(make: Make, hillside: PlaceCard, sam: Member, signed_in: SignedIn) -> None:
    told = make.message(hillside, share="words_public")
    message = make.message_id(told)
    with make.database.write() as writes:
        publish(writes, sam, message, make.clock())
    first, second = signed_in(hillside), signed_in(hillside, email="kim@hillside.example")
    path = f"/staff/hillside/messages/{message}"
    assert first.post(f"{path}/reply", data=SENT).headers["location"].endswith("did=proposed")
    page = LexborHTMLParser(second.get(path).text)
    assert TASK.role in page.css_first("main").text()
    [draft] = {node.attributes["value"] for node in page.css("input[name=draft]")}
    assert second.post(f"{path}/proposed/give", data={"draft": draft}).status_code == 303
    with make.database.read() as reads:
        assert reads.exec(select(Task.words)).one() == TASK.words
        assert reads.exec(select(Reply.task_due_on)).one() == DUE


def test_task_is_public_with_the_words_and_gone_with_them(make: Make, hillside: PlaceCard, sam: Member, visitor: TestClient) -> None:
    code, message = said(make, sam, share="words_public")
    with make.database.write() as writes:
        publish(writes, sam, UUID(message), make.clock())
    page = LexborHTMLParser(visitor.get("/hillside/said-and-done").text)
    assert TASK.words in page.css_first("#open").text()
    [item] = visitor.get("/api/v1/hillside/feedback").json()["items"]
    assert item["replies"][0]["task"] == {"words": TASK.words, "role": TASK.role, "due_on": "2026-11-30", "done_on": None}
    with make.database.write() as writes:
        row = writes.exec(select(Feedback)).one()
        follow_up(writes, sam, row.id, "The lamp shines.", make.clock(), done=True)
    assert TASK.words in LexborHTMLParser(visitor.get("/hillside/said-and-done").text).css_first("#done").text()
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, code, make.clock())
    with make.database.read() as reads:
        assert reads.exec(select(Task)).all() == []
