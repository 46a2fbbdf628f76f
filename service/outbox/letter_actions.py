"""What administrators do about letters: send one again that was given up, let it go, say letters in the place's own words."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.database import WriteSession
from service.errors import NotFound
from service.journal.actions import Actor, record
from service.outbox.actions import post
from service.outbox.models import For, LetterWording, Posted, Purpose


def send_again(writes: WriteSession, actor: Actor, place_id: UUID, letter_id: UUID, address: str, now: datetime) -> None:
    """Posts a letter anew that was given up; it is written anew when it is sent, from the rows that it names or else to this address.

    Raises: NotFound.
    """
    row = _given_up(writes, place_id, letter_id)
    purpose, language, to, whom = Purpose(row.purpose), row.language, row.about or address, For(place_id, row.staff_id, row.feedback_id)
    writes.delete(row)
    writes.flush()
    post(writes, purpose, to, language, now, whom)
    record(writes, actor, "sent_again", "letter", letter_id, at=now, collaboration_id=place_id)


def let_go(writes: WriteSession, actor: Actor, place_id: UUID, letter_id: UUID, now: datetime) -> None:
    """Nobody needs it any more: it leaves the list. Raises: NotFound."""
    writes.delete(_given_up(writes, place_id, letter_id))
    writes.flush()
    record(writes, actor, "let_go", "letter", letter_id, at=now, collaboration_id=place_id)


def word_letter(  # noqa: PLR0913 (one sentence: who says which letter how)
    writes: WriteSession,
    actor: Actor,
    place_id: UUID,
    purpose: Purpose,
    language: str,
    opening: str | None,
    closing: str | None,
    now: datetime,
) -> bool:
    """Says with what letters of this kind begin and end in this language; answers whether that was news."""
    of_this = (LetterWording.collaboration_id == place_id, LetterWording.purpose == purpose, LetterWording.language == language)
    row = writes.exec(select(LetterWording).where(*of_this)).first()
    if (row.opening, row.closing) == (opening, closing) if row else not opening and not closing:
        return False
    row = row or LetterWording(collaboration_id=place_id, purpose=purpose, language=language, changed_at=now)
    row.opening, row.closing, row.changed_at = opening, closing, now
    writes.add(row)
    writes.flush()
    record(writes, actor, "worded", "letter", row.id, at=now, collaboration_id=place_id, fields=[purpose, language])
    return True


def _given_up(writes: WriteSession, place_id: UUID, letter_id: UUID) -> Posted:
    row = writes.get(Posted, (place_id, letter_id), with_for_update=True)
    if row is None or row.given_up_at is None:
        raise NotFound
    return row
