"""Who gets in with a key: over HTTP, as a partner system sees it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.models import Feedback
from service.journal.actions import OPERATOR
from service.partners.actions import revoke_key
from service.partners.models import Key, Scope
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

TELL = "/api/v1/hillside/feedback"
AREA = "/api/v1/hillside/areas/hill-road"
NAMED = {"name": "Hill Road"}
HUB = "Hill Road Hub"

Programs = Callable[..., TestClient]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def used_at(database: Database) -> datetime | None:
    with database.read() as reads:
        return reads.exec(select(Key.used_at)).one()


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_four_ways_to_have_no_key_look_the_same(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock, visitor: TestClient
) -> None:
    good = make.key(hillside, Scope.OUTCOMES_WRITE)
    over = make.key(hillside, Scope.OUTCOMES_WRITE, lasts=timedelta(hours=1))
    revoked = make.key(hillside, Scope.OUTCOMES_WRITE)
    with database.write() as writes:
        revoke_key(writes, OPERATOR, revoked, clock())
    clock.advance(hours=2)
    bad = [None, f"{good}x", good[:-1], f"sad_2345678923_{'a' * 43}", "x", over, revoked, "sad_" + "a" * 5_000]
    answers = [visitor.put(AREA, json=NAMED, headers=bearer(key) if key else {}) for key in bad]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert {answer.headers["www-authenticate"].split()[0] for answer in answers} == {"Bearer"}
    assert visitor.put(AREA, json=NAMED, headers=bearer(good)).status_code == 201


@pytest.mark.usefixtures("hillside")
def test_wrong_key_is_refused_even_where_none_is_needed(visitor: TestClient, database: Database) -> None:
    assert visitor.post(TELL, json={"kind": "good"}, headers=bearer("sad_x_y")).status_code == 401
    with database.read() as reads:
        assert reads.exec(select(func.count()).select_from(Feedback)).one() == 0


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope != Scope.OUTCOMES_WRITE])
def test_key_does_only_what_its_scope_says(hillside: PlaceCard, with_key: Programs, scope: Scope) -> None:
    answer = with_key(hillside, scope).put(AREA, json=NAMED)
    assert answer.status_code == 403
    assert "outcomes:write" in answer.json()["detail"]


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope != Scope.FEEDBACK_WRITE])
def test_key_without_the_scope_cannot_write_as_if_it_were_nobody(
    hillside: PlaceCard, with_key: Programs, database: Database, scope: Scope
) -> None:
    assert with_key(hillside, scope).post(TELL, json={"kind": "good"}).status_code == 403
    with database.read() as reads:
        assert reads.exec(select(func.count()).select_from(Feedback)).one() == 0


@pytest.mark.usefixtures("hillside")
def test_key_of_another_place_finds_nothing_here(make: Make, with_key: Programs, visitor: TestClient) -> None:
    foreign = with_key(make.collaboration("amber-vale"), *Scope)
    assert foreign.put(AREA, json=NAMED).status_code == 404
    assert foreign.post(TELL, json={"kind": "good"}).status_code == 404
    assert foreign.put("/api/v1/amber-vale/areas/mill-lane", json=NAMED).status_code == 201
    nowhere = foreign.put("/api/v1/nowhere/areas/mill-lane", json=NAMED)
    assert nowhere.status_code == 404
    assert nowhere.json() == foreign.put(AREA, json=NAMED).json(), "a place that is not yours looks like none"
    assert [area["code"] for area in visitor.get("/api/v1/hillside/areas").json()["items"]] == ["whole_place"]


def test_resident_cannot_say_what_only_a_partner_knows(resident: TestClient, partner: TestClient) -> None:
    said = {"kind": "good", "channel": "paper", "on_behalf": True}
    refused = resident.post(TELL, json=said)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["channel", "on_behalf"]
    assert partner.post(TELL, json=said).status_code == 201


def test_key_is_no_way_into_the_staff_pages_and_a_cookie_none_into_the_api(
    hillside: PlaceCard, with_key: Programs, staff: TestClient
) -> None:
    assert with_key(hillside, *Scope).get("/staff/hillside/inbox").headers["location"] == "/staff"
    assert staff.put(AREA, json=NAMED).status_code == 401


# ---- rotation --------------------------------------------------------------------------------------------------------


def test_retry_with_the_holder_s_second_key_is_a_replay(
    database: Database, hillside: PlaceCard, clock: SettableClock, with_key: Programs
) -> None:
    """A rotation in the middle of a retry doubles nothing."""
    once = {"Idempotency-Key": "batch 7, row 3"}
    old = with_key(hillside, name=HUB)
    first = old.post(TELL, json={"body": "The bench has gone."}, headers=once)
    new = with_key(hillside, name=HUB)
    with database.write() as writes:
        revoke_key(writes, OPERATOR, old.headers["Authorization"].removeprefix("Bearer "), clock())
    again = new.post(TELL, json={"body": "The bench has gone."}, headers=once)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert new.post(TELL, json={"body": "Another."}, headers=once).status_code == 409
    assert old.post(TELL, json={"body": "The bench has gone."}, headers=once).status_code == 401


def test_same_idempotency_key_of_another_holder_or_of_nobody_is_another_message(
    hillside: PlaceCard, with_key: Programs, resident: TestClient, database: Database
) -> None:
    once = {"Idempotency-Key": str(uuid4())}
    senders = [with_key(hillside), with_key(hillside), resident]
    receipts = {sender.post(TELL, json={"kind": "good"}, headers=once).json()["receipt"] for sender in senders}
    assert len(receipts) == 3
    with database.read() as reads:
        assert reads.exec(select(func.count()).select_from(Feedback)).one() == 3


# ---- last used -------------------------------------------------------------------------------------------------------


def test_last_use_of_a_key_is_written_down_at_most_every_hour(partner: TestClient, database: Database, clock: SettableClock) -> None:
    assert used_at(database) is None
    first = clock()
    partner.post(TELL, json={"kind": "good"})
    assert used_at(database) == first
    clock.advance(minutes=59, seconds=59)
    partner.post(TELL, json={"kind": "good"})
    assert used_at(database) == first
    hour_later = clock.advance(seconds=1)
    partner.post(TELL, json={"kind": "good"})
    assert used_at(database) == hour_later


def test_wrong_secret_is_no_use_of_a_key(make: Make, hillside: PlaceCard, visitor: TestClient, database: Database) -> None:
    key = make.key(hillside)
    visitor.post(TELL, json={"kind": "good"}, headers=bearer(f"{key}x"))
    assert used_at(database) is None
