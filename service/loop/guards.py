"""What other features say in their own acts: something happened that those should be told whose words led to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select

from service.database import WriteSession
from service.feedback.models import Feedback, Reply
from service.loop import rules
from service.loop.models import Addition, Hop, HopKind


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


def let_answers_go(writes: WriteSession, message: Feedback) -> None:
    """A message is no longer put together with another: what its sender said of that one's answer is said of none. Their words stay."""
    answer = and_(col(Reply.collaboration_id) == Addition.collaboration_id, col(Reply.id) == Addition.reply_id)
    query = select(Addition).join(Reply, answer)
    mine = (Addition.collaboration_id == message.collaboration_id, Addition.feedback_id == message.id)
    for row in writes.exec(query.where(*mine, Reply.feedback_id != message.id)).all():
        if row.body:
            row.reply_id = row.answered = row.better = None
            writes.add(row)
        else:
            writes.delete(row)
    writes.flush()
