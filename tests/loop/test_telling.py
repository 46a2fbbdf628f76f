"""Everyone whose words led to something is told at each hop, exactly once; and who owes an answer is reminded, once a day."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlmodel import col, func, select
from starlette.testclient import TestClient

from service.app import create_app, post_worker
from service.feedback.actions import withdraw
from service.feedback.desk_actions import reply
from service.feedback.models import Outcome, ReplyIn, State
from service.loop import telling_actions
from service.loop.models import Hop, Notice
from service.loop.reminding_actions import escalate, remind
from service.loop.telling_actions import close_uncontested, tell_next
from service.loop.worker import Teller
from service.outbox.models import Letter, Purpose
from service.promises.models import Standing
from service.settings import Settings
from tests.loop.conftest import Talk
from tests.outbox.conftest import PostOffice, post_office

__all__ = ["post_office"]
SignedIn = Callable[..., TestClient]


@pytest.fixture
def mailing(settings: Settings, talk: Talk, post_office: PostOffice) -> FastAPI:
    """A service with a mail server, not started: the test does what its workers do."""
    wired = settings.model_copy(update={"smtp_url": SecretStr(post_office.url), "mail_from": "said@hillside.example"})
    app = create_app(wired, clock=talk.make.clock)
    app.state.database, app.state.server_keys = talk.make.database, talk.make.keys
    return app


def goes_round(app: FastAPI, *, day: bool = False) -> None:
    """The worker tells everybody, does the day's work if it is time, and the post goes out."""

    async def work() -> None:
        teller = Teller(app.state.database, app.state.clock, sends_mail=True)
        while await teller.tell():
            pass
        if day:
            await teller.go_round()
        while await post_worker(app).send_one():
            pass

    asyncio.run(work())


def told(talk: Talk) -> list[UUID]:
    with talk.make.database.read() as reads:
        return list(reads.exec(select(Notice.feedback_id).order_by(col(Notice.feedback_id))))


def test_sender_who_left_an_address_gets_one_plain_letter_at_each_hop(talk: Talk, mailing: FastAPI, post_office: PostOffice) -> None:
    code, message = talk.says(contact="jo@example.org")
    _other, silent = talk.says("A second message.")
    _third, by_phone = talk.says("A third message.", contact="01632 960 001")
    promise = talk.promises()
    for one in (message, silent, by_phone):
        talk.answers(one, Outcome.WILL_DO, promise=promise)
    goes_round(mailing)
    goes_round(mailing)
    assert [letter["To"] for letter in post_office.letters] == ["jo@example.org"]
    talk.keeps(promise)
    talk.follows_up(message)
    goes_round(mailing)
    goes_round(mailing)
    bodies = [letter.get_content() for letter in post_office.letters]
    assert ["We have answered you" in body for body in bodies] == [True, False, False, False]
    assert "somebody else checks" in bodies[1].lower() and "is done" in bodies[2] and "became of it" in bodies[3]
    for body in bodies:
        assert "/hillside/answer" in body
        assert not any(word in body for word in ("bench", code, code.replace("-", ""), "Sam", "So it is"))
    with talk.make.database.read() as reads:
        assert reads.exec(select(Letter)).all() == []
        assert reads.exec(select(func.count()).select_from(Notice)).one() == 3 + 3 * 2 + 1


def test_address_is_sealed_while_a_letter_waits_and_goes_with_the_words(talk: Talk, mailing: FastAPI, post_office: PostOffice) -> None:
    code, message = talk.says(contact="jo@example.org")
    talk.answers(message)
    asyncio.run(Teller(talk.make.database, talk.make.clock, sends_mail=True).tell())
    with talk.make.database.read() as reads:
        [letter] = reads.exec(select(Letter)).all()
    assert letter.purpose == Purpose.NEWS and "@" not in (letter.address or "")
    with talk.make.database.write() as writes:
        withdraw(writes, talk.make.keys, talk.place, code, talk.make.clock())
    goes_round(mailing)
    assert post_office.letters == []


def test_many_are_told_a_few_at_a_time_and_nobody_twice(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling_actions, "AT_ONCE", 2)
    promise = talk.promises()
    messages = [talk.says(f"Message {n}.")[1] for n in range(5)]
    for one in messages:
        talk.answers(one, Outcome.WILL_DO, promise=promise)
    talk.moves(promise, Standing.UNDER_WAY)
    now, rounds = talk.make.clock(), 0
    while True:
        with talk.make.database.write() as writes:
            parcels = tell_next(writes, now)
        if parcels is None:
            break
        rounds += 1
    assert sorted(told(talk)) == sorted(messages * 2) and rounds == 5 + 3
    with talk.make.database.write() as writes:  # a process that died before it wrote down how far it had come
        hop = writes.exec(select(Hop).where(col(Hop.promise_id) == promise)).one()
        hop.told_at = hop.told_to = None
        writes.add(hop)
    with talk.make.database.write() as writes:
        assert tell_next(writes, now) == []
    assert sorted(told(talk)) == sorted(messages * 2)


def test_what_is_taken_back_leaves_nobody_told(talk: Talk) -> None:
    _code, message = talk.says()
    with pytest.raises(RuntimeError), talk.make.database.write() as writes:
        reply(writes, talk.sam, message, ReplyIn(outcome=Outcome.THANK_YOU, body="Thank you."), talk.make.clock())
        raise RuntimeError
    with talk.make.database.write() as writes:
        assert tell_next(writes, talk.make.clock()) is None


