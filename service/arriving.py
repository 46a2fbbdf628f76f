"""How bodies arrive: none may take for ever, and only so many large ones are taken in at the same time.

A small body never waits for a large one. A large one that finds no room waits, unread, until there is some; the network holds back
whoever sends it. Units: of this process; with several processes each counts for itself.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Message, Receive, Scope

from service.errors import Refusal, TooBusy, TooSlow

STALL_SECONDS = 30.0
"""So long nothing may come."""

FREE_SECONDS = 60.0
SLOWEST = 2 * 1024
"""After the first minute a body must have come at so many bytes a second, all in all: less than the slowest telephone gives."""

LARGE = 1024 * 1024
"""Bytes. A body beyond this is a large one."""

MOST_LARGE = 12
WAIT_SECONDS = 30.0


class Arrivals:
    """The large bodies that are being taken in."""

    def __init__(self, most: int = MOST_LARGE) -> None:
        self.room = asyncio.Semaphore(most)

    @contextmanager
    def watched(self, scope: Scope, receive: Receive) -> Iterator[Receive]:
        """The same `receive`, which ends a body that drips, for as long as the block lasts. A large body has its room until then."""
        body = _Body(self, receive, _declared(scope))
        try:
            yield body.receive
        finally:
            body.done()


def _declared(scope: Scope) -> int:
    """What a body says of its length; 0 where it says nothing."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(length[:20]) if length.isdigit() else 0


class _Body:
    """One body on its way in."""

    def __init__(self, arrivals: Arrivals, receive: Receive, declared: int) -> None:
        self.arrivals, self.plain, self.declared = arrivals, receive, declared
        self.began: float | None = None
        self.came = 0
        self.has_room = self.is_whole = False
        self.refusal: Refusal | None = None

    async def receive(self) -> Message:
        """The next part. Raises: TooSlow, TooBusy, and the same again to whoever asks again."""
        if self.refusal is not None:
            raise self.refusal
        if self.is_whole:
            return await self.plain()  # whether whoever asked is still there
        if not self.has_room and max(self.came, self.declared) > LARGE:
            await self._find_room()
        now = asyncio.get_running_loop().time()
        if self.began is None:
            self.began = now
        until = min(now + STALL_SECONDS, self.began + FREE_SECONDS + self.came / SLOWEST)
        try:
            async with asyncio.timeout_at(until):
                message = await self.plain()
        except TimeoutError:
            self.refusal = TooSlow()
            raise self.refusal from None
        self.came += len(message.get("body", b""))
        self.is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def _find_room(self) -> None:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self.arrivals.room.acquire()
        except TimeoutError:
            self.refusal = TooBusy()
            raise self.refusal from None
        self.has_room = True
        self.began = None  # the time in which it had to wait is not its own

    def done(self) -> None:
        """Gives its room to the next."""
        if self.has_room:
            self.arrivals.room.release()
            self.has_room = False
