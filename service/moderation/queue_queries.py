"""Asking what waits in moderation: what is held, who disagrees, what says the same, and what was set aside last."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.days import local_day
from service.feedback import desk_queries as messages
from service.feedback.models import Feedback, State
from service.moderation import rules
from service.moderation.models import Appeal, Decision, Hold, Severity
from service.narratives import queries as stories
from service.narratives.models import Narrative
from service.people.models import Member, Staff

EXCERPT = 280
"""Characters of a message in a list."""

MOST = 50
"""Rows of a part of the page."""

COPIES = 3
"""So many messages that say the same stand together."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Something that is held. It is a message or a story; `public_id` is that of a story."""

    message_id: UUID | None
    public_id: UUID | None
    excerpt: str
    language: str | None
    severity: Severity
    cause: str
    since: date
    signs: tuple[str, ...] = ()
    """What is odd about how it arrived."""

    @property
    def score(self) -> int:
        return rules.score_of(self.signs)


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal that waits. `mine`: this member decided before, so that somebody else decides now."""

    message_id: UUID
    words: str
    excerpt: str
    language: str | None
    since: date
    waited: int
    mine: bool


@dataclass(frozen=True, slots=True)
class CopiesRow:
    """Messages that say the same. Units: messages."""

    likeness: str
    excerpt: str
    language: str | None
    count: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class AsideRow:
    """Something that was set aside, and can be brought back."""

    message_id: UUID
    excerpt: str
    language: str | None
    reason: str
    by: str | None
    on: date


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything in moderation that waits for this member, and what was set aside last."""

    held: list[HeldRow]
    appeals: list[AppealRow]
    copies: list[CopiesRow]
    aside: list[AsideRow]
    set_aside: int
    """How many are set aside altogether."""


def get_queue(reads: ReadSession, member: Member, now: datetime) -> Queue:
    """What waits in moderation. Nothing that the member could not read elsewhere, and nothing of the organisation they are of."""
    return Queue(
        held=_held(reads, member, now),
        appeals=_appeals(reads, member, now),
        copies=_copies(reads, member),
        aside=_aside(reads, member),
        set_aside=_count_aside(reads, member),
    )


def decidable(member: Member) -> Any:
    """Messages about whose words this member may decide."""
    own = {grant.organisation_id for grant in member.grants if grant.organisation_id}
    others = col(Feedback.organisation_id).is_(None) | col(Feedback.organisation_id).not_in(own)
    return and_(messages.visible_to(member), others)


def _signs(hold: Hold) -> tuple[str, ...]:
    return tuple((hold.signs or "").split())


def _excerpt(*texts: str | None) -> str:
    return next((text for text in texts if text), "")[:EXCERPT]


def _of(row: Feedback) -> str:
    return _excerpt(row.body, row.want, row.have, row.gap)


def _held(reads: ReadSession, member: Member, now: datetime) -> list[HeldRow]:
    zone = member.place.time_zone
    said = and_(col(Feedback.collaboration_id) == Hold.collaboration_id, col(Feedback.id) == Hold.feedback_id)
    told = and_(col(Narrative.collaboration_id) == Hold.collaboration_id, col(Narrative.id) == Hold.narrative_id)
    waits = and_(col(Hold.collaboration_id) == member.place.id, col(Hold.looked_at).is_(None))
    of_messages = columns(Hold, Feedback).join(Feedback, said).where(waits, decidable(member), col(Feedback.state) != State.NOT_FEEDBACK)
    reader = stories.Reader(member.place.id, local_day(now, zone), member)
    of_stories = columns(Hold, Narrative).join(Narrative, told).where(waits, stories.visible_to(reader))
    found = [
        (hold, HeldRow(row.id, None, _of(row), row.language, hold.severity, hold.cause, local_day(hold.made_at, zone), _signs(hold)))
        for hold, row in reads.execute(of_messages.order_by(col(Hold.made_at)).limit(MOST))
    ]
    found += [
        (
            hold,
            HeldRow(
                None, row.public_id, _excerpt(row.title, row.body), row.language, hold.severity, hold.cause, local_day(hold.made_at, zone)
            ),
        )
        for hold, row in reads.execute(of_stories.order_by(col(Hold.made_at)).limit(MOST))
    ]
    found.sort(key=lambda pair: (-rules.RANK[pair[0].severity], pair[0].made_at))
    return [row for _hold, row in found]


