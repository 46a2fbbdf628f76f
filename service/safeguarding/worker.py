"""What watches the lane in the server process: it asks the next in line, and raises the alarm when nobody is there."""

import asyncio

from service import logs, walls
from service.clock import Clock
from service.database import Database, WriteSession
from service.outbox.actions import post
from service.outbox.models import For, Purpose
from service.rounds import Round
from service.safeguarding.actions import ask_around
from service.safeguarding.queries import is_anybody_due

log = logs.named("said.safeguarding")


class Watch(Round):
    """Looks at the lane until it is told to stop. Several processes may each have one: a concern is held while somebody is asked."""

    pause = 5.0

    def __init__(self, database: Database, clock: Clock, *, sends_mail: bool) -> None:
        super().__init__()
        self.database, self.clock, self.sends_mail = database, clock, sends_mail

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
