"""Asking which letters of a place could not be sent, and for whom they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.feedback.desk_queries import visible_to
from service.feedback.models import Contact, Feedback, State
from service.outbox.letter_queries import Undelivered, find_undelivered
from service.outbox.models import Purpose
from service.people.models import Member, Staff


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that could not be sent, and for whom it was. `may_send`: that person can still sign in."""

    letter: Undelivered
    name: str
    email: str
    may_send: bool


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """That there is news, which could not be told to whoever sent a message. `may_send`: what they left is still there."""

    letter: Undelivered
    message_id: UUID
    may_send: bool
    may_read: bool
    """Whether the person who looks may read the message."""
    email: str = ""
    """Nobody sees it; the letter finds where to go by itself."""


def find_letter_lines(reads: ReadSession, place_id: UUID) -> list[LetterLine]:
    """The letters to staff of a place that were given up, the newest first, each with whom it was for."""
    found = [(letter, letter.staff_id) for letter in find_undelivered(reads, place_id) if letter.staff_id]
    people = {one.id: one for one in reads.exec(select(Staff).where(col(Staff.id).in_({staff_id for _letter, staff_id in found})))}
    return [
        LetterLine(letter, who.name, who.email, may_send=who.disabled_at is None)
        for letter, staff_id in found
        if (who := people.get(staff_id)) is not None
    ]


def find_notice_lines(reads: ReadSession, member: Member) -> list[NoticeLine]:
    """The notices to those who sent messages that were given up, the newest first. Where they were to go nobody sees here."""
    found = [(letter, letter.message_id) for letter in find_undelivered(reads, member.place.id) if letter.message_id]
    ids = {message_id for _letter, message_id in found}
    reachable = _reachable(reads, member.place.id, ids)
    readable = set(reads.exec(select(Feedback.id).where(visible_to(member), col(Feedback.id).in_(ids))))
    return [
        NoticeLine(letter, message_id, (message_id, letter.purpose) in reachable, message_id in readable) for letter, message_id in found
    ]


def _reachable(reads: ReadSession, place_id: UUID, ids: set[UUID]) -> Sequence[tuple[UUID, Purpose]]:
    """Which of these senders can still be told, and how."""
    same = (col(Feedback.collaboration_id) == Contact.collaboration_id) & (col(Feedback.id) == Contact.feedback_id)
    query = columns(col(Contact.feedback_id), col(Contact.sealed) != "", col(Contact.push).is_not(None)).join(Feedback, same)
    query = query.where(col(Contact.collaboration_id) == place_id, col(Contact.feedback_id).in_(ids))
    query = query.where(col(Feedback.state) != State.WITHDRAWN, col(Feedback.lane).is_(None), col(Feedback.codeless_at).is_(None))
    return [
        (message_id, purpose)
        for message_id, by_address, by_push in reads.execute(query)
        for purpose, left in ((Purpose.NEWS, by_address), (Purpose.PUSH, by_push))
        if left
    ]
