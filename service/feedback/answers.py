"""What was answered to a message, and the steps it has taken: the same for the person who wrote it and for staff."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.consents.queries import find_ends
from service.database import ReadSession
from service.feedback.answer_models import ReplyOut, Step, StepOut
from service.feedback.models import Feedback, Reply
from service.feedback.routing_models import Passing
from service.journal.queries import find_all_done
from service.loop.trail_queries import find_later_steps
from service.moderation.models import Appeal, Decision, Redaction
from service.places.models import Organisation
from service.promises.models import Promise
from service.tasks.queries import find_tasks


def find_replies(reads: ReadSession, message: Feedback, today: date) -> list[ReplyOut]:
    """The replies to a message, oldest first; and those to the message that it was put together with."""
    rows = reads.execute(
        columns(Reply, col(Organisation.name), col(Promise.due_on))
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == Reply.collaboration_id, col(Organisation.id) == Reply.organisation_id),
            isouter=True,
        )
        .join(
            Promise,
            and_(col(Promise.collaboration_id) == Reply.collaboration_id, col(Promise.id) == Reply.promise_id),
            isouter=True,
        )
        .where(col(Reply.collaboration_id) == message.collaboration_id, col(Reply.feedback_id).in_(_answered_with(message)))
        .order_by(col(Reply.published_at), col(Reply.id))
    ).all()
    tasks = find_tasks(reads, message.collaboration_id, [row[0].id for row in rows], today)
    return [
        ReplyOut(
            outcome=reply.outcome,
            body=reply.body,
            reason=reply.reason,
            no_kind=reply.no_kind,
            organisation=name,
            promise=reply.promise_id,
            due_on=due_on,
            task=tasks.get(reply.id),
            published_at=reply.published_at,
            checked=reply.checked_by is not None,
        )
        for reply, name, due_on in rows
    ]


def _answered_with(message: Feedback) -> list[UUID]:
    return [message.id, message.merged_into_id] if message.merged_into_id else [message.id]


def trail_of(reads: ReadSession, message: Feedback, now: datetime) -> list[StepOut]:
    """The steps that a message has taken, and when, oldest first."""
    steps = [
        (Step.RECEIVED, message.received_at),
        (Step.READ, message.read_at),
        (Step.REPLIED, message.replied_at),
        (Step.WITHDRAWN, message.withdrawn_at),
    ]
    found = [StepOut(step=step, at=at) for step, at in steps if at is not None]
    passed = (
        columns(col(Passing.at), col(Organisation.name))
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == Passing.collaboration_id, col(Organisation.id) == Passing.organisation_id),
            isouter=True,
        )
        .where(col(Passing.collaboration_id) == message.collaboration_id, col(Passing.feedback_id) == message.id)
        .order_by(col(Passing.id))
    )
    found += [StepOut(step=Step.PASSED_ON, at=at, organisation=name) for at, name in reads.execute(passed)]
    if message.merged_into_id:
        done = find_all_done(reads, message.collaboration_id, message.id)
        found += [StepOut(step=Step.MERGED, at=one.at) for one in done if one.verb == "merged"][-1:]
    if message.withdrawn_at is None:
        found += [StepOut(step=Step.NOT_SHARED, at=at) for at in find_ends(reads, message)]
        found += find_later_steps(reads, message, now)
    return sorted([*found, *_decided(reads, message)], key=lambda step: step.at)


def _decided(reads: ReadSession, message: Feedback) -> list[StepOut]:
    """What moderation did, and when: of who did it nothing is said."""

    def of(table: type[Decision] | type[Appeal] | type[Redaction]) -> Any:
        return select(table).where(table.collaboration_id == message.collaboration_id, table.feedback_id == message.id)

    steps = [(Step(one.verdict), one.at) for one in reads.exec(of(Decision))]
    appeals = list(reads.exec(of(Appeal)))
    steps += [(Step.APPEALED, one.made_at) for one in appeals]
    steps += [(Step.APPEAL_DECIDED, one.decided_at) for one in appeals if one.decided_at]
    taken_out = {one.at for one in reads.exec(of(Redaction)) if one.put_back_at is None}
    steps += [(Step.NAMES_REMOVED, at) for at in taken_out]
    return [StepOut(step=step, at=at) for step, at in steps]
