"""How loops are closed in the example: senders judge answers, staff tell what became of promises, what nobody contests closes."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from service.days import local_day
from service.errors import Conflict
from service.example.diary import DAYS, Diary
from service.feedback.claim_queries import must_be_checked
from service.feedback.desk_actions import reply
from service.feedback.models import Feedback, Outcome, Reply, ReplyIn, State
from service.loop.actions import check_reply, follow_up
from service.loop.models import Answered, Better, CheckIn, Hop
from service.loop.queries import same_task
from service.loop.telling_actions import close_uncontested
from service.promises.models import Promise, Standing
from service.tasks.models import Task

WEEK = 7
CAME_BACK, SAID_NO, ANSWERED_AGAIN = 0.3, 0.12, 0.6
"""The share of senders who come back to say something of an answer; of these, of those who say no; of these, of those answered again."""

STILL_WRONG = (
    "It was done for two days, and now it is as before.",
    "That is not what I asked. Please read it again.",
    "Nobody has come yet.",
)
AGAIN = "You are right. We went there again on Tuesday with the team that does it, and put it right while we stood there."
SINCE = "It is done, and somebody from another organisation went to see it. Thank you for saying it first."
RUNS = "The lift runs since Monday, and the caretaker has ridden in it with two of you."


def answer_checked(diary: Diary, message_id: UUID, given: ReplyIn, at: datetime) -> None:
    """The coordinator gives an answer; where a second person has to look first, the council's desk wrote it and the coordinator looked."""
    message = diary.writes.get_one(Feedback, (diary.place.id, message_id))
    writer = diary.staff["council"].person.staff_id if must_be_checked(diary.writes, message, given.outcome) else None
    reply(diary.writes, diary.staff["coordinator"], message_id, given, at, written_by=writer)


def judge(diary: Diary, body: str | None, message_id: UUID, code: str, answered: datetime) -> None:
    """Writes into the diary what the sender of a message says of its answer, if they come back."""
    chance = Random(f"{body}{answered:%H:%M}")  # noqa: S311 (an example; of its own, so that the rest stays as it was)
    day = diary.working((diary.today - answered.date()).days - chance.randrange(2, 12))
    at = diary.moment(day, chance.randrange(9, 17), chance.randrange(60))
    if chance.random() > CAME_BACK or not diary.has_come(at) or at <= answered + timedelta(hours=1):
        return
    if chance.random() < SAID_NO:
        given = CheckIn(code=code, answered=Answered.NO, better=Better.NO, body=chance.choice(STILL_WRONG))
        diary.at(at, partial(_check, diary, given))
        later = at + timedelta(days=5)
        if diary.has_come(later) and chance.random() < ANSWERED_AGAIN:
            diary.at(later, partial(_answer_again, diary, message_id))
        return
    better = chance.choice((Better.YES, Better.YES, Better.PARTLY, Better.TOO_SOON))
    answered_them = chance.choice((Answered.YES, Answered.YES, Answered.PARTLY))
    diary.at(at, partial(_check, diary, CheckIn(code=code, answered=answered_them, better=better)))


def close_week_by_week(diary: Diary) -> None:
    """Writes into the diary that what nobody contests closes."""
    for ago in range(DAYS, 0, -WEEK):
        diary.at(diary.moment(ago, 6), lambda at: close_uncontested(diary.writes, diary.place, at))


def follow_promises(diary: Diary, at: datetime) -> None:
    """Tells those whose words led to a promise that is kept; nobody is told of the past by a letter."""
    kept = select(Promise.id).where(Promise.collaboration_id == diary.place.id, Promise.standing == Standing.KEPT)
    led = select(Reply.feedback_id).where(Reply.collaboration_id == diary.place.id, col(Reply.promise_id).in_(kept))
    found = select(Feedback.id).where(
        Feedback.collaboration_id == diary.place.id, col(Feedback.id).in_(led), Feedback.state == State.REPLIED
    )
    for message_id in diary.writes.exec(found.order_by(col(Feedback.received_at))).all():
        follow_up(diary.writes, diary.staff["coordinator"], message_id, SINCE, at)
    overdue = local_day(at, diary.place.time_zone) - timedelta(days=10)
    smaller = select(Reply.feedback_id).join(Task, same_task()).where(Reply.collaboration_id == diary.place.id)
    for message_id in diary.writes.exec(smaller.where(col(Reply.task_due_on) < overdue, col(Task.done_on).is_(None))).all():
        if diary.writes.get_one(Feedback, (diary.place.id, message_id)).state in (State.REPLIED, State.LOOP_CLOSED):
            follow_up(diary.writes, diary.staff["coordinator"], message_id, RUNS, at, done=True)
    diary.writes.execute(update(Hop).where(col(Hop.collaboration_id) == diary.place.id, col(Hop.told_at).is_(None)).values(told_at=Hop.at))


def _check(diary: Diary, given: CheckIn, at: datetime) -> None:
    try:
        check_reply(diary.writes, diary.keys, diary.place, given, at)
    except Conflict:  # they took their words back in the meantime
        return


def _answer_again(diary: Diary, message_id: UUID, at: datetime) -> None:
    message = diary.writes.get_one(Feedback, (diary.place.id, message_id))
    if message.state == State.REOPENED:
        answer_checked(diary, message_id, ReplyIn(outcome=Outcome.DONE, body=AGAIN), at)
