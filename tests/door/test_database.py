"""The one door for writes: nothing is acknowledged that was not stored, nothing is stored twice, nobody harms a neighbour."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi.dependencies.models import Dependant
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from service import database as database_module
from service import rollups
from service.app import create_app
from service.database import WAITING_ROWS, Database, WriteSession
from service.errors import Refused, Unavailable
from service.feedback import intake
from service.feedback.actions import receive_feedback
from service.partners import access as partners_access
from service.partners.models import Scope
from service.people import access as people_access
from service.people.actions import sign_in
from service.places.models import Area
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.door.running import Running, running, statuses, together
from tests.make import Make, SettableClock

InService = Callable[[Callable[[Running], Awaitable[None]]], None]


@pytest.fixture
def place(make: Make, hillside: PlaceCard) -> PlaceCard:
    make.area(hillside, "hill-road")
    return hillside


@pytest.fixture
def in_service(make: Make, place: PlaceCard, settings: Settings, clock: SettableClock) -> InService:
    """Runs a story inside a started service: `in_service(story)`. Who waits for ever for a row is told so, not left to hang."""
    key = make.key(place, Scope.OUTCOMES_WRITE)
    if not make.database.is_sqlite:
        with make.database.write() as writes:
            name = writes.execute(text("select current_database()")).scalar_one()
            writes.execute(text(f"alter database {name} set lock_timeout = '10s'"))

    def run(story: Callable[[Running], Awaitable[None]]) -> None:
        async def main() -> None:
            async with running(settings, clock, key) as service:
                await story(service)

        asyncio.run(main())

    return run


def failing_commit(database: Database) -> Callable[[], None]:
    """From now on every COMMIT fails as a broken disk would make it; answers how to mend it."""
    dialect = database.writer.dialect
    whole, error = dialect.do_commit, dialect.loaded_dbapi.OperationalError

    def fail(_connection: Any) -> None:
        raise error("disk I/O error")

    def mend() -> None:
        dialect.do_commit = whole  # type: ignore[method-assign]

    dialect.do_commit = fail  # type: ignore[assignment, method-assign]
    return mend


# ---- many at once ----------------------------------------------------------------------------------------------------


def test_of_a_hundred_at_once_ninety_are_stored_and_ten_are_told_why(in_service: InService) -> None:
    async def story(service: Running) -> None:
        fine = [service.tell() for _ in range(90)]
        refused = [service.tell(area="nowhere") for _ in range(5)] + [service.tell(occurred_on="2027-01-01") for _ in range(5)]
        answers = await together(*fine[:45], *refused, *fine[45:])
        assert statuses(answers) == {201: 90, 422: 10}
        told = [error["field"] for answer in answers if answer.status_code == 422 for error in answer.json()["errors"]]
        assert sorted(told) == ["area"] * 5 + ["occurred_on"] * 5
        assert len({answer.json()["receipt"] for answer in answers if answer.status_code == 201}) == service.stored() == 90

    in_service(story)


def test_fifty_repeats_at_once_are_one_message_and_one_receipt(in_service: InService) -> None:
    async def story(service: Running) -> None:
        key = str(uuid4())
        answers = await together(*(service.tell(key) for _ in range(50)))
        assert statuses(answers) == {201: 1, 200: 49}
        assert len({answer.text for answer in answers}) == service.stored() == 1
        assert sum("idempotent-replayed" in answer.headers for answer in answers) == 49

    in_service(story)


def test_new_repeated_conflicting_and_refused_messages_at_once_are_each_answered_for_themselves(in_service: InService) -> None:
    async def story(service: Running) -> None:
        keys = [str(uuid4()) for _ in range(40)]
        first = await together(*(service.tell(key) for key in keys[:20]))
        new, again = [service.tell(key) for key in keys[20:]], [service.tell(key) for key in keys[:20]]
        other, wrong = [service.tell(key, body="Another.") for key in keys[:10]], [service.tell(area="nowhere") for _ in range(10)]
        mixed = [call for four in zip(new, again, other * 2, wrong * 2, strict=True) for call in dict.fromkeys(four)]
        calls = list(dict.fromkeys(mixed))
        answers = dict(zip(calls, await together(*calls), strict=True))
        assert statuses([answers[call] for call in new]) == {201: 20}
        assert [answers[call].json() for call in again] == [answer.json() for answer in first]
        assert statuses([answers[call] for call in other]) == {409: 10}
        assert statuses([answers[call] for call in wrong]) == {422: 10}
        assert service.stored() == 40

    in_service(story)


def test_requests_that_arrive_together_share_commits(in_service: InService, place: PlaceCard) -> None:
    async def story(service: Running) -> None:
        def commits() -> int:
            with service.database.read() as reads:
                return rollups.version_of(reads, place.id)  # rises once for each group

        await service.tell()
        before = commits()
        assert statuses(await together(*(service.tell() for _ in range(200)))) == {201: 200}
        assert commits() - before < 100

    in_service(story)


def test_sixty_ordinary_writers_and_the_queue_let_each_other_through(in_service: InService) -> None:
    """More than the threadpool has threads: if one waited for the door in a thread, none would be left for who is inside."""

    async def story(service: Running) -> None:
        done: list[tuple[str, int]] = []

        async def one_after_another(kind: str, *calls: Awaitable[Any]) -> None:
            for call in calls:
                done.append((kind, (await call).status_code))

        ordinary = [one_after_another("ordinary", service.put_area(f"a{n}")) for n in range(60)]
        hot = [one_after_another("hot", *(service.tell() for _ in range(8))) for _ in range(20)]
        await asyncio.gather(*ordinary, *hot)
        assert {status for _kind, status in done} == {201} and service.stored() == 160
        kinds = [kind for kind, _status in done]
        assert "ordinary" in kinds[:160] and "hot" in kinds[:60]

    in_service(story)


def test_more_readers_than_connections_are_all_answered(in_service: InService) -> None:
    """A reader that waits for a connection on the event loop keeps those who hold one from giving it back."""

    async def story(service: Running) -> None:
        calls = [call for _ in range(100) for call in (service.read_areas(), service.tell())]
        assert statuses(await together(*calls)) == {200: 100, 201: 100}

    in_service(story)


def test_many_first_uses_of_one_key_and_of_one_idle_session_at_once_are_all_answered(
    make: Make, place: PlaceCard, clock: SettableClock, in_service: InService
) -> None:
    """That they were used is written down once each. Who waits for another's row on the event loop keeps that other from its COMMIT."""
    link = make.person(place)
    with make.database.write() as writes:
        cookie = sign_in(writes, link, clock())
    clock.advance(hours=1)

    async def story(service: Running) -> None:
        used = [service.put_area(f"a{n}") for n in range(30)]
        seen = [service.client.get("/staff/hillside/inbox", headers={"Cookie": f"said={cookie}"}) for _ in range(30)]
        answers = await together(*used, *seen)
        assert statuses(answers[:30]) == {201: 30} and statuses(answers[30:]) == {200: 30}

    in_service(story)


