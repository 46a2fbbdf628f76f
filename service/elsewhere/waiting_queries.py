"""Asking of which messages another system says something that nobody has dealt with: for the inbox, and for the letters about work."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, true
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.elsewhere.models import OutsideNote, Said
from service.feedback import rules
from service.feedback.desk_queries import visible_to
from service.feedback.models import Feedback
from service.people.models import Member
from service.people.rules import reach


def is_told_of(place_id: UUID) -> ColumnElement[bool]:
    """The messages of a place of which another system says something new. A list of few: no message is asked about."""
    noted: Any = columns(col(OutsideNote.feedback_id))
    noted = noted.where(col(OutsideNote.collaboration_id) == place_id, col(OutsideNote.dealt_at).is_(None))
    return and_(col(Feedback.state).in_(rules.HOLD_OTHERS), col(Feedback.id).in_(noted))


def told_to(member: Member) -> ColumnElement[bool]:
    """Of messages that this member may read: those of them that they answer."""
    organisations = reach(member.grants, rules.ANSWERERS)
    theirs = true() if organisations is None else col(Feedback.organisation_id).in_(organisations) if organisations else false()
    return and_(theirs, is_told_of(member.place.id))


def find_told(reads: ReadSession, member: Member, ids: Collection[UUID]) -> dict[UUID, Said]:
    """How these messages stand in another system, by id, where this member is to do something about it: its latest word."""
    if not ids:
        return {}
    here = columns(col(Feedback.id)).where(visible_to(member), col(Feedback.id).in_(ids), told_to(member))
    query = columns(col(OutsideNote.feedback_id), col(OutsideNote.said))
    query = query.where(col(OutsideNote.collaboration_id) == member.place.id, col(OutsideNote.dealt_at).is_(None))
    query = query.where(col(OutsideNote.feedback_id).in_(here)).order_by(col(OutsideNote.said_at), col(OutsideNote.id))
    return {message_id: Said(said) for message_id, said in reads.execute(query)}
