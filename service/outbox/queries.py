"""Asking whether there is anything to send."""

from datetime import datetime

from sqlmodel import col, select

from service.database import ReadSession
from service.outbox.models import Letter


def is_anything_due(reads: ReadSession, now: datetime) -> bool:
    """Whether a letter waits to be sent now."""
    due = select(Letter.id).where(Letter.due_at <= now, col(Letter.given_up_at).is_(None)).limit(1)
    return reads.exec(due).first() is not None
