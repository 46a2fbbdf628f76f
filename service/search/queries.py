"""Searching: one question for each kind of thing, and in each the same condition that decides who may see it in every list.

Nothing is found first and hidden afterwards: what may not be seen is not in the answer of the database, nor in any count.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, tuple_
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.days import day_begins, local_day, week_of
from service.feedback import desk_queries, published
from service.feedback.models import Feedback, Reply
from service.findable import Kind, holds
from service.loop.models import Addition, FollowUp
from service.narratives import queries as narratives
from service.narratives.models import Narrative
from service.people.models import Role
from service.people.rules import reach
from service.places.models import Area, Organisation
from service.places.rules import WHOLE_PLACE
from service.promises import queries as promises
from service.promises.models import Progress, Promise
from service.search.models import MOST_COUNTED, Asker, Found, Group, Wanted
from service.search.rules import passage_of

A_FEW = 5
"""Things of each kind, where all kinds are shown."""

A_PAGE = 25

Cursor = tuple[str, UUID]


def find(reads: ReadSession, asker: Asker, wanted: Wanted, kinds: Sequence[Kind], *, after: Cursor | None = None) -> list[Group]:
    """What this person may see that has all these words: of each kind a few, or of one kind a page; kinds without any are left out."""
    most = A_PAGE if len(kinds) == 1 else A_FEW
    found = (_group(reads, asker, wanted, kind, most, after if len(kinds) == 1 else None) for kind in kinds)
    return [group for group in found if group.rows]


def _group(reads: ReadSession, asker: Asker, wanted: Wanted, kind: Kind, most: int, after: Cursor | None) -> Group:
    ask = _ASK[kind](asker)
    query = _narrowed(ask.query.where(holds(ask.thing, asker.place_id, kind, wanted.words)), ask, asker, wanted)
    counting = columns(func.count()).select_from(query.with_only_columns(ask.thing).limit(MOST_COUNTED + 1).subquery())
    page = query.order_by(ask.at.desc(), ask.key.desc()).limit(most + 1)
    if after is not None:
        page = page.where(tuple_(ask.at, ask.key) < (ask.read_at(after[0]), after[1]))
    rows = list(reads.execute(page))
    shown = tuple(ask.found(wanted.words, row) for row in rows[:most])
    listed = asker.member is not None or kind != Kind.REPLY  # to the public an answer has its message's week only: no place in a list
    further = f"{ask.written_at(rows[most - 1])}~{rows[most - 1].key.hex}" if listed and len(rows) > most else None
    return Group(kind, shown, int(reads.execute(counting).scalar_one()), further)


def read_cursor(text: str) -> Cursor | None:
    """What stands in `Group.next`; None for anything else."""
    at, _tilde, key = text.partition("~")
    try:
        datetime.fromisoformat(at)
        return at, UUID(hex=key)
    except ValueError:
        return None


# ---- one kind --------------------------------------------------------------------------------------------------------


class _Ask(ABC):
    """The question for one kind: `query` gives `thing`, `key` and `at` (the order), `area`, and what `found` makes a row of."""

    kind: Kind
    thing: Any
    key: Any
    at: Any
    query: Any
    is_day = False
    """Whether `at` is a day; else it is a moment."""

    dated: Any = None
    """The day that is shown, where the order is another."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker

    @abstractmethod
    def found(self, words: str, row: Any) -> Found:
        """A row as the page shows it."""

    def read_at(self, text: str) -> date | datetime:
        return date.fromisoformat(text[:10]) if self.is_day else datetime.fromisoformat(text)

    def written_at(self, row: Any) -> str:
        return str(row.at.isoformat())

    def day(self, row: Any) -> date:
        """The day that is shown: to the public the Monday of its week."""
        day: date = row.at if self.is_day else local_day(row.at, self.asker.time_zone)
        return day if self.asker.member else week_of(day)


