"""Asking about the loop: what a sender said later, what became of a message, and which messages led to a promise."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.days import local_day
from service.feedback.desk_queries import visible_to
from service.feedback.models import Feedback, Outcome, Reply, State
from service.loop import rules
from service.loop.models import Addition, Answered, Better, FollowUp, Hop, Look
from service.loop.rules import Undertaking
from service.people.models import Member
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.promises.models import Promise, Standing
from service.tasks.models import Task
from service.themes.models import Theme, ThemeAnswer

MOST_LED = 20
"""Messages that are named on the page of a promise."""

LONGEST_CHAIN = 10
"""Promises that took one another's place and are followed."""


@dataclass(frozen=True, slots=True)
class AdditionCard:
    """What a sender said later, as they and staff read it. `of_last`: of the last answer."""

    answered: Answered | None
    better: Better | None
    body: str | None
    at: datetime
    of_last: bool


@dataclass(frozen=True, slots=True)
class FollowUpCard:
    """What became of it, as staff told it."""

    body: str
    organisation: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Since:
    """What was said of a message after its answer, oldest first. `check`: what the sender says of the last answer."""

    additions: list[AdditionCard]
    follow_ups: list[FollowUpCard]
    check: AdditionCard | None
    may_check: bool
    may_follow_up: bool
    may_reopen: bool


def get_since(reads: ReadSession, message: Feedback) -> Since:
    """What was said of a message after its answer; who may see the message is asked before."""
    last = last_reply(reads, message)
    query = select(Addition).where(Addition.collaboration_id == message.collaboration_id, Addition.feedback_id == message.id)
    rows = reads.exec(query.order_by(col(Addition.at), col(Addition.id)))
    said = [AdditionCard(row.answered, row.better, row.body, row.at, last is not None and row.reply_id == last.id) for row in rows]
    return Since(
        additions=said,
        follow_ups=find_follow_ups(reads, message),
        check=next((one for one in said if one.of_last and one.answered), None),
        may_check=last is not None and message.state not in (State.WITHDRAWN, State.SAFEGUARDING_HOLD),
        may_follow_up=rules.may_follow_up(message.state, message.replied_at),
        may_reopen=rules.may_reopen(message.state),
    )


def find_follow_ups(reads: ReadSession, message: Feedback) -> list[FollowUpCard]:
    """What staff told of what became of it, oldest first."""
    query = (
        columns(FollowUp, col(Organisation.name))
        .join(
            Organisation,
            (col(Organisation.collaboration_id) == FollowUp.collaboration_id) & (col(Organisation.id) == FollowUp.organisation_id),
            isouter=True,
        )
        .where(col(FollowUp.collaboration_id) == message.collaboration_id, col(FollowUp.feedback_id) == answered_with(message))
        .order_by(col(FollowUp.at), col(FollowUp.id))
    )
    return [FollowUpCard(row.body, name, row.at) for row, name in reads.execute(query)]


def answered_with(message: Feedback) -> UUID:
    """The message whose answer is the answer to this one: its own, or that of the one with which it was put together."""
    return message.merged_into_id if message.state == State.MERGED and message.merged_into_id else message.id


def last_reply(reads: ReadSession, message: Feedback) -> Reply | None:
    """The newest answer to a message."""
    query = select(Reply).where(Reply.collaboration_id == message.collaboration_id, Reply.feedback_id == answered_with(message))
    return reads.exec(query.order_by(col(Reply.published_at).desc(), col(Reply.id).desc()).limit(1)).first()


# ---- what was promised -----------------------------------------------------------------------------------------------


def undertakings_of(reads: ReadSession, message: Feedback) -> list[Undertaking]:
    """What the answers to a message said would be done, as it stands."""
    query = select(Reply.promise_id).where(
        Reply.collaboration_id == message.collaboration_id, Reply.feedback_id == message.id, Reply.outcome == Outcome.WILL_DO
    )
    ids = {one for one in reads.exec(query) if one is not None}
    smaller = columns(col(Reply.task_due_on), col(Task.done_on)).join(Task, same_task())
    smaller = smaller.where(col(Reply.collaboration_id) == message.collaboration_id, col(Reply.feedback_id) == message.id)
    tasks = [rules.undertaking_of_task(due_on, done_on) for due_on, done_on in reads.execute(smaller) if due_on]
    return [*find_undertakings(reads, message.collaboration_id, ids).values(), *tasks]


def same_task() -> ColumnElement[bool]:
    """The small thing that an answer says will be done."""
    return and_(col(Task.collaboration_id) == Reply.collaboration_id, col(Task.reply_id) == Reply.id)


