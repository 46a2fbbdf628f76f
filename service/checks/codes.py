"""Codes of invitations: the same 17 characters as a message's, so that there is one kind of code to type.

A code is worked out from its invitation under a server key, and is stored nowhere.
"""

import hmac
from uuid import UUID

from service.feedback import receipts
from service.server_keys import ServerKey, ServerKeys


def code_of(key: ServerKey, invitation_id: UUID) -> str:
    """The 17 characters that are good for one check, without hyphens."""
    number = int.from_bytes(hmac.digest(key.receipts, b"invitation to check" + invitation_id.bytes, "sha256")[:10], "big")
    letters = "".join(receipts.ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return letters + receipts.check_character(letters)


def shown(code: str) -> str:
    """The code as people read it."""
    return receipts.shown(code)


def hash_of(key: ServerKey, collaboration_id: UUID, code: str) -> str:
    """What the database holds of a code."""
    return receipts.stored_hash(key, collaboration_id, code)


def hashes_of(keys: ServerKeys, collaboration_id: UUID, typed: str) -> list[str]:
    """What may be held of a typed code, under every kept key."""
    return receipts.hashes_of(keys, collaboration_id, typed)
