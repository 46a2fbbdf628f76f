"""Doing without a code: nothing opens the message any more, and its sender cannot be reached. It counts, and staff read it, as before."""

from datetime import datetime

from service import tombstones
from service.consents.guards import take_back_yeses
from service.consents.models import Purpose
from service.database import WriteSession
from service.feedback.queries import get_by_code
from service.feedback.removal import drop_contacts
from service.journal.actions import RESIDENT, record
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys
from service.tombstones import Gone, Why


def go_without_code(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, now: datetime) -> None:
    """From now on this code opens nothing, for ever. The message stays as it is. Raises: NotFound."""
    message = get_by_code(writes, keys, place, code, held=True)
    message.codeless_at = now
    writes.add(message)
    if take_back_yeses(writes, place.id, now, purpose=Purpose.REPLY, message_id=message.id):
        drop_contacts(writes, place.id, [message.id])
        tombstones.leave(writes, RESIDENT, Gone.CONTACT, message.id, Why.TAKEN_BACK, at=now, collaboration_id=place.id)
    writes.flush()
    record(writes, RESIDENT, "went_without_code", "feedback", message.id, at=now, collaboration_id=place.id, fields=["codeless_at"])
