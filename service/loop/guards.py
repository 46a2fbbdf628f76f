"""What other features say in their own acts: something happened that those should be told whose words led to it."""

from datetime import datetime
from uuid import UUID

from service.database import WriteSession
from service.loop import rules
from service.loop.models import Hop, HopKind


def note_hop(  # noqa: PLR0913 (what happened to what, and when)
    writes: WriteSession,
    place_id: UUID,
    kind: HopKind,
    subject_id: UUID,
    at: datetime,
    *,
    message_id: UUID | None = None,
    promise_id: UUID | None = None,
) -> None:
    """Notes it in the transaction in which it happens. Whom to tell is worked through behind it, however many they are."""
    quiet = kind in rules.QUIET
    hop = Hop(
        collaboration_id=place_id,
        kind=kind,
        feedback_id=message_id,
        promise_id=promise_id,
        subject_id=subject_id,
        at=at,
        told_at=at if quiet else None,
    )
    writes.add(hop)
    writes.flush()
