"""Carrying the periods out, in many small transactions: what is due by now, and taking it out batch by batch."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, tuple_
from sqlalchemy import select as columns
from sqlmodel import SQLModel

from service.checks import removal as check_removal
from service.consents import queries as consents
from service.consents import removal as consent_removal
from service.consents.guards import call_over
from service.consents.models import Purpose
from service.database import Database, ReadSession, WriteSession
from service.days import local_day
from service.feedback import removal as message_removal
from service.journal.actions import OPERATOR, record
from service.keeping import queries
from service.keeping.models import Run, Settable
from service.narratives import removal as story_removal
from service.people import removal as person_removal
from service.people.models import Staff
from service.places.queries import PlaceCard, find_places
from service.register import DAYS
from service.registered import REGISTER
from service.removal import AT_ONCE
from service.tombstones import Why

Take = Callable[[WriteSession, list[UUID], datetime], None]


@dataclass(slots=True)
class Step:
    """One kind of thing whose time is over. Called again and again, each time with a transaction of its own, until it finds nothing."""

    name: str
    query: Select[Any, UUID]
    take: Take
    last: tuple[datetime, UUID] | None = None

    def __call__(self, writes: WriteSession, now: datetime) -> int:
        """Takes one batch out; answers how many."""
        found = [(row[0], row[1]) for row in writes.execute(queries.after(self.query, self.last).limit(AT_ONCE))]
        if found:
            self.last = found[-1]
            self.take(writes, [id_ for _moment, id_ in found], now)
        return len(found)

    def count(self, reads: ReadSession) -> int:
        """How many are due."""
        return queries.count_of(reads, self.query)


@dataclass(slots=True)
class RowStep:
    """Rows of one table that go a number of days after a moment, as the register says."""

    name: str
    column: str
    days: int
    before: datetime

    def __call__(self, writes: WriteSession, now: datetime) -> int:  # noqa: ARG002 (as a Step is called)
        """Takes one batch out; answers how many."""
        table = SQLModel.metadata.tables[self.name]
        keys = list(table.primary_key.columns)
        batch = columns(*keys).where(table.c[self.column] < self.before).limit(AT_ONCE)
        found = writes.execute(batch).all()
        if found:
            writes.execute(delete(table).where(tuple_(*keys).in_([tuple(row) for row in found])))
        return len(found)

    def count(self, reads: ReadSession) -> int:
        """How many are due."""
        table = SQLModel.metadata.tables[self.name]
        return queries.count_of(reads, columns(table.c[self.column]).where(table.c[self.column] < self.before))


def steps(reads: ReadSession, now: datetime) -> list[Step | RowStep]:
    """Everything whose time may be over, place by place, then what is the same everywhere."""
    found: list[Step | RowStep] = []
    for place in find_places(reads):
        found += _of_place(place, queries.find_months(reads, place.id), now)
    found.append(Step("people who left", queries.people_who_left(now), _forget_people))
    for kept in REGISTER:
        if kept.goes:
            column, term = kept.goes
            found.append(RowStep(kept.table, column, DAYS[term], now - timedelta(days=DAYS[term])))
    return found


def _of_place(place: PlaceCard, months: dict[Settable, int], now: datetime) -> Iterator[Step]:
    words = months[Settable.UNSHARED_WORDS]

    def contacts(writes: WriteSession, ids: list[UUID], at: datetime) -> None:
        message_removal.drop_contacts(writes, place.id, ids)
        call_over(writes, place.id, Purpose.REPLY, ids, at)
        record(writes, OPERATOR, "retained", "collaboration", place.id, at=at, collaboration_id=place.id, fields=["contact"])

    def messages(writes: WriteSession, ids: list[UUID], at: datetime) -> None:
        message_removal.outlive(writes, place.id, ids, at)
        record(writes, OPERATOR, "retained", "collaboration", place.id, at=at, collaboration_id=place.id, fields=["feedback"])

    def stories(writes: WriteSession, ids: list[UUID], at: datetime) -> None:
        story_removal.outlive(writes, place.id, ids, at)
        record(writes, OPERATOR, "retained", "collaboration", place.id, at=at, collaboration_id=place.id, fields=["narrative"])

    yield consent_step(place, now)

    def comments(writes: WriteSession, ids: list[UUID], at: datetime) -> None:
        check_removal.outlive(writes, place.id, ids)
        record(writes, OPERATOR, "retained", "collaboration", place.id, at=at, collaboration_id=place.id, fields=["promise_check"])

    yield Step(f"{place.slug}: comments", queries.old_comments(place, words, now), comments)
    yield Step(f"{place.slug}: contacts", queries.old_contacts(place, months[Settable.CONTACTS], now), contacts)
    yield Step(f"{place.slug}: messages", queries.old_messages(place, words, now), messages)
    yield Step(f"{place.slug}: stories", queries.old_stories(place, words, now), stories)


def consent_step(place: PlaceCard, now: datetime) -> Step:
    """What nobody may read any more because the last day of a yes is over."""

    def end(writes: WriteSession, ids: list[UUID], at: datetime) -> None:
        consent_removal.expire(writes, place, ids, at)

    return Step(f"{place.slug}: consents", consents.ended(place.id, local_day(now, place.time_zone)), end)


def consent_steps(reads: ReadSession, now: datetime) -> list[Step]:
    """The same for every place, where there is anything to do: asked again and again, as nobody's yes may be used a day too long."""
    if not consents.is_any_ended(reads, now.date() + timedelta(days=1)):
        return []
    return [step for place in find_places(reads) if (step := consent_step(place, now)).count(reads)]


def _forget_people(writes: WriteSession, ids: list[UUID], now: datetime) -> None:
    for staff_id in ids:
        person_removal.forget(writes, OPERATOR, writes.get_one(Staff, staff_id), Why.LEFT, now)


# ---- all of it -------------------------------------------------------------------------------------------------------


def due(reads: ReadSession, now: datetime) -> Counter[str]:
    """How much would go now, by kind; nothing is changed."""
    return Counter({step.name: step.count(reads) for step in steps(reads, now)})


def begin(writes: WriteSession, now: datetime) -> UUID:
    """Writes down that the periods are being carried out."""
    run = Run(began_at=now)
    writes.add(run)
    writes.flush()
    return run.id


def finish(writes: WriteSession, run_id: UUID, counts: Counter[str], now: datetime) -> None:
    """Writes down what became of it."""
    run = writes.get_one(Run, run_id)
    run.ended_at, run.counts = now, {name: count for name, count in sorted(counts.items()) if count}
    writes.add(run)
    writes.flush()


def retain(database: Database, now: datetime) -> Counter[str]:
    """Takes out everything whose time is over: one transaction per batch, so that nobody waits long. For the command line."""
    counts: Counter[str] = Counter()
    with database.write() as writes:
        run_id, found = begin(writes, now), steps(writes, now)
    for step in found:
        while True:
            with database.write() as writes:
                number = step(writes, now)
            counts[step.name] += number
            if not number:
                break
    with database.write() as writes:
        finish(writes, run_id, counts, now)
    return counts
