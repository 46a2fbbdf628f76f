"""Doing: giving an answer to everybody who told of a theme, and telling them later what became of it; a few at a time, each once."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, literal
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert as insert_or_leave  # its ON CONFLICT compiles on SQLite as well
from sqlmodel import col, select

from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.feedback.answer_models import Came
from service.feedback.desk_queries import get_message_row
from service.feedback.draft_models import task_of
from service.feedback.many_actions import reply_to_one
from service.feedback.models import Feedback, Reply, ReplyIn
from service.journal.actions import record
from service.language import _
from service.loop.actions import follow_up
from service.people.models import Member
from service.people.queries import find_at_work
from service.places.models import Collaboration
from service.places.queries import get_place
from service.tasks.guards import finish_tasks
from service.themes import rules
from service.themes.giving_models import ThemeGiving, ThemeNews
from service.themes.giving_queries import may_have, on_its_way
from service.themes.models import ThemeAnswer
from service.themes.queries import get_theme_answer

AT_ONCE = 10
"""Messages that are worked through in one transaction: nobody else's write waits longer than that."""

_giving = ThemeGiving.__table__  # type: ignore[attr-defined]

# ---- the answer ------------------------------------------------------------------------------------------------------


def give_to_all(writes: WriteSession, member: Member, theme_id: UUID, answer_id: UUID, now: datetime) -> Counter[Came]:
    """Everybody of a theme to whom this member owes an answer now gets this one: the first few at once, the rest soon after, by itself.

    Units: messages that have it now; who gets it is noted, so that nobody who tells of it later does.
    Raises: NotFound where it is not given yet, Conflict where the day that it names has passed.
    """
    answer = get_theme_answer(writes, member, theme_id, answer_id)
    if answer.published_at is None:
        raise NotFound
    if not rules.may_go_on(answer.promised, local_day(now, member.place.time_zone)):
        raise Conflict(_("The day by which this was to be done has passed. Write them an answer of their own."))
    here = columns(literal(answer.collaboration_id, _giving.c.collaboration_id.type), literal(answer.id, _giving.c.answer_id.type))
    asked = (literal(member.person.staff_id, _giving.c.asked_by.type), literal(now, _giving.c.asked_at.type))
    names = ["collaboration_id", "answer_id", "feedback_id", "asked_by", "asked_at"]
    query = here.add_columns(col(Feedback.id), *asked).where(may_have(member, answer)).order_by(col(Feedback.id))
    noted = insert_or_leave(_giving).from_select(names, query)
    again: dict[str, Any] = {"asked_by": noted.excluded.asked_by, "asked_at": noted.excluded.asked_at, "came": None}
    writes.execute(noted.on_conflict_do_update(index_elements=names[:3], set_=again))
    return _give(writes, member, answer, now)


def give_next(writes: WriteSession, now: datetime) -> bool:
    """Gives the answer that waits longest to the next few; answers whether there was any."""
    waiting = select(ThemeGiving).where(on_its_way()).order_by(col(ThemeGiving.asked_at), col(ThemeGiving.feedback_id)).limit(1)
    first = writes.exec(waiting.with_for_update(skip_locked=True)).first()
    if first is None:
        return False
    answer = writes.get_one(ThemeAnswer, (first.collaboration_id, first.answer_id))
    member = _at_work(writes, first.collaboration_id, first.asked_by)
    if member is None:  # whoever said so works here no more: those who are left wait for somebody else's answer
        for row in _next(writes, answer, first.asked_by):
            _came(writes, row, Came.NOT_YOURS)
    else:
        _give(writes, member, answer, now)
    return True


def _give(writes: WriteSession, member: Member, answer: ThemeAnswer, now: datetime) -> Counter[Came]:
    counts: Counter[Came] = Counter()
    for row in _next(writes, answer, member.person.staff_id):
        came, given = Came.ANSWERED, None
        if not _has_another(writes, row):
            came, given = _given(writes, member, answer, row.feedback_id, now)
        _came(writes, row, came, given)
        counts[came] += 1
    writes.flush()
    return counts


def _next(writes: WriteSession, answer: ThemeAnswer, asked_by: UUID) -> list[ThemeGiving]:
    query = select(ThemeGiving).where(ThemeGiving.collaboration_id == answer.collaboration_id, ThemeGiving.answer_id == answer.id)
    query = query.where(on_its_way(), ThemeGiving.asked_by == asked_by).order_by(col(ThemeGiving.feedback_id)).limit(AT_ONCE)
    return list(writes.exec(query.with_for_update(skip_locked=True)))


