"""Asking what periods hold, what is held back from them, and what their time is over of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.checks.models import PromiseCheck, Shown
from service.consents.models import Consent, Purpose
from service.database import ReadSession
from service.days import local_day
from service.feedback.models import Contact, Feedback, Outcome, Publication, Reply, State
from service.keeping import rules
from service.keeping.models import Hold, Period, Run, Settable
from service.narratives.models import Narrative, StoryState
from service.narratives.queries import is_public
from service.people.models import Staff
from service.people.removal import NOWHERE
from service.places.queries import PlaceCard
from service.register import Subject


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period that a place set, for its history."""

    settable: Settable
    months: int
    why: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period in its history. `who` set it: None at the command line."""

    months: int
    why: str
    who: str | None
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """How many messages, and how many stories, lose their words or their contact next."""

    messages: int
    stories: int

    @property
    def any(self) -> bool:
        return bool(self.messages or self.stories)


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold that stands."""

    id: UUID
    subject: Subject | None
    subject_id: UUID | None
    why: str
    placed_at: datetime
    placed_by: str | None


def find_months(reads: ReadSession, place_id: UUID) -> dict[Settable, int]:
    """How long a place keeps what it sets a period for. Units: months."""
    found = dict(rules.DEFAULTS)
    for row in find_periods(reads, place_id):
        found[row.settable] = row.months
    return found


def find_periods(reads: ReadSession, place_id: UUID) -> list[PeriodRow]:
    """Every period that the place ever set, the oldest first."""
    query = select(Period).where(Period.collaboration_id == place_id).order_by(col(Period.set_at), col(Period.id))
    return [PeriodRow(row.settable, row.months, row.why, row.set_at) for row in reads.exec(query)]


def find_period_lines(reads: ReadSession, place_id: UUID, settable: Settable) -> list[PeriodLine]:
    """Every period that was set for one of these, the newest first."""
    query = (
        select(Period, Staff.name)
        .join(Staff, col(Staff.id) == col(Period.set_by), isouter=True)
        .where(Period.collaboration_id == place_id, Period.settable == settable)
        .order_by(col(Period.set_at).desc(), col(Period.id).desc())
    )
    return [PeriodLine(row.months, row.why, name, row.set_at) for row, name in reads.exec(query)]


def find_holds(reads: ReadSession, place_id: UUID) -> list[HoldRow]:
    """The holds that stand, the oldest first."""
    query = (
        select(Hold, Staff.name)
        .join(Staff, col(Staff.id) == col(Hold.placed_by), isouter=True)
        .where(Hold.collaboration_id == place_id, col(Hold.lifted_at).is_(None))
        .order_by(col(Hold.placed_at), col(Hold.id))
    )
    return [HoldRow(hold.id, hold.subject, hold.subject_id, hold.why, hold.placed_at, name) for hold, name in reads.exec(query)]


def is_held(reads: ReadSession, place_id: UUID, subject: Subject, subject_id: UUID) -> bool:
    """Whether a hold covers this thing."""
    return reads.execute(columns(col(Hold.id)).where(_covers(place_id, subject, subject_id)).limit(1)).first() is not None


def find_last_run(reads: ReadSession) -> Run | None:
    """When the periods were carried out last."""
    return reads.exec(select(Run).order_by(col(Run.began_at).desc()).limit(1)).first()


# ---- whose time is over ----------------------------------------------------------------------------------------------


def _covers(place_id: UUID, subject: Subject, subject_id: Any) -> ColumnElement[bool]:
    this_one = and_(col(Hold.subject) == subject, col(Hold.subject_id) == subject_id)
    return and_(col(Hold.collaboration_id) == place_id, col(Hold.lifted_at).is_(None), or_(col(Hold.subject).is_(None), this_one))


def _free(place_id: UUID, subject: Subject, subject_id: Any) -> ColumnElement[bool]:
    return not_(columns(col(Hold.id)).where(_covers(place_id, subject, subject_id)).exists())


def _ended_lately(of: Any, named: Any, now: datetime) -> ColumnElement[bool]:
    """Whose words everybody could read until a little while ago, and may again if somebody says yes anew."""
    return (
        columns(col(Consent.id))
        .where(
            col(Consent.collaboration_id) == of.collaboration_id,
            named == of.id,
            col(Consent.purpose) == Purpose.SHARE_WORDS_PUBLIC,
            col(Consent.expired_at) > now - rules.TO_RENEW,
        )
        .exists()
    )


def old_messages(place: PlaceCard, months: int, now: datetime) -> Select[datetime, UUID]:
    """The messages whose words are kept too long: (received_at, id), the oldest first.

    What everybody may read is kept longer, and a yes to that which ended lately may be renewed.
    """
    answered = columns(col(Reply.id)).where(
        col(Reply.collaboration_id) == Feedback.collaboration_id, col(Reply.feedback_id) == Feedback.id, col(Reply.body) != ""
    )
    words = func.coalesce(Feedback.body, Feedback.want, Feedback.have, Feedback.gap).is_not(None)
    return (
        columns(col(Feedback.received_at), col(Feedback.id))
        .where(
            col(Feedback.collaboration_id) == place.id,
            col(Feedback.received_at) < rules.months_before(now, months),
            col(Feedback.words_removed_at).is_(None),
            col(Feedback.publication) != Publication.PUBLISHED,
            col(Feedback.state).not_in((State.WITHDRAWN, State.SAFEGUARDING_HOLD)),
            or_(words, answered.exists()),
            not_(_ended_lately(Feedback, col(Consent.feedback_id), now)),
            _free(place.id, Subject.MESSAGE, Feedback.id),
        )
        .order_by(col(Feedback.received_at), col(Feedback.id))
    )


