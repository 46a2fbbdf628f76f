"""What a sender says of the answer: stored as their words are, opening the message again, changing nothing of anybody else's."""

from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.errors import Conflict, NotFound
from service.feedback.actions import withdraw
from service.feedback.desk_actions import publish
from service.feedback.models import Feedback, Outcome, Publication, State
from service.findable import search_words
from service.loop.actions import add_words, check_reply
from service.loop.models import Addition, Answered, Better, CheckIn
from service.moderation.models import Hold
from service.promises.models import Standing
from service.safeguarding.models import Concern
from tests.loop.conftest import Talk

SignedIn = Callable[..., TestClient]


def test_nobody_says_anything_of_an_answer_without_its_code(talk: Talk, resident: TestClient) -> None:
    code, message = talk.says()
    talk.answers(message)
    answer = resident.post("/api/v1/hillside/receipts/check", json={"code": "0000-0000-0000-00000", "answered": "no"})
    assert answer.status_code == 404 and talk.state(message) == State.REPLIED
    other = talk.make.collaboration("amber-vale")
    with pytest.raises(NotFound), talk.make.database.write() as writes:
        check_reply(writes, talk.make.keys, other, CheckIn(code=code, answered=Answered.NO), talk.make.clock())


def test_nothing_is_said_of_an_answer_before_there_is_one(talk: Talk, resident: TestClient) -> None:
    code, _message = talk.says()
    answer = resident.post("/api/v1/hillside/receipts/check", json={"code": code, "answered": "no"})
    assert answer.status_code == 409 and "no answer yet" in answer.json()["detail"]
    page = resident.post("/hillside/answer", data={"code": code, "act": "check", "answered": "no", "body": "Still <dark>."})
    assert page.status_code == 409 and "no answer yet" in page.text and "Still &lt;dark&gt;." in page.text, "nothing typed is lost"


def test_no_opens_the_message_again_and_it_stands_in_the_inbox_with_what_is_wrong(
    talk: Talk, resident: TestClient, signed_in: SignedIn
) -> None:
    code, message = talk.says()
    talk.answers(message)
    staff = signed_in(talk.place)
    given = {"code": code, "answered": "no", "better": "no", "body": "There is still no bench."}
    answer = resident.post("/api/v1/hillside/receipts/check", json=given)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["state"] == "reopened" and answer.json()["trail"][-1]["step"] == "contested"
    assert talk.state(message) == State.REOPENED
    assert "bench by the surgery" in staff.get("/staff/hillside/inbox?part=owed").text
    page = staff.get(f"/staff/hillside/messages/{message}").text
    assert "There is still no bench." in page and "you did not answer me" in page
    assert resident.post("/api/v1/hillside/receipts/check", json=given).json()["state"] == "reopened", "the same again is the same"
    talk.answers(message, Outcome.CANNOT_DO)
    assert talk.state(message) == State.REPLIED


def test_what_was_said_may_be_changed_and_counts_once(talk: Talk) -> None:
    code, message = talk.says()
    talk.answers(message, Outcome.CANNOT_DO)
    assert talk.checks(code, Answered.SKIP, Better.TOO_SOON)
    assert talk.checks(code, Answered.PARTLY, Better.NO, "Somebody fell.")
    assert not talk.checks(code, Answered.PARTLY, Better.NO, "Somebody fell.")
    with talk.make.database.read() as reads:
        [row] = reads.exec(select(Addition)).all()
        assert (row.answered, row.better, row.body) == (Answered.PARTLY, Better.NO, "Somebody fell.")
    assert talk.state(message) == State.REPLIED, "an honest no that helps nobody is an answer all the same"


def test_yes_closes_the_loop_where_nothing_is_left_to_do(talk: Talk) -> None:
    code, message = talk.says()
    talk.answers(message)
    talk.checks(code, Answered.YES, Better.YES)
    assert talk.state(message) == State.LOOP_CLOSED
    talk.checks(code, Answered.NO)
    assert talk.state(message) == State.REOPENED, "and a later no opens it"


