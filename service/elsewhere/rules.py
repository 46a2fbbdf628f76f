"""What the word of another system means here, and what follows from it. Source: the updates extension of mySociety, with its statuses."""

import re
from uuid import UUID

from service.elsewhere.models import Said

WORDS = {
    "OPEN": Said.OPEN,
    "FOR_TRIAGE": Said.OPEN,
    "INVESTIGATING": Said.LOOKING,
    "ACTION_SCHEDULED": Said.PLANNED,
    "IN_PROGRESS": Said.UNDER_WAY,
    "FIXED": Said.DONE,
    "CLOSED": Said.CLOSED,
    "CANCELLED": Said.CLOSED,
    "NO_FURTHER_ACTION": Said.NOTHING_MORE,
    "NOT_COUNCILS_RESPONSIBILITY": Said.NOT_THEIRS,
    "INTERNAL_REFERRAL": Said.PASSED_ON,
    "DUPLICATE": Said.KNOWN,
    "REOPEN": Said.REOPENED,
}
"""The statuses of the extension."""

_BETWEEN = re.compile(r"[^A-Z]+")
NOBODY_LOOKED = frozenset({Said.OPEN})


def read_status(text: str) -> Said | None:
    """A status of the extension, however its words are put together: `in progress`, `IN_PROGRESS`. None for any other."""
    return WORDS.get(_BETWEEN.sub("_", text.upper().replace("'", "")).strip("_"))


def guess_status(text: str) -> Said:
    """A status of a server that has words of its own: open unless it says that it is closed."""
    return read_status(text) or (Said.CLOSED if text.strip().lower().startswith("closed") else Said.OPEN)


def reaches(organisation_id: UUID | None, message_with: UUID | None) -> bool:
    """Whether a key may say something of a message: one of an organisation of what is with it, one of the whole place of all."""
    return organisation_id is None or organisation_id == message_with


def was_read(said: Said, organisation_id: UUID | None, message_with: UUID | None) -> bool:
    """Whether a note says that those who have the message have looked at it. What others say of it says nothing of that."""
    return organisation_id is not None and organisation_id == message_with and said not in NOBODY_LOOKED
