"""What watches the lane in the server process: it asks the next in line, and raises the alarm when nobody is there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from service import walls
from service.clock import Clock
from service.database import Database, WriteSession
from service.errors import Unavailable
from service.outbox.actions import post
from service.outbox.models import For, Purpose
from service.safeguarding.actions import ask_around
from service.safeguarding.queries import is_anybody_due

PAUSE = 5.0
"""Seconds between two looks."""

LAST_SECONDS = 5.0
"""How long a service that stops waits for a look that is going on."""

log = structlog.get_logger("said.safeguarding")


class Watch:
    """Looks at the lane until it is told to stop. Several processes may each have one: a concern is held while somebody is asked."""

    def __init__(self, database: Database, clock: Clock, *, sends_mail: bool) -> None:
        self.database, self.clock, self.sends_mail = database, clock, sends_mail
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Looks again and again, until it is told to stop."""
        while not self.stopping.is_set():
            try:
                await self.look()
            except Unavailable:
                log.warning("database away")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), PAUSE)

    async def look(self) -> int:
        """Calls whoever is to be called now; answers how many. It looks after the whole house."""
        with walls.within(walls.WHOLE_HOUSE):
            return await self._look()

    async def _look(self) -> int:
        if not await self.database.reading(lambda reads: is_anybody_due(reads, self.clock())):
            return 0
        async with self.database.writing() as writes:
            return await asyncio.to_thread(self._call, writes)

    def _call(self, writes: WriteSession) -> int:
        calls = ask_around(writes, self.clock())
        for call in calls if self.sends_mail else ():
            post(writes, Purpose.URGENT, call.address, call.language, self.clock(), For(call.place_id, call.staff_id))
        log.warning("somebody is needed", called=len(calls), by_mail=self.sends_mail)
        return len(calls)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Watches for as long as the block lasts."""
        task = asyncio.create_task(self.run())
        yield
        self.stopping.set()
        _done, hanging = await asyncio.wait({task}, timeout=LAST_SECONDS)
        for one in hanging:
            one.cancel()
