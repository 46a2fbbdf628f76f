"""What happened, as a feed tells it: answers to messages that everybody may read, promises that were made, and how they moved.

Source: RFC 4287 (Atom). An entry keeps its id for ever; what is taken back is gone from the feed with the next request.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy import select as columns
from sqlmodel import col

from service.cells import in_xml
from service.database import ReadSession
from service.days import local_day, week_of
from service.feedback.said_queries import Said, find_answers
from service.places.models import Area, Organisation
from service.places.queries import PlaceCard
from service.promises import rules
from service.promises.models import Progress, Promise, Standing

MOST = 50
"""Entries of a feed, the newest."""

BEGINNINGS = (Standing.MADE, Standing.INVITED)


@dataclass(frozen=True, slots=True)
class Move:
    """A promise that was made (no `note`), or something that was said of it; without `to` a note on the way."""

    promise: UUID
    words: str
    to: Standing | None
    note: str | None
    reason: str | None
    by: str | None
    released_by: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: either an answer or a move of a promise."""

    id: str
    updated: str
    answer: Said | None = None
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as its template needs it. Moments are written as RFC 3339 has them."""

    id: str
    updated: str
    entries: tuple[Entry, ...]


def feed_of_place(reads: ReadSession, place: PlaceCard, now: datetime, area: str | None) -> Feed:
    """What happened in a place, or in one area of it."""
    today = local_day(now, place.time_zone)
    answers = [_of_answer(said) for said in find_answers(reads, place, today, area=area, most=MOST)]
    narrowed = [Area.code == area] if area is not None else []
    moves = _find_moves(reads, place.id, [*narrowed, col(Progress.moved_to).in_(rules.PUBLIC)])
    return _feed(place, f"area {area}" if area is not None else "place", today, [*answers, *moves, *_find_made(reads, place.id, narrowed)])


def feed_of_promise(reads: ReadSession, place: PlaceCard, now: datetime, promise_id: UUID) -> Feed:
    """What was said of one promise, notes on the way too."""
    only = [Promise.id == promise_id, col(Progress.moved_to).is_distinct_from(Standing.PROPOSED)]
    entries = [*_find_moves(reads, place.id, only), *_find_made(reads, place.id, [Promise.id == promise_id])]
    return _feed(place, f"promise {promise_id.hex}", local_day(now, place.time_zone), entries)


def _find_moves(reads: ReadSession, place_id: UUID, wanted: Iterable[Any]) -> list[Entry]:
    query = (
        columns(Progress, Promise, col(Organisation.name))
        .join(Promise, _same(Promise, Progress, Progress.promise_id))
        .join(Organisation, _same(Organisation, Progress, Progress.organisation_id), isouter=True)
        .join(Area, _same(Area, Promise, Promise.area_id), isouter=True)
        .where(col(Progress.collaboration_id) == place_id, col(Promise.standing).in_(rules.PUBLIC), *wanted)
        .order_by(col(Progress.at).desc(), col(Progress.id))
        .limit(MOST)
    )
    return [
        Entry(_urn(entry.id), _moment(entry.at), move=_move(promise, by, entry.moved_to, entry.note, entry.reason))
        for entry, promise, by in reads.execute(query)
    ]


def _find_made(reads: ReadSession, place_id: UUID, wanted: Iterable[Any]) -> list[Entry]:
    """Promises that were published as they were made; one that was a draft is told of by its move."""
    moved = exists().where(
        col(Progress.collaboration_id) == Promise.collaboration_id,
        col(Progress.promise_id) == Promise.id,
        col(Progress.moved_to).in_(BEGINNINGS),
    )
    query = (
        columns(Promise, col(Organisation.name))
        .join(Organisation, _same(Organisation, Promise, Promise.maker_id), isouter=True)
        .join(Area, _same(Area, Promise, Promise.area_id), isouter=True)
        .where(col(Promise.collaboration_id) == place_id, col(Promise.standing).in_(rules.PUBLIC), ~moved, *wanted)
        .order_by(col(Promise.added_at).desc(), col(Promise.id))
        .limit(MOST)
    )
    return [
        Entry(_urn(promise.id), _moment(promise.added_at), move=_move(promise, by, Standing.MADE, None, None))
        for promise, by in reads.execute(query)
    ]


def _move(promise: Promise, by: str | None, to: Standing | None, note: str | None, reason: str | None) -> Move:
    words = promise.text if note is None else promise.summary or promise.text
    return Move(promise.id, _xml(words) or "", to, _xml(note), _xml(reason), _xml(by), _xml(promise.released_by))


def _of_answer(said: Said) -> Entry:
    shown = replace(said, said=_xml(said.said), answer=_xml(said.answer), reason=_xml(said.reason), by=_xml(said.by), area=_xml(said.area))
    answered = said.answered or said.week
    return Entry(_urn(said.answer_id or said.id), _moment(datetime.combine(answered, time(), UTC)), answer=shown)


def _feed(place: PlaceCard, about: str, today: date, entries: list[Entry]) -> Feed:
    newest = sorted(entries, key=lambda entry: entry.updated, reverse=True)[:MOST]
    started = _moment(datetime.combine(week_of(today), time(), UTC))
    return Feed(_urn(uuid5(place.id, about)), newest[0].updated if newest else started, tuple(newest))


def _same(table: Any, other: Any, column: Any) -> ColumnElement[bool]:
    return and_(col(table.collaboration_id) == other.collaboration_id, col(table.id) == column)


def _urn(id_: UUID) -> str:
    return id_.urn


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(words: str | None) -> str | None:
    return in_xml(words) if words is not None else None
