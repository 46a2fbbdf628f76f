"""Asking what teams said they do: with each answer, and what is late, for those who answer."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, true
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.feedback import rules as messages
from service.feedback.desk_queries import visible_to
from service.feedback.models import Feedback, Reply
from service.inbox.models import OtherRow
from service.people.models import Member
from service.people.rules import reach
from service.tasks.models import Task, TaskOut, TaskSaid
from service.tasks.rules import is_late
from service.themes.giving_models import ThemeGiving


def task_out(task: Task | None, due_on: date | None, today: date) -> TaskOut | None:
    """A task as it is read with its answer."""
    if task is None or due_on is None:
        return None
    return TaskOut(words=task.words, role=task.role, due_on=due_on, done_on=task.done_on, late=is_late(due_on, task.done_on, today))


def find_tasks(reads: ReadSession, place_id: UUID, reply_ids: Collection[UUID], today: date) -> dict[UUID, TaskOut]:
    """What these answers say will be done, by the answer."""
    said = find_tasks_said(reads, place_id, reply_ids)
    return {one: TaskOut(**task.model_dump(), late=is_late(task.due_on, task.done_on, today)) for one, task in said.items()}


def find_tasks_said(reads: ReadSession, place_id: UUID, reply_ids: Collection[UUID]) -> dict[UUID, TaskSaid]:
    """The same, whatever the day is."""
    if not reply_ids:
        return {}
    query = columns(Task, col(Reply.task_due_on)).join(Reply, _same_reply())
    found = reads.execute(query.where(col(Task.collaboration_id) == place_id, col(Task.reply_id).in_(reply_ids)))
    return {task.reply_id: TaskSaid(words=task.words, role=task.role, due_on=due_on, done_on=task.done_on) for task, due_on in found}


def find_open(reads: ReadSession, message: Feedback) -> list[Task]:
    """What the answers to a message say will be done, and is not."""
    query = select(Task).where(
        Task.collaboration_id == message.collaboration_id, Task.feedback_id == message.id, col(Task.done_on).is_(None)
    )
    return list(reads.exec(query.order_by(col(Task.reply_id))))


def _same_reply() -> Any:
    return and_(col(Reply.collaboration_id) == Task.collaboration_id, col(Reply.id) == Task.reply_id)


# ---- the inbox -------------------------------------------------------------------------------------------------------


def late_for(member: Member, today: date) -> Any:
    """What is late of all that was said in answers to messages which this member answers. What was said to many is late once."""
    organisations = reach(member.grants, messages.ANSWERERS)
    theirs = true() if organisations is None else col(Feedback.organisation_id).in_(organisations) if organisations else false()
    message = and_(col(Feedback.collaboration_id) == Task.collaboration_id, col(Feedback.id) == Task.feedback_id)
    to_many = columns(col(ThemeGiving.reply_id)).where(
        col(ThemeGiving.collaboration_id) == Task.collaboration_id, col(ThemeGiving.reply_id) == Task.reply_id
    )
    query: Any = columns(
        col(Task.reply_id).label("id"),
        col(Reply.published_at).label("at"),
        col(Feedback.area_id),
        col(Feedback.whole_place),
        col(Feedback.organisation_id),
    )
    query = query.select_from(Task).join(Reply, _same_reply()).join(Feedback, message)
    late = and_(col(Task.done_on).is_(None), col(Reply.task_due_on) < today)
    return query.where(visible_to(member), theirs, late, ~to_many.correlate(Task).exists())


def find_rows(reads: ReadSession, member: Member, ids: Sequence[UUID]) -> dict[UUID, OtherRow]:
    """These tasks as the inbox shows them, by the answer's id."""
    query = columns(Task, col(Reply.task_due_on)).join(Reply, _same_reply())
    found = reads.execute(query.where(col(Task.collaboration_id) == member.place.id, col(Task.reply_id).in_(ids)))
    return {
        task.reply_id: OtherRow("task", task.reply_id, of=task.feedback_id, title=task.words, by=task.role, due_on=due_on)
        for task, due_on in found
    }
