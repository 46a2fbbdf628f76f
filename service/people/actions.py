"""Inviting people, signing them in and out."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.journal.actions import Actor, record
from service.journal.models import ActorKind
from service.language import _, available, for_staff
from service.people import rules
from service.people.models import (
    AuthenticatorApp,
    InviteIn,
    Passkey,
    RecoveryCode,
    Role,
    RoleIn,
    SignedIn,
    SignInLink,
    Staff,
    StaffRole,
    StaffSession,
)
from service.people.queries import find_staff, get_usable_link, hash_of
from service.people.removal import forget
from service.places.queries import PlaceCard, find_organisation
from service.tombstones import Why


def invite(writes: WriteSession, actor: Actor, place: PlaceCard, given: InviteIn, now: datetime) -> str:
    """Gives a person a role and makes a one-use link for them; answers its secret, which is stored nowhere.

    A second invitation of the same person makes a fresh link and adds what role is missing.
    Raises: Invalid for a viewer without a kind or an unknown organisation, Conflict for a disabled person.
    """
    return link_for(writes, ask_in(writes, actor, place, given, now), now, rules.INVITATION)


def ask_in(writes: WriteSession, actor: Actor, place: PlaceCard, given: InviteIn, now: datetime) -> Staff:
    """Invites a person without making a link: gives the role, and says until when they may arrive. Raises: as `invite`."""
    role = RoleIn(role=given.role, kind=given.kind, organisation=given.organisation)
    _organisation_of(writes, place, role)  # first, as a page that shows what is wrong must not have added anybody
    staff = find_staff(writes, given.email)
    if staff is None:
        staff = Staff(email=given.email, name=given.name or given.email.partition("@")[0][:200], added_at=now)
        writes.add(staff)
        writes.flush()
        record(writes, actor, "added", "staff", staff.id, at=now)
    elif staff.disabled_at is not None:
        raise Conflict(_("This person's access was ended. `said staff enable` gives it back."))
    give(writes, actor, place, staff, role, now)
    if staff.arrived_at is None:
        staff.invited_until = now + rules.INVITATION
        writes.add(staff)
        writes.flush()
    record(writes, actor, "invited", "staff", staff.id, at=now, collaboration_id=place.id)
    return staff


def give(writes: WriteSession, actor: Actor, place: PlaceCard, staff: Staff, given: RoleIn, now: datetime) -> bool:
    """Gives a person a role; answers whether they lacked it. Raises: Invalid for a viewer without a kind or an unknown organisation."""
    organisation_id = _organisation_of(writes, place, given)
    if _holds(writes, place, staff, given.role, organisation_id):
        return False
    role = StaffRole(
        collaboration_id=place.id,
        staff_id=staff.id,
        role=given.role,
        viewer_kind=given.kind,
        organisation_id=organisation_id,
        given_at=now,
    )
    writes.add(role)
    writes.flush()
    record(writes, actor, "given", "staff_role", role.id, at=now, collaboration_id=place.id)
    return True


def make_link(writes: WriteSession, actor: Actor, email: str, now: datetime, lasts: timedelta = rules.FRESH_LINK) -> str:
    """A fresh one-use link for a person who is staff already. Raises: NotFound."""
    staff = find_staff(writes, email)
    if staff is None or staff.disabled_at is not None:
        raise NotFound(_("Nobody with this address may sign in."))
    record(writes, actor, "link_made", "staff", staff.id, at=now)
    return link_for(writes, staff, now, lasts)


def sign_in(writes: WriteSession, link_secret: str, now: datetime) -> str:
    """Uses up a link and starts a session; answers the secret for its cookie. Raises: NotFound for a link that is spent."""
    link = get_usable_link(writes, link_secret, now)
    unused = update(SignInLink).where(col(SignInLink.id) == link.id, col(SignInLink.used_at).is_(None)).values(used_at=now)
    if writes.connection().execute(unused).rowcount != 1:  # somebody else clicked in the same moment
        raise NotFound
    return start_session(writes, link.staff_id, now)


def start_session(writes: WriteSession, staff_id: UUID, now: datetime, *, proven: bool = False) -> str:
    """Signs a person in who has shown who they are, or `proven` has shown it twice; answers the secret for their cookie."""
    secret = secrets.token_urlsafe(32)
    session = StaffSession(staff_id=staff_id, secret_hash=hash_of(secret), started_at=now, seen_at=now, proven_at=now if proven else None)
    writes.add(session)
    writes.execute(update(Staff).where(col(Staff.id) == staff_id, col(Staff.arrived_at).is_(None)).values(arrived_at=now))
    writes.flush()
    record(writes, Actor(ActorKind.STAFF, staff_id), "signed_in", "staff", staff_id, at=now)
    return secret


def sign_out(writes: WriteSession, person: SignedIn, now: datetime) -> None:
    """Ends this session at once."""
    session = writes.get_one(StaffSession, person.session_id)
    session.ended_at = now
    writes.add(session)
    writes.flush()
    record(writes, person.actor, "signed_out", "staff", person.staff_id, at=now)


def end_session(writes: WriteSession, person: SignedIn, session_id: UUID, now: datetime) -> None:
    """Ends one of a person's own sessions. Raises: NotFound for somebody else's and for one that has ended."""
    session = writes.get(StaffSession, session_id)
    if session is None or session.staff_id != person.staff_id or session.ended_at is not None:
        raise NotFound
    session.ended_at = now
    writes.add(session)
    writes.flush()
    record(writes, person.actor, "ended", "staff_session", session.id, at=now)


def end_other_sessions(writes: WriteSession, person: SignedIn, now: datetime) -> int:
    """Ends every session of a person but the one that asks; answers how many."""
    others = writes.exec(
        select(StaffSession).where(
            StaffSession.staff_id == person.staff_id, StaffSession.id != person.session_id, col(StaffSession.ended_at).is_(None)
        )
    ).all()
    for session in others:
        session.ended_at = now
        writes.add(session)
        writes.flush()
        record(writes, person.actor, "ended", "staff_session", session.id, at=now)
    return len(others)


def touch_session(writes: WriteSession, person: SignedIn, now: datetime) -> None:
    """Remembers that a session was used, so that it ends when it is idle. Not an act: nothing to journal."""
    session = writes.get_one(StaffSession, person.session_id)
    session.seen_at = now
    writes.add(session)
    writes.flush()


def disable(writes: WriteSession, actor: Actor, email: str, now: datetime) -> None:
    """Ends a person's access: sessions and links are dead at the next request, passkeys and the app are forgotten. Raises: NotFound."""
    staff = find_staff(writes, email)
    if staff is None:
        raise NotFound(_("There is nobody with this address."))
    staff.disabled_at = staff.disabled_at or now
    writes.add(staff)
    for session in writes.exec(select(StaffSession).where(StaffSession.staff_id == staff.id, col(StaffSession.ended_at).is_(None))).all():
        session.ended_at = now
        writes.add(session)
    for link in writes.exec(select(SignInLink).where(SignInLink.staff_id == staff.id, col(SignInLink.used_at).is_(None))).all():
        link.expires_at = min(link.expires_at, now)  # stays dead when access is given back: perhaps it is why access was ended
        writes.add(link)
    for table in (Passkey, AuthenticatorApp, RecoveryCode):
        writes.execute(delete(table).where(col(table.staff_id) == staff.id))
    writes.flush()
    record(writes, actor, "disabled", "staff", staff.id, at=now)


