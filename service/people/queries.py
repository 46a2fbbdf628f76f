"""Asking about staff: who this session is, and where they may work."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.errors import NotFound
from service.language import _
from service.people import rules
from service.people.models import Grant, Member, Passkey, Role, SignedIn, SignInLink, Staff, StaffRole, StaffSession
from service.places.models import Collaboration, Organisation
from service.places.queries import PlaceCard
from service.walls import whole_house


@dataclass(frozen=True, slots=True)
class Workplace:
    """A collaboration in which a person holds a role."""

    slug: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One live role of a person, for their own page."""

    slug: str
    place: str
    time_zone: str
    role: Role
    organisation: str | None
    place_id: UUID


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser in which a person is signed in, for their own page. Of the browser itself nothing is known."""

    id: UUID
    started_at: datetime
    idle_hours: int
    is_this: bool


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey, for its owner's page."""

    id: UUID
    name: str
    credential_id: str
    added_at: datetime
    used_at: datetime | None


def hash_of(secret: str) -> str:
    """What is kept of a secret of 256 random bits: with so many, a plain hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


ROLES = select(StaffRole.collaboration_id, StaffRole.role, StaffRole.organisation_id).where(
    col(StaffRole.staff_id) == bindparam("staff"), col(StaffRole.ended_at).is_(None)
)
SESSION = (
    columns(
        *(col(StaffSession.id), col(StaffSession.started_at), col(StaffSession.seen_at), col(StaffSession.proven_at)),
        *(col(Staff.id), col(Staff.name), col(Staff.email), col(Staff.language)),
        *(col(StaffRole.collaboration_id), col(StaffRole.role), col(StaffRole.organisation_id)),
    )
    .join(Staff, col(Staff.id) == col(StaffSession.staff_id))
    .outerjoin(StaffRole, and_(col(StaffRole.staff_id) == col(Staff.id), col(StaffRole.ended_at).is_(None)))
    .where(col(StaffSession.secret_hash) == bindparam("secret"), col(StaffSession.ended_at).is_(None), col(Staff.disabled_at).is_(None))
)
"""What is asked with every request of the staff, with a row for each role. To write it anew would take longer than the answer."""


def find_session(reads: ReadSession, secret: str, now: datetime) -> SignedIn | None:
    """The person behind a cookie, with what they hold, if the session is live and the person not disabled."""
    with whole_house(reads):
        rows = reads.execute(SESSION, {"secret": hash_of(secret)}).all()
    if not rows:
        return None
    session_id, started_at, seen_at, proven_at, staff_id, name, email, language, *_first = rows[0]
    if not rules.is_live(started_at, seen_at, now):
        return None
    held = _held(row[-3:] for row in rows if row[-3] is not None)
    return SignedIn(
        staff_id=staff_id,
        session_id=session_id,
        name=name,
        email=email,
        seen_at=seen_at,
        is_admin=any(grant.role == Role.ADMIN for _place, grant in held),
        is_proven=proven_at is not None,
        language=language,
        held=held,
    )


def _held(rows: Iterable[Sequence[Any]]) -> tuple[tuple[UUID, Grant], ...]:
    return tuple((place_id, Grant(Role(role), organisation_id)) for place_id, role, organisation_id in rows)


def works_anywhere(reads: ReadSession, staff_id: UUID, slugs: Collection[str] = ()) -> bool:
    """Whether a person holds a live role anywhere; where places are named, in one of these."""
    live = (
        select(StaffRole.id)
        .join(Collaboration, col(Collaboration.id) == StaffRole.collaboration_id)
        .where(StaffRole.staff_id == staff_id, col(StaffRole.ended_at).is_(None))
        .limit(1)
    )
    with whole_house(reads):
        return reads.exec(live.where(col(Collaboration.slug).in_(slugs)) if slugs else live).first() is not None


def member_of(person: SignedIn, place: PlaceCard) -> Member:
    """This person at work in this collaboration. Raises: NotFound where they hold no role."""
    grants = tuple(grant for place_id, grant in person.held if place_id == place.id)
    if not grants:
        raise NotFound
    return Member(person=person, place=place, grants=grants, elsewhere=len(person.held) > len(grants))


def get_member(reads: ReadSession, person: SignedIn, place: PlaceCard) -> Member:
    """The same, by what they hold at this moment. Raises: NotFound."""
    with whole_house(reads):
        held = _held(reads.exec(ROLES, params={"staff": person.staff_id}).all())
    return member_of(replace(person, held=held), place)


def find_at_work(reads: ReadSession, staff_id: UUID, place: PlaceCard) -> Member | None:
    """Somebody whose work goes on while they are not there, by what they hold at this moment; None who holds nothing here any more."""
    staff = reads.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None:
        return None
    nowhere = SignedIn(staff_id=staff.id, session_id=UUID(int=0), name=staff.name, email=staff.email, seen_at=staff.added_at)
    try:
        return get_member(reads, nowhere, place)
    except NotFound:
        return None


def find_workplaces(reads: ReadSession, staff_id: UUID) -> list[Workplace]:
    """Where a person holds roles, by name."""
    query = (
        select(Collaboration.slug, Collaboration.name, StaffRole.role)
        .join(StaffRole, col(StaffRole.collaboration_id) == Collaboration.id)
        .where(StaffRole.staff_id == staff_id, col(StaffRole.ended_at).is_(None))
        .order_by(Collaboration.name, Collaboration.slug, StaffRole.role)
    )
    with whole_house(reads):
        rows = reads.exec(query).all()
    found: dict[tuple[str, str], list[Role]] = {}
    for slug, name, role in rows:
        held = found.setdefault((slug, name), [])
        if role not in held:
            held.append(Role(role))
    return [Workplace(slug, name, tuple(roles)) for (slug, name), roles in found.items()]


def find_roles(reads: ReadSession, staff_id: UUID) -> list[RoleRow]:
    """Every live role of a person, by place."""
    query = (
        select(Collaboration, StaffRole.role, Organisation.name)
        .select_from(StaffRole)
        .join(Collaboration, col(StaffRole.collaboration_id) == Collaboration.id)
        .outerjoin(
            Organisation,
            (col(Organisation.collaboration_id) == StaffRole.collaboration_id) & (col(Organisation.id) == StaffRole.organisation_id),
        )
        .where(StaffRole.staff_id == staff_id, col(StaffRole.ended_at).is_(None))
        .order_by(Collaboration.name, Collaboration.slug, StaffRole.role, Organisation.name)
    )
    with whole_house(reads):
        rows = reads.exec(query).all()
    return [RoleRow(place.slug, place.name, place.time_zone, Role(role), organisation, place.id) for place, role, organisation in rows]


def find_sessions(reads: ReadSession, person: SignedIn, now: datetime) -> list[SessionRow]:
    """A person's own live sessions: the one that asks, then the one used last.

    Units: `idle_hours` are whole hours since the session was last seen.
    """
    rows = reads.exec(
        select(StaffSession)
        .where(StaffSession.staff_id == person.staff_id, col(StaffSession.ended_at).is_(None))
        .order_by(col(StaffSession.seen_at).desc(), col(StaffSession.id))
    )
    live = [row for row in rows if rules.is_live(row.started_at, row.seen_at, now)]
    live.sort(key=lambda row: row.id != person.session_id)
    return [
        SessionRow(row.id, row.started_at, int((now - row.seen_at).total_seconds()) // 3600, row.id == person.session_id) for row in live
    ]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works in the same collaboration."""

    id: UUID
    name: str


