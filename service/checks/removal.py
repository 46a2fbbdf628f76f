"""Taking the words of checks out when their time is over; what was ticked stays, for the sums."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update

from service.checks.models import PromiseCheck
from service.database import WriteSession

_checks = PromiseCheck.__table__  # type: ignore[attr-defined]


def outlive(writes: WriteSession, place_id: UUID, ids: Sequence[UUID]) -> None:
    """Empties what was seen in these checks."""
    writes.execute(
        update(_checks)
        .where(_checks.c.collaboration_id == place_id, _checks.c.id.in_(ids))
        .values(comment=None, severity=None, waits_since=None)
    )
