"""Asking which answers to all of a theme wait for a second person, and which small things that one said are late."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, cast, false, func, literal, null, true
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.feedback import rules as messages
from service.feedback.desk_queries import visible_to
from service.feedback.draft_models import task_of
from service.feedback.models import Feedback, Reply
from service.inbox.models import OtherRow
from service.people.models import Member, Staff
from service.people.rules import reach
from service.tasks.models import Task
from service.themes.giving_models import ThemeGiving
from service.themes.models import Theme, ThemeAnswer
from service.themes.rules import may_answer


def to_check_by(member: Member, _today: date) -> Any:
    """Answers that somebody else wrote and this member may give. They are of no area and of no organisation."""
    waits = and_(
        col(ThemeAnswer.collaboration_id) == member.place.id,
        col(ThemeAnswer.published_at).is_(None),
        col(ThemeAnswer.returned_why).is_(None),
        col(ThemeAnswer.staff_id) != member.person.staff_id,
    )
    nowhere = columns(
        col(ThemeAnswer.id).label("id"),
        col(ThemeAnswer.written_at).label("at"),
        cast(null(), Uuid).label("area_id"),
        literal(value=False).label("whole_place"),
        cast(null(), Uuid).label("organisation_id"),
    )
    return nowhere.where(waits if may_answer(member.grants) else false())


def late_for(member: Member, today: date) -> Any:
    """What answers to all of a theme said the team does, and is late: once, however many have that answer."""
    organisations = reach(member.grants, messages.ANSWERERS)
    theirs = true() if organisations is None else col(Feedback.organisation_id).in_(organisations) if organisations else false()
    giving = (ThemeGiving.collaboration_id, ThemeGiving.answer_id)
    late = (
        columns(*map(col, giving), func.min(Reply.published_at).label("at"))
        .select_from(Task)
        .join(Reply, and_(col(Reply.collaboration_id) == Task.collaboration_id, col(Reply.id) == Task.reply_id))
        .join(ThemeGiving, and_(col(ThemeGiving.collaboration_id) == Task.collaboration_id, col(ThemeGiving.reply_id) == Task.reply_id))
        .join(Feedback, and_(col(Feedback.collaboration_id) == Task.collaboration_id, col(Feedback.id) == Task.feedback_id))
        .where(visible_to(member), theirs, col(Task.done_on).is_(None), col(Reply.task_due_on) < today)
        .group_by(*map(col, giving))
        .subquery()
    )
    return columns(
        late.c.answer_id.label("id"),
        late.c.at.label("at"),
        cast(null(), Uuid).label("area_id"),
        literal(value=False).label("whole_place"),
        cast(null(), Uuid).label("organisation_id"),
    )


def find_late_rows(reads: ReadSession, member: Member, ids: Sequence[UUID]) -> dict[UUID, OtherRow]:
    """These answers as the inbox shows what is late of them, by id."""
    query = columns(ThemeAnswer).where(col(ThemeAnswer.collaboration_id) == member.place.id, col(ThemeAnswer.id).in_(ids))
    found = ((row, task_of(row.promised)) for row in reads.execute(query).scalars())
    return {
        row.id: OtherRow(
            "theme_task", row.id, of=row.theme_id, title=said["words"], by=said["role"], due_on=date.fromisoformat(said["due_on"])
        )
        for row, said in found
        if said
    }


def find_rows(reads: ReadSession, member: Member, ids: Sequence[UUID]) -> dict[UUID, OtherRow]:
    """These answers as the inbox shows them, by id."""
    query = (
        columns(ThemeAnswer, col(Theme.name), col(Staff.name))
        .join(Theme, and_(col(Theme.collaboration_id) == ThemeAnswer.collaboration_id, col(Theme.id) == ThemeAnswer.theme_id))
        .join(Staff, col(Staff.id) == ThemeAnswer.staff_id)
        .where(col(ThemeAnswer.collaboration_id) == member.place.id, col(ThemeAnswer.id).in_(ids))
    )
    return {
        row.id: OtherRow("theme_answer", row.id, of=row.theme_id, title=name, excerpt=row.body, by=writer)
        for row, name, writer in reads.execute(query)
    }
