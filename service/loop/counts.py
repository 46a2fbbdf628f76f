"""What a message adds to the kept counts of closed loops: where it stands, as far as no calendar is needed for it.

Counted: by day of receipt, where each message that is owed an answer stands, those that were put together with another by where that one
stands, and what senders say of the last answer that they judged; and by month, what answers said would be done.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, true
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession, WriteSession
from service.days import local_day
from service.feedback.models import Capturer, Feedback, Outcome, Reply, State
from service.feedback.rules import OPEN, OUT_OF_COHORT, is_owed_an_answer
from service.loop.models import Addition, FollowUp
from service.places.queries import PlaceCard
from service.rollups import NOWHERE, Cell
from service.tasks.models import Task

STANDS, WITH_ANOTHER, WAITS_WITH_ANOTHER, SAID_DO, JUDGED = "loop", "loop_with", "loop_with_waiting", "said_do", "judged"
"""The subjects of these counts. Put together with another, a message stands where that one does; some wait as if they were alone."""

UNANSWERED, OPEN_AGAIN, CLOSED, ANSWERED, SEVERAL = "unanswered", "open_again", "closed", "answered", "several"
"""Cells of where a message stands, beside those that name the one thing that was said in its answers. `SEVERAL`: more than one."""

_DAY = "%Y%m%d"


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer said would be done: a promise, or something smaller by its day; and when its sender was last told of it."""

    promise: UUID | None
    due_on: date | None = None
    done_on: date | None = None
    told_on: date | None = None

    @property
    def cell(self) -> str:
        """As a cell names it, in at most 40 letters."""
        return (
            f"{self.promise.hex}{_short(self.told_on)}"
            if self.promise
            else ".".join(map(_short, (self.due_on, self.done_on, self.told_on)))
        )


def said_in(cell: str) -> Said | None:
    """What a cell names; None where it names nothing that was said."""
    if "." in cell:
        due_on, done_on, told_on = map(_long, cell.split("."))
        return Said(None, due_on, done_on, told_on)
    return Said(UUID(hex=cell[:32]), told_on=_long(cell[32:])) if len(cell) >= 32 else None


def _short(day: date | None) -> str:
    return f"{day:{_DAY}}" if day else ""


