"""P10 and P11: the memory of the service idle and after load, and how long it takes from its start to the first answer.

The start is measured beside the import of FastAPI and SQLModel alone, in turns, each in a process of its own.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from service.settings import ROOT
from tests.bench.goals import STORED
from tests.bench.places import prepare
from tests.bench.sides import Side, serving, surroundings

WHOLE, SHORT = (5, 30), (1, 2)
"""How often it is started, and seconds of load."""

IDLE_MIB, BEST_MIB = 110, 80
GROWTH, BEST_GROWTH = 1.5, 1.2
START, BEST_START = 2.5, 1.5
IDLE_SECONDS = 3.0
PATIENCE = 60.0


def measure(times: int, seconds: int) -> str:
    """Three lines: memory idle, memory after load over that, and the start over the import."""
    idle, loaded = _memory(seconds)
    growth = loaded / idle
    pairs = [(_import_seconds(), _start_seconds()) for _turn in range(times)]
    ratios = [start / bare for bare, start in pairs]
    start = median(ratios)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    verdict = _verdict(start, START, BEST_START)
    took = f"{median(pair[1] for pair in pairs):.2f} s / {median(pair[0] for pair in pairs):.2f} s"
    lines = (
        f"P10   memory of the service, idle  <= {IDLE_MIB} MiB  {idle:.0f} MiB  {_verdict(idle, IDLE_MIB, BEST_MIB)}",
        f"P10   memory after {seconds} s of load / idle  <= {GROWTH:g}  {growth:.2f}  {_verdict(growth, GROWTH, BEST_GROWTH)}",
        f"P11   start to the first answer / import of FastAPI, SQLModel  <= {START:g}  {start:.2f}  {spread}  {verdict}  ({took})",
    )
    return "\n".join(lines)


def _verdict(value: float, most: float, best: float) -> str:
    return "stretch met" if value <= best else "met" if value <= most else "NOT met"


def _memory(seconds: int) -> tuple[float, float]:
    """What the service holds in memory, idle and after load. Units: MiB. Raises: RuntimeError."""
    with serving(STORED) as side:
        time.sleep(IDLE_SECONDS)
        idle = _resident(side)
        side.run(seconds)
        if side.void:
            raise RuntimeError(side.void)
        return idle, _resident(side)


def _resident(side: Side) -> float:
    """Memory that the process holds now. Units: MiB."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{side.process.pid}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1]) / 1024


def _import_seconds() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import fastapi, sqlmodel"], cwd=ROOT, env=surroundings(), check=True, timeout=PATIENCE)
    return time.perf_counter() - started


def _start_seconds() -> float:
    """From the start of the process to its first answer, on a database that is there."""
    with tempfile.TemporaryDirectory(prefix="said-bench-") as folder:
        url = f"sqlite:///{folder}/said.db"
        prepare(url)
        command = [sys.executable, "-m", "tests.bench.server", "stored", url, folder]
        started = time.perf_counter()
        with subprocess.Popen(
            command, cwd=ROOT, env=surroundings(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdin and process.stdout
            said = process.stdout.readline()  # its port, once it answers
            taken = time.perf_counter() - started
            process.stdin.close()
            process.wait(PATIENCE)
    if not said.strip().isdigit():
        raise RuntimeError("The service did not start.")
    return taken
