"""How often a letter is tried, and how long one waits between two tries."""

from datetime import datetime, timedelta

LEASE = timedelta(minutes=2)
"""How long a process that claimed a letter may take. After that another one may send it: a letter may come twice, never not at all."""

WAITS = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=3))
"""Before the second, third and fourth try."""

USELESS_AFTER = timedelta(minutes=15)
"""Whoever asked for a link has gone away by then, or has asked again."""


def next_try(made_at: datetime, attempts: int, now: datetime) -> datetime | None:
    """When a letter that could not be sent is tried again; None when it is given up."""
    if attempts > len(WAITS):
        return None
    again = now + WAITS[attempts - 1]
    return again if again - made_at < USELESS_AFTER else None
