"""Asking what waits for a member: one list of messages, stories and promises, the oldest duty first.

What may be seen, and what somebody owes, is decided by the queries of each feature; here they are only put together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, union_all
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.days import local_day
from service.feedback import desk_queries as messages
from service.feedback.desk_queries import MessageRow
from service.feedback.models import Feedback, State
from service.feedback.routing_queries import taken_on_by
from service.feedback.rules import OPEN
from service.inbox.models import NONE, Ask, Part, Wanted, Whose
from service.inbox.rules import parts_for
from service.narratives import queries as stories
from service.narratives.models import Kind, Narrative, StoryState
from service.people.models import Member
from service.places.models import Area, Organisation, Topic
from service.places.rules import WHOLE_PLACE
from service.promises import queries as promises
from service.promises.models import Promise
from service.promises.queries import PromiseRow
from service.tables import moment_text

EXCERPT = 280
"""Characters of a story in the list."""

MOST = 50
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story that waits to be checked."""

    id: UUID
    kind: Kind
    state: StoryState
    title: str | None
    excerpt: str
    cut: bool
    language: str | None
    area: str | None
    whole_place: bool
    organisation: str | None
    occurred_on: date


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in the list, and what is asked of this member. It is a message, or a story, or a promise."""

    asks: tuple[Ask, ...]
    since: date
    message: MessageRow | None = None
    story: StoryRow | None = None
    promise: PromiseRow | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox. `counts`: how many rows each part has, narrowed as this one is.

    Units: messages, stories and promises, never people; a message that asks for an answer and for a decision is one row.
    """

    rows: list[Row]
    next: str | None
    counts: dict[Part, int]
    duties: int
    """All that this member owes, however the list is narrowed."""
    owed: int
    late: int
    """Of all the messages that this member may read: those that wait for an answer, and those that wait too long."""


def find_inbox(reads: ReadSession, member: Member, wanted: Wanted, now: datetime, *, after: tuple[datetime, UUID] | None = None) -> Inbox:
    """One part of the inbox, the oldest duty first; what is answered, the latest first."""
    today = local_day(now, member.place.time_zone)
    newest_first = wanted.part == Part.ANSWERED
    everything = union_all(*_sources(member, wanted, wanted.part, today)).subquery()
    order = (everything.c.at, everything.c.id)
    query = columns(everything.c.what, everything.c.id, everything.c.at)
    if after:
        at, last = after
        beyond = everything.c.at < at if newest_first else everything.c.at > at
        tie = everything.c.id < last if newest_first else everything.c.id > last
        query = query.where(or_(beyond, and_(everything.c.at == at, tie)))
    found = reads.execute(query.order_by(*(column.desc() if newest_first else column for column in order)).limit(MOST + 1)).all()
    plain = Wanted(wanted.part)
    return Inbox(
        rows=_rows(reads, member, [(what, row_id, at) for what, row_id, at in found[:MOST]], now),
        next=cursor_of(found[MOST - 1].at, found[MOST - 1].id) if len(found) > MOST else None,
        counts={part: _count(reads, member, wanted, part, today) for part in parts_for(member.grants)},
        duties=_count(reads, member, plain, Part.DUTIES, today),
        owed=_count(reads, member, plain, Part.OWED, today),
        late=messages.count_late(reads, member, now),
    )


def cursor_of(at: datetime, row_id: UUID) -> str:
    """Where the next page begins."""
    return f"{moment_text(at)}~{row_id.hex}"


def read_cursor(text: str) -> tuple[datetime, UUID] | None:
    """What `cursor_of` wrote; None for anything else."""
    try:
        at, _tilde, last = text.partition("~")
        return datetime.fromisoformat(at).astimezone(UTC), UUID(hex=last)
    except (ValueError, OverflowError):
        return None


def _count(reads: ReadSession, member: Member, wanted: Wanted, part: Part, today: date) -> int:
    everything = union_all(*_sources(member, wanted, part, today)).subquery()
    return int(reads.execute(columns(func.count()).select_from(everything)).scalar_one())


# ---- what belongs to a part ------------------------------------------------------------------------------------------

STATES = {
    Part.OWED: OPEN,
    Part.UNREAD: (State.RECEIVED, State.ACKNOWLEDGED),
    Part.ANSWERED: (State.REPLIED, State.LOOP_CLOSED),
}


def _sources(member: Member, wanted: Wanted, part: Part, today: date) -> Sequence[Any]:
    """What the part holds: what it is, its id, and the moment since when it waits."""
    about_messages = bool(wanted.topic or wanted.kind or wanted.whose == Whose.MINE)
    found = [_messages(member, wanted, part)]
    if part in (Part.DUTIES, Part.STORIES) and not about_messages:
        found.append(_stories(member, wanted, today))
    if part in (Part.DUTIES, Part.PROMISES) and not about_messages:
        found.append(_promises(member, wanted))
    return found


