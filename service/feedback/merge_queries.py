"""Asking about messages that say the same: which could be put together, and which were."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, or_
from sqlmodel import col

from service.database import ReadSession
from service.feedback import desk_queries as desk
from service.feedback import rules
from service.feedback.desk_queries import MessageRow
from service.feedback.message_queries import MessageCard
from service.feedback.models import Feedback
from service.people.models import Member
from service.people.rules import reach

MOST_LIKE = 6
LOOKS_BACK = timedelta(days=365)
"""How many messages are offered, and how far back they are looked for."""


def find_merged(reads: ReadSession, member: Member, message_id: UUID, now: datetime) -> list[MessageRow]:
    """The messages that were put together with this one, as far as this member may read them, the oldest first."""
    query = desk.listed().where(desk.visible_to(member), Feedback.merged_into_id == message_id)
    return [desk.message_row(member, now, *row) for row in reads.exec(query.order_by(col(Feedback.received_at), col(Feedback.id)))]


def find_alike(reads: ReadSession, member: Member, message: MessageCard, now: datetime) -> list[MessageRow]:
    """Messages that may say the same: in the same words first, then those about the same topic in the same area, the newest first."""
    alike = [_same_words(message)] if message.likeness else []
    alike += [_same_matter(message)] if message.topic_id else []
    if not message.may_merge or not alike:
        return []
    found = desk.listed().where(
        desk.visible_to(member),
        _answers(member),
        col(Feedback.id) != message.row.id,
        col(Feedback.state).in_(rules.HOLD_OTHERS),
        col(Feedback.lane).is_(None),
        col(Feedback.received_at) > now - LOOKS_BACK,
        or_(*alike),
    )
    found = found.order_by(case((alike[0], 0), else_=1), col(Feedback.received_at).desc(), col(Feedback.id).desc()).limit(MOST_LIKE)
    return [desk.message_row(member, now, *row) for row in reads.exec(found)]


def find_marked(reads: ReadSession, member: Member, ids: Sequence[UUID], now: datetime) -> list[MessageRow]:
    """These messages as far as this member may read them, the oldest first."""
    found = desk.find_message_rows(reads, member, ids, now).values()
    return sorted(found, key=lambda row: (row.received_on, row.id))


def _answers(member: Member) -> ColumnElement[bool]:
    organisations = reach(member.grants, rules.ANSWERERS)
    return col(Feedback.id).is_not(None) if organisations is None else col(Feedback.organisation_id).in_(organisations)


def _same_words(message: MessageCard) -> ColumnElement[bool]:
    return col(Feedback.likeness) == message.likeness


def _same_matter(message: MessageCard) -> ColumnElement[bool]:
    """About the same topic, and about the same place as far as it was said."""
    same_topic = col(Feedback.topic_id) == message.topic_id
    return same_topic & (col(Feedback.area_id) == message.area_id) if message.area_id else same_topic
