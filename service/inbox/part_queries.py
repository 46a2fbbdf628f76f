"""Asking which messages, stories and promises belong to a part of the inbox, and how many.

What may be seen, and what somebody owes, is decided by the queries of each feature. A page takes a few rows from each of several short
lists that stand in order already; the counts are told from the messages grouped by what they can be narrowed to. Neither reads every row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, literal, literal_column, not_, or_, true, union
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.elsewhere.waiting_queries import told_to
from service.feedback import desk_queries as messages
from service.feedback.draft_queries import waits_for
from service.feedback.models import Feedback, Publication, State
from service.feedback.routing_models import Assignment
from service.feedback.routing_queries import taken, taken_on_by
from service.feedback.rules import OPEN
from service.inbox import other_queries as others
from service.inbox.models import NONE, Part, Wanted, Whose
from service.narratives import queries as stories
from service.narratives.models import Narrative
from service.people.models import Member
from service.places.models import Area, Organisation, Topic
from service.places.rules import WHOLE_PLACE
from service.promises import queries as promises
from service.promises.models import Promise

STATES = {
    Part.OWED: OPEN,
    Part.UNREAD: (State.RECEIVED, State.ACKNOWLEDGED),
    Part.ANSWERED: (State.REPLIED, State.LOOP_CLOSED),
}

Asked = tuple[Wanted, Part]


# ---- a page ----------------------------------------------------------------------------------------------------------


def find_ids(
    reads: ReadSession, member: Member, wanted: Wanted, today: date, *, most: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[str, UUID, datetime]]:
    """What each row is, its id, and since when it waits: the oldest duty first; what is answered, the latest first."""
    newest_first = wanted.part == Part.ANSWERED
    short = [_first(source, most, after, newest_first=newest_first) for source in _sources(member, wanted, today)]
    if not short:
        return []
    everything = union(*(columns(one) for one in short)).subquery()
    query = columns(everything.c.what, everything.c.id, everything.c.at)
    order = (everything.c.at, everything.c.id)
    found = reads.execute(query.order_by(*(column.desc() if newest_first else column for column in order)).limit(most))
    return [(what, row_id, at) for what, row_id, at in found]


def _first(source: Any, most: int, after: tuple[datetime, UUID] | None, *, newest_first: bool) -> Any:
    """The first rows of one list, beyond where the last page ended."""
    at, row_id = (source.selected_columns[name] for name in ("at", "id"))
    if after:
        beyond, tie = (at < after[0], row_id < after[1]) if newest_first else (at > after[0], row_id > after[1])
        source = source.where(or_(beyond, and_(at == after[0], tie)))
    return source.order_by(*(column.desc() if newest_first else column for column in (at, row_id))).limit(most).subquery()


def _sources(member: Member, wanted: Wanted, today: date) -> Iterator[Any]:
    """The lists that the part is put together from. Where a row is in two of them it is the same in both, and counts once."""
    part = wanted.part
    if part == Part.DUTIES:
        yield from (_messages(member, wanted, and_(_is(state), messages.owes(member, Feedback))) for state in OPEN)
        yield _messages(member, wanted, _offered(member))
        yield _messages(member, wanted, waits_for(member))
        yield _messages(member, wanted, told_to(member))
    elif part == Part.PROPOSED:
        yield _messages(member, wanted, waits_for(member))
    elif part == Part.OUTSIDE:
        yield _messages(member, wanted, told_to(member))
    elif part == Part.OFFERED:
        yield _messages(member, wanted, _offered(member))
    else:
        yield from (_messages(member, wanted, _is(state)) for state in STATES.get(part, ()))
    for_stories, for_promises = _others(wanted, part)
    if for_stories:
        ids: Any = columns(literal("story").label("what"), col(Narrative.public_id).label("id"), col(Narrative.submitted_at).label("at"))
        yield ids.where(stories.to_check_by(member, today), _about(member, wanted, Narrative))
    if for_promises:
        ids = columns(literal("promise").label("what"), col(Promise.id).label("id"), promises.waits_since().label("at"))
        yield ids.where(promises.to_check_by(member), _about(member, wanted, _Made))
    yield from others.sources(member, wanted, today, _about)


class _Made:
    """The columns of a promise, by the names that messages and stories have."""

    area_id, whole_place, organisation_id = col(Promise.area_id), col(Promise.whole_place), col(Promise.maker_id)


def _is(state: State) -> ColumnElement[bool]:
    """One state at a time: the messages of each stand in the order of their waiting."""
    return col(Feedback.state) == state


def _offered(member: Member) -> ColumnElement[bool]:
    """In the very words of the index that holds these few among all that were ever sent."""
    return and_(literal_column(f"feedback.publication = '{Publication.WAITING}'"), messages.decides(member, Feedback))


def _messages(member: Member, wanted: Wanted, here: ColumnElement[bool]) -> Any:
    query: Any = columns(literal("message").label("what"), col(Feedback.id).label("id"), col(Feedback.received_at).label("at"))
    query = query.where(messages.visible_to(member), here, *_narrowed(member, wanted, Feedback))
    if wanted.whose:
        query = query.where(taken_on_by(member.person.staff_id if wanted.whose == Whose.MINE else None))
    return query


# ---- the counts ------------------------------------------------------------------------------------------------------


def count_rows(reads: ReadSession, member: Member, asked: Sequence[Asked], today: date) -> list[int]:
    """How many rows each of these parts has, narrowed so. However many are asked for, every table is read once."""
    counts = [0] * len(asked)
    by_whom = [place for place, (wanted, _part) in enumerate(asked) if wanted.whose]
    tales = [place for place, one in enumerate(asked) if _others(*one)[0]]
    vows = [place for place, one in enumerate(asked) if _others(*one)[1]]

    def add(places: Sequence[int], numbers: Sequence[int]) -> None:
        for place, number in zip(places, numbers, strict=True):
            counts[place] += number

    everywhere = range(len(asked))
    add(everywhere, _tell(reads, _grouped(member, asked), [partial(_belongs, member, *asked[place]) for place in everywhere]))
    for place, taken_on in zip(by_whom, _tell_taken(reads, member, [asked[place] for place in by_whom]), strict=True):
        counts[place] = taken_on if asked[place][0].whose == Whose.MINE else counts[place] - taken_on
    proposed, told = waits_for(member), told_to(member)
    for own, few, counted in ((Part.PROPOSED, proposed, false()), (Part.OUTSIDE, told, proposed)):
        places = [place for place, (_wanted, part) in enumerate(asked) if part in (Part.DUTIES, own)]
        add(places, _tell(reads, _few(member, asked, few, counted), [partial(_waits, member, *asked[place]) for place in places]))
    checks = _placed(Narrative, col(Narrative.organisation_id)).where(stories.to_check_by(member, today))
    add(tales, _tell(reads, checks, [partial(_about, member, asked[place][0]) for place in tales]))
    checks = _placed(Promise, col(Promise.maker_id)).where(promises.to_check_by(member))
    add(vows, _tell(reads, checks, [partial(_about, member, asked[place][0]) for place in vows]))
    for places, rows, tests in others.counts(member, asked, today, _about):
        add(places, _tell(reads, rows, tests))
    return counts


def _tell(reads: ReadSession, rows: Any, tests: Sequence[Callable[[Any], ColumnElement[bool]]]) -> list[int]:
    """Of these rows, each with its `number`: how many pass each test."""
    if not tests:
        return []
    of = rows.subquery().c
    sums = [func.coalesce(func.sum(case((test(of), of.number), else_=0)), 0) for test in tests]
    return [int(number) for number in reads.execute(columns(*sums)).one()]


def _grouped(member: Member, asked: Sequence[Asked]) -> Any:
    """How many messages are alike in all that decides about their part, and in what the list is narrowed by."""
    facts = _facts(asked)
    return columns(*facts, func.count().label("number")).where(messages.visible_to(member)).group_by(*facts)


def _tell_taken(reads: ReadSession, member: Member, asked: Sequence[Asked]) -> list[int]:
    """Of each part: how many messages this member has taken on, where it asks for theirs; else how many anybody has."""
    facts, mine = _facts(asked), (col(Assignment.staff_id) == member.person.staff_id).label("mine")
    rows = columns(*facts, mine, literal(1).label("number")).join_from(Assignment, Feedback, taken()).where(messages.visible_to(member))

    def belongs(wanted: Wanted, part: Part, of: Any) -> ColumnElement[bool]:
        here = _belongs(member, wanted, part, of)
        return and_(here, of.mine) if wanted.whose == Whose.MINE else here

    return _tell(reads, rows, [partial(belongs, *one) for one in asked])


def _few(member: Member, asked: Sequence[Asked], which: ColumnElement[bool], counted: ColumnElement[bool]) -> Any:
    """The messages with an answer that this member may check, or with word of another system: few among all, some `counted` already."""
    facts = taken_on_by(member.person.staff_id).label("mine"), taken_on_by(None).label("free"), counted.label("counted")
    return columns(*_facts(asked), *facts, literal(1).label("number")).where(messages.visible_to(member), which)


def _waits(member: Member, wanted: Wanted, part: Part, of: Any) -> ColumnElement[bool]:
    """Whether one of these few adds a row: not where its message asks for something else already."""
    asked = [not_(_belongs(member, replace(wanted, whose=""), part, of)), not_(of.counted)] if part == Part.DUTIES else []
    whose = {Whose.MINE: [of.mine], Whose.NOBODYS: [of.free]}.get(Whose(wanted.whose), []) if wanted.whose else []
    return and_(*asked, *whose, *_narrowed(member, wanted, of))


def _facts(asked: Sequence[Asked]) -> list[Any]:
    """Columns of messages, in the order of the index that holds them all."""
    facts: list[Any] = [col(Feedback.state), col(Feedback.publication), col(Feedback.organisation_id)]
    chosen = [wanted for wanted, _part in asked]
    facts += [col(Feedback.topic_id)] if any(wanted.topic for wanted in chosen) else []
    facts += [col(Feedback.area_id), col(Feedback.whole_place)] if any(wanted.area for wanted in chosen) else []
    facts += [col(Feedback.kind)] if any(wanted.kind for wanted in chosen) else []
    return facts


def _belongs(member: Member, wanted: Wanted, part: Part, of: Any) -> ColumnElement[bool]:
    """Whether messages like these belong to the part, whoever has taken them on."""
    if part == Part.DUTIES:
        here = or_(messages.owes(member, of), messages.decides(member, of))
    elif part == Part.OFFERED:
        here = messages.decides(member, of)
    else:
        here = of.state.in_(STATES.get(part, ()))
    return and_(here, *_narrowed(member, wanted, of))


def _placed(table: Any, organisation_id: Any) -> Any:
    return columns(table.area_id, table.whole_place, organisation_id.label("organisation_id"), literal(1).label("number"))


# ---- what it is narrowed to ------------------------------------------------------------------------------------------


def _others(wanted: Wanted, part: Part) -> tuple[bool, bool]:
    """Whether stories and whether promises belong to it: they have no topic, no kind of message, and nobody takes them on."""
    if wanted.topic or wanted.kind or wanted.whose == Whose.MINE:
        return False, False
    return part in (Part.DUTIES, Part.STORIES), part in (Part.DUTIES, Part.PROMISES)


def _narrowed(member: Member, wanted: Wanted, of: Any) -> Iterator[ColumnElement[bool]]:
    """What is asked of messages."""
    yield _about(member, wanted, of)
    if wanted.topic:
        yield of.topic_id == _named(Topic, member, wanted.topic)
    if wanted.kind:
        yield of.kind == wanted.kind


def _about(member: Member, wanted: Wanted, of: Any) -> ColumnElement[bool]:
    """Where it is about and with whom it is: asked alike of messages, stories and promises."""
    asked: list[ColumnElement[bool]] = [true()]
    if wanted.area == WHOLE_PLACE:
        asked += [of.whole_place]
    elif wanted.area == NONE:
        asked += [of.area_id.is_(None), not_(of.whole_place)]
    elif wanted.area:
        asked += [of.area_id == _named(Area, member, wanted.area)]
    if wanted.organisation == NONE:
        asked += [of.organisation_id.is_(None)]
    elif wanted.organisation:
        asked += [of.organisation_id == _named(Organisation, member, wanted.organisation)]
    return and_(*asked)


def _named(table: Any, member: Member, code: str) -> Any:
    return columns(table.id).where(table.collaboration_id == member.place.id, table.code == code).scalar_subquery()
