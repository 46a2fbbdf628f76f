"""Whoever asked to be told is told in the language in which they asked, and staff in the one that they chose."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.app import create_app, post_worker
from service.feedback.intake import AT_THE_FORM, Sender
from service.feedback.models import Capturer
from service.language import FIRST_STRONG, ISOLATED, Language, speaking
from service.loop.reminding_actions import remind
from service.loop.worker import Teller
from service.notices.actions import leave_contact, leave_push
from service.outbox.actions import post
from service.outbox.models import Purpose
from service.people.models import Role
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.loop.conftest import Talk
from tests.make import Make
from tests.notices.conftest import Peer, Phone
from tests.outbox.conftest import PostOffice, post_office

__all__ = ["post_office"]
SignIn = Callable[..., TestClient]
NEWS = {"en": "News from Hillside", "cy": "Newyddion gan Hillside", "ur": f"{FIRST_STRONG}Hillside{ISOLATED}"}


@pytest.fixture
def hillside(make: Make) -> PlaceCard:
    """A place that speaks three languages."""
    return make.collaboration(languages=["en", "cy", "ur"])


@pytest.fixture
def app(settings: Settings, talk: Talk, post_office: PostOffice) -> FastAPI:
    """A service with a mail server, not started: the test does what its workers do."""
    wired = settings.model_copy(update={"smtp_url": SecretStr(post_office.url), "mail_from": "said@hillside.example"})
    app = create_app(wired, clock=talk.make.clock)
    app.state.database, app.state.server_keys = talk.make.database, talk.make.keys
    return app


def goes_round(app: FastAPI, *, texts: bool = False) -> None:
    async def work() -> None:
        teller = Teller(app.state.database, app.state.clock, sends_mail=True, sends_texts=texts)
        while await teller.tell():
            pass
        while await post_worker(app).send_one():
            pass

    asyncio.run(work())


@contextmanager
def page_in(code: str) -> Iterator[None]:
    with speaking(Language(code)):
        yield


@pytest.mark.parametrize("code", ["cy", "ur"])
def test_mail_comes_in_the_language_in_which_it_was_asked_for(talk: Talk, app: FastAPI, post_office: PostOffice, code: str) -> None:
    receipt, message = talk.says()
    with page_in(code), talk.make.database.write() as writes:
        leave_contact(writes, talk.make.keys, talk.place, receipt, "jo@example.org", talk.make.clock())
    talk.answers(message)
    goes_round(app)
    [letter] = post_office.letters
    assert NEWS[code] in letter["subject"] and letter["content-language"] == code
    text = letter.get_content()
    assert f"/hillside/answer?lang={code}" in text and "We have answered" not in text


@pytest.mark.parametrize("code", ["cy", "ur"])
def test_who_leaves_an_address_with_the_message_is_told_in_the_language_of_that_page(
    talk: Talk, app: FastAPI, post_office: PostOffice, code: str
) -> None:
    with page_in(code):
        _receipt, message = talk.says(contact="jo@example.org", sender=AT_THE_FORM)
    talk.answers(message)
    goes_round(app)
    assert post_office.letters[0]["content-language"] == code


def test_what_staff_write_down_is_answered_in_the_language_in_which_it_was_said(talk: Talk, app: FastAPI, post_office: PostOffice) -> None:
    desk = Sender(captured_by=Capturer.FRONTLINE)
    with page_in("cy"):
        for language in ("ur", "pl", None):
            talk.answers(talk.says(contact=f"{language}@example.org", sender=desk, language=language)[1])
    goes_round(app)
    assert {one["to"]: one["content-language"] for one in post_office.letters} == {
        "ur@example.org": "ur",
        "pl@example.org": "en",
        "None@example.org": "en",
    }


@pytest.mark.parametrize("code", ["cy", "ur"])
def test_browser_and_phone_are_told_in_the_language_in_which_they_asked(
    talk: Talk, telling: FastAPI, phone: Phone, peer: Peer, code: str
) -> None:
    receipt, message = talk.says()
    with page_in(code), talk.make.database.write() as writes:
        leave_push(writes, talk.make.keys, talk.place, receipt, phone.subscription, talk.make.clock(), loopback=True)
        leave_contact(writes, talk.make.keys, talk.place, receipt, "07700 900123", talk.make.clock())
    talk.answers(message)
    goes_round(telling, texts=True)
    by_path = {path: body for path, _headers, body in peer.got}
    pushed = phone.reads(by_path["/push/1"])
    assert pushed["to"] == f"/hillside/answer?lang={code}" and pushed["title"] != "There is news about what you told us"
    text = json.loads(by_path["/v2/notifications/sms"])["personalisation"]["message"]
    assert text.endswith(f"/hillside/answer?lang={code}") and "there is news" not in text


# ---- staff -----------------------------------------------------------------------------------------------------------


def heading(browser: TestClient, path: str) -> tuple[str | None, str]:
    found = Html(browser.get(path).text)
    html, title = found.css_first("html"), found.css_first("h1")
    assert html is not None and title is not None
    return html.attributes["lang"], title.text()


def test_staff_work_in_the_language_that_they_chose_wherever_they_sign_in(hillside: PlaceCard, signed_in: SignIn) -> None:
    sam, phone = signed_in(hillside, email="bea@example.org"), signed_in(hillside, email="bea@example.org")
    other = signed_in(hillside, email="kim@example.org")
    assert sam.post("/staff/you/language?lang=en", data={"language": "cy"}).headers["location"] == "/staff/you"
    for path in ("/staff/you", "/staff/hillside/inbox"):
        assert heading(phone, path)[0] == "cy" and heading(other, path)[0] == "en"
        assert heading(phone, f"{path}?lang=en")[0] == "en", "a link says otherwise for once"
    assert heading(phone, "/hillside")[0] == "en", "the residents' pages are for everybody"


def test_only_a_language_in_which_every_page_of_staff_is_written_is_kept(hillside: PlaceCard, signed_in: SignIn) -> None:
    sam = signed_in(hillside)
    for code in ("ur", "xx", ""):
        answer = sam.post("/staff/you/language", data={"language": code})
        assert answer.status_code == 422 and "Choose one of the languages." in answer.text
    assert heading(sam, "/staff/you")[0] == "en"


def test_letters_to_staff_come_in_the_language_that_they_chose(
    hillside: PlaceCard, talk: Talk, app: FastAPI, signed_in: SignIn, post_office: PostOffice
) -> None:
    talk.says()
    signed_in(hillside, Role.COORDINATOR, email="bea@example.org").post("/staff/you/language", data={"language": "cy"})
    talk.make.clock.advance(days=15)
    with talk.make.database.write() as writes:
        assert sorted(one.language for one in remind(writes, hillside, talk.make.clock())) == ["cy", "en"]
        for address in ("bea@example.org", "sam@example.org"):
            post(writes, Purpose.SIGN_IN, address, "en", talk.make.clock())
    goes_round(app)
    assert {one["to"]: one["content-language"] for one in post_office.letters} == {"bea@example.org": "cy", "sam@example.org": "en"}
