"""Asking for answers that are not given yet: one's own, and those that wait for a second person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, true
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.errors import Conflict, NotFound
from service.feedback import rules
from service.feedback.desk_queries import get_message_row, visible_to
from service.feedback.draft_models import Draft, DraftStanding
from service.feedback.models import Feedback, NoKind, Outcome
from service.language import _
from service.people.models import Member, Staff
from service.people.rules import reach, reaches


@dataclass(frozen=True, slots=True)
class DraftCard:
    """An answer that is not given yet. Of one that somebody else only keeps, nothing is told but who and when."""

    id: UUID
    standing: DraftStanding
    mine: bool
    name: str | None
    written_at: datetime
    outcome: Outcome | None
    body: str | None
    reason: str | None
    no_kind: NoKind | None
    promised: dict[str, Any] | None
    returned_why: str | None
    may_check: bool


def find_drafts(reads: ReadSession, member: Member, message_id: UUID, organisation_id: UUID | None) -> list[DraftCard]:
    """What is written to a message and not given: one's own, and that of others for those who may answer it, the oldest first."""
    answers = reaches(member.grants, rules.ANSWERERS, organisation_id)
    query = columns(Draft, col(Staff.name)).join(Staff, col(Staff.id) == Draft.staff_id)
    query = query.where(col(Draft.collaboration_id) == member.place.id, col(Draft.feedback_id) == message_id)
    rows = reads.execute(query.order_by(col(Draft.written_at), col(Draft.id))).all()
    return [_card(member, row, name) for row, name in rows if answers or row.staff_id == member.person.staff_id]


def _card(member: Member, row: Draft, name: str | None) -> DraftCard:
    mine = row.staff_id == member.person.staff_id
    told = mine or row.standing == DraftStanding.PROPOSED
    return DraftCard(
        id=row.id,
        standing=row.standing,
        mine=mine,
        name=name,
        written_at=row.written_at,
        outcome=row.outcome if told else None,
        body=row.body if told else None,
        reason=row.reason if told else None,
        no_kind=row.no_kind if told else None,
        promised=_promised(row) if told else None,
        returned_why=row.returned_why if mine else None,
        may_check=not mine and row.standing == DraftStanding.PROPOSED,
    )


def _promised(row: Draft) -> dict[str, Any] | None:
    if not row.promised:
        return None
    due_on = row.promised.get("due_on")
    return {**row.promised, "due_on": date.fromisoformat(due_on) if due_on else None}


def get_proposed(reads: ReadSession, member: Member, message_id: UUID, draft_id: UUID) -> Draft:
    """An answer that waits for a second person, which this member may be; the message is held until the transaction ends.

    Raises: NotFound, also for those who may not answer the message, Conflict for who wrote it.
    """
    message = get_message_row(reads, member, message_id, held=True)
    if not reaches(member.grants, rules.ANSWERERS, message.organisation_id):
        raise NotFound
    query = select(Draft).where(Draft.collaboration_id == member.place.id, Draft.feedback_id == message.id, Draft.id == draft_id)
    found = reads.exec(query.where(Draft.standing == DraftStanding.PROPOSED).execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    if found.staff_id == member.person.staff_id:
        raise Conflict(_("You wrote it yourself. Somebody else looks at it."))
    return found


def waits_for(member: Member) -> ColumnElement[bool]:
    """Of messages that this member may read: those with a proposed answer of somebody else that they may give."""
    organisations = reach(member.grants, rules.ANSWERERS)
    theirs = true() if organisations is None else col(Feedback.organisation_id).in_(organisations) if organisations else false()
    proposed = columns(col(Draft.feedback_id)).where(
        col(Draft.collaboration_id) == member.place.id,
        col(Draft.standing) == DraftStanding.PROPOSED,
        col(Draft.staff_id) != member.person.staff_id,
    )
    return and_(
        theirs, col(Feedback.state).in_(rules.HOLD_OTHERS), col(Feedback.id).in_(proposed)
    )  # a list of few: no message is asked about


def find_proposed(reads: ReadSession, member: Member, ids: Collection[UUID]) -> set[UUID]:
    """Which of these messages have an answer that waits for this member."""
    query = columns(col(Feedback.id)).where(visible_to(member), col(Feedback.id).in_(ids), waits_for(member))
    return set(reads.execute(query).scalars()) if ids else set()
