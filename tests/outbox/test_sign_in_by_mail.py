"""The way back in by mail: the same words and the same work for every address, and a link for those who are staff."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser as Html
from sqlalchemy import event
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.journal.actions import OPERATOR
from service.outbox import worker
from service.outbox.models import Letter
from service.people.actions import disable
from service.people.models import SignInLink
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock
from tests.outbox.conftest import PostOffice

SAM, ASK, INBOX = "sam@example.org", "/staff/sign-in", "/staff/hillside/inbox"
LINK = re.compile(r"^http\S+(/staff/sign-in/\S{40,})\s*$", re.MULTILINE)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker of the service looks more often, so that a test need not wait."""
    monkeypatch.setattr(worker.Worker, "pause", 0.02)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker does nothing while a test looks at what waits."""

    async def rest(_worker: object) -> bool:
        return False

    monkeypatch.setattr(worker.Worker, "send_one", rest)


def from_address(app: FastAPI, client: TestClient, address: str) -> TestClient:
    browser = TestClient(app, follow_redirects=False, client=(address, 50_000))
    browser.portal = client.portal
    return browser


def waiting(database: Database) -> list[str | None]:
    with database.read() as reads:
        return list(reads.exec(select(Letter.address)))


# ---- who may not, and cannot tell ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("slow")
def test_nobody_can_tell_whose_addresses_are_known(
    make: Make, app: FastAPI, database: Database, hillside: PlaceCard, clock: SettableClock, visitor: TestClient
) -> None:
    """Not by the words, and not by the time: the service does the same work, statement by statement, for everybody."""
    make.person(hillside, email=SAM)
    make.person(hillside, email="gone@example.org")
    with database.write() as writes:
        disable(writes, OPERATOR, "gone@example.org", clock())
    answers, work = [], []
    for address in (SAM, "gone@example.org", "stranger@example.org"):
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object, sent: list[str] = sent) -> None:
            sent.append(statement) if statement != "BEGIN IMMEDIATE" else None

        for engine in (app.state.database.writer, app.state.database.reader):
            event.listen(engine, "before_cursor_execute", note)
        answer = visitor.post(ASK, data={"email": address})
        for engine in (app.state.database.writer, app.state.database.reader):
            event.remove(engine, "before_cursor_execute", note)
        answers.append((answer.status_code, answer.headers["location"], answer.text, visitor.get(answer.headers["location"]).text))
        work.append(sent)
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][:2] == (303, ASK)
    assert work[0] == work[1] == work[2] and len(work[0]) == 1
    assert "INSERT INTO letter" in work[0][0]


@pytest.mark.usefixtures("quick")
def test_only_staff_get_a_link(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock, visitor: TestClient, post_office: PostOffice
) -> None:
    for who in ("gone", "last"):
        make.person(hillside, email=f"{who}@example.org")
    with database.write() as writes:
        disable(writes, OPERATOR, "gone@example.org", clock())
    for who in ("stranger", "gone", "last"):
        visitor.post(ASK, data={"email": f"{who}@example.org"})
        clock.advance(seconds=1)
    assert post_office.arrived.wait(10)
    assert [to for _sender, to in post_office.envelopes] == ["last@example.org"]


def test_other_site_cannot_ask_in_somebody_s_name(database: Database, visitor: TestClient) -> None:
    assert visitor.post(ASK, data={"email": SAM}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert waiting(database) == []


@pytest.mark.parametrize("typed", ["", "sam", "sam@example", "sam@example.org\r\nBcc: x@example.org", "a" * 250 + "@b.org", "a\x00@b.org"])
def test_what_is_no_address_gets_a_clear_sentence_and_stays_typed(database: Database, visitor: TestClient, typed: str) -> None:
    answer = visitor.post(ASK, data={"email": typed})
    assert answer.status_code == 422
    page = Html(answer.text)
    assert "whole e-mail address" in page.css_first(".govuk-error-summary").text()
    field = page.css_first("#email")
    assert "\r" in typed or "\x00" in typed or (field.attributes.get("value") or "") == typed
    assert waiting(database) == []


# ---- how often -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("slow")
def test_one_address_gets_three_letters_and_who_asks_on_reads_the_same(database: Database, app: FastAPI, client: TestClient) -> None:
    answers = [from_address(app, client, f"192.0.2.{n}").post(ASK, data={"email": SAM.upper() if n % 2 else SAM}) for n in range(1, 7)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, ASK)}
    assert waiting(database) == [SAM] * 3


@pytest.mark.usefixtures("slow")
def test_who_asks_for_many_addresses_waits_and_nobody_else_does(database: Database, app: FastAPI, client: TestClient) -> None:
    attacker, honest = from_address(app, client, "192.0.2.66"), from_address(app, client, "192.0.2.7")
    statuses = [attacker.post(ASK, data={"email": f"{n}@example.org"}).status_code for n in range(25)]
    assert statuses == [303] * 20 + [429] * 5
    assert honest.post(ASK, data={"email": SAM}).status_code == 303
    assert waiting(database)[-1] == SAM


@pytest.mark.usefixtures("quick")
def test_who_asks_in_somebody_s_name_does_not_lock_them_out(
    make: Make, app: FastAPI, client: TestClient, hillside: PlaceCard, visitor: TestClient, post_office: PostOffice
) -> None:
    """Their letters arrive with the one whose name it is, and each link works."""
    make.person(hillside, email=SAM)
    attacker = from_address(app, client, "192.0.2.66")
    for _again in range(10):
        attacker.post(ASK, data={"email": SAM})
    assert visitor.post(ASK, data={"email": SAM}).status_code == 303
    assert post_office.arrived.wait(10)
    assert visitor.post(LINK.findall(post_office.letters[0].get_content())[0]).status_code == 303
    assert visitor.get(INBOX).status_code == 200


# ---- the whole way ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick")
def test_staff_come_back_in_by_mail(
    make: Make,
    database: Database,
    hillside: PlaceCard,
    browser_of: Callable[[], TestClient],
    post_office: PostOffice,
) -> None:
    make.person(hillside, email=SAM)
    browser, other = browser_of(), browser_of()
    [form] = Html(browser.get("/staff").text).css("main form")
    assert (form.attributes["method"], form.attributes["action"]) == ("post", ASK)
    answer = browser.post(ASK, data={"email": f" {SAM.title()} "}, follow_redirects=True)
    assert answer.status_code == 200 and "set-cookie" not in answer.headers
    assert post_office.arrived.wait(10)
    [letter] = post_office.letters
    [link] = LINK.findall(letter.get_content())
    with database.read() as reads:
        hashes = [row.secret_hash for row in reads.exec(select(SignInLink))]
    assert not any(found in link for found in hashes), "only its hash is stored"
    assert browser.get(link).status_code == 200, "opening it uses nothing up"
    assert browser.post(link).status_code == 303
    assert browser.get(INBOX).status_code == 200
    assert other.post(link).status_code == 404, "it works once"


@pytest.mark.usefixtures("quick")
def test_mailed_link_is_dead_after_fifteen_minutes(
    make: Make, hillside: PlaceCard, clock: SettableClock, visitor: TestClient, post_office: PostOffice
) -> None:
    make.person(hillside, email=SAM)
    visitor.post(ASK, data={"email": SAM})
    assert post_office.arrived.wait(10)
    [link] = LINK.findall(post_office.letters[0].get_content())
    clock.advance(minutes=15)
    assert visitor.post(link).status_code == 404