def test_no_route_waits_for_a_second_connection_while_it_holds_one(settings: Settings) -> None:
    """Were all connections held by such routes, none would ever come free: who calls, and where, is asked before."""

    def in_order(needed: Dependant) -> Iterator[object]:
        for one in needed.dependencies:
            yield from in_order(one)
        yield needed.call

    asks = {people_access._place, people_access._person, people_access.member, partners_access._caller}
    for route in create_app(settings).state.routes:
        calls = list(in_order(route.dependant))
        for held in {database_module._reading, database_module._writing} & set(calls):
            before, after = calls[: calls.index(held)], calls[calls.index(held) + 1 :]
            assert not asks & set(after) - set(before), f"{route.name} takes a session first: name it after who calls, and where."


# ---- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_poisoned_message_harms_nobody_else(in_service: InService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that no rule foresaw makes the whole group's statement fail: each is then stored alone."""

    def picky(writes: WriteSession, items: list[Any]) -> list[Any]:
        results = receive_feedback(writes, items)
        if any(item.body == "poison" for item in items):
            raise ValueError("poison")
        return results

    monkeypatch.setattr(intake, "receive_feedback", picky)

    async def story(service: Running) -> None:
        answers = await together(*(service.tell(body="poison" if n == 7 else "fine") for n in range(20)))
        assert [answer.status_code for answer in answers] == [500 if n == 7 else 201 for n in range(20)]
        assert "receipt" not in answers[7].json() and "poison" not in answers[7].text
        assert service.stored() == 19

    in_service(story)


