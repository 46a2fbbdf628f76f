"""Asking what other systems said of a message. Only those who may read the message are asked for."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from service.database import ReadSession
from service.elsewhere.models import OutsideNote, Said
from service.partners.models import Holder


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What another system said. `by` is the name of the partner, or of the server that was asked."""

    by: str
    said: Said
    body: str | None
    said_at: datetime
    waits: bool
    """Nobody has told the sender anything since, nor put it away."""


def find_notes(reads: ReadSession, place_id: UUID, message_id: UUID) -> list[NoteRow]:
    """What other systems said of a message, oldest first. Beware: whoever asks has found that they may read the message."""
    query = (
        select(OutsideNote, col(Holder.name))
        .join(Holder, col(Holder.id) == col(OutsideNote.holder_id), isouter=True)
        .where(col(OutsideNote.collaboration_id) == place_id, col(OutsideNote.feedback_id) == message_id)
        .order_by(col(OutsideNote.said_at), col(OutsideNote.id))
    )
    return [
        NoteRow(name or _server(note.source), note.said, note.body, note.said_at, note.dealt_at is None)
        for note, name in reads.execute(query)
    ]


def _server(source: str) -> str:
    """The name of the server in the source of what was asked for there."""
    words = source.split()
    return urlsplit(f"//{words[1]}").hostname or words[1] if len(words) > 1 else source
