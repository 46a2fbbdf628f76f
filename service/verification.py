"""Recomputing every kept count, and every word of the index, from the facts; and putting right what differs."""

from collections import Counter

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service import rollups
from service.database import ReadSession, WriteSession
from service.days import local_day
from service.feedback import counts
from service.feedback.models import Feedback, Reply
from service.loop import counts as loops
from service.places.queries import PlaceCard, find_places
from service.results.models import Observation
from service.rollups import Cell, Rollup
from service.search import sources
from service.tasks.models import Task

AT_ONCE = 1_000
"""Rows read at a time."""


def counted(reads: ReadSession) -> Counter[Cell]:
    """What the rollups say."""
    keys = (Rollup.collaboration_id, Rollup.subject, Rollup.period, Rollup.area_id, Rollup.cell)
    rows = reads.exec(select(*keys, func.sum(Rollup.count)).group_by(*keys))  # type: ignore[call-overload]
    return Counter({(row[0].hex, row[1], row[2], row[3].hex, row[4]): int(row[5]) for row in rows})


def recounted(reads: ReadSession) -> Counter[Cell]:
    """What the facts say."""
    found: Counter[Cell] = Counter()
    for place in find_places(reads):
        _recount_messages(reads, place, found)
        _recount_answers(reads, place, found)
    numbers = (col(Observation.collaboration_id), col(Observation.last_day), col(Observation.area_id))
    for place_id, last_day, area_id, count in reads.execute(columns(*numbers, func.count()).group_by(*numbers)):
        found[place_id.hex, "observation", last_day.isoformat()[:7], area_id.hex, ""] += count
    return found


def differences(reads: ReadSession) -> list[str]:
    """A sentence for every count, and every thing in the index of words, that is not what the facts say."""
    kept, real = counted(reads), recounted(reads)
    slugs = {place.id.hex: place.slug for place in find_places(reads)}
    sentences = [
        f"{slugs.get(place, place)}: {subject} in {period}, area {area}, {cell or 'no kind'}: kept {kept[found]}, counted {real[found]}"
        for found in _wrong(kept, real)
        for place, subject, period, area, cell in [found]
    ]
    return sentences + sources.differences(reads)


def mend(writes: WriteSession) -> int:
    """Makes every kept count, and the index of words, what the facts say; answers how many were not."""
    kept, real = counted(writes), recounted(writes)
    wrong = _wrong(kept, real)
    rollups.count(writes, Counter({cell: real[cell] - kept[cell] for cell in wrong}))
    rollups.touch(writes, {place.id for place in find_places(writes) if any(cell[0] == place.id.hex for cell in wrong)})
    return len(wrong) + sources.mend(writes)


def _wrong(kept: Counter[Cell], real: Counter[Cell]) -> list[Cell]:
    return sorted(cell for cell in {*kept, *real} if kept[cell] != real[cell])


def _recount_messages(reads: ReadSession, place: PlaceCard, found: Counter[Cell]) -> None:
    loop = loops.Recount(reads, place)
    of_message = ("id", "area_id", "received_at", "replied_at", "kind", "publication", "captured_by", "state", "withheld_reason")
    query = columns(*(col(getattr(Feedback, name)) for name in (*of_message, "merged_into_id"))).where(
        col(Feedback.collaboration_id) == place.id
    )
    for row in reads.execute(query.execution_options(yield_per=AT_ONCE)):
        received_on = local_day(row.received_at, place.time_zone)
        replied_on = local_day(row.replied_at, place.time_zone) if row.replied_at else None
        facts = (row.kind, row.publication, row.captured_by, row.state, place.working_days, row.withheld_reason)
        found.update(counts.cells_of_message(place.id, row.area_id, received_on, replied_on, *facts))
        found.update(loop.cells_of(row, received_on))


def _recount_answers(reads: ReadSession, place: PlaceCard, found: Counter[Cell]) -> None:
    message, reply, task = Feedback.__table__, Reply.__table__, Task.__table__  # type: ignore[attr-defined]
    same = (message.c.collaboration_id == reply.c.collaboration_id) & (message.c.id == reply.c.feedback_id)
    its_task = (task.c.collaboration_id == reply.c.collaboration_id) & (task.c.reply_id == reply.c.id)
    facts = (reply.c.outcome, reply.c.no_kind, reply.c.published_at, reply.c.promise_id, reply.c.task_due_on, task.c.done_on)
    query = columns(message.c.area_id, *facts).join(message, same).join(task, its_task, isouter=True)
    query = query.where(reply.c.collaboration_id == place.id).execution_options(yield_per=AT_ONCE)
    for area_id, outcome, no_kind, published_at, *said in reads.execute(query):
        given_on = local_day(published_at, place.time_zone)
        found.update(counts.cells_of_answer(place, area_id, outcome, no_kind, given_on, loops.Said(*said)))