def _given(writes: WriteSession, member: Member, answer: ThemeAnswer, message_id: UUID, now: datetime) -> tuple[Came, Reply | None]:
    """Whoever gives what somebody else wrote has looked at it."""
    said = {"outcome": answer.outcome, "body": answer.body, "reason": answer.reason, "no_kind": answer.no_kind}
    given = ReplyIn.model_validate({**said, "promise": answer.promise_id, "task": task_of(answer.promised)})
    looked = answer.checked_by or (member.person.staff_id if member.person.staff_id != answer.staff_id else None)
    try:
        came, reply = reply_to_one(writes, member, message_id, given, now, written_by=answer.staff_id if looked else None)
    except Invalid:  # the day that it names passed while it was on its way
        return Came.NOT_YOURS, None
    if reply is not None:
        reply.checked_by = looked
        writes.add(reply)
    return came, reply


def _has_another(writes: WriteSession, row: ThemeGiving) -> bool:
    """Whether somebody answered it since: opened again after that, it waits for more than what all are told."""
    query = select(Reply.id).where(Reply.collaboration_id == row.collaboration_id, Reply.feedback_id == row.feedback_id)
    return writes.exec(query.where(col(Reply.published_at) > row.asked_at)).first() is not None


def _came(writes: WriteSession, row: ThemeGiving, came: Came, given: Reply | None = None) -> None:
    row.came, row.reply_id = came, given.id if given else row.reply_id
    writes.add(row)


def _at_work(writes: WriteSession, place_id: UUID, staff_id: UUID) -> Member | None:
    place = get_place(writes, writes.get_one(Collaboration, place_id).slug)
    return find_at_work(writes, staff_id, place)


# ---- what became of it -----------------------------------------------------------------------------------------------


def tell_all(  # noqa: PLR0913 (each is a fact of what is told)
    writes: WriteSession, member: Member, theme_id: UUID, answer_id: UUID, words: str, now: datetime, *, done: bool = False
) -> UUID:
    """Tells everybody who has an answer to a theme what became of it, a few at a time; answers its id.

    `done`: with these words, the small thing that the answer said is done.
    Raises: NotFound, Invalid without words, Conflict where not everybody has the answer yet.
    """
    answer = get_theme_answer(writes, member, theme_id, answer_id)
    if not words:
        raise Invalid(FieldError("news", _("Write what became of it.")))
    here = (ThemeGiving.collaboration_id == answer.collaboration_id, ThemeGiving.answer_id == answer.id)
    if answer.published_at is None or writes.exec(select(ThemeGiving.feedback_id).where(*here, on_its_way())).first():
        raise Conflict(_("The answer is still on its way. Once everybody has it, you can say what became of it."))
    row = ThemeNews(
        collaboration_id=answer.collaboration_id, answer_id=answer.id, body=words, done=done, staff_id=member.person.staff_id, at=now
    )
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "followed_up", "theme", theme_id, at=now, collaboration_id=member.place.id)
    _tell(writes, member, row, now)
    return row.id


def tell_next(writes: WriteSession, now: datetime) -> bool:
    """Tells the next few what became of their answer; answers whether anybody was left."""
    waiting = select(ThemeNews).where(col(ThemeNews.told_at).is_(None)).order_by(col(ThemeNews.at), col(ThemeNews.id)).limit(1)
    row = writes.exec(waiting.with_for_update(skip_locked=True)).first()
    if row is None:
        return False
    member = _at_work(writes, row.collaboration_id, row.staff_id)
    if member is None:
        row.told_at = now
        writes.add(row)
        writes.flush()
    else:
        _tell(writes, member, row, now)
    return True


def _tell(writes: WriteSession, member: Member, row: ThemeNews, now: datetime) -> None:
    had = and_(col(ThemeGiving.collaboration_id) == row.collaboration_id, col(ThemeGiving.answer_id) == row.answer_id)
    query = select(ThemeGiving).where(had, ThemeGiving.came == Came.DONE).order_by(col(ThemeGiving.feedback_id)).limit(AT_ONCE)
    found = writes.exec(query.where(col(ThemeGiving.feedback_id) > row.told_to) if row.told_to else query).all()
    for one in found:
        try:
            message = get_message_row(writes, member, one.feedback_id, held=True)
            if row.done:
                finish_tasks(writes, member, message, now, only=one.reply_id)
            follow_up(writes, member, one.feedback_id, row.body, now)
        except (Conflict, NotFound):  # it was opened again, taken back, or is with somebody else now
            continue
    row.told_to = found[-1].feedback_id if found else row.told_to
    row.told_at = now if len(found) < AT_ONCE else None
    writes.add(row)
    writes.flush()
