"""What the server process does beside answering: it looks whether there is something to do, rests, and looks again."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, ClassVar

from service import logs
from service.errors import Unavailable

log = logs.named("said.rounds")


class Round(ABC):
    """Looks again and again until it is told to stop, whatever one look ran into: what went wrong is logged, and tried again."""

    pause: ClassVar[float]
    """Seconds between two looks."""

    rests_first: ClassVar[bool] = False
    """Whether it rests before the first look."""

    last_seconds: ClassVar[float | None] = 5.0
    """How long a service that stops waits for what is going on. None: until it is done."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()

    @abstractmethod
    async def look(self) -> object:
        """Does what is to be done now."""

    async def run(self) -> None:
        """Looks and rests in turns."""
        if self.rests_first:
            await self._rest()
        while not self.stopping.is_set():
            try:
                await self.look()
            except Unavailable:
                log.warning("database away", round=type(self).__name__)
            except Exception:  # one thing that cannot be done must not stop all that comes after it
                log.exception("look failed", round=type(self).__name__)
            await self._rest()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), self.pause)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Works for as long as the block lasts, then finishes what is in hand, as far as `last_seconds` reach."""
        task = asyncio.create_task(self.run())
        try:
            yield
        finally:
            self.stopping.set()
            _done, hanging = await asyncio.wait({task, *self.in_hand()}, timeout=self.last_seconds)
            for one in hanging:
                one.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)

    def in_hand(self) -> Iterable["asyncio.Task[Any]"]:
        """What goes on beside the looks."""
        return ()