def test_promise_keeps_the_loop_open_until_it_is_kept_and_told(talk: Talk) -> None:
    code, message = talk.says()
    promise = talk.promises()
    talk.answers(message, Outcome.WILL_DO, promise=promise)
    talk.checks(code, Answered.YES, Better.TOO_SOON)
    talk.follows_up(message, "The bench is ordered.")
    assert talk.state(message) == State.REPLIED
    talk.make.clock.advance(days=3)
    talk.keeps(promise)
    assert talk.state(message) == State.REPLIED, "kept, and nobody told"
    talk.follows_up(message)
    assert talk.state(message) == State.LOOP_CLOSED
    talk.checks(code, Answered.YES, Better.NO)
    assert talk.state(message) == State.REOPENED, "it was said to be done, and is not"


def test_promise_that_is_claimed_only_closes_nothing(talk: Talk) -> None:
    code, message = talk.says()
    promise = talk.promises()
    talk.answers(message, Outcome.WILL_DO, promise=promise)
    talk.moves(promise, Standing.CLAIMED_KEPT, talk.make.at_work(talk.place, organisation="council"))
    talk.follows_up(message)
    talk.checks(code, Answered.YES, Better.YES)
    assert talk.state(message) == State.REPLIED


def test_each_whose_messages_were_put_together_judges_the_answer_to_all(talk: Talk, resident: TestClient) -> None:
    code, message = talk.says()
    other, child = talk.says("The same bench.")
    talk.answers(message)
    with talk.make.database.write() as writes:
        row = writes.get_one(Feedback, (talk.place.id, child))
        row.state, row.merged_into_id = State.MERGED, message
        writes.add(row)
    talk.checks(code, Answered.YES, Better.YES)
    assert talk.state(message) == State.LOOP_CLOSED
    talk.checks(other, Answered.NO)
    assert (talk.state(message), talk.state(child)) == (State.REOPENED, State.MERGED)
    steps = [step["step"] for step in resident.post("/api/v1/hillside/receipts", json={"code": code}).json()["trail"]]
    assert steps[-1] == "contested" and steps.count("checked") == 1


# ---- the same protections --------------------------------------------------------------------------------------------


def test_words_go_with_the_message_and_leave_every_search(talk: Talk) -> None:
    code, message = talk.says()
    talk.answers(message)
    talk.follows_up(message, "Zanzibar bench.")
    talk.checks(code, Answered.NO, None, "Quagmire still.")
    with talk.make.database.write() as writes:
        add_words(writes, talk.make.keys, talk.place, code, "Mulberry too.", talk.make.clock())
        withdraw(writes, talk.make.keys, talk.place, code, talk.make.clock())
    with talk.make.database.read() as reads:
        assert reads.exec(select(Addition)).all() == []
        assert reads.execute(select(search_words.c.thing).where(search_words.c.about == message)).all() == []
    with pytest.raises(Conflict), talk.make.database.write() as writes:
        add_words(writes, talk.make.keys, talk.place, code, "Once more.", talk.make.clock())


def test_staff_find_what_was_said_later_and_nobody_else_does(talk: Talk, visitor: TestClient, signed_in: SignedIn) -> None:
    code, message = talk.says(share="words_public")
    talk.answers(message)
    other = talk.other()
    with talk.make.database.write() as writes:
        publish(writes, other, message, talk.make.clock())
    talk.checks(code, Answered.NO, None, "A quagmire.")
    assert "quagmire" in signed_in(talk.place).get("/staff/hillside/search?q=quagmire").text.replace("<mark>", "").replace("A ", "")
    for address in ("/hillside/search?q=quagmire", "/hillside/community-reporting", "/api/v1/hillside/feedback"):
        assert "A quagmire" not in visitor.get(address).text


def test_words_that_cannot_wait_are_put_apart_and_leave_the_public_pages(talk: Talk, visitor: TestClient) -> None:
    code, message = talk.says(share="words_public")
    talk.answers(message)
    other = talk.other()
    with talk.make.database.write() as writes:
        publish(writes, other, message, talk.make.clock())
    assert "bench by the surgery" in visitor.get("/api/v1/hillside/feedback").text
    talk.checks(code, Answered.NO, None, "I want to kill myself")
    with talk.make.database.read() as reads:
        row = reads.get_one(Feedback, (talk.place.id, message))
        [concern] = reads.exec(select(Concern)).all()
    assert (row.state, row.publication) == (State.SAFEGUARDING_HOLD, Publication.WAITING)
    assert (concern.state_before, concern.publication_before) == (State.REOPENED, Publication.PUBLISHED)
    assert "bench by the surgery" not in visitor.get("/api/v1/hillside/feedback").text


