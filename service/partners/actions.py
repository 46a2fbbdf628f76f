"""Giving keys and taking them back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlmodel import select

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.journal.actions import Actor, record
from service.language import _
from service.partners.models import Caller, Holder, HolderPlace, Key, Scope
from service.partners.queries import find_holder, find_live_keys, hash_of
from service.tables import Line
from service.walls import whole_house

NAME: TypeAdapter[str] = TypeAdapter(Line)
LIVE_KEYS = 2
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
TOUCH = timedelta(hours=1)
"""A key's last use is written down no oftener than this."""


@dataclass(frozen=True)
class Grants:
    """What a holder may do, and where: pairs of a collaboration and, if any, an organisation."""

    scopes: frozenset[Scope]
    places: Sequence[tuple[UUID, UUID | None]]


def add_key(writes: WriteSession, actor: Actor, name: str, grants: Grants, now: datetime, lasts: timedelta | None = None) -> str:
    """Makes a key; answers it, once. A name that is known gets a second live key with the same grants, for rotation.

    Raises: Conflict when the grants differ from the first key's, or two keys are live.
    """
    try:
        name = NAME.validate_python(name)
    except ValidationError:
        raise Invalid(FieldError("name", _("Give it a name of 1 to 200 characters."))) from None
    holder = find_holder(writes, name)
    if holder is None:
        holder = Holder(name=name, scopes=sorted(grants.scopes), added_at=now)
        writes.add(holder)
        writes.flush()
        for place_id, organisation_id in grants.places:
            writes.add(HolderPlace(collaboration_id=place_id, holder_id=holder.id, organisation_id=organisation_id))
        writes.flush()
    else:
        _must_be_the_same(writes, holder, grants)
    return _make_key(writes, actor, holder, now, lasts)


def rotate_key(
    writes: WriteSession, actor: Actor, holder_id: UUID, now: datetime, overlap: timedelta, lasts: timedelta | None = None
) -> str:
    """Makes another key with the same grants; the old one opens for as long as the overlap lasts. Answers the new one, once.

    Raises: NotFound, Conflict where two keys are live already.
    """
    holder = writes.exec(select(Holder).where(Holder.id == holder_id).with_for_update()).first()
    if holder is None:
        raise NotFound
    old = find_live_keys(writes, holder, now)
    made = _make_key(writes, actor, holder, now, lasts)
    for key in old:
        key.expires_at = min(filter(None, (key.expires_at, now + overlap)))
        writes.add(key)
    writes.flush()
    return made


def _make_key(writes: WriteSession, actor: Actor, holder: Holder, now: datetime, lasts: timedelta | None) -> str:
    if len(find_live_keys(writes, holder, now)) >= LIVE_KEYS:
        raise Conflict(_("Two keys of this name are live already. Revoke one first."))
    key_id = "".join(secrets.choice(ALPHABET) for _place in range(10))
    secret = secrets.token_urlsafe(32)
    writes.add(Key(id=key_id, holder_id=holder.id, secret_hash=hash_of(secret), made_at=now, expires_at=now + lasts if lasts else None))
    writes.flush()
    _record(writes, actor, "key_made", holder.id, now)
    return f"sad_{key_id}_{secret}"


def _record(writes: WriteSession, actor: Actor, verb: str, holder_id: UUID, now: datetime) -> None:
    """One row for each place that the holder acts in: those who look after it find it there."""
    with whole_house(writes):
        for place_id in writes.exec(select(HolderPlace.collaboration_id).where(HolderPlace.holder_id == holder_id)).all():
            record(writes, actor, verb, "holder", holder_id, at=now, collaboration_id=place_id)


def revoke_key(writes: WriteSession, actor: Actor, key_id: str, now: datetime) -> None:
    """Ends a key at once. Takes the id, or the whole key. Raises: NotFound."""
    key = writes.get(Key, key_id.removeprefix("sad_").partition("_")[0])
    if key is None:
        raise NotFound(_("There is no key with this id."))
    if key.revoked_at is None:
        key.revoked_at = now
        writes.add(key)
        writes.flush()
        _record(writes, actor, "key_revoked", key.holder_id, now)


def close_to(writes: WriteSession, actor: Actor, place_id: UUID, holder_id: UUID, now: datetime) -> None:
    """The holder's keys open nothing in this place any more; elsewhere they do. Raises: NotFound."""
    row = writes.exec(select(HolderPlace).where(HolderPlace.collaboration_id == place_id, HolderPlace.holder_id == holder_id)).first()
    if row is None:
        raise NotFound
    writes.delete(row)
    writes.flush()
    record(writes, actor, "closed", "holder", holder_id, at=now, collaboration_id=place_id)


def touch_key(writes: WriteSession, caller: Caller, now: datetime) -> None:
    """Remembers that a key was used. Not an act: nothing to journal."""
    key = writes.get_one(Key, caller.key_id)
    key.used_at = now
    writes.add(key)
    writes.flush()


def _must_be_the_same(writes: WriteSession, holder: Holder, grants: Grants) -> None:
    query = select(HolderPlace.collaboration_id, HolderPlace.organisation_id).where(HolderPlace.holder_id == holder.id)
    with whole_house(writes):
        places = writes.exec(query).all()
    if set(holder.scopes) != set(grants.scopes) or set(places) != set(grants.places):
        raise Conflict(_("This name has a key with other scopes or places. Use another name, or the same grants."))
