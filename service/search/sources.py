"""Where the words of the index come from: comparing it with them, putting right what differs, making it anew."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, tuple_
from sqlmodel import SQLModel, col

from service.database import ReadSession, WriteSession
from service.feedback.models import Feedback, Reply
from service.findable import OF, TEXTS, Kept, Kind, add_kept, kept_of, put_many, search_words, words_kept
from service.folding import FOLDING
from service.journal.models import INSTALLATION
from service.loop.models import Addition, FollowUp
from service.narratives.models import Narrative
from service.promises.models import Progress, Promise

SOURCES: dict[Kind, type[SQLModel]] = {
    Kind.MESSAGE: Feedback,
    Kind.REPLY: Reply,
    Kind.STORY: Narrative,
    Kind.PROMISE: Promise,
    Kind.UPDATE: Progress,
    Kind.ADDITION: Addition,
    Kind.FOLLOW_UP: FollowUp,
}
"""The rows whose words are kept."""

AT_ONCE = 1_000
"""Rows read, and written, at a time."""

Thing = tuple[str, str]
"""A kind, and the id of a thing as hex."""

_index = search_words.c
_SIGN = "folding"
"""The kind of the one row that says in which way the words were folded."""


def differences(reads: ReadSession) -> list[str]:
    """A sentence for every thing whose words in the index are not those that it has."""
    wrong, stale = _compared(reads)
    return [f"search: {kind} {thing}: the index does not hold its words" for kind, thing in sorted(wrong)] + [
        f"search: {kind} {thing}: the index holds words that it no longer has" for kind, thing in sorted(stale)
    ]


def mend(writes: WriteSession) -> int:
    """Makes the index hold what the things say; answers of how many it did not."""
    wrong, stale = _compared(writes)
    for _kind, thing in stale:
        writes.execute(delete(search_words).where(_index.thing == UUID(thing)))
    rows = list(wrong.values())
    for start in range(0, len(rows), AT_ONCE):
        put_many(writes, rows[start : start + AT_ONCE])
    return len(wrong) + len(stale)


def is_current(reads: ReadSession) -> bool:
    """Whether the index was made by this way of folding words."""
    return reads.execute(select(_index.thing).where(_index.kind == _SIGN, _index.thing == UUID(int=FOLDING))).first() is not None


def rebuild(writing: Callable[[], AbstractContextManager[WriteSession]], shown: Callable[[int], None] = lambda _count: None) -> int:
    """Makes the whole index anew, in many short transactions; answers of how many things. Meanwhile some are not found."""
    with writing() as writes:
        writes.execute(delete(search_words))
    count = 0
    for kind in SOURCES:
        after: tuple[UUID, UUID] | None = None
        while True:
            with writing() as writes:
                rows = _next(writes, kind, after)
                kept = [row for thing in rows if (row := kept_of(kind, thing))]
                put_many(writes, kept)
            count += len(kept)
            shown(count)
            if len(rows) < AT_ONCE:
                break
            after = rows[-1].collaboration_id, rows[-1].id
    with writing() as writes:
        zero, sign = INSTALLATION.hex, UUID(int=FOLDING).hex
        add_kept(writes, [(zero, _SIGN, sign, zero, _SIGN)])
    return count


def _compared(reads: ReadSession) -> tuple[dict[Thing, Kept], set[Thing]]:
    """What is not kept as it should be, with the right row; and what is kept and should not be."""
    there: dict[Thing, int] = {}
    twice: set[Thing] = set()
    query = select(_index.kind, _index.thing, words_kept()).where(_index.kind != _SIGN).execution_options(yield_per=AT_ONCE)
    for kind, thing, words in reads.execute(query):
        if (kind, thing.hex) in there:
            twice.add((kind, thing.hex))
        there[kind, thing.hex] = _mark(words)
    wrong: dict[Thing, Kept] = {}
    for kept in _all_kept(reads):
        _place, kind, thing, _about, words = kept
        if there.pop((kind, thing), None) != _mark(words) or (kind, thing) in twice:
            wrong[kind, thing] = kept
    return wrong, set(there)


def _mark(words: str) -> int:
    return hash(frozenset(words.split()))


def _all_kept(reads: ReadSession) -> Iterator[Kept]:
    for kind, table in SOURCES.items():
        for thing in reads.execute(_columns_of(kind, table).execution_options(yield_per=AT_ONCE)):
            if kept := kept_of(kind, thing):
                yield kept


def _next(reads: ReadSession, kind: Kind, after: tuple[UUID, UUID] | None) -> list[Any]:
    table: Any = SOURCES[kind]
    query = _columns_of(kind, table).order_by(col(table.collaboration_id), col(table.id)).limit(AT_ONCE)
    if after is not None:
        query = query.where(tuple_(col(table.collaboration_id), col(table.id)) > after)
    return list(reads.execute(query))


def _columns_of(kind: Kind, table: Any) -> Any:
    """The columns that `kept_of` reads, so that no row becomes an object of the session."""
    names = ["collaboration_id", "id", OF.get(kind, "id"), *TEXTS[kind], *(["language"] if hasattr(table, "language") else [])]
    return select(*(col(getattr(table, name)) for name in dict.fromkeys(names)))
