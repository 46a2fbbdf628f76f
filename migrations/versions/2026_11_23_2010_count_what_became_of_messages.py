"""Count what became of messages, beside the counts that are kept already.

Why: The account read every answered message anew to say where its loop stands, and so took longer the more people had spoken.
Safe for the running release: yes, it does not know these counts. What it changes meanwhile is put right by `said verify --mend`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from migrations import column_types

revision = "2026_11_23_2010"
down_revision = "2026_11_23_1900"

SUBJECTS = ("loop", "loop_with", "loop_with_waiting", "said_do", "judged")
OPEN = ("received", "acknowledged", "routed", "in_review", "reopened", "safeguarding_hold")
NOWHERE = UUID(int=0)
AT_ONCE = 1_000

Key = tuple[UUID, UUID]


def table(name: str, **kinds: Any) -> sa.TableClause:
    return sa.table(name, sa.column("collaboration_id", sa.Uuid), *(sa.column(column, kind) for column, kind in kinds.items()))


text, moment, day, id_ = sa.String, column_types.Moment, column_types.Day, sa.Uuid
message = table("feedback", id=id_, merged_into_id=id_, state=text, captured_by=text, received_at=moment, replied_at=moment)
reply = table("reply", id=id_, feedback_id=id_, outcome=text, promise_id=id_, task_due_on=day, published_at=moment)
task = table("task", reply_id=id_, done_on=day)
follow_up = table("follow_up", feedback_id=id_, at=moment)
addition = table("addition", id=id_, feedback_id=id_, answered=text, better=text, at=moment)
rollup = table("rollup", subject=text, period=text, area_id=id_, cell=text, slot=sa.Integer, count=sa.Integer)


def upgrade() -> None:
    bind = op.get_bind()
    place = sa.table("collaboration", sa.column("id", sa.Uuid), sa.column("time_zone", sa.String))
    zones = {place_id: ZoneInfo(zone) for place_id, zone in bind.execute(sa.select(place.c.id, place.c.time_zone))}
    cells: Counter[tuple[UUID, str, str, str]] = Counter()
    said = _what_was_said(bind, zones, cells)
    stands = {(row.collaboration_id, row.id): _standing(row, said) for row in _heads(bind)}
    judged = _what_was_judged(bind)
    counts = sa.select(message).where(message.c.captured_by != "import", message.c.state.not_in(("withdrawn", "not_feedback")))
    for row in bind.execute(counts.execution_options(yield_per=AT_ONCE)):
        key: Key = (row.collaboration_id, row.id)
        received = _day(row.received_at, zones[row.collaboration_id]).isoformat()
        if row.state == "merged":
            waiting = "" if row.replied_at else "_waiting"
            cells[key[0], f"loop_with{waiting}", received, stands[key[0], row.merged_into_id]] += 1
        elif (standing := _standing(row, said)) not in ("unanswered", "closed"):
            cells[key[0], "loop", received, standing] += 1
        if key in judged:
            cells[key[0], "judged", received, judged[key]] += 1
    rows = [
        {"collaboration_id": place_id, "subject": subject, "period": period, "area_id": NOWHERE, "cell": cell, "slot": 0, "count": count}
        for (place_id, subject, period, cell), count in sorted(cells.items())
    ]
    for begin in range(0, len(rows), AT_ONCE):
        bind.execute(rollup.insert(), rows[begin : begin + AT_ONCE])


def downgrade() -> None:
    op.execute(rollup.delete().where(rollup.c.subject.in_(SUBJECTS)))


def _what_was_said(bind: sa.Connection, zones: dict[UUID, ZoneInfo], cells: Counter[tuple[UUID, str, str, str]]) -> dict[Key, str]:
    """What the answers to each message said would be done, as its cell; counts each answer that said so."""
    told: dict[Key, date] = {}
    last = sa.select(follow_up.c.collaboration_id, follow_up.c.feedback_id, sa.func.max(follow_up.c.at, type_=moment()))
    for place_id, message_id, at in bind.execute(last.group_by(follow_up.c.collaboration_id, follow_up.c.feedback_id)):
        told[place_id, message_id] = _day(at, zones[place_id])
    its_task = sa.and_(task.c.collaboration_id == reply.c.collaboration_id, task.c.reply_id == reply.c.id)
    query = sa.select(reply, task.c.done_on).select_from(reply.outerjoin(task, its_task)).where(reply.c.outcome == "will_do")
    found: dict[Key, list[str]] = defaultdict(list)
    for row in bind.execute(query):
        key: Key = (row.collaboration_id, row.feedback_id)
        on = told.get(key)
        given = _day(row.published_at, zones[key[0]]).isoformat()[:7]
        if row.promise_id:
            cells[key[0], "said_do", given, row.promise_id.hex] += 1
            one = f"{row.promise_id.hex}{_short(on)}"
        else:
            cells[key[0], "said_do", given, f"{_short(row.task_due_on)}.{_short(row.done_on)}."] += 1
            one = f"{_short(row.task_due_on)}.{_short(row.done_on)}.{_short(on)}"
        if row.promise_id is None or one not in found[key]:
            found[key].append(one)
    return {key: one[0] if len(one) == 1 else "several" for key, one in found.items()}


def _what_was_judged(bind: sa.Connection) -> dict[Key, str]:
    query = sa.select(addition).where(addition.c.answered.is_not(None)).order_by(addition.c.at, addition.c.id)
    return {(row.collaboration_id, row.feedback_id): row.better or "" for row in bind.execute(query)}


def _heads(bind: sa.Connection) -> Iterator[Any]:
    """The messages with which others were put together."""
    with_others = sa.select(message.c.collaboration_id, message.c.merged_into_id).where(message.c.merged_into_id.is_not(None)).distinct()
    named = with_others.subquery()
    same = sa.and_(message.c.collaboration_id == named.c.collaboration_id, message.c.id == named.c.merged_into_id)
    yield from bind.execute(sa.select(message).join(named, same))


def _standing(row: Any, said: dict[Key, str]) -> str:
    if row.replied_at is None:
        return "unanswered"
    if row.state == "loop_closed":
        return "closed"
    if row.state in OPEN:
        return "open_again"
    return said.get((row.collaboration_id, row.id), "answered") if row.state == "replied" else "answered"


def _day(at: Any, zone: ZoneInfo) -> date:
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found.astimezone(zone).date()


def _short(value: Any) -> str:
    return str(value).replace("-", "") if value else ""
