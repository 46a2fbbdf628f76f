"""What other features ask of consents in their own acts: to keep a yes with what it belongs to, to end it, to let through what has one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import select

from service.consents import queries
from service.consents.models import Consent, Purpose
from service.database import WriteSession
from service.errors import Conflict
from service.language import _
from service.tables import new_id

_consent = Consent.__table__  # type: ignore[attr-defined]


def keep_yeses(writes: WriteSession, yeses: Sequence[dict[str, Any]]) -> None:
    """Keeps what was said with many messages, in one statement. Each row names its message or story, the use, the wording and the day."""
    if yeses:
        blank = {"feedback_id": None, "narrative_id": None, "how": None, "expires_on": None, "withdrawn_at": None, "expired_at": None}
        writes.execute(insert(_consent), [{**blank, "id": new_id(), **yes} for yes in yeses])


def take_back_yeses(
    writes: WriteSession,
    place_id: UUID,
    now: datetime,
    *,
    purpose: Purpose | None = None,
    message_id: UUID | None = None,
    story_id: UUID | None = None,
) -> list[UUID]:
    """Ends every yes that stands for this message or story, or those to one use; answers which."""
    theirs = (_consent.c.collaboration_id == place_id) & _consent.c.withdrawn_at.is_(None) & _consent.c.expired_at.is_(None)
    theirs = theirs & (_consent.c.feedback_id == message_id if message_id else _consent.c.narrative_id == story_id)
    if purpose is not None:
        theirs = theirs & (_consent.c.purpose == purpose)
    ended = update(_consent).where(theirs).values(withdrawn_at=now).returning(_consent.c.id)
    return list(writes.execute(ended).scalars())


def call_over(writes: WriteSession, place_id: UUID, purpose: Purpose, message_ids: Sequence[UUID], now: datetime) -> None:
    """The time of these uses is over: nobody took the yes back, and it is not asked any more."""
    theirs = (_consent.c.collaboration_id == place_id) & _consent.c.withdrawn_at.is_(None) & _consent.c.expired_at.is_(None)
    theirs = theirs & (_consent.c.purpose == purpose) & _consent.c.feedback_id.in_(message_ids)
    writes.execute(update(_consent).where(theirs).values(expired_at=now))


def must_be_offered(writes: WriteSession, place_id: UUID, message_id: UUID, today: date) -> None:
    """Lets the words of a message through to whose showing its sender's yes holds today. Raises: Conflict."""
    query = select(Consent.id).where(
        Consent.collaboration_id == place_id,
        Consent.feedback_id == message_id,
        Consent.purpose == Purpose.SHARE_WORDS_PUBLIC,
        queries.holds(today),
    )
    if writes.exec(query).first() is None:
        raise Conflict(_("The sender’s yes to showing these words has ended, so they are not shown."))
