"""Asking who gets an answer to a theme, how many have it so far, and whether anybody is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.feedback import desk_queries as messages
from service.feedback.answer_models import Came
from service.feedback.models import Feedback
from service.people.models import Member
from service.tasks.models import Task
from service.themes.giving_models import ThemeGiving, ThemeNews
from service.themes.models import ThemeAnswer, ThemeMessage


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer is on its way. Units: messages that this member may read.

    `coming` get it soon; for `proposed` a second person looks first; `not_again`: they have it, and wait for another one.
    `undone`: of those that have it, the small thing it said is not done. `telling`: news of it is on its way as well.
    """

    given: int = 0
    coming: int = 0
    proposed: int = 0
    not_again: int = 0
    undone: int = 0
    telling: bool = False


def on_its_way() -> ColumnElement[bool]:
    """Who gets an answer and does not have it yet."""
    return col(ThemeGiving.came).is_(None)


def is_coming(of: Any) -> Any:
    """Whether an answer to a theme is on its way to a message; `of` has the columns of messages."""
    query = columns(col(ThemeGiving.feedback_id)).where(
        col(ThemeGiving.collaboration_id) == of.collaboration_id, col(ThemeGiving.feedback_id) == of.id, on_its_way()
    )
    return query.correlate(of).exists()


def in_theme(theme_id: UUID) -> Any:
    """Whether a message belongs to a theme."""
    query = columns(col(ThemeMessage.feedback_id)).where(
        col(ThemeMessage.collaboration_id) == Feedback.collaboration_id,
        col(ThemeMessage.feedback_id) == Feedback.id,
        col(ThemeMessage.theme_id) == theme_id,
    )
    return query.correlate(Feedback).exists()


def waits_in(member: Member, theme_id: UUID) -> ColumnElement[bool]:
    """Which messages of a theme wait for an answer that this member may give, and none is on its way."""
    return and_(messages.owed_by(member), in_theme(theme_id), ~is_coming(Feedback))


def may_have(member: Member, answer: ThemeAnswer) -> ColumnElement[bool]:
    """Which of them may have this answer: not who had it already and says that it is none."""
    had = columns(col(ThemeGiving.feedback_id)).where(
        col(ThemeGiving.collaboration_id) == Feedback.collaboration_id,
        col(ThemeGiving.feedback_id) == Feedback.id,
        col(ThemeGiving.answer_id) == answer.id,
        col(ThemeGiving.came).in_((Came.DONE, Came.PROPOSED)),
    )
    return and_(waits_in(member, answer.theme_id), ~had.correlate(Feedback).exists())


def find_progress(reads: ReadSession, member: Member, answer_ids: Sequence[UUID]) -> dict[UUID, Progress]:
    """How far these answers are, by their ids."""
    here = and_(col(ThemeGiving.collaboration_id) == member.place.id, col(ThemeGiving.answer_id).in_(answer_ids))
    message = and_(col(Feedback.collaboration_id) == ThemeGiving.collaboration_id, col(Feedback.id) == ThemeGiving.feedback_id)
    task = and_(col(Task.collaboration_id) == ThemeGiving.collaboration_id, col(Task.reply_id) == ThemeGiving.reply_id)
    had = col(ThemeGiving.came).in_((Came.DONE, Came.PROPOSED))

    def many(of: Any) -> Any:
        return func.sum(case((of, 1), else_=0))

    counted = [
        many(col(ThemeGiving.came) == Came.DONE),
        many(on_its_way()),
        many(col(ThemeGiving.came) == Came.PROPOSED),
        many(and_(had, messages.owes(member, Feedback))),
        many(and_(col(Task.reply_id).is_not(None), col(Task.done_on).is_(None))),
    ]
    query = columns(col(ThemeGiving.answer_id), *counted).join(Feedback, message).join(Task, task, isouter=True)
    query = query.where(here, messages.visible_to(member)).group_by(col(ThemeGiving.answer_id))
    telling = columns(col(ThemeNews.answer_id)).where(
        col(ThemeNews.collaboration_id) == member.place.id, col(ThemeNews.answer_id).in_(answer_ids), col(ThemeNews.told_at).is_(None)
    )
    on_the_way = set(reads.execute(telling).scalars())
    return {
        answer: Progress(given, coming, proposed, not_again, undone, answer in on_the_way)
        for answer, given, coming, proposed, not_again, undone in reads.execute(query)
    }


def is_anything_to_give(reads: ReadSession) -> bool:
    """Whether anybody is left who gets an answer, or is told what became of it."""
    waits = columns(col(ThemeGiving.feedback_id)).where(on_its_way()).limit(1)
    untold = columns(col(ThemeNews.id)).where(col(ThemeNews.told_at).is_(None)).limit(1)
    return any(reads.execute(one).first() is not None for one in (waits, untold))
