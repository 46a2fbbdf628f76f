"""What other features do with the notes of other systems in their own acts: whoever tells the sender something has dealt with them."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from service.database import WriteSession
from service.elsewhere.models import OutsideNote
from service.feedback.models import Feedback


def deal_with_notes(writes: WriteSession, message: Feedback, now: datetime) -> int:
    """None of what other systems said of a message waits any more; answers how many notes did."""
    query = update(OutsideNote).where(
        col(OutsideNote.collaboration_id) == message.collaboration_id,
        col(OutsideNote.feedback_id) == message.id,
        col(OutsideNote.dealt_at).is_(None),
    )
    return len(writes.execute(query.values(dealt_at=now).returning(col(OutsideNote.id))).all())
