"""Asking what waits for a member: one list of messages, stories and promises, the oldest duty first.

What may be seen, and what somebody owes, is decided by the queries of each feature; here they are only put together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from service.database import ReadSession
from service.days import local_day
from service.elsewhere.models import Said
from service.elsewhere.waiting_queries import find_told
from service.feedback import desk_queries as messages
from service.feedback.desk_queries import MessageRow
from service.feedback.draft_queries import find_proposed
from service.feedback.rules import OPEN
from service.inbox.models import Ask, OtherRow, Part, Wanted
from service.inbox.other_queries import OTHERS, find_rows
from service.inbox.part_queries import count_rows, find_ids
from service.inbox.rules import parts_for
from service.narratives import queries as stories
from service.narratives.models import Kind, StoryState
from service.people.models import Member
from service.promises import queries as promises
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
    """One thing in the list, and what is asked of this member. It is a message, or a story, or a promise, or something else."""

    asks: tuple[Ask, ...]
    since: date
    message: MessageRow | None = None
    story: StoryRow | None = None
    promise: PromiseRow | None = None
    other: OtherRow | None = None
    says: Said | None = None
    """What another system says of the message, where nobody has dealt with that."""


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
    """The messages that this member may read, and that wait for an answer."""
    beside: list[int]
    """How many rows each of the lists has that were asked for beside this one."""
    late: int
    """How many of these are late: of all that this member owes, else of the messages that wait for others to answer."""


def find_inbox(
    reads: ReadSession,
    member: Member,
    wanted: Wanted,
    now: datetime,
    *,
    after: tuple[datetime, UUID] | None = None,
    beside: Sequence[Wanted] = (),
) -> Inbox:
    """One part of the inbox, the oldest duty first; what is answered, the latest first. `beside`: lists to count as well."""
    today = local_day(now, member.place.time_zone)
    found = find_ids(reads, member, wanted, today, most=MOST + 1, after=after)
    plain = Wanted(wanted.part)
    parts = parts_for(member.grants)
    asked = [(wanted, part) for part in parts] + [(plain, Part.DUTIES), (plain, Part.OWED), (plain, Part.TASKS)]
    asked += [(one, one.part) for one in beside]
    counts = count_rows(reads, member, asked, today)
    return Inbox(
        rows=_rows(reads, member, found[:MOST], now),
        next=cursor_of(found[MOST - 1][2], found[MOST - 1][1]) if len(found) > MOST else None,
        counts=dict(zip(parts, counts[: len(parts)], strict=True)),
        duties=counts[len(parts)],
        owed=counts[len(parts) + 1],
        beside=counts[len(parts) + 3 :],
        late=messages.count_late(reads, member, now, owed=Part.DUTIES in parts) + counts[len(parts) + 2],
    )


def find_next(
    reads: ReadSession, member: Member, wanted: Wanted, now: datetime, *, beyond: tuple[datetime, UUID]
) -> tuple[Row | None, int]:
    """What comes after the message that stands `beyond`, at the end of the list its first again; and how many rows the list has."""
    today = local_day(now, member.place.time_zone)
    for after in (beyond, None):
        found = [one for one in find_ids(reads, member, wanted, today, most=3, after=after) if one[1] != beyond[1]]
        if rows := _rows(reads, member, found, now):
            return rows[0], count_rows(reads, member, [(wanted, wanted.part)], today)[0]
    return None, 0


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


# ---- the rows --------------------------------------------------------------------------------------------------------


def _rows(reads: ReadSession, member: Member, found: Sequence[tuple[str, UUID, datetime]], now: datetime) -> list[Row]:
    """The rows in their order; what somebody took away meanwhile is left out."""
    ids: dict[str, list[UUID]] = {"message": [], "story": [], "promise": []}
    for what, row_id, _at in found:
        ids.setdefault(what, []).append(row_id)
    sent = messages.find_message_rows(reads, member, ids["message"], now)
    proposed = find_proposed(reads, member, ids["message"])
    says = find_told(reads, member, ids["message"])
    told = _find_stories(reads, member, ids["story"], now)
    made = _find_promises(reads, member, ids["promise"], now)
    others = find_rows(reads, member, ids)
    rows = []
    for what, row_id, at in found:
        since = local_day(at, member.place.time_zone)
        if what == "message" and row_id in sent:
            row = sent[row_id]
            asks = [Ask.ANSWER] if row.may_answer and row.state in OPEN else []
            asks += [Ask.SHOW] if row.may_show else []
            asks += [Ask.CHECK] if row_id in proposed else []
            asks += [Ask.TELL] if row_id in says else []
            rows.append(Row(tuple(asks), since, message=row, says=says.get(row_id)))
        elif what == "story" and row_id in told:
            rows.append(Row((Ask.CHECK,), since, story=told[row_id]))
        elif what == "promise" and row_id in made:
            rows.append(Row((Ask.CHECK,), since, promise=made[row_id]))
        elif what in OTHERS and row_id in others:
            rows.append(Row((Ask.CHECK,), since, other=others[row_id]))
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
