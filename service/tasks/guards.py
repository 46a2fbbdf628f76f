"""What other features do with tasks in their own acts: an answer says what will be done, and telling what became of it says that it is."""

from datetime import date, datetime
from uuid import UUID

from service.database import WriteSession
from service.days import local_day
from service.errors import FieldError, Invalid
from service.feedback.models import Feedback, Reply
from service.journal.actions import record
from service.language import _
from service.people.models import Member
from service.tasks.models import Task, TaskIn
from service.tasks.queries import find_open


def must_be_to_come(due_on: date, today: date) -> None:
    """A day that is still to come. Raises: Invalid."""
    if due_on < today:
        raise Invalid(FieldError("due_on", _("This day has passed. Choose one that is still to come.")))


def say_task(writes: WriteSession, reply: Reply, given: TaskIn) -> None:
    """Writes down what an answer says the team will do; the answer holds by when."""
    writes.add(
        Task(
            collaboration_id=reply.collaboration_id,
            reply_id=reply.id,
            feedback_id=reply.feedback_id,
            words=given.words,
            role=given.role,
        )
    )
    writes.flush()


def finish_tasks(writes: WriteSession, member: Member, message: Feedback, now: datetime, *, only: UUID | None = None) -> int:
    """All that the answers to a message said the team does, is done today; answers how many were not. Its sender is told beside it.

    `only`: what this answer said.
    """
    rows = [row for row in find_open(writes, message) if only in (None, row.reply_id)]
    for row in rows:
        row.done_on, row.done_by = local_day(now, member.place.time_zone), member.person.staff_id
        writes.add(row)
    writes.flush()
    if rows:
        record(writes, member.actor, "did", "feedback", message.id, at=now, collaboration_id=member.place.id, fields=["task"])
    return len(rows)