def test_a_failed_commit_refuses_the_whole_group_stores_nothing_and_heals(in_service: InService) -> None:
    async def story(service: Running) -> None:
        await service.tell()
        await service.put_area("before")
        keys = [str(uuid4()) for _ in range(30)]
        mend = failing_commit(service.database)
        answers = await together(*(service.tell(key) for key in keys), service.put_area("ordinary"))
        assert statuses(answers) == {503: 31}
        assert all("receipt" not in answer.json() and int(answer.headers["retry-after"]) > 0 for answer in answers)
        assert (await service.read_areas()).status_code == 200
        mend()
        assert service.stored() == 1
        assert "ordinary" not in (await service.read_areas()).text
        assert statuses(await together(*(service.tell(key) for key in keys), service.put_area("ordinary"))) == {201: 31}
        assert service.stored() == 31

    in_service(story)


def test_who_goes_away_harms_nobody_and_may_come_back_for_the_receipt(in_service: InService) -> None:
    async def story(service: Running) -> None:
        keys = [str(uuid4()) for _ in range(40)]
        tasks = [asyncio.create_task(service.tell(key)) for key in keys]
        while not service.database.waiting:
            await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(getattr(answer, "status_code", None) == 201 for answer in answers[1::2])
        again = await together(*(service.tell(key) for key in keys))
        assert set(statuses(again)) <= {200, 201} and service.stored() == 40
        assert [answer.json() for answer in again[1::2]] == [answer.json() for answer in answers[1::2]]  # type: ignore[union-attr]

    in_service(story)


def test_when_too_many_wait_the_next_is_refused_at_once(in_service: InService) -> None:
    async def story(service: Running) -> None:
        service.database.waiting_rows = WAITING_ROWS + 1
        answer = await service.tell()
        assert answer.status_code == 503 and "retry-after" in answer.headers
        service.database.waiting_rows = 0
        assert (await service.tell()).status_code == 201

    in_service(story)


def test_an_ordinary_write_that_raises_leaves_nothing_and_frees_the_door(in_service: InService) -> None:
    async def story(service: Running) -> None:
        for raised in (Refused("no"), ValueError("no")):
            with pytest.raises(type(raised)):
                async with service.database.writing() as writes:
                    area = writes.exec(select(Area).where(Area.code == "hill-road")).one()
                    area.name = "Changed"
                    writes.add(area)
                    writes.flush()
                    raise raised
        assert "Changed" not in (await service.read_areas()).text
        assert statuses(await together(service.tell(), service.put_area("next"))) == {201: 2}

    in_service(story)


def test_the_reader_cannot_write(database: Database, place: PlaceCard) -> None:
    with pytest.raises((DBAPIError, Unavailable)), database.read() as reads:
        reads.add(Area(collaboration_id=place.id, code="sneaked", name="Sneaked in"))
        reads.flush()
        reads.commit()
    with database.read() as reads:
        assert reads.exec(select(Area).where(Area.code == "sneaked")).all() == []


def test_closing_stores_what_waits_and_refuses_the_rest(
    place: PlaceCard, settings: Settings, clock: SettableClock, in_service: InService
) -> None:
    assert place.slug == "hillside"
    acknowledged = 0

    async def close_in_the_middle() -> None:
        nonlocal acknowledged
        async with running(settings, clock) as service:
            tasks = [asyncio.create_task(service.tell()) for _ in range(200)]
            while not service.database.waiting:
                await asyncio.sleep(0)
            waiting = len(service.database.waiting)
            await service.database.close()
            counted = statuses(list(await asyncio.gather(*tasks)))
            assert set(counted) <= {201, 503}
            acknowledged = counted[201]
            assert acknowledged >= waiting

    asyncio.run(close_in_the_middle())

    async def story(service: Running) -> None:
        assert service.stored() == acknowledged

    in_service(story)
