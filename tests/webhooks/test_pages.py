"""Webhooks on the pages of the settings: set up and shown their secret once, tested, what did not arrive; nobody reaches another's."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.news import Event, Standing, Webhook
from service.people.models import Role
from service.places.queries import PlaceCard
from service.webhooks import rules, worker
from tests.make import Make, SettableClock
from tests.webhooks.conftest import Receiver, Telling, Verify

HOOKS = "/staff/hillside/settings/webhooks"
SECRET = re.compile(r"whsec_[\w+/=]{32}")
NEW = {"description": "Case system", "address": "https://cases.example.org/said", "promise_created": "yes"}

SignIn = Callable[..., TestClient]


@pytest.fixture
def admin(hillside: PlaceCard, signed_in: SignIn) -> TestClient:
    """Who sets hillside up."""
    return signed_in(hillside, Role.ADMIN)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's own worker rests, so that a test tells by itself."""

    async def rest(_worker: object) -> int:
        return 0

    monkeypatch.setattr(worker.Messenger, "run", rest)


def text(page: str) -> str:
    return " ".join(Html(page).body.text().split())


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_administrator_of_one_organisation_keeps_its_own_and_no_other(
    make: Make, hillside: PlaceCard, signed_in: SignIn, telling: Telling
) -> None:
    make.organisation(hillside, "council")
    hub = make.organisation(hillside, "hub")
    theirs, _secret = telling.add("https://hub.example.org/x", organisation_id=hub.id, name="Kiosk of the hub")
    everybodys, _secret = telling.add("https://all.example.org/x", name="Of everybody")
    mine = signed_in(hillside, Role.ADMIN, organisation="council")
    for organisation in ("", "hub", "nobody"):
        assert mine.post(HOOKS, data={**NEW, "organisation": organisation}).status_code == 422
    assert SECRET.search(mine.post(HOOKS, data={**NEW, "organisation": "council"}).text)
    page = mine.get(HOOKS).text
    assert "Case system" in page and "Kiosk" not in page and "Of everybody" not in page
    for other in (theirs, everybodys, uuid4()):
        assert mine.get(f"{HOOKS}/{other}").status_code == 404
        for act in ("", "/test", "/switch", "/secret", "/again", "/remove"):
            assert mine.post(f"{HOOKS}/{other}{act}", data={**NEW, "to": "off"}).status_code == 404
    assert len(telling.waiting()) == 0
    elsewhere, _secret = Telling(make, make.collaboration("riverbank")).add("https://r.example.org/x", name="Theirs")
    admin = signed_in(hillside, Role.ADMIN)
    assert "Kiosk of the hub" in admin.get(HOOKS).text and "Theirs" not in admin.get(HOOKS).text
    assert admin.get(f"{HOOKS}/{elsewhere}").status_code == admin.post(f"{HOOKS}/{elsewhere}/remove").status_code == 404


# ---- setting up ------------------------------------------------------------------------------------------------------


def test_secret_is_shown_once_and_never_again(admin: TestClient, telling: Telling) -> None:
    made = admin.post(HOOKS, data=NEW)
    found = SECRET.search(made.text)
    assert found is not None and made.headers["cache-control"] == "no-store"
    row = telling.webhook()
    for page in (admin.get(HOOKS), admin.get(f"{HOOKS}/{row.id}")):
        assert page.status_code == 200 and found[0] not in page.text and row.secret not in page.text
    assert "Case system" in admin.get("/staff/hillside/audit").text
    renewed = SECRET.search(admin.post(f"{HOOKS}/{row.id}/secret").text)
    assert renewed is not None and renewed[0] != found[0]
    assert "The old secret signs until" in admin.get(f"{HOOKS}/{row.id}").text


WRONG = [
    ({"description": ""}, "Say which program it is."),
    ({"address": ""}, "Write the address that is told."),
    ({"address": "http://cases.example.org/"}, "must begin with https://"),
    ({"address": "https://10.0.0.1/"}, "not on the internet"),
    ({"address": "https://sam:pw@cases.example.org/"}, "Leave the name and the password out"),
    ({"promise_created": ""}, "Tick one thing at least"),
    ({"organisation": "nobody"}, "Choose an organisation."),
]


