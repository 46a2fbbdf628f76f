"""Doing: putting messages together that say the same, so that one answer is for all of them, and taking them apart again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from service.database import WriteSession
from service.errors import Conflict, NotFound
from service.feedback import counts, rules
from service.feedback.desk_queries import get_message_row, visible_to
from service.feedback.guards import find_others, stand_alone
from service.feedback.models import Feedback, State
from service.journal.actions import record
from service.language import _
from service.people.models import Member
from service.people.rules import reaches


def merge(writes: WriteSession, member: Member, message_id: UUID, into_id: UUID, now: datetime) -> bool:
    """Puts a message together with another that says the same: its sender reads the answer to that one, and never its words.

    Where that one is put together with a third already, so is this. What was put together with this goes along.
    Answers whether that was news.

    Raises: NotFound for those who may not answer both, Conflict for a message that cannot be put together any more.
    """
    whole_id = writes.exec(select(func.coalesce(Feedback.merged_into_id, Feedback.id)).where(visible_to(member), Feedback.id == into_id))
    root_id = whole_id.first()
    if root_id is None:
        raise NotFound
    held = {one: get_message_row(writes, member, one, held=True) for one in sorted({message_id, root_id})}  # in one order, always
    message, root = held[message_id], held[root_id]
    if not all(reaches(member.grants, rules.ANSWERERS, one.organisation_id) for one in (message, root)):
        raise NotFound
    if message.merged_into_id == root.id:
        return False
    if message.id == root.id or not rules.may_move(message.state, State.MERGED):
        raise Conflict(_("This message cannot be put together with another any more."))
    if not rules.may_hold_others(root.state) or root.lane is not None:
        raise Conflict(_("No message can be put together with that one."))
    for one in [message, *find_others(writes, message)]:
        with counts.changing(writes, member.place, one):
            one.merged_into_id, one.state = root.id, State.MERGED
            one.read_at = one.read_at or now
            if root.state not in rules.OPEN:
                one.replied_at = one.replied_at or now
            writes.add(one)
            writes.flush()
        record(writes, member.actor, "merged", "feedback", one.id, at=now, collaboration_id=member.place.id, fields=["state"])
    return True


def unmerge(writes: WriteSession, member: Member, message_id: UUID, now: datetime) -> bool:
    """Takes a message out again from among those it was put together with; answers whether that was news.

    Raises: NotFound, also for those who may not answer it, Conflict where it has its answer with the others.
    """
    query = select(Feedback.merged_into_id).where(visible_to(member), Feedback.id == message_id)
    root_id = writes.exec(query).first()
    held = {one: _row(writes, member, one) for one in sorted({message_id, root_id or message_id})}
    message = get_message_row(writes, member, message_id, held=True)
    if not reaches(member.grants, rules.ANSWERERS, message.organisation_id):
        raise NotFound
    if message.merged_into_id is None:
        return False
    if message.merged_into_id not in held or not rules.may_stand_alone(message.state, message.replied_at):
        raise Conflict(_("It has its answer with the others, so it stays with them."))
    with_it = find_others(writes, message)
    assert not with_it  # noqa: S101 (whatever is put together with it was handed on)
    stand_alone(writes, member.actor, member.place, message, now)
    return True


def _row(writes: WriteSession, member: Member, message_id: UUID) -> Feedback | None:
    """A message of this place, held, whether or not this member may read it."""
    here = (Feedback.collaboration_id == member.place.id, col(Feedback.id) == message_id)
    return writes.exec(select(Feedback).where(*here).with_for_update()).first()
