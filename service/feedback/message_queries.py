"""Asking about one message: all that a member may know of it, and what they may do with it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from service.consents.models import Purpose, Yes
from service.consents.queries import find_yeses
from service.database import ReadSession
from service.days import local_day
from service.elsewhere.queries import NoteRow, find_notes
from service.errors import NotFound
from service.feedback import desk_queries as desk
from service.feedback import rules
from service.feedback.answer_models import ReplyOut, StepOut
from service.feedback.answers import find_replies, trail_of
from service.feedback.desk_queries import MessageRow
from service.feedback.models import Contact, Feedback, Publication, Share, State, Tier
from service.loop.queries import Since, get_since
from service.people.models import Member
from service.people.rules import reaches
from service.places.models import Area, Organisation
from service.promises.back_queries import Behind, find_of_message
from service.safeguarding.models import Lane
from service.server_keys import ServerKeys


@dataclass(frozen=True, slots=True)
class MessageCard:
    """One message as staff read it, with what may be done."""

    row: MessageRow
    received_at: datetime
    body: str | None
    want: str | None
    have: str | None
    gap: str | None
    tier: Tier | None
    share: Share
    said_yes: Yes | None
    """The newest to showing the words, be it over or not."""
    promise_id: UUID | None
    behind: list[Behind]
    """The promises that it belongs to."""

    occurred_on: date | None
    words_gone: bool
    """Their time was over."""
    may_open_contact: bool
    area_code: str | None
    organisation_id: UUID | None
    organisation_code: str | None
    lane: Lane | None
    likeness: str | None
    publication: Publication
    withheld_reason: str | None
    published_on: date | None
    replies: list[ReplyOut]
    trail: list[StepOut]
    since: Since
    """What was said after the answer."""
    outside: list[NoteRow]
    """What other systems say became of it."""
    may_follow_up: bool
    may_reopen: bool
    may_mark_read: bool
    may_answer: bool
    may_publish: bool
    may_withhold: bool
    may_assign: bool
    taken_by_id: UUID | None
    may_pass_on: bool
    may_give_back: bool
    topic_id: UUID | None
    area_id: UUID | None
    merged_into: UUID | None
    """The message that it was put together with, where this member may read that one."""
    may_merge: bool
    may_unmerge: bool
    may_propose: bool
    """They may write an answer that somebody else gives."""


def get_message(reads: ReadSession, keys: ServerKeys, member: Member, message_id: UUID, now: datetime) -> MessageCard:
    """One message with its replies and what this member may do with it. Raises: NotFound."""
    found = reads.exec(desk.listed().where(desk.visible_to(member), Feedback.id == message_id)).first()
    if found is None:
        raise NotFound
    message = found[0]
    answering = reaches(member.grants, rules.ANSWERERS, message.organisation_id)
    row = desk.message_row(member, now, *found)
    deciding = rules.may_decide(member.grants, message.organisation_id) and message.lane is None
    since = get_since(reads, message)
    free = rules.may_take_away(member.grants, message.organisation_id, message.publication)
    return MessageCard(
        row=row,
        received_at=message.received_at,
        body=message.body,
        want=message.want,
        have=message.have,
        gap=message.gap,
        tier=message.tier,
        share=message.share,
        said_yes=_yes_of(reads, member, message, now),
        promise_id=message.promise_id,
        behind=find_of_message(reads, message, local_day(now, member.place.time_zone)),
        occurred_on=message.occurred_on,
        words_gone=message.words_removed_at is not None,
        may_open_contact=answering and _has_contact(reads, keys, message),
        area_code=_code(reads, Area, message.collaboration_id, message.area_id),
        organisation_id=message.organisation_id,
        organisation_code=_code(reads, Organisation, message.collaboration_id, message.organisation_id),
        lane=message.lane,
        likeness=message.likeness,
        publication=message.publication,
        withheld_reason=message.withheld_reason,
        published_on=message.published_on,
        replies=find_replies(reads, message, local_day(now, member.place.time_zone)),
        trail=trail_of(reads, message, now),
        since=since,
        outside=find_notes(reads, message.collaboration_id, message.id),
        may_follow_up=answering and since.may_follow_up,
        may_reopen=answering and since.may_reopen,
        may_mark_read=rules.may_move(message.state, State.IN_REVIEW),
        may_answer=row.may_answer,
        may_publish=deciding and rules.may_publish(message.state, message.publication),
        may_withhold=deciding and rules.may_withhold(message.publication),
        may_assign=answering and message.state in rules.OPEN,
        taken_by_id=found[4] if answering else None,
        may_pass_on=free and rules.may_pass_on(member.grants) and rules.way_to_pass_on(message.state) is not None,
        may_give_back=(
            free
            and message.organisation_id is not None
            and message.state in rules.OPEN
            and rules.may_give_back(member.grants, message.organisation_id)
        ),
        topic_id=message.topic_id,
        area_id=message.area_id,
        merged_into=_readable(reads, member, message.merged_into_id),
        may_merge=answering and message.lane is None and rules.may_move(message.state, State.MERGED),
        may_unmerge=answering and rules.may_stand_alone(message.state, message.replied_at),
        may_propose=reaches(member.grants, rules.READERS, message.organisation_id) and rules.way_to_reply(message.state) is not None,
    )


def _yes_of(reads: ReadSession, member: Member, message: Feedback, now: datetime) -> Yes | None:
    zone = member.place.time_zone
    yeses = find_yeses(reads, message.collaboration_id, local_day(now, zone), zone, message_id=message.id)
    return next((yes for yes in yeses if yes.purpose == Purpose.SHARE_WORDS_PUBLIC), None)


def _code(reads: ReadSession, table: Any, place_id: UUID, row_id: UUID | None) -> str | None:
    row = reads.get(table, (place_id, row_id)) if row_id else None
    return row.code if row else None


def _readable(reads: ReadSession, member: Member, message_id: UUID | None) -> UUID | None:
    found = reads.exec(select(Feedback.id).where(desk.visible_to(member), Feedback.id == message_id)) if message_id else None
    return found.first() if found else None


def _has_contact(reads: ReadSession, keys: ServerKeys, message: Feedback) -> bool:
    """Whether the sender said how to be reached, and it can be opened: `contact_actions.open_contact` does, and nothing else."""
    row = reads.get(Contact, (message.collaboration_id, message.id))
    return row is not None and bool(row.sealed) and keys.version(row.key_version) is not None