def _appeals(reads: ReadSession, member: Member, now: datetime) -> list[AppealRow]:
    zone = member.place.time_zone
    query = (
        columns(Appeal, Feedback, col(Decision.staff_id))
        .join(Feedback, and_(col(Feedback.collaboration_id) == Appeal.collaboration_id, col(Feedback.id) == Appeal.feedback_id))
        .join(Decision, and_(col(Decision.collaboration_id) == Appeal.collaboration_id, col(Decision.id) == Appeal.decision_id))
        .where(decidable(member), col(Appeal.outcome).is_(None))
        .order_by(col(Appeal.made_at))
        .limit(MOST)
    )
    today = local_day(now, zone)
    return [
        AppealRow(
            message_id=row.id,
            words=(appeal.words or "")[:EXCERPT],
            excerpt=_of(row),
            language=row.language,
            since=(since := local_day(appeal.made_at, zone)),
            waited=member.place.working_days.between(since, today),
            mine=not rules.may_judge(decided_by, member.person.staff_id),
        )
        for appeal, row, decided_by in reads.execute(query)
    ]


def _copies(reads: ReadSession, member: Member) -> list[CopiesRow]:
    zone = member.place.time_zone
    here = and_(decidable(member), col(Feedback.state).in_(rules.ASIDE_FROM), col(Feedback.likeness).is_not(None))
    query = (
        columns(col(Feedback.likeness), func.count(), func.min(Feedback.received_at), func.max(Feedback.received_at))
        .where(here)
        .group_by(col(Feedback.likeness))
        .having(func.count() >= COPIES)
        .order_by(func.count().desc(), col(Feedback.likeness))
        .limit(MOST)
    )
    groups = [(likeness, int(count), _moment(first), _moment(last)) for likeness, count, first, last in reads.execute(query)]
    found = []
    for likeness, count, first, last in groups:
        one = reads.exec(select(Feedback).where(here, Feedback.likeness == likeness).order_by(col(Feedback.id)).limit(1)).first()
        if one is not None:
            found.append(CopiesRow(likeness, _of(one), one.language, count, local_day(first, zone), local_day(last, zone)))
    return found


def _moment(found: Any) -> datetime:
    return datetime.fromisoformat(found) if isinstance(found, str) else found


def _aside(reads: ReadSession, member: Member) -> list[AsideRow]:
    newest = (
        select(Decision.id)
        .where(Decision.collaboration_id == Feedback.collaboration_id, Decision.feedback_id == Feedback.id)
        .order_by(col(Decision.at).desc(), col(Decision.id).desc())
        .limit(1)
        .correlate(Feedback)
        .scalar_subquery()
    )
    query = (
        columns(Feedback, Decision, col(Staff.name))
        .join(Decision, and_(col(Decision.collaboration_id) == Feedback.collaboration_id, col(Decision.feedback_id) == Feedback.id))
        .join(Staff, col(Staff.id) == Decision.staff_id, isouter=True)
        .where(decidable(member), col(Feedback.state) == State.NOT_FEEDBACK, col(Decision.id) == newest)
        .order_by(col(Decision.id).desc())
        .limit(MOST)
    )
    zone = member.place.time_zone
    return [
        AsideRow(row.id, _of(row), row.language, decision.reason or "", name, local_day(decision.at, zone))
        for row, decision, name in reads.execute(query)
    ]


def _count_aside(reads: ReadSession, member: Member) -> int:
    query = columns(func.count()).select_from(Feedback).where(decidable(member), col(Feedback.state) == State.NOT_FEEDBACK)
    return int(reads.execute(query).scalar_one())


def count_like(reads: ReadSession, member: Member, likeness: str | None) -> int:
    """How many messages that this member may read say the same. Units: messages."""
    if not likeness:
        return 0
    query = columns(func.count()).select_from(Feedback).where(messages.visible_to(member), col(Feedback.likeness) == likeness)
    return int(reads.execute(query).scalar_one())
