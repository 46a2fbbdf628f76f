"""Asking which letters of a place could not be sent, and for whom they were."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from service.database import ReadSession
from service.outbox.letter_queries import Undelivered, find_undelivered
from service.people.models import Staff


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that could not be sent, and for whom it was. `may_send`: that person can still sign in."""

    letter: Undelivered
    name: str
    email: str
    may_send: bool


def find_letter_lines(reads: ReadSession, place_id: UUID) -> list[LetterLine]:
    """The letters of a place that were given up, the newest first, each with whom it was for."""
    found = find_undelivered(reads, place_id)
    people = {one.id: one for one in reads.exec(select(Staff).where(col(Staff.id).in_({letter.staff_id for letter in found})))}
    return [
        LetterLine(letter, who.name, who.email, may_send=who.disabled_at is None)
        for letter in found
        if (who := people.get(letter.staff_id)) is not None
    ]
