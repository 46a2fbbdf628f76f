"""Asking which letters of a place could not be sent, and in which words it sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.outbox.models import LetterWording, Posted, Purpose, Written
from service.outbox.rules import PLACE


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that was given up. `failure` is the kind of it: never what a mail server said."""

    id: UUID
    staff_id: UUID | None
    message_id: UUID | None
    purpose: Purpose
    language: str
    made_at: datetime
    given_up_at: datetime
    attempts: int
    failure: str | None


@dataclass(frozen=True, slots=True)
class OwnWords:
    """With what a place's letters of one kind begin and end in one language."""

    purpose: Purpose
    language: str
    opening: str | None
    closing: str | None

    def around(self, parts: Sequence[str], place: str) -> list[str]:
        """The letter between the place's own words."""
        own = [part.replace(PLACE, place) if part else None for part in (self.opening, self.closing)]
        return [part for part in (own[0], *parts, own[1]) if part]


def count_undelivered(reads: ReadSession, place_id: UUID) -> int:
    """How many letters of a place were given up, and nobody has done anything about that."""
    query = columns(func.count()).where(col(Posted.collaboration_id) == place_id, col(Posted.given_up_at).is_not(None))
    return int(reads.execute(query).scalar_one())


def find_undelivered(reads: ReadSession, place_id: UUID) -> list[Undelivered]:
    """The letters of a place that were given up, the newest first."""
    query = select(Posted).where(Posted.collaboration_id == place_id, col(Posted.given_up_at).is_not(None))
    return [
        Undelivered(
            row.id,
            row.staff_id,
            row.feedback_id,
            Purpose(row.purpose),
            row.language,
            row.made_at,
            row.given_up_at,
            row.attempts,
            row.failure,
        )
        for row in reads.exec(query.order_by(col(Posted.given_up_at).desc(), col(Posted.id)))
        if row.given_up_at
    ]


def find_own_words(reads: ReadSession, place_id: UUID) -> list[OwnWords]:
    """Everything that a place adds to its letters."""
    query = select(LetterWording).where(LetterWording.collaboration_id == place_id).order_by(LetterWording.purpose, LetterWording.language)
    return [OwnWords(Purpose(row.purpose), row.language, row.opening, row.closing) for row in reads.exec(query)]


def get_own_words(reads: ReadSession, place_id: UUID, purpose: Purpose, language: str) -> OwnWords:
    """What a place adds to one kind of letter in one language; empty where it adds nothing."""
    found = (one for one in find_own_words(reads, place_id) if (one.purpose, one.language) == (purpose, language))
    return next(found, OwnWords(purpose, language, None, None))


def in_own_words(
    reads: ReadSession, whose: tuple[UUID, str] | None, purpose: Purpose, language: str, subject: str, parts: Sequence[str]
) -> Written:
    """A letter between its place's own words (`whose`: its id and name); without a place as it is. What it says itself always stays."""
    if whose is None:
        return Written(subject, "\n\n".join(parts) + "\n")
    own = get_own_words(reads, whose[0], purpose, language)
    return Written(subject, "\n\n".join(own.around(parts, whose[1])) + "\n")
