"""P16: how long a resident waits for a receipt while a partner posts in bulk, against how long without.

One resident after the other, at a calm pace, to one server; in turns with a program of its own process beside them that posts batches of
1,000 observations as fast as they are taken, and without it. `python -m tests.bench.residents PORT KEY FIRST` is that program; it ends
with its standard input.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from contextlib import closing
from statistics import median, quantiles
from uuid import uuid4

from service.settings import ROOT
from tests.bench import goals
from tests.bench.ingest import BATCH, FORMS, Program, equip
from tests.bench.places import SLUG
from tests.bench.sides import serving, surroundings

WHOLE, SHORT = (5, 6.0), (2, 2.0)
"""Turns with and without, and the seconds of each."""

PACE = 0.02
"""Seconds from one resident to the next."""

MOST, BEST = 2.0, 1.2
CREATED = 201


def told(connection: http.client.HTTPConnection, seconds: float) -> list[float]:
    """How long each resident waited for a receipt. Units: milliseconds. Raises: RuntimeError."""
    waits, until = [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        body = json.dumps({"kind": "good", "body": "It was kind.", "area": "area-01"})
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        connection.request("POST", f"/api/v1/{SLUG}/feedback", body, headers)
        answer = connection.getresponse()
        answer.read()
        waits.append((time.perf_counter() - began) * 1e3)
        if answer.status != CREATED:
            raise RuntimeError(f"A resident was answered {answer.status}.")
        time.sleep(max(0.0, PACE - (time.perf_counter() - began)))
    return waits


def measure(turns: int, seconds: float) -> str:
    """One line: the slowest hundredth of waits with the bulk load over that without."""
    without, beside, rows, first = list[float](), list[float](), 0, 0
    ratios = []
    with serving(goals.STORED) as side:
        key = equip(side.url)
        with closing(http.client.HTTPConnection("127.0.0.1", side.port, timeout=60)) as connection:
            told(connection, 1)
            for _turn in range(turns):
                calm = told(connection, seconds)
                command = [sys.executable, "-m", "tests.bench.residents", str(side.port), key, str(first)]
                bulk = subprocess.Popen(command, cwd=ROOT, env=surroundings(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                assert bulk.stdin and bulk.stdout
                bulk.stdout.readline()  # its first batch is stored
                busy = told(connection, seconds)
                bulk.stdin.close()
                sent = int(bulk.stdout.readline())
                bulk.stdout.close()
                bulk.wait(30)
                rows, first = rows + sent - first, sent
                without, beside = without + calm, beside + busy
                ratios.append(slowest(busy) / slowest(calm))
    ratio = median(ratios)
    verdict = "stretch met" if ratio <= BEST else "met" if ratio <= MOST else "NOT met"
    return (
        f"P16   p99 of a resident's POST beside a bulk load / without  <= {MOST:g}  {ratio:.2f}  {min(ratios):.2f} to {max(ratios):.2f}  "
        f"{verdict}  (p99 {slowest(beside):.1f} / {slowest(without):.1f} ms, p50 {median(beside):.1f} / {median(without):.1f} ms, "
        f"{len(beside)} / {len(without)} posts; {rows / (turns * seconds):,.0f} rows a second meanwhile)"
    )


def slowest(waits: list[float]) -> float:
    """The wait that one in a hundred exceeds."""
    return quantiles(waits, n=100)[98]


def main(port: str, key: str, first: str) -> None:
    """Posts batches until standard input ends; says when the first is stored, and how far it came."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    with closing(http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)) as connection:
        program, forms = Program(connection, key, int(first)), list(FORMS)
        begun = False
        while not ended.is_set():
            form = forms[program.sent // BATCH % len(forms)]
            program.post(program.next_bodies(form, 1), form)
            if not begun:
                print("begun", flush=True)
                begun = True
        print(program.sent, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
