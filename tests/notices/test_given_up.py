"""News that did not reach whoever asked for it: administrators see that, without seeing to whom it was to go, and send it again."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import select
from starlette.testclient import TestClient

from service.consents.actions import forget_contact
from service.feedback.actions import withdraw
from service.loop.worker import Teller
from service.notices.actions import leave_contact
from service.outbox.actions import claim, give_up, post
from service.outbox.models import For, Letter, Posted, Purpose
from service.people.models import Role
from service.webhooks.letters import address_of
from tests.loop.conftest import Talk
from tests.notices.conftest import Peer

AT = "/staff/hillside/settings/letters"
NUMBER = "07700 900123"
SignIn = Callable[..., TestClient]
GoRound = Callable[[], None]


@pytest.fixture
def admin(telling: FastAPI, talk: Talk, signed_in: SignIn) -> TestClient:
    """Who sets hillside up, where text messages are sent."""
    browser = signed_in(talk.place, Role.ADMIN, email="ada@example.org")
    there = TestClient(telling, base_url=str(browser.base_url), follow_redirects=False, headers={"Sec-Fetch-Site": "same-origin"})
    there.cookies.update(browser.cookies)
    return there


@pytest.fixture
def stuck(talk: Talk, peer: Peer, goes_round: GoRound) -> tuple[str, UUID]:
    """The code and the id of a message whose sender could not be told: Notify does not take their number."""
    code, message = talk.says()
    with talk.make.database.write() as writes:
        leave_contact(writes, talk.make.keys, talk.place, code, NUMBER, talk.make.clock())
    peer.status = 400
    talk.answers(message)
    goes_round()
    peer.status = 201
    return code, message


def buttons(page: str) -> list[str]:
    return [str(form.attributes["action"]) for form in Html(page).css("ul[aria-labelledby=news-h] form")]


def test_news_that_did_not_arrive_is_listed_without_where_it_was_to_go(talk: Talk, admin: TestClient, stuck: tuple[str, UUID]) -> None:
    page = admin.get(AT).text
    assert "does not take this number" in page and "7700" not in page and stuck[0] not in page and "bench" not in page
    assert str(stuck[1]) not in page, "who only sets the place up reads no messages"
    talk.make.person(talk.place, Role.COORDINATOR, email="ada@example.org")
    assert str(stuck[1]) in admin.get(AT).text, "who may read it can find another way"
    assert "1 letter could not be sent." in admin.get("/staff/hillside/settings").text


@pytest.mark.usefixtures("stuck")
def test_news_is_sent_again_once_to_what_was_left(talk: Talk, admin: TestClient, peer: Peer, goes_round: GoRound) -> None:
    again, _go = buttons(admin.get(AT).text)
    assert admin.post(again).status_code == 303 and admin.post(again).status_code == 404
    goes_round()
    assert len(peer.got) == 2 and buttons(admin.get(AT).text) == []
    with talk.make.database.read() as reads:
        assert reads.exec(select(Posted)).all() == []


def test_news_goes_nowhere_once_its_way_was_forgotten_and_leaves_the_list(talk: Talk, admin: TestClient, stuck: tuple[str, UUID]) -> None:
    before = buttons(admin.get(AT).text)
    with talk.make.database.write() as writes:
        forget_contact(writes, talk.make.keys, talk.place, stuck[0], talk.make.clock())
    assert buttons(admin.get(AT).text) == before[1:]
    assert admin.post(before[0]).status_code == 409
    assert admin.post(before[1]).status_code == 303 and buttons(admin.get(AT).text) == []


def test_nothing_is_left_in_the_list_of_words_that_were_taken_back(talk: Talk, admin: TestClient, stuck: tuple[str, UUID]) -> None:
    with talk.make.database.write() as writes:
        withdraw(writes, talk.make.keys, talk.place, stuck[0], talk.make.clock())
    assert buttons(admin.get(AT).text) == [] and "No letter is stuck." in admin.get(AT).text


def test_letter_that_names_rows_is_sent_again_to_these_and_not_to_an_address(talk: Talk, admin: TestClient) -> None:
    about = address_of(talk.place.id, talk.sam.person.staff_id, UUID(int=7))
    with talk.make.database.write() as writes:
        post(writes, Purpose.WEBHOOK, about, "en", talk.make.clock(), For(talk.place.id, talk.sam.person.staff_id))
        letter = claim(writes, talk.make.clock())
        assert letter is not None
        give_up(writes, letter, talk.make.clock(), "OSError")
    telling: FastAPI = admin.app  # type: ignore[assignment]
    telling.state.settings = telling.state.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1", "mail_from": "a@b.example"})
    assert admin.post(f"{AT}/given-up/{letter.id}/send").status_code == 303
    with talk.make.database.read() as reads:
        assert [one.address for one in reads.exec(select(Letter)) if one.given_up_at is None] == [about]


def test_every_sender_who_is_told_is_known_to_the_post_until_it_is_done(talk: Talk, telling: FastAPI) -> None:
    code, message = talk.says()
    with talk.make.database.write() as writes:
        leave_contact(writes, talk.make.keys, talk.place, code, NUMBER, talk.make.clock())
    talk.answers(message)
    teller = Teller(telling.state.database, talk.make.clock, sends_mail=False, sends_texts=True)
    asyncio.run(teller.tell())
    with talk.make.database.read() as reads:
        [row] = reads.exec(select(Posted)).all()
    assert (row.feedback_id, row.staff_id) == (message, None)
