"""Asking which answers claim a change, so that a second person looks at them before everybody reads them."""

from uuid import UUID

from sqlmodel import col, select

from service.database import ReadSession
from service.feedback import rules
from service.feedback.draft_models import AnswerRule, Checks
from service.feedback.models import Feedback, Outcome, Publication


def get_checks(reads: ReadSession, place_id: UUID) -> Checks:
    """Which answers wait for a second person in this place. As shipped: those that claim a change and that everybody reads."""
    query = select(AnswerRule.checks).where(AnswerRule.collaboration_id == place_id)
    return Checks(reads.exec(query.order_by(col(AnswerRule.set_at).desc(), col(AnswerRule.id).desc())).first() or Checks.SHOWN)


def must_be_checked(reads: ReadSession, message: Feedback, outcome: Outcome) -> bool:
    """Whether an answer to this message with this outcome waits until a second person has looked."""
    shown = message.publication == Publication.PUBLISHED
    return outcome in rules.CLAIMS and rules.needs_second_person(get_checks(reads, message.collaboration_id), outcome, shown=shown)
