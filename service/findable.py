"""What can be found by its words: kept in the transaction that stores the words, and gone in the one that takes them back.

The table is a full-text index of each database's own kind, outside the models: FTS5 on SQLite, tsvector with GIN on PostgreSQL.
It holds folded words only, and the id of the thing; who may see the thing is asked of the thing itself (`service/search/queries.py`).
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, MetaData, String, Table, Text, Uuid, bindparam, cast, delete, false, insert, select
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from service.database import WriteSession
from service.folding import Either, Word, asked, fold
from service.rows import json_of, rows_of

PLACE, ABOUT = "\ue002", "\ue003"
"""Stand before an id among the words: so the index itself knows the collaboration, and what a reply or an update is about."""


class Kind(StrEnum):
    """What can be found."""

    MESSAGE = "message"
    REPLY = "reply"
    STORY = "story"
    PROMISE = "promise"
    UPDATE = "update"
    ADDITION = "addition"
    FOLLOW_UP = "follow_up"


TEXTS: dict[Kind, tuple[str, ...]] = {
    Kind.MESSAGE: ("body", "want", "have", "gap"),
    Kind.REPLY: ("body", "reason"),
    Kind.STORY: ("title", "body", "barrier"),
    Kind.PROMISE: ("text", "summary", "kept_when", "deal"),
    Kind.UPDATE: ("note", "evidence", "reason"),
    Kind.ADDITION: ("body",),
    Kind.FOLLOW_UP: ("body",),
}
"""The words of each, by column."""

OF: dict[Kind, str] = {
    Kind.REPLY: "feedback_id",
    Kind.UPDATE: "promise_id",
    Kind.ADDITION: "feedback_id",
    Kind.FOLLOW_UP: "feedback_id",
}
"""The column that names what it is about; the others are about themselves."""

search_words = Table(
    "search_words",
    MetaData(),
    Column("collaboration_id", Uuid, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("thing", Uuid, nullable=False),
    Column("about", Uuid, nullable=False),
    Column("words", Text().with_variant(TSVECTOR, "postgresql"), nullable=False),
)
_columns = list(search_words.c)
_rows = rows_of(_columns)
_add = insert(search_words).from_select([column.key for column in _columns], select(_rows))

Kept = tuple[str, str, str, str, str]
"""A row of the index: collaboration, kind, thing and about, as hex, and the words."""


# ---- keeping ---------------------------------------------------------------------------------------------------------


def kept_of(kind: Kind, thing: Any) -> Kept | None:
    """What is kept of a thing (its row, or what will be one); None where it has no words."""
    return kept_of_texts(kind, _hex(thing.collaboration_id), _hex(thing.id), _hex(getattr(thing, OF.get(kind, "id"))), thing)


def kept_of_texts(kind: Kind, place: str, thing: str, about: str, texts: Any) -> Kept | None:
    """The same, where the ids (as hex) are not with the texts."""
    words = fold((getattr(texts, name) for name in TEXTS[kind]), getattr(texts, "language", None))
    return (place, kind, thing, about, f"{words} {PLACE}{place} {ABOUT}{about}") if words else None


def add(writes: WriteSession, kind: Kind, things: Iterable[Any]) -> None:
    """Makes new things findable, in one statement."""
    add_kept(writes, (kept_of(kind, thing) for thing in things))


def add_kept(writes: WriteSession, rows: Iterable[Kept | None]) -> None:
    """The same for rows that are ready."""
    kept = [row for row in rows if row]
    if kept:
        writes.execute(_add, json_of(kept))


def put(writes: WriteSession, kind: Kind, thing: Any) -> None:
    """Makes a thing findable by the words that it has now, and by no others: after a change of its words."""
    _take(writes, thing.collaboration_id, getattr(thing, OF.get(kind, "id")), search_words.c.thing == thing.id)
    add(writes, kind, [thing])


def take_out(writes: WriteSession, collaboration_id: UUID, about: UUID) -> None:
    """Nothing finds this any more, nor what was said about it: the words leave the index in this transaction."""
    _take(writes, collaboration_id, about)


def clear(writes: WriteSession, collaboration_id: UUID) -> None:
    """Nothing of a collaboration is found any more."""
    known = search_words.c.collaboration_id == collaboration_id
    writes.execute(delete(search_words).where(_matching((_exactly(PLACE, collaboration_id),)), known))


def put_many(writes: WriteSession, rows: Sequence[Kept]) -> None:
    """Rows of the index in the place of those of the same things."""
    if not rows:
        return
    abouts = {UUID(row[3]) for row in rows}
    things = search_words.c.thing.in_([UUID(row[2]) for row in rows])
    writes.execute(delete(search_words).where(_matching(tuple(_exactly(ABOUT, about) for about in abouts)), things))
    add_kept(writes, rows)


def _take(writes: WriteSession, collaboration_id: UUID, about: UUID, *more: ColumnElement[bool]) -> None:
    known = search_words.c.collaboration_id == collaboration_id, search_words.c.about == about
    writes.execute(delete(search_words).where(_matching((_exactly(ABOUT, about),)), *known, *more))


def _exactly(mark: str, id_: UUID) -> tuple[Word, ...]:
    return (Word(mark + id_.hex, exact=True),)


def _hex(value: UUID | str) -> str:
    return value.hex if isinstance(value, UUID) else value


# ---- finding ---------------------------------------------------------------------------------------------------------


class words_match(GenericFunction[bool]):  # noqa: N801 (the name of an SQL function)
    """Whether a row of the index has these words: the question as FTS5 reads it, then as PostgreSQL does."""

    inherit_cache = True


@compiles(words_match)
def _fts5(element: words_match, compiler: SQLCompiler, **options: Any) -> str:
    return f"search_words MATCH {compiler.process(next(iter(element.clauses)), **options)}"


@compiles(words_match, "postgresql")
def _tsquery(element: words_match, compiler: SQLCompiler, **options: Any) -> str:
    return f"search_words.words @@ {compiler.process(cast(list(element.clauses)[1], TSQUERY), **options)}"


class words_kept(GenericFunction[str]):  # noqa: N801 (the name of an SQL function)
    """The words of a row of the index, with spaces between them."""

    inherit_cache = True


@compiles(words_kept)
def _as_stored(_element: words_kept, _compiler: SQLCompiler, **_options: Any) -> str:
    return "search_words.words"


@compiles(words_kept, "postgresql")
def _of_tsvector(_element: words_kept, _compiler: SQLCompiler, **_options: Any) -> str:
    return "array_to_string(tsvector_to_array(search_words.words), ' ')"


def holds(column: Any, collaboration_id: UUID, kind: Kind, question: str) -> ColumnElement[bool]:
    """Whether the thing with this id has all the words of a question. A question without a word finds nothing."""
    wanted = asked(question)
    if not wanted:
        return false()
    place = (_exactly(PLACE, collaboration_id),)
    index = search_words.c
    found = select(index.thing).where(_matching(place, *wanted), index.collaboration_id == collaboration_id, index.kind == kind)
    return column.in_(found)  # type: ignore[no-any-return]


def _matching(*wanted: Either) -> ColumnElement[bool]:
    texts = _written(wanted, _for_fts5, " AND ", " OR "), _written(wanted, _for_tsquery, " & ", " | ")
    return words_match(*(bindparam(None, text, type_=Text) for text in texts))


def _written(wanted: Iterable[Either], write: Callable[[Word], str], all_of: str, one_of: str) -> str:
    """A question in the language of one database. Words are letters and digits only, so nothing in them is read as a sign."""
    return all_of.join(f"({one_of.join(f'({all_of.join(map(write, way))})' for way in either)})" for either in wanted)


def _for_fts5(word: Word) -> str:
    return f'"{word.word}"{" *" if word.begins else ""}'


def _for_tsquery(word: Word) -> str:
    return f"'{word.word}'{':*' if word.begins else ''}"