def _long(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# ---- one message -----------------------------------------------------------------------------------------------------


def standing_of(reads: ReadSession, place: PlaceCard, message: Any) -> str:
    """Where a message, or a row with its id, state and day of answer, stands by what it and its answers say, as a cell."""
    return _standing(message, lambda: find_said(reads, place, [message.id]).get(message.id))


def cells_of(reads: ReadSession, place: PlaceCard, message: Feedback, standing: str) -> Iterator[Cell]:
    """What a message adds as it stands now."""
    if not is_owed_an_answer(message.captured_by) or message.state in OUT_OF_COHORT:
        return
    day = local_day(message.received_at, place.time_zone)
    yield from _own(place, message, day, standing)
    if message.state == State.MERGED and message.merged_into_id:
        query = columns(col(Feedback.id), col(Feedback.state), col(Feedback.replied_at)).where(
            col(Feedback.collaboration_id) == place.id, col(Feedback.id) == message.merged_into_id
        )
        yield _with(place, day, standing_of(reads, place, reads.execute(query).one()), waits=message.replied_at is None)
    if message.id in (judged := find_judged(reads, place, [message.id])):
        yield _cell(place, JUDGED, day, judged[message.id])


def moved_with(writes: WriteSession, place: PlaceCard, message: Feedback, before: str, after: str) -> Counter[Cell]:
    """How the counts of those that were put together with a message change as it moves. They are held until the transaction ends."""
    query = columns(col(Feedback.received_at), col(Feedback.replied_at)).where(
        *(col(Feedback.collaboration_id) == place.id, col(Feedback.merged_into_id) == message.id),
        *(col(Feedback.state) == State.MERGED, col(Feedback.captured_by) != Capturer.IMPORT),
    )
    cells: Counter[Cell] = Counter()
    for received_at, replied_at in writes.execute(query.with_for_update()):
        day, waits = local_day(received_at, place.time_zone), replied_at is None
        cells[_with(place, day, after, waits=waits)] += 1
        cells[_with(place, day, before, waits=waits)] -= 1
    return cells


def cell_of_answer(place: PlaceCard, given_on: date, said: Said) -> Cell:
    """What an answer adds that says what will be done."""
    return (place.id.hex, SAID_DO, given_on.isoformat()[:7], NOWHERE.hex, said.cell)


def _standing(message: Any, said: Any) -> str:
    if message.replied_at is None:
        return UNANSWERED
    if message.state == State.LOOP_CLOSED:
        return CLOSED
    if message.state in (*OPEN, State.SAFEGUARDING_HOLD):
        return OPEN_AGAIN
    return (said() or ANSWERED) if message.state == State.REPLIED else ANSWERED


def _own(place: PlaceCard, message: Any, day: date, standing: str) -> Iterator[Cell]:
    """Only what has an answer and is not closed: the rest is in the counts of waits."""
    if message.state != State.MERGED and standing not in (UNANSWERED, CLOSED):
        yield _cell(place, STANDS, day, standing)


def _with(place: PlaceCard, day: date, standing: str, *, waits: bool) -> Cell:
    return _cell(place, WAITS_WITH_ANOTHER if waits else WITH_ANOTHER, day, standing)


def _cell(place: PlaceCard, subject: str, day: date, name: str) -> Cell:
    return (place.id.hex, subject, day.isoformat(), NOWHERE.hex, name)


# ---- many messages ---------------------------------------------------------------------------------------------------


def find_said(reads: ReadSession, place: PlaceCard, ids: Collection[UUID] | None = None) -> dict[UUID, str]:
    """What the answers to these messages, or to all of a place, said would be done, as a cell; only those where they said so."""
    found = find_all_said(reads, place, ids)
    return {message_id: said[0].cell if len(said) == 1 else SEVERAL for message_id, said in found.items()}


def find_all_said(reads: ReadSession, place: PlaceCard, ids: Collection[UUID] | None = None) -> dict[UUID, list[Said]]:
    """The same, thing by thing."""
    same = and_(col(Task.collaboration_id) == Reply.collaboration_id, col(Task.reply_id) == Reply.id)
    query = columns(col(Reply.feedback_id), col(Reply.promise_id), col(Reply.task_due_on), col(Task.done_on)).join(Task, same, isouter=True)
    query = query.where(col(Reply.collaboration_id) == place.id, col(Reply.outcome) == Outcome.WILL_DO, _of(Reply.feedback_id, ids))
    rows = reads.execute(query).all()
    told = {one: local_day(at, place.time_zone) for one, at in _last_told(reads, place, ids)} if rows else {}
    found: dict[UUID, list[Said]] = defaultdict(list)
    for message_id, promise_id, due_on, done_on in rows:
        said = Said(promise_id, due_on, done_on, told.get(message_id))
        if promise_id is None or said not in found[message_id]:  # the same promise counts once
            found[message_id].append(said)
    return found


def find_judged(reads: ReadSession, place: PlaceCard, ids: Collection[UUID] | None = None) -> Mapping[UUID, str]:
    """Whether it is better now, as the senders of these messages, or of all of a place, say of the last answer that they judged."""
    query = columns(col(Addition.feedback_id), col(Addition.better)).where(
        col(Addition.collaboration_id) == place.id, col(Addition.answered).is_not(None), _of(Addition.feedback_id, ids)
    )
    return {message_id: better or "" for message_id, better in reads.execute(query.order_by(col(Addition.at), col(Addition.id)))}


def _last_told(reads: ReadSession, place: PlaceCard, ids: Collection[UUID] | None) -> Iterable[Any]:
    query = columns(col(FollowUp.feedback_id), func.max(FollowUp.at)).group_by(col(FollowUp.feedback_id))
    return reads.execute(query.where(col(FollowUp.collaboration_id) == place.id, _of(FollowUp.feedback_id, ids)))


def _of(column: Any, ids: Collection[UUID] | None) -> ColumnElement[bool]:
    return true() if ids is None else column.in_(ids)


@dataclass(slots=True)
class Recount:
    """The same for every message of a place, asked once."""

    reads: ReadSession
    place: PlaceCard
    said: Mapping[UUID, str] = field(init=False)
    judged: Mapping[UUID, str] = field(init=False)
    parents: Mapping[UUID, str] = field(init=False)

    def __post_init__(self) -> None:
        self.said, self.judged = find_said(self.reads, self.place), find_judged(self.reads, self.place)
        with_others = columns(col(Feedback.merged_into_id)).where(
            col(Feedback.collaboration_id) == self.place.id, col(Feedback.merged_into_id).is_not(None)
        )
        query = columns(col(Feedback.id), col(Feedback.state), col(Feedback.replied_at)).where(
            col(Feedback.collaboration_id) == self.place.id, col(Feedback.id).in_(with_others)
        )
        self.parents = {row.id: _standing(row, lambda row=row: self.said.get(row.id)) for row in self.reads.execute(query)}

    def cells_of(self, message: Any, day: date) -> Iterator[Cell]:
        """What this message adds; it has the columns of one."""
        if not is_owed_an_answer(message.captured_by) or message.state in OUT_OF_COHORT:
            return
        yield from _own(self.place, message, day, _standing(message, lambda: self.said.get(message.id)))
        if message.state == State.MERGED and message.merged_into_id:
            yield _with(self.place, day, self.parents[message.merged_into_id], waits=message.replied_at is None)
        if message.id in self.judged:
            yield _cell(self.place, JUDGED, day, self.judged[message.id])
