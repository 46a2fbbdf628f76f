"""What a message adds to the kept counts. Every change of a message goes through here, and so does the recount of `said verify`.

Counted: by month of receipt, area and kind; by publication, and what is withheld by its reason; what is set aside as no message; by who
captured it; and, for the wait, by day of receipt and working days
until the first answer. Answers are counted by the month in which they were given, and noes also by the kind of their reason.
What became of messages after their answer is counted beside it, as `loop.counts` has it.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select

from service import rollups
from service.database import ReadSession, WriteSession
from service.days import WorkingDays, local_day
from service.feedback import rules
from service.feedback.models import Feedback, NoKind, Outcome, Publication, Reply, State
from service.loop import counts as loops
from service.places.queries import PlaceCard
from service.tasks.models import Task

RECEIVED, PUBLICATION, CAPTURE, WAIT, ANSWER = "feedback", "publication", "capture", "wait", "answer"
WITHHELD, ASIDE, NO = "withheld", "aside", "no"
"""The subjects of these counts."""

STILL_WAITING = "-1"
"""Stands for the working days of a message without an answer."""

_NOWHERE = rollups.NOWHERE.hex


def cells_of_new(place_id: str, area_id: str | None, day: str, kind: str | None, publication: str, captured_by: str) -> list[rollups.Cell]:
    """What a message adds when it comes in. `day` is that of receipt, in the place's own time; ids are hex."""
    area, month = area_id or _NOWHERE, day[:7]
    cells = [
        (place_id, RECEIVED, month, area, kind or ""),
        (place_id, PUBLICATION, month, area, publication),
        (place_id, CAPTURE, month, area, captured_by),
    ]
    if rules.is_owed_an_answer(captured_by):
        cells.append((place_id, WAIT, day, _NOWHERE, STILL_WAITING))
    return cells


def cells_of_message(  # noqa: PLR0913 (each is a fact of the message)
    place_id: UUID,
    area_id: UUID | None,
    received_on: date,
    replied_on: date | None,
    kind: str | None,
    publication: Publication,
    captured_by: str,
    state: State,
    days: WorkingDays,
    withheld_reason: str | None = None,
) -> list[rollups.Cell]:
    """What a message adds as it stands now."""
    cells = cells_of_new(place_id.hex, area_id.hex if area_id else None, received_on.isoformat(), kind, publication, captured_by)
    month, area = received_on.isoformat()[:7], (area_id or rollups.NOWHERE).hex
    if withheld_reason:
        cells.append((place_id.hex, WITHHELD, month, area, withheld_reason))
    if state == State.NOT_FEEDBACK:
        cells.append((place_id.hex, ASIDE, month, area, ""))
    waits = [cell for cell in cells if cell[1] == WAIT]
    if waits and (replied_on or state in rules.OUT_OF_COHORT):
        cells.remove(waits[0])
    if waits and replied_on and state not in rules.OUT_OF_COHORT:
        cells.append((*waits[0][:4], str(days.between(received_on, replied_on))))
    return cells


def cells_of_answer(
    place: PlaceCard, area_id: UUID | None, outcome: str, no_kind: str | None, given_on: date, said: loops.Said
) -> list[rollups.Cell]:
    """What an answer adds; `said` is what it says will be done."""
    month, area = given_on.isoformat()[:7], (area_id or rollups.NOWHERE).hex
    cells: list[rollups.Cell] = [(place.id.hex, ANSWER, month, area, outcome)]
    if said.promise or said.due_on:
        cells.append(loops.cell_of_answer(place, given_on, said))
    kind = rules.kind_of_no(Outcome(outcome), NoKind(no_kind) if no_kind else None)
    return [*cells, (place.id.hex, NO, month, area, kind)] if kind else cells


@contextmanager
def changing(writes: WriteSession, place: PlaceCard, message: Feedback) -> Iterator[None]:
    """Around every change of a message, its answers and what follows them: the counts follow, of those put together with it as well.

    Beware: flush what was changed before this ends; and no such block stands in another one for the same message.
    """
    stood = loops.standing_of(writes, place, message)
    before = _counted(writes, place, message, stood)
    yield
    stands = loops.standing_of(writes, place, message)
    after = _counted(writes, place, message, stands)
    after.subtract(before)
    if stands != stood:
        after.update(loops.moved_with(writes, place, message, stood, stands))
    rollups.count(writes, Counter({cell: number for cell, number in after.items() if number}))


def cells_of(place: PlaceCard, message: Feedback) -> list[rollups.Cell]:
    """What a message adds as it stands now, without its answers."""
    return cells_of_message(
        place.id,
        message.area_id,
        _day(message.received_at, place),
        _day(message.replied_at, place) if message.replied_at else None,
        message.kind,
        message.publication,
        message.captured_by,
        message.state,
        place.working_days,
        message.withheld_reason,
    )


def _counted(reads: ReadSession, place: PlaceCard, message: Feedback, stands: str) -> Counter[rollups.Cell]:
    cells = Counter([*cells_of(place, message), *loops.cells_of(reads, place, message, stands)])
    query = (
        select(Reply.outcome, Reply.no_kind, Reply.published_at, Reply.promise_id, Reply.task_due_on, Task.done_on)  # type: ignore[call-overload]
        .join(Task, and_(col(Task.collaboration_id) == Reply.collaboration_id, col(Task.reply_id) == Reply.id), isouter=True)
        .where(Reply.collaboration_id == place.id, Reply.feedback_id == message.id)
    )
    for outcome, no_kind, at, *said in reads.exec(query):
        cells.update(cells_of_answer(place, message.area_id, outcome, no_kind, _day(at, place), loops.Said(*said)))
    return cells


def _day(moment: datetime, place: PlaceCard) -> date:
    return local_day(moment, place.time_zone)
