"""What staff type is never lost: not with a session that ended, not with a step that was missing, not with an old page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from sqlalchemy import select
from sqlmodel import SQLModel
from starlette.testclient import TestClient

import service.everything
from service.database import Database
from service.people.models import Role
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

SAM = "sam@example.org"
LONG = 'Two lines,\r\nwith "quotes" & <b>marks</b>; yr wythnos hon; یہ بینچ ٹوٹا ہوا ہے\r\n\r\n' + "and so on " * 300
STORY = {"kind": "mixed", "body": LONG, "occurred_on": "2026-11-20", "barrier": "rule", "act": "send"}
REPLY = {"outcome": "cannot_do", "no_kind": "not_ours", "body": LONG, "reason": "The road belongs to the county, they say."}
SignIn = Callable[..., TestClient]


def forms(make: Make, place: PlaceCard) -> dict[str, dict[str, str]]:
    """The two longest forms of the house, as they are sent."""
    message = make.message_id(make.message(place))
    return {
        "/staff/hillside/log": {**STORY, "idempotency_key": str(uuid4())},
        f"/staff/hillside/messages/{message}/reply": {**REPLY, "idempotency_key": str(uuid4())},
    }


def kept_in(answer: Any) -> dict[str, str]:
    """What the page would send again, and where."""
    [form] = [one for one in Html(answer.text).css("main form") if one.css_first("#send-again")]
    assert form.attributes["method"] == "post"
    fields = {str(one.attributes["name"]): one.attributes.get("value") or "" for one in form.css("input[type=hidden]")}
    return {"": str(form.attributes["action"]), **fields}


def plain(fields: dict[str, str]) -> dict[str, str]:
    """As a page holds it: line ends are those of HTML."""
    return {name: value.replace("\r\n", "\n") for name, value in fields.items()}


def sent(fields: dict[str, str]) -> dict[str, str]:
    """As a browser sends it: line ends are those of forms."""
    return {name: "\r\n".join(value.splitlines()) if "\n" in value else value for name, value in fields.items() if name}


def stored(database: Database) -> str:
    assert service.everything.__all__
    with database.read() as reads:
        return str([[tuple(row) for row in reads.connection().execute(select(table))] for table in SQLModel.metadata.sorted_tables])


# ---- a session that ended --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["no cookie", "ended", "idle", "disabled"])
def test_words_of_who_was_signed_out_come_back_and_are_sent_when_they_are_in_again(
    make: Make, database: Database, hillside: PlaceCard, signed_in: SignIn, clock: SettableClock, lost: str
) -> None:
    browser = signed_in(hillside, email=SAM)
    sending = forms(make, hillside)
    if lost == "no cookie":
        browser.cookies.clear()
    elif lost == "ended":
        signed_in(hillside, email=SAM).post("/staff/you/sessions/end-others")
    elif lost == "idle":
        clock.advance(hours=12)
    else:
        browser.post("/staff/sign-out")
    for address, fields in sending.items():
        answer = browser.post(address, data=fields)
        assert (answer.status_code, answer.headers["cache-control"]) == (401, "no-store")
        assert Html(answer.text).css_first("h1").text() == "You were signed out"
        kept = kept_in(answer)
        assert kept == {"": address, **plain(fields)}
        assert "so on and so on" in Html(answer.text).css_first("p.typed").text()
        assert kept_in(browser.post(address, data=sent(kept))) == kept, "pressed too soon, it is still there"
        assert "Two lines" not in stored(database), "and nothing of it waits on the server"
    browser.post(f"/staff/sign-in/{make.person(hillside, email=SAM)}")
    for address, fields in sending.items():
        assert browser.post(address, data=sent(plain(fields))).status_code == 303
    kept_words = stored(database)
    assert kept_words.count("so on and so on") >= 2 and "<b>marks</b>" in kept_words


def test_pressing_twice_on_the_way_stores_once(make: Make, database: Database, hillside: PlaceCard, signed_in: SignIn) -> None:
    """The form keeps its key, so that a message that did arrive is not sent a second time."""
    browser, sending = signed_in(hillside, email=SAM), forms(make, hillside)
    for address, fields in sending.items():
        assert browser.post(address, data=fields).status_code == 303
    before = stored(database).count("so on and so on")
    cookie = browser.cookies["said"]
    browser.cookies.clear()
    kept = {address: kept_in(browser.post(address, data=fields)) for address, fields in sending.items()}
    browser.cookies.set("said", cookie)
    assert {browser.post(address, data=sent(fields)).status_code for address, fields in kept.items()} == {303}
    assert stored(database).count("so on and so on") == before


def test_button_without_words_can_be_pressed_again_as_well(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    address = f"/staff/hillside/messages/{make.message_id(make.message(hillside))}/read"
    staff.cookies.clear()
    answer = staff.post(address)
    assert answer.status_code == 401
    assert kept_in(answer) == {"": address}
    assert not Html(answer.text).css("p.typed")


def test_administrator_half_way_loses_nothing_either(make: Make, hillside: PlaceCard, browser_of: Callable[[], TestClient]) -> None:
    browser, sending = browser_of(), forms(make, hillside)
    make.person(hillside, Role.COORDINATOR, email=SAM)
    browser.post(f"/staff/sign-in/{make.person(hillside, Role.ADMIN, email=SAM)}")
    for address, fields in sending.items():
        answer = browser.post(address, data=fields)
        assert answer.status_code == 401
        assert kept_in(answer) == {"": address, **plain(fields)}
        assert "Show once more" in Html(answer.text).css_first("h1").text()
    make.proves(browser.cookies["said"])
    assert {browser.post(address, data=fields).status_code for address, fields in sending.items()} == {303}


# ---- an old page -----------------------------------------------------------------------------------------------------


def test_words_sent_from_an_old_page_come_back_with_the_refusal(make: Make, hillside: PlaceCard, signed_in: SignIn) -> None:
    """The message has gone to somebody else meanwhile, or the sender took it back."""
    make.organisation(hillside, "council")
    sam, bea = signed_in(hillside, organisation="council"), signed_in(hillside)
    message = make.message_id(make.message(hillside))
    bea.post(f"/staff/hillside/messages/{message}/pass-on", data={"organisation": "council"})
    bea.post(f"/staff/hillside/messages/{message}/give-back")
    answer = sam.post(f"/staff/hillside/messages/{message}/reply", data=REPLY)
    assert answer.status_code == 404
    assert kept_in(answer) == {"": f"/staff/hillside/messages/{message}/reply", **plain(REPLY)}


# ---- and nothing is given away ---------------------------------------------------------------------------------------


def test_page_with_kept_words_leads_nowhere_else(make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    address = f"/staff/hillside/messages/{make.message_id(make.message(hillside))}/reply"
    for odd in ("?lang=cy", "?next=https://evil.example", "?lang=https://evil.example", "?lang=//evil.example"):
        answer = visitor.post(address + odd, data={**REPLY, "next": "https://evil.example"})
        assert kept_in(answer)[""].startswith(address)
        links = [str(one.attributes.get("href") or one.attributes.get("action")) for one in Html(answer.text).css("a, form")]
        assert {urlsplit(link).netloc for link in links} == {""}
    assert visitor.post(address, data=REPLY, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert visitor.post("/staff//evil.example", data=REPLY).status_code == 404


def test_words_are_in_no_address_and_secrets_are_never_shown_again(hillside: PlaceCard, visitor: TestClient) -> None:
    answer = visitor.post("/staff/hillside/log", data=STORY)
    assert "location" not in answer.headers and not [name for name in answer.headers if name == "set-cookie"]
    assert hillside.slug == "hillside"
    for address, secret in (("/staff/second", "123456"), ("/staff/you/passkeys", "a credential with spaces")):
        refused = visitor.post(address, data={"code": secret, "credential": secret})
        assert refused.status_code == 401 and secret not in refused.text


def test_script_in_kept_words_stays_text(hillside: PlaceCard, visitor: TestClient) -> None:
    assert hillside.slug == "hillside"
    answer = visitor.post("/staff/hillside/log", data={"body": '"><script>alert(1)</script>', '"><script>x': "a b"})
    assert "<script>alert" not in answer.text and "<script>x" not in answer.text
    assert kept_in(answer)["body"] == '"><script>alert(1)</script>'
