"""Opening how a sender may be reached: for the reply only, and written down each time."""

from datetime import datetime
from uuid import UUID

from service.audit.actions import record_reading
from service.audit.models import What
from service.database import WriteSession
from service.errors import NotFound
from service.feedback import rules
from service.feedback.contact_queries import unseal_contact
from service.feedback.desk_queries import get_message_row
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
    found = unseal_contact(writes, keys, member.place.id, message.id)
    if found is None:
        raise NotFound
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
