"""Whatever changes something says so in the journal, in the same transaction: the test walks every action of the house."""

import ast
import inspect
import re
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlmodel import SQLModel

import service.everything
from service.database import Database, WriteSession
from service.journal.models import INSTALLATION
from service.search.sources import differences
from service.settings import ROOT
from tests.journal.scene import WORD, Example, Scene
from tests.make import Make

NOT_ACTS = {
    "feedback.open_contact": "reads, and is in the audit for that",
    "journal.record": "is the journal",
    "equality.count_answers": "adds to sums; a row with its moment would tell with which message it came",
    "subjects.search": "writes down who looked, in the history of readings",
    "subjects.give_copy": "writes down who got a copy, in the history of readings",
    "subjects.copy_for": "writes down who got a copy, in the history of readings",
    "journal.record_all": "is the journal",
    "audit.record_reading": "tells who read what, in a history of its own",
    "outbox.post": "puts a letter into the post; what it is for says so, as `people.make_link` does",
    "outbox.claim": "remembers who sends a letter",
    "outbox.done_with": "forgets a letter that was sent",
    "outbox.try_again": "remembers when a letter is due again",
    "people.link_for": "is a part of whatever the link is made for, which says so",
    "people.begin_login": "remembers that a browser went to another login; coming back is the act",
    "people.end_login": "forgets it",
    "people.make_challenge": "remembers a question that anybody may ask; its answer is the act",
    "people.put_codes_away": "remembers that somebody has seen what is theirs; making the codes is the act",
    "moderation.open_original": "shows what was taken out; who read it, and why, is told to the audit",
    "webhooks.claim": "remembers who tells a webhook",
    "webhooks.release": "remembers that it was not told after all",
    "webhooks.note": "remembers how telling went; switching off is an act",
    "loop.note_look": "remembers the day on which a message was opened, and nothing of who did",
    "loop.tell_next": "tells those whom an act concerns; the act said so",
    "loop.remind": "remembers who got a letter about what is due",
    "people.touch_session": "remembers that somebody looked",
    "partners.touch_key": "remembers that somebody asked",
}
"""What takes a write session and changes nothing that anybody would ask about, with the reason."""


