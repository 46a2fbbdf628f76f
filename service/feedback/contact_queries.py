"""How a sender may be reached, unsealed: for whoever answers, who is written down, and for the letter that tells them something."""

from uuid import UUID

from cryptography.fernet import InvalidToken

from service.database import ReadSession
from service.feedback.models import Contact
from service.server_keys import ServerKeys


def unseal_contact(reads: ReadSession, keys: ServerKeys, place_id: UUID, message_id: UUID) -> str | None:
    """What the sender left; None where they left nothing, or it was sealed under a key that was lost."""
    row = reads.get(Contact, (place_id, message_id))
    return _unsealed(keys, row, row.sealed) if row else None


def unseal_push(reads: ReadSession, keys: ServerKeys, place_id: UUID, message_id: UUID) -> tuple[int, str] | None:
    """What the sender's browser takes to be told something, and under which version of the server's key it was asked."""
    row = reads.get(Contact, (place_id, message_id))
    found = _unsealed(keys, row, row.push or "") if row else None
    return (row.key_version, found) if row and found else None


def _unsealed(keys: ServerKeys, row: Contact, sealed: str) -> str | None:
    key = keys.version(row.key_version)
    try:
        return key.contacts.decrypt(sealed.encode()).decode() if key and sealed else None
    except InvalidToken:
        return None
