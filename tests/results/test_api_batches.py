"""Posting observations: every sentence of "Batches" in the contract."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from service.batches import door as api
from service.batches import intake
from service.batches import work as batches
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.results.models import Correction, Observation
from tests.make import Make, SettableClock
from tests.results.conftest import OBSERVATIONS, row

Stored = Callable[[], list[Observation]]
Corrections = Callable[[], list[Correction]]


def post(program: TestClient, *rows: Any, query: str = "", **headers: str) -> Response:
    """Posts a batch."""
    return program.post(
        OBSERVATIONS + query, json={"observations": rows}, headers={name.replace("_", "-"): v for name, v in headers.items()}
    )


def counts(answer: Response) -> tuple[int, int, int, int, int]:
    """received, created, corrected, unchanged, refused."""
    body = answer.json()
    found = tuple(body[name] for name in ("received", "created", "corrected", "unchanged", "refused"))
    assert found[0] == sum(found[1:]), body
    assert len(body["conflicts"]) == min(body["refused"], 1_000), body
    return found


def conflicts(answer: Response) -> list[tuple[int, str]]:
    assert all(found["message"] for found in answer.json()["conflicts"])
    return [(found["row"], found["field"]) for found in answer.json()["conflicts"]]


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_only_a_key_with_the_scope_for_this_place_may_post(
    visitor: TestClient, indicators: PlaceCard, council: Organisation, make: Make, with_key: Callable[..., TestClient], stored: Stored
) -> None:
    vale = make.collaboration("amber-vale")
    assert post(visitor, row()).status_code == 401
    assert post(with_key(indicators, "feedback:write", organisation=council), row()).status_code == 403
    assert post(with_key(vale, "outcomes:write"), row()).status_code == 404
    visitor.headers["Authorization"] = "Bearer sad_nothing_nothing"
    assert post(visitor, row()).status_code == 401
    assert not stored()


def test_key_without_an_organisation_cannot_post(indicators: PlaceCard, with_key: Callable[..., TestClient]) -> None:
    answer = post(with_key(indicators, "outcomes:write"), row())
    assert answer.status_code == 409
    assert "organisation" in answer.json()["detail"]


def test_nobody_posts_in_another_s_name(partner: TestClient, make: Make, indicators: PlaceCard) -> None:
    make.organisation(indicators, "hospital")
    answer = post(partner, row(organisation="hospital"), row(organisation="council", period="2026-04"))
    assert (counts(answer), conflicts(answer)) == ((2, 1, 0, 0, 1), [(1, "organisation")])


# ---- one object ------------------------------------------------------------------------------------------------------


def test_one_object_is_a_batch_of_one(partner: TestClient, stored: Stored) -> None:
    answer = partner.post(OBSERVATIONS, json=row())
    assert (answer.status_code, counts(answer)) == (200, (1, 1, 0, 0, 0))
    assert counts(partner.post(OBSERVATIONS, json=row())) == (1, 0, 0, 1, 0)
    assert len(stored()) == 1


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"indicator": "nothing"}, "indicator"),
    ({"area": "nowhere"}, "area"),
    ({"area": "whole_place"}, "area"),
    ({"period": "spring"}, "period"),
    ({"value": None}, "value"),
    ({"value": "12.5"}, "value"),
    ({"value": True}, "value"),
    ({"missing": "unknown"}, "value"),
    ({"missing": "lost", "value": None}, "missing"),
    ({"value": None, "numerator": 1.0}, "value"),
    ({"value": None, "numerator": 1.0, "denominator": 0.0}, "denominator"),
    ({"value": None, "numerator": 1e300, "denominator": 1e-300}, "numerator"),
    ({"dimension": {f"name-{n}": "x" * 60 for n in range(8)}}, "dimension"),
    ({"dimension": {"a b": "x"}}, "dimension.a b.[key]"),
    ({"provisional": "yes"}, "provisional"),
    ({"colour": "red"}, "colour"),
]


def test_refused_object_is_a_problem_that_names_the_field(partner: TestClient, stored: Stored) -> None:
    for fields, field in REFUSED:
        answer = partner.post(OBSERVATIONS, json=row(**fields))
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), fields
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not stored()


def test_refused_object_is_told_everything_that_is_wrong(partner: TestClient) -> None:
    answer = partner.post(OBSERVATIONS, json={"period": "spring", "value": "many", "colour": "red"})
    assert [error["field"] for error in answer.json()["errors"]] == ["indicator", "value", "colour"]
    answer = partner.post(OBSERVATIONS, json=row(None, period="spring", area="whole_place"))
    assert [error["field"] for error in answer.json()["errors"]] == ["period", "value", "area"]


# ---- what cannot be read ---------------------------------------------------------------------------------------------


READABLE = {
    b"": 400,
    b"{": 400,
    b'{"observations": [NaN]}': 400,
    b"[]": 422,
    b"7": 422,
    b'{"observations": 7}': 422,
    b'{"observations": [], "mode": "create"}': 422,
    b'{"observations": []}': 200,
    b'{"observations": [7, null, "x", [], 1e9]}': 200,
}


def test_unreadable_body_is_a_problem_and_a_bad_row_is_none(partner: TestClient) -> None:
    for body, status in READABLE.items():
        answer = partner.post(OBSERVATIONS, content=body, headers={"Content-Type": "application/json; charset=utf-8"})
        assert answer.status_code == status, body
        if status == 200:
            assert counts(answer)[4] == answer.json()["received"]
        else:
            assert answer.headers["content-type"] == "application/problem+json"


def test_other_kinds_of_body_are_refused(partner: TestClient) -> None:
    for kind in (None, "text/plain", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": kind} if kind else {}
        answer = partner.post(OBSERVATIONS, content=json.dumps(row()).encode(), headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (415, "application/problem+json")


def test_body_has_a_limit_of_its_own(partner: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(period=f"{1000 + n}", comment="x" * 900) for n in range(100)]
    assert len(json.dumps(rows)) > 64 * 1024, "more than other routes take"
    assert counts(post(partner, *rows)) == (100, 100, 0, 0, 0)
    monkeypatch.setattr(api, "MOST_BYTES", 100_000)

    def pieces() -> Iterator[bytes]:
        for _piece in range(200):
            yield b" " * 1_000

    for content in (b" " * 100_001, pieces()):
        answer = partner.post(OBSERVATIONS, content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


# ---- many rows -------------------------------------------------------------------------------------------------------


def test_good_rows_are_stored_and_bad_ones_reported(partner: TestClient, stored: Stored) -> None:
    answer = post(
        partner,
        row(),
        row(period="never"),
        {"nothing": 1},
        row(indicator="nothing"),
        row(2.0, indicator="visits"),
        "a word",
        row(period="2026-04", colour="red"),
    )
    assert (answer.status_code, counts(answer)) == (200, (7, 2, 0, 0, 5))
    assert conflicts(answer) == [(2, "period"), (3, "indicator"), (4, "indicator"), (6, "row"), (7, "colour")]
    assert len(stored()) == 2


def test_same_value_again_is_unchanged_and_another_is_a_correction_that_keeps_the_old_one(
    partner: TestClient, stored: Stored, corrections: Corrections, clock: SettableClock
) -> None:
    rows = [row(), row(area="north-ward")]
    assert counts(post(partner, *rows)) == (2, 2, 0, 0, 0)
    assert counts(post(partner, *rows)) == (2, 0, 0, 2, 0)
    at = clock.advance(days=1)
    assert counts(post(partner, row(13.5, reason="Recounted"), rows[1])) == (2, 0, 1, 1, 0)
    [before] = corrections()
    assert (before.value, before.reason, before.corrected_at, before.actor_kind) == (12.5, "Recounted", at, "key")
    assert before.actor_id is not None
    assert [found.value for found in stored()] == [13.5, 12.5]


def test_missing_counts_like_any_other_value(partner: TestClient) -> None:
    gap = row(None, missing="not_collected")
    assert [counts(post(partner, gap)), counts(post(partner, gap))] == [(1, 1, 0, 0, 0), (1, 0, 0, 1, 0)]


def test_dry_run_checks_and_stores_nothing(partner: TestClient, stored: Stored) -> None:
    post(partner, row())
    rows = [row(), row(13.0, area="north-ward"), row(1.0, area="nowhere")]
    answer = post(partner, *rows, query="?dry_run=true")
    assert (counts(answer), conflicts(answer)) == ((3, 1, 0, 1, 1), [(3, "area")])
    assert len(stored()) == 1
    assert counts(post(partner, *rows)) == counts(answer)


def test_mode_create_takes_new_keys_only(partner: TestClient, stored: Stored) -> None:
    post(partner, row())
    answer = post(partner, row(), row(13.0), row(period="2026-04"), query="?mode=create")
    assert counts(answer) == (3, 1, 0, 0, 2)
    assert stored()[0].value == 12.5


def test_mode_correct_takes_known_keys_only(partner: TestClient, stored: Stored) -> None:
    post(partner, row(), row(period="2026-04"))
    answer = post(partner, row(13.0), row(period="2026-04"), row(period="2026-05"), query="?mode=correct")
    assert (counts(answer), conflicts(answer)) == ((3, 0, 1, 1, 1), [(3, "indicator")])
    assert [found.value for found in stored()] == [13.0, 12.5]


def test_unknown_mode_is_refused(partner: TestClient) -> None:
    assert post(partner, row(), query="?mode=replace").status_code == 422


def test_atomic_is_all_or_nothing(partner: TestClient, stored: Stored) -> None:
    rows = [row(), row(period="2026-04"), row(area="nowhere"), row(period="never")]
    answer = post(partner, *rows, query="?atomic=true")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (counts(answer), conflicts(answer)) == ((4, 2, 0, 0, 2), [(3, "area"), (4, "period")])
    assert not stored()
    answer = post(partner, *rows[:2], query="?atomic=true")
    assert (answer.status_code, counts(answer)) == (200, (2, 2, 0, 0, 0))
    assert len(stored()) == 2


def test_atomic_batch_is_not_endless(partner: TestClient, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody who writes waits for it."""
    monkeypatch.setattr(intake, "MOST_AT_ONCE", 2)
    answer = post(partner, row(), row(period="2026-04"), row(period="2026-05"), query="?atomic=true")
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["atomic"])
    assert not stored()


