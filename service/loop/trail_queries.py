"""The steps on a message's trail that follow its answer: what the sender said of it, the promise and its moves, what became of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.days import day_begins
from service.feedback.answer_models import Step, StepOut
from service.feedback.models import Feedback, Reply
from service.loop.models import Addition, Answered, FollowUp, Hop, HopKind
from service.loop.queries import LONGEST_CHAIN, answered_with, same_task
from service.places.models import Collaboration
from service.promises.models import Progress, Promise, Standing
from service.promises.rules import OPEN, PUBLIC
from service.tasks.models import Task

OF_HOPS = {HopKind.REOPENED: Step.REOPENED, HopKind.CLOSED: Step.LOOP_CLOSED, HopKind.CONTESTED: Step.CONTESTED}


def find_later_steps(reads: ReadSession, message: Feedback, now: datetime) -> list[StepOut]:
    """What happened after the answer; at one moment, what led to something stands before it."""
    place_id, answered_by = message.collaboration_id, answered_with(message)
    additions = select(Addition).where(Addition.collaboration_id == place_id, Addition.feedback_id == message.id)
    found = [_added(one) for one in reads.exec(additions) if one.answered != Answered.NO]
    notes = select(FollowUp).where(FollowUp.collaboration_id == place_id, FollowUp.feedback_id == answered_by)
    found += [StepOut(step=Step.FOLLOWED_UP, at=one.at, words=one.body or None) for one in reads.exec(notes)]
    hops = select(Hop).where(Hop.collaboration_id == place_id, Hop.feedback_id == answered_by, col(Hop.kind).in_(OF_HOPS))
    found += [StepOut(step=_step_of(one.kind, own=answered_by == message.id), at=one.at) for one in reads.exec(hops)]
    led = select(Reply.promise_id).where(
        Reply.collaboration_id == place_id, Reply.feedback_id == answered_by, col(Reply.promise_id).is_not(None)
    )
    ids = {one for one in reads.exec(led) if one}
    return [*_of_promises(reads, place_id, ids, now), *_of_tasks(reads, place_id, answered_by, now), *found]


def _step_of(kind: HopKind, *, own: bool) -> Step:
    """Who contested the answer to several messages reads that they did; the others, that it was opened again."""
    return Step.REOPENED if kind == HopKind.CONTESTED and not own else OF_HOPS[kind]


def _added(one: Addition) -> StepOut:
    return StepOut(step=Step.CHECKED if one.answered else Step.ADDED, at=one.at)


def _of_promises(reads: ReadSession, place_id: UUID, ids: set[UUID], now: datetime) -> Iterator[StepOut]:
    """The public moves of these promises, and of those that took their place; and that a date passed with nothing done."""
    if not ids:
        return
    promises: dict[UUID, Promise] = {}
    wanted = ids
    for _step in range(LONGEST_CHAIN):
        query = select(Promise).where(Promise.collaboration_id == place_id, col(Promise.id).in_(wanted), col(Promise.standing).in_(PUBLIC))
        promises |= {one.id: one for one in reads.exec(query)}
        wanted = {one.successor_id for one in promises.values() if one.successor_id and one.successor_id not in promises}
        if not wanted:
            break
    moves = select(Progress).where(
        Progress.collaboration_id == place_id, col(Progress.promise_id).in_(promises), col(Progress.moved_to).is_not(None)
    )
    moved = list(reads.exec(moves.order_by(col(Progress.number))))
    for one in moved:
        yield StepOut(step=Step.PROMISE_MOVED, at=one.at, promise=one.promise_id, standing=one.moved_to, words=one.note)
    time_zone = reads.get_one(Collaboration, place_id).time_zone
    for promise in promises.values():
        at = _late_from(promise, moved, time_zone)
        if at is not None and at <= now:
            yield StepOut(step=Step.PROMISE_LATE, at=at, promise=promise.id)


def _of_tasks(reads: ReadSession, place_id: UUID, answered_by: UUID, now: datetime) -> Iterator[StepOut]:
    """The small things that were said: that each is done, or that its day passed and it was not."""
    time_zone = reads.get_one(Collaboration, place_id).time_zone
    query = columns(Task, col(Reply.task_due_on)).join(Reply, same_task())
    for task, due_on in reads.execute(query.where(col(Task.collaboration_id) == place_id, col(Task.feedback_id) == answered_by)):
        late = day_begins(due_on + timedelta(days=1), time_zone)
        if late <= now and (task.done_on is None or task.done_on > due_on):
            yield StepOut(step=Step.TASK_LATE, at=late, words=task.words or None)
        if task.done_on is not None:
            yield StepOut(step=Step.TASK_DONE, at=day_begins(task.done_on, time_zone), words=task.words or None)


def _late_from(promise: Promise, moved: list[Progress], time_zone: str) -> datetime | None:
    """The moment at which its date had passed while it stood open; None where it did not."""
    if promise.due_on is None or promise.due_on == date.max:
        return None
    at = day_begins(promise.due_on + timedelta(days=1), time_zone)
    before = [one for one in moved if one.promise_id == promise.id and one.at < at]
    standing = before[-1].moved_to if before else Standing.MADE
    return at if standing in OPEN and promise.added_at < at else None
