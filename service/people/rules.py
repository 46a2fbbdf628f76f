"""How long links and sessions live, and which roles reach how far."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from service.people.models import Grant, Role

INVITATION = timedelta(days=7)
FRESH_LINK = timedelta(minutes=15)
CHALLENGE = timedelta(minutes=5)
"""How long somebody may look for their passkey."""

MOST_PASSKEYS = 20
IDLE = timedelta(hours=12)
WHOLE_SESSION = timedelta(days=14)
TOUCH = timedelta(minutes=10)
"""A session's last use is written down no oftener than this."""


def is_live(started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session may still be used."""
    return now - seen_at < IDLE and now - started_at < WHOLE_SESSION


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