def test_links_in_later_words_are_held_as_in_first_ones(talk: Talk) -> None:
    code, message = talk.says(share="words_public")
    with talk.make.database.write() as writes:
        add_words(writes, talk.make.keys, talk.place, code, "https://a.example and https://b.example", talk.make.clock())
    with talk.make.database.read() as reads:
        [hold] = reads.exec(select(Hold)).all()
    assert hold.feedback_id == message


# ---- by hand ---------------------------------------------------------------------------------------------------------


def test_sender_answers_the_questions_on_the_page_and_loses_nothing(talk: Talk, resident: TestClient) -> None:
    code, message = talk.says()
    talk.answers(message)
    page = resident.post("/hillside/answer", data={"code": code}).text
    assert "Did we answer you?" in page and "What is still wrong?" in page
    missed = resident.post("/hillside/answer", data={"code": code, "act": "check", "better": "no", "body": "Still mud."})
    assert missed.status_code == 422 and "Say whether we answered you." in missed.text and "Still mud." in missed.text
    sent = {"code": code, "act": "check", "answered": "no", "better": "no", "body": "Still mud."}
    done = resident.post("/hillside/answer", data=sent)
    assert done.status_code == 200 and "Your message is open again" in done.text and "Still mud." in done.text
    assert talk.state(message) == State.REOPENED
    added = resident.post("/hillside/answer", data={"code": code, "act": "add", "body": "It rained."})
    assert added.status_code == 200 and "It rained." in added.text
    nothing = resident.post("/hillside/answer", data={"code": code, "act": "add", "body": ""})
    assert nothing.status_code == 422 and "Write what you want to add." in nothing.text


def test_only_the_day_of_a_look_is_kept_and_what_is_new_since_is_shown(talk: Talk, resident: TestClient) -> None:
    code, message = talk.says()
    assert "New since" not in resident.post("/hillside/answer", data={"code": code}).text
    talk.make.clock.advance(days=2)
    talk.answers(message)
    page = resident.post("/hillside/answer", data={"code": code}).text
    assert "New since you last looked, on 23\u00a0November\u00a02026" in page and "We answered." in page
    talk.make.clock.advance(days=1)
    assert "on 25\u00a0November\u00a02026" in resident.post("/hillside/answer", data={"code": code}).text, "it may have come later that day"
    talk.make.clock.advance(days=1)
    assert "New since" not in resident.post("/hillside/answer", data={"code": code}).text


# ---- staff -----------------------------------------------------------------------------------------------------------


def test_staff_tell_what_became_of_it_and_open_it_again(talk: Talk, resident: TestClient, signed_in: SignedIn) -> None:
    code, message = talk.says()
    staff, address = signed_in(talk.place), f"/staff/hillside/messages/{message}"
    assert staff.get(f"{address}/follow-up").status_code == 404, "nothing was answered yet"
    talk.answers(message)
    assert staff.get(f"{address}/follow-up").status_code == 200
    empty = staff.post(f"{address}/follow-up", data={"body": ""})
    assert empty.status_code == 422 and "Write what became of it." in empty.text
    assert staff.post(f"{address}/follow-up", data={"body": "It stands."}).status_code == 303
    assert talk.state(message) == State.LOOP_CLOSED
    assert "It stands." in resident.post("/hillside/answer", data={"code": code}).text
    assert staff.post(f"{address}/reopen").status_code == 303
    assert talk.state(message) == State.REOPENED
    trail = [step["step"] for step in resident.post("/api/v1/hillside/receipts", json={"code": code}).json()["trail"]]
    assert trail == ["received", "read", "replied", "followed_up", "loop_closed", "reopened"]
    reader = signed_in(talk.place, "frontline")
    assert reader.post(f"{address}/follow-up", data={"body": "x"}).status_code == 404
    assert reader.post(f"{address}/reopen").status_code == 404
