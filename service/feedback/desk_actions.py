"""Doing, at the desk: reading messages and answering them, showing or withholding words."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, delete

from service import findable
from service.consents.guards import must_be_offered
from service.database import WriteSession
from service.days import local_day, week_of
from service.elsewhere.guards import deal_with_notes
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback import counts, rules
from service.feedback.claim_queries import must_be_checked
from service.feedback.desk_queries import get_message_row
from service.feedback.draft_models import Draft
from service.feedback.guards import answer_others, vouch
from service.feedback.models import Feedback, Outcome, Publication, Reply, ReplyIn, State, WithheldReason
from service.journal.actions import record
from service.language import _
from service.loop.guards import note_hop
from service.loop.models import HopKind
from service.moderation.guards import must_be_looked_at, note_decision
from service.moderation.models import Verdict
from service.people.models import Member
from service.people.rules import reaches
from service.tasks.guards import must_be_to_come, say_task

# ---- handling --------------------------------------------------------------------------------------------------------


def mark_read(writes: WriteSession, member: Member, message_id: UUID, now: datetime) -> bool:
    """Somebody read it, and the sender will see so; answers whether that was news. Raises: NotFound."""
    message = get_message_row(writes, member, message_id, held=True)
    if not rules.may_move(message.state, State.IN_REVIEW):
        return False
    message.state, message.read_at = State.IN_REVIEW, message.read_at or now
    writes.add(message)
    writes.flush()
    record(writes, member.actor, "read", "feedback", message.id, at=now, collaboration_id=member.place.id, fields=["state"])
    return True


def reply(
    writes: WriteSession, member: Member, message_id: UUID, given: ReplyIn, now: datetime, *, written_by: UUID | None = None
) -> Reply:
    """Answers a message; the sender reads it with the code, and so does whoever said the same and was put together with them.

    `written_by`: whose words these are, where this member is the second person who looked at them.
    Raises: NotFound, Conflict where no answer fits, or none without a second person, Invalid.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if not reaches(member.grants, rules.ANSWERERS, message.organisation_id):
        raise NotFound
    errors = _reply_errors(given)
    if errors:
        raise Invalid(*errors)
    way = rules.way_to_reply(message.state)
    if way is None:
        raise Conflict(_(rules.what_instead(message.state, rules.NOT_ANY_MORE)))
    if written_by is None and must_be_checked(writes, message, given.outcome):
        raise Conflict(_("It says that something changes, so a second person looks at it first."))
    row = Reply(
        collaboration_id=member.place.id,
        feedback_id=message.id,
        outcome=given.outcome,
        body=given.body,
        reason=given.reason or None,
        no_kind=rules.kind_of_no(given.outcome, given.no_kind),
        organisation_id=_answers_for(member, message),
        staff_id=written_by or member.person.staff_id,
        checked_by=member.person.staff_id if written_by else None,
        promise_id=given.promise,
        task_due_on=given.task.due_on if given.task else None,
        published_at=now,
    )
    if given.task:
        must_be_to_come(given.task.due_on, local_day(now, member.place.time_zone))
    with counts.changing(writes, member.place, message):
        writes.add(row)
        if way:
            message.state = way[-1]
            message.read_at = message.read_at or now
        message.replied_at = message.replied_at or now
        writes.add(message)
        writes.flush()
    if given.task:
        say_task(writes, row, given.task)
    answer_others(writes, member.actor, member.place, message, now)
    deal_with_notes(writes, message, now)
    theirs = (col(Draft.collaboration_id) == member.place.id, col(Draft.feedback_id) == message.id, col(Draft.staff_id) == row.staff_id)
    writes.execute(delete(Draft).where(*theirs))
    findable.add(writes, findable.Kind.REPLY, [row])
    note_hop(writes, member.place.id, HopKind.REPLIED, row.id, now, message_id=message.id)
    record(writes, member.actor, "replied", "feedback", message.id, at=now, collaboration_id=member.place.id, fields=[given.outcome])
    return row


def _reply_errors(given: ReplyIn) -> list[FieldError]:
    errors = []
    if (given.outcome == Outcome.WILL_DO) != ((given.promise is None) != (given.task is None)) or (given.promise and given.task):
        errors.append(FieldError("outcome", _("A reply that says you will do something makes a promise with a date, and no other does.")))
    if not given.body:
        errors.append(FieldError("body", _("Write the answer.")))
    if given.outcome in rules.EXPLAINED and not given.reason:
        errors.append(FieldError("reason", _("Say why, in words the person can check.")))
    return errors


def _answers_for(member: Member, message: Feedback) -> UUID | None:
    """In whose name: the organisation the message is with, else the answerer's own if they have just one."""
    if message.organisation_id:
        return message.organisation_id
    own = {grant.organisation_id for grant in member.grants if grant.role in rules.ANSWERERS}
    return own.pop() if len(own) == 1 else None


# ---- who may read it -------------------------------------------------------------------------------------------------


def publish(writes: WriteSession, member: Member, message_id: UUID, now: datetime) -> bool:
    """Shows the words to everybody, and the answers with them; answers whether that was news.

    Raises: NotFound, Refused for the organisation that the message is with, Conflict where the sender did not offer the words.
    """
    message = _to_decide(writes, member, message_id)
    if message.publication == Publication.PUBLISHED:
        return False
    if not rules.may_publish(message.state, message.publication):
        raise Conflict(_("These words were not offered to everybody, so they are not shown."))
    must_be_offered(writes, member.place.id, message.id, local_day(now, member.place.time_zone))
    must_be_looked_at(writes, member.place.id, message_id=message.id)
    vouch(writes, member, message)
    week = message.first_published_on or week_of(local_day(now, member.place.time_zone))
    with counts.changing(writes, member.place, message):
        message.publication, message.withheld_reason = Publication.PUBLISHED, None
        message.published_on = message.first_published_on = week
        _decided(writes, member, message, Verdict.PUBLISHED, now)
    return True


def withhold(writes: WriteSession, member: Member, message_id: UUID, reason: WithheldReason, now: datetime) -> bool:
    """Keeps the words from everybody else, for a reason that the sender reads; answers whether that was news.

    Raises: NotFound, Refused for the organisation that the message is with, Conflict where the sender did not offer the words.
    """
    message = _to_decide(writes, member, message_id)
    if not rules.may_withhold(message.publication):
        raise Conflict(_("These words were not offered to everybody, so they are not shown."))
    if message.withheld_reason == reason:
        return False
    with counts.changing(writes, member.place, message):
        message.publication, message.withheld_reason, message.published_on = Publication.WITHHELD, reason, None
        _decided(writes, member, message, Verdict.WITHHELD, now)
    return True


def _to_decide(writes: WriteSession, member: Member, message_id: UUID) -> Feedback:
    message = get_message_row(writes, member, message_id, held=True)
    if not rules.may_decide(member.grants, message.organisation_id):
        raise Refused(_("A coordinator or moderator for the whole place decides this, and nobody of the organisation that it is with."))
    if message.lane is not None:
        raise Conflict(_("It stands apart, so nobody else may read it."))
    return message


def _decided(writes: WriteSession, member: Member, message: Feedback, verdict: Verdict, now: datetime) -> None:
    writes.add(message)
    writes.flush()
    note_decision(writes, member, message, verdict, now, reason=message.withheld_reason)
    record(writes, member.actor, verdict, "feedback", message.id, at=now, collaboration_id=member.place.id, fields=["publication"])
