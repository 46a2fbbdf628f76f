"""Asking what somebody said yes to, and whether it holds."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.consents import rules
from service.consents.models import Consent, Purpose, SaidYes, Yes
from service.database import ReadSession
from service.days import local_day
from service.feedback.models import Feedback

STANDS = and_(col(Consent.withdrawn_at).is_(None), col(Consent.expired_at).is_(None))


def holds(today: date) -> ColumnElement[bool]:
    """Which consents hold today."""
    in_time = or_(col(Consent.expires_on).is_(None), col(Consent.expires_on) >= today)
    return and_(STANDS, col(Consent.given_on) <= today, in_time)


def is_offered(message: Any = Feedback) -> ColumnElement[bool]:
    """Whose sender's yes to public words stands. That its last day is over is acted on by the keeper, within seconds."""
    return (
        columns(col(Consent.id))
        .where(
            col(Consent.collaboration_id) == message.collaboration_id,
            col(Consent.feedback_id) == message.id,
            col(Consent.purpose) == Purpose.SHARE_WORDS_PUBLIC,
            STANDS,
        )
        .exists()
    )


def find_yeses(
    reads: ReadSession, place_id: UUID, today: date, time_zone: str, *, message_id: UUID | None = None, story_id: UUID | None = None
) -> list[Yes]:
    """Every yes that was given for a message or a story, the newest first."""
    query = select(Consent).where(Consent.collaboration_id == place_id)
    query = query.where(Consent.feedback_id == message_id) if message_id else query.where(Consent.narrative_id == story_id)
    return [_yes(row, today, time_zone) for row in reads.exec(query.order_by(col(Consent.given_on).desc(), col(Consent.id).desc()))]


def live_one(yeses: Sequence[Yes], purpose: Purpose) -> Yes | None:
    """The newest that holds today for this use."""
    return next((yes for yes in yeses if yes.live and yes.purpose == purpose), None)


def said_no(yeses: Sequence[Yes]) -> bool:
    """Whether somebody said yes to all who work here reading it, and does not any more. Who was never asked has not said no."""
    asked = any(yes.purpose == Purpose.SHARE_ANONYMISED_PARTNERS for yes in yeses)
    return asked and live_one(yeses, Purpose.SHARE_ANONYMISED_PARTNERS) is None


def get_said_yes(reads: ReadSession, message: Feedback, today: date, time_zone: str) -> SaidYes:
    """What the sender of a message said yes to, and still does."""
    yeses = find_yeses(reads, message.collaboration_id, today, time_zone, message_id=message.id)
    return SaidYes(live_one(yeses, Purpose.SHARE_WORDS_PUBLIC), live_one(yeses, Purpose.REPLY), rules.may_share(message))


def find_ends(reads: ReadSession, message: Feedback) -> list[datetime]:
    """When a yes to showing the words of a message was taken back, or its time called over."""
    at = func.coalesce(Consent.withdrawn_at, Consent.expired_at)
    query = columns(col(Consent.withdrawn_at), col(Consent.expired_at)).where(
        col(Consent.collaboration_id) == message.collaboration_id,
        col(Consent.feedback_id) == message.id,
        col(Consent.purpose) == Purpose.SHARE_WORDS_PUBLIC,
        at.is_not(None),
    )
    return sorted(taken_back or over for taken_back, over in reads.execute(query))


def ended(place_id: UUID, today: date) -> Select[date | None, UUID]:
    """The consents whose last day is over, and nobody has acted on that: (expires_on, id), the oldest first."""
    return (
        columns(col(Consent.expires_on), col(Consent.id))
        .where(col(Consent.collaboration_id) == place_id, STANDS, col(Consent.expires_on) < today)
        .order_by(col(Consent.expires_on), col(Consent.id))
    )


def is_any_ended(reads: ReadSession, today: date) -> bool:
    """Whether somewhere the last day of a yes is over, and nobody has acted on that."""
    return reads.execute(columns(col(Consent.id)).where(STANDS, col(Consent.expires_on) < today).limit(1)).first() is not None


def _yes(row: Consent, today: date, time_zone: str) -> Yes:
    over = row.expires_on is not None and row.expires_on < today
    taken_back = row.withdrawn_at is not None
    moment = row.withdrawn_at or row.expired_at
    ended_on = row.expires_on if over and not taken_back else local_day(moment, time_zone) if moment else None
    live = rules.is_live(row.given_on, row.expires_on, ended=moment is not None, today=today)
    return Yes(row.id, row.purpose, row.wording_version, row.how, row.given_on, row.expires_on, taken_back, ended_on, live)
