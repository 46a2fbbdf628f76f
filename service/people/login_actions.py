"""Signing in with a council's own login."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from service.database import WriteSession
from service.errors import NotFound
from service.journal.actions import Actor, record
from service.journal.models import ActorKind
from service.people import rules
from service.people.actions import start_session
from service.people.login import Known, Login, hash_of_state
from service.people.models import KnownLogin, LoginTry, Staff
from service.people.queries import find_staff, works_anywhere


def begin_login(writes: WriteSession, browser: str, now: datetime) -> None:
    """Remembers that this browser went to the provider: it may come back once, and soon."""
    writes.execute(delete(LoginTry).where(col(LoginTry.expires_at) <= now))
    writes.add(LoginTry(state_hash=hash_of_state(browser), expires_at=now + rules.LOGIN))
    writes.flush()


def end_login(writes: WriteSession, browser: str, now: datetime) -> bool:
    """Uses a try up; answers whether there was one."""
    begun = delete(LoginTry).where(col(LoginTry.state_hash) == hash_of_state(browser), col(LoginTry.expires_at) > now)
    return writes.connection().execute(begun).rowcount == 1


def sign_in_with_login(writes: WriteSession, login: Login, known: Known, now: datetime) -> str:
    """Starts a session for somebody who was invited; answers the secret for their cookie. Nobody is made by signing in.

    The first time a person is found by an address that the provider has checked and speaks for; from then on by the provider's
    own name for them, which no later owner of the address has.
    Raises: NotFound, the same for who is unknown, disabled, not invited any more, or not of the places that the login counts for.
    """
    link = writes.exec(select(KnownLogin).where(KnownLogin.issuer == known.issuer, KnownLogin.subject == known.subject)).first()
    staff = writes.get(Staff, link.staff_id) if link else _by_address(writes, login, known, now)
    if staff is None or staff.disabled_at is not None or not works_anywhere(writes, staff.id, login.places):
        raise NotFound
    if link is None:
        link = KnownLogin(staff_id=staff.id, issuer=known.issuer, subject=known.subject, added_at=now)
        writes.add(link)
        writes.flush()
        record(writes, Actor(ActorKind.STAFF, staff.id), "linked", "known_login", link.id, at=now)
    return start_session(writes, staff.id, now, proven=known.strong)


def _by_address(writes: WriteSession, login: Login, known: Known, now: datetime) -> Staff | None:
    """Whoever was invited with the address, and has no other login of this provider."""
    if known.email is None or not login.covers(known.email):
        return None
    staff = find_staff(writes, known.email)
    if staff is None or (staff.arrived_at is None and (staff.invited_until is None or staff.invited_until <= now)):
        return None
    other = select(KnownLogin.id).where(KnownLogin.staff_id == staff.id, KnownLogin.issuer == known.issuer)
    return None if writes.exec(other).first() else staff
