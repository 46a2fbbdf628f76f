"""Asking about keys."""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.database import ReadSession
from service.partners.models import Caller, Holder, HolderPlace, Key
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.walls import whole_house

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
    query = select(HolderPlace.collaboration_id, HolderPlace.organisation_id).where(HolderPlace.holder_id == holder.id)
    with whole_house(reads):
        places = dict(reads.exec(query).all())
    return Caller(key.id, holder.id, frozenset(holder.scopes), places, key.used_at)


def find_holder(reads: ReadSession, name: str) -> Holder | None:
    """The holder with this name."""
    return reads.exec(select(Holder).where(Holder.name == name)).first()


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key as those see it who look after it: never its secret."""

    id: str
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    is_live: bool


@dataclass(frozen=True, slots=True)
class HolderLine:
    """A partner system in one place. `shared`: it acts in other places as well, so this one cannot end its keys."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    organisation: str | None
    keys: tuple[KeyLine, ...]
    shared: bool

    @property
    def live(self) -> int:
        """How many of its keys open something."""
        return sum(key.is_live for key in self.keys)


def find_holder_lines(reads: ReadSession, place: PlaceCard, within: Collection[UUID] | None, now: datetime) -> list[HolderLine]:
    """The partner systems of a place, by name: all, or those that act for one of these organisations."""
    query = (
        select(Holder, Organisation.name)
        .join(HolderPlace, col(HolderPlace.holder_id) == Holder.id)
        .outerjoin(
            Organisation,
            (col(Organisation.collaboration_id) == HolderPlace.collaboration_id) & (col(Organisation.id) == HolderPlace.organisation_id),
        )
        .where(HolderPlace.collaboration_id == place.id)
        .order_by(Holder.name, col(Holder.id))
    )
    if within is not None:
        query = query.where(col(HolderPlace.organisation_id).in_(within))
    found = list(reads.exec(query))
    ids = [holder.id for holder, _name in found]
    keys: dict[UUID, list[KeyLine]] = {}
    for key in reads.exec(select(Key).where(col(Key.holder_id).in_(ids)).order_by(col(Key.made_at).desc(), col(Key.id))):
        line = KeyLine(key.id, key.made_at, key.expires_at, key.revoked_at, key.used_at, _is_live(key, now))
        keys.setdefault(key.holder_id, []).append(line)
    others = select(HolderPlace.holder_id).where(col(HolderPlace.holder_id).in_(ids), HolderPlace.collaboration_id != place.id)
    with whole_house(reads):
        elsewhere = set(reads.exec(others))
    return [
        HolderLine(
            holder.id,
            holder.name.removeprefix(prefix_of(place)),
            tuple(holder.scopes),
            name,
            tuple(keys.get(holder.id, [])),
            holder.id in elsewhere,
        )
        for holder, name in found
    ]


def prefix_of(place: PlaceCard) -> str:
    """What the names of the systems begin with that a place adds itself: names are told apart in the whole house."""
    return f"{place.slug}: "


def find_live_keys(reads: ReadSession, holder: Holder, now: datetime) -> list[Key]:
    """The keys of a holder that open something today."""
    return [key for key in reads.exec(select(Key).where(Key.holder_id == holder.id)) if _is_live(key, now)]


def _is_live(key: Key, now: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
