"""The worker of the server process that tries and takes in files: beside everything else, its writes in turn with everybody's."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from service import logs, walls
from service.clock import Clock
from service.database import STEP, Database, ReadSession, WriteSession
from service.errors import Unavailable
from service.intakes import files
from service.intakes.models import Intake
from service.intakes.queries import find_names, find_waiting
from service.intakes.work import Claimed, LostError, Work, claim, let_go
from service.language import _
from service.rounds import Round

SWEEP = 3_600.0
"""Seconds between two looks at what lies there too long."""

LEFT_ALONE = timedelta(hours=1)
"""A file without a row may be one that is just being sent, so long."""

log = logs.named("said.intakes")


class InTurn:
    """The door of the service, for a thread: what it writes waits its turn on the event loop, as every request does."""

    def __init__(self, database: Database, loop: asyncio.AbstractEventLoop) -> None:
        self.database, self.loop = database, loop

    @property
    def is_sqlite(self) -> bool:
        """Whether there is one door for all."""
        return self.database.is_sqlite

    def read(self) -> AbstractContextManager[ReadSession]:
        """As the database reads."""
        return self.database.read()

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """One transaction, in its turn."""
        asyncio.run_coroutine_threadsafe(self.database.door.acquire(), self.loop).result()
        try:
            with self.database.write() as writes:
                yield writes
        finally:
            self.loop.call_soon_threadsafe(self.database.door.release)


class Bringer(Round):
    """Several processes may each have one: a file is claimed before it is worked on. What was being taken in is gone on with."""

    pause = 1.0
    last_seconds = None

    def __init__(self, database: Database, var: Path, clock: Clock) -> None:
        super().__init__()
        self.database, self.var, self.clock = database, var, clock
        self.woken, self.loop = asyncio.Event(), asyncio.get_running_loop()
        self.swept = -SWEEP

    def wake(self) -> None:
        """There is something to do, says whoever has just committed it; from any thread."""
        with suppress(RuntimeError):  # the loop is over, and so is the service
            self.loop.call_soon_threadsafe(self.woken.set)

    async def _rest(self) -> None:
        waiting = [asyncio.create_task(one.wait()) for one in (self.stopping, self.woken)]
        _done, late = await asyncio.wait(waiting, timeout=self.pause, return_when=asyncio.FIRST_COMPLETED)
        for one in late:
            one.cancel()
        self.woken.clear()

    async def look(self) -> int:
        """Works on everything that waits, one after the other; answers how many. It works for the whole house."""
        done = 0
        if self.loop.time() - self.swept > SWEEP:
            self.swept = self.loop.time()
            await self.sweep()
        with walls.within(walls.WHOLE_HOUSE):
            for place_id, intake_id in await self.database.reading(lambda reads: find_waiting(reads, self.clock())):
                if self.stopping.is_set():
                    break
                async with self.database.writing() as writes:
                    claimed = await asyncio.to_thread(claim, writes, place_id, intake_id, self.clock())
                if claimed is not None:
                    await self._work_on(claimed)
                    done += 1
        return done

    async def _work_on(self, claimed: Claimed) -> None:
        work = Work(
            InTurn(self.database, self.loop), self.var, claimed, self.clock, self.stopping.is_set, self._others_since(time.monotonic())
        )
        failed = None
        try:
            await asyncio.to_thread(work.run)
        except (LostError, Unavailable):
            log.warning("file left for later", intake=str(claimed.id))
        except Exception:  # one file must not stop all others, nor be tried for ever
            log.exception("file not worked on", intake=str(claimed.id))
            failed = _("Something went wrong here while the file was read. What was taken in stays. Look through it again.")
        else:
            return
        async with self.database.writing() as writes:
            await asyncio.to_thread(lambda: let_go(writes, claimed, failed=failed))

    def _others_since(self, began: float) -> Callable[[], bool]:
        """Whether somebody wrote in the last minute, whoever had the work done left out."""
        return lambda: self.database.heard_at > began and self.database.step() == STEP

    async def sweep(self) -> int:
        """Throws away files whose time is over, and those that nobody knows; answers how many."""
        now = self.clock()
        with walls.within(walls.WHOLE_HOUSE):
            known, over = await self.database.reading(lambda reads: find_names(reads, now))
            if over:
                async with self.database.writing() as writes:
                    await asyncio.to_thread(_forget, writes, [name for _place, _id, name in over])
        gone = [name for _place, _id, name in over]
        for name in files.names_in(self.var):
            with suppress(OSError):
                if name not in known and (files.folder_in(self.var) / name).stat().st_mtime < (now - LEFT_ALONE).timestamp():
                    gone.append(name)
        files.throw_away(self.var, gone)
        return len(gone)


def _forget(writes: WriteSession, names: list[str]) -> None:
    table = Intake.__table__  # type: ignore[attr-defined]
    writes.execute(update(table).where(table.c.name.in_(names)).values(name=None))
