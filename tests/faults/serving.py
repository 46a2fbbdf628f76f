"""The service as a process of its own on a free port of this machine, as an operator starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.settings import ROOT, Settings

STARTS_WITHIN = 60.0
"""Seconds. A busy machine is slow; a service that does not start fails at once."""


@dataclass
class Process:
    """A running service: where it is, and everything it wrote."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def kill(self) -> None:
        """As a power cut ends a process: no chance to finish anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        """As an operator stops it."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) in (0, -signal.SIGTERM)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def served(settings: Settings, **more: str) -> Iterator[Process]:
    """`said serve` with these settings, for as long as the block lasts."""
    port, log = free_port(), settings.var / "served.log"
    settings.var.mkdir(parents=True, exist_ok=True)
    own = {"SAID_MODE": "test", "SAID_LOG": "json", "SAID_VAR": str(settings.var), "SAID_DATABASE_URL": settings.database}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAID_")}
    with log.open("ab") as written:
        process = subprocess.Popen(
            [sys.executable, "-c", "from service.cli import main; main()", "serve"],
            cwd=ROOT,
            env={**environment, **own, "SAID_PORT": str(port), **more},
            stdout=written,
            stderr=written,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _await_start(process, address, log)
        yield Process(process, address, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)


def _await_start(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, f"The service stopped: {log.read_text()[-2_000:]}"
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"The service did not start in {STARTS_WITHIN} s: {log.read_text()[-2_000:]}")
