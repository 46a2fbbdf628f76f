"""Adding and removing passkeys, and signing in with one."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, func, select

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.journal.actions import record
from service.language import _
from service.people import passkeys, rules
from service.people.actions import start_session
from service.people.models import Passkey, PasskeyChallenge, PasskeyIn, SignedIn, Staff
from service.people.passkeys import NotValidError, Site
from service.people.second import keep_one, may_change, means_of
from service.people.second_actions import prove_session


def make_challenge(writes: WriteSession, staff_id: UUID | None, now: datetime) -> bytes:
    """A fresh challenge, good once: for this person's new passkey, or without a person for signing in."""
    writes.execute(delete(PasskeyChallenge).where(col(PasskeyChallenge.expires_at) <= now))
    challenge = secrets.token_bytes(32)
    kept = PasskeyChallenge(challenge_hash=passkeys.hash_of_challenge(challenge), staff_id=staff_id, expires_at=now + rules.CHALLENGE)
    writes.add(kept)
    writes.flush()
    return challenge


def add_passkey(writes: WriteSession, person: SignedIn, site: Site, given: PasskeyIn, now: datetime) -> UUID:
    """Keeps a person's new passkey. Raises: Invalid for no answer to their challenge, Conflict for one too many, NeedsSecondStep."""
    may_change(person, means_of(writes, person.staff_id))
    count = select(func.count()).select_from(Passkey).where(Passkey.staff_id == person.staff_id)
    if writes.exec(count).one() >= rules.MOST_PASSKEYS:
        raise Conflict(_("You have %(count)s passkeys, which is the most. Remove one first.", count=rules.MOST_PASSKEYS))
    try:
        challenge = _used_up(writes, given.credential, person.staff_id, now)
        found = passkeys.added(site, given.credential, challenge)
    except NotValidError:
        raise Invalid(FieldError("name", _("That did not work, and nothing was stored. Try again."))) from None
    if writes.exec(select(Passkey.id).where(Passkey.credential_id == found.credential_id)).first() is not None:
        raise Conflict(_("This passkey is here already."))
    passkey = Passkey(
        staff_id=person.staff_id,
        name=given.name or _("Passkey"),
        credential_id=found.credential_id,
        public_key=found.public_key,
        sign_count=found.sign_count,
        added_at=now,
    )
    writes.add(passkey)
    writes.flush()
    record(writes, person.actor, "added", "passkey", passkey.id, at=now)
    if not person.is_through:
        prove_session(writes, person, now)
    return passkey.id


def remove_passkey(writes: WriteSession, person: SignedIn, passkey_id: UUID, now: datetime) -> None:
    """Forgets one of a person's own passkeys. Raises: NotFound for anybody else's, Conflict for an administrator's last proof."""
    passkey = writes.get(Passkey, passkey_id)
    if passkey is None or passkey.staff_id != person.staff_id:
        raise NotFound
    keep_one(person, means_of(writes, person.staff_id))
    writes.delete(passkey)
    writes.flush()
    record(writes, person.actor, "removed", "passkey", passkey_id, at=now)


def sign_in_with_passkey(writes: WriteSession, site: Site, credential: str, now: datetime) -> str:
    """Starts a session for whoever's passkey answered; answers the secret for its cookie.

    Raises: NotFound, the same for an unknown passkey, a wrong answer, a spent challenge and a disabled person.
    """
    try:
        challenge = _used_up(writes, credential, None, now)
        query = (
            select(Passkey)
            .join(Staff, col(Staff.id) == Passkey.staff_id)
            .where(Passkey.credential_id == passkeys.credential_id_in(credential), col(Staff.disabled_at).is_(None))
            .with_for_update()
        )
        passkey = writes.exec(query).first()
        if passkey is None or passkey.staff_id != passkeys.person_in(credential):
            raise NotFound
        passkey.sign_count = passkeys.counted(site, credential, challenge, passkey.public_key, passkey.sign_count)
    except NotValidError:
        raise NotFound from None
    passkey.used_at = now
    writes.add(passkey)
    writes.flush()
    return start_session(writes, passkey.staff_id, now, proven=True)


def _used_up(writes: WriteSession, credential: str, staff_id: UUID | None, now: datetime) -> bytes:
    """The challenge that this answers, if it was given out to the same person and is not used yet. Raises: NotValidError."""
    challenge = passkeys.challenge_in(credential)
    whose = col(PasskeyChallenge.staff_id).is_(None) if staff_id is None else col(PasskeyChallenge.staff_id) == staff_id
    given_out = delete(PasskeyChallenge).where(
        col(PasskeyChallenge.challenge_hash) == passkeys.hash_of_challenge(challenge), whose, col(PasskeyChallenge.expires_at) > now
    )
    if writes.connection().execute(given_out).rowcount != 1:
        raise NotValidError
    return challenge
