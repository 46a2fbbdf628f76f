"""Passkeys: added on one's own page, removed there, and used to sign in without a name being typed."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.journal.actions import OPERATOR
from service.people.actions import disable, enable
from service.people.models import Passkey, PasskeyChallenge
from service.people.passkeys import Site, site_of
from service.places.queries import PlaceCard
from tests.make import SettableClock
from tests.people.authenticator import PRESENT, Authenticator

SAM, YOU, INBOX, HERE = "sam@example.org", "/staff/you", "/staff/hillside/inbox", "http://localhost"
ENTER = "/staff/passkey"
Browsers = Callable[[], TestClient]


@pytest.fixture
def at_localhost(browser_of: Browsers) -> Browsers:
    """Browsers at http://localhost: at a bare number there are no passkeys."""

    def another() -> TestClient:
        browser = browser_of()
        browser.base_url = HERE
        return browser

    return another


@pytest.fixture
def sam(hillside: PlaceCard, signed_in: Callable[..., TestClient]) -> TestClient:
    """Somebody on the staff, signed in with a link."""
    browser = signed_in(hillside, email=SAM, name="Sam Okoro")
    cookie = browser.cookies["said"]
    browser.cookies.clear()
    browser.base_url = HERE
    browser.headers["Cookie"] = f"said={cookie}"
    return browser


def asked(browser: TestClient, address: str) -> dict[str, Any]:
    """The options that the service gives out at this address."""
    answer = browser.post(f"{address}/options")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return dict(answer.json())


def add(browser: TestClient, name: str = "Work phone", **odd: Any) -> Authenticator:
    """Adds a passkey as a browser does."""
    passkey = Authenticator(**{"origin": HERE, **odd})
    answer = browser.post(f"{YOU}/passkeys", data={"name": name, "credential": passkey.make(asked(browser, f"{YOU}/passkeys"))})
    assert (answer.status_code, answer.headers["location"]) == (303, YOU), answer.text
    return passkey


def enters(browser: TestClient, credential: str) -> bool:
    """Whether this answer signs the browser in. What does not looks the same, whatever is wrong with it."""
    answer = browser.post(ENTER, data={"credential": credential})
    if answer.status_code == 303:
        return True
    assert (answer.status_code, answer.headers.get("set-cookie")) == (404, None)
    assert Html(answer.text).css_first(".govuk-error-summary a").text() == "That passkey opens nothing here. Try again, or use a link."
    return False


def kept(database: Database) -> list[Passkey]:
    with database.read() as reads:
        return list(reads.exec(select(Passkey)))


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_nobody_adds_or_removes_a_passkey_for_somebody_else(
    hillside: PlaceCard, sam: TestClient, signed_in: Callable[..., TestClient], at_localhost: Browsers, database: Database
) -> None:
    add(sam)
    [passkey] = kept(database)
    stranger, colleague = at_localhost(), signed_in(hillside)
    for address in (f"{YOU}/passkeys/options", f"{YOU}/passkeys", f"{YOU}/passkeys/{passkey.id}/remove"):
        assert stranger.post(address, data={"credential": "{}"}).status_code == 401
    answers = [colleague.post(f"{YOU}/passkeys/{one}/remove") for one in (passkey.id, uuid4())]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert "Work phone" not in colleague.get(YOU).text
    assert len(kept(database)) == 1


def test_answer_to_somebody_else_s_question_adds_nothing(
    hillside: PlaceCard, sam: TestClient, signed_in: Callable[..., TestClient], database: Database
) -> None:
    colleague = signed_in(hillside)
    colleague.headers["Host"] = "localhost"
    theirs = asked(colleague, f"{YOU}/passkeys")
    assert sam.post(f"{YOU}/passkeys", data={"credential": Authenticator(HERE).make(theirs)}).status_code == 422
    assert kept(database) == []


