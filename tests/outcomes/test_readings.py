"""Readings of people: who may post them, the yes they rest on, one person never counted twice, and taking somebody out for good."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import func, select
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from service.database import Database
from service.journal.actions import OPERATOR
from service.keeping.ledger import find_lines
from service.keeping.replay import replay
from service.outcomes.models import EarlierReading, Reading
from service.outcomes.queries import find_person
from service.people.models import Role
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.register import Subject
from service.subjects.actions import ask, copy_for, decide, search
from service.subjects.models import RequestIn, SearchIn, Wish
from tests.keeping.world import dumped, member
from tests.make import Make, SettableClock
from tests.outcomes.conftest import READINGS, YES, reading
from tests.results.test_api_batches import conflicts, counts

Stored = Callable[[], list[Reading]]


def post(program: TestClient, *rows: Any, query: str = "", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return program.post(READINGS + query, json={"readings": rows}, headers=named)


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_only_a_key_of_an_organisation_posts_and_reads_and_only_its_own(
    visitor: TestClient, partner: TestClient, hillside: PlaceCard, make: Make, with_key: Callable[..., TestClient]
) -> None:
    assert (post(visitor, reading()).status_code, visitor.get(READINGS).status_code) == (401, 401)
    assert post(with_key(hillside, "outcomes:write", name="Nobody's"), reading()).status_code == 409
    writing = with_key(hillside, "outcomes:write", organisation=make.organisation(hillside, "hub"), name="The hub's")
    assert writing.get(READINGS).status_code == 403
    post(partner, reading(consent=YES))
    other = with_key(hillside, "account:read", organisation=make.organisation(hillside, "hospital"), name="The hospital's")
    assert (len(partner.get(READINGS).json()["items"]), other.get(READINGS).json()["items"]) == (1, [])
    assert other.get(f"{READINGS}?format=csv").text.count("\n") == 1
    assert writing.delete("/api/v1/hillside/outcomes/people/p-1").status_code == 404
    assert len(partner.get(READINGS).json()["items"]) == 1


# ---- the yes ---------------------------------------------------------------------------------------------------------


def test_nothing_is_kept_of_somebody_whose_yes_does_not_hold(partner: TestClient, stored: Stored, clock: SettableClock) -> None:
    for consent in (None, {**YES, "expires_on": "2025-01-01"}):
        answer = post(partner, reading(consent=consent))
        assert (counts(answer), conflicts(answer)) == ((1, 0, 0, 0, 1), [(1, "person")])
        assert "Ask them" in answer.json()["conflicts"][0]["message"]
    assert conflicts(post(partner, reading(consent={**YES, "given_on": "2199-01-01"}))) == [(1, "consent.given_on")]
    assert not stored()
    until = str(clock().date())
    assert counts(post(partner, reading(consent={**YES, "expires_on": until}))) == (1, 1, 0, 0, 0)
    assert counts(post(partner, reading(5, on="2024-04-01"))) == (1, 1, 0, 0, 0), "it holds on its last day"
    clock.advance(days=1)
    assert conflicts(post(partner, reading(6, on="2024-05-01"))) == [(1, "person")]
    assert counts(post(partner, reading(6, on="2024-05-01", consent={**YES, "given_on": until}))) == (1, 1, 0, 0, 0)


def test_yes_in_one_row_holds_for_the_rows_after_it_also_when_only_tried(partner: TestClient, stored: Stored) -> None:
    rows = [reading(consent=YES), *(reading(n % 10, on=f"2024-{n // 28 + 4:02}-{n % 28 + 1:02}") for n in range(150))]
    tried = post(partner, *rows, query="?dry_run=true")
    assert (counts(tried), stored()) == ((151, 151, 0, 0, 0), [])
    assert counts(post(partner, *rows, query="?atomic=true")) == counts(tried)
    assert counts(post(partner, *rows)) == (151, 0, 0, 151, 0)


# ---- what a reading may say ------------------------------------------------------------------------------------------

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"goal": None}, "goal"),
    ({"instrument": "ons4-happy", "goal": "both"}, "goal"),
    ({"instrument": "nothing"}, "instrument"),
    ({"instrument": "outcomes-star"}, "instrument"),
    ({"value": 10.5}, "value"),
    ({"value": 11.0}, "value"),
    ({"value": "4"}, "value"),
    ({"instrument": "ons4-anxious", "value": 3.5}, "value"),
    ({"on": "2199-01-01"}, "on"),
    ({"by": "somebody"}, "by"),
    ({"area": "nowhere"}, "area"),
    ({"area": "whole_place"}, "area"),
    ({"person": "sam@example.org"}, "person"),
    ({"person": "943-476-5919"}, "person"),
    ({"organisation": "hospital"}, "organisation"),
    ({"name": "Sam"}, "name"),
]


def test_refused_reading_is_a_problem_that_names_the_field(partner: TestClient, stored: Stored) -> None:
    for fields, field in REFUSED:
        row = {name: value for name, value in reading(consent=YES, **fields).items() if value is not None}
        answer = partner.post(READINGS, json=row)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), fields
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not stored()


def test_everything_that_is_one_reading_apart_is_another(partner: TestClient, stored: Stored) -> None:
    rows = [
        reading(consent=YES),
        reading(person="p-2", consent=YES),
        reading(goal="See my brother"),
        reading(instrument="ons4-happy"),
        reading(on="2024-03-02"),
        reading(by="worker_view"),
        reading(episode="second"),
    ]
    assert counts(post(partner, *rows)) == (7, 7, 0, 0, 0)
    assert counts(post(partner, *rows)) == (7, 0, 0, 7, 0)
    assert len(stored()) == 7
    clash = post(partner, reading(1), reading(2))
    assert conflicts(clash) == [(1, "value"), (2, "value")]


def test_correction_keeps_what_was_said_with_who_when_and_why(partner: TestClient, database: Database, clock: SettableClock) -> None:
    post(partner, reading(consent=YES))
    at = clock.advance(days=1)
    assert counts(post(partner, reading(7, reason="Misheard"), query="?mode=correct")) == (1, 0, 1, 0, 0)
    assert conflicts(post(partner, reading(8), query="?mode=create")) == [(1, "person")]
    assert conflicts(post(partner, reading(8, on="2024-09-09"), query="?mode=correct")) == [(1, "person")]
    with database.read() as reads:
        before = reads.scalars(select(EarlierReading)).one()
    assert (before.value, before.reason, before.corrected_at, before.actor_kind) == (4.0, "Misheard", at, "key")
    [found] = partner.get(f"{READINGS}?history=true").json()["items"]
    assert (found["value"], found["version"], found["history"][0]["value"], found["consent"]["given_on"]) == (7.0, 2, 4.0, "2024-01-01")


def test_batch_with_a_key_is_answered_again_and_stored_once(partner: TestClient, stored: Stored) -> None:
    first = post(partner, reading(consent=YES), Idempotency_Key="night-1")
    again = post(partner, reading(consent=YES), Idempotency_Key="night-1")
    assert (again.json(), again.headers["Idempotent-Replayed"], len(stored())) == (first.json(), "true", 1)
    assert post(partner, reading(9), Idempotency_Key="night-1").status_code == 409


def test_export_is_posted_back_unchanged_and_says_the_same_elsewhere(
    partner: TestClient, make: Make, with_key: Callable[..., TestClient]
) -> None:
    post(
        partner,
        reading(consent={**YES, "expires_on": "2199-01-01"}, goal="=walk, again", area="north-ward"),
        reading(person="p-2", consent=YES),
    )
    sheet = partner.get(f"{READINGS}?format=csv").text
    assert counts(partner.post(READINGS, content=sheet, headers={"Content-Type": "text/csv"})) == (2, 0, 0, 2, 0)
    vale = make.collaboration("amber-vale")
    make.area(vale, "north-ward")
    scopes = ("outcomes:write", "account:read")
    twin = with_key(vale, *scopes, organisation=make.organisation(vale, "council"), name="The vale's")
    address = READINGS.replace("hillside", "amber-vale")
    assert counts(twin.post(address, content=sheet, headers={"Content-Type": "text/csv"})) == (2, 2, 0, 0, 0)
    assert twin.get(f"{address}?format=csv").text == sheet


# ---- instruments -----------------------------------------------------------------------------------------------------

OURS: dict[str, Any] = {
    "name": "Short form",
    "low": 7.0,
    "high": 35.0,
    "good_direction": "up",
    "licence": "registered",
    "licence_ref": "ref 12",
}


def test_closed_instruments_stay_closed_and_say_why(partner: TestClient, visitor: TestClient) -> None:
    def put(code: str = "ours", **fields: Any) -> Response:
        return partner.put(f"/api/v1/hillside/instruments/{code}", json=OURS | fields)

    for refused, field in (
        (put(name="Recovery Star"), "name"),
        (put(code="outcomes-star"), "name"),
        (put(code="ons4-mine"), "code"),
        (put(licence_ref=None), "request body"),
        (put(question="I’ve been feeling useful"), "request body"),
        (put(low=40.0), "request body"),
    ):
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field), refused.json()
    assert [put().status_code, put(name="Shorter form").status_code] == [201, 200]
    assert post(partner, reading(21, instrument="ours", consent=YES)).json()["created"] == 1
    assert put(name="Shorter form", high=40.0).json()["errors"][0]["field"] == "high"
    listed = {one["code"]: one for one in visitor.get("/api/v1/hillside/instruments").json()["items"]}
    assert sorted(listed) == ["ons4-anxious", "ons4-happy", "ons4-satisfied", "ons4-worthwhile", "ours"]
    assert listed["ons4-happy"]["question"] == "Overall, how happy did you feel yesterday?"
    assert "Open Government Licence" in listed["ons4-happy"]["licence_ref"]


# ---- taking somebody out ---------------------------------------------------------------------------------------------


def left_of(database: Database) -> dict[str, int]:
    """How many rows stand in each table of people who are followed."""
    names = ("person_key", "person_yes", "goal", "outcome_reading", "earlier_reading")
    with database.read() as reads:
        return {name: reads.scalar(select(func.count()).select_from(SQLModel.metadata.tables[name])) or 0 for name in names}


def test_who_takes_the_yes_back_is_gone_and_stays_gone_after_an_older_backup(
    partner: TestClient, database: Database, hillside: PlaceCard, council: Organisation, clock: SettableClock
) -> None:
    post(partner, reading(consent=YES, goal="CANARY"), reading(person="p-2", consent=YES))
    post(partner, reading(9, goal="CANARY", reason="CANARY"))
    with database.read() as reads:
        person = find_person(reads, hillside.id, council.id, "p-1")
        assert person is not None
    address = "/api/v1/hillside/outcomes/people/p-1"
    assert [partner.delete(address).status_code, partner.delete(address).status_code] == [204, 404]
    assert left_of(database) == {"person_key": 1, "person_yes": 1, "goal": 1, "outcome_reading": 1, "earlier_reading": 0}
    assert "CANARY" not in dumped(database)
    with database.read() as reads:
        [line] = [line for line in find_lines(reads) if line.subject_id == person.id]
    post(partner, reading(consent=YES, goal="CANARY"))
    with database.write() as writes:  # as if an older copy had come back: the same person, and a ledger that knows better
        again = find_person(writes, hillside.id, council.id, "p-1")
        assert again is not None
        known = again.id
    assert replay(database, [replace(line, subject_id=known)], clock()) == 1
    assert "CANARY" not in dumped(database)


def test_two_people_find_copy_and_erase_what_is_held_of_somebody(partner: TestClient, make: Make, hillside: PlaceCard) -> None:
    post(partner, reading(consent=YES, goal="CANARY"))
    sam = member(make, hillside, Role.ADMIN)
    second = member(make, hillside, Role.MODERATOR, email="second@hillside.example")
    now, database = make.clock(), make.database
    with database.write() as writes:
        [found] = search(writes, make.keys, OPERATOR, hillside, SearchIn(known_by="p-1", why="Asked by letter"), now)
        copy = copy_for(writes, make.keys, OPERATOR, hillside, (Subject.PERSON, found.id), "Asked by letter", now)
    assert {one["table"] for one in copy["held"]} == {"person_key", "person_yes", "goal", "outcome_reading"}
    assert "CANARY" in str(copy)
    wish = RequestIn(wish=Wish.ERASURE, subject=Subject.PERSON, subject_id=found.id, why="Asked by letter")
    with database.write() as writes:
        request_id = ask(writes, sam, wish, now)
    with database.write() as writes:
        decide(writes, second, request_id, agreed=True, now=now)
    assert set(left_of(database).values()) == {0}


@pytest.mark.parametrize("kind", ["application/x-ndjson", "text/csv"])
def test_lines_and_sheets_are_taken_as_well(partner: TestClient, kind: str) -> None:
    body = {
        "application/x-ndjson": '{"person":"p-1","goal":"Walk","value":4,"on":"2024-03-01","by":"self",'
        '"consent":{"wording_version":"1","given_on":"2024-01-01"}}\n',
        "text/csv": "person,goal,value,on,by,consent.wording_version,consent.given_on\np-1,Walk,4,2024-03-01,self,1,2024-01-01\n",
    }
    assert counts(partner.post(READINGS, content=body[kind], headers={"Content-Type": kind})) == (1, 1, 0, 0, 0)
