"""The door when something goes wrong: who is refused is told so, nothing half done stays, and it heals."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from service import walls
from service.database import WAITING_ROWS, Database, WriteSession
from service.errors import Refused, Unavailable
from service.feedback import intake
from service.feedback.actions import Message, receive_feedback
from service.feedback.intake import PUBLIC_SENDER, key_bytes, message_from
from service.feedback.models import FeedbackIn
from service.places.models import Area
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.door.running import Running, statuses, together
from tests.make import Make

InService = Callable[[Callable[[Running], Any]], None]


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
            with walls.within(walls.WHOLE_HOUSE), pytest.raises(type(raised)):
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


def test_closing_stores_what_waits_and_refuses_the_rest(make: Make, place: PlaceCard, settings: Settings, in_service: InService) -> None:
    def message() -> Message:
        key = key_bytes(str(uuid4()), PUBLIC_SENDER)
        return message_from(place, make.keys, PUBLIC_SENDER, FeedbackIn(body="The bench is back."), key, make.clock())

    async def close_in_the_middle() -> int:
        database = Database(settings.database, whole_house=True)
        waiting = [asyncio.create_task(database.submit(receive_feedback, [message()])) for _ in range(300)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(database.close())
        await asyncio.sleep(0)
        late = await asyncio.gather(*(database.submit(receive_feedback, [message()]) for _ in range(5)), return_exceptions=True)
        assert [type(one) for one in late] == [Unavailable] * 5
        stored = await asyncio.gather(*waiting)
        await closing
        return sum(not one.replayed for [one] in stored)

    acknowledged = asyncio.run(close_in_the_middle())

    async def story(service: Running) -> None:
        assert service.stored() == acknowledged == 300

    in_service(story)