@pytest.mark.parametrize(
    "odd", [{"origin": "https://evil.example"}, {"site": "evil.example"}, {"flags": PRESENT}], ids=["origin", "site", "nobody verified"]
)
def test_passkey_of_another_site_or_without_its_owner_is_not_kept(sam: TestClient, database: Database, odd: dict[str, Any]) -> None:
    passkey = Authenticator(**{"origin": HERE, **odd})
    answer = sam.post(f"{YOU}/passkeys", data={"credential": passkey.make(asked(sam, f"{YOU}/passkeys"))})
    assert answer.status_code == 422
    assert kept(database) == []


@pytest.mark.parametrize("change", ["origin", "site", "nobody verified", "key", "user", "unknown", "counter"])
def test_wrong_answer_lets_nobody_in(sam: TestClient, at_localhost: Browsers, change: str) -> None:
    passkey, browser = add(sam), at_localhost()
    assert enters(at_localhost(), passkey.answer(asked(browser, ENTER)))
    other = Authenticator(HERE)
    match change:
        case "origin":
            passkey.origin = "https://evil.example"
        case "site":
            passkey.site = "evil.example"
        case "nobody verified":
            passkey.flags = PRESENT
        case "key":
            passkey.key = other.key
        case "user":
            passkey.user = "AAAAAAAAAAAAAAAAAAAAAA"
        case "unknown":
            passkey.id = other.id
        case "counter":
            passkey.counter = 0
    assert not enters(browser, passkey.answer(asked(browser, ENTER)))


@pytest.mark.parametrize("sent", ["", "{}", "[]", "null", "x", '{"response": 1}', '{"response": {"clientDataJSON": "é"}}', "[" * 9000])
def test_what_is_no_answer_at_all_is_refused_calmly(sam: TestClient, at_localhost: Browsers, sent: str) -> None:
    assert not enters(at_localhost(), sent)
    assert sam.post(f"{YOU}/passkeys", data={"credential": sent}).status_code == 422


def test_question_is_answered_once_and_not_for_long(
    sam: TestClient, at_localhost: Browsers, clock: SettableClock, database: Database
) -> None:
    passkey, browser = add(sam), at_localhost()
    question = asked(browser, ENTER)
    answer = passkey.answer(question)
    assert enters(browser, answer)
    assert not enters(at_localhost(), answer), "sent again"
    assert not enters(at_localhost(), passkey.answer(question)), "another answer to the same question"
    late = asked(browser, ENTER)
    clock.advance(minutes=5)
    assert not enters(browser, passkey.answer(late))
    assert not enters(browser, passkey.answer({"challenge": "AAAA"})), "a question of one's own making"
    asked(browser, ENTER)
    with database.read() as reads:
        assert len(reads.exec(select(PasskeyChallenge)).all()) == 1, "what is too old is swept away"


def test_question_for_a_new_passkey_signs_nobody_in(sam: TestClient, at_localhost: Browsers) -> None:
    passkey = add(sam)
    assert not enters(at_localhost(), passkey.answer(asked(sam, f"{YOU}/passkeys")))


def test_question_names_nobody(sam: TestClient, at_localhost: Browsers) -> None:
    before = asked(at_localhost(), ENTER)
    add(sam)
    after = asked(at_localhost(), ENTER)
    assert {**before, "challenge": ""} == {**after, "challenge": ""}
    assert after["allowCredentials"] == [] and after["userVerification"] == "required"


def test_disabled_person_s_passkeys_are_gone_and_stay_so(
    sam: TestClient, at_localhost: Browsers, database: Database, clock: SettableClock
) -> None:
    passkey = add(sam)
    with database.write() as writes:
        disable(writes, OPERATOR, SAM, clock())
    assert not enters(at_localhost(), passkey.answer(asked(at_localhost(), ENTER)))
    with database.write() as writes:
        enable(writes, OPERATOR, SAM, clock())
    assert not enters(at_localhost(), passkey.answer(asked(at_localhost(), ENTER)))


