"""Claims of change in answers: which of them a second person looks at before everybody reads them."""

from uuid import UUID

from sqlmodel import col, select

from service.database import ReadSession, WriteSession
from service.errors import Conflict
from service.feedback import rules
from service.feedback.draft_models import AnswerRule, Checks
from service.feedback.models import Feedback, Outcome, Publication, Reply
from service.language import _
from service.people.models import Member


def get_checks(reads: ReadSession, place_id: UUID) -> Checks:
    """Which answers wait for a second person in this place. As shipped: those that claim a change and that everybody reads."""
    query = select(AnswerRule.checks).where(AnswerRule.collaboration_id == place_id)
    return Checks(reads.exec(query.order_by(col(AnswerRule.set_at).desc(), col(AnswerRule.id).desc())).first() or Checks.SHOWN)


def must_be_checked(reads: ReadSession, message: Feedback, outcome: Outcome) -> bool:
    """Whether an answer to this message with this outcome waits until a second person has looked."""
    shown = message.publication == Publication.PUBLISHED
    return outcome in rules.CLAIMS and rules.needs_second_person(get_checks(reads, message.collaboration_id), outcome, shown=shown)


def vouch(writes: WriteSession, member: Member, message: Feedback) -> None:
    """Whoever shows the words of a message shows its answers: they are the second person who looks at what those claim.

    Raises: Conflict for who wrote such an answer.
    """
    query = select(Reply).where(Reply.collaboration_id == message.collaboration_id, Reply.feedback_id == message.id)
    claims = list(writes.exec(query.where(col(Reply.outcome).in_(rules.CLAIMS), col(Reply.checked_by).is_(None))))
    if not claims or get_checks(writes, message.collaboration_id) == Checks.NONE:
        return
    if any(row.staff_id == member.person.staff_id for row in claims):
        raise Conflict(_("Your own answer here says that something changes. Somebody else shows it, so that a second person has looked."))
    for row in claims:
        row.checked_by = member.person.staff_id
        writes.add(row)