def test_answer_that_nobody_contests_closes_after_ten_working_days(talk: Talk) -> None:
    _code, message = talk.says()
    _other, promised = talk.says()
    talk.answers(message, Outcome.CANNOT_DO)
    talk.answers(promised, Outcome.WILL_DO, promise=talk.promises())
    for days, closed in ((7, 0), (7, 0), (1, 1), (60, 0)):
        talk.make.clock.advance(days=days)
        with talk.make.database.write() as writes:
            assert close_uncontested(writes, talk.place, talk.make.clock()) == closed, days
    assert (talk.state(message), talk.state(promised)) == (State.LOOP_CLOSED, State.REPLIED)


# ---- reminders -------------------------------------------------------------------------------------------------------


def test_who_owes_an_answer_gets_one_letter_a_day_and_none_on_days_off(talk: Talk, mailing: FastAPI, post_office: PostOffice) -> None:
    talk.make.at_work(talk.place, organisation="council", email="cass@example.org")
    talk.make.topic(talk.place, "paths", organisation="council")
    talk.says()
    talk.says("The path is mud.", topic="paths")
    goes_round(mailing, day=True)
    assert post_office.letters == [], "nothing is due yet"
    talk.make.clock.at("2026-12-04T09:00Z")  # a Friday; the answers are due on Monday
    goes_round(mailing, day=True)
    goes_round(mailing, day=True)
    got = {letter["To"]: letter.get_content() for letter in post_office.letters}
    assert len(post_office.letters) == 2 and set(got) == {"sam@example.org", "cass@example.org"}
    assert all("1 answer is due by the next working day" in body for body in got.values()), "each for what is theirs to answer"
    assert not any(word in body for body in got.values() for word in ("bench", "mud"))
    for day in ("2026-12-05T09:00Z", "2026-12-06T09:00Z", "2026-12-07T06:00Z"):
        talk.make.clock.at(day)
        goes_round(mailing, day=True)
    assert len(post_office.letters) == 2, "a weekend, and too early in the morning"
    talk.make.clock.at("2026-12-08T09:00Z")
    goes_round(mailing, day=True)
    assert "1 message should have had its answer" in post_office.letters[-1].get_content() and len(post_office.letters) == 4


def test_who_wants_no_letters_gets_none(talk: Talk, signed_in: SignedIn) -> None:
    talk.says()
    browser = signed_in(talk.place, email="sam@example.org")
    assert browser.post("/staff/you/letters", data={"reminders": "off"}).status_code == 303
    assert "You get no letters about what is due." in browser.get("/staff/you").text
    talk.make.clock.advance(days=15)
    with talk.make.database.write() as writes:
        assert remind(writes, talk.place, talk.make.clock()) == []
    assert signed_in(talk.place, email="sam@example.org").post("/staff/you/letters", data={"reminders": "on"}).status_code == 303
    with talk.make.database.write() as writes:
        assert len(remind(writes, talk.place, talk.make.clock())) == 1


def test_what_waits_far_too_long_is_told_once_to_those_who_answer_for_the_place(
    talk: Talk, mailing: FastAPI, post_office: PostOffice
) -> None:
    talk.make.at_work(talk.place, "admin", email="ada@example.org")
    talk.make.at_work(talk.place, organisation="council", email="cass@example.org")
    talk.says()
    talk.make.clock.at("2026-12-14T10:00Z")  # due on 7 December: five working days later
    with talk.make.database.write() as writes:
        assert escalate(writes, talk.place, talk.make.clock()) == []
    talk.make.clock.advance(days=1)
    goes_round(mailing, day=True)
    talk.make.clock.at(talk.make.clock() + timedelta(days=1))
    goes_round(mailing, day=True)
    far = [letter["To"] for letter in post_office.letters if "far too late" in letter["Subject"]]
    assert sorted(far) == ["ada@example.org", "sam@example.org"]


# ---- both ways -------------------------------------------------------------------------------------------------------


def test_trail_leads_from_the_message_to_the_result_and_back(talk: Talk, resident: TestClient, signed_in: SignedIn) -> None:
    code, message = talk.says()
    promise = talk.promises()
    talk.answers(message, Outcome.WILL_DO, promise=promise)
    talk.make.clock.at("2026-12-16T10:00Z")
    trail = resident.post("/api/v1/hillside/receipts", json={"code": code}).json()["trail"]
    assert [step["step"] for step in trail] == ["received", "read", "replied", "promise_late"]
    talk.keeps(promise)
    trail = resident.post("/api/v1/hillside/receipts", json={"code": code}).json()["trail"]
    moved = [(step["standing"], step["promise"], step["words"]) for step in trail if step["step"] == "promise_moved"]
    assert moved == [("claimed_kept", str(promise), "So it is."), ("kept", str(promise), "So it is.")]
    page = resident.post("/hillside/answer", data={"code": code}).text
    assert f"/hillside/promises/{promise}" in page and "They say it is done" in page and "The day of the promise has passed." in page
    assert "1 message led to this promise" in resident.get(f"/hillside/promises/{promise}").text
    assert "bench by the surgery" not in resident.get(f"/hillside/promises/{promise}").text
    desk = signed_in(talk.place).get(f"/staff/hillside/promises/{promise}").text
    assert "1 message led to this promise" in desk and f"/staff/hillside/messages/{message}" in desk
    other = signed_in(talk.place, "frontline", organisation="council").get(f"/staff/hillside/promises/{promise}").text
    assert "You may read none of them." in other and "bench by the surgery" not in other
