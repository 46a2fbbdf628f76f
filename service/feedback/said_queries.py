"""What was said and what was done, for everybody to read: what is still open, what was done, where the answer was no.

Only messages whose words everybody may read, each with its last answer. Nothing is counted: in one area that could point at somebody.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.days import local_day, week_of
from service.feedback import rules
from service.feedback.models import Feedback, Kind, NoKind, Outcome, Reply, State
from service.feedback.published import is_published
from service.places.models import Area, Organisation
from service.places.queries import PlaceCard
from service.promises.models import Promise, Side, Standing
from service.promises.rules import is_overdue
from service.tasks.models import Task, TaskOut
from service.tasks.queries import task_out


class Part(StrEnum):
    """Where a message stands on the page, in its order."""

    OPEN = "open"
    DONE = "done"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Promised:
    """The promise that an answer made, and how it stands."""

    id: UUID
    words: str
    standing: Standing
    due_on: date | None
    overdue: bool
    released_by: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said and what came of it. `week` is the Monday of the week in which it was first shown, `answered` the answer's."""

    id: UUID
    week: date
    kind: Kind | None
    said: str | None
    language: str | None
    area: str | None
    whole_place: bool
    outcome: Outcome | None
    answer: str | None
    reason: str | None
    no_kind: NoKind | None
    by: str | None
    answered: date | None
    answer_id: UUID | None
    """The same for the same answer, and tells nothing of when it was given."""
    asked_again: bool
    """Its sender says that the answer was none, or nothing came of it."""
    promised: Promised | None
    task: TaskOut | None


Cursor = tuple[date, UUID]

_CAME_TRUE = or_(
    col(Reply.outcome).in_([Outcome.DONE, Outcome.ALREADY_DOING]),
    and_(col(Reply.outcome) == Outcome.WILL_DO, or_(col(Promise.standing) == Standing.KEPT, col(Task.done_on).is_not(None))),
)
_GOES_ON = or_(
    col(Reply.id).is_(None),
    col(Reply.outcome).in_([Outcome.NEED_MORE, Outcome.PASSED_ON]),
    and_(
        col(Reply.outcome) == Outcome.WILL_DO,
        or_(col(Promise.standing) != Standing.KEPT, and_(col(Task.reply_id).is_not(None), col(Task.done_on).is_(None))),
    ),
)
_AGAIN = col(Feedback.state) == State.REOPENED
PARTS: dict[Part, Any] = {
    Part.OPEN: or_(_AGAIN, _GOES_ON),
    Part.DONE: and_(col(Feedback.state) != State.REOPENED, _CAME_TRUE),
    Part.NO: and_(col(Feedback.state) != State.REOPENED, col(Reply.outcome) == Outcome.CANNOT_DO),
}
"""Which messages stand where. Thanks alone stand nowhere: there was nothing to do."""


def find_said(  # noqa: PLR0913 (each narrows the list)
    reads: ReadSession,
    place: PlaceCard,
    today: date,
    part: Part,
    *,
    area: str | None = None,
    no_kind: NoKind | None = None,
    after: Cursor | None = None,
    most: int,
) -> list[Said]:
    """One part of the page: what is open with the longest shown first, the others with the newest first."""
    oldest_first = part == Part.OPEN
    week = col(Feedback.published_on)
    query = _rows(place).where(PARTS[part]).order_by(week if oldest_first else week.desc(), col(Feedback.public_id)).limit(most)
    if area is not None:
        query = query.where(Area.code == area)
    if no_kind is not None:
        query = query.where(func.coalesce(col(Reply.no_kind), NoKind.OTHER.value) == no_kind.value)
    if after is not None:
        same_week = and_(week == after[0], col(Feedback.public_id) > after[1])
        query = query.where(or_(same_week, week > after[0] if oldest_first else week < after[0]))
    return [_said(place, today, *row) for row in reads.execute(query)]


