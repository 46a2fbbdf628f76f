"""One server of the benchmark, as a process: `python -m tests.bench.server SIDE DATABASE_URL FOLDER`.

Prints its port when it answers, and ends when its standard input does: nothing outlives whoever started it.
"""

import socket
import sys
import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

import service.app
from service import logs
from service.cli.running import settle_memory
from service.clock import system_clock
from service.database import BatchAction, Database
from service.feedback.actions import Received
from service.feedback.answer_models import Receipt
from service.feedback.models import FeedbackIn
from service.settings import Settings
from tests.bench import synchronous

ANSWER_BY = date(2026, 12, 7)


class Answering(Database):
    """The door of the ceiling: answers every message at once and stores nothing."""

    async def submit(self, action: BatchAction, items: list[Any]) -> list[Any]:  # noqa: ARG002 (the door's own signature)
        return [
            Received(UUID(item.public_id), item.fingerprints[0].code, datetime.fromisoformat(item.received_at), replayed=False)
            for item in items
        ]


def bare() -> FastAPI:
    """A FastAPI route that reads the same message with pydantic and answers the same shape, and does nothing else."""
    app = FastAPI()

    @app.post("/api/v1/{c}/feedback", status_code=201)
    async def tell(c: str, given: FeedbackIn) -> Receipt:
        return Receipt(id=uuid4(), receipt=f"{c}-{given.kind}", received_at=system_clock(), answer_by=ANSWER_BY)

    return app


def hello() -> FastAPI:
    """The smallest FastAPI: one route, one word."""
    app = FastAPI()

    @app.get("/{c}")
    async def say(c: str) -> dict[str, str]:
        return {"hello": c}

    return app


def application(side: str, url: str, folder: Path) -> FastAPI:
    """What this side serves: `stored` (the service itself), `answered` (it, without a database), `synchronous`, `bare` or `hello`."""
    if side == "bare":
        return bare()
    if side == "hello":
        return hello()
    if side == "synchronous":
        return synchronous.create_app(url, folder / "keys")
    if side == "answered":
        vars(service.app)["Database"] = Answering
    return service.app.create_app(Settings(database_url=SecretStr(url), var=folder, log="json"))


class Announcing(uvicorn.Server):
    """Says its port once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets
        print(sockets[0].getsockname()[1], flush=True)


def main(side: str, url: str, folder: str) -> None:
    """Serves until standard input ends. One worker, uvloop, httptools; the service logs as it does for an operator."""
    settle_memory()
    logs.configure("json")
    config = uvicorn.Config(application(side, url, Path(folder)), loop="uvloop", http="httptools", log_config=None, access_log=False)
    server = Announcing(config)

    def watch() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    server.run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
