"""Doing: what a sender says of an answer, more words, what became of a message, opening it again, closing it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service import findable
from service.database import WriteSession
from service.days import local_day
from service.elsewhere.guards import deal_with_notes
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.feedback import counts
from service.feedback.desk_queries import get_message_row
from service.feedback.models import Feedback, Outcome, State
from service.feedback.queries import get_by_code
from service.feedback.rules import ANSWERERS
from service.journal.actions import RESIDENT, Actor, record
from service.language import _
from service.loop import rules
from service.loop.guards import note_hop
from service.loop.models import Addition, CheckIn, FollowUp, HopKind, Look
from service.loop.queries import find_follow_ups, last_reply, told_on, undertakings_of
from service.moderation.guards import screen_addition
from service.moderation.rules import likeness
from service.people.models import Member
from service.people.rules import reaches
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys
from service.tables import new_id
from service.tasks.guards import finish_tasks

# ---- the sender ------------------------------------------------------------------------------------------------------


def check_reply(writes: WriteSession, keys: ServerKeys, place: PlaceCard, given: CheckIn, now: datetime) -> bool:
    """What a sender says of the last answer; answers whether that was news. A no opens the message again.

    Raises: NotFound, Conflict where nothing was answered yet or the words were taken back.
    """
    message = get_by_code(writes, keys, place, given.code, held=True)
    reply = last_reply(writes, message)
    if message.state == State.WITHDRAWN or reply is None:
        raise Conflict(_("There is no answer yet that you could say this of."))
    body = given.body or None
    own = (Addition.collaboration_id == place.id, Addition.feedback_id == message.id, Addition.reply_id == reply.id)
    query = select(Addition).where(*own)
    row = writes.exec(query).first()
    if row is not None and (row.answered, row.better, row.body or None) == (given.answered, given.better, body):
        return False
    row = row or Addition(collaboration_id=place.id, feedback_id=message.id, reply_id=reply.id, at=now)
    said = body if body != row.body else None
    with counts.changing(writes, place, message):
        row.answered, row.better, row.body, row.at = given.answered, given.better, body, now
        writes.add(row)
        writes.flush()
    findable.put(writes, findable.Kind.ADDITION, row)
    record(writes, RESIDENT, "checked", "feedback", message.id, at=now, collaboration_id=place.id, fields=["answered", "better", "body"])
    told = bool(find_follow_ups(writes, message))
    theirs = message if reply.feedback_id == message.id else _held(writes, place, reply.feedback_id)
    if rules.reopens(given.answered, given.better, Outcome(reply.outcome), said_done=told) and rules.may_reopen(theirs.state):
        _open_again(writes, place, theirs, RESIDENT, HopKind.CONTESTED, now)
    elif rules.agrees(given.answered, given.better):
        close_if_done(writes, place, message, RESIDENT, now)
    if said:
        screen_addition(writes, place, message, likeness(said), now)
    return True


def add_words(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, words: str, now: datetime) -> bool:
    """A sender adds to what they said; answers whether that was news. Nobody but the team reads it.

    Raises: NotFound, Invalid without words, Conflict where the words were taken back.
    """
    message = get_by_code(writes, keys, place, code, held=True)
    if message.state == State.WITHDRAWN:
        raise Conflict(_("You took your words back, so nothing can be added."))
    if not words:
        raise Invalid(FieldError("body", _("Write what you want to add.")))
    same = select(Addition.id).where(Addition.collaboration_id == place.id, Addition.feedback_id == message.id, Addition.body == words)
    if writes.exec(same).first() is not None:
        return False
    row = Addition(collaboration_id=place.id, feedback_id=message.id, body=words, at=now)
    writes.add(row)
    writes.flush()
    findable.add(writes, findable.Kind.ADDITION, [row])
    record(writes, RESIDENT, "added_words", "feedback", message.id, at=now, collaboration_id=place.id, fields=["body"])
    screen_addition(writes, place, message, likeness(words), now)
    return True


def note_look(writes: WriteSession, place: PlaceCard, message: Feedback, now: datetime) -> None:
    """Remembers the day on which a message was opened with its code, and nothing else of who did."""
    day = local_day(now, place.time_zone)
    row = writes.get(Look, (place.id, message.id)) or Look(collaboration_id=place.id, feedback_id=message.id, day=day)
    row.day = day
    writes.add(row)
    writes.flush()


# ---- staff -----------------------------------------------------------------------------------------------------------


def follow_up(writes: WriteSession, member: Member, message_id: UUID, words: str, now: datetime, *, done: bool = False) -> FollowUp:
    """Tells a sender what became of their message. Where all that was promised is done, the loop is closed with it.

    `done`: with these words, all the small things that the answers said are done.

    Raises: NotFound, Invalid without words, Conflict where there is no answer to follow.
    """
    message = _to_answer(writes, member, message_id)
    if not words:
        raise Invalid(FieldError("body", _("Write what became of it.")))
    if not rules.may_follow_up(message.state, message.replied_at):
        raise Conflict(_("Answer it first. Then you can say what became of it."))
    own = {grant.organisation_id for grant in member.grants if grant.role in ANSWERERS}
    row = FollowUp(
        collaboration_id=member.place.id,
        feedback_id=message.id,
        body=words,
        organisation_id=message.organisation_id or (own.pop() if len(own) == 1 else None),
        staff_id=member.person.staff_id,
        at=now,
    )
    with counts.changing(writes, member.place, message):
        writes.add(row)
        writes.flush()
        if done:
            finish_tasks(writes, member, message, now)
    deal_with_notes(writes, message, now)
    findable.add(writes, findable.Kind.FOLLOW_UP, [row])
    note_hop(writes, member.place.id, HopKind.FOLLOWED_UP, row.id, now, message_id=message.id)
    record(writes, member.actor, "followed_up", "feedback", message.id, at=now, collaboration_id=member.place.id)
    close_if_done(writes, member.place, message, member.actor, now)
    return row


def reopen(writes: WriteSession, member: Member, message_id: UUID, now: datetime) -> bool:
    """Opens a message again whose answer was wrong; answers whether that was news. Raises: NotFound, Conflict without an answer."""
    message = _to_answer(writes, member, message_id)
    if message.state == State.REOPENED:
        return False
    if not rules.may_reopen(message.state):
        raise Conflict(_("Only what was answered can be opened again."))
    _open_again(writes, member.place, message, member.actor, HopKind.REOPENED, now)
    return True


def _held(writes: WriteSession, place: PlaceCard, message_id: UUID) -> Feedback:
    """The message whose answer is the answer to others as well."""
    return writes.exec(select(Feedback).where(Feedback.collaboration_id == place.id, Feedback.id == message_id).with_for_update()).one()


def _to_answer(writes: WriteSession, member: Member, message_id: UUID) -> Feedback:
    message = get_message_row(writes, member, message_id, held=True)
    if not reaches(member.grants, ANSWERERS, message.organisation_id):
        raise NotFound
    return message


# ---- both ------------------------------------------------------------------------------------------------------------


def close_if_done(writes: WriteSession, place: PlaceCard, message: Feedback, actor: Actor, now: datetime) -> bool:
    """Closes the loop where nothing is left to be done or told; answers whether it did."""
    today = local_day(now, place.time_zone)
    if not rules.may_close(message.state, undertakings_of(writes, message), told_on(writes, place, message), today):
        return False
    _move(writes, place, message, State.LOOP_CLOSED)
    note_hop(writes, place.id, HopKind.CLOSED, new_id(), now, message_id=message.id)
    record(writes, actor, "loop_closed", "feedback", message.id, at=now, collaboration_id=place.id, fields=["state"])
    return True


def _open_again(writes: WriteSession, place: PlaceCard, message: Feedback, actor: Actor, kind: HopKind, now: datetime) -> None:
    _move(writes, place, message, State.REOPENED)
    note_hop(writes, place.id, kind, new_id(), now, message_id=message.id)
    record(writes, actor, "reopened", "feedback", message.id, at=now, collaboration_id=place.id, fields=["state"])


def _move(writes: WriteSession, place: PlaceCard, message: Feedback, to: State) -> None:
    with counts.changing(writes, place, message):
        message.state = to
        writes.add(message)
        writes.flush()
