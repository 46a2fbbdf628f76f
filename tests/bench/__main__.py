"""`python -m tests.bench [--short] [--postgresql]`: prints P1, P3 to P6, P8 to P11, P14 to P16, on request P7, and the machine.

Ends with 1 when a figure is void, with 2 when something that measuring needs is missing. A goal that is not met is told, not failed:
machines are noisy, and only ratios taken in one run count.
"""

import argparse
import os
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime

from service.html import TEMPLATES
from tests.bench import goals, growth, ingest, load, machine, paint, residents, starting, waiting
from tests.bench.sides import Kind, Side, serving

REPEATS, SECONDS, WARM_SECONDS = 5, 5, 2
SHORT_REPEATS, SHORT_SECONDS = 1, 2


def kinds(*, postgresql: bool) -> list[Kind]:
    """The sides in the order of their turns: those of one ratio stand beside each other."""
    found = [goals.BARE, goals.ANSWERED, goals.STORED, goals.SYNCHRONOUS]
    if (TEMPLATES / "feedback" / "code.html").exists():
        found.insert(3, goals.FORM)
    found += [goals.HELLO, goals.PAGE]
    if postgresql:
        found.insert(1, goals.POSTGRESQL)
    return found


def measure(chosen: list[Kind], repeats: int, seconds: int) -> list[Side]:
    """Starts every side, warms it up, and loads them in turns (A B C, A B C, ...)."""
    with ExitStack() as stack:
        sides = [stack.enter_context(serving(kind)) for kind in chosen]
        for side in sides:
            _turn(side, WARM_SECONDS, keep=False)
        for _repeat in range(repeats):
            for side in sides:
                _turn(side, seconds, keep=True)
    return sides


def _turn(side: Side, seconds: int, *, keep: bool) -> None:
    if side.void:
        return
    print(".", end="", file=sys.stderr, flush=True)
    side.run(seconds, keep=keep)


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Prints the goals of performance as ratios.")
    parser.add_argument("--short", action="store_true", help=f"{SHORT_REPEATS} run of {SHORT_SECONDS} s: whether it works, not how fast")
    parser.add_argument("--postgresql", action="store_true", help="P7 as well, on a PostgreSQL of its own")
    chosen = parser.parse_args()
    tool = load.tool()
    if tool is None:
        print(load.MISSING, file=sys.stderr)
        return 2
    if machine.in_memory():
        print("Temporary files are kept in memory here, so nothing would be durable. Set TMPDIR to a folder on a disk.", file=sys.stderr)
        return 2
    for name in [name for name in os.environ if name.startswith("SAID_")]:
        del os.environ[name]  # what is measured is the service as it comes
    repeats, seconds = (SHORT_REPEATS, SHORT_SECONDS) if chosen.short else (REPEATS, SECONDS)
    facts = [
        ("measured", f"{datetime.now(UTC):%d %B %Y %H:%M} UTC, {repeats} interleaved runs of {seconds} s, medians"),
        *machine.description(),
        ("load", f"{tool}, 1 thread, {load.CONNECTIONS} connections, loopback; one server process each (uvloop, httptools, 1 worker)"),
    ]
    try:
        sides = measure(kinds(postgresql=chosen.postgresql), repeats, seconds)
    except (RuntimeError, ImportError, subprocess.TimeoutExpired) as error:
        print(f"\nNothing was measured: {error}", file=sys.stderr)
        return 1
    text, counts = goals.report(sides)
    print(file=sys.stderr)
    print("\n".join(f"{name:9} {fact}" for name, fact in facts), end="\n\n")
    print(text)
    print(f"\n{growth.measure(*(growth.SHORT if chosen.short else growth.WHOLE))}")
    print(waiting.measure(*(waiting.SHORT if chosen.short else waiting.WHOLE)))
    print(starting.measure(*(starting.SHORT if chosen.short else starting.WHOLE)))
    print(paint.measure(paint.SHORT if chosen.short else paint.WHOLE))
    print(ingest.measure(*(ingest.SHORT if chosen.short else ingest.WHOLE)))
    print(residents.measure(*(residents.SHORT if chosen.short else residents.WHOLE)))
    return 0 if counts else 1


if __name__ == "__main__":
    sys.exit(main())
