"""How often a letter is tried, and how long one waits between two tries."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from service.outbox.models import Purpose

LEASE = timedelta(minutes=2)
"""How long a process that claimed a letter may take. After that another one may send it: a letter may come twice, never not at all."""

WAITS = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=3))
"""Before the second, third and fourth try of a letter that somebody waits for at a screen."""

LONGER_WAITS = (*WAITS, timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3), timedelta(hours=6), timedelta(hours=12))
"""The same for a letter that nobody waits for."""

USELESS_AFTER = {Purpose.SIGN_IN: timedelta(minutes=15)}
"""Whoever asked for a link has gone away by then, or has asked again. Every other letter is of use for a day."""


PLACE = "{place}"
"""What stands for the place's name in its own words; nothing else is filled in."""

LINK = re.compile(r"https?:|www\.|://", re.IGNORECASE)


class Wrong(StrEnum):
    """Why words cannot stand in a letter."""

    LINK = "link"
    PLACEHOLDER = "placeholder"


def wrong_words(text: str) -> Wrong | None:
    """What is wrong with a place's own words: another link than the letter's own, or a name in braces that nothing stands for."""
    if LINK.search(text):
        return Wrong.LINK
    return Wrong.PLACEHOLDER if re.search(r"[{}%]|\[\[|\]\]", text.replace(PLACE, "")) else None


def next_try(purpose: Purpose, made_at: datetime, attempts: int, now: datetime) -> datetime | None:
    """When a letter that could not be sent is tried again; None when it is given up."""
    waits = WAITS if purpose in USELESS_AFTER else LONGER_WAITS
    if attempts > len(waits):
        return None
    again = now + waits[attempts - 1]
    return again if again - made_at < USELESS_AFTER.get(purpose, timedelta(days=1)) else None
