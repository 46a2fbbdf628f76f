"""Promises over HTTP: a key makes and claims, and never settles."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.partners.models import Scope
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

URL = "/api/v1/hillside/promises"
PATH: dict[str, Any] = {
    "text": "We will lay a hard path from Linden to the bus stop by 1 May 2027.",
    "side": "our_part",
    "maker": "council",
    "made_on": "2026-11-01",
    "due_on": "2027-05-01",
    "kept_when": "A pushchair gets from Linden to the bus stop after rain.",
}


@pytest.fixture
def council(make: Make, hillside: PlaceCard, with_key: Callable[..., TestClient]) -> TestClient:
    """The council's own system."""
    return with_key(hillside, Scope.PROMISES_WRITE, organisation=make.organisation(hillside, "council"))


def say(client: TestClient, promise: str, **fields: Any) -> Any:
    return client.post(f"{URL}/{promise}/updates", json={"note": "It is so.", **fields})


def test_nobody_promises_without_a_key_or_in_another_s_name(
    make: Make, hillside: PlaceCard, council: TestClient, visitor: TestClient, with_key: Callable[..., TestClient]
) -> None:
    make.organisation(hillside, "hub")
    assert visitor.post(URL, json=PATH).status_code == 401
    assert with_key(hillside, Scope.FEEDBACK_WRITE).post(URL, json=PATH).status_code == 403
    assert council.post(URL, json={**PATH, "maker": "hub"}).status_code == 403
    assert visitor.get(URL).json()["items"] == []


def test_promise_is_made_and_everybody_reads_its_exact_words(council: TestClient, visitor: TestClient) -> None:
    made = council.post(URL, json=PATH)
    assert made.status_code == 201, made.text
    shown = visitor.get(f"{URL}/{made.json()['id']}").json()
    assert (shown["text"], shown["state"], shown["maker"], shown["overdue"]) == (PATH["text"], "made", "council", False)
    assert shown["claim"]["says"] is shown["evidence"]["says"] is None and shown["residents"]["n"] == 0
    assert visitor.get(URL, params={"maker": "council", "due_before": "2027-06-01"}).json()["items"] == [shown]
    assert visitor.get(URL, params={"state": "kept"}).json()["items"] == []
    page = visitor.get("/hillside/promises").text
    assert PATH["text"] in page and PATH["kept_when"] in visitor.get(f"/hillside/promises/{shown['id']}").text


def test_promise_without_a_date_or_a_test_is_refused_by_field(council: TestClient) -> None:
    for field in ("text", "kept_when", "made_on"):
        answer = council.post(URL, json={name: value for name, value in PATH.items() if name != field})
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    undated = council.post(URL, json={**PATH, "due_on": None})
    assert (undated.status_code, undated.json()["errors"][0]["field"]) == (422, "due_on")
    assert council.post(URL, json={**PATH, "due_on": None, "review_by": "2027-05-01"}).status_code == 201
    assert council.post(URL, json={**PATH, "made_on": "2026-11-24"}).json()["errors"][0]["field"] == "made_on"


def test_key_claims_and_never_settles(council: TestClient, visitor: TestClient) -> None:
    promise = council.post(URL, json=PATH).json()["id"]
    assert say(council, promise, to="under_way").status_code == 201
    claimed = say(council, promise, to="claimed_kept", note="The path is open.").json()
    assert (claimed["state"], claimed["claimed_on"], claimed["claim"]["note"]) == ("claimed_kept", "2026-11-23", "The path is open.")
    for settled in ("kept", "partly_kept", "disputed", "released"):
        refused = say(council, promise, to=settled)
        assert refused.status_code == 409 and settled not in refused.json()["allowed"]
    assert visitor.get(f"{URL}/{promise}").json()["state"] == "claimed_kept"
    assert [entry["moved_to"] for entry in visitor.get(f"{URL}/{promise}").json()["history"]] == ["under_way", "claimed_kept"]


def test_change_names_its_successor_and_stays_in_the_count_until_others_agree(council: TestClient) -> None:
    first, second = (council.post(URL, json=PATH).json()["id"] for _again in range(2))
    fields = {error["field"] for error in say(council, first, to="changed").json()["errors"]}
    assert fields == {"reason", "successor"}
    agreed = {"to": "changed", "reason": "The bridge comes first.", "successor": second, "community_agreed": True}
    assert say(council, first, **agreed).status_code == 403
    changed = say(council, first, **{**agreed, "community_agreed": False}).json()
    assert (changed["state"], changed["successor"], changed["community_agreed"]) == ("changed", second, False)


def test_late_is_computed_from_the_clock(council: TestClient, visitor: TestClient, clock: SettableClock) -> None:
    promise = council.post(URL, json=PATH).json()["id"]
    clock.at("2027-05-01T22:30:00Z")
    assert visitor.get(f"{URL}/{promise}").json()["overdue"] is False
    clock.at("2027-05-01T23:30:00Z")  # in Hillside it is summer time, and the second of May
    assert visitor.get(f"{URL}/{promise}").json()["overdue"] is True


def test_key_of_another_organisation_has_no_say(
    make: Make, hillside: PlaceCard, council: TestClient, with_key: Callable[..., TestClient]
) -> None:
    promise = council.post(URL, json=PATH).json()["id"]
    hub = with_key(hillside, Scope.PROMISES_WRITE, organisation=make.organisation(hillside, "hub"))
    assert say(hub, promise, to="broken").status_code == 403
    assert say(hub, promise).status_code == 403
    assert say(with_key(make.collaboration("riverbank"), Scope.PROMISES_WRITE), promise).status_code == 404


def test_same_ref_is_one_promise(council: TestClient, visitor: TestClient) -> None:
    assert [council.post(URL, json={**PATH, "ref": "p-1"}).status_code for _again in range(2)] == [201, 409]
    assert len(visitor.get(URL).json()["items"]) == 1


def test_same_idempotency_key_is_one_promise_and_one_update(council: TestClient, visitor: TestClient) -> None:
    key = {"Idempotency-Key": "case-4711"}
    first, again = (council.post(URL, json=PATH, headers=key) for _again in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert "Idempotent-Replayed" not in first.headers and again.headers["Idempotent-Replayed"] == "true"
    assert len(visitor.get(URL).json()["items"]) == 1
    promise = first.json()["id"]
    update = {"note": "The stone is ordered.", "to": "under_way"}
    for _again in range(2):
        answer = council.post(f"{URL}/{promise}/updates", json=update, headers={"Idempotency-Key": "case-4712"})
        assert answer.status_code == 201, answer.text
    assert len(visitor.get(f"{URL}/{promise}").json()["history"]) == 1
    for path, other in ((URL, {**PATH, "text": "Another."}), (f"{URL}/{promise}/updates", update)):
        assert council.post(path, json=other, headers=key).status_code == 409
    assert council.post(URL, json=PATH, headers={"Idempotency-Key": ""}).status_code == 422


def test_what_was_refused_does_not_use_up_the_key(council: TestClient) -> None:
    key = {"Idempotency-Key": "case-4713"}
    assert council.post(URL, json={**PATH, "maker": "nobody"}, headers=key).status_code == 422
    assert council.post(URL, json=PATH, headers=key).status_code == 201
