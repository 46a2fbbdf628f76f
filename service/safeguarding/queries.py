"""Asking about the lane and its rota: what stands in it, who is on call, and who may read what stands apart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from service.database import ReadSession
from service.errors import NotFound
from service.feedback.models import Feedback, Kind
from service.narratives.models import Narrative
from service.people.models import Member, Role, Staff, StaffRole
from service.safeguarding import rules
from service.safeguarding.models import Concern, ConcernStep, Did, Ending, Lane, LaneRule, RotaTurn

MOST_CLOSED = 50
"""Concerns that are over, on the page of the lane."""


def readable_by(member: Member, table: type[Feedback] | type[Narrative]) -> ColumnElement[bool]:
    """Which rows do not stand apart, or were opened by this member in the lane: part of what each list, count and page asks."""
    of_it = Concern.feedback_id if table is Feedback else Concern.narrative_id
    opened = (
        select(ConcernStep.id)
        .join(Concern, and_(col(Concern.collaboration_id) == ConcernStep.collaboration_id, col(Concern.id) == ConcernStep.concern_id))
        .where(
            Concern.collaboration_id == table.collaboration_id,
            of_it == table.id,
            ConcernStep.staff_id == member.person.staff_id,
            col(ConcernStep.did).in_(rules.SAW),
            col(Concern.about_staff_id).is_distinct_from(member.person.staff_id),
        )
        .correlate(table)
        .exists()
    )
    return or_(col(table.lane).is_(None), opened)


# ---- the rota --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's turn on the rota."""

    id: UUID
    staff_id: UUID
    name: str
    place_in_line: int
    begins_at: datetime
    ends_at: datetime
    now: bool


def find_turns(reads: ReadSession, place_id: UUID, now: datetime) -> list[Turn]:
    """The turns that are not over, in the order in which they begin."""
    query = (
        columns(RotaTurn, col(Staff.name))
        .join(Staff, col(Staff.id) == RotaTurn.staff_id)
        .where(col(RotaTurn.collaboration_id) == place_id, col(RotaTurn.removed_at).is_(None), col(RotaTurn.ends_at) > now)
        .order_by(col(RotaTurn.begins_at), col(RotaTurn.place_in_line), col(RotaTurn.id))
    )
    return [
        Turn(row.id, row.staff_id, name, row.place_in_line, row.begins_at, row.ends_at, now=row.begins_at <= now)
        for row, name in reads.execute(query)
    ]


def find_line(reads: ReadSession, place_id: UUID, now: datetime) -> list[UUID]:
    """Who is on call at this moment, the first to be asked first: on the rota, and still at the desk for the whole place."""
    desk = (
        select(StaffRole.id)
        .where(
            StaffRole.collaboration_id == RotaTurn.collaboration_id,
            StaffRole.staff_id == RotaTurn.staff_id,
            col(StaffRole.role).in_(rules.ON_CALL),
            col(StaffRole.organisation_id).is_(None),
            col(StaffRole.ended_at).is_(None),
        )
        .exists()
    )
    query = (
        select(RotaTurn.staff_id)
        .join(Staff, and_(col(Staff.id) == RotaTurn.staff_id, col(Staff.disabled_at).is_(None)))
        .where(RotaTurn.collaboration_id == place_id, col(RotaTurn.removed_at).is_(None), desk)
        .where(RotaTurn.begins_at <= now, RotaTurn.ends_at > now)
        .order_by(col(RotaTurn.place_in_line), col(RotaTurn.begins_at), col(RotaTurn.id))
    )
    return list(dict.fromkeys(reads.exec(query)))


def find_all_to_tell(reads: ReadSession, place_id: UUID) -> list[UUID]:
    """Whoever is told when nobody comes: moderators and administrators for the whole place."""
    query = (
        select(StaffRole.staff_id)
        .join(Staff, and_(col(Staff.id) == StaffRole.staff_id, col(Staff.disabled_at).is_(None)))
        .where(
            StaffRole.collaboration_id == place_id,
            col(StaffRole.role).in_((Role.MODERATOR, Role.ADMIN)),
            col(StaffRole.organisation_id).is_(None),
            col(StaffRole.ended_at).is_(None),
        )
        .order_by(col(StaffRole.staff_id))
    )
    return list(dict.fromkeys(reads.exec(query)))