def _messages(member: Member, wanted: Wanted, part: Part) -> Any:
    if part == Part.DUTIES:
        here = or_(messages.owed_by(member), messages.to_decide_by(member))
    elif part == Part.OFFERED:
        here = messages.to_decide_by(member)
    else:
        here = and_(messages.visible_to(member), col(Feedback.state).in_(STATES.get(part, ())))
    query: Any = columns(literal("message").label("what"), col(Feedback.id).label("id"), col(Feedback.received_at).label("at")).where(here)
    if wanted.topic:
        query = query.where(col(Feedback.topic_id) == _named(Topic, member, wanted.topic))
    if wanted.kind:
        query = query.where(col(Feedback.kind) == wanted.kind)
    if wanted.whose:
        query = query.where(taken_on_by(member.person.staff_id if wanted.whose == Whose.MINE else None))
    return _narrowed(query, Feedback, col(Feedback.organisation_id), member, wanted)


def _stories(member: Member, wanted: Wanted, today: date) -> Any:
    here = stories.to_check_by(member, today)
    query: Any = columns(literal("story").label("what"), col(Narrative.public_id).label("id"), col(Narrative.submitted_at).label("at"))
    return _narrowed(query.where(here), Narrative, col(Narrative.organisation_id), member, wanted)


def _promises(member: Member, wanted: Wanted) -> Any:
    query: Any = columns(literal("promise").label("what"), col(Promise.id).label("id"), promises.waits_since().label("at"))
    return _narrowed(query.where(promises.to_check_by(member)), Promise, col(Promise.maker_id), member, wanted)


def _narrowed(query: Any, table: Any, organisation_id: Any, member: Member, wanted: Wanted) -> Any:
    """Where it is about and with whom it is: asked alike of messages, stories and promises."""
    if wanted.area == WHOLE_PLACE:
        query = query.where(table.whole_place)
    elif wanted.area == NONE:
        query = query.where(table.area_id.is_(None), ~table.whole_place)
    elif wanted.area:
        query = query.where(table.area_id == _named(Area, member, wanted.area))
    if wanted.organisation == NONE:
        query = query.where(organisation_id.is_(None))
    elif wanted.organisation:
        query = query.where(organisation_id == _named(Organisation, member, wanted.organisation))
    return query


def _named(table: Any, member: Member, code: str) -> Any:
    return columns(table.id).where(table.collaboration_id == member.place.id, table.code == code).scalar_subquery()


# ---- the rows --------------------------------------------------------------------------------------------------------


def _rows(reads: ReadSession, member: Member, found: list[tuple[str, UUID, datetime]], now: datetime) -> list[Row]:
    """The rows in their order; what somebody took away meanwhile is left out."""
    ids: dict[str, list[UUID]] = {"message": [], "story": [], "promise": []}
    for what, row_id, _at in found:
        ids[what].append(row_id)
    sent = messages.find_message_rows(reads, member, ids["message"], now)
    told = _find_stories(reads, member, ids["story"], now)
    made = _find_promises(reads, member, ids["promise"], now)
    rows = []
    for what, row_id, at in found:
        since = local_day(at, member.place.time_zone)
        if what == "message" and row_id in sent:
            row = sent[row_id]
            asks = [Ask.ANSWER] if row.may_answer and row.state in OPEN else []
            asks += [Ask.SHOW] if row.may_show else []
            rows.append(Row(tuple(asks), since, message=row))
        elif what == "story" and row_id in told:
            rows.append(Row((Ask.CHECK,), since, story=told[row_id]))
        elif what == "promise" and row_id in made:
            rows.append(Row((Ask.CHECK,), since, promise=made[row_id]))
    return rows


def _find_stories(reads: ReadSession, member: Member, ids: list[UUID], now: datetime) -> dict[UUID, StoryRow]:
    if not ids:
        return {}
    reader = stories.Reader(member.place.id, local_day(now, member.place.time_zone), member)
    return {
        row.id: StoryRow(
            id=row.id,
            kind=row.narrative.kind,
            state=row.narrative.state,
            title=row.narrative.title,
            excerpt=(row.narrative.body or "")[:EXCERPT],
            cut=len(row.narrative.body or "") > EXCERPT,
            language=row.narrative.language,
            area=row.area,
            whole_place=row.narrative.whole_place,
            organisation=row.organisation,
            occurred_on=row.narrative.occurred_on,
        )
        for row in stories.find_narratives(reads, reader, stories.Wanted(ids=ids))
    }


def _find_promises(reads: ReadSession, member: Member, ids: list[UUID], now: datetime) -> dict[UUID, PromiseRow]:
    if not ids:
        return {}
    today = local_day(now, member.place.time_zone)
    return {row.id: row for row in promises.find_promises(reads, member.place.id, today, promises.Wanted(ids=ids))}
