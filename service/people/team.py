"""Asking who works in a place, as far as an administrator reaches: the whole of it, or one organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col, select

from service.database import ReadSession
from service.errors import NotFound
from service.people import rules
from service.people.models import Member, Role, Staff, StaffRole, ViewerKind
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.walls import whole_house


class Standing(StrEnum):
    """How a person stands in a place."""

    AT_WORK = "at_work"
    INVITED = "invited"
    RUN_OUT = "run_out"
    STOPPED = "stopped"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Held:
    """One role of a person in a place."""

    id: UUID
    role: Role
    kind: ViewerKind | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Teammate:
    """A person and what they may do in a place. Stopped, it is what they might do before."""

    id: UUID
    name: str
    email: str
    standing: Standing
    invited_until: datetime | None
    roles: tuple[Held, ...]
    is_you: bool


def within_reach(member: Member) -> ColumnElement[bool]:
    """The roles of this place that this administrator sees, gives and ends. Raises: NotFound for who is none."""
    if not member.person.is_through or not any(grant.role == Role.ADMIN for grant in member.grants):
        raise NotFound
    reached = rules.reach(member.grants, (Role.ADMIN,))
    here = col(StaffRole.collaboration_id) == member.place.id
    return here if reached is None else and_(here, col(StaffRole.organisation_id).in_(reached))


def find_team(reads: ReadSession, member: Member, now: datetime) -> list[Teammate]:
    """Everybody with a role here that has not ended, or was only stopped, by name. Raises: NotFound for who is no administrator."""
    return _teammates(reads, member, now, true())


def get_teammate(reads: ReadSession, member: Member, staff_id: UUID, now: datetime) -> Teammate:
    """One of them. Raises: NotFound for anybody else."""
    found = _teammates(reads, member, now, col(StaffRole.staff_id) == staff_id)
    if not found:
        raise NotFound
    return found[0]


def works_here_only(reads: ReadSession, member: Member, staff_id: UUID) -> bool:
    """Whether every role that a person holds is within this administrator's reach: then nothing of others opens with their link."""
    live = select(StaffRole.id).where(StaffRole.staff_id == staff_id, col(StaffRole.ended_at).is_(None))
    with whole_house(reads):
        return reads.exec(live.where(~within_reach(member)).limit(1)).first() is None


def find_reached_organisations(reads: ReadSession, member: Member) -> list[Organisation]:
    """The organisations for which this administrator may invite, by name."""
    reached = rules.reach(member.grants, (Role.ADMIN,))
    query = select(Organisation).where(Organisation.collaboration_id == member.place.id).order_by(Organisation.name, Organisation.code)
    return list(reads.exec(query if reached is None else query.where(col(Organisation.id).in_(reached))))


def find_admins(reads: ReadSession, place: PlaceCard, organisation_id: UUID | None) -> list[UUID]:
    """The live roles of administrators who have come: for the whole place, and for this organisation where one is named."""
    reaching: ColumnElement[bool] = col(StaffRole.organisation_id).is_(None)
    if organisation_id is not None:
        reaching = or_(reaching, col(StaffRole.organisation_id) == organisation_id)
    query = (
        select(StaffRole.id)
        .join(Staff, col(Staff.id) == StaffRole.staff_id)
        .where(StaffRole.collaboration_id == place.id, StaffRole.role == Role.ADMIN, col(StaffRole.ended_at).is_(None), reaching)
        .where(col(Staff.arrived_at).is_not(None), col(Staff.disabled_at).is_(None))
        .order_by(col(StaffRole.id))
    )
    return list(reads.exec(query))


def _teammates(reads: ReadSession, member: Member, now: datetime, whom: ColumnElement[bool]) -> list[Teammate]:
    stopped = and_(col(StaffRole.stopped_at).is_not(None), col(Staff.disabled_at).is_(None))
    kept = or_(col(StaffRole.ended_at).is_(None), stopped)
    rows = reads.exec(
        select(Staff, StaffRole, Organisation.name)
        .join(StaffRole, col(StaffRole.staff_id) == Staff.id)
        .outerjoin(
            Organisation,
            (col(Organisation.collaboration_id) == StaffRole.collaboration_id) & (col(Organisation.id) == StaffRole.organisation_id),
        )
        .where(within_reach(member), kept, whom)
        .order_by(Staff.name, Staff.email, StaffRole.role, Organisation.name)
    )
    found: dict[UUID, tuple[Staff, list[tuple[StaffRole, str | None]]]] = {}
    for staff, role, organisation in rows:
        found.setdefault(staff.id, (staff, []))[1].append((role, organisation))
    return [_teammate(staff, roles, member, now) for staff, roles in found.values()]


def _teammate(staff: Staff, roles: Iterable[tuple[StaffRole, str | None]], member: Member, now: datetime) -> Teammate:
    live = [(role, organisation) for role, organisation in roles if role.ended_at is None]
    shown = live or roles
    return Teammate(
        id=staff.id,
        name=staff.name,
        email=staff.email,
        standing=_standing(staff, now, stopped=not live),
        invited_until=staff.invited_until,
        roles=tuple(Held(role.id, Role(role.role), role.viewer_kind, organisation) for role, organisation in shown),
        is_you=staff.id == member.person.staff_id,
    )


def _standing(staff: Staff, now: datetime, *, stopped: bool) -> Standing:
    if staff.disabled_at is not None:
        return Standing.OFF
    if stopped:
        return Standing.STOPPED
    if staff.arrived_at is not None:
        return Standing.AT_WORK
    return Standing.INVITED if staff.invited_until is not None and staff.invited_until > now else Standing.RUN_OUT