def acknowledge_minutes(reads: ReadSession, place_id: UUID) -> int:
    """How long somebody who was asked has in this place. Units: minutes."""
    newest = select(LaneRule.acknowledge_minutes).where(LaneRule.collaboration_id == place_id)
    return reads.exec(newest.order_by(col(LaneRule.set_at).desc(), col(LaneRule.id).desc()).limit(1)).first() or rules.ACKNOWLEDGE_MINUTES


def is_on_call(reads: ReadSession, member: Member, now: datetime) -> bool:
    """Whether this member is on the rota at this moment."""
    return member.person.staff_id in find_line(reads, member.place.id, now)


def may_take(reads: ReadSession, member: Member, now: datetime) -> bool:
    """Whether this member takes concerns: on call, or a moderator for the whole place."""
    return rules.watches(member.grants) or is_on_call(reads, member, now)


def may_look(reads: ReadSession, member: Member, now: datetime) -> bool:
    """Whether this member sees that there are concerns and who has them: they who take them, and administrators, who read no words."""
    return rules.answers_for_all(member.grants) or may_take(reads, member, now)


# ---- the lane --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern in the list: nothing of what was said."""

    id: UUID
    lane: Lane
    is_story: bool
    raised_at: datetime
    raised_by: str | None
    taken_at: datetime | None
    taken_by: str | None
    closed_at: datetime | None
    ending: Ending | None
    asked: tuple[str, ...]
    """Who was asked to come, in that order."""
    mine: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step, as it is read. `by` is empty where nobody did it but the service."""

    did: Did
    at: datetime
    by: str | None
    asked: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a concern, for who has opened it."""

    message_id: UUID | None
    story_id: UUID | None
    title: str | None
    body: str | None
    want: str | None
    have: str | None
    gap: str | None
    language: str | None
    kind: Kind | None
    gone: bool


@dataclass(frozen=True, slots=True)
class ConcernCard:
    """One concern, its steps, and its words for who has opened it."""

    row: ConcernRow
    steps: list[StepRow]
    said: Said | None
    may_take: bool
    may_open: bool
    may_set_apart: bool


def _open_to(member: Member) -> ColumnElement[bool]:
    """Of this place, and not about this member."""
    about = col(Concern.about_staff_id).is_distinct_from(member.person.staff_id)
    return and_(col(Concern.collaboration_id) == member.place.id, about)


def count_urgent(reads: ReadSession, member: Member, now: datetime) -> int:
    """Concerns that nobody has taken yet, for those who take them; for others none."""
    waiting = list(reads.exec(select(Concern.id).where(_open_to(member), col(Concern.taken_at).is_(None))))
    return len(waiting) if waiting and may_take(reads, member, now) else 0


def find_concerns(reads: ReadSession, member: Member) -> list[ConcernRow]:
    """The concerns of a place: first those that nobody has, the longest wait first; then those in hand; then the latest that are over."""
    opened = _rows(reads, member, _listed().where(_open_to(member), col(Concern.closed_at).is_(None)).order_by(col(Concern.raised_at)))
    over = _listed().where(_open_to(member), col(Concern.closed_at).is_not(None))
    closed = _rows(reads, member, over.order_by(col(Concern.closed_at).desc()).limit(MOST_CLOSED))
    return sorted(opened, key=lambda row: row.taken_at is not None) + closed


