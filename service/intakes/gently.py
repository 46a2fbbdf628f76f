"""How a file is worked on beside people who wait: the processor changes hands often, and half of the time is theirs."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

OFTEN = 0.0005
"""Seconds after which a thread gives way to one that waits. Python's own 5 milliseconds add up: a request changes threads many times."""

FEW = 20
"""Rows that are stored at a time while others write."""

LONGEST = 0.05
"""Seconds of one rest."""

_lock = threading.Lock()
_usual: list[float] = []


@contextmanager
def giving_way() -> Iterator[None]:
    """Threads change places often for as long as the block lasts, however many such blocks there are."""
    with _lock:
        _usual.append(sys.getswitchinterval())
        sys.setswitchinterval(OFTEN)
    try:
        yield
    finally:
        with _lock:
            usual = _usual[0]
            _usual.pop()
            if not _usual:
                sys.setswitchinterval(usual)


class Rests:
    """Rests as long as it worked since the last rest."""

    def __init__(self) -> None:
        self.since = time.perf_counter()

    def rest(self) -> None:
        """Lets others have the processor."""
        time.sleep(min(LONGEST, time.perf_counter() - self.since))
        self.since = time.perf_counter()

    def on(self) -> None:
        """Nobody waits: what was worked so far needs no rest."""
        self.since = time.perf_counter()
