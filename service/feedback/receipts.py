"""Receipt codes: 16 characters of Crockford's base32 (80 bits) and a check character, made from an idempotency key.

The code is an HMAC of (collaboration, namespace, idempotency key), so a retry shows the same code although the code is stored
nowhere: only a second HMAC of it is. Source: docs/decisions/0003-receipts.md.
"""

import hmac
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from pydantic_core import to_json

from service.feedback.models import FeedbackIn
from service.server_keys import ServerKey, ServerKeys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
LENGTH = 17
PUBLIC = b"public"
FEW_WORDS = 3
"""Words from which messages that say the same are told so."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What one version of the server key makes of an idempotency key and a message: the code, and what is stored of both."""

    version: int
    code: str
    key_hash: str
    body_hash: str


def check_character(letters: str) -> str:
    """The Luhn mod 32 check of 16 characters: it notices any one wrong letter and nearly every swap of neighbours."""
    total = 0
    for place, letter in enumerate(reversed(letters)):
        value = VALUES[letter] * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def code_for(key: ServerKey, collaboration_id: UUID, namespace: bytes, idempotency_key: bytes) -> str:
    """The 17 characters that open this message, without hyphens."""
    parts = (collaboration_id.bytes, namespace, idempotency_key)
    text = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    number = int.from_bytes(hmac.digest(key.receipts, text, "sha256")[:10], "big")
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return letters + check_character(letters)


def shown(code: str) -> str:
    """The code as people read it: XXXX-XXXX-XXXX-XXXXX."""
    return f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}"


def typed(text: str) -> str | None:
    """The 17 characters in what somebody typed; None where there are not 17 or the check fails.

    Case, spaces and hyphens do not matter; I and L are read as 1, O as 0.
    """
    letters = [letter for letter in text.upper() if not _is_between(letter)]
    if len(letters) != LENGTH or any(letter not in VALUES for letter in letters):
        return None
    code = "".join(ALPHABET[VALUES[letter]] for letter in letters)
    return code if check_character(code[:16]) == code[16] else None


def _is_between(letter: str) -> bool:
    """What people and keyboards put between the groups: spaces of every kind, hyphens, dashes, dots, invisible marks."""
    return letter.isspace() or letter in ".\u2212" or unicodedata.category(letter) in ("Pd", "Cf")


def stored_hash(key: ServerKey, collaboration_id: UUID, code: str) -> str:
    """What the database holds of a code."""
    return hmac.digest(key.stored, collaboration_id.bytes + code.encode(), "sha256").hex()


def likeness_hash(keys: ServerKeys, collaboration_id: UUID, likeness: str) -> str | None:
    """The same for messages that say the same. Nothing where so little is said that many say it by chance."""
    if likeness.count(" ") < FEW_WORDS - 1:
        return None
    return hmac.digest(keys.current.bodies, collaboration_id.bytes + b"likeness" + likeness.encode(), "sha256").hex()[:16]


def hashes_of(keys: ServerKeys, collaboration_id: UUID, text: str) -> list[str]:
    """What may be stored of a typed code, under every kept key. The same work is done for a code that cannot be right."""
    code = typed(text) or "-" * LENGTH
    return [stored_hash(key, collaboration_id, code) for key in keys]


def fingerprints(
    keys: ServerKeys, collaboration_id: UUID, namespace: bytes, idempotency_key: bytes, message: FeedbackIn, photos: bytes = b""
) -> list[Fingerprint]:
    """One per kept version of the server key, the current one first. `photos` tells what came with the message from all else."""
    body = to_json(message.model_dump(mode="json", exclude_none=True)) + photos
    found = []
    for key in keys:
        code = code_for(key, collaboration_id, namespace, idempotency_key)
        body_hash = hmac.digest(key.bodies, collaboration_id.bytes + body, "sha256").hex()
        found.append(Fingerprint(key.version, code, stored_hash(key, collaboration_id, code), body_hash))
    return found
