"""What is held of somebody is found without its words being shown, given out and taken out by two people, and nothing of it is left."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.testclient import TestClient

from service import verification
from service.audit.models import Reading, What
from service.database import Database
from service.errors import Conflict, Invalid, NotFound, Refused
from service.journal.actions import OPERATOR
from service.keeping.actions import place_hold
from service.keeping.models import HoldIn
from service.people.models import Role
from service.places.queries import PlaceCard
from service.register import Subject
from service.settings import Settings
from service.subjects.actions import ask, decide, give_copy, search
from service.subjects.models import RequestIn, SearchIn, Wish
from service.subjects.queries import Found
from service.tombstones import Tombstone, Why
from tests.keeping.world import answered, dumped, files_of, member, published
from tests.make import Make, SettableClock


def look(make: Make, place: PlaceCard, known_by: str) -> list[Found]:
    with make.database.write() as writes:
        return search(writes, make.keys, OPERATOR, place, SearchIn(known_by=known_by, why="Asked by letter"), make.clock())


def wish(make: Make, about: Found, wanted: Wish) -> RequestIn:
    assert make.keys
    return RequestIn(wish=wanted, subject=about.subject, subject_id=about.id, why="Asked by letter")


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_nobody_decides_about_what_they_asked_for(make: Make, hillside: PlaceCard, database: Database) -> None:
    sam = member(make, hillside, Role.ADMIN)
    front = member(make, hillside, Role.FRONTLINE, email="front@hillside.example")
    [about] = look(make, hillside, make.message(hillside, "CANARY").code)
    with database.write() as writes:
        request_id = ask(writes, sam, wish(make, about, Wish.ERASURE), make.clock())
    for one in (sam, front):
        with database.write() as writes, pytest.raises(Refused):
            decide(writes, one, request_id, agreed=True, now=make.clock())
    with database.write() as writes, pytest.raises(Conflict):
        ask(writes, sam, wish(make, about, Wish.ERASURE), make.clock())
    assert "CANARY" in dumped(database)


def test_hold_stops_erasure_and_colleagues_are_not_erased_here(make: Make, hillside: PlaceCard, database: Database) -> None:
    sam = member(make, hillside, Role.ADMIN)
    second = member(make, hillside, Role.MODERATOR, email="second@hillside.example")
    [about] = look(make, hillside, make.message(hillside, "CANARY").code)
    with database.write() as writes:
        request_id = ask(writes, sam, wish(make, about, Wish.ERASURE), make.clock())
        place_hold(writes, OPERATOR, hillside, HoldIn(why="Asked for under the law"), make.clock())
    with database.write() as writes, pytest.raises(Conflict):
        decide(writes, second, request_id, agreed=True, now=make.clock())
    assert "CANARY" in dumped(database)
    [person] = look(make, hillside, "second@hillside.example")
    with database.write() as writes, pytest.raises(Invalid):
        ask(writes, sam, wish(make, person, Wish.ERASURE), make.clock())


def test_nothing_of_another_place_is_found(make: Make, hillside: PlaceCard) -> None:
    riverbank = make.collaboration("riverbank")
    message, story = make.message(riverbank, "x"), make.story(riverbank, ref="P-77")
    member(make, riverbank, email="colleague@riverbank.example")
    for known_by in (message.code, str(message.public_id), str(story), "P-77", "colleague@riverbank.example", "no such thing"):
        assert look(make, hillside, known_by) == []


# ---- what it does ----------------------------------------------------------------------------------------------------


def test_it_is_found_by_whatever_it_goes_by(make: Make, hillside: PlaceCard, database: Database) -> None:
    message, story = make.message(hillside, "CANARY", contact="CANARY"), make.story(hillside, "CANARY", ref="P-77")
    member(make, hillside, email="colleague@hillside.example")
    by_code, by_id = look(make, hillside, message.code.lower()), look(make, hillside, str(message.public_id))
    assert by_code == by_id and [one.subject for one in by_code] == [Subject.MESSAGE]
    assert {one.table: one.count for one in by_code[0].holdings} == {"feedback": 1, "contact": 1, "consent": 1}
    assert look(make, hillside, "P-77") == look(make, hillside, str(story)) and look(make, hillside, "P-77")[0].subject == Subject.STORY
    assert [one.subject for one in look(make, hillside, "Colleague@hillside.example")] == [Subject.PERSON]
    assert "CANARY" not in str(by_code), "looking shows no words"
    with database.read() as reads:
        readings = reads.execute(select(col(Reading.what), col(Reading.why))).all()
    assert {tuple(row) for row in readings} == {(What.SUBJECT_SEARCH, "Asked by letter")} and len(readings) == 6


def test_copy_is_for_who_asked_after_another_agreed_for_a_week(
    make: Make, hillside: PlaceCard, database: Database, clock: SettableClock
) -> None:
    sam, second = member(make, hillside, Role.ADMIN), member(make, hillside, email="second@hillside.example")
    message = make.message(hillside, "CANARY words", contact="CANARY@example.org", want="CANARY want")
    answered(make, second, message, "CANARY answer")
    [about] = look(make, hillside, message.code)
    with database.write() as writes:
        request_id = ask(writes, sam, wish(make, about, Wish.COPY), clock())
    with database.write() as writes, pytest.raises(Conflict):
        give_copy(writes, make.keys, sam, request_id, clock())
    with database.write() as writes:
        decide(writes, second, request_id, agreed=True, now=clock())
    with database.write() as writes, pytest.raises(NotFound):
        give_copy(writes, make.keys, second, request_id, clock())
    with database.write() as writes:
        given = give_copy(writes, make.keys, sam, request_id, clock())
    copy = json.dumps(given)
    assert all(f"CANARY{rest}" in copy for rest in (" words", "@example.org", " want", " answer")), copy
    assert not {"key_hash", "body_hash", "sealed"} & {name for table in given["held"] for row in table["rows"] for name in row}
    clock.advance(days=8)
    with database.write() as writes, pytest.raises(Conflict):
        give_copy(writes, make.keys, sam, request_id, clock())
    with database.read() as reads:
        assert len(reads.execute(select(col(Reading.id)).where(col(Reading.what) == What.SUBJECT_EXPORT)).all()) == 1


def test_after_erasure_nothing_is_left_in_any_table_or_file(
    make: Make, hillside: PlaceCard, database: Database, settings: Settings
) -> None:
    sam, second = member(make, hillside, Role.ADMIN), member(make, hillside, email="second@hillside.example")
    message = make.message(hillside, "CANARY words", contact="CANARY@example.org", share="words_public", kind="idea", gap="CANARY gap")
    answered(make, second, message, "CANARY answer")
    published(make, second, message)
    story = make.story(hillside, "CANARY story", title="CANARY title", barrier="CANARY barrier", tags=["canary"], ref="P-1")
    for known_by in (message.code, str(story)):
        [about] = look(make, hillside, known_by)
        with database.write() as writes:
            request_id = ask(writes, sam, wish(make, about, Wish.ERASURE), make.clock())
        with database.write() as writes:
            decide(writes, second, request_id, agreed=True, now=make.clock())
    assert "canary" not in dumped(database).lower()
    with database.read() as reads:
        assert verification.differences(reads) == []
        stones = reads.execute(select(col(Tombstone.gone), col(Tombstone.why), col(Tombstone.actor_id))).all()
    assert {tuple(stone) for stone in stones} == {(gone, Why.ERASED, second.person.staff_id) for gone in ("message", "story")}
    [again] = look(make, hillside, message.code)
    assert again.gone
    if database.is_sqlite:
        database.reader.dispose()
        database.writer.dispose()
        assert "canary" not in files_of(database, settings).lower()


def test_whole_way_through_the_pages(make: Make, hillside: PlaceCard, signed_in: Callable[..., TestClient], database: Database) -> None:
    message = make.message(hillside, "CANARY words")
    first, second = signed_in(hillside, Role.ADMIN), signed_in(hillside, Role.COORDINATOR)
    found = first.post("/staff/hillside/held", data={"known_by": message.code, "why": "Asked by letter"})
    assert found.status_code == 200 and "CANARY" not in found.text and message.code not in found.headers.get("location", "")
    form = {"wish": "erasure", "subject": "message", "subject_id": str(make.message_id(message)), "why": "Asked by letter"}
    answer = first.post("/staff/hillside/held/requests", data=form)
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert first.post(f"{address}/decide", data={"agreed": "yes"}).status_code == 403
    assert second.post(f"{address}/decide", data={"agreed": "yes"}).status_code == 303
    assert second.post(f"{address}/decide", data={"agreed": "no"}).status_code == 409
    assert "CANARY" not in dumped(database)
    assert signed_in(hillside, Role.FRONTLINE).get("/staff/hillside/held").status_code == 404
