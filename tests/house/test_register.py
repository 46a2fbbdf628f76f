"""The register of what is kept knows every column of every table, says what erasure does with it, and stands in the docs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import MetaData, Table, inspect
from sqlmodel import SQLModel

import service.everything  # noqa: F401 (every table)
from service.database import connect
from service.findable import search_words
from service.register import DAYS, Class, Columns, Fate, Kept, Of, Subject, Term, sheet_of
from service.registered import REGISTER
from tests.house.files import ROOT, told

SHEET = "docs/data-register.md"
SUBJECTS = {"feedback": Subject.MESSAGE, "narrative": Subject.STORY}
"""Tables of subjects. Whatever names one of their rows says what becomes of it when the subject is taken back."""

ADVICE = "Say in the feature's kept.py what each column is for (the words are in service/register.py), then make the sheet anew:"


def complaints(register: Iterable[Kept], metadata: MetaData) -> Iterator[str]:
    """A sentence for each thing that the register leaves open, or says of what is not there."""
    known = {kept.table: kept for kept in register}
    for table in metadata.sorted_tables:
        if table.name in known:
            yield from unlike(known[table.name], table)
        else:
            yield f"{table.name}: the whole table is missing"
    yield from (f"{name}: this table is gone" for name in known.keys() - metadata.tables.keys())


def unlike(kept: Kept, table: Table) -> Iterator[str]:
    listed, there = Counter(kept.names), {column.name for column in table.columns}
    yield from (f"{table.name}.{name}: missing" for name in sorted(there - listed.keys()))
    yield from (f"{table.name}.{name}: gone" for name in sorted(listed.keys() - there))
    yield from (f"{table.name}.{name}: said {times} times" for name, times in listed.items() if times > 1)
    blanked = kept.blanked()
    for name in blanked.keys() & there:
        emptied = any(Fate.BLANKED in (of.taken_back, of.too_old) for of in kept.of)
        if emptied and not table.c[name].nullable and blanked[name] is None:
            yield f"{table.name}.{name}: say what is left of it (empty=...), it cannot be null"
    named = {SUBJECTS[key.column.table.name] for key in table.foreign_keys if key.column.table.name in SUBJECTS and key.parent.name != "id"}
    if table.name in SUBJECTS:
        named = {SUBJECTS[table.name]}
    for subject in sorted(named - {of.subject for of in kept.of}):
        yield f"{table.name}: names a {subject}, and does not say what becomes of it when that is taken back (of=...)"
    yield from (f"{table.name}.{of.column}: no such column" for of in kept.of if of.column not in there)
    if kept.goes and kept.goes[0] not in there:
        yield f"{table.name}.{kept.goes[0]}: no such column"
    if {Class.WORDS, Class.IDENTITY} & {one.holds for one in kept.columns}:
        stays = [of for of in kept.of if of.subject != Subject.PERSON and Fate.STAYS in (of.taken_back, of.too_old)]
        yield from (f"{table.name}: holds words or names, and they stay when a {of.subject} is taken back" for of in stays)


def test_every_column_is_in_the_register() -> None:
    found = [*complaints(REGISTER, SQLModel.metadata)]
    assert not found, told(found, ADVICE)


def test_database_holds_no_table_that_no_model_knows(database_url: str) -> None:
    engine = connect(database_url, read_only=True)
    there = {name for name in inspect(engine).get_table_names() if not name.startswith(search_words.name)} - {"alembic_version"}
    engine.dispose()
    assert there - {kept.table for kept in REGISTER} == set(), ADVICE


def test_what_goes_by_the_day_says_from_when_on() -> None:
    assert {kept.goes[1] for kept in REGISTER if kept.goes} == DAYS.keys()
    assert [kept.table for kept in REGISTER for one in kept.columns if one.term in DAYS and not kept.goes] == []


def test_sheet_is_what_the_register_says() -> None:
    assert (ROOT / SHEET).read_text("utf-8") == sheet_of(REGISTER), f"Run `said register > {SHEET}`."


def test_gaps_are_noticed() -> None:
    message = next(kept for kept in REGISTER if kept.table == "feedback")
    others = [kept for kept in REGISTER if kept is not message]
    reply = next(kept for kept in others if kept.table == "reply")
    first, *rest = message.columns

    def noticed(*register: Kept) -> str:
        return " ".join(complaints(register, SQLModel.metadata))

    assert "feedback: the whole table is missing" in noticed(*others)
    assert "feedback.body: missing" in noticed(*others, replace(message, columns=tuple(rest)))
    assert "feedback.body: said 2 times" in noticed(*others, replace(message, columns=(*message.columns, first)))
    more = Columns("colour", Class.WORDS, "x", Term.STAYS)
    assert "feedback.colour: gone" in noticed(*others, replace(message, columns=(*message.columns, more)))
    assert "feedback: names a message" in noticed(*others, replace(message, of=()))
    stays = (Of(Subject.MESSAGE, "feedback_id", Fate.STAYS, Fate.STAYS),)
    assert "reply: holds words or names, and they stay" in noticed(*[one for one in REGISTER if one is not reply], replace(reply, of=stays))
    assert "gone_table: this table is gone" in noticed(*REGISTER, replace(reply, table="gone_table"))
