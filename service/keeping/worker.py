"""The keeper of the server process: brings the ledger up to date within seconds, and carries the periods out once a day."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from service import logs, walls
from service.clock import Clock
from service.database import Database
from service.keeping import replay, retention, rules
from service.keeping.queries import find_last_run
from service.photos.guards import sweep_files
from service.rounds import Round

OVERLAP = timedelta(minutes=10)
"""How far back each look goes: transactions end in another order than they begin."""

log = logs.named("said.keeping")


class Keeper(Round):
    """Works until it is told to stop. Several processes may each have one: what one has done, another finds done."""

    pause = 5.0
    rests_first = True
    last_seconds = None

    def __init__(self, database: Database, var: Path, clock: Clock) -> None:
        super().__init__()
        self.database, self.var, self.clock = database, var, clock

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """First takes out again what an older copy brought back, then works for as long as the block lasts. It keeps the whole house."""
        with walls.within(walls.WHOLE_HOUSE):
            again = replay.catch_up(self.database, self.var, self.clock())
            with self.database.read() as reads:
                sweep_files(reads, self.var, self.clock())
            if again:
                log.warning("taken out again what a restored copy brought back", count=again)
        async with super().working():
            yield
        with walls.within(walls.WHOLE_HOUSE):
            await asyncio.to_thread(self._write_down)

    async def look(self) -> None:
        """Brings the ledger up to date, and takes out what is over."""
        with walls.within(walls.WHOLE_HOUSE):
            await asyncio.to_thread(self._write_down)
            await self.end_consents()
            await self.retain_when_due()

    async def retain_when_due(self) -> Counter[str] | None:
        """Carries the periods out when a day has passed, batch by batch between the writes of others; None when it is not time."""
        now = self.clock()
        last = await self.database.reading(find_last_run)
        if not rules.is_due(last.began_at if last else None, now):
            return None
        async with self.database.writing() as writes:
            run_id = await asyncio.to_thread(retention.begin, writes, now)
        counts = await self._carry_out(await self.database.reading(lambda reads: retention.steps(reads, now)), now)
        await self.database.reading(lambda reads: sweep_files(reads, self.var, self.clock()))
        async with self.database.writing() as writes:
            await asyncio.to_thread(retention.finish, writes, run_id, counts, self.clock())
        log.info("periods carried out", taken_out=sum(counts.values()))
        return counts

    async def end_consents(self) -> Counter[str]:
        """Acts on every yes whose last day is over: within seconds of its end nobody else reads the words."""
        now = self.clock()
        found = await self.database.reading(lambda reads: retention.consent_steps(reads, now))
        return await self._carry_out(found, now)

    async def _carry_out(self, steps: Sequence[retention.Step | retention.RowStep], now: datetime) -> Counter[str]:
        counts: Counter[str] = Counter()
        for step in steps:
            while not self.stopping.is_set():
                async with self.database.writing() as writes:
                    number = await asyncio.to_thread(step, writes, now)
                counts[step.name] += number
                if not number:
                    break
        return counts

    def _write_down(self) -> None:
        since: datetime = self.clock() - OVERLAP
        replay.write_down(self.database, self.var, since)