def test_who_tries_many_wrong_answers_waits_and_nobody_else_does(
    sam: TestClient, at_localhost: Browsers, app: FastAPI, client: TestClient
) -> None:
    passkey = add(sam)
    attacker = TestClient(app, base_url=HERE, follow_redirects=False, client=("192.0.2.66", 50_000))
    attacker.portal = client.portal
    statuses = [attacker.post(ENTER, data={"credential": "{}"}).status_code for _try in range(25)]
    assert statuses == [404] * 20 + [429] * 5
    assert enters(at_localhost(), passkey.answer(asked(at_localhost(), ENTER)))


def test_other_site_can_use_none_of_it(sam: TestClient) -> None:
    for address in (f"{YOU}/passkeys/options", f"{YOU}/passkeys", f"{ENTER}/options", ENTER):
        assert sam.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


# ---- the whole way ---------------------------------------------------------------------------------------------------


def test_passkey_signs_in_again_and_again_and_is_gone_when_removed(
    sam: TestClient, at_localhost: Browsers, database: Database, clock: SettableClock
) -> None:
    phone, tablet = add(sam), add(sam, "Tablet")
    for passkey in (phone, tablet, phone):
        browser = at_localhost()
        answer = browser.post(ENTER, data={"credential": passkey.answer(asked(browser, ENTER))})
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie
        assert sam.get(INBOX, headers={"Cookie": cookie.partition(";")[0]}).status_code == 200
    assert {one.name: one.sign_count for one in kept(database)} == {"Work phone": 2, "Tablet": 1}
    assert {one.used_at for one in kept(database)} == {clock()}
    removals = [str(form.attributes["action"]) for form in Html(sam.get(YOU).text).css("form[action$='/remove']")]
    assert len(removals) == 2
    assert sam.post(removals[0]).status_code == 303
    assert not enters(at_localhost(), phone.answer(asked(at_localhost(), ENTER)))
    assert enters(at_localhost(), tablet.answer(asked(at_localhost(), ENTER)))


def test_device_that_has_a_passkey_is_not_asked_for_another(sam: TestClient, database: Database) -> None:
    passkey = add(sam)
    options = asked(sam, f"{YOU}/passkeys")
    assert [one["id"] for one in options["excludeCredentials"]] == [kept(database)[0].credential_id]
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["user"]["name"] == SAM
    assert sam.post(f"{YOU}/passkeys", data={"credential": passkey.make(options)}).status_code == 409
    assert len(kept(database)) == 1


def test_passkey_without_a_name_gets_one_and_a_long_one_is_refused(sam: TestClient, database: Database) -> None:
    add(sam, "")
    assert [one.name for one in kept(database)] == ["Passkey"]
    credential = Authenticator(HERE).make(asked(sam, f"{YOU}/passkeys"))
    answer = sam.post(f"{YOU}/passkeys", data={"name": "x" * 61, "credential": credential})
    assert answer.status_code == 422
    page = Html(answer.text)
    assert "at most 60 letters" in page.css_first(".govuk-error-summary").text()
    assert page.css_first("#name").attributes["value"] == "x" * 61, "what was typed is kept"


# ---- where -----------------------------------------------------------------------------------------------------------


def test_passkeys_are_for_the_service_s_own_address(visitor: TestClient) -> None:
    assert site_of("https://said.example:8443", "evil.example") == Site("said.example", "https://said.example:8443")
    assert site_of("http://127.0.0.1:8000", "localhost:8000") == Site("localhost", "http://localhost:8000")
    assert site_of("http://127.0.0.1:8000", "127.0.0.1:8000") is None, "browsers make none for a bare number"
    assert site_of("http://127.0.0.1:8000", "localhost.evil.example") is None
    assert site_of("http://said.example", "said.example") is None, "nor without TLS"
    assert visitor.post(f"{ENTER}/options").status_code == 409
    assert "data-passkey" not in visitor.get("/staff").text


def test_page_without_javascript_leaves_the_way_by_link(sam: TestClient, at_localhost: Browsers) -> None:
    for page in (Html(sam.get(YOU).text), Html(at_localhost().get("/staff").text)):
        [form] = page.css("form[data-passkey]")
        assert "hidden" in form.attributes
        assert json.dumps(str(form.attributes["action"])).startswith('"/staff/')
