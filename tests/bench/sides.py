"""The two sides of each goal: a server process of its own each, on a database of its own, loaded in turns."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from uuid import uuid4

from service.settings import ROOT
from tests.bench.load import CONNECTIONS, Load, send
from tests.bench.places import SLUG, Stored, postgresql, prepare, stored

START_SECONDS = 30.0
SETTLE_SECONDS = 15.0
READING_SECONDS = 3.5
"""A form that comes back sooner was perhaps not read, and says so of itself."""
CREATED, OK = 201, 200


@dataclass(frozen=True, slots=True)
class Kind:
    """What a side is: which application of server.py, which way in, and whether it stores."""

    name: str
    about: str
    application: str
    style: str = "json"
    stores: bool = True
    postgresql: bool = False

    @property
    def path(self) -> str:
        """The address that is loaded."""
        return {"form": f"/{SLUG}/tell", "page": f"/{SLUG}"}.get(self.style, f"/api/v1/{SLUG}/feedback")


@dataclass
class Side:
    """A running server, what wrk saw in each run, and why its figures are void, if they are."""

    kind: Kind
    url: str
    port: int
    log: Path
    process: "subprocess.Popen[str]"
    loads: list[Load] = field(default_factory=list)
    void: str | None = None
    mark: str = ""
    """When the form was made that is sent: the service writes it into each, and a browser sends it back."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.kind.path}"

    @property
    def rate(self) -> float:
        """The median of the runs. Units: answers per second."""
        return median(load.rate for load in self.loads)

    def run(self, seconds: int, *, keep: bool = True) -> None:
        """One run under load, and the check that every answer stands in the database."""
        before = self._settled()
        load = send(self.address, self.kind.style, seconds, self.process.pid, self.mark)
        after = self._settled()
        if keep:
            self.loads.append(load)
        self.void = self.void or self._fault(load, before, after)

    def _fault(self, load: Load, before: Stored, after: Stored) -> str | None:
        if self.process.poll() is not None:
            return f"the server ended: {self._last_words()}"
        if load.refused or load.broken:
            return f"{load.refused} refusals and {load.broken} broken connections among {load.answered} answers"
        if load.answered < CONNECTIONS:
            return f"only {load.answered} answers"
        if not after.agree:
            return f"{after.messages} messages, {after.entries} journal rows and a count of {after.counted}"
        added = after.messages - before.messages
        least, most = (load.answered, load.answered + CONNECTIONS) if self.kind.stores else (0, 0)
        return None if least <= added <= most else f"{load.answered} answers and {added} new rows"

    def _settled(self) -> Stored:
        """What is stored, once requests that wrk gave up at its end have finished."""
        found, until = stored(self.url), time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < until:
            time.sleep(0.2)
            before, found = found, stored(self.url)
            if before == found:
                break
        return found

    def probe(self) -> None:
        """One message, or one page, by hand: the answer must be what a resident or a program would get."""
        key = str(uuid4())
        sent = {"kind": "good", "body": "It was kind.", "area": "area-01"}
        request = urllib.request.Request(self.address, method="GET" if self.kind.style == "page" else "POST")  # noqa: S310 (our own address)
        if self.kind.style == "page":
            pass
        elif self.kind.style == "form":
            self.mark = self._made()
            request.data = urlencode({**sent, "idempotency_key": key, "made": self.mark}).encode()
        else:
            request.data = json.dumps(sent).encode()
            request.add_header("Content-Type", "application/json")
            request.add_header("Idempotency-Key", key)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        except OSError as error:
            status, body = 0, str(error).encode()
        wanted = CREATED if self.kind.style == "json" else OK
        if status != wanted:
            time.sleep(0.3)  # an unforeseen error is logged after its answer
            self.void = f"answered {status}, not {wanted}: {self._last_words() or body[-300:].decode(errors='replace')}"

    def _made(self) -> str:
        """The mark of a form as somebody has it who reads it before they send it."""
        with urllib.request.urlopen(self.address, timeout=10) as page:  # noqa: S310 (our own address)
            found = re.search(r'name="made" value="([^"]+)"', page.read().decode())
        time.sleep(READING_SECONDS)
        return found[1] if found else ""

    def _last_words(self) -> str:
        """The last error in the server's log, or its last line."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        errors = [line for line in lines if '"level": "error"' in line]
        return ([*lines, *errors] or [""])[-1][-400:]


@contextmanager
def serving(kind: Kind) -> Iterator[Side]:
    """Starts the server of a side on a fresh database; ends it, and removes everything, with the block. Raises: RuntimeError."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="said-bench-", ignore_cleanup_errors=True)))
        url = stack.enter_context(postgresql()) if kind.postgresql else f"sqlite:///{folder / 'said.db'}"
        prepare(url)
        log = folder / "log"
        command = [sys.executable, "-m", "tests.bench.server", kind.application, url, str(folder)]
        with log.open("w") as errors:
            process = subprocess.Popen(
                command, cwd=ROOT, env=surroundings(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        stack.callback(_end, process)
        side = Side(kind, url, 0, log, process)
        side.port = _port(side)
        side.probe()
        yield side


def surroundings() -> dict[str, str]:
    """The environment without settings of the service: none of the caller's may change what is measured."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SAID_")}


def _port(side: Side) -> int:
    """The port that the server prints. Waits a bounded time."""
    found: list[str] = []
    assert side.process.stdout
    reading = threading.Thread(target=lambda: found.append(side.process.stdout.readline()), daemon=True)  # type: ignore[union-attr]
    reading.start()
    reading.join(START_SECONDS)
    if not found or not found[0].strip().isdigit():
        raise RuntimeError(f"The server of “{side.kind.about}” did not start: {side._last_words()}")
    return int(found[0])


def _end(process: "subprocess.Popen[str]") -> None:
    """Asks the process that we started to end, and then makes it."""
    assert process.stdin and process.stdout
    process.stdin.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    process.stdout.close()