def enable(writes: WriteSession, actor: Actor, email: str, now: datetime) -> None:
    """Gives a person back the access that was ended; they need a new link. Raises: NotFound."""
    staff = find_staff(writes, email)
    if staff is None:
        raise NotFound(_("There is nobody with this address."))
    staff.disabled_at = None
    writes.add(staff)
    writes.flush()
    record(writes, actor, "enabled", "staff", staff.id, at=now)


def forget_person(writes: WriteSession, actor: Actor, email: str, now: datetime) -> None:
    """Takes out the name and address of somebody who left. Raises: NotFound, Conflict while they may still sign in."""
    staff = find_staff(writes, email)
    if staff is None:
        raise NotFound(_("There is nobody with this address."))
    if staff.disabled_at is None:
        raise Conflict(_("This person may still sign in. End their access first."))
    forget(writes, actor, staff, Why.LEFT, now)


def link_for(writes: WriteSession, staff: Staff, now: datetime, lasts: timedelta) -> str:
    """A one-use link for this person, as a part of whatever it was made for; answers its secret."""
    secret = secrets.token_urlsafe(32)
    writes.add(SignInLink(staff_id=staff.id, secret_hash=hash_of(secret), made_at=now, expires_at=now + lasts))
    writes.flush()
    return secret


def _holds(writes: WriteSession, place: PlaceCard, staff: Staff, role: Role, organisation_id: object) -> bool:
    same = StaffRole.organisation_id == organisation_id if organisation_id else col(StaffRole.organisation_id).is_(None)
    query = select(StaffRole.id).where(
        StaffRole.collaboration_id == place.id,
        StaffRole.staff_id == staff.id,
        StaffRole.role == role,
        col(StaffRole.ended_at).is_(None),
        same,
    )
    return writes.exec(query).first() is not None


def _organisation_of(writes: WriteSession, place: PlaceCard, given: RoleIn) -> UUID | None:
    if (given.role == Role.VIEWER) != (given.kind is not None):
        raise Invalid(FieldError("kind", _("A viewer, and only a viewer, is a councillor, a funder or a regulator.")))
    organisation = find_organisation(writes, place.id, given.organisation) if given.organisation else None
    if given.organisation and organisation is None:
        raise Invalid(FieldError("organisation", _("There is no organisation with the code %(code)s.", code=given.organisation)))
    return organisation.id if organisation else None


def choose_language(writes: WriteSession, person: SignedIn, code: str, now: datetime) -> bool:
    """Says in which language somebody works and gets letters; answers whether that was news.

    Raises: Invalid for one in which not every page of staff is written.
    """
    if code not in for_staff(available()):
        raise Invalid(FieldError("language", _("Choose one of the languages.")))
    staff = writes.get_one(Staff, person.staff_id)
    if staff.language == code:
        return False
    staff.language = code
    writes.add(staff)
    writes.flush()
    record(writes, person.actor, "language_chosen", "staff", staff.id, at=now, fields=["language"])
    return True


def choose_reminders(writes: WriteSession, person: SignedIn, now: datetime, *, wanted: bool) -> bool:
    """Says whether somebody wants letters about what is due; answers whether that was news."""
    staff = writes.get_one(Staff, person.staff_id)
    if (staff.reminders_off_at is None) == wanted:
        return False
    staff.reminders_off_at = None if wanted else now
    writes.add(staff)
    writes.flush()
    record(writes, person.actor, "reminders_chosen", "staff", staff.id, at=now, fields=["reminders_off_at"])
    return True
