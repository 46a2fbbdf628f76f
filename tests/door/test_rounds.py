"""What the server does beside answering goes on, whatever one look ran into, and ends when it is told to."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from service.errors import Unavailable
from service.rounds import Round


class Errand(Round):
    """Runs into one thing after the other, and is told to stop when there is nothing left."""

    pause = 0.0

    def __init__(self, *meets: Exception | None) -> None:
        super().__init__()
        self.meets, self.looks = list(meets), 0

    async def look(self) -> None:
        self.looks += 1
        met = self.meets.pop(0)
        if not self.meets:
            self.stopping.set()
        if met:
            raise met


class Stuck(Round):
    """Never gets to the end of its first look, nor of what it has in hand."""

    pause, last_seconds = 0.0, 0.01

    async def look(self) -> None:
        self.beside = asyncio.create_task(asyncio.sleep(600))
        await asyncio.sleep(600)

    def in_hand(self) -> Iterable["asyncio.Task[Any]"]:
        return [self.beside]


def test_round_goes_on_after_what_nobody_foresaw() -> None:
    errand = Errand(KeyError("a"), Unavailable(), None)
    asyncio.run(errand.run())
    assert errand.looks == 3


def test_round_that_rests_first_does_not_look_when_it_is_told_to_stop_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Errand, "rests_first", True)
    monkeypatch.setattr(Errand, "pause", 600.0)
    errand = Errand(None)

    async def visit() -> None:
        async with errand.working():
            await asyncio.sleep(0)

    asyncio.run(visit())
    assert errand.looks == 0


def test_round_that_hangs_is_not_waited_for() -> None:
    stuck = Stuck()

    async def visit() -> None:
        async with stuck.working():
            await asyncio.sleep(0.01)

    asyncio.run(visit())
    assert stuck.beside.cancelled()


def test_round_ends_when_what_it_works_beside_breaks() -> None:
    errand = Errand(*[None] * 1_000)

    async def visit() -> None:
        async with errand.working():
            await asyncio.sleep(0)
            raise KeyError

    with pytest.raises(KeyError):
        asyncio.run(visit())
    assert errand.stopping.is_set()
