"""Doing: writing down what other systems say of messages. That answers nobody, publishes nothing, and keeps no promise."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.database import WriteSession
from service.elsewhere import rules
from service.elsewhere.guards import deal_with_notes
from service.elsewhere.models import Note, OutsideNote, Said
from service.errors import FieldError, Invalid, NotFound
from service.feedback import counts
from service.feedback.desk_queries import get_message_row
from service.feedback.models import Feedback, State
from service.feedback.rules import ANSWERERS, may_move
from service.journal.actions import Actor, record
from service.language import _
from service.people.models import Member
from service.people.rules import reaches
from service.places.queries import PlaceCard

AT_ONCE = 200
"""Notes of another server that are written down in one transaction, at most."""


def note_from_key(  # noqa: PLR0913 (each is a fact of the note)
    writes: WriteSession, actor: Actor, place: PlaceCard, public_id: UUID, note: Note, now: datetime, *, organisation_id: UUID | None
) -> UUID:
    """Writes down what the system behind a key says of a message; answers the note's id.

    Where those who have the message say that they have looked at it, whoever sent it sees that it was read.
    Raises: NotFound, also for what is with another organisation than the key's; Invalid for a note that came before.
    """
    message = writes.exec(
        select(Feedback).where(Feedback.collaboration_id == place.id, Feedback.public_id == public_id).with_for_update()
    ).first()
    if message is None or message.state == State.WITHDRAWN or not rules.reaches(organisation_id, message.organisation_id):
        raise NotFound
    source = f"key {actor.id.hex if actor.id else ''}"
    if note.ref in _refs(writes, place.id, source, [note.ref]):
        raise Invalid(FieldError("update_id", _("There is an update with this id already.")))
    row = _row(message, source, note, now, holder_id=actor.id)
    writes.add(row)
    writes.flush()
    record(writes, actor, "noted", "feedback", message.id, at=now, collaboration_id=place.id, fields=["outside_note"])
    if rules.was_read(note.said, organisation_id, message.organisation_id) and may_move(message.state, State.IN_REVIEW):
        with counts.changing(writes, place, message):
            message.state, message.read_at = State.IN_REVIEW, message.read_at or now
            writes.add(message)
            writes.flush()
        record(writes, actor, "read", "feedback", message.id, at=now, collaboration_id=place.id, fields=["state"])
    return row.id


def note_from_server(
    writes: WriteSession, actor: Actor, place: PlaceCard, source: str, notes: Sequence[tuple[str, Note]], now: datetime
) -> int:
    """Writes down what another server says of messages that came from it, each with its `ref` there; answers how many notes are new.

    What says again what stands there already is none: the same id, or the same state in the same words as the last one.
    """
    messages = _messages(writes, place.id, source, {ref for ref, _note in notes})
    refs = _refs(writes, place.id, source, [note.ref for _ref, note in notes])
    last = _last(writes, place.id, [message.id for message in messages.values()])
    new = 0
    for ref, note in notes:
        message = messages.get(ref)
        if message is None or note.ref in refs or last.get(message.id, (Said.OPEN, None)) == (note.said, note.body):
            continue
        refs.add(note.ref)
        last[message.id] = (note.said, note.body)
        writes.add(_row(message, source, note, now))
        record(writes, actor, "noted", "feedback", message.id, at=now, collaboration_id=place.id, fields=["outside_note"])
        new += 1
    writes.flush()
    return new


def put_away(writes: WriteSession, member: Member, message_id: UUID, now: datetime) -> bool:
    """What other systems said of a message needs nothing more; answers whether that was news. The notes stay where they are.

    Raises: NotFound, also for those who may not answer the message.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if not reaches(member.grants, ANSWERERS, message.organisation_id):
        raise NotFound
    if not deal_with_notes(writes, message, now):
        return False
    record(writes, member.actor, "put_away", "feedback", message.id, at=now, collaboration_id=member.place.id, fields=["outside_note"])
    return True


def _row(message: Feedback, source: str, note: Note, now: datetime, *, holder_id: UUID | None = None) -> OutsideNote:
    """A note of a message. Where the words of the message are gone, none are kept of it any more."""
    return OutsideNote(
        collaboration_id=message.collaboration_id,
        feedback_id=message.id,
        source=source,
        ref=note.ref,
        holder_id=holder_id,
        said=note.said,
        body=None if message.words_removed_at else note.body,
        said_at=min(note.said_at, now),
        heard_at=now,
    )


def _messages(writes: WriteSession, place_id: UUID, source: str, refs: set[str]) -> dict[str, Feedback]:
    query = select(Feedback).where(Feedback.collaboration_id == place_id, Feedback.source == source, col(Feedback.ref).in_(refs))
    return {str(row.ref): row for row in writes.exec(query.where(Feedback.state != State.WITHDRAWN))}


def _refs(writes: WriteSession, place_id: UUID, source: str, refs: Iterable[str]) -> set[str]:
    query = select(OutsideNote.ref).where(OutsideNote.collaboration_id == place_id, OutsideNote.source == source)
    return set(writes.exec(query.where(col(OutsideNote.ref).in_(set(refs)))))


def _last(writes: WriteSession, place_id: UUID, ids: Iterable[UUID]) -> dict[UUID, tuple[Said, str | None]]:
    query = select(OutsideNote).where(OutsideNote.collaboration_id == place_id, col(OutsideNote.feedback_id).in_(set(ids)))
    found: dict[UUID, list[OutsideNote]] = defaultdict(list)
    for row in writes.exec(query.order_by(col(OutsideNote.said_at), col(OutsideNote.id))):
        found[row.feedback_id].append(row)
    return {id_: (rows[-1].said, rows[-1].body) for id_, rows in found.items()}
