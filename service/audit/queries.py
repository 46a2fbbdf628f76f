"""Asking who read what, and who changed what: for the administrators of a place, and for those of one organisation about what is theirs."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select, tuple_, union
from sqlmodel import col

from service.audit.models import DONE, NOT_TOLD, READ, AuditRow, Reading, Wanted
from service.database import ReadSession
from service.days import day_begins
from service.journal.models import ActorKind
from service.journal.queries import Asked, Told, find_told
from service.news import Webhook
from service.partners.models import Holder, HolderPlace
from service.people.models import Member, Role, Staff, StaffRole
from service.people.queries import Colleague
from service.people.rules import reach
from service.places.models import Area, Organisation, Topic

Place = tuple[datetime, UUID]
"""Where a page begins: after the row of this moment and number."""


def find_audit(reads: ReadSession, member: Member, wanted: Wanted, *, after: Place | None = None, most: int) -> list[AuditRow]:
    """What was read and what was set, the newest first, as far as it is this administrator's to know."""
    own = reach(member.grants, (Role.ADMIN,))
    read = _find_readings(reads, member, own, wanted, after, most)
    done = _find_acts(reads, member, own, wanted, after, most)
    merged = sorted(chain(read, done), key=lambda row: (row.at, row.id), reverse=True)[:most]
    return _with_names(reads, member, own, merged)


def find_actors(reads: ReadSession, member: Member) -> list[Colleague]:
    """Who may have done something here: everybody who holds or held a role, by name."""
    own = reach(member.grants, (Role.ADMIN,))
    query = select(col(Staff.id), col(Staff.name)).where(col(Staff.id).in_(_known_staff(member, own)))
    return [Colleague(*row) for row in reads.execute(query.order_by(col(Staff.name), col(Staff.id)))]


def read_place(typed: str) -> Place | None:
    """What `place_of` wrote; None for anything else."""
    at, _tilde, id_ = typed.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(hex=id_)) if moment.tzinfo else None
    except ValueError:
        return None


def place_of(row: AuditRow) -> str:
    """Where the next page begins."""
    return f"{row.at.isoformat()}~{row.id.hex}"


# ---- the two histories -----------------------------------------------------------------------------------------------

_PART_OF_WHAT = {what: part for part, whats in READ.items() for what in whats}
_PART_OF_SUBJECT = {subject: part for part, subjects in DONE.items() for subject in subjects}


def _find_readings(
    reads: ReadSession, member: Member, own: set[UUID] | None, wanted: Wanted, after: Place | None, most: int
) -> Iterable[Reading | Told]:
    if wanted.part is not None and wanted.part not in READ:
        return []
    query = select(Reading).where(col(Reading.collaboration_id) == member.place.id)
    if own is not None:
        query = query.where(col(Reading.organisation_id).in_(own))
    if wanted.part is not None:
        query = query.where(col(Reading.what).in_(READ[wanted.part]))
    if wanted.by is not None:
        query = query.where(col(Reading.actor_id) == wanted.by)
    first, beyond = _span(member, wanted)
    if first is not None:
        query = query.where(col(Reading.at) >= first)
    if beyond is not None:
        query = query.where(col(Reading.at) < beyond)
    if after is not None:
        query = query.where(tuple_(col(Reading.at), col(Reading.id)) < after)
    return reads.execute(query.order_by(col(Reading.at).desc(), col(Reading.id).desc()).limit(most)).scalars()


def _find_acts(
    reads: ReadSession, member: Member, own: set[UUID] | None, wanted: Wanted, after: Place | None, most: int
) -> Iterable[Reading | Told]:
    if wanted.part is not None and wanted.part not in DONE:
        return []
    first, beyond = _span(member, wanted)
    asked = Asked(
        subjects=DONE[wanted.part] if wanted.part else tuple(_PART_OF_SUBJECT),
        about=None if own is None else _things_of(member.place.id, own),
        house=_of_the_house(member.place.id, own),
        leave_out=NOT_TOLD,
        by=wanted.by,
        since=first,
        before=beyond,
        after=after,
    )
    return find_told(reads, member.place.id, asked, most)


def _span(member: Member, wanted: Wanted) -> tuple[datetime | None, datetime | None]:
    zone = member.place.time_zone
    first = day_begins(wanted.since, zone) if wanted.since and wanted.since > date.min else None
    return first, day_begins(wanted.until + timedelta(days=1), zone) if wanted.until and wanted.until < date.max else None


# ---- what is whose ---------------------------------------------------------------------------------------------------


def _roles_here(place_id: UUID) -> ColumnElement[bool]:
    return col(StaffRole.collaboration_id) == place_id


def _known_staff(member: Member, own: set[UUID] | None) -> Any:
    """Whose names this administrator may read: of everybody who works or worked here, or for the own organisation."""
    query = select(col(StaffRole.staff_id)).where(_roles_here(member.place.id))
    return query if own is None else query.where(col(StaffRole.organisation_id).in_(own))


def _people_of(place_id: UUID, own: set[UUID] | None) -> Any:
    """The people of these organisations: who holds or held no role here for any other, nor for the whole place."""
    query = select(col(StaffRole.staff_id)).where(_roles_here(place_id))
    if own is None:
        return query
    others = or_(col(StaffRole.organisation_id).is_(None), col(StaffRole.organisation_id).not_in(own))
    return query.where(col(StaffRole.staff_id).not_in(select(col(StaffRole.staff_id)).where(_roles_here(place_id), others)))


