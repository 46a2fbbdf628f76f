"""A receiver on loopback that takes what it is told, fails, hangs, redirects or says that it is gone; and what tells it."""

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from service.database import Database
from service.journal.actions import OPERATOR
from service.news import Event, News, Webhook
from service.places.queries import PlaceCard
from service.webhooks.actions import WebhookIn, add_webhook
from service.webhooks.models import BOXES
from service.webhooks.sending import Sender
from service.webhooks.worker import Messenger
from tests.make import Make, SettableClock

EVERYTHING = frozenset(BOXES.values())


@dataclass
class Receiver:
    """Speaks HTTP as RFC 9112 has it; knows none of the service's code. `answers` is what it says, in turn; the last for ever."""

    answers: list[str] = field(default_factory=lambda: ["204 No Content"])
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0
    hangs: bool = False
    busy: int = 0
    most_busy: int = 0
    slow: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?x=1"

    @property
    def told(self) -> list[dict[str, Any]]:
        """What it was told, as values."""
        return [json.loads(body) for _path, _headers, body in self.got]

    @property
    def types(self) -> list[str]:
        return [one["type"] for one in self.told]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _path, headers, _body in self.got]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on one connection."""
        try:
            await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):  # it was looked at and left, as who does not trust a certificate does
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines if line)}
        self.got.append((first, headers, await reader.readexactly(int(headers["content-length"]))))
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        await asyncio.sleep(self.slow)
        while self.hangs:
            await asyncio.sleep(0.01)
        self.busy -= 1
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        writer.write(f"HTTP/1.1 {said}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()


@dataclass
class Loop:
    """An event loop in a thread, on which receivers live."""

    loop: asyncio.AbstractEventLoop
    servers: list[asyncio.Server] = field(default_factory=list)

    def opens(self, receiver: Receiver, **options: Any) -> Receiver:
        """Opens one more receiver."""
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(receiver.talk, "127.0.0.1", 0, **options), self.loop).result()
        self.servers.append(server)
        receiver.port = server.sockets[0].getsockname()[1]
        return receiver


@pytest.fixture
def receivers() -> Iterator[Loop]:
    """Open while the test runs."""
    found = Loop(asyncio.new_event_loop())
    thread = threading.Thread(target=found.loop.run_forever)
    thread.start()
    yield found

    async def shut() -> None:
        for server in found.servers:
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.01)

    asyncio.run_coroutine_threadsafe(shut(), found.loop).result()
    found.loop.call_soon_threadsafe(found.loop.stop)
    thread.join()
    found.loop.close()


@pytest.fixture
def receiver(receivers: Loop) -> Receiver:
    """One that takes what it is told."""
    return receivers.opens(Receiver())


@dataclass
class Telling:
    """The service's side: webhooks, what waits for them, and the worker."""

    make: Make
    place: PlaceCard

    def add(self, address: str, *events: Event, organisation_id: UUID | None = None, name: str = "Case system") -> tuple[UUID, str]:
        """A webhook; answers its id and its secret."""
        given = WebhookIn(name, frozenset(events) or EVERYTHING, address, organisation_id, loopback=True)
        with self.make.database.write() as writes:
            secret = add_webhook(writes, self.make.keys, OPERATOR, self.place, given, self.make.clock())
        with self.make.database.read() as reads:
            return reads.exec(select(Webhook.id).order_by(col(Webhook.id).desc())).all()[0], secret

    def worker(self, database: Database | None = None, **sender: Any) -> Messenger:
        """A worker whose waits are never longer by chance."""
        options = {"loopback": True, "seconds": 5.0, **sender}
        return Messenger(
            database or self.make.database,
            lambda: self.make.keys,
            Sender(**options),
            self.make.clock,
            public_url="https://said.example.org",
            chance=lambda: 0.0,
            sends_mail=True,
        )

    def tell(self, **sender: Any) -> int:
        """Tells what is due now, with a worker of its own."""
        return asyncio.run(self.worker(**sender).tell_all())

    def waiting(self) -> list[News]:
        """All that there is, in the order in which it happened."""
        with self.make.database.read() as reads:
            return list(reads.exec(select(News).order_by(col(News.id))))

    def webhook(self) -> Webhook:
        with self.make.database.read() as reads:
            return reads.exec(select(Webhook)).one()


@pytest.fixture
def telling(make: Make, hillside: PlaceCard) -> Telling:
    """Webhooks of hillside."""
    return Telling(make, hillside)


Verify = Callable[[str, tuple[str, dict[str, str], bytes]], list[bool]]


@pytest.fixture
def verify(clock: SettableClock) -> Verify:
    """Whether each signature was made with this secret: written from the specification, with nothing of the service."""

    def check(secret: str, sent: tuple[str, dict[str, str], bytes]) -> list[bool]:
        _path, headers, body = sent
        assert abs(int(headers["webhook-timestamp"]) - clock().timestamp()) < 1
        signed = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
        expected = base64.b64encode(hmac.new(base64.b64decode(secret[6:]), signed, hashlib.sha256).digest()).decode()
        assert secret.startswith("whsec_")
        return [mark == f"v1,{expected}" for mark in headers["webhook-signature"].split()]

    return check
