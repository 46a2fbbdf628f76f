"""The one door for writes: nothing is acknowledged that was not stored, nothing is stored twice, nobody harms a neighbour."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import uuid4

from fastapi.dependencies.models import Dependant

from service import database as database_module
from service import rollups
from service.app import create_app
from service.partners import access as partners_access
from service.people import access as people_access
from service.people.actions import sign_in
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.door.running import Running, statuses, together
from tests.make import Make, SettableClock

InService = Callable[[Callable[[Running], Any]], None]


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
        other, wrong = [service.tell(key, body="Another.") for key in keys[:20]], [service.tell(area="nowhere") for _ in range(20)]
        answers = await together(*(call for four in zip(new, again, other, wrong, strict=True) for call in four))
        assert statuses(answers[0::4]) == {201: 20}
        assert [answer.json() for answer in answers[1::4]] == [answer.json() for answer in first]
        assert statuses(answers[2::4]) == {409: 20}
        assert statuses(answers[3::4]) == {422: 20}
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
                answer = await call
                done.append((kind, answer.status_code))

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
