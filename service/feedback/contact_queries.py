"""How a sender may be reached, unsealed: for whoever answers, who is written down, and for the letter that tells them something."""

from uuid import UUID

from cryptography.fernet import InvalidToken

from service.database import ReadSession
from service.feedback.models import Contact
from service.server_keys import ServerKeys


def unseal_contact(reads: ReadSession, keys: ServerKeys, place_id: UUID, message_id: UUID) -> str | None:
    """What the sender left; None where they left nothing, or it was sealed under a key that was lost."""
    row = reads.get(Contact, (place_id, message_id))
    key = keys.version(row.key_version) if row else None
    if row is None or key is None:
        return None
    try:
        return key.contacts.decrypt(row.sealed.encode()).decode()
    except InvalidToken:
        return None
