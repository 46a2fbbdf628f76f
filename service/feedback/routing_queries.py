"""Asking who has taken a message on."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, select

from service.feedback import rules
from service.feedback.models import Feedback
from service.feedback.routing_models import Assignment
from service.people.models import Staff, StaffRole


def taken() -> ColumnElement[bool]:
    """Somebody has taken the message on who may still answer it."""
    may_answer = (
        select(StaffRole.id)
        .join(Staff, and_(col(Staff.id) == StaffRole.staff_id, col(Staff.disabled_at).is_(None)))
        .where(
            StaffRole.collaboration_id == Feedback.collaboration_id,
            StaffRole.staff_id == Assignment.staff_id,
            col(StaffRole.role).in_(rules.ANSWERERS),
            col(StaffRole.ended_at).is_(None),
            col(StaffRole.organisation_id).is_(None) | (col(StaffRole.organisation_id) == Feedback.organisation_id),
        )
        .correlate(Feedback, Assignment)
        .exists()
    )
    return and_(col(Assignment.collaboration_id) == Feedback.collaboration_id, col(Assignment.feedback_id) == Feedback.id, may_answer)


def taken_on_by(staff_id: UUID | None) -> ColumnElement[bool]:
    """Which messages this member of staff has taken on; without one, those that nobody has."""
    held = select(Assignment.feedback_id).where(taken()).correlate(Feedback)
    return held.where(Assignment.staff_id == staff_id).exists() if staff_id else ~held.exists()
