"""Who may look for what is held about somebody, and who decides about a copy or an erasure.

Two people: an erasure could hide what somebody complained of, and a copy holds words that an administrator does not read.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from service.people.models import Grant, Role

STEWARDS = (Role.ADMIN, Role.COORDINATOR, Role.MODERATOR)
"""Who may decide, for the whole place, and not on what they asked for themselves."""

COPY_LASTS = timedelta(days=7)
"""After this a copy is asked for anew."""


def is_steward(grants: Iterable[Grant]) -> bool:
    """Whether somebody may decide at all."""
    return any(grant.role in STEWARDS and grant.organisation_id is None for grant in grants)


def may_decide(grants: Iterable[Grant], asked_by: UUID, decider: UUID) -> bool:
    """Whether this person may decide about a request of that one."""
    return is_steward(grants) and asked_by != decider


def is_open_for_copying(decided_at: datetime | None, now: datetime) -> bool:
    """Whether a copy that was agreed to may still be fetched."""
    return decided_at is not None and now - decided_at < COPY_LASTS
