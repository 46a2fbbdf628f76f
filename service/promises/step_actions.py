"""Steps on the way to a promise, and what is put beside it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.feedback.desk_queries import get_message_row
from service.journal.actions import record
from service.language import _
from service.narratives.queries import Reader, get_narrative
from service.people.models import Member
from service.promises import rules
from service.promises.actions import speaker_of
from service.promises.models import Promise
from service.promises.step_models import Milestone, MilestoneIn, PromiseLink, ReachedIn
from service.results.queries import find_indicator

MOST = 30
"""Milestones of one promise, and things beside it."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is to stand beside a promise: exactly one of these. An indicator by its code, a story and a message by their ids."""

    indicator: str | None = None
    story: UUID | None = None
    message: UUID | None = None


def add_milestone(writes: WriteSession, member: Member, promise_id: UUID, given: MilestoneIn, now: datetime) -> UUID:
    """A step on the way, which stays as it is written. Raises: NotFound, Conflict where the promise has ended, Invalid by field."""
    promise = _own(writes, member, promise_id)
    if promise.standing in rules.FINAL:
        raise Conflict(_("The promise has ended: there is nothing on the way to it any more."))
    query = select(Milestone.id).where(Milestone.collaboration_id == promise.collaboration_id, Milestone.promise_id == promise.id)
    if len(writes.exec(query).all()) >= MOST:
        raise Invalid(FieldError("title", _("There are thirty milestones already.")))
    row = Milestone(collaboration_id=promise.collaboration_id, promise_id=promise.id, title=given.title, due_on=given.due_on, added_at=now)
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "added", "milestone", row.id, at=now, collaboration_id=promise.collaboration_id)
    return row.id


def reach_milestone(writes: WriteSession, member: Member, promise_id: UUID, milestone_id: UUID, given: ReachedIn, now: datetime) -> None:
    """Says that a step was taken, and when. The promise moves by nothing of this. Raises: NotFound, Conflict, Invalid by field."""
    promise = _own(writes, member, promise_id)
    row = writes.get(Milestone, (promise.collaboration_id, milestone_id))
    if row is None or row.promise_id != promise.id:
        raise NotFound
    if row.done_on is not None:
        raise Conflict(_("Somebody said already that this is done."))
    if given.done_on > local_day(now, member.place.time_zone):
        raise Invalid(FieldError("done_on", _("This day has not come yet.")))
    row.done_on, row.note = given.done_on, given.note
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "reached", "milestone", row.id, at=now, collaboration_id=promise.collaboration_id)


def put_beside(writes: WriteSession, member: Member, promise_id: UUID, thing: Thing, now: datetime) -> bool:
    """Puts something beside a promise that this member may see; answers whether it was not there yet. Raises: NotFound, Invalid."""
    promise = _own(writes, member, promise_id)
    names = _found(writes, member, thing, now)
    query = select(PromiseLink).where(PromiseLink.collaboration_id == promise.collaboration_id, PromiseLink.promise_id == promise.id)
    there = writes.exec(query).all()
    if any(getattr(row, name) == id_ for row in there for name, id_ in names.items()):
        return False
    if len(there) >= MOST:
        raise Invalid(FieldError("indicator", _("Thirty things stand beside it already.")))
    writes.add(PromiseLink(collaboration_id=promise.collaboration_id, promise_id=promise.id, added_at=now, **names))
    writes.flush()
    fields = [name.removesuffix("_id") for name in names]
    record(writes, member.actor, "linked", "promise", promise.id, at=now, collaboration_id=promise.collaboration_id, fields=fields)
    return True


def take_away(writes: WriteSession, member: Member, promise_id: UUID, thing: Thing, now: datetime) -> bool:
    """Takes away what somebody put beside a promise; answers whether it stood there. Raises: NotFound."""
    promise = _own(writes, member, promise_id)
    [(name, id_)] = _found(writes, member, thing, now).items()
    query = select(PromiseLink).where(PromiseLink.collaboration_id == promise.collaboration_id, PromiseLink.promise_id == promise.id)
    row = next((row for row in writes.exec(query) if getattr(row, name) == id_), None)
    if row is None:
        return False
    writes.delete(row)
    writes.flush()
    fields = [name.removesuffix("_id")]
    record(writes, member.actor, "unlinked", "promise", promise.id, at=now, collaboration_id=promise.collaboration_id, fields=fields)
    return True


def _own(writes: WriteSession, member: Member, promise_id: UUID) -> Promise:
    """A promise that this member speaks about as its maker, or for the whole place."""
    query = select(Promise).where(Promise.collaboration_id == member.place.id, Promise.id == promise_id)
    promise = writes.exec(query.with_for_update()).first()
    if promise is None or not speaker_of(member).may_draft_for(promise.maker_id):
        raise NotFound
    return promise


def _found(writes: WriteSession, member: Member, thing: Thing, now: datetime) -> dict[str, UUID]:
    if thing.indicator is not None:
        indicator = find_indicator(writes, member.place.id, thing.indicator)
        if indicator is None:
            raise Invalid(FieldError("indicator", _("There is no indicator with this code.")))
        return {"indicator_id": indicator.id}
    if thing.story is not None:
        reader = Reader(member.place.id, local_day(now, member.place.time_zone), member)
        return {"narrative_id": get_narrative(writes, reader, thing.story).narrative.id}
    if thing.message is not None:
        return {"feedback_id": get_message_row(writes, member, thing.message).id}
    raise Invalid(FieldError("indicator", _("Choose what to put beside it.")))
