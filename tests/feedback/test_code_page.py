"""The page with the code: a picture to keep, a way to be told, and doing without a code."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.contact_queries import unseal_contact
from service.feedback.models import Contact, Feedback, State
from service.feedback.receipts import typed
from service.places.queries import PlaceCard
from tests.feedback.test_pages import ANSWER, CODE, TELL, fields, only, page_of, said, stored
from tests.make import Make, SettableClock

WORDS = "The bench by the surgery has gone."


@pytest.fixture(autouse=True)
def place(hillside: PlaceCard) -> PlaceCard:
    return hillside


def sends(resident: TestClient, **typed_in: str) -> Any:
    return resident.post(TELL, data={**fields(page_of(resident.get(TELL))), "body": WORDS, **typed_in})


def form_on(page: Any, act: str) -> dict[str, str]:
    """What the form with this act holds."""
    [found] = [form for form in page.css("form") if form.css(f"input[name=act][value={act}]")]
    return {node.attributes["name"]: node.attributes.get("value") or "" for node in found.css("input")}


def test_picture_can_be_kept_and_its_address_says_nothing(resident: TestClient) -> None:
    page = page_of(sends(resident))
    code = CODE.search(said(page))
    assert code
    picture = only(page, ".code img").attributes["src"] or ""
    data = base64.b64decode(picture.removeprefix("data:image/png;base64,"))
    assert data.startswith(b"\x89PNG") and code[0].encode() not in data and typed(code[0]).encode() not in data  # type: ignore[union-attr]
    assert only(page, ".code img").attributes["alt"]


def test_answer_just_for_me_is_asked_for_on_the_form_and_kept_sealed(resident: TestClient, database: Database, make: Make) -> None:
    assert "We will tell you there" in said(page_of(sends(resident, answer_me="yes", contact="07700 900 123")))
    [message] = stored(database)
    with database.read() as reads:
        assert unseal_contact(reads, make.keys, message.collaboration_id, message.id) == "+447700900123"
        assert "900123" not in str(reads.exec(select(Contact)).one())


def test_no_is_the_default_and_means_that_nothing_is_kept(resident: TestClient, database: Database) -> None:
    sends(resident, contact="jo@example.org")
    with database.read() as reads:
        assert reads.exec(select(Contact)).all() == []


@pytest.mark.parametrize("contact", ["", "knock twice", "x" * 4_000])
def test_yes_needs_an_address_or_a_number_and_nothing_typed_is_lost(resident: TestClient, database: Database, contact: str) -> None:
    answer = sends(resident, answer_me="yes", contact=contact)
    page = page_of(answer)
    assert answer.status_code == 422 and stored(database) == []
    assert only(page, ".govuk-error-summary a").attributes["href"] == "#contact" and only(page, "#contact-error").text()
    kept = fields(page)
    assert (kept["body"], kept["contact"], kept["answer_me"]) == (WORDS, contact, "yes")


def test_way_to_be_told_is_left_on_the_page_of_the_code_which_is_shown_again(resident: TestClient, database: Database, make: Make) -> None:
    page = page_of(sends(resident))
    code = CODE.search(said(page))
    asked = form_on(page, "leave_contact")
    wrong = resident.post(ANSWER, data={**asked, "contact": "knock"})
    assert wrong.status_code == 422 and code and code[0] in said(page_of(wrong)) and only(page_of(wrong), "#contact-error").text()
    answer = resident.post(ANSWER, data={**asked, "contact": "jo@example.org"})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert code[0] in said(page_of(answer)) and "We will tell you there" in said(page_of(answer))
    [message] = stored(database)
    with database.read() as reads:
        assert unseal_contact(reads, make.keys, message.collaboration_id, message.id) == "jo@example.org"


def test_what_stands_on_the_page_is_of_use_for_an_hour_only(resident: TestClient, clock: SettableClock) -> None:
    asked = form_on(page_of(sends(resident)), "leave_contact")
    clock.advance(minutes=61)
    answer = resident.post(ANSWER, data={**asked, "contact": "jo@example.org"})
    assert answer.status_code == 422 and "Type your code" in said(page_of(answer))


# ---- without a code --------------------------------------------------------------------------------------------------


def test_without_a_code_nothing_is_shown_and_nothing_opens_it_and_it_counts(
    resident: TestClient, database: Database, signed_in: Callable[..., TestClient], place: PlaceCard
) -> None:
    form = {**fields(page_of(resident.get(TELL))), "body": WORDS, "no_code": "yes"}
    first, again = (resident.post(TELL, data=form) for _time in range(2))
    for answer in (first, again):
        assert answer.status_code == 200 and not CODE.search(answer.text) and "There is no code" in said(page_of(answer))
    [message] = stored(database)
    assert message.codeless_at and message.state == State.ACKNOWLEDGED
    assert WORDS in signed_in(place).get("/staff/hillside/inbox").text


def test_same_page_with_and_without_a_code_is_one_message(resident: TestClient, database: Database) -> None:
    form = {**fields(page_of(resident.get(TELL))), "body": WORDS}
    resident.post(TELL, data={**form, "no_code": "yes"})
    assert not CODE.search(resident.post(TELL, data=form).text)
    assert len(stored(database)) == 1


def test_code_is_given_up_after_being_asked_once_and_opens_nothing_any_more(resident: TestClient, database: Database) -> None:
    page = page_of(sends(resident, answer_me="yes", contact="jo@example.org"))
    code = CODE.search(said(page))
    assert code
    asked = page_of(resident.post(ANSWER, data=form_on(page, "ask_no_code")))
    answer = resident.post(ANSWER, data=form_on(asked, "no_code"))
    assert "There is no code" in said(page_of(answer)) and code[0] not in answer.text
    assert resident.post(ANSWER, data={"code": code[0]}).status_code == 404
    assert resident.post("/api/v1/hillside/receipts", json={"code": code[0]}).status_code == 404
    assert resident.post("/api/v1/hillside/receipts/withdraw", json={"code": code[0]}).status_code == 404
    with database.read() as reads:
        assert reads.exec(select(Contact)).all() == [] and reads.exec(select(Feedback)).one().body == WORDS


def test_code_is_kept_by_who_thinks_again(resident: TestClient) -> None:
    page = page_of(sends(resident))
    code = CODE.search(said(page))
    asked = page_of(resident.post(ANSWER, data=form_on(page, "ask_no_code")))
    assert code and code[0] in said(page_of(resident.post(ANSWER, data=form_on(asked, "read"))))


def test_answer_without_a_code_cannot_be_asked_for(resident: TestClient, database: Database) -> None:
    answer = sends(resident, answer_me="yes", contact="jo@example.org", no_code="yes")
    assert answer.status_code == 422 and "Without a code" in said(page_of(answer)) and stored(database) == []
    assert only(page_of(answer), "#no_code").attributes.get("checked", "no") != "no"
