"""The service on a free port of this machine, and Debian's Chromium to look at it with."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
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
PATIENCE = 20_000
"""Milliseconds until something that does not come has failed. These machines are shared."""


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of this service, which runs in a thread for as long as the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=3))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "The server did not start."
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def chromium_of(driver: Playwright, **more: Any) -> Browser:
    """A Chromium that calls nobody by itself."""
    return driver.chromium.launch(executable_path=where(), args=[*ARGUMENTS], **more)


def where() -> str:
    """Where Chromium is; tests of the `browser` kind are skipped where there is none."""
    return shutil.which("chromium") or "/usr/bin/chromium"
