"""Asking for wordings."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from service.database import ReadSession
from service.errors import NotFound
from service.feedback.models import Outcome
from service.wordings.models import Wording


@dataclass(frozen=True, slots=True)
class WordingLine:
    """A wording in a list."""

    id: UUID
    name: str
    outcome: Outcome | None
    language: str | None
    body: str
    reason: str | None
    offered: bool


def get_wording(reads: ReadSession, place_id: UUID, wording_id: UUID) -> Wording:
    """One wording. Raises: NotFound."""
    found = reads.get(Wording, (place_id, wording_id))
    if found is None:
        raise NotFound
    return found


def find_wordings(reads: ReadSession, place_id: UUID) -> list[WordingLine]:
    """The wordings of a place, by name, those that are not offered at the end."""
    query = select(Wording).where(Wording.collaboration_id == place_id).order_by(col(Wording.retired_at).is_not(None), Wording.name)
    return [_line(row) for row in reads.exec(query)]


def find_offered(reads: ReadSession, place_id: UUID, language: str | None) -> list[WordingLine]:
    """What whoever answers may begin with, by name: first what is in the language of the message."""
    offered = [line for line in find_wordings(reads, place_id) if line.offered]
    return sorted(offered, key=lambda line: line.language != language)


def _line(row: Wording) -> WordingLine:
    return WordingLine(row.id, row.name, row.outcome, row.language, row.body, row.reason, row.retired_at is None)
