"""Doing: keeping what is written and not given, proposing it to a second person, and what that person does with it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid
from service.feedback import rules
from service.feedback.claim_queries import get_checks
from service.feedback.desk_actions import reply
from service.feedback.desk_queries import get_message_row
from service.feedback.draft_models import AnswerRule, Checks, Draft, DraftStanding, Unsent, task_of, unsent_of
from service.feedback.draft_queries import get_proposed
from service.feedback.models import Outcome, Reply, ReplyIn
from service.journal.actions import record
from service.language import _
from service.people.models import Member


def keep_draft(writes: WriteSession, member: Member, message_id: UUID, given: Unsent, now: datetime) -> bool:
    """Keeps what somebody has written to a message; answers whether that was news. What waited for a second person is theirs again.

    Raises: NotFound, Invalid where nothing is written.
    """
    if not given.says_something:
        raise Invalid(FieldError("body", _("There is nothing to keep yet. Write something first.")))
    return _written(writes, member, message_id, given, DraftStanding.KEPT, now)


def propose(writes: WriteSession, member: Member, message_id: UUID, given: Unsent, now: datetime) -> bool:
    """Puts an answer before a second person, who gives it or gives it back; answers whether that was news. The wait goes on.

    Raises: NotFound, Conflict where no answer fits, Invalid by field.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if rules.way_to_reply(message.state) is None:
        raise Conflict(_(rules.what_instead(message.state, rules.NOT_ANY_MORE)))
    errors = []
    if given.outcome is None:
        errors.append(FieldError("outcome", _("Choose what came of it.")))
    if not given.body:
        errors.append(FieldError("body", _("Write the answer.")))
    if given.outcome in rules.EXPLAINED and not given.reason:
        errors.append(FieldError("reason", _("Say why, in words the person can check.")))
    if (given.outcome == Outcome.WILL_DO) != (given.promised is not None):
        errors.append(FieldError("outcome", _("A reply that says you will do something makes a promise with a date, and no other does.")))
    if errors:
        raise Invalid(*errors)
    return _written(writes, member, message_id, given, DraftStanding.PROPOSED, now)


def _written(writes: WriteSession, member: Member, message_id: UUID, given: Unsent, standing: DraftStanding, now: datetime) -> bool:
    message = get_message_row(writes, member, message_id, held=True)
    row = _own(writes, member, message_id)
    if row is not None and standing == row.standing and given == unsent_of(row):
        return False
    place_id, by = member.place.id, member.person.staff_id
    row = row or Draft(collaboration_id=place_id, feedback_id=message.id, staff_id=by, standing=standing, written_at=now)
    row.outcome, row.body, row.reason, row.promised = given.outcome, given.body, given.reason, given.promised
    row.no_kind = given.no_kind
    row.standing, row.written_at, row.returned_why = standing, now, None
    writes.add(row)
    writes.flush()
    verb = "proposed" if standing == DraftStanding.PROPOSED else "drafted"
    record(writes, member.actor, verb, "feedback", message.id, at=now, collaboration_id=place_id, fields=["answer"])
    return True


def drop_draft(writes: WriteSession, member: Member, message_id: UUID, now: datetime) -> bool:
    """Throws away what this member has written to a message and not given; answers whether there was anything. Raises: NotFound."""
    message = get_message_row(writes, member, message_id, held=True)
    row = _own(writes, member, message.id)
    if row is None:
        return False
    writes.delete(row)
    writes.flush()
    record(writes, member.actor, "draft_dropped", "feedback", message.id, at=now, collaboration_id=member.place.id, fields=["answer"])
    return True


def give_proposed(writes: WriteSession, member: Member, message_id: UUID, draft_id: UUID, promise_id: UUID | None, now: datetime) -> Reply:
    """Gives the answer that somebody else proposed. `promise_id`: the promise that it makes.

    Raises: NotFound, Conflict for who wrote it and where no answer fits, Invalid.
    """
    draft = get_proposed(writes, member, message_id, draft_id)
    said = {"outcome": draft.outcome, "body": draft.body or "", "reason": draft.reason, "no_kind": draft.no_kind}
    given = ReplyIn.model_validate({**said, "promise": promise_id, "task": task_of(draft.promised)})
    return reply(writes, member, message_id, given, now, written_by=draft.staff_id)


def return_proposed(writes: WriteSession, member: Member, message_id: UUID, draft_id: UUID, why: str, now: datetime) -> None:
    """Gives a proposed answer back to who wrote it, with a reason. Raises: NotFound, Conflict for who wrote it, Invalid."""
    draft = get_proposed(writes, member, message_id, draft_id)
    if not why.strip():
        raise Invalid(FieldError("why", _("Say what should be otherwise.")))
    draft.standing, draft.returned_why = DraftStanding.RETURNED, why.strip()
    writes.add(draft)
    writes.flush()
    record(writes, member.actor, "returned", "feedback", message_id, at=now, collaboration_id=member.place.id, fields=["answer"])


def set_checks(writes: WriteSession, member: Member, checks: Checks, now: datetime) -> bool:
    """Says which answers that claim a change wait for a second person; answers whether that was news."""
    if get_checks(writes, member.place.id) == checks:
        return False
    rule = AnswerRule(collaboration_id=member.place.id, checks=checks, set_by=member.person.staff_id, set_at=now)
    writes.add(rule)
    writes.flush()
    record(writes, member.actor, "set", "answer_rule", rule.id, at=now, collaboration_id=member.place.id, fields=[checks])
    return True


def _own(writes: WriteSession, member: Member, message_id: UUID) -> Draft | None:
    here = select(Draft).where(Draft.collaboration_id == member.place.id, Draft.feedback_id == message_id)
    return writes.exec(here.where(Draft.staff_id == member.person.staff_id)).first()