def actions() -> dict[str, Callable[..., Any]]:
    """Every public function of every `actions.py` and `..._actions.py` that can change something: `feedback.reply` and so on."""
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted((ROOT / "service").rglob("*actions.py")):
        feature = path.parent.relative_to(ROOT / "service").as_posix().replace("/", ".")
        module = import_module(f"service.{feature}.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            takes = [parameter.annotation for parameter in inspect.signature(function).parameters.values()]
            if function.__module__ == module.__name__ and not name.startswith("_") and WriteSession in takes:
                found[f"{feature}.{name}"] = function
    return found


def examples() -> dict[str, list[Example]]:
    """The examples of every feature, under the same names."""
    found: dict[str, list[Example]] = {}
    for path in sorted((ROOT / "tests" / "journal" / "acts").glob("*.py")):
        module = import_module(f"tests.journal.acts.{path.stem}")
        found |= {f"{path.stem}.{name}": those for name, those in module.EXAMPLES.items()}
    return found


EXAMPLES = [pytest.param(name, example, id=f"{name}-{example.__name__}") for name, those in sorted(examples().items()) for example in those]

Rows = dict[str, list[str]]


@pytest.fixture
def scene(make: Make) -> Scene:
    return Scene(make)


@dataclass
class Wire:
    """What is sent to the database. While `broken`, no row of the journal gets through, as on a full disk."""

    sent: list[str] = field(default_factory=list)
    broken: bool = False

    def pass_on(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.sent.append(" ".join(statement.split()))
        if self.broken and "INSERT INTO journal_entry" in statement:
            raise TakenBackError


@pytest.fixture
def wire(database: Database) -> Wire:
    found = Wire()
    event.listen(database.writer, "before_cursor_execute", found.pass_on)
    return found


class TakenBackError(Exception):
    """Ends a transaction before it is committed."""


NAMES = [table.name for table in SQLModel.metadata.sorted_tables]
IN_ONE = " union all ".join(f'select \'{name}\', "{name}"::text from "{name}"' for name in NAMES)  # noqa: S608 (our own tables)


def everything(database: Database) -> Rows:
    """Every row of every table, as the database writes it."""
    assert service.everything.__all__, "importing it made the metadata complete"
    with database.read() as reads:
        ask = reads.connection().exec_driver_sql
        if database.is_sqlite:
            return {name: sorted(map(str, ask(f'select * from "{name}"'))) for name in NAMES}  # noqa: S608
        found: Rows = {name: [] for name in NAMES}
        for name, row in ask(IN_ONE):
            found[name].append(row)
        return {name: sorted(rows) for name, rows in found.items()}


def journal(database: Database) -> dict[Any, Any]:
    """Its rows, by id."""
    with database.read() as reads:
        return {row.id: row for row in reads.connection().execute(select(SQLModel.metadata.tables["journal_entry"]))}


# ---- what may not be missing -----------------------------------------------------------------------------------------


def test_no_action_is_without_an_example() -> None:
    missing = set(actions()) - set(examples()) - set(NOT_ACTS)
    assert missing == set(), "Show in tests/journal/acts/ what each of these does, or say in NOT_ACTS why it is no act"


def test_nothing_is_listed_that_is_not_there() -> None:
    assert (set(examples()) | set(NOT_ACTS)) - set(actions()) == set()
    assert set(examples()) & set(NOT_ACTS) == set()


def test_service_never_changes_what_the_journal_says() -> None:
    """Only the journal's own module names its table, and that module only adds."""
    own = {"journal/models.py", "journal/actions.py", "journal/queries.py", "journal/kept.py"}
    for path in sorted((ROOT / "service").rglob("*.py")):
        name, tree = path.relative_to(ROOT / "service").as_posix(), ast.parse(path.read_text("utf-8"))
        strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        entry = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "service.journal.models" and "Entry" in {one.name for one in node.names}
        ]
        named = entry or any("journal_entry" in text.lower() for text in strings)
        assert not named or name in own, f"{name} reaches for the rows of the journal"
        if name == "journal/actions.py":
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            assert not names & {"update", "delete", "merge", "text", "exec_driver_sql", "get", "get_one"}, name


# ---- each act --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_act_and_its_row_in_the_journal_come_together_or_not_at_all(
    scene: Scene, database: Database, wire: Wire, name: str, example: Example
) -> None:
    act = example(scene)
    assert name.rpartition(".")[2] in act.do.__code__.co_names, "this is an example of something else"
    before, known = everything(database), journal(database)

    with suppress(TakenBackError), database.write() as writes:
        act.do(writes)
        raise TakenBackError
    assert everything(database) == before, "what was taken back left something"
    wire.broken = True
    with pytest.raises(TakenBackError) if act.rows else nullcontext(), database.write() as writes:
        act.do(writes)
    assert everything(database) == before, "its row could not be written, and it happened all the same"
    wire.broken = False

    with database.write() as writes:
        act.do(writes)
    after, written = everything(database), journal(database)
    assert {id_: written[id_] for id_ in known} == known, "what was written stays as it was"
    assert len(written) - len(known) == act.rows
    changed = {table for table in before if table not in ("journal_entry", "version") and before[table] != after[table]}
    assert bool(changed) == bool(act.rows), "a change without a row, or a row without a change"

    with database.read() as reads:
        assert differences(reads) == [], "what can be found follows what is said"

    for entry in (written[id_] for id_ in written if id_ not in known):
        assert WORD.lower() not in str(tuple(entry)).lower(), "the journal holds no words"
        assert entry.at == scene.now
        assert entry.collaboration_id in {INSTALLATION, *_places(database)}
        assert re.fullmatch(r"[a-z_]+", entry.verb) and re.fullmatch(r"[a-z_]+", entry.subject)
    assert [one for one in wire.sent if re.match(r"(UPDATE|DELETE FROM) \"?journal_entry", one, re.IGNORECASE)] == []


def _places(database: Database) -> set[Any]:
    with database.read() as reads:
        return {row.id for row in reads.connection().execute(select(SQLModel.metadata.tables["collaboration"]))}
