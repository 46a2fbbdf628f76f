"""Telling those whose words led to something, a few at a time; and closing what nobody contests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert as insert_or_leave  # its ON CONFLICT compiles on SQLite as well
from sqlmodel import col, select

from service.database import ReadSession, WriteSession
from service.days import day_begins, local_day
from service.feedback.models import Contact, Feedback, Outcome, Reply, State
from service.journal.actions import OPERATOR
from service.language import choose, offered_at
from service.loop.actions import close_if_done
from service.loop.models import Hop, Notice
from service.loop.queries import LONGEST_CHAIN
from service.outbox.models import For
from service.places.models import Collaboration, Threshold
from service.places.queries import PlaceCard
from service.promises.models import Promise

AT_ONCE = 200
"""Messages that are worked through in one transaction."""

_notice = Notice.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter that is to be written: the row that its writer looks up, and its language."""

    about: str
    language: str
    to_browser: bool = False
    """It goes to a browser, and not to an address."""
    whom: For | None = None


def tell_next(writes: WriteSession, now: datetime) -> list[Parcel] | None:
    """Tells the next few of whom to tell of the oldest thing that happened; None where everybody was told.

    Each is told once: who was told already, by this process or another, is in `notice` and gets no second letter.
    """
    waiting = select(Hop).where(col(Hop.told_at).is_(None)).order_by(col(Hop.at), col(Hop.id)).limit(1)
    hop = writes.exec(waiting.with_for_update(skip_locked=True)).first()
    if hop is None:
        return None
    ids = _next_messages(writes, hop)
    parcels = _told(writes, hop, ids, now) if ids else []
    hop.told_to = ids[-1] if ids else hop.told_to
    hop.told_at = now if len(ids) < AT_ONCE else None
    writes.add(hop)
    writes.flush()
    return parcels


def _next_messages(reads: ReadSession, hop: Hop) -> list[UUID]:
    """The messages that it is about, and those that say the same and were put together with one of them, in the order of their ids."""
    here = col(Feedback.collaboration_id) == hop.collaboration_id
    if hop.feedback_id is not None:
        led: Any = [hop.feedback_id]
    else:
        promises = _those_before(reads, hop.collaboration_id, hop.promise_id)
        led = columns(col(Reply.feedback_id)).where(
            col(Reply.collaboration_id) == hop.collaboration_id, col(Reply.promise_id).in_(promises)
        )
    query = (
        columns(col(Feedback.id))
        .where(here, col(Feedback.id).in_(led) | col(Feedback.merged_into_id).in_(led))
        .where(col(Feedback.state) != State.WITHDRAWN, col(Feedback.lane).is_(None))
        .order_by(col(Feedback.id))
        .limit(AT_ONCE)
    )
    if hop.told_to is not None:
        query = query.where(col(Feedback.id) > hop.told_to)
    return list(reads.execute(query).scalars())


def _those_before(reads: ReadSession, place_id: UUID, promise_id: UUID | None) -> set[UUID]:
    """A promise and those whose place it took."""
    found, newest = {promise_id} - {None}, {promise_id} - {None}
    for _step in range(LONGEST_CHAIN):
        before = columns(col(Promise.id)).where(col(Promise.collaboration_id) == place_id, col(Promise.successor_id).in_(newest))
        newest = set(reads.execute(before).scalars()) - found
        if not newest:
            break
        found |= newest
    return {one for one in found if one is not None}


def _told(writes: WriteSession, hop: Hop, ids: list[UUID], now: datetime) -> list[Parcel]:
    place_id = hop.collaboration_id
    rows = [{"collaboration_id": place_id, "feedback_id": one, "hop_id": hop.id, "at": now} for one in ids]
    keys = [_notice.c[name] for name in ("collaboration_id", "feedback_id", "hop_id")]
    fresh = insert_or_leave(_notice).values(rows).on_conflict_do_nothing(index_elements=keys).returning(_notice.c.feedback_id)
    told = set(writes.execute(fresh).scalars())
    of_it = (col(Feedback.collaboration_id) == Contact.collaboration_id) & (col(Feedback.id) == Contact.feedback_id)
    asked_in = func.coalesce(col(Contact.language), col(Feedback.language))
    reachable = columns(col(Contact.feedback_id), asked_in, col(Contact.sealed) != "", col(Contact.push).is_not(None)).join(Feedback, of_it)
    reachable = reachable.where(col(Contact.collaboration_id) == place_id, col(Contact.feedback_id).in_(told))
    reachable = reachable.where(col(Feedback.codeless_at).is_(None))
    offered = offered_at("", writes.get_one(Collaboration, place_id).languages)
    return [
        Parcel(
            f"{place_id.hex}.{message_id.hex}.{hop.id.hex}",
            choose(language, "", offered).code,
            to_browser,
            For(place_id, message_id=message_id),
        )
        for message_id, language, by_address, by_push in writes.execute(reachable.order_by(col(Contact.feedback_id)))
        for to_browser, asked in ((False, by_address), (True, by_push))
        if asked
    ]


# ---- closing ---------------------------------------------------------------------------------------------------------


def close_uncontested(writes: WriteSession, place: PlaceCard, now: datetime) -> int:
    """Closes the next few loops whose answer nobody contested in time; answers how many. What was promised closes otherwise."""
    day = today = local_day(now, place.time_zone)
    while place.working_days.between(day, today) < place.thresholds.on(Threshold.UNCONTESTED_AFTER, today):
        day -= timedelta(days=1)
    before = day_begins(day, place.time_zone)
    of_it = (col(Reply.collaboration_id) == Feedback.collaboration_id, col(Reply.feedback_id) == Feedback.id)
    in_the_way = exists().where(*of_it, (col(Reply.published_at) >= before) | (col(Reply.outcome) == Outcome.WILL_DO))
    query = (
        select(Feedback)
        .where(Feedback.collaboration_id == place.id, Feedback.state == State.REPLIED, col(Feedback.replied_at) < before, ~in_the_way)
        .order_by(col(Feedback.received_at), col(Feedback.id))
        .limit(AT_ONCE)
    )
    found = writes.exec(query.with_for_update(skip_locked=True)).all()
    return sum(close_if_done(writes, place, message, OPERATOR, now) for message in found)
