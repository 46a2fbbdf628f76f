"""Asking to which promises something belongs, the other way round: from a message, a story or a number to what was promised."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.feedback.models import Feedback, Reply
from service.narratives.models import Narrative
from service.promises import rules
from service.promises.models import Promise, Standing
from service.promises.step_models import PromiseLink
from service.results.models import Indicator


@dataclass(frozen=True, slots=True)
class Behind:
    """A promise that something belongs to, as everybody may read it."""

    id: UUID
    words: str
    standing: Standing
    overdue: bool


def find_of_message(reads: ReadSession, message: Feedback, today: date) -> list[Behind]:
    """The promises that a message is about, that answered it, or beside which it was put."""
    of_it = (col(Reply.collaboration_id) == message.collaboration_id, col(Reply.feedback_id) == message.id)
    answered = columns(col(Reply.promise_id)).where(*of_it, col(Reply.promise_id).is_not(None))
    beside = columns(col(PromiseLink.promise_id)).where(
        col(PromiseLink.collaboration_id) == message.collaboration_id, col(PromiseLink.feedback_id) == message.id
    )
    led = or_(col(Promise.id).in_(answered), col(Promise.id).in_(beside), col(Promise.id) == message.promise_id)
    query = columns(Promise).where(col(Promise.collaboration_id) == message.collaboration_id, _public(), led)
    return [_behind(row, today) for row in reads.execute(query.order_by(col(Promise.made_on), col(Promise.id))).scalars()]


def find_of_stories(reads: ReadSession, place_id: UUID, ids: Collection[UUID], today: date) -> dict[UUID, list[Behind]]:
    """By a story's public id: the promises beside which it was put. Which stories may be read is asked before."""
    of = and_(col(Narrative.collaboration_id) == PromiseLink.collaboration_id, col(Narrative.id) == PromiseLink.narrative_id)
    other = or_(col(Narrative.promise_id).is_(None), col(Narrative.promise_id) != col(PromiseLink.promise_id))
    return _by(reads, place_id, Narrative, of, col(Narrative.public_id), ids, today, other)


def find_of_indicators(reads: ReadSession, place_id: UUID, codes: Collection[str], today: date) -> dict[str, list[Behind]]:
    """By an indicator's code: the promises that should change it."""
    of = and_(col(Indicator.collaboration_id) == PromiseLink.collaboration_id, col(Indicator.id) == PromiseLink.indicator_id)
    return _by(reads, place_id, Indicator, of, col(Indicator.code), codes, today)


def _by(  # noqa: PLR0913 (each is a part of the query)
    reads: ReadSession, place_id: UUID, table: Any, of: Any, key: Any, keys: Collection[Any], today: date, *more: Any
) -> dict[Any, list[Behind]]:
    if not keys:
        return {}
    promise = and_(col(Promise.collaboration_id) == PromiseLink.collaboration_id, col(Promise.id) == PromiseLink.promise_id)
    query = columns(key, Promise).select_from(PromiseLink).join(Promise, promise).join(table, of)
    query = query.where(col(PromiseLink.collaboration_id) == place_id, _public(), key.in_(keys), *more)
    found: dict[Any, list[Behind]] = {}
    for one, row in reads.execute(query.order_by(col(Promise.made_on), col(Promise.id))):
        found.setdefault(one, []).append(_behind(row, today))
    return found


def _public() -> Any:
    return col(Promise.standing).in_(rules.PUBLIC)


def _behind(row: Promise, today: date) -> Behind:
    overdue = rules.is_overdue(row.side, row.standing, row.due_on, today)
    return Behind(row.id, row.summary or row.text, row.standing, overdue)
