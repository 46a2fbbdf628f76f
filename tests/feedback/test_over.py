"""A place that has ended: nobody would read a message, so it says so before and after somebody writes, and loses no word."""

from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

WORDS = "The bench by the surgery has gone, “again”."
ENDED = "Riverbank ended on 24\xa0November\xa02026. Nobody reads new messages here."


@pytest.fixture
def ending(make: Make) -> PlaceCard:
    """A place whose last day is the twenty-fourth."""
    return make.collaboration("riverbank", name="Riverbank", ends_on="2026-11-24")


def test_form_is_there_on_the_last_day_and_says_so_the_day_after(resident: TestClient, ending: PlaceCard, clock: SettableClock) -> None:
    assert ending.slug == "riverbank"
    clock.at("2026-11-24T23:50:00+00:00")
    assert "<textarea" in resident.get("/riverbank/tell").text
    clock.at("2026-11-25T00:10:00+00:00")
    page = resident.get("/riverbank/tell")
    assert page.status_code == 200 and "<textarea" not in page.text
    assert ENDED in page.text


def test_words_that_were_typed_before_come_back(resident: TestClient, make: Make, ending: PlaceCard, clock: SettableClock) -> None:
    told = make.message(ending)
    clock.at("2026-11-25T00:10:00+00:00")
    answer = resident.post("/riverbank/tell", data={"kind": "not_good", "body": WORDS, "idempotency_key": str(uuid4())})
    assert answer.status_code == 409 and WORDS in answer.text
    assert "Nobody reads new messages here. What you wrote is still in this form." in answer.text
    assert resident.post("/riverbank/answer", data={"code": told.code}).status_code == 200, "a code still opens its answer"


def test_program_is_told_the_same(visitor: TestClient, ending: PlaceCard, clock: SettableClock) -> None:
    clock.at("2026-11-25T00:10:00+00:00")
    key = {"Idempotency-Key": str(uuid4())}
    answer = visitor.post(f"/api/v1/{ending.slug}/feedback", json={"body": WORDS}, headers=key)
    assert (answer.status_code, answer.json()["detail"]) == (409, ENDED)


def test_message_that_was_stored_gets_its_receipt_again_after_the_end(
    visitor: TestClient, resident: TestClient, ending: PlaceCard, clock: SettableClock
) -> None:
    """Whoever had no signal in between sends it again, by a program, the form, or the phone's list of unsent messages."""
    address, key, form_key = f"/api/v1/{ending.slug}/feedback", {"Idempotency-Key": str(uuid4())}, str(uuid4())
    typed = {"kind": "not_good", "body": WORDS, "idempotency_key": form_key}
    first = visitor.post(address, json={"body": WORDS}, headers=key).json()
    code = resident.post("/riverbank/tell", data=typed, headers={"Said-Queue": "1"}).json()
    clock.at("2026-11-25T00:10:00+00:00")
    again = visitor.post(address, json={"body": WORDS}, headers=key)
    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (200, first, "true")
    assert resident.post("/riverbank/tell", data=typed, headers={"Said-Queue": "1"}).json() == code
    assert ENDED not in resident.post("/riverbank/tell", data=typed).text
    assert visitor.post(address, json={"body": "Other words."}, headers=key).json()["detail"] == ENDED
