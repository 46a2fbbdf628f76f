"""Asking who owes how many answers by when: for the letters that remind them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.days import WorkingDays, day_begins, local_day
from service.elsewhere.waiting_queries import is_told_of
from service.feedback import rules as messages
from service.feedback.models import Capturer, Feedback
from service.loop import rules
from service.people.models import Role, Staff, StaffRole
from service.places.models import Threshold
from service.places.queries import PlaceCard
from service.places.rules import AS_SHIPPED, Thresholds

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owed:
    """What somebody owes. Units: messages. `soon`: due today or on the next working day; `told`: another system says something new."""

    staff_id: UUID
    late: int
    soon: int
    told: int
    wants_letters: bool


def is_working_hour(place: PlaceCard, now: datetime) -> bool:
    """Whether letters about work may be sent: on a working day of the place, from the morning on."""
    local = now.astimezone(ZoneInfo(place.time_zone))
    return local.date() in place.working_days and local.hour >= rules.REMIND_FROM


def too_late_before(today: date, days: WorkingDays, thresholds: Thresholds = AS_SHIPPED) -> date:
    """The first day that is not far too long ago for an answer to have been due on it, by the rule of today."""
    day, longest = today, thresholds.on(Threshold.TOO_LATE_AFTER, today)
    while days.after(day, longest) >= today:
        day -= ONE_DAY
    return day + ONE_DAY


def due_until(place: PlaceCard, day: date) -> ColumnElement[bool]:
    """The messages of a place that wait for an answer which was due before this day."""
    at, ranges = col(Feedback.received_at), []
    for first, until in messages.late_days(day, place.working_days, place.thresholds):
        begins = at >= day_begins(first, place.time_zone) if first else true()
        ranges.append(and_(begins, at < day_begins(until, place.time_zone)))
    return and_(
        col(Feedback.collaboration_id) == place.id,
        col(Feedback.state).in_(messages.OPEN),
        col(Feedback.captured_by) != Capturer.IMPORT,
        col(Feedback.lane).is_(None),
        or_(*ranges),
    )


def _noted(place: PlaceCard) -> ColumnElement[bool]:
    """The messages of a place of which another system says something new, and whose senders hear from this place."""
    own = and_(col(Feedback.collaboration_id) == place.id, col(Feedback.captured_by) != Capturer.IMPORT, col(Feedback.lane).is_(None))
    return and_(own, is_told_of(place.id))


def find_owed(reads: ReadSession, place: PlaceCard, now: datetime, staff_id: UUID | None = None) -> list[Owed]:
    """What each coordinator of a place owes, or this one.

    A message that is with an organisation is its own coordinators' to answer; where it has none, and where it is with nobody, those
    for the whole place answer it.
    """
    today = local_day(now, place.time_zone)
    late = _by_organisation(reads, due_until(place, today))
    soon = _by_organisation(reads, due_until(place, place.working_days.after(today, 1) + ONE_DAY))
    told = _by_organisation(reads, _noted(place))
    held: dict[UUID, set[UUID | None]] = defaultdict(set)
    wants: dict[UUID, bool] = {}
    query = (
        columns(col(StaffRole.staff_id), col(StaffRole.organisation_id), col(Staff.reminders_off_at))
        .join(Staff, and_(col(Staff.id) == StaffRole.staff_id, col(Staff.disabled_at).is_(None)))
        .where(
            col(StaffRole.collaboration_id) == place.id,
            col(StaffRole.role).in_(messages.ANSWERERS),
            col(StaffRole.ended_at).is_(None),
            col(Staff.arrived_at).is_not(None),
        )
    )
    for one, organisation_id, off_at in reads.execute(query):
        held[one].add(organisation_id)
        wants[one] = off_at is None
    answered_for = {organisation_id for theirs in held.values() for organisation_id in theirs if organisation_id}
    for theirs in held.values():
        if None in theirs:
            theirs.update((late.keys() | soon.keys() | told.keys()) - answered_for)
    found = [
        Owed(
            one,
            late=sum(late[org] for org in theirs),
            soon=sum(soon[org] - late[org] for org in theirs),
            told=sum(told[org] for org in theirs),
            wants_letters=wants[one],
        )
        for one, theirs in sorted(held.items())
    ]
    return [one for one in found if staff_id in (None, one.staff_id)]


def is_too_late(place: PlaceCard, now: datetime) -> ColumnElement[bool]:
    """Which messages of a place wait far too long for a first answer."""
    late = due_until(place, too_late_before(local_day(now, place.time_zone), place.working_days, place.thresholds))
    return and_(late, col(Feedback.replied_at).is_(None))


def count_too_late(reads: ReadSession, place: PlaceCard, now: datetime) -> int:
    """How many they are."""
    late = is_too_late(place, now)
    return int(reads.execute(columns(func.count()).select_from(Feedback).where(late)).scalar_one())


def find_answering(reads: ReadSession, place_id: UUID) -> list[UUID]:
    """Who answers for a place: coordinators and administrators for all of it."""
    query = (
        columns(col(StaffRole.staff_id))
        .join(Staff, and_(col(Staff.id) == StaffRole.staff_id, col(Staff.disabled_at).is_(None)))
        .where(
            col(StaffRole.collaboration_id) == place_id,
            col(StaffRole.role).in_((Role.COORDINATOR, Role.ADMIN)),
            col(StaffRole.organisation_id).is_(None),
            col(StaffRole.ended_at).is_(None),
            col(Staff.arrived_at).is_not(None),
        )
        .distinct()
    )
    return sorted(reads.execute(query).scalars())


def _by_organisation(reads: ReadSession, which: ColumnElement[bool]) -> defaultdict[UUID | None, int]:
    query = columns(col(Feedback.organisation_id), func.count()).where(which).group_by(col(Feedback.organisation_id))
    found: defaultdict[UUID | None, int] = defaultdict(int)
    for organisation_id, number in reads.execute(query):
        found[organisation_id] = int(number)
    return found