def old_stories(place: PlaceCard, months: int, now: datetime) -> Select[datetime, UUID]:
    """The stories whose words are kept too long: (submitted_at, id), the oldest first. A yes that ended lately may be renewed."""
    today = local_day(now, place.time_zone)
    shown = or_(is_public(today), is_public(today - rules.TO_RENEW), _ended_lately(Narrative, col(Consent.narrative_id), now))
    return (
        columns(col(Narrative.submitted_at), col(Narrative.id))
        .where(
            col(Narrative.collaboration_id) == place.id,
            col(Narrative.submitted_at) < rules.months_before(now, months),
            col(Narrative.words_removed_at).is_(None),
            col(Narrative.state) != StoryState.WITHDRAWN,
            not_(shown),
            _free(place.id, Subject.STORY, Narrative.id),
        )
        .order_by(col(Narrative.submitted_at), col(Narrative.id))
    )


def old_comments(place: PlaceCard, months: int, now: datetime) -> Select[str, UUID]:
    """What people saw, in checks of promises, and is kept too long: (month, id), the oldest first."""
    before = local_day(rules.months_before(now, months), place.time_zone).isoformat()[:7]
    return (
        columns(col(PromiseCheck.month), col(PromiseCheck.id))
        .where(
            col(PromiseCheck.collaboration_id) == place.id,
            col(PromiseCheck.month) < before,
            col(PromiseCheck.comment).is_not(None),
            col(PromiseCheck.shown) != Shown.PUBLISHED,
            _free(place.id, Subject.MESSAGE, PromiseCheck.feedback_id),
        )
        .order_by(col(PromiseCheck.month), col(PromiseCheck.id))
    )


def old_contacts(place: PlaceCard, months: int, now: datetime) -> Select[datetime, UUID]:
    """The messages whose contact is of no more use: (received_at, id). Its purpose ends some time after the answer."""
    of_it = and_(col(Reply.collaboration_id) == Feedback.collaboration_id, col(Reply.feedback_id) == Feedback.id)
    promised = columns(col(Reply.id)).where(of_it, col(Reply.outcome) == Outcome.WILL_DO).exists()
    over = or_(
        col(Feedback.received_at) < rules.months_before(now, months),
        and_(
            col(Feedback.replied_at) < now - rules.AFTER_AN_ANSWER,
            col(Feedback.state) != State.REOPENED,
            not_(and_(col(Feedback.state) == State.REPLIED, promised)),  # they are still to be told what becomes of it
        ),
    )
    same = and_(col(Contact.collaboration_id) == Feedback.collaboration_id, col(Contact.feedback_id) == Feedback.id)
    return (
        columns(col(Feedback.received_at), col(Feedback.id))
        .join(Contact, same)
        .where(col(Feedback.collaboration_id) == place.id, over, _free(place.id, Subject.MESSAGE, Feedback.id))
        .order_by(col(Feedback.received_at), col(Feedback.id))
    )


def count_due(reads: ReadSession, place: PlaceCard, months: Mapping[Settable, int], now: datetime) -> dict[Settable, Due]:
    """How much of a place goes when the periods are carried out next, if they are these. Units: messages and stories, never people."""
    words, contacts = months[Settable.UNSHARED_WORDS], months[Settable.CONTACTS]
    messages, stories = (count_of(reads, query) for query in (old_messages(place, words, now), old_stories(place, words, now)))
    return {
        Settable.UNSHARED_WORDS: Due(messages, stories),
        Settable.CONTACTS: Due(count_of(reads, old_contacts(place, contacts, now)), 0),
    }


def people_who_left(now: datetime) -> Select[datetime | None, UUID]:
    """The people whose access ended so long ago that their names go: (disabled_at, id)."""
    return (
        columns(col(Staff.disabled_at), col(Staff.id))
        .where(col(Staff.disabled_at) < rules.months_before(now, rules.MONTHS_LEFT), not_(col(Staff.email).endswith(NOWHERE)))
        .order_by(col(Staff.disabled_at), col(Staff.id))
    )


def after(query: Select[Any, UUID], last: tuple[datetime, UUID] | None) -> Select[Any, UUID]:
    """The rest of one of these questions, when it was worked through up to here."""
    if last is None:
        return query
    moment, id_ = query.selected_columns
    return query.where(or_(moment > last[0], and_(moment == last[0], id_ > last[1])))


def count_of(reads: ReadSession, query: Select[*tuple[Any, ...]]) -> int:
    """How many one of these questions finds."""
    return int(reads.execute(columns(func.count()).select_from(query.order_by(None).subquery())).scalar_one())
