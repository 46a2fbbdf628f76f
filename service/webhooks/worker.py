"""The worker of the server process that tells programs outside what has happened: each webhook in its order, none held up by another."""

import asyncio
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from service import logs, walls
from service.clock import Clock
from service.database import Database, WriteSession
from service.errors import Unavailable
from service.news import Webhook
from service.outbox.actions import post
from service.outbox.models import For, Purpose
from service.people.models import Role
from service.people.queries import chosen_languages, find_colleagues
from service.places.models import Collaboration
from service.rounds import Round
from service.server_keys import ServerKeys
from service.webhooks.actions import claim, note, release, secrets_of
from service.webhooks.letters import address_of
from service.webhooks.models import Answer, Claimed, Fault, Target
from service.webhooks.queries import find_due
from service.webhooks.rules import headers_of
from service.webhooks.sending import Sender

AT_ONCE = 16
"""So many webhooks are told at the same time by one process."""

REST, LONGEST_REST = 5.0, 60.0
"""Seconds for which a webhook that failed is left alone, twice as long each time, whatever else is due."""

log = logs.named("said.webhooks")


class Messenger(Round):
    """Tells until it is told to stop. Several processes may each have one: what is told is claimed before it is sent.

    Each webhook is told one thing after the other, by a task of its own: one that hangs keeps no other waiting.
    """

    pause = 1.0

    def __init__(  # noqa: PLR0913 (each is one thing it needs)
        self,
        database: Database,
        keys: Callable[[], ServerKeys],
        sender: Sender,
        clock: Clock,
        *,
        public_url: str,
        chance: Callable[[], float] = random.random,
        sends_mail: bool = False,
    ) -> None:
        super().__init__()
        self.database, self.keys, self.sender, self.clock = database, keys, sender, clock
        self.public_url, self.chance, self.sends_mail = public_url, chance, sends_mail
        self.serving: dict[UUID, asyncio.Task[None]] = {}
        self.failed: dict[UUID, tuple[int, datetime]] = {}

    async def look(self) -> int:
        """Begins to tell every webhook that has something due and is not being told; answers how many. It tells the whole house."""
        with walls.within(walls.WHOLE_HOUSE):
            due = await self.database.reading(lambda reads: find_due(reads, self.clock()))
            random.shuffle(due)  # so that nobody is the last each time
            begun = 0
            for place_id, webhook_id in due:
                if webhook_id not in self.serving and len(self.serving) < AT_ONCE and not self._rests(webhook_id):
                    self.serving[webhook_id] = asyncio.create_task(self._serve(place_id, webhook_id))
                    begun += 1
            return begun

    async def tell_all(self) -> int:
        """Tells what is due now, and waits for it; answers how many webhooks were told something."""
        begun = await self.look()
        await asyncio.gather(*self.serving.values())
        return begun

    def in_hand(self) -> Iterable[asyncio.Task[None]]:
        return self.serving.values()

    async def _serve(self, place_id: UUID, webhook_id: UUID) -> None:
        """Tells one webhook as long as something is due, and it takes what it is told."""
        try:
            while not self.stopping.is_set() and await self._tell(place_id, webhook_id):
                pass
        except Unavailable:
            log.warning("database away")
        except Exception:  # one webhook must not stop all others
            log.exception("webhook not told", webhook=str(webhook_id))
        finally:
            del self.serving[webhook_id]

    async def _tell(self, place_id: UUID, webhook_id: UUID) -> bool:
        """Tells the next few things; answers whether all of them arrived. No transaction is open while a receiver is asked."""
        async with self.database.writing() as writes:
            found = await asyncio.to_thread(claim, writes, place_id, webhook_id, self.public_url, self.clock())
        if found is None or not found[1]:
            return False
        target, claimed = found
        results: list[tuple[Claimed, Answer]] = []
        for one in claimed:
            results.append((one, await self._send(target, one)))
            if results[-1][1].fault is not None or self.stopping.is_set():
                break
        await self._note(results, claimed[len(results) :])
        failed = results[-1][1].fault
        if failed is None:
            self.failed.pop(webhook_id, None)
            return True
        times = self.failed.get(webhook_id, (0, self.clock()))[0] + 1
        self.failed[webhook_id] = (times, self.clock() + timedelta(seconds=min(LONGEST_REST, REST * 2 ** min(times - 1, 10))))
        log.warning("webhook not told", webhook=str(webhook_id), kind=failed.value, status=results[-1][1].status)
        return False

    def _rests(self, webhook_id: UUID) -> bool:
        return webhook_id in self.failed and self.clock() < self.failed[webhook_id][1]

    async def _send(self, target: Target, one: Claimed) -> Answer:
        held = secrets_of(self.keys(), target)
        if not held:
            return Answer(fault=Fault.NO_KEY)
        return await self.sender.send(target.address, headers_of(str(one.id), one.body, held, self.clock()), one.body)

    async def _note(self, results: list[tuple[Claimed, Answer]], unsent: list[Claimed]) -> None:
        now: datetime = self.clock()
        async with self.database.writing() as writes:
            if await asyncio.to_thread(note, writes, results, now, self.chance()) and self.sends_mail:
                await asyncio.to_thread(self._tell_administrators, writes, results[0][0], now)
            await asyncio.to_thread(release, writes, unsent, now)

    def _tell_administrators(self, writes: WriteSession, one: Claimed, now: datetime) -> None:
        """A letter to each who can mend it: those of the place, and of the organisation whose webhook it is."""
        place_id, webhook_id = one.collaboration_id, one.webhook_id
        webhook, place = writes.get_one(Webhook, (place_id, webhook_id)), writes.get_one(Collaboration, place_id)
        admins = find_colleagues(writes, place_id, (Role.ADMIN,), webhook.organisation_id)
        chosen = chosen_languages(writes, [one.id for one in admins])
        for admin in admins:
            about = address_of(place_id, admin.id, webhook_id)
            post(writes, Purpose.WEBHOOK, about, chosen.get(admin.id, place.languages[0]), now, For(place_id, admin.id))
