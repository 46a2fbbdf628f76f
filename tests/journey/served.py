"""The service on a free port of this machine, and Debian's Chromium to look at it with."""

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
GRACE = 3.0
"""Seconds in which a service that ends may finish its answers."""

PATIENCE = 20_000
"""Milliseconds until something that does not come has failed. These machines are shared."""


class Prompt(uvicorn.Server):
    """Begins and ends at once: uvicorn's own looks ten times in a second whether it should, which is long for a test."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.standing = threading.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.over, self.loop = asyncio.Event(), asyncio.get_running_loop()
        self.standing.set()
        await self.over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended(), GRACE)
        await self.lifespan.shutdown()

    async def _ended(self) -> None:
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(0.002)

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.over.set)


@contextmanager
def serving(app: Callable[..., Any]) -> Iterator[str]:
    """The address of this service, which runs in a thread for as long as the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Prompt(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.standing.wait(1):
        assert thread.is_alive(), "The server did not start."
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.end()
        thread.join()


def chromium_of(driver: Playwright, **more: Any) -> Browser:
    """A Chromium that calls nobody by itself."""
    return driver.chromium.launch(executable_path=where(), args=[*ARGUMENTS], **more)


def where() -> str:
    """Where Chromium is; tests of the `browser` kind are skipped where there is none."""
    return shutil.which("chromium") or "/usr/bin/chromium"
