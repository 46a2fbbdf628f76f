"""What stands beside a promise: milestones, indicators, stories and messages, each as far as its reader may see it."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from service.database import ReadSession
from service.feedback import desk_queries
from service.feedback.models import Feedback, Reply
from service.feedback.published import is_published
from service.narratives.models import Narrative
from service.narratives.queries import Reader
from service.narratives.queries import visible_to as stories_visible_to
from service.people.models import Member
from service.promises import rules
from service.promises.models import Promise, Side
from service.promises.step_models import Beside, Link, LinkedMessage, LinkedStory, Milestone, MilestoneRow, PromiseLink
from service.results.models import Indicator

EXCERPT = 280
MOST = 10
"""Characters of somebody's words; stories, and messages, beside one promise."""


def find_beside(reads: ReadSession, promise: Promise, today: date, member: Member | None = None) -> Beside:
    """What stands beside a promise: for everybody, or for a member at work."""
    return Beside(
        milestones=tuple(find_milestones(reads, promise, today)),
        indicators=tuple(_indicators(reads, promise)),
        stories=tuple(_stories(reads, promise, today, member)),
        messages=tuple(_messages(reads, promise, member)),
    )


def find_milestones(reads: ReadSession, promise: Promise, today: date) -> list[MilestoneRow]:
    """The steps on the way, by the day on which they are due. Those of the community's part are never late."""
    query = select(Milestone).where(Milestone.collaboration_id == promise.collaboration_id, Milestone.promise_id == promise.id)
    ours = promise.side == Side.OUR_PART
    return [
        MilestoneRow(row.id, row.title, row.due_on, row.done_on, row.note, ours and rules.is_milestone_late(row.due_on, row.done_on, today))
        for row in reads.exec(query.order_by(col(Milestone.due_on), col(Milestone.id)))
    ]


def _indicators(reads: ReadSession, promise: Promise) -> list[Link]:
    query = select(Indicator.code, Indicator.name).where(
        Indicator.collaboration_id == promise.collaboration_id, col(Indicator.id).in_(_linked(promise, PromiseLink.indicator_id))
    )
    return [Link(code, name) for code, name in reads.exec(query.order_by(col(Indicator.name), col(Indicator.code)))]


def _stories(reads: ReadSession, promise: Promise, today: date, member: Member | None) -> list[LinkedStory]:
    about = or_(col(Narrative.promise_id) == promise.id, col(Narrative.id).in_(_linked(promise, PromiseLink.narrative_id)))
    query = select(Narrative).where(stories_visible_to(Reader(promise.collaboration_id, today, member)), about)
    found = reads.exec(query.order_by(col(Narrative.published_on).desc(), col(Narrative.public_id)).limit(MOST))
    return [LinkedStory(row.public_id, row.title, (row.body or "")[:EXCERPT], row.language) for row in found]


def _messages(reads: ReadSession, promise: Promise, member: Member | None) -> list[LinkedMessage]:
    """Messages about it, those that it answers, and those that were put beside it."""
    answered = select(Reply.feedback_id).where(Reply.collaboration_id == promise.collaboration_id, Reply.promise_id == promise.id)
    about: ColumnElement[bool] = or_(
        col(Feedback.promise_id) == promise.id,
        col(Feedback.id).in_(answered),
        col(Feedback.id).in_(_linked(promise, PromiseLink.feedback_id)),
    )
    seen = desk_queries.visible_to(member) if member else is_published(promise.collaboration_id)
    order = col(Feedback.received_at).desc() if member else col(Feedback.published_on).desc()
    found = reads.exec(select(Feedback).where(seen, about).order_by(order, col(Feedback.public_id)).limit(MOST))
    return [
        LinkedMessage(
            id=row.id if member else row.public_id,
            words=(row.body or row.want or row.have or row.gap or "")[:EXCERPT] or None,
            language=row.language,
            week=row.published_on,
        )
        for row in found
    ]


def _linked(promise: Promise, column: Any) -> Any:
    return select(column).where(
        PromiseLink.collaboration_id == promise.collaboration_id, PromiseLink.promise_id == promise.id, col(column).is_not(None)
    )
