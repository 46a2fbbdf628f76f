"""Opening how a sender may be reached: for the reply only, and written down each time."""

from datetime import datetime
from uuid import UUID

from cryptography.fernet import InvalidToken

from service.audit.actions import record_reading
from service.audit.models import What
from service.database import ReadSession, WriteSession
from service.errors import NotFound
from service.feedback import rules
from service.feedback.desk_queries import get_message_row
from service.feedback.models import Contact, Feedback
from service.people.models import Member
from service.people.rules import reaches
from service.server_keys import ServerKeys


def open_contact(writes: WriteSession, keys: ServerKeys, member: Member, message_id: UUID, now: datetime) -> str:
    """How the sender asked to be reached, for somebody who may answer; who opened it is written down first.

    Raises: NotFound where they may not, where the sender left nothing, and where it was sealed under a key that was lost.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if not reaches(member.grants, rules.ANSWERERS, message.organisation_id):
        raise NotFound
    found = _opened(writes, keys, message)
    record_reading(
        writes,
        member.actor,
        What.CONTACT,
        "feedback",
        message.id,
        at=now,
        collaboration_id=member.place.id,
        organisation_id=message.organisation_id,
    )
    return found


def _opened(reads: ReadSession, keys: ServerKeys, message: Feedback) -> str:
    row = reads.get(Contact, (message.collaboration_id, message.id))
    key = keys.version(row.key_version) if row else None
    if row is None or key is None:
        raise NotFound
    try:
        return key.contacts.decrypt(row.sealed.encode()).decode()
    except InvalidToken:
        raise NotFound from None