def find_newest(reads: ReadSession, place: PlaceCard, today: date, most: int) -> list[Said]:
    """The newest answers that say what was or will be done, or that it cannot be, with a no among them where there is one."""
    shown = or_(
        *(PARTS[part] for part in (Part.DONE, Part.NO)), and_(col(Reply.outcome) == Outcome.WILL_DO, col(Feedback.state) != State.REOPENED)
    )
    newest = _rows(place).where(shown, col(Feedback.body).is_not(None))
    query = newest.order_by(col(Feedback.published_on).desc(), col(Feedback.public_id)).limit(
        8 * most
    )  # by an index, however many there are
    found = sorted((_said(place, today, *row) for row in reads.execute(query)), key=lambda one: one.answered or one.week, reverse=True)
    chosen, noes = found[:most], [one for one in found if one.outcome == Outcome.CANNOT_DO]
    return [*chosen[: most - 1], noes[0]] if noes and not any(one in noes for one in chosen) else chosen


def find_answers(reads: ReadSession, place: PlaceCard, today: date, *, area: str | None = None, most: int) -> list[Said]:
    """The messages that were answered last, whatever the answer says, the newest first."""
    query = _rows(place).where(col(Reply.id).is_not(None)).order_by(col(Reply.published_at).desc(), col(Reply.id)).limit(most)
    if area is not None:
        query = query.where(Area.code == area)
    return [_said(place, today, *row) for row in reads.execute(query)]


def cursor_of(row: Said) -> str:
    """Where the next page of a part begins."""
    return f"{row.week.isoformat()}~{row.id.hex}"


def _rows(place: PlaceCard) -> Any:
    """Every message that everybody may read, with its last answer. One that was merged stands with the one it was merged into."""
    newest = (
        select(Reply.id)
        .where(Reply.collaboration_id == Feedback.collaboration_id, Reply.feedback_id == Feedback.id)
        .order_by(col(Reply.published_at).desc(), col(Reply.id).desc())
        .limit(1)
        .correlate(Feedback)
        .scalar_subquery()
    )
    return (
        columns(Feedback, Reply, Promise, Task, col(Area.name), col(Organisation.name))
        .select_from(Feedback)
        .join(Reply, _same(Reply, newest), isouter=True)
        .join(Promise, _same(Promise, Reply.promise_id), isouter=True)
        .join(Task, and_(col(Task.collaboration_id) == Feedback.collaboration_id, col(Task.reply_id) == Reply.id), isouter=True)
        .join(Area, _same(Area, Feedback.area_id), isouter=True)
        .join(Organisation, _same(Organisation, Reply.organisation_id), isouter=True)
        .where(is_published(place.id), col(Feedback.state) != State.MERGED)
    )


def _same(table: Any, column: Any) -> ColumnElement[bool]:
    return and_(col(table.collaboration_id) == Feedback.collaboration_id, col(table.id) == column)


def _said(  # noqa: PLR0913 (the columns of a row)
    place: PlaceCard,
    today: date,
    message: Feedback,
    reply: Reply | None,
    promise: Promise | None,
    task: Task | None,
    area: str | None,
    by: str | None,
) -> Said:
    return Said(
        id=message.public_id,
        week=message.published_on or today,
        kind=message.kind,
        said=message.body or message.want or message.have or message.gap,
        language=message.language,
        area=area,
        whole_place=message.whole_place,
        outcome=reply.outcome if reply else None,
        answer=reply.body if reply else None,
        reason=reply.reason if reply else None,
        no_kind=rules.kind_of_no(reply.outcome, reply.no_kind) if reply else None,
        by=by,
        answered=week_of(local_day(reply.published_at, place.time_zone)) if reply else None,
        answer_id=uuid5(message.public_id, reply.id.hex) if reply else None,
        asked_again=message.state == State.REOPENED,
        promised=_promised(promise, today) if promise else None,
        task=task_out(task, reply.task_due_on, today) if reply else None,
    )


def _promised(promise: Promise, today: date) -> Promised:
    overdue = is_overdue(Side(promise.side), Standing(promise.standing), promise.due_on, today)
    words = promise.summary or promise.text
    return Promised(promise.id, words, Standing(promise.standing), promise.due_on, overdue, promise.released_by)
