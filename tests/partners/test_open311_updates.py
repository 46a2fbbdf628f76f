"""What a partner's system says became of a message: sent to us as updates of Open311, and read by staff only."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import xmltodict
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.elsewhere import rules
from service.elsewhere.models import OutsideNote, Said
from service.feedback.actions import Received, withdraw
from service.feedback.models import Feedback, State
from service.places.models import Organisation
from service.places.queries import PlaceCard
from tests.make import Make

AT = "/open311/v2/servicerequestupdates"


@pytest.fixture
def council(make: Make, hillside: PlaceCard) -> Organisation:
    return make.organisation(hillside, "council")


@pytest.fixture
def message(make: Make, hillside: PlaceCard, council: Organisation) -> Received:
    """A message that is with the council."""
    make.topic(hillside, "paths", organisation=council.code)
    return make.message(hillside, "The lamp is out.", topic="paths")


@pytest.fixture
def key(make: Make, hillside: PlaceCard, council: Organisation) -> str:
    return make.key(hillside, "feedback:write", organisation=council)


def push(client: TestClient, key: str, message: Received, form: str = "json", **more: Any) -> Any:
    fields = {
        "api_key": key,
        "jurisdiction_id": "hillside",
        "service_request_id": str(message.public_id),
        "update_id": "u-1",
        "updated_datetime": "2026-11-23T09:00:00Z",
        "status": "IN_PROGRESS",
        "description": "A fitter comes on Thursday.",
    }
    return client.post(f"{AT}.{form}", data={name: value for name, value in {**fields, **more}.items() if value is not None})


def notes(database: Database) -> list[OutsideNote]:
    with database.read() as reads:
        return list(reads.exec(select(OutsideNote)))


def state(database: Database) -> State:
    with database.read() as reads:
        return reads.exec(select(Feedback.state)).one()


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_key_reaches_no_message_of_another_organisation_and_none_that_was_taken_back(
    database: Database, make: Make, hillside: PlaceCard, message: Received, key: str, visitor: TestClient
) -> None:
    others = make.key(hillside, "feedback:write", organisation=make.organisation(hillside, "hub"), name="Hub")
    reader = make.key(hillside, "account:read", name="Reader")
    assert [push(visitor, one, message).status_code for one in (others, reader, "", "sad_aaaaaaaa_bbbb")] == [404, 403, 403, 403]
    assert push(visitor, key, message, service_request_id=str(uuid4())).status_code == 404
    with database.write() as writes:
        withdraw(writes, make.keys, hillside, message.code, make.clock())
    assert push(visitor, key, message).status_code == 404
    assert notes(database) == []


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"service_request_id": "7"}, "service_request_id"),
        ({"update_id": None}, "update_id"),
        ({"update_id": "x" * 121}, "update_id"),
        ({"status": "SPLENDID"}, "status"),
        ({"status": None}, "status"),
        ({"updated_datetime": "yesterday"}, "updated_datetime"),
        ({"updated_datetime": "2026-11-24T09:00:00Z"}, "updated_datetime"),
        ({"description": " "}, "description"),
        ({"description": "x" * 5_001}, "description"),
        ({"description": "half \x00 a word"}, "description"),
    ],
)
def test_bad_update_is_refused_in_its_own_form(
    database: Database, visitor: TestClient, key: str, message: Received, fields: dict[str, Any], field: str, form: str
) -> None:
    answer = push(visitor, key, message, form, **fields)
    errors = answer.json() if form == "json" else [xmltodict.parse(answer.content)["errors"]["error"]]
    assert (answer.status_code, int(errors[0]["code"]), errors[0]["description"].split(":")[0]) == (400, 400, field)
    assert notes(database) == []


# ---- what it does, and what it does not ------------------------------------------------------------------------------


def test_staff_read_it_and_the_sender_sees_that_it_was_read_and_no_answer(
    database: Database, staff: TestClient, visitor: TestClient, key: str, message: Received, make: Make
) -> None:
    answer = push(visitor, key, message, status="fixed", description="It burns <again>.", media_url="https://x.example/a.jpg")
    [note] = notes(database)
    assert (answer.status_code, answer.json(), note.said) == (200, [{"update_id": str(note.id)}], Said.DONE)
    page = Html(staff.get(f"/staff/hillside/messages/{make.message_id(message)}").text)
    said = page.css_first("section[aria-labelledby=outside-h]")
    assert "They say that it is done." in said.text() and "It burns <again>." in said.text()
    became = visitor.post("/api/v1/hillside/receipts", json={"code": message.code}).json()
    assert (became["state"], became["replies"]) == ("in_review", [])
    assert "burns" not in str(became)
    with database.read() as reads:
        row = reads.exec(select(Feedback)).one()
    assert row.replied_at is None and row.read_at is not None


def test_same_update_is_kept_once(database: Database, visitor: TestClient, key: str, message: Received) -> None:
    first, second, other = push(visitor, key, message, "xml"), push(visitor, key, message), push(visitor, key, message, update_id="u-2")
    made = xmltodict.parse(first.content)["service_request_updates"]
    assert made["update_id"] == made["request_update"]["update_id"]
    assert (first.status_code, second.status_code, other.status_code) == (200, 400, 200)
    assert "already" in second.json()[0]["description"]
    assert len(notes(database)) == 2


@pytest.mark.parametrize(("whose", "status"), [("nobody", "IN_PROGRESS"), ("council", "FOR_TRIAGE")])
def test_only_those_who_have_it_can_say_that_they_looked(
    database: Database, make: Make, hillside: PlaceCard, message: Received, key: str, visitor: TestClient, whose: str, status: str
) -> None:
    of_the_place = make.key(hillside, "feedback:write", name="Night bus")
    assert push(visitor, key if whose == "council" else of_the_place, message, status=status).status_code == 200
    assert (len(notes(database)), state(database)) == (1, State.ACKNOWLEDGED)


def test_it_goes_with_the_words_of_the_message(
    database: Database, make: Make, hillside: PlaceCard, message: Received, key: str, visitor: TestClient
) -> None:
    assert push(visitor, key, message).status_code == 200
    with database.write() as writes:
        withdraw(writes, make.keys, hillside, message.code, make.clock() + timedelta(hours=1))
    assert notes(database) == []


# ---- rules -----------------------------------------------------------------------------------------------------------


def test_status_is_read_however_its_words_are_put_together() -> None:
    assert {rules.read_status(text) for text in ("IN_PROGRESS", "in progress", "In-Progress")} == {Said.UNDER_WAY}
    assert rules.read_status("NOT_COUNCILS_RESPONSIBILITY") == rules.read_status("not council's responsibility") == Said.NOT_THEIRS
    assert rules.read_status("splendid") is None
    assert [rules.guess_status(text) for text in ("closed", "Closed - completed", "acknowledged")] == [Said.CLOSED, Said.CLOSED, Said.OPEN]
    assert set(rules.WORDS.values()) == set(Said)