class _Messages(_Ask):
    kind = Kind.MESSAGE

    def __init__(self, asker: Asker) -> None:
        super().__init__(asker)
        self.thing = col(Feedback.id)
        self.is_day = asker.member is None
        self.at = col(Feedback.received_at) if asker.member else col(Feedback.published_on)
        self.key = col(Feedback.id) if asker.member else col(Feedback.public_id)
        named = columns(Feedback, *_names(), self.at.label("at"), self.key.label("key"))
        self.query = _with_names(named.select_from(Feedback), Feedback, Feedback.organisation_id).where(_messages_for(asker))

    def found(self, words: str, row: Any) -> Found:
        it: Feedback = row.Feedback
        passage = passage_of((it.body, it.want, it.have, it.gap), words)
        return Found(self.kind, row.key, passage, self.day(row), row.area, it.whole_place, row.organisation, it.state, it.language)


class _Replies(_Ask):
    kind = Kind.REPLY

    def __init__(self, asker: Asker) -> None:
        super().__init__(asker)
        self.thing = col(Reply.id)
        self.is_day = asker.member is None
        self.at = col(Reply.published_at) if asker.member else col(Feedback.published_on)
        self.key = col(Reply.id) if asker.member else col(Feedback.public_id)
        message = and_(col(Feedback.collaboration_id) == Reply.collaboration_id, col(Feedback.id) == Reply.feedback_id)
        named = columns(Reply, *_names(), self.at.label("at"), self.key.label("key"), col(Feedback.whole_place).label("whole_place"))
        joined = named.select_from(Reply).join(Feedback, message)
        self.query = _with_names(joined, Feedback, Reply.organisation_id).where(_messages_for(asker))

    def found(self, words: str, row: Any) -> Found:
        it: Reply = row.Reply
        opens = it.feedback_id if self.asker.member else row.key
        on = self.day(row) if self.asker.member else week_of(local_day(it.published_at, self.asker.time_zone))
        passage = passage_of((it.body, it.reason), words)
        return Found(self.kind, opens, passage, on, row.area, row.whole_place, row.organisation, it.outcome, None)


class _Later(_Ask):
    """What was said of a message after its answer: for staff alone."""

    table: Any

    def __init__(self, asker: Asker) -> None:
        super().__init__(asker)
        table = self.table
        self.thing = self.key = col(table.id)
        self.at = col(table.at)
        message = and_(col(Feedback.collaboration_id) == table.collaboration_id, col(Feedback.id) == table.feedback_id)
        named = columns(table, *_names(), self.at.label("at"), self.key.label("key"), col(Feedback.whole_place).label("whole_place"))
        more = named.add_columns(col(Feedback.state).label("state"), col(Feedback.language).label("language"))
        joined = _with_names(more.select_from(table).join(Feedback, message), Feedback, Feedback.organisation_id)
        self.query = joined.where(_messages_for(asker) if asker.member else false())

    def found(self, words: str, row: Any) -> Found:
        passage, on = passage_of((row[0].body,), words), local_day(row[0].at, self.asker.time_zone)
        language = row.language if self.kind == Kind.ADDITION else None
        return Found(self.kind, row[0].feedback_id, passage, on, row.area, row.whole_place, row.organisation, row.state, language)


class _Additions(_Later):
    kind, table = Kind.ADDITION, Addition


class _FollowUps(_Later):
    kind, table = Kind.FOLLOW_UP, FollowUp


class _Stories(_Ask):
    kind = Kind.STORY
    is_day = True

    def __init__(self, asker: Asker) -> None:
        super().__init__(asker)
        self.thing, self.key = col(Narrative.id), col(Narrative.public_id)
        self.at = col(Narrative.occurred_on) if asker.member else col(Narrative.published_on)
        reader = narratives.Reader(asker.place_id, asker.today, asker.member)
        named = columns(Narrative, *_names(), self.at.label("at"), self.key.label("key"))
        self.query = _with_names(named.select_from(Narrative), Narrative, Narrative.organisation_id).where(narratives.visible_to(reader))

    def found(self, words: str, row: Any) -> Found:
        it: Narrative = row.Narrative
        passage = passage_of((it.body, it.title, it.barrier), words)
        return Found(self.kind, it.public_id, passage, self.day(row), row.area, it.whole_place, row.organisation, it.state, it.language)


