"""How long links and sessions live, and which roles reach how far."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from service.people.models import Grant, Role

INVITATION = timedelta(days=7)
FRESH_LINK = timedelta(minutes=15)
CHALLENGE = timedelta(minutes=5)
"""How long somebody may look for their passkey."""

LOGIN = timedelta(minutes=10)
"""How long somebody may take at their council's own login."""

MOST_PASSKEYS = 20
RECOVERY_CODES = 10
TO_WRITE_DOWN = timedelta(minutes=15)
"""How long fresh recovery codes are shown to who made them, unless they say sooner that they have them."""

WRONG_AT_ONCE = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
"""So many wrong codes in a row are let pass. Then each one makes the next wait twice as long: nobody is locked out, and nobody guesses."""

IDLE = timedelta(hours=12)
WHOLE_SESSION = timedelta(days=14)
TOUCH = timedelta(minutes=10)
"""A session's last use is written down no oftener than this."""


def is_live(started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session may still be used."""
    return now - seen_at < IDLE and now - started_at < WHOLE_SESSION


def wait_after(wrong: int) -> timedelta | None:
    """How long the next code must wait after so many wrong ones in a row; None for not at all."""
    if wrong < WRONG_AT_ONCE:
        return None
    doubled: int = 2 ** min(wrong - WRONG_AT_ONCE, 10)
    return min(LONGEST_WAIT, FIRST_WAIT * doubled)


def reaches(grants: Iterable[Grant], roles: Iterable[Role], organisation_id: UUID | None) -> bool:
    """Whether one of these roles is held for the whole place, or for the organisation that the thing belongs to.

    A thing of no organisation is reached by whole-place roles only.
    """
    wanted = set(roles)
    return any(grant.role in wanted and (grant.organisation_id is None or grant.organisation_id == organisation_id) for grant in grants)


def reach(grants: Iterable[Grant], roles: Iterable[Role]) -> set[UUID] | None:
    """The organisations whose things these roles reach; None for everything in the place."""
    wanted = set(roles)
    held = [grant.organisation_id for grant in grants if grant.role in wanted]
    if None in held:
        return None
    return {organisation_id for organisation_id in held if organisation_id is not None}


def works_for(grants: Iterable[Grant], organisation_id: UUID | None) -> bool:
    """Whether somebody has any role of this organisation: then they are of it, whatever else they are."""
    return organisation_id is not None and any(grant.organisation_id == organisation_id for grant in grants)
