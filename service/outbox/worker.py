"""The worker of the server process that sends what is due, one letter after the other."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from service import language, logs, walls
from service.clock import Clock
from service.database import Database, WriteSession
from service.errors import Unavailable
from service.outbox import rules
from service.outbox.actions import claim, done_with, give_up, try_again
from service.outbox.carriers import Carrier
from service.outbox.mail import NobodyThereError, NotSentError
from service.outbox.models import TO_RESIDENTS, Claimed, Purpose, Written
from service.outbox.queries import is_anything_due
from service.rounds import Round

Writer = Callable[[WriteSession, Claimed, datetime], Written | None]
"""Writes a letter when it is sent; None when it has nobody to go to."""

Forget = Callable[[WriteSession, Claimed, datetime], None]
"""Forgets where a letter was to go, when nobody is there any more."""

log = logs.named("said.outbox")


class Worker(Round):
    """Sends letters until it is told to stop. Several processes may each have one: a letter is claimed before it is sent."""

    pause = 2.0

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        writers: Mapping[Purpose, Writer],
        clock: Clock,
        *,
        forget: Mapping[Purpose, Forget] | None = None,
    ) -> None:
        super().__init__()
        self.database, self.carrier, self.writers, self.clock = database, carrier, writers, clock
        self.forget = forget or {}

    async def look(self) -> None:
        """Sends what is due, one letter after the other."""
        while not self.stopping.is_set() and await self.send_one():
            pass

    async def send_one(self) -> bool:
        """Sends the letter that is due longest; answers whether there was one.

        It is claimed and written in transactions that are over before anybody outside is asked. The post is the whole house's.
        """
        with walls.within(walls.WHOLE_HOUSE):
            return await self._send_one()

    async def _send_one(self) -> bool:
        if not await self.database.reading(lambda reads: is_anything_due(reads, self.clock())):
            return False
        async with self.database.writing() as writes:
            letter = await asyncio.to_thread(claim, writes, self.clock())
        if letter is None:  # another process was quicker
            return False
        try:
            async with self.database.writing() as writes:
                written = await asyncio.to_thread(self._write, writes, letter)
            if written is not None:
                await asyncio.to_thread(self.carrier.send, letter, written)
        except NobodyThereError as error:
            await self._nobody_there(letter, str(error))
        except NotSentError as error:
            await self._failed(letter, str(error))
        except Unavailable:
            raise
        except Exception as error:  # one letter that cannot be written must not stop all others
            log.exception("letter not written", letter=str(letter.id))
            await self._failed(letter, type(error).__name__)
        else:
            async with self.database.writing() as writes:
                await asyncio.to_thread(done_with, writes, letter)
        return True

    def _write(self, writes: WriteSession, letter: Claimed) -> Written | None:
        offered = language.available() if letter.purpose in TO_RESIDENTS else language.for_staff(language.available())
        spoken = language.choose(letter.language, "", offered)
        with language.speaking(spoken):
            written = self.writers[letter.purpose](writes, letter, self.clock())
        return replace(written, language=written.language or spoken.code) if written else None

    async def _nobody_there(self, letter: Claimed, kind: str) -> None:
        forget = self.forget.get(letter.purpose)
        async with self.database.writing() as writes:
            if forget is None:
                await asyncio.to_thread(give_up, writes, letter, self.clock(), kind)
            else:
                await asyncio.to_thread(forget, writes, letter, self.clock())
                await asyncio.to_thread(done_with, writes, letter)
        log.warning("letter not sent", letter=str(letter.id), kind=kind, given_up=True)

    async def _failed(self, letter: Claimed, kind: str) -> None:
        now = self.clock()
        again_at = rules.next_try(letter.purpose, letter.made_at, letter.attempts, now)
        async with self.database.writing() as writes:
            if again_at is None:
                await asyncio.to_thread(give_up, writes, letter, now, kind)
            else:
                await asyncio.to_thread(try_again, writes, letter, again_at)
        log.warning("letter not sent", letter=str(letter.id), kind=kind, given_up=again_at is None)