def _keys_of(place_id: UUID, own: set[UUID] | None) -> Any:
    query = select(col(HolderPlace.holder_id)).where(col(HolderPlace.collaboration_id) == place_id)
    return query if own is None else query.where(col(HolderPlace.organisation_id).in_(own))


def _of_the_house(place_id: UUID, own: set[UUID] | None) -> Any:
    """What belongs to the installation and touches this place: people and keys."""
    return union(_people_of(place_id, own), _keys_of(place_id, own))


def _things_of(place_id: UUID, own: set[UUID]) -> Any:
    """What these organisations have in the place: their people, roles, keys and topics, and themselves."""
    roles = select(col(StaffRole.id)).where(_roles_here(place_id), col(StaffRole.organisation_id).in_(own))
    topics = select(col(Topic.id)).where(col(Topic.collaboration_id) == place_id, col(Topic.organisation_id).in_(own))
    webhooks = select(col(Webhook.id)).where(col(Webhook.collaboration_id) == place_id, col(Webhook.organisation_id).in_(own))
    themselves = select(col(Organisation.id)).where(col(Organisation.collaboration_id) == place_id, col(Organisation.id).in_(own))
    return union(_people_of(place_id, own), _keys_of(place_id, own), roles, topics, webhooks, themselves)


# ---- names -----------------------------------------------------------------------------------------------------------


def _with_names(reads: ReadSession, member: Member, own: set[UUID] | None, rows: Iterable[Reading | Told]) -> list[AuditRow]:
    rows = list(rows)
    subjects: dict[str, set[UUID]] = {}
    for row in rows:
        if row.subject_id is not None:
            subjects.setdefault(row.subject, set()).add(row.subject_id)
    roles = _roles(reads, member, subjects.get("staff_role", set()))
    people = {row.actor_id for row in rows if row.actor_kind == ActorKind.STAFF and row.actor_id} | subjects.get("staff", set())
    people |= {staff_id for staff_id, _role, _organisation in roles.values()}
    known = select(col(Staff.id), col(Staff.name)).where(col(Staff.id).in_(people), col(Staff.id).in_(_known_staff(member, own)))
    names: dict[UUID, str] = _named(reads, known) if people else {}
    things = _things(reads, member, subjects)
    return [_row(member, row, names, things, roles) for row in rows]


Roles = dict[UUID, tuple[UUID, Role, str | None]]
"""Of a role: whose it is, which, and for which organisation."""


def _roles(reads: ReadSession, member: Member, ids: set[UUID]) -> Roles:
    if not ids:
        return {}
    named = and_(col(Organisation.collaboration_id) == StaffRole.collaboration_id, col(Organisation.id) == StaffRole.organisation_id)
    query = select(col(StaffRole.id), col(StaffRole.staff_id), col(StaffRole.role), col(Organisation.name))
    query = query.join(Organisation, named, isouter=True).where(_roles_here(member.place.id), col(StaffRole.id).in_(ids))
    return {id_: (staff_id, Role(role), organisation) for id_, staff_id, role, organisation in reads.execute(query)}


def _things(reads: ReadSession, member: Member, subjects: dict[str, set[UUID]]) -> dict[UUID, str]:
    """Names of areas, organisations, topics and holders of keys."""
    found: dict[UUID, str] = {}
    tables: dict[str, Any] = {"area": Area, "organisation": Organisation, "topic": Topic}
    for subject, table in tables.items():
        if ids := subjects.get(subject):
            query = select(col(table.id), col(table.name)).where(col(table.collaboration_id) == member.place.id, col(table.id).in_(ids))
            found |= _named(reads, query)
    if ids := subjects.get("webhook"):
        query = select(col(Webhook.id), col(Webhook.description)).where(col(Webhook.collaboration_id) == member.place.id)
        found |= _named(reads, query.where(col(Webhook.id).in_(ids)))
    if ids := subjects.get("holder"):
        found |= _named(reads, select(col(Holder.id), col(Holder.name)).where(col(Holder.id).in_(ids)))
    return found


def _named(reads: ReadSession, query: Any) -> dict[UUID, str]:
    return {row[0]: row[1] for row in reads.execute(query)}


def _row(member: Member, row: Reading | Told, names: dict[UUID, str], things: dict[UUID, str], roles: Roles) -> AuditRow:
    local = row.at.astimezone(ZoneInfo(member.place.time_zone))
    name: str | None = None
    within: str | None = None
    fields: tuple[str, ...] = ()
    if isinstance(row, Told):
        fields = row.fields
        name = names.get(row.subject_id) or things.get(row.subject_id)
        if row.subject_id in roles:
            staff_id, role, within = roles[row.subject_id]
            name, fields = names.get(staff_id), (role,)
    return AuditRow(
        id=row.id,
        at=row.at,
        on=local.date(),
        time=f"{local:%H:%M}",
        who=names.get(row.actor_id) if row.actor_id else None,
        by=row.actor_kind,
        part=_PART_OF_SUBJECT[row.subject] if isinstance(row, Told) else _PART_OF_WHAT[row.what],
        act=f"{row.subject}.{row.verb}" if isinstance(row, Told) else row.what,
        name=name,
        within=within,
        fields=fields,
        number=row.subject_id.hex[-6:] if row.subject_id else "",
        why=row.why if isinstance(row, Reading) else None,
    )
