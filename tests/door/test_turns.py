"""Who goes first at the door: people's own posts before bulk loads, which go on in steps as large as nobody minds."""

import asyncio
from typing import Any

import pytest

from service import database as door
from service.database import LONG_STEP, OWN_ROWS, STEP, Database, WriteSession

groups: list[list[str]] = []


def stored(_writes: WriteSession, rows: list[str]) -> list[str]:
    """A batch action that only remembers what came together."""
    groups.append(rows)
    return rows


@pytest.fixture(autouse=True)
def forgotten() -> None:
    groups.clear()


def load(name: str, rows: int = STEP) -> list[str]:
    return [name] * rows


async def all_at_once(database: Database, *sent: list[str]) -> list[Any]:
    """Hands these in while the door is shut, so that all of them wait together."""
    for _way in range(1 if database.is_sqlite else door.CONNECTIONS - 1):
        await database.door.acquire()
    waiting = [asyncio.create_task(database.submit(stored, rows)) for rows in sent]
    await asyncio.sleep(0.01)
    for _way in range(1 if database.is_sqlite else door.CONNECTIONS - 1):
        database.door.release()
    return await asyncio.gather(*waiting)


def test_people_go_before_bulk_loads_and_not_together_with_them(database: Database) -> None:
    answers = asyncio.run(all_at_once(database, load("bulk"), load("more"), ["one"], ["two"]))
    assert groups == [["one", "two"], load("bulk"), load("more")]
    assert answers == [load("bulk"), load("more"), ["one"], ["two"]], "each has its own answer"


def test_bulk_load_goes_on_while_people_keep_coming(database: Database) -> None:
    crowd = [load(f"person {n}", OWN_ROWS) for n in range(60)]
    asyncio.run(all_at_once(database, load("bulk"), load("more"), *crowd))
    turns = ["bulk" if group[0] in ("bulk", "more") else "people" for group in groups]
    assert turns == ["people", "bulk", "people", "bulk", "people"]


def test_steps_are_long_only_while_nobody_else_writes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert database.step() == LONG_STEP
    asyncio.run(database.submit(stored, load("bulk", 5_000)))
    assert [len(group) for group in groups] == [LONG_STEP] * 5
    assert database.step() == LONG_STEP, "a bulk load does not slow itself down"
    asyncio.run(database.submit(stored, ["one"]))
    assert database.step() == STEP
    monkeypatch.setattr(door, "QUIET_SECONDS", 0.0)
    assert database.step() == LONG_STEP


def test_loads_that_wait_together_share_a_step(database: Database) -> None:
    asyncio.run(all_at_once(database, ["one"], load("bulk", 16), load("more", 16), load("most", 16)))
    assert [len(group) for group in groups] == [1, 32, 16]