def test_what_is_wrong_is_said_and_what_was_typed_stays(admin: TestClient, database: Database) -> None:
    for sent, said in WRONG:
        answer = admin.post(HOOKS, data={**NEW, **sent})
        page = Html(answer.text)
        assert answer.status_code == 422 and said in page.css_first(".govuk-error-summary").text()
        assert (page.css_first("#address").attributes.get("value") or "") == {**NEW, **sent}["address"]
    with database.read() as reads:
        assert reads.exec(select(Webhook)).all() == []


def test_what_it_is_told_of_can_be_changed(admin: TestClient, telling: Telling, make: Make, hillside: PlaceCard) -> None:
    webhook_id, _secret = telling.add("https://cases.example.org/said", Event.PROMISE_CREATED)
    make.message(hillside)
    assert telling.waiting() == []
    assert admin.post(f"{HOOKS}/{webhook_id}", data={"description": "Cases"}).status_code == 422
    assert admin.post(f"{HOOKS}/{webhook_id}", data={"description": "Cases", "feedback_created": "yes"}).status_code == 303
    make.message(hillside, "Another.")
    assert [told.event for told in telling.waiting()] == [Event.FEEDBACK_CREATED]
    page = Html(admin.get(f"{HOOKS}/{webhook_id}").text)
    assert page.css_first("h1").text() == "Cases"
    assert [box.attributes["name"] for box in page.css("input[type=checkbox][checked]")] == ["feedback_created"]


# ---- what became of it -----------------------------------------------------------------------------------------------


def test_test_is_told_signed_and_shown(admin: TestClient, telling: Telling, receiver: Receiver, verify: Verify) -> None:
    webhook_id, secret = telling.add(receiver.url, Event.PROMISE_CREATED)
    assert admin.post(f"{HOOKS}/{webhook_id}/test").headers["location"] == f"{HOOKS}/{webhook_id}"
    assert "It waits to be sent." in text(admin.get(f"{HOOKS}/{webhook_id}").text)
    telling.tell()
    assert receiver.types == ["ping"] and verify(secret, receiver.got[0]) == [True]
    assert "A test. It arrived: the program answered 204." in text(admin.get(f"{HOOKS}/{webhook_id}").text)
    admin.post(f"{HOOKS}/{webhook_id}/switch", data={"to": "off"})
    assert admin.post(f"{HOOKS}/{webhook_id}/test").status_code == 409
    assert "Off since" in text(admin.get(HOOKS).text)


def test_what_did_not_arrive_is_sent_again_one_by_one_or_all(
    admin: TestClient,
    telling: Telling,
    receiver: Receiver,
    make: Make,
    hillside: PlaceCard,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "WAITS", ())
    webhook_id, _secret = telling.add(receiver.url)
    receiver.answers = ["500 Oops"]
    for number in range(3):
        make.message(hillside, f"Number {number}.")
        telling.tell()
        clock.advance(minutes=2)
    page = Html(admin.get(f"{HOOKS}/{webhook_id}").text)
    assert "3 things did not arrive" in page.body.text() and "On, but not everything arrived" in text(admin.get(HOOKS).text)
    assert "1 does not take everything." in text(admin.get("/staff/hillside/settings").text)
    named = [one.attributes["value"] or "" for one in page.css("input[name=delivery]")]
    assert len(named) == 3
    receiver.answers = ["204 No Content"]
    admin.post(f"{HOOKS}/{webhook_id}/again", data={"delivery": named[0]})
    telling.tell()
    assert [told.standing for told in telling.waiting()].count(Standing.DELIVERED) == 1
    assert admin.post(f"{HOOKS}/{webhook_id}/again", data={"delivery": "x"}).status_code == 400
    admin.post(f"{HOOKS}/{webhook_id}/again")
    telling.tell()
    assert {told.standing for told in telling.waiting()} == {Standing.DELIVERED}
    assert admin.post(f"{HOOKS}/{webhook_id}/remove").headers["location"] == HOOKS
    assert "No program is told yet." in text(admin.get(HOOKS).text)
