"""Doing: adding answers to sums."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles on SQLite as well, the reverse does not

from service.database import WriteSession
from service.days import local_day
from service.equality.models import ANSWERS, EqualityCount, EqualityTurn, Question
from service.places.queries import PlaceCard

_count, _turn = EqualityCount.__table__, EqualityTurn.__table__  # type: ignore[attr-defined]
_once = insert(_turn).on_conflict_do_nothing(index_elements=list(_turn.primary_key.columns))
_add = insert(_count).on_conflict_do_update(index_elements=list(_count.primary_key.columns), set_={"count": _count.c.count + 1})


def count_answers(writes: WriteSession, place: PlaceCard, turn: UUID, given: Mapping[Question, str], now: datetime) -> bool:
    """Adds what somebody said of themselves to the sums of this month, once for each page; answers whether that was news.

    Nothing tells who, when, or with which message; the journal holds no row of it either.
    """
    known = {question: answer for question, answer in given.items() if answer in ANSWERS[question]}
    if not known:
        return False
    month = local_day(now, place.time_zone).replace(day=1)
    began_at = datetime(month.year, month.month, 1, tzinfo=UTC)
    key = hashlib.sha256(place.id.bytes + turn.bytes).hexdigest()
    row = {"collaboration_id": place.id, "turn_hash": key, "month_began_at": began_at}
    if writes.execute(_once.returning(_turn.c.turn_hash), [row]).first() is None:
        return False
    for question in sorted(known):  # always the same order, so that two who answer at once never wait crosswise
        one = {"collaboration_id": place.id, "month": month.isoformat()[:7], "question": question, "answer": known[question], "count": 1}
        writes.execute(_add, [one])
    return True
