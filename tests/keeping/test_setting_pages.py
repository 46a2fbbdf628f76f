"""How long a place keeps things, as its administrators set it: looked at before it is kept, with a reason that everybody reads."""

from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.keeping import retention
from service.keeping.models import Period
from service.people.models import Role
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

AT = "/staff/hillside/settings/keeping"
WHY = "Agreed at the May meeting."

SignIn = Callable[..., TestClient]


@pytest.fixture
def admin(hillside: PlaceCard, signed_in: SignIn) -> TestClient:
    """Who sets hillside up."""
    return signed_in(hillside, Role.ADMIN, name="Ada Admin")


def set_periods(database: Database) -> list[int]:
    with database.read() as reads:
        return list(reads.exec(select(Period.months)))


def test_what_would_go_is_counted_and_nothing_is_changed_by_looking(
    make: Make, hillside: PlaceCard, signed_in: SignIn, database: Database, clock: SettableClock
) -> None:
    for number in range(3):
        make.message(hillside, "CANARY", contact="0123" if number else None)
    clock.at("2027-08-01T10:00Z")
    admin = signed_in(hillside, Role.ADMIN)
    assert "Nothing is that old." in admin.get(f"{AT}/unshared_words").text
    looked = admin.post(f"{AT}/unshared_words", data={"months": "6", "act": "look"})
    assert looked.status_code == 200 and "Next go the words of 3 messages and of 0 stories." in looked.text
    looked = admin.post(f"{AT}/contacts", data={"months": "2", "act": "look"})
    assert "2 contacts go next." in looked.text and "CANARY" not in looked.text
    assert set_periods(database) == []
    assert admin.post(f"{AT}/unshared_words", data={"months": "6", "why": WHY}).status_code == 303
    assert "Next go the words of 3 messages" in admin.get(AT).text
    assert retention.retain(database, clock())["hillside: messages"] == 3, "what is counted is what goes"


def test_everybody_reads_what_was_set_and_why_and_administrators_by_whom(admin: TestClient, visitor: TestClient) -> None:
    assert admin.post(f"{AT}/unshared_words", data={"months": "12", "why": WHY}).status_code == 303
    history = admin.get(f"{AT}/unshared_words").text
    assert WHY in history and "Ada Admin" in history and "12 months" in history and "24 months" in history
    kept = visitor.get("/hillside/kept").text
    assert WHY in kept and "12 months" in kept and "Ada Admin" not in kept
    assert "go after 12 months" in admin.get("/staff/hillside/settings").text


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(admin: TestClient, database: Database) -> None:
    for wrong in ({"months": ""}, {"months": "some"}, {"months": "5"}, {"months": "85"}, {"months": "24"}, {"why": " "}):
        sent = {"months": "12", "why": WHY, **wrong}
        answer = admin.post(f"{AT}/unshared_words", data=sent)
        assert answer.status_code == 422 and "There is a problem" in answer.text, wrong
        assert all(value in answer.text for value in sent.values())
    assert set_periods(database) == []


def test_nothing_else_has_a_period_to_set(admin: TestClient) -> None:
    assert admin.get(f"{AT}/journal").status_code == 404
    assert admin.post(f"{AT}/journal", data={"months": "1"}).status_code == 404
