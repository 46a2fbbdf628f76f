"""What is asked of messages in other acts: those put together share an answer and stand alone again; claims are looked at."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from service.database import WriteSession
from service.errors import Conflict
from service.feedback import counts, rules
from service.feedback.claim_queries import get_checks
from service.feedback.draft_models import Checks
from service.feedback.models import Feedback, Reply, State
from service.journal.actions import Actor, record
from service.language import _
from service.loop.guards import let_answers_go
from service.people.models import Member
from service.places.queries import PlaceCard


def find_others(writes: WriteSession, message: Feedback) -> list[Feedback]:
    """The messages that were put together with this one, held until the transaction ends."""
    query = select(Feedback).where(Feedback.collaboration_id == message.collaboration_id, Feedback.merged_into_id == message.id)
    return list(writes.exec(query.order_by(col(Feedback.id)).with_for_update()))


def answer_others(writes: WriteSession, actor: Actor, place: PlaceCard, message: Feedback, now: datetime) -> None:
    """An answer was given to a message: whoever said the same has it too, each with a wait of their own."""
    for other in find_others(writes, message):
        if other.replied_at is None:
            with counts.changing(writes, place, other):
                other.replied_at = now
                writes.add(other)
                writes.flush()
            record(writes, actor, "answered_with", "feedback", other.id, at=now, collaboration_id=place.id, fields=["replied_at"])


def stand_alone(writes: WriteSession, actor: Actor, place: PlaceCard, message: Feedback, now: datetime) -> None:
    """A message goes its own way: it is no longer put together with another, and those put together with it wait for their own answer.

    Nobody is lost with it: who had an answer that they can read no more, is owed one again.
    """
    for other in [*([message] if message.merged_into_id else []), *find_others(writes, message)]:
        with counts.changing(writes, place, other):
            other.merged_into_id = None
            if other.state == State.MERGED:
                other.state = State.REOPENED if other.replied_at else State.IN_REVIEW
                other.read_at = other.read_at or now
            writes.add(other)
            writes.flush()
            let_answers_go(writes, other)
        record(writes, actor, "unmerged", "feedback", other.id, at=now, collaboration_id=place.id, fields=["state"])


def stand_all_alone(writes: WriteSession, actor: Actor, place: PlaceCard, messages: Sequence[Feedback], now: datetime) -> None:
    """The same of many messages."""
    query = select(Feedback.merged_into_id).where(Feedback.collaboration_id == place.id, col(Feedback.merged_into_id).is_not(None))
    with_others = set(writes.exec(query.where(col(Feedback.merged_into_id).in_([one.id for one in messages]))))
    for message in messages:
        if message.merged_into_id or message.id in with_others:
            stand_alone(writes, actor, place, message, now)


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
