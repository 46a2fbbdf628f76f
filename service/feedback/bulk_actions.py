"""Doing one thing with several messages at once, and undoing it for a while."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback import counts, rules
from service.feedback.bulk_models import BulkItem, Result, Together
from service.feedback.bulk_queries import UNDOABLE, find_items
from service.feedback.desk_actions import mark_read
from service.feedback.desk_queries import get_message_row
from service.feedback.models import Feedback
from service.feedback.routing_actions import assign, pass_on
from service.feedback.routing_models import Assignment, Passing
from service.journal.actions import record
from service.journal.queries import find_all_done
from service.language import _
from service.people.models import Member
from service.people.queries import find_colleagues
from service.places.queries import find_organisation
from service.tables import new_id

FORGOTTEN = timedelta(days=1)
VERBS = {Together.READ: "read", Together.TAKE: "assigned", Together.SEND_ON: "passed_on"}


def act_together(
    writes: WriteSession, member: Member, act: Together, marked: Sequence[UUID], organisation: str, now: datetime
) -> UUID | None:
    """Does one thing with each message; one that refuses does not stop the rest.

    Answers under which id `unact_together` takes it back; None where none of them is here any more.

    Raises: Invalid where they are passed on to nobody.
    """
    if act == Together.SEND_ON and find_organisation(writes, member.place.id, organisation) is None:
        raise Invalid(FieldError("organisation", _("Choose an organisation.")))
    acts: dict[Together, Callable[[UUID], bool]] = {
        Together.READ: lambda one: mark_read(writes, member, one, now),
        Together.TAKE: lambda one: assign(writes, member, one, member.person.staff_id, now),
        Together.SEND_ON: lambda one: pass_on(writes, member, one, organisation, now),
    }
    writes.execute(delete(BulkItem).where(col(BulkItem.collaboration_id) == member.place.id, col(BulkItem.at) < now - FORGOTTEN))
    bulk_id, items = new_id(), []
    for message_id in sorted(marked):
        try:
            message = get_message_row(writes, member, message_id, held=True)
        except NotFound:
            continue
        item = _as_it_was(writes, member, message, bulk_id, act, now)
        item.result = _result(acts[act], message_id)
        items.append(item)
    writes.add_all(items)
    writes.flush()
    return bulk_id if items else None


def _as_it_was(writes: WriteSession, member: Member, message: Feedback, bulk_id: UUID, act: Together, now: datetime) -> BulkItem:
    taken = writes.get(Assignment, (message.collaboration_id, message.id))
    return BulkItem(
        collaboration_id=member.place.id,
        bulk_id=bulk_id,
        feedback_id=message.id,
        staff_id=member.person.staff_id,
        act=act,
        result=Result.ALREADY,
        state_before=message.state,
        read_before=message.read_at,
        organisation_before=message.organisation_id,
        taken_before=taken.staff_id if taken else None,
        at=now,
    )


def _result(act: Callable[[UUID], bool], message_id: UUID) -> Result:
    try:
        return Result.DONE if act(message_id) else Result.ALREADY
    except Conflict:
        return Result.ANSWERED
    except (Invalid, NotFound, Refused):
        return Result.NOT_YOURS


def unact_together(writes: WriteSession, member: Member, bulk_id: UUID, now: datetime) -> int:
    """Takes back what this member did with several messages; those that somebody did something with since stay. Answers how many.

    Raises: NotFound for an act that is not theirs, or too long ago.
    """
    items = [item for item in find_items(writes, member, bulk_id) if now - item.at < UNDOABLE]
    if not items:
        raise NotFound
    undone = 0
    for item in sorted(items, key=lambda one: one.feedback_id):
        if item.result == Result.DONE and _put_back(writes, member, item, now):
            item.result = Result.UNDONE
            writes.add(item)
            undone += 1
    writes.flush()
    return undone


def _put_back(writes: WriteSession, member: Member, item: BulkItem, now: datetime) -> bool:
    try:
        message = get_message_row(writes, member, item.feedback_id, held=True)
    except NotFound:
        return False
    last = find_all_done(writes, member.place.id, message.id)[-1]
    if (last.verb, last.actor_id, last.at) != (VERBS[item.act], member.person.staff_id, item.at):
        return False
    if item.act == Together.SEND_ON and not rules.may_take_away(member.grants, message.organisation_id, message.publication):
        return False
    with counts.changing(writes, member.place, message):
        if item.act != Together.TAKE:
            message.state, message.read_at = item.state_before, item.read_before
        if item.act == Together.SEND_ON:
            message.organisation_id = item.organisation_before
            to, by = item.organisation_before, member.person.staff_id
            writes.add(Passing(collaboration_id=member.place.id, feedback_id=message.id, organisation_id=to, staff_id=by, at=now))
        writes.add(message)
        _hand_back(writes, member, message, item)
        writes.flush()
    verb = {Together.READ: "unread", Together.TAKE: "released" if item.taken_before is None else "assigned"}.get(item.act, "given_back")
    record(writes, member.actor, verb, "feedback", message.id, at=now, collaboration_id=member.place.id, fields=["state"])
    return True


def _hand_back(writes: WriteSession, member: Member, message: Feedback, item: BulkItem) -> None:
    """Who had taken it on has it again, if they may still answer it."""
    if item.act == Together.READ:
        return
    taken = writes.get(Assignment, (message.collaboration_id, message.id))
    before = item.taken_before
    may = {one.id for one in find_colleagues(writes, member.place.id, rules.ANSWERERS, message.organisation_id)}
    if before in may:
        taken = taken or Assignment(collaboration_id=message.collaboration_id, feedback_id=message.id, staff_id=before, at=item.at)
        taken.staff_id = before
        writes.add(taken)
    elif taken is not None:
        writes.delete(taken)