def get_concern_row(reads: ReadSession, member: Member, concern_id: UUID) -> Concern:
    """A concern that is not about this member, held until the transaction ends. Raises: NotFound."""
    found = reads.exec(select(Concern).where(_open_to(member), Concern.id == concern_id).with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def get_concern(reads: ReadSession, member: Member, concern_id: UUID, now: datetime) -> ConcernCard:
    """One concern, as far as this member may see it. Raises: NotFound."""
    concern = reads.exec(select(Concern).where(_open_to(member), Concern.id == concern_id)).first()
    if concern is None:
        raise NotFound
    [row] = _rows(reads, member, _listed().where(_open_to(member), col(Concern.id) == concern_id))
    saw, takes = has_opened(reads, member, concern_id), may_take(reads, member, now)
    said = _said(reads, concern) if saw else None
    of_it = rules.is_of(member.grants, _organisation_of(reads, concern))
    return ConcernCard(
        row=row,
        steps=_steps(reads, concern) if saw or takes or rules.answers_for_all(member.grants) else [],
        said=said,
        may_take=takes and concern.taken_at is None,
        may_open=takes and concern.taken_at is not None and not saw,
        may_set_apart=saw and concern.lane == Lane.SAFEGUARDING and concern.closed_at is None and not of_it,
    )


def has_opened(reads: ReadSession, member: Member, concern_id: UUID) -> bool:
    """Whether this member has the words of a concern before them."""
    query = select(ConcernStep.id).where(
        ConcernStep.collaboration_id == member.place.id,
        ConcernStep.concern_id == concern_id,
        ConcernStep.staff_id == member.person.staff_id,
        col(ConcernStep.did).in_(rules.SAW),
    )
    return reads.exec(query.limit(1)).first() is not None


def find_asked(reads: ReadSession, place_id: UUID, concern_id: UUID) -> list[UUID]:
    """Who was asked to come already."""
    query = select(ConcernStep.asked_id).where(
        ConcernStep.collaboration_id == place_id, ConcernStep.concern_id == concern_id, ConcernStep.did == Did.ASKED
    )
    return [one for one in reads.exec(query.order_by(col(ConcernStep.id))) if one]


def is_anybody_due(reads: ReadSession, now: datetime) -> bool:
    """Whether a concern waits for somebody to be asked now, anywhere."""
    due = select(Concern.id).where(Concern.ask_at <= now, col(Concern.taken_at).is_(None)).limit(1)
    return reads.exec(due).first() is not None


def _listed() -> Any:
    raiser: Any = aliased(Staff)
    taker: Any = aliased(Staff)
    return (
        columns(Concern, raiser.name, taker.name)
        .join(raiser, raiser.id == Concern.raised_by, isouter=True)
        .join(taker, taker.id == Concern.taken_by, isouter=True)
    )


def _rows(reads: ReadSession, member: Member, query: Any) -> list[ConcernRow]:
    found = [(concern, raised_by, taken_by) for concern, raised_by, taken_by in reads.execute(query)]
    asked = _asked(reads, member.place.id, [concern.id for concern, *_names in found])
    return [
        ConcernRow(
            id=concern.id,
            lane=concern.lane,
            is_story=concern.narrative_id is not None,
            raised_at=concern.raised_at,
            raised_by=raised_by,
            taken_at=concern.taken_at,
            taken_by=taken_by,
            closed_at=concern.closed_at,
            ending=concern.ending,
            asked=tuple(dict.fromkeys(asked.get(concern.id, []))),
            mine=concern.taken_by == member.person.staff_id,
        )
        for concern, raised_by, taken_by in found
    ]


def _asked(reads: ReadSession, place_id: UUID, concerns: list[UUID]) -> dict[UUID, list[str]]:
    query = (
        columns(col(ConcernStep.concern_id), col(Staff.name))
        .join(Staff, col(Staff.id) == ConcernStep.asked_id)
        .where(col(ConcernStep.collaboration_id) == place_id, col(ConcernStep.concern_id).in_(concerns))
        .order_by(col(ConcernStep.id))
    )
    names: dict[UUID, list[str]] = {}
    for concern_id, name in reads.execute(query) if concerns else ():
        names.setdefault(concern_id, []).append(name)
    return names


def _steps(reads: ReadSession, concern: Concern) -> list[StepRow]:
    who: Any = aliased(Staff)
    whom: Any = aliased(Staff)
    query: Any = (
        columns(ConcernStep, who.name, whom.name)
        .join(who, who.id == ConcernStep.staff_id, isouter=True)
        .join(whom, whom.id == ConcernStep.asked_id, isouter=True)
        .where(col(ConcernStep.collaboration_id) == concern.collaboration_id, col(ConcernStep.concern_id) == concern.id)
        .order_by(col(ConcernStep.id))
    )
    return [StepRow(step.did, step.at, by, asked, step.note) for step, by, asked in reads.execute(query)]


def _organisation_of(reads: ReadSession, concern: Concern) -> UUID | None:
    message = reads.get(Feedback, (concern.collaboration_id, concern.feedback_id)) if concern.feedback_id else None
    return message.organisation_id if message else None


def _said(reads: ReadSession, concern: Concern) -> Said:
    if concern.feedback_id:
        message = reads.get_one(Feedback, (concern.collaboration_id, concern.feedback_id))
        words = (message.body, message.want, message.have, message.gap)
        gone = message.withdrawn_at is not None
        return Said(message.id, None, None, *words, language=message.language, kind=message.kind, gone=gone)
    story = reads.get_one(Narrative, (concern.collaboration_id, concern.narrative_id))
    words = (story.body, None, None, story.barrier)
    gone = story.withdrawn_at is not None
    return Said(None, story.public_id, story.title, *words, language=story.language, kind=None, gone=gone)