class _Promises(_Ask):
    kind = Kind.PROMISE

    def __init__(self, asker: Asker) -> None:
        super().__init__(asker)
        self.thing = self.key = col(Promise.id)
        self.at, self.dated = col(Promise.added_at), col(Promise.made_on)
        named = columns(Promise, *_names(), self.at.label("at"), self.key.label("key"))
        self.query = _with_names(named.select_from(Promise), Promise, Promise.maker_id).where(_promises_for(asker))

    def found(self, words: str, row: Any) -> Found:
        it: Promise = row.Promise
        passage = passage_of((it.text, it.summary, it.kept_when, it.deal), words)
        on = it.made_on or local_day(it.added_at, self.asker.time_zone)
        return Found(self.kind, it.id, passage, on, row.area, it.whole_place, row.organisation, it.standing, None)


class _Updates(_Ask):
    kind = Kind.UPDATE

    def __init__(self, asker: Asker) -> None:
        super().__init__(asker)
        self.thing = self.key = col(Progress.id)
        self.at = col(Progress.at)
        promise = and_(col(Promise.collaboration_id) == Progress.collaboration_id, col(Promise.id) == Progress.promise_id)
        more: tuple[Any, ...] = col(Promise.whole_place).label("whole_place"), col(Promise.standing).label("standing")
        named = columns(Progress, *_names(), self.at.label("at"), self.key.label("key"), *more)
        joined = named.select_from(Progress).join(Promise, promise)
        self.query = _with_names(joined, Promise, Progress.organisation_id).where(_promises_for(asker))

    def found(self, words: str, row: Any) -> Found:
        it: Progress = row.Progress
        on = local_day(it.at, self.asker.time_zone)
        passage = passage_of((it.note, it.evidence, it.reason), words)
        return Found(self.kind, it.promise_id, passage, on, row.area, row.whole_place, row.organisation, it.moved_to or row.standing, None)


_ASK: dict[Kind, type[_Ask]] = {ask.kind: ask for ask in (_Messages, _Additions, _Replies, _FollowUps, _Stories, _Promises, _Updates)}


# ---- parts of the questions ------------------------------------------------------------------------------------------


def _messages_for(asker: Asker) -> ColumnElement[bool]:
    """Which messages, and the answers to them, this person may read."""
    return desk_queries.visible_to(asker.member) if asker.member else published.is_published(asker.place_id)


def _promises_for(asker: Asker) -> ColumnElement[bool]:
    """Which promises, and what was said about them, this person may read: drafts are for those who write them."""
    drafts_of = reach(asker.member.grants, (Role.COORDINATOR,)) if asker.member else set()
    return and_(
        col(Promise.collaboration_id) == asker.place_id,
        promises.is_shown(None if drafts_of is None else frozenset(drafts_of)),
    )


def _names() -> tuple[Any, Any]:
    return col(Area.name).label("area"), col(Organisation.name).label("organisation")


def _with_names(query: Any, table: Any, organisation: Any) -> Any:
    """The query with the area of this table's rows, and the organisation of this column."""
    area = and_(col(Area.collaboration_id) == table.collaboration_id, col(Area.id) == table.area_id)
    named = and_(col(Organisation.collaboration_id) == table.collaboration_id, col(Organisation.id) == organisation)
    return query.join(Area, area, isouter=True).join(Organisation, named, isouter=True)


def _narrowed(query: Any, ask: _Ask, asker: Asker, wanted: Wanted) -> Any:
    if wanted.area == WHOLE_PLACE:
        whole: Any = {Kind.MESSAGE: Feedback, Kind.REPLY: Feedback, Kind.STORY: Narrative}.get(ask.kind, Promise)
        whole = Feedback if isinstance(ask, _Later) else whole
        query = query.where(col(whole.whole_place))
    elif wanted.area:
        query = query.where(Area.code == wanted.area)
    when, is_day = (ask.at, ask.is_day) if ask.dated is None else (ask.dated, True)
    if wanted.since is not None:
        query = query.where(when >= (wanted.since if is_day else day_begins(wanted.since, asker.time_zone)))
    if wanted.until is not None and wanted.until < date.max:
        after = wanted.until + timedelta(days=1)
        query = query.where(when < (after if is_day else day_begins(after, asker.time_zone)))
    return query
