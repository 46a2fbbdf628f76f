"""Reminding those who owe an answer, once a day, and telling those who answer for the place of what waits far too long, once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, literal
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert as insert_or_leave  # its ON CONFLICT compiles on SQLite as well
from sqlmodel import col

from service.database import WriteSession
from service.days import local_day
from service.feedback.models import Feedback
from service.journal.actions import OPERATOR, record
from service.loop.models import Escalation, Reminder, ReminderKind
from service.loop.owed_queries import find_answering, find_owed, is_too_late, is_working_hour
from service.loop.telling_actions import AT_ONCE, Parcel
from service.people.queries import chosen_languages
from service.places.queries import PlaceCard

_reminder, _escalation = Reminder.__table__, Escalation.__table__  # type: ignore[attr-defined]


def remind(writes: WriteSession, place: PlaceCard, now: datetime) -> list[Parcel]:
    """One letter a day for each who owes an answer by the next working day, or has word of another system. On days off there is none."""
    if not is_working_hour(place, now):
        return []
    whom = [one for one in find_owed(writes, place, now) if one.wants_letters and (one.late or one.soon or one.told)]
    return _letters(writes, place, ReminderKind.DUE, [one.staff_id for one in whom], now)


def escalate(writes: WriteSession, place: PlaceCard, now: datetime) -> list[Parcel]:
    """Notes which messages have come to wait far too long, each once, and answers who is told so."""
    if not is_working_hour(place, now):
        return []
    known = exists().where(col(Escalation.collaboration_id) == Feedback.collaboration_id, col(Escalation.feedback_id) == Feedback.id)
    late = is_too_late(place, now)
    query = columns(col(Feedback.collaboration_id), col(Feedback.id), literal(now, _escalation.c.at.type)).where(late, ~known)
    query = query.order_by(col(Feedback.received_at), col(Feedback.id)).limit(AT_ONCE)
    noted = insert_or_leave(_escalation).from_select(["collaboration_id", "feedback_id", "at"], query)
    told = list(writes.execute(noted.on_conflict_do_nothing().returning(_escalation.c.feedback_id)).scalars())
    for message_id in told:
        record(writes, OPERATOR, "escalated", "feedback", message_id, at=now, collaboration_id=place.id)
    whom = find_answering(writes, place.id) if told else []
    return _letters(writes, place, ReminderKind.TOO_LATE, whom, now)


def _letters(writes: WriteSession, place: PlaceCard, kind: ReminderKind, whom: list[UUID], now: datetime) -> list[Parcel]:
    if not whom:
        return []
    day = local_day(now, place.time_zone)
    rows = [{"collaboration_id": place.id, "staff_id": one, "kind": kind, "day": day, "at": now} for one in whom]
    fresh = insert_or_leave(_reminder).values(rows).on_conflict_do_nothing().returning(_reminder.c.staff_id)
    got = sorted(writes.execute(fresh).scalars())
    chosen = chosen_languages(writes, got)
    return [Parcel(f"{place.id.hex}.{one.hex}.{kind}", chosen.get(one, place.languages[0])) for one in got]