def test_same_key_twice_with_different_values_is_a_conflict_of_both(partner: TestClient, stored: Stored) -> None:
    rows = [row(1.0), row(period="2026-04"), row(2.0), row(1.0, period="2026-03-01/2026-03-31")]
    answer = post(partner, *rows)
    assert (counts(answer), conflicts(answer)) == ((4, 1, 0, 0, 3), [(1, "value"), (3, "value"), (4, "value")])
    assert len(stored()) == 1, "none wins"


def test_same_row_twice_counts_once(partner: TestClient, stored: Stored) -> None:
    for query in ("?dry_run=true", ""):
        answer = post(partner, row(), row(), row(area="nowhere"), row(area="nowhere"), query=query)
        assert (counts(answer), conflicts(answer)) == ((4, 1, 0, 1, 2), [(3, "area"), (4, "area")])
    assert len(stored()) == 1


@pytest.mark.parametrize("kept", [40, 2_000])
def test_key_is_compared_over_the_whole_batch(partner: TestClient, monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    """The first and the last row clash, with several chunks between them, whether the batch is read once or twice."""
    monkeypatch.setattr(batches, "KEPT", kept)
    rows = [row(1.0), *(row(period=f"{1000 + n}") for n in range(350)), row(2.0)]
    answer = post(partner, *rows)
    assert (counts(answer), conflicts(answer)) == ((352, 350, 0, 0, 2), [(1, "value"), (352, "value")])
    assert counts(post(partner, *rows[1:-1], *rows[1:-1])) == (700, 0, 0, 700, 0)


def test_at_most_a_thousand_conflicts_are_listed_and_all_are_counted(partner: TestClient) -> None:
    answer = post(partner, *[row(period="never")] * 1_200)
    assert counts(answer) == (1_200, 0, 0, 0, 1_200)
    assert [found for found, _field in conflicts(answer)] == list(range(1, 1_001))


# ---- the same request again ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?atomic=true"])
def test_idempotency_key_replays_the_answer(partner: TestClient, query: str) -> None:
    for rows in (1, 300):
        sent, key = [row(period=f"{rows + n:04}") for n in range(rows)], f"{rows} rows"
        first = post(partner, *sent, query=query, Idempotency_Key=key)
        again = post(partner, *sent, query=query, Idempotency_Key=key)
        assert counts(first) == counts(again) == (rows, rows, 0, 0, 0)
        assert (first.content, first.headers.get("Idempotent-Replayed")) == (again.content, None)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert counts(post(partner, *sent, query=query, Idempotency_Key=f"another {rows}")) == (rows, 0, 0, rows, 0)
    answers = [partner.post(OBSERVATIONS, json=row(period="3000"), headers={"Idempotency-Key": "one"}) for _time in range(2)]
    assert [(counts(answer), answer.headers.get("Idempotent-Replayed")) for answer in answers] == [
        ((1, 1, 0, 0, 0), None),
        ((1, 1, 0, 0, 0), "true"),
    ]


def test_same_key_with_another_request_is_a_conflict(partner: TestClient, stored: Stored) -> None:
    post(partner, row(), Idempotency_Key="monday")
    assert post(partner, row(13.0), Idempotency_Key="monday").status_code == 409
    assert post(partner, row(), query="?mode=create", Idempotency_Key="monday").status_code == 409
    assert stored()[0].value == 12.5


def test_idempotency_key_is_the_holder_s_own(
    partner: TestClient, with_key: Callable[..., TestClient], indicators: PlaceCard, make: Make, council: Organisation
) -> None:
    post(partner, row(), Idempotency_Key="monday")
    hospital = with_key(indicators, "outcomes:write", organisation=make.organisation(indicators, "hospital"))
    assert counts(post(hospital, row(1.0), Idempotency_Key="monday")) == (1, 1, 0, 0, 0)
    rotated = with_key(indicators, "outcomes:write", organisation=council, name="The council's system")
    assert post(rotated, row(), Idempotency_Key="monday").headers["Idempotent-Replayed"] == "true"


def test_answers_are_kept_thirty_days(partner: TestClient, clock: SettableClock) -> None:
    post(partner, row(), Idempotency_Key="monday")
    clock.advance(days=29, hours=23)
    assert "Idempotent-Replayed" in post(partner, row(), Idempotency_Key="monday").headers
    clock.advance(hours=2)
    again = post(partner, row(), Idempotency_Key="monday")
    assert (counts(again), again.headers.get("Idempotent-Replayed")) == ((1, 0, 0, 1, 0), None)
    assert "Idempotent-Replayed" in post(partner, row(), Idempotency_Key="monday").headers


def test_nothing_is_remembered_of_a_dry_run_or_a_refusal(partner: TestClient) -> None:
    assert counts(post(partner, row(), query="?dry_run=true", Idempotency_Key="monday")) == (1, 1, 0, 0, 0)
    assert post(partner, row(area="nowhere"), query="?atomic=true", Idempotency_Key="monday").status_code == 422
    assert partner.post(OBSERVATIONS, json=row(area="nowhere"), headers={"Idempotency-Key": "monday"}).status_code == 422
    assert counts(post(partner, row(), Idempotency_Key="monday")) == (1, 1, 0, 0, 0)


def test_idempotency_key_has_one_to_two_hundred_characters(partner: TestClient) -> None:
    assert [post(partner, row(), Idempotency_Key=key).status_code for key in ("", "x" * 201, "x" * 200)] == [422, 422, 200]


def test_document_says_what_may_be_posted(visitor: TestClient) -> None:
    document = visitor.get("/openapi.json").json()
    operation = document["paths"]["/api/v1/{c}/outcomes/observations"]["post"]
    schemas = document["components"]["schemas"]
    named = operation["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    one, many = (schemas[found["$ref"].rpartition("/")[2]] for found in named)
    assert one["required"] == ["indicator", "period"]
    assert many["properties"]["observations"]["items"] == named[0]
    assert one["properties"]["missing"]["anyOf"][0]["$ref"].rpartition("/")[2] in document["components"]["schemas"]
    assert {"200", "400", "401", "403", "404", "409", "413", "415", "422", "503"} <= set(operation["responses"])
    assert visitor.get("/docs").status_code == 200