def find_undertakings(reads: ReadSession, place_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Undertaking]:
    """By promise: where it stands; a changed one to which the community agreed stands where its successor does."""
    facts = ("id", "standing", "due_on", "settled_on", "successor_id", "community_agreed")
    known: dict[UUID, tuple[Undertaking, UUID | None]] = {}
    wanted = set(ids)
    for _step in range(LONGEST_CHAIN):
        if not wanted:
            break
        query = columns(*(col(getattr(Promise, name)) for name in facts)).where(
            col(Promise.collaboration_id) == place_id, col(Promise.id).in_(wanted)
        )
        for row in reads.execute(query):
            onward = row.successor_id if row.standing == Standing.CHANGED and row.community_agreed else None
            known[row.id] = Undertaking(row.standing, row.due_on, row.settled_on), onward
        wanted = {onward for _one, onward in known.values() if onward and onward not in known}
    return {one: _followed(known, one) for one in ids if one in known}


def _followed(known: Mapping[UUID, tuple[Undertaking, UUID | None]], one: UUID) -> Undertaking:
    for _step in range(LONGEST_CHAIN):
        _found, onward = known[one]
        if onward is None or onward not in known:
            break
        one = onward
    return known[one][0]


def told_on(reads: ReadSession, place: PlaceCard, message: Feedback) -> date | None:
    """The day on which the sender was last told what became of it."""
    query = select(func.max(FollowUp.at)).where(FollowUp.collaboration_id == message.collaboration_id, FollowUp.feedback_id == message.id)
    at: datetime | None = reads.exec(query).one()
    return local_day(at, place.time_zone) if at else None


# ---- both ways -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Led:
    """The messages that led to a promise: how many, and those of them that this member may read, the newest first; and their themes."""

    count: int
    messages: list[tuple[UUID, date, str]]
    themes: list[tuple[UUID, str]]


def count_led(reads: ReadSession, place_id: UUID, promise_id: UUID) -> int:
    """How many messages led to a promise: it was made in the answer to them. Units: messages, exact for one promise."""
    query = select(func.count(func.distinct(Reply.feedback_id))).where(Reply.collaboration_id == place_id, Reply.promise_id == promise_id)
    return reads.exec(query).one()


def find_led(reads: ReadSession, member: Member, promise_id: UUID) -> Led:
    """The messages that led to a promise, for staff."""
    place = member.place
    led = select(Reply.feedback_id).where(Reply.collaboration_id == place.id, Reply.promise_id == promise_id)
    query = (
        columns(col(Feedback.id), col(Feedback.received_at), col(Feedback.body), col(Feedback.want), col(Feedback.gap))
        .where(visible_to(member), col(Feedback.id).in_(led))
        .order_by(col(Feedback.received_at).desc(), col(Feedback.id))
        .limit(MOST_LED)
    )
    rows = [
        (row.id, local_day(row.received_at, place.time_zone), (row.body or row.want or row.gap or "")[:80]) for row in reads.execute(query)
    ]
    return Led(count_led(reads, place.id, promise_id), rows, _find_themes(reads, place.id, promise_id))


def find_shown_themes(reads: ReadSession, place_id: UUID, promise_id: UUID) -> list[str]:
    """The themes that a promise was made to all of, by name, as far as everybody reads them."""
    return [name for _id, name in _find_themes(reads, place_id, promise_id, col(Theme.shown_at).is_not(None))]


def _find_themes(reads: ReadSession, place_id: UUID, promise_id: UUID, *which: ColumnElement[bool]) -> list[tuple[UUID, str]]:
    same = and_(col(ThemeAnswer.collaboration_id) == Theme.collaboration_id, col(ThemeAnswer.theme_id) == Theme.id)
    answered = and_(col(ThemeAnswer.promise_id) == promise_id, col(ThemeAnswer.published_at).is_not(None))
    query = columns(col(Theme.id), col(Theme.name)).join(ThemeAnswer, same).where(col(Theme.collaboration_id) == place_id, answered, *which)
    return [(theme_id, name) for theme_id, name in reads.execute(query.distinct().order_by(col(Theme.name)))]


def find_look(reads: ReadSession, message: Feedback) -> date | None:
    """The day on which a message was last opened with its code."""
    found = reads.get(Look, (message.collaboration_id, message.id))
    return found.day if found else None


def is_anything_to_tell(reads: ReadSession) -> bool:
    """Whether somebody waits to be told of something, anywhere."""
    return reads.exec(select(Hop.id).where(col(Hop.told_at).is_(None)).limit(1)).first() is not None
