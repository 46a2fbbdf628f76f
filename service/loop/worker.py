"""What goes round behind the acts: it tells senders, reminds who owes an answer, and closes what nobody contests."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime

import structlog

from service import walls
from service.clock import Clock
from service.database import Database, WriteSession
from service.days import local_day
from service.errors import Unavailable
from service.loop.owed_queries import is_working_hour
from service.loop.queries import is_anything_to_tell
from service.loop.reminding_actions import escalate, remind
from service.loop.telling_actions import Parcel, close_uncontested, tell_next
from service.outbox.actions import post
from service.outbox.models import Purpose
from service.places.queries import PlaceCard, find_places

PAUSE = 10.0
"""Seconds between two looks."""

ROUND = 30
"""Looks from one round of the day's work to the next; the first comes after as many."""

LAST_SECONDS = 5.0
"""How long a service that stops waits for a look that is going on."""

log = structlog.get_logger("said.loop")


class Teller:
    """Looks round until it is told to stop. Several processes may each have one: who was told, reminded or closed stays so, once."""

    def __init__(self, database: Database, clock: Clock, *, sends_mail: bool, sends_texts: bool = False) -> None:
        self.database, self.clock, self.sends_mail, self.sends_texts = database, clock, sends_mail, sends_texts
        self.stopping = asyncio.Event()
        self.reminded: set[tuple[str, date]] = set()

    async def run(self) -> None:
        """Looks again and again, until it is told to stop."""
        looks = 0
        while not await self._is_over():
            try:
                while not self.stopping.is_set() and await self.tell():
                    pass
                looks += 1
                if looks % ROUND == 0:
                    await self.go_round()
            except Unavailable:
                log.warning("database away")
            except Exception:  # one place that cannot be worked through must not stop all others
                log.exception("round not ended")

    async def _is_over(self) -> bool:
        """Waits for the next look; answers whether there is none."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), PAUSE)
        return self.stopping.is_set()

    async def tell(self) -> bool:
        """Tells the next few of whom to tell of something; answers whether there was anything. It looks after the whole house."""
        with walls.within(walls.WHOLE_HOUSE):
            if not await self.database.reading(is_anything_to_tell):
                return False
            async with self.database.writing() as writes:
                return await asyncio.to_thread(self._tell, writes)

    async def go_round(self) -> None:
        """The day's work, place by place: reminds once a day, and closes a few loops at a time until none is left."""
        with walls.within(walls.WHOLE_HOUSE):
            for place in await self.database.reading(find_places):
                today = place.slug, local_day(self.clock(), place.time_zone)
                if today not in self.reminded and is_working_hour(place, self.clock()):
                    await self._post(place, remind)
                    await self._post(place, escalate)
                    self.reminded.add(today)
                while not self.stopping.is_set() and await self._close(place):
                    pass

    async def _post(self, place: PlaceCard, work: Callable[[WriteSession, PlaceCard, datetime], list[Parcel]]) -> None:
        async with self.database.writing() as writes:
            await asyncio.to_thread(lambda: self._letters(writes, Purpose.REMINDER, work(writes, place, self.clock())))

    async def _close(self, place: PlaceCard) -> int:
        async with self.database.writing() as writes:
            return await asyncio.to_thread(close_uncontested, writes, place, self.clock())

    def _tell(self, writes: WriteSession) -> bool:
        parcels = tell_next(writes, self.clock())
        for one in parcels or ():
            if one.to_browser:
                post(writes, Purpose.PUSH, one.about, one.language, self.clock(), one.whom)
            elif self.sends_mail or self.sends_texts:
                post(writes, Purpose.NEWS, one.about, one.language, self.clock(), one.whom)
        return parcels is not None

    def _letters(self, writes: WriteSession, purpose: Purpose, parcels: Sequence[Parcel]) -> None:
        for one in parcels if self.sends_mail else ():
            post(writes, purpose, one.about, one.language, self.clock())

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Works for as long as the block lasts."""
        task = asyncio.create_task(self.run())
        yield
        self.stopping.set()
        _done, hanging = await asyncio.wait({task}, timeout=LAST_SECONDS)
        for one in hanging:
            one.cancel()
