"""What stands in other features' acts: a promise held while residents check it, and moved by what they say."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import select

from service import findable
from service.database import ReadSession, WriteSession
from service.days import local_day
from service.errors import NotFound
from service.journal.actions import RESIDENT, record
from service.journal.models import ActorKind
from service.language import N_
from service.places.queries import PlaceCard
from service.promises import rules
from service.promises.models import Progress, Promise, Standing

FOUND = {
    Standing.DISPUTED: N_("Somebody who was asked, or who told us something here, says that it did not happen."),
    Standing.KEPT: N_("Five or more who were asked, or who told us something here, have looked, and most say that it happened."),
}
"""What the history says when residents' checks move a promise. Kept in English, and read in the language of the page."""


def get_promise_to_check(writes: WriteSession, place: PlaceCard, promise_id: UUID) -> Promise:
    """A promise that everybody may read, held until the transaction ends. Raises: NotFound."""
    query = select(Promise).where(Promise.collaboration_id == place.id, Promise.id == promise_id)
    promise = writes.exec(query.with_for_update()).first()
    if promise is None or promise.standing in rules.UNPUBLISHED:
        raise NotFound
    return promise


def next_number(reads: ReadSession, promise: Promise) -> int:
    """The number of the next entry of a promise's history."""
    query = select(func.max(Progress.number)).where(
        Progress.collaboration_id == promise.collaboration_id, Progress.promise_id == promise.id
    )
    return (reads.exec(query).one() or 0) + 1


def settle(promise: Promise, to: Standing, today: date) -> None:
    """The promise stands there from now on. Once it was settled, it stays in the count of what fell due."""
    promise.standing = to
    promise.settled_on = today if to in rules.FINAL else None
    promise.first_settled_on = promise.first_settled_on or promise.settled_on


def move_by_checks(writes: WriteSession, place: PlaceCard, promise: Promise, to: Standing, now: datetime) -> Progress:
    """Residents' checks move a promise: it stands in its history, as theirs."""
    entry = Progress(
        collaboration_id=place.id,
        promise_id=promise.id,
        number=next_number(writes, promise),
        asked_for=to,
        moved_from=promise.standing,
        moved_to=to,
        note=FOUND[to],
        actor_kind=ActorKind.RESIDENT,
        at=now,
    )
    settle(promise, to, local_day(now, place.time_zone))
    promise.changed_at = now
    writes.add(promise)
    writes.add(entry)
    writes.flush()
    findable.add(writes, findable.Kind.UPDATE, [entry])
    record(writes, RESIDENT, "moved", "promise", promise.id, at=now, collaboration_id=place.id, fields=[to])
    return entry
