"""What gives answers to many in the server process: a few at a time, so that nobody else's write waits long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from service import walls
from service.clock import Clock
from service.database import Database
from service.errors import Unavailable
from service.themes.giving_actions import give_next, tell_next
from service.themes.giving_queries import is_anything_to_give

PAUSE = 2.0
"""Seconds between two looks."""

BREATH = 0.05
"""Seconds between two steps, in which others write."""

LAST_SECONDS = 5.0
"""How long a service that stops waits for a step that is going on."""

log = structlog.get_logger("said.themes")


class Giver:
    """Gives until it is told to stop. Several processes may each have one: a row is held while its answer is given, and then it has it.

    A step is one transaction: whoever has an answer is noted with it, so after a kill the next step goes on with who is left.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Looks again and again, until it is told to stop."""
        pause = 0.0
        while not await self._is_over(pause):
            pause = PAUSE
            try:
                pause = BREATH if await self.give() else PAUSE
            except Unavailable:
                log.warning("database away")
            except Exception:  # what cannot be given must not stop the service
                log.exception("answer to many not given")

    async def _is_over(self, pause: float) -> bool:
        """Waits for the next step; answers whether there is none."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), pause)
        return self.stopping.is_set()

    async def give(self) -> bool:
        """Takes the next step; answers whether there was one. It looks after the whole house."""
        with walls.within(walls.WHOLE_HOUSE):
            if not await self.database.reading(is_anything_to_give):
                return False
            async with self.database.writing() as writes:
                return await asyncio.to_thread(lambda: give_next(writes, self.clock()) or tell_next(writes, self.clock()))

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Works for as long as the block lasts."""
        task = asyncio.create_task(self.run())
        yield
        self.stopping.set()
        _done, hanging = await asyncio.wait({task}, timeout=LAST_SECONDS)
        for one in hanging:
            one.cancel()
