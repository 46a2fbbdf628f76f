"""Many rows: nobody waits long behind them, two batches at once lose nothing, and a batch that fails midway can be sent again."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from service.batches import work as batches
from service.batches.work import Result, Terms
from service.database import Database, WriteSession
from service.errors import FieldError, Unavailable
from service.idempotency import Asked, Kept, find_kept, keep
from service.places.queries import PlaceCard
from service.results.actions import Recording, record_observations
from service.results.batches import OBSERVATIONS as SORT
from service.results.models import Correction, Observation
from service.results.rules import Fate
from tests.make import SettableClock
from tests.results.conftest import OBSERVATIONS, items, row

AREAS = ("north-ward", "otherham", None)


def many(count: int) -> list[dict[str, Any]]:
    """Rows with different keys, as a council has them."""
    return [row(n / 7, period=f"{1000 + n % 2_500}", area=AREAS[n // 2_500], comment="As published") for n in range(count)]


@pytest.mark.slow
def test_resident_is_heard_while_a_partner_posts_7500_rows(partner: TestClient, resident: TestClient, database: Database) -> None:
    begun, finished = Event(), Event()

    def bulk() -> dict[str, Any]:
        begun.set()
        answer = partner.post(OBSERVATIONS, json={"observations": many(7_500)})
        finished.set()
        found: dict[str, Any] = answer.json()
        return found

    def count() -> int:
        with database.read() as reads:
            return reads.exec(select(func.count()).select_from(Observation)).one()

    with ThreadPoolExecutor(1) as thread:
        posted = thread.submit(bulk)
        begun.wait()
        while not count() and not finished.is_set():
            pass
        answer = resident.post("/api/v1/hillside/feedback", json={"kind": "good"})
        heard_meanwhile = not finished.is_set()
        outcome = posted.result()
    assert answer.status_code == 201
    assert heard_meanwhile, "the resident waited for the whole batch"
    assert (outcome["received"], outcome["created"], outcome["conflicts"]) == (7_500, 7_500, [])
    assert count() == 7_500


def test_chunks_take_turns_with_others(database: Database, terms: Callable[..., Terms]) -> None:
    """What comes while a long batch is stored waits for the chunk at hand, and for no other."""
    stored: list[str] = []

    def chunk(_writes: WriteSession, rows: list[Recording]) -> list[Result]:
        stored.append("chunk")
        return [Fate.CREATED for _row in rows]

    def short(_writes: WriteSession, rows: list[str]) -> list[str]:
        stored.extend(rows)
        return rows

    begun = asyncio.Event()

    async def bulk() -> None:
        async def store(rows: list[Recording]) -> list[Result]:
            results: list[Result] = await database.submit(chunk, rows)
            begun.set()
            return results

        await batches.run_in_turns(batches.work_on(SORT, lambda: iter(many(2_000)), terms()), store)

    async def together() -> None:
        long_one = asyncio.create_task(bulk())
        await begun.wait()
        before = len(stored)
        await database.submit(short, ["resident"])
        assert stored.index("resident") - before <= 2
        await long_one

    asyncio.run(together())
    assert stored.count("chunk") == 20
    assert stored[-1] == "chunk", "the resident was not last"


def test_two_batches_at_once_store_each_row_once(database: Database, terms: Callable[..., Terms]) -> None:
    """On PostgreSQL two processes may write the same keys at the same time: one creates, the other finds them there."""
    rows = [row(float(n), period=f"{1000 + n}") for n in range(150)]

    def store(which: list[dict[str, Any]]) -> list[Result]:
        with database.write() as writes:
            return record_observations(writes, items(*which, terms=terms()))

    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(store, (rows, rows[::-1]))
    fates = [{first, second} for first, second in zip(one, reversed(other), strict=True)]
    assert fates == [{Fate.CREATED, Fate.UNCHANGED}] * 150
    with database.read() as reads:
        assert reads.exec(select(func.count()).select_from(Observation)).one() == 150


def test_two_corrections_at_once_are_both_kept(database: Database, terms: Callable[..., Terms], record: Callable[..., Any]) -> None:
    record(row(0.0))

    def store(value: float) -> list[Result]:
        with database.write() as writes:
            return record_observations(writes, items(row(value), terms=terms()))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(store, (1.0, 2.0, 3.0, 4.0))) == [[Fate.CORRECTED]] * 4
    with database.read() as reads:
        said = {*reads.exec(select(Correction.value)), reads.exec(select(Observation.value)).one()}
        assert sorted(reads.exec(select(Correction.version))) == [1, 2, 3, 4]
    assert said == {0.0, 1.0, 2.0, 3.0, 4.0}


def test_batch_that_failed_midway_is_sent_again(database: Database, terms: Callable[..., Terms]) -> None:
    rows = many(350)
    calls: list[int] = []

    def failing(writes: WriteSession, chunk: list[Recording]) -> list[Result]:
        calls.append(len(chunk))
        if len(calls) == 3:
            raise Unavailable
        return record_observations(writes, chunk)

    breaking = replace(SORT, record=failing)
    with pytest.raises(Unavailable):
        asyncio.run(batches.store_in_parts(database, breaking, batches.work_on(breaking, lambda: iter(rows), terms())))
    tally = asyncio.run(batches.store_in_parts(database, SORT, batches.work_on(SORT, lambda: iter(rows), terms())))
    assert (tally.counts[Fate.UNCHANGED], tally.counts[Fate.CREATED], tally.refused) == (200, 150, 0)


def test_import_drives_the_same_work(database: Database, terms: Callable[..., Terms]) -> None:
    """Here and now, chunk by chunk; what a map refuses stands in its place, with its row."""
    rows = [row(), FieldError("status", "No promise"), row(), row(area="nowhere")]

    def store(chunk: list[Recording]) -> list[Result]:
        with database.write() as writes:
            return record_observations(writes, chunk)

    out = batches.run(batches.work_on(SORT, lambda: iter(rows), terms()), store).out()
    assert (out.received, out.created, out.unchanged, out.refused) == (4, 1, 1, 2)
    assert [(found.row, found.field) for found in out.conflicts] == [(2, "status"), (4, "area")]


# ---- answers that are kept -------------------------------------------------------------------------------------------


@pytest.fixture
def asked(hillside: PlaceCard) -> Callable[[str], Asked]:
    """A request with a key."""
    return lambda body: Asked(hillside.id, hillside.id, "monday", ("POST", body))


def test_of_two_twins_the_first_answer_counts(database: Database, asked: Callable[[str], Asked], clock: SettableClock) -> None:
    first, second = Kept(200, '{"created": 1}'), Kept(200, '{"unchanged": 1}')
    with database.write() as writes:
        assert keep(writes, asked("x"), first, clock()) is None
    with database.write() as writes:
        assert keep(writes, asked("x"), second, clock()) == first
    with database.read() as reads:
        assert find_kept(reads, asked("x"), clock()) == first


def test_answer_that_is_not_kept_undoes_what_was_stored(
    database: Database, terms: Callable[..., Terms], asked: Callable[[str], Asked], clock: SettableClock
) -> None:
    def then(writes: WriteSession, _tally: batches.Tally) -> None:
        keep(writes, asked("x"), Kept(200, "{}"), clock())
        raise Unavailable

    with pytest.raises(Unavailable):
        asyncio.run(batches.store_at_once(database, SORT, lambda: batches.work_on(SORT, lambda: iter(many(3)), terms()), then))
    with database.read() as reads:
        assert find_kept(reads, asked("x"), clock()) is None
        assert reads.exec(select(func.count()).select_from(Observation)).one() == 0