def find_colleagues(reads: ReadSession, place_id: UUID, roles: Collection[Role], organisation_id: UUID | None) -> list[Colleague]:
    """Who holds one of these roles for the whole place, or for this organisation, by name."""
    reaching = col(StaffRole.organisation_id).is_(None) | (col(StaffRole.organisation_id) == organisation_id)
    query = (
        select(Staff.id, Staff.name)
        .join(StaffRole, col(StaffRole.staff_id) == Staff.id)
        .where(StaffRole.collaboration_id == place_id, col(StaffRole.role).in_(roles), col(StaffRole.ended_at).is_(None), reaching)
        .where(col(Staff.disabled_at).is_(None))
        .distinct()
    )
    return [Colleague(*found) for found in reads.exec(query.order_by(Staff.name, col(Staff.id)))]


def find_passkeys(reads: ReadSession, staff_id: UUID) -> list[PasskeyRow]:
    """A person's own passkeys, in the order in which they were added."""
    rows = reads.exec(select(Passkey).where(Passkey.staff_id == staff_id).order_by(col(Passkey.added_at), col(Passkey.id)))
    return [PasskeyRow(row.id, row.name, row.credential_id, row.added_at, row.used_at) for row in rows]


def get_usable_link(reads: ReadSession, secret: str, now: datetime) -> SignInLink:
    """The sign-in link with this secret. Raises: NotFound where it is spent or too old, or its person disabled."""
    found = reads.exec(
        select(SignInLink)
        .join(Staff, col(Staff.id) == SignInLink.staff_id)
        .where(
            SignInLink.secret_hash == hash_of(secret),
            col(SignInLink.used_at).is_(None),
            SignInLink.expires_at > now,
            col(Staff.disabled_at).is_(None),
        )
    ).first()
    if found is None:
        raise NotFound(_("This link was used already, or it is too old. Ask for a new one."))
    return found


def find_staff(reads: ReadSession, email: str) -> Staff | None:
    """The person with this address."""
    return reads.exec(select(Staff).where(Staff.email == email.strip().lower())).first()


def chosen_languages(reads: ReadSession, staff_ids: Collection[UUID]) -> dict[UUID, str]:
    """In which language each of these people gets letters; those who did not choose one are left out."""
    query = columns(col(Staff.id), col(Staff.language)).where(col(Staff.id).in_(staff_ids), col(Staff.language).is_not(None))
    return {row.id: row.language for row in reads.execute(query)}


def wants_reminders(reads: ReadSession, staff_id: UUID) -> bool:
    """Whether somebody wants letters about what is due."""
    return reads.get_one(Staff, staff_id).reminders_off_at is None
