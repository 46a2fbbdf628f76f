"""The contract of `POST feedback`, `receipts` and `receipts/withdraw`, to the letter of api.md."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid1, uuid4, uuid5

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.models import Contact, Feedback
from service.feedback.receipts import typed
from service.limits import WRONG_CODES
from service.partners.models import Scope
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

TELL, LOOK, BACK = (f"/api/v1/hillside/{path}" for path in ("feedback", "receipts", "receipts/withdraw"))
BENCH: dict[str, Any] = {"kind": "not_good", "body": "The bench has gone.", "area": "hill-road"}
UUID4 = "7d1c0d5e-4a9e-4c57-9d6e-0f2f3a5b6c7d"


@pytest.fixture(autouse=True)
def place(make: Make, hillside: PlaceCard) -> PlaceCard:
    """Hillside, where Hill Road is."""
    make.area(hillside, "hill-road")
    return hillside


def keyed(key: object = UUID4) -> dict[str, str]:
    return {"Idempotency-Key": str(key)}


def problem(answer: Any, status: int) -> list[str]:
    """Checks that this is a problem of this status; answers the fields it names."""
    body = answer.json()
    assert answer.status_code == status == body["status"], answer.text
    assert answer.headers["content-type"] == "application/problem+json" and answer.headers["cache-control"] == "no-store"
    assert set(body) <= {"type", "title", "status", "detail", "errors"} and {"type", "title", "status"} <= set(body)
    assert all(set(error) == {"field", "message"} and error["message"] for error in body.get("errors", []))
    return [error["field"] for error in body.get("errors", [])]


def row_of(database: Database, receipt: dict[str, Any]) -> Feedback:
    with database.read() as reads:
        return reads.exec(select(Feedback).where(Feedback.public_id == UUID(receipt["id"]))).one()


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_key_that_opens_nothing_is_refused_even_where_none_is_needed(resident: TestClient, make: Make, place: PlaceCard) -> None:
    key = make.key(place)
    for wrong in ("sad_", "sad_aaaaaaaaaa_x", "x", f"{key}x", key.rpartition("_")[0], f"{key[:-1]}{'A' if key[-1] != 'A' else 'B'}"):
        answer = resident.post(TELL, json=BENCH, headers={"Authorization": f"Bearer {wrong}"})
        problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_key_without_the_scope_is_refused_and_in_another_collaboration_there_is_no_such_place(
    make: Make, place: PlaceCard, with_key: Callable[..., TestClient]
) -> None:
    problem(with_key(place, Scope.ACCOUNT_READ).post(TELL, json=BENCH), 403)
    problem(with_key(make.collaboration("amber-vale"), Scope.FEEDBACK_WRITE).post(TELL, json=BENCH), 404)


def test_only_a_partner_says_how_it_came_and_for_whom(resident: TestClient, partner: TestClient, database: Database) -> None:
    for field, value in (("channel", "phone"), ("channel", "web"), ("on_behalf", True), ("on_behalf", False)):
        assert problem(resident.post(TELL, json={**BENCH, field: value}), 422) == [field]
    row = row_of(database, partner.post(TELL, json={**BENCH, "channel": "in_person", "on_behalf": True}).json())
    assert (row.channel, row.on_behalf, row.captured_by) == ("in_person", True, "partner_org")
    row = row_of(database, resident.post(TELL, json=BENCH).json())
    assert (row.channel, row.on_behalf, row.captured_by) == ("web", False, "resident")


def test_staff_s_cookie_says_nothing_to_the_api(staff: TestClient, database: Database) -> None:
    assert row_of(database, staff.post(TELL, json=BENCH).json()).captured_by == "resident"


# ---- a message is stored ---------------------------------------------------------------------------------------------


def test_receipt_is_an_id_a_code_a_moment_and_a_day(resident: TestClient) -> None:
    answer = resident.post(TELL, json=BENCH)
    assert answer.status_code == 201 and answer.headers["cache-control"] == "no-store"
    receipt = answer.json()
    assert set(receipt) == {"id", "receipt", "received_at", "answer_by"}
    assert UUID(receipt["id"]).version == 4
    assert typed(receipt["receipt"]) and [len(part) for part in receipt["receipt"].split("-")] == [4, 4, 4, 5]
    assert (receipt["received_at"], receipt["answer_by"]) == ("2026-11-23T10:00:00Z", "2026-12-07")
    assert "idempotent-replayed" not in answer.headers and "set-cookie" not in answer.headers


def test_a_kind_or_words_are_enough(resident: TestClient) -> None:
    for given in ({"kind": "idea"}, {"body": "x"}, {"want": "A walk"}, {"have": "A spade"}, {"gap": "A gate"}, {"kind": None, "body": "x"}):
        assert resident.post(TELL, json=given).status_code == 201


def test_every_field_is_stored_as_it_was_sent(make: Make, place: PlaceCard, resident: TestClient, database: Database) -> None:
    make.topic(place, "benches")
    given = {**BENCH, "want": "A walk", "have": "A spade", "gap": "A gate", "tier": "with_help", "share": "words_public"}
    given |= {"topic": "benches", "language": "cy", "occurred_on": "2026-11-20"}
    row = row_of(database, resident.post(TELL, json={**given, "contact": "07700 900001"}).json())
    stored = json.loads(row.model_dump_json())
    assert {name: stored[name] for name in given if name not in ("area", "topic")} == {
        name: value for name, value in given.items() if name not in ("area", "topic")
    }
    with database.read() as reads:
        [contact] = reads.exec(select(Contact))
    assert contact.feedback_id == row.id and "07700" not in contact.sealed


def test_words_keep_every_language_s_letters_and_lose_only_the_space_around_them(resident: TestClient) -> None:
    words = "Mae’r fainc wedi mynd.\n\nبینچ غائب ہے\u202e 🪑 e\u0301 <b>&amp;</b> %s {x} '; drop table feedback; --"
    code = resident.post(TELL, json={"body": f"\n  {words} \t"}).json()["receipt"]
    assert words in resident.post("/hillside/answer", data={"code": code}).text.replace("&lt;", "<").replace("&gt;", ">").replace(
        "&amp;", "&"
    ).replace("&#39;", "'")


def test_share_decides_whether_the_words_wait_for_review(resident: TestClient, database: Database) -> None:
    for share, publication in ((None, "not_offered"), ("team_only", "not_offered"), ("words_public", "waiting")):
        row = row_of(database, resident.post(TELL, json={**BENCH, **({"share": share} if share else {})}).json())
        assert (row.publication, row.state) == (publication, "acknowledged")


def test_whole_place_is_said_and_never_together_with_an_area(resident: TestClient, database: Database) -> None:
    row = row_of(database, resident.post(TELL, json={"kind": "good", "whole_place": True}).json())
    assert row.whole_place and row.area_id is None
    row = row_of(database, resident.post(TELL, json={"kind": "good"}).json())
    assert not row.whole_place and row.area_id is None
    assert problem(resident.post(TELL, json={**BENCH, "whole_place": True}), 422) == ["area"]


def test_nothing_happened_tomorrow_as_the_place_counts_days(resident: TestClient, clock: SettableClock) -> None:
    clock.at("2026-06-30T23:30+00:00")  # 1 July in Hillside already
    assert resident.post(TELL, json={**BENCH, "occurred_on": "2026-07-01"}).status_code == 201
    assert problem(resident.post(TELL, json={**BENCH, "occurred_on": "2026-07-02"}), 422) == ["occurred_on"]


def test_five_thousand_characters_are_taken_and_not_one_more(resident: TestClient) -> None:
    for letter in ("x", "ی", "🪑"):
        assert resident.post(TELL, json={"body": letter * 5_000}).status_code == 201
        assert problem(resident.post(TELL, json={"body": letter * 5_001}), 422) == ["body"]


def test_language_is_a_tag_that_is_known(resident: TestClient) -> None:
    for tag in ("en", "cy", "ur", "zh-Hant", "pt-BR"):
        assert resident.post(TELL, json={**BENCH, "language": tag}).status_code == 201
    for tag in ("english", "xx-klingon", "e", "en_GB", "en.utf8"):
        assert problem(resident.post(TELL, json={**BENCH, "language": tag}), 422) == ["language"]


def test_every_field_at_fault_is_named_and_none_is_repeated(resident: TestClient) -> None:
    answer = resident.post(TELL, json={"kind": "canary-7f3a91", "body": 7, "occurred_on": "canary-7f3a91", "colour": "canary-7f3a91"})
    assert problem(answer, 422) == ["kind", "body", "occurred_on", "colour"]
    assert "canary" not in answer.text
    assert problem(resident.post(TELL, json={}), 422) == ["kind"]
    assert problem(resident.post(TELL, json={**BENCH, "area": "nowhere", "topic": "nothing"}), 422) == ["area", "topic"]


# ---- once, whatever happens on the way -------------------------------------------------------------------------------


def test_the_same_again_is_answered_with_the_same_receipt(resident: TestClient, clock: SettableClock) -> None:
    first = resident.post(TELL, json=BENCH, headers=keyed())
    clock.advance(days=60)
    again = resident.post(TELL, json=dict(reversed(BENCH.items())), headers=keyed(UUID4.upper()))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true" and again.headers["cache-control"] == "no-store"


def test_same_key_with_another_message_is_a_conflict(resident: TestClient, partner: TestClient) -> None:
    for program, key in ((resident, UUID4), (partner, "order 66")):
        assert program.post(TELL, json=BENCH, headers=keyed(key)).status_code == 201
        assert problem(program.post(TELL, json={**BENCH, "body": "The bench is back."}, headers=keyed(key)), 409) == []


def test_without_a_key_the_same_twice_is_two_messages(resident: TestClient) -> None:
    assert resident.post(TELL, json=BENCH).json()["receipt"] != resident.post(TELL, json=BENCH).json()["receipt"]


def test_a_public_key_is_a_random_uuid_and_a_partner_s_is_what_it_likes(resident: TestClient, partner: TestClient) -> None:
    for key in ("", "1", "order 66", uuid1(), uuid5(UUID(UUID4), "x"), UUID(int=0), UUID4[:-1], f"{UUID4}0", "x" * 201):
        assert [field.lower() for field in problem(resident.post(TELL, json=BENCH, headers=keyed(key)), 422)] == ["idempotency-key"]
    for key in ("1", "order 66", "x" * 200):
        assert partner.post(TELL, json=BENCH, headers=keyed(key)).status_code == 201
    for key in ("", "x" * 201):
        assert [field.lower() for field in problem(partner.post(TELL, json=BENCH, headers=keyed(key)), 422)] == ["idempotency-key"]


def test_both_keys_of_a_partner_share_their_repeats(place: PlaceCard, with_key: Callable[..., TestClient], resident: TestClient) -> None:
    old, new = with_key(place, name="The helpline"), with_key(place, name="The helpline")
    other = with_key(place, name="Another helpline")
    receipt = old.post(TELL, json=BENCH, headers=keyed()).json()
    assert new.post(TELL, json=BENCH, headers=keyed()).json() == receipt
    receipts = {program.post(TELL, json=BENCH, headers=keyed()).json()["receipt"] for program in (old, other, resident)}
    assert len(receipts) == 3


# ---- what became of it -----------------------------------------------------------------------------------------------


def test_code_opens_what_became_of_the_message(resident: TestClient, clock: SettableClock) -> None:
    receipt = resident.post(TELL, json=BENCH).json()
    clock.advance(days=3)
    answer = resident.post(LOOK, json={"code": receipt["receipt"].lower().replace("-", " ")})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "state": "acknowledged",
        "publication": "not_offered",
        "withheld_reason": None,
        "received_at": "2026-11-23T10:00:00Z",
        "answer_by": "2026-12-07",
        "days_waiting": 3,
        "kind": "not_good",
        "area": "hill-road",
        "whole_place": False,
        "replies": [],
        "trail": [
            {"step": "received", "at": "2026-11-23T10:00:00Z", "organisation": None, "promise": None, "standing": None, "words": None}
        ],
    }


def test_days_are_counted_as_the_place_counts_them(resident: TestClient, clock: SettableClock) -> None:
    clock.at("2026-07-01T22:59+00:00")
    code = resident.post(TELL, json=BENCH).json()["receipt"]
    for moment, days in (("2026-07-01T22:59:59+00:00", 0), ("2026-07-01T23:00+00:00", 1), ("2026-07-08T22:30+00:00", 7)):
        clock.at(moment)
        assert resident.post(LOOK, json={"code": code}).json()["days_waiting"] == days


def test_every_code_that_opens_nothing_is_answered_alike(make: Make, resident: TestClient) -> None:
    make.collaboration("amber-vale")
    elsewhere = resident.post("/api/v1/amber-vale/feedback", json={"kind": "good"}).json()["receipt"]
    for path in (LOOK, BACK):
        answers = [resident.post(path, json={"code": code}) for code in (elsewhere, "", "x", "K7QF-2M9X-TR4D-W8ZP5", str(uuid4()))]
        assert [problem(answer, 404) for answer in answers] == [[]] * 5
        assert len({answer.text for answer in answers}) == 1


def test_who_tries_too_many_codes_waits_and_the_honest_do_not_count(resident: TestClient, clock: SettableClock) -> None:
    code = resident.post(TELL, json=BENCH).json()["receipt"]
    for _honest in range(WRONG_CODES.amount + 5):
        assert resident.post(LOOK, json={"code": code}).status_code == 200
    for _wrong in range(WRONG_CODES.amount):
        assert resident.post(LOOK, json={"code": "K7QF-2M9X-TR4D-W8ZP5"}).status_code == 404
    for path in (LOOK, BACK):
        answer = resident.post(path, json={"code": code})
        problem(answer, 429)
        assert int(answer.headers["retry-after"]) > 0
    clock.advance(days=1)
    assert resident.post(LOOK, json={"code": code}).status_code == 200


# ---- taking it back --------------------------------------------------------------------------------------------------


def test_words_are_gone_everywhere_and_twice_is_the_same_as_once(resident: TestClient, clock: SettableClock, database: Database) -> None:
    receipt = resident.post(TELL, json={**BENCH, "share": "words_public"}, headers=keyed()).json()
    clock.advance(days=2)
    for _time in range(2):
        answer = resident.post(BACK, json={"code": receipt["receipt"]})
        assert (answer.status_code, answer.json(), answer.headers["cache-control"]) == (200, {"state": "withdrawn"}, "no-store")
        clock.advance(days=5)
    became = resident.post(LOOK, json={"code": receipt["receipt"]}).json()
    assert (became["state"], became["publication"], became["days_waiting"], became["replies"]) == ("withdrawn", "withdrawn", 2, [])
    assert row_of(database, receipt).body is None
    assert resident.post(TELL, json={**BENCH, "share": "words_public"}, headers=keyed()).json() == receipt
    assert row_of(database, receipt).body is None


# ---- manners ---------------------------------------------------------------------------------------------------------


def test_other_methods_and_other_places_are_refused_in_the_same_manner(resident: TestClient) -> None:
    for path in (LOOK, BACK):
        answer = resident.get(path)
        problem(answer, 405)
        assert answer.headers["allow"] == "POST"
    problem(resident.post(TELL.replace("hillside", "nowhere"), json=BENCH), 404)
    problem(resident.post("/api/v1/hillside/receipt", json={}), 404)
