"""The load: `wrk` with 64 connections, each request a message of its own."""

import os
import re
import resource
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.bench import machine

CONNECTIONS = 64
SCRIPT = Path(__file__).with_name("tell.lua")
MISSING = "wrk is not here. Install it, for instance with `apt-get install -y wrk`, and run this again."


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk saw. `refused` counts answers of 400 and above, `broken` connections.

    Units: `p50` and `p99` in milliseconds; `server_seconds` is processor time of the server; `others_share` is the part of all processors
    that neither the server nor wrk used, but somebody did.
    """

    answered: int
    seconds: float
    p50: float
    p99: float
    refused: int
    broken: int
    server_seconds: float | None = None
    others_share: float | None = None

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answered / self.seconds


def tool() -> str | None:
    """The version of wrk, or None when it is not installed."""
    found = shutil.which("wrk")
    if found is None:
        return None
    words = subprocess.run([found, "-v"], capture_output=True, text=True, timeout=10, check=False).stdout.split()
    return f"wrk {words[1].removeprefix('debian/')}"


def send(address: str, style: str, seconds: int, server: int, mark: str = "") -> Load:
    """Sends messages for so many seconds to the process `server`, as JSON (`json`) or as the page's form does (`form`).

    `mark` says when that form was made.

    Raises: RuntimeError, TimeoutExpired.
    """
    used, server_used, wrk_used = machine.used(), machine.used_by(server), _children()
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT), address, "--", style]
    ran = subprocess.run([*command, str(secrets.randbelow(2**48)), mark], capture_output=True, text=True, timeout=seconds + 30, check=False)
    line = re.search(r"^said-bench (.+)$", ran.stdout, re.MULTILINE)
    if ran.returncode or line is None:
        raise RuntimeError(f"wrk failed: {(ran.stderr or ran.stdout).strip()[-400:]}")
    server_seconds, others_share = None, None
    if used is not None and server_used is not None:
        server_seconds = (machine.used_by(server) or server_used) - server_used
        others = (machine.used() or used) - used - server_seconds - (_children() - wrk_used)
        others_share = max(0.0, others / (os.cpu_count() or 1) / seconds)
    seen = {name: int(value) for name, value in (part.split("=") for part in line[1].split())}
    return Load(
        answered=seen["answered"],
        seconds=seen["microseconds"] / 1e6,
        p50=seen["p50"] / 1e3,
        p99=seen["p99"] / 1e3,
        refused=seen["refused"],
        broken=seen["broken"],
        server_seconds=server_seconds,
        others_share=others_share,
    )


def _children() -> float:
    """Processor time of the programs that have ended and were ours."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
