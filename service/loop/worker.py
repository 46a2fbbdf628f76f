"""What goes round behind the acts: it tells senders, reminds who owes an answer, and closes what nobody contests."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime

from service import walls
from service.clock import Clock
from service.database import Database, WriteSession
from service.days import local_day
from service.loop.owed_queries import is_working_hour
from service.loop.queries import is_anything_to_tell
from service.loop.reminding_actions import escalate, remind
from service.loop.telling_actions import Parcel, close_uncontested, tell_next
from service.outbox.actions import post
from service.outbox.models import Purpose
from service.places.queries import PlaceCard, find_places
from service.rounds import Round

DAYS_WORK = 30
"""Looks from one day's work to the next; the first comes after as many."""


class Teller(Round):
    """Looks round until it is told to stop. Several processes may each have one: who was told, reminded or closed stays so, once."""

    pause = 10.0
    rests_first = True

    def __init__(self, database: Database, clock: Clock, *, sends_mail: bool, sends_texts: bool = False) -> None:
        super().__init__()
        self.database, self.clock, self.sends_mail, self.sends_texts = database, clock, sends_mail, sends_texts
        self.looks = 0
        self.reminded: set[tuple[str, date]] = set()

    async def look(self) -> None:
        """Tells what is to be told, and now and then does the day's work."""
        while not self.stopping.is_set() and await self.tell():
            pass
        self.looks += 1
        if self.looks % DAYS_WORK == 0:
            await self.go_round()

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
