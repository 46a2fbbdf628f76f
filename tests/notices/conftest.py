"""A browser with a push service, and GOV.UK Notify, as peers on loopback; a service that tells both."""

import asyncio
import base64
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI
from pydantic import SecretStr

from service.app import create_app, post_worker
from service.loop.worker import Teller
from service.settings import Settings
from tests.loop.conftest import Talk, talk
from tests.make import SettableClock

__all__ = ["talk"]

SERVICE, SECRET, TEMPLATE = (f"{one}0000000-0000-4000-8000-000000000000" for one in "abc")


def plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unplain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Peer:
    """Takes what is posted to it, and answers as the test says."""

    status: int = 201
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Open while the test runs."""
    found = Peer()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_all: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Phone:
    """A browser that wants to be told: it makes its keys, and reads what was sealed for it."""

    peer: Peer
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def subscription(self) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": plain(point), "auth": plain(self.auth)}
        return json.dumps({"endpoint": f"{self.peer.url}/push/1", "expirationTime": None, "keys": keys})

    def reads(self, body: bytes) -> dict[str, str]:
        found: dict[str, str] = json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))
        return found


@pytest.fixture
def phone(peer: Peer) -> Phone:
    return Phone(peer)


@pytest.fixture
def settings(settings: Settings, peer: Peer) -> Settings:
    """Text messages go to the peer, and so do push messages: in a test a machine inside may be told."""
    key = SecretStr(f"said-{SERVICE}-{SECRET}")
    notify = {"notify_key": key, "notify_template": TEMPLATE, "notify_url": peer.url}
    return settings.model_copy(update={**notify, "webhook_loopback": True})


@pytest.fixture
def telling(settings: Settings, talk: Talk) -> FastAPI:
    """A service that is not started: the test does what its workers do."""
    app = create_app(settings, clock=talk.make.clock)
    app.state.database, app.state.server_keys = talk.make.database, talk.make.keys
    return app


@pytest.fixture
def goes_round(telling: FastAPI, clock: SettableClock) -> Callable[[], None]:
    """Everybody is told who is to be told, and the post goes out."""

    def go() -> None:
        async def work() -> None:
            teller = Teller(telling.state.database, clock, sends_mail=False, sends_texts=True)
            while await teller.tell():
                pass
            while await post_worker(telling).send_one():
                pass

        asyncio.run(work())

    return go
