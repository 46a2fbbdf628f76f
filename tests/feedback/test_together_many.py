"""One thing done with several messages at once: what was done and what not and why, and taking it back."""

from collections.abc import Callable
from typing import Any

from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.actions import Received
from service.feedback.models import Feedback, State
from service.feedback.routing_models import Assignment
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

INBOX, MANY = "/staff/hillside/inbox", "/staff/hillside/messages"
SignedIn = Callable[..., TestClient]


def done(browser: TestClient, act: str, *ids: str, **fields: str) -> LexborHTMLParser:
    """The inbox after an act on these messages."""
    answer = browser.post(MANY, data={"act": act, "message": list(ids), "part": "owed", **fields})
    assert answer.status_code == 303, answer.text
    return LexborHTMLParser(browser.get(answer.headers["location"]).text)


def undo(browser: TestClient, page: LexborHTMLParser) -> LexborHTMLParser:
    form = page.css("#done form")[0]
    sent = {node.attributes["name"] or "": node.attributes.get("value") or "" for node in form.css("input")}
    answer = browser.post(form.attributes["action"] or "", data=sent)
    assert answer.status_code == 303, answer.text
    return LexborHTMLParser(browser.get(answer.headers["location"]).text)


def said(page: LexborHTMLParser) -> str:
    return " ".join(page.css("#done p")[0].text().split())


def facts(database: Database) -> list[tuple[Any, ...]]:
    """State, first reading, organisation and who has it, of every message."""
    with database.read() as reads:
        taken = {one.feedback_id: one.staff_id for one in reads.exec(select(Assignment))}
        rows = reads.exec(select(Feedback).order_by(Feedback.id)).all()  # type: ignore[arg-type]
        return [(row.state, row.read_at, row.organisation_id, taken.get(row.id)) for row in rows]


def sent(make: Make, place: PlaceCard, number: int) -> tuple[list[Received], list[str]]:
    messages = [make.message(place, f"Message {one}.") for one in range(number)]
    return messages, [str(make.message_id(message)) for message in messages]


def test_it_is_said_of_how_many_and_why_not_of_the_others(make: Make, hillside: PlaceCard, staff: TestClient, resident: TestClient) -> None:
    make.organisation(hillside, "hub")
    messages, ids = sent(make, hillside, 5)
    done(staff, "take", ids[0])
    staff.post(f"{MANY}/{ids[1]}/reply", data={"outcome": "done", "body": "It is back."})
    resident.post("/hillside/answer", data={"code": messages[2].code, "act": "withdraw"})
    words = said(done(staff, "take", *ids))
    assert words == (
        "You have taken on 2 messages. 1 was so already. 1 has its answer, so it stays where it is. "
        "1 is not yours to change, or is no longer here."
    )
    assert said(done(staff, "pass_on", ids[3])) == "Nothing was passed on. Mark messages, and choose an organisation."
    assert said(done(staff, "read")) == "Nothing was marked. Mark messages first."


def test_every_act_is_taken_back_as_if_it_had_not_been(make: Make, hillside: PlaceCard, staff: TestClient, database: Database) -> None:
    make.organisation(hillside, "hub")
    _messages, ids = sent(make, hillside, 3)
    done(staff, "take", ids[0])
    staff.post(f"{MANY}/{ids[1]}/read")
    before = facts(database)
    for act, fields in (("read", {}), ("take", {}), ("pass_on", {"organisation": "hub"})):
        page = done(staff, act, *ids, **fields)
        assert facts(database) != before, act
        back = undo(staff, page)
        assert said(back).startswith("Taken back:") and not back.css("#done form"), act
        assert facts(database) == before, act


def test_what_somebody_did_since_stays(make: Make, hillside: PlaceCard, staff: TestClient, signed_in: SignedIn, database: Database) -> None:
    other = signed_in(hillside)
    _messages, ids = sent(make, hillside, 2)
    page = done(staff, "take", *ids)
    other.post(f"{MANY}/{ids[0]}/reply", data={"outcome": "done", "body": "It is back."})
    assert said(undo(staff, page)) == "Taken back: 1 message is as it was. 1 was changed since, and stays."
    assert sorted(row[0] for row in facts(database)) == [State.ACKNOWLEDGED, State.REPLIED]


def test_only_one_s_own_acts_are_taken_back_and_only_for_an_hour(
    make: Make, hillside: PlaceCard, staff: TestClient, signed_in: SignedIn, clock: SettableClock, database: Database
) -> None:
    _messages, ids = sent(make, hillside, 1)
    page = done(staff, "read", *ids)
    sent_back = {node.attributes["name"] or "": node.attributes.get("value") or "" for node in page.css("#done form input")}
    other = signed_in(hillside)
    assert other.post(f"{MANY}/undo", data=sent_back).status_code == 404
    assert not LexborHTMLParser(other.get(INBOX, params={"did": f"read.{sent_back['bulk']}.1"}).text).css("#done")
    clock.advance(minutes=61)
    assert staff.post(f"{MANY}/undo", data=sent_back).status_code == 404
    assert facts(database)[0][0] == State.IN_REVIEW


def test_all_on_a_page_are_marked_without_javascript(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    _messages, ids = sent(make, hillside, 3)
    page = LexborHTMLParser(staff.get(INBOX, params={"part": "owed"}).text)
    link = page.css("#mark-all")[0].attributes["href"] or ""
    assert not page.css("#rows [checked]")
    marked = LexborHTMLParser(staff.get(link).text)
    assert [node.attributes["value"] for node in marked.css("#rows [checked]")] == ids
    assert not LexborHTMLParser(staff.get(marked.css("#mark-all")[0].attributes["href"] or "").text).css("#rows [checked]")
