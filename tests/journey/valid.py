"""The Nu checker of HTML: it reads each page as it was sent. It needs Java, and `npm ci`; where either is missing nothing is checked."""

import shutil
import socket
import subprocess
import time
from typing import Any

import brotli
import httpx
from fastapi import FastAPI

from service.settings import ROOT

JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

MISSING = None if shutil.which("java") and JAR.exists() else "The Nu checker is not here: it needs Java, and what `npm ci` installs"
"""Why nothing is checked, if so."""

PATIENCE = 60.0
"""Seconds until the checker stands. It takes seven on a busy machine."""


class Kept:
    """A service, and the page that it answered with last, as it was sent."""

    def __init__(self, app: FastAPI) -> None:
        self.app, self.page = app, b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        head: dict[bytes, bytes] = {}
        parts: list[bytes] = []

        async def keep(message: Any) -> None:
            if message["type"] == "http.response.start":
                head.update(message["headers"])
            elif message["type"] == "http.response.body" and head.get(b"content-type", b"").startswith(b"text/html"):
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    self._take(b"".join(parts), head.get(b"content-encoding"))
            await send(message)

        await self.app(scope, receive, keep)

    def _take(self, body: bytes, encoding: bytes | None) -> None:
        sent = brotli.decompress(body) if encoding == b"br" else body
        if sent[:15].lower() == b"<!doctype html>":  # not a part of a page
            self.page = sent


class Checker:
    """The checker as a process of its own, which stays for all pages."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        here = "-Dnu.validator.servlet.bind-address=127.0.0.1"
        command = [
            "java",
            "-Xss8m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            here,
            "-cp",
            str(JAR),
            "nu.validator.servlet.Main",
            str(port),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.asks = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False)

    def waits(self) -> None:
        """Until it answers."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.asks.get("/")
            except httpx.TransportError:
                assert time.monotonic() < until and self.process.poll() is None, "The Nu checker did not start."
                time.sleep(0.1)
            else:
                return

    def complaints(self, page: bytes) -> list[str]:
        """What is wrong with this page: a sentence each, with the place in it."""
        answer = self.asks.post("/?out=json&level=error", content=page, headers={"Content-Type": "text/html; charset=utf-8"})
        answer.raise_for_status()
        return [f"not valid: {one['message']} {one.get('extract', '')!r}" for one in answer.json()["messages"]]

    def ends(self) -> None:
        self.asks.close()
        self.process.kill()
        self.process.wait()
