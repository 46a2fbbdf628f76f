"""Asking which answers claim a change, so that a second person looks at them before everybody reads them."""

from uuid import UUID

from sqlmodel import col, select

from service.database import ReadSession
from service.feedback import rules
from service.feedback.draft_models import AnswerRule, Checks
from service.feedback.models import Feedback, Outcome, Publication, Reply
from service.people.models import Member


def get_checks(reads: ReadSession, place_id: UUID) -> Checks:
    """Which answers wait for a second person in this place. As shipped: those that claim a change and that everybody reads."""
    query = select(AnswerRule.checks).where(AnswerRule.collaboration_id == place_id)
    return Checks(reads.exec(query.order_by(col(AnswerRule.set_at).desc(), col(AnswerRule.id).desc())).first() or Checks.SHOWN)


def must_be_checked(reads: ReadSession, message: Feedback, outcome: Outcome) -> bool:
    """Whether an answer to this message with this outcome waits until a second person has looked."""
    shown = message.publication == Publication.PUBLISHED
    return outcome in rules.CLAIMS and rules.needs_second_person(get_checks(reads, message.collaboration_id), outcome, shown=shown)


def claims_alone(reads: ReadSession, member: Member, message_id: UUID) -> bool:
    """Whether this member's own answer to a message claims a change, and nobody else has looked at it: somebody else shows it, then."""
    query = select(Reply.id).where(Reply.collaboration_id == member.place.id, Reply.feedback_id == message_id)
    query = query.where(Reply.staff_id == member.person.staff_id, col(Reply.checked_by).is_(None), col(Reply.outcome).in_(rules.CLAIMS))
    return reads.exec(query).first() is not None and get_checks(reads, member.place.id) != Checks.NONE
