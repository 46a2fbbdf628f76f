"""The load: `wrk` with 64 connections, each request a message of its own."""

import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 64
SCRIPT = Path(__file__).with_name("tell.lua")
MISSING = "wrk is not here. Install it, for instance with `apt-get install -y wrk`, and run this again."


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk saw. Units: `p50` and `p99` in milliseconds; `refused` counts answers of 400 and above, `broken` connections."""

    answered: int
    seconds: float
    p50: float
    p99: float
    refused: int
    broken: int

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


def send(address: str, style: str, seconds: int) -> Load:
    """Sends messages for so many seconds, as JSON (`json`) or as the page's form does (`form`). Raises: RuntimeError, TimeoutExpired."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT), address, "--", style]
    ran = subprocess.run(
        [*command, str(secrets.randbelow(2**48))], capture_output=True, text=True, timeout=seconds + 30, check=False
    )
    line = re.search(r"^said-bench (.+)$", ran.stdout, re.MULTILINE)
    if ran.returncode or line is None:
        raise RuntimeError(f"wrk failed: {(ran.stderr or ran.stdout).strip()[-400:]}")
    seen = {name: int(value) for name, value in (part.split("=") for part in line[1].split())}
    return Load(
        answered=seen["answered"],
        seconds=seen["microseconds"] / 1e6,
        p50=seen["p50"] / 1e3,
        p99=seen["p99"] / 1e3,
        refused=seen["refused"],
        broken=seen["broken"],
    )
