"""Asking about keys."""

import hashlib
import hmac
from datetime import datetime

from sqlmodel import col, select

from service.database import ReadSession
from service.partners.models import Caller, Holder, HolderPlace, Key

NOBODY = hashlib.sha256(b"").hexdigest()


def hash_of(secret: str) -> str:
    """What is kept of a key's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def split_key(text: str) -> tuple[str, str] | None:
    """The id and the secret in `sad_<id>_<secret>`, or None."""
    parts = text.split("_", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "sad" and parts[1] and parts[2] else None


def find_caller(reads: ReadSession, text: str, now: datetime) -> Caller | None:
    """Whose key this is; None when it is wrong, expired or revoked, which take the same time to find out."""
    parts = split_key(text)
    key_id, secret = parts or ("", "")
    row = reads.exec(select(Key, Holder).join(Holder, col(Holder.id) == Key.holder_id).where(Key.id == key_id[:12])).first()
    known = hmac.compare_digest(row[0].secret_hash if row else NOBODY, hash_of(secret))
    if row is None or not known or not _is_live(row[0], now):
        return None
    key, holder = row
    places = reads.exec(select(HolderPlace.collaboration_id, HolderPlace.organisation_id).where(HolderPlace.holder_id == holder.id))
    return Caller(key.id, holder.id, frozenset(holder.scopes), dict(places.all()), key.used_at)


def find_holder(reads: ReadSession, name: str) -> Holder | None:
    """The holder with this name."""
    return reads.exec(select(Holder).where(Holder.name == name)).first()


def find_live_keys(reads: ReadSession, holder: Holder, now: datetime) -> list[Key]:
    """The keys of a holder that open something today."""
    return [key for key in reads.exec(select(Key).where(Key.holder_id == holder.id)) if _is_live(key, now)]


def _is_live(key: Key, now: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
