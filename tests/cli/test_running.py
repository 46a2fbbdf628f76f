"""`said migrate`, `demo`, `verify`, `openapi`, and what is said when the settings or the database are not as they must be."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.app import create_app
from service.database import Database
from service.people.models import Staff
from service.places.queries import find_areas, find_organisations, find_places, find_topics, get_runners
from service.rollups import Rollup, version_of
from service.settings import ROOT, Settings
from tests.cli.conftest import Said, set_around
from tests.databases import Databases
from tests.example.made import bring_into
from tests.make import MONDAY, Make, SettableClock

Program = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """`said` as a program of its own, as the installed command starts it, with a folder of its own."""
    set_around(monkeypatch, tmp_path / "var")

    def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "import sys; sys.argv[0] = 'said'; from service.cli import main; main()", *words]
        return subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, text=True, capture_output=True, timeout=120, check=False)

    return run


@pytest.fixture
def empty(kind: str, databases: Databases, said_nowhere: Said, tmp_path: Path) -> Iterator[Said]:
    """The command line on a database without any table."""
    with databases.empty(kind, tmp_path) as url:
        set_around(said_nowhere.monkeypatch, said_nowhere.var, database_url=url)
        yield said_nowhere


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SAID_PORT", "eight", "port"),
        ("SAID_MODE", "party", "mode"),
        ("SAID_NOW", "2026-11-23T10:00:00", "time zone"),
        ("SAID_DATABASE_URL", "postgresql://127.0.0.1:1/nowhere", "database"),
        ("SAID_DATABASE_URL", "mysql://localhost/said", ""),
        ("SAID_DATABASE_URL", "no address", ""),
        ("SAID_DATABASE_URL_FILE", "/nowhere/secret", "/nowhere/secret"),
    ],
)
def test_wrong_setting_is_named_in_one_sentence(said_nowhere: Said, name: str, value: str, says: str) -> None:
    said_nowhere.monkeypatch.setenv(name, value)
    assert says.lower() in said_nowhere.refused("collaboration", "list").lower()


def test_moment_cannot_be_chosen_outside_tests(said_nowhere: Said) -> None:
    said_nowhere.monkeypatch.setenv("SAID_MODE", "production")
    assert "SAID_NOW" in said_nowhere.refused("collaboration", "list")
    said_nowhere.monkeypatch.delenv("SAID_NOW")
    assert "https" in said_nowhere.refused("collaboration", "list")


def test_database_without_tables_is_sent_to_migrate(empty: Said) -> None:
    for words in (("collaboration", "list"), ("demo",), ("verify",), ("staff", "disable", "sam@example.org"), ("serve",)):
        assert "said migrate" in empty.refused(*words)


def test_where_nothing_was_set_up_yet_the_way_is_told(empty: Said) -> None:
    empty.monkeypatch.setenv("SAID_DATABASE_URL", f"sqlite:///{empty.var / 'nowhere' / 'said.db'}")
    assert "said migrate" in empty.refused("demo")


def test_program_that_fails_ends_with_1_and_one_sentence(program: Program, tmp_path: Path) -> None:
    ended = program("collaboration", "add", "staff", "--name", "Staff", SAID_DATABASE_URL=f"sqlite:///{tmp_path / 'none' / 'said.db'}")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.strip().endswith(".") and "Traceback" not in ended.stderr and len(ended.stderr.splitlines()) == 1


# ---- migrate ---------------------------------------------------------------------------------------------------------


def test_migrating_makes_the_tables_and_again_changes_nothing(empty: Said) -> None:
    assert empty("migrate") == "The database is up to date.\n"
    assert empty("collaboration", "list") == ""
    assert empty("migrate") == "The database is up to date.\n"


def test_program_sets_up_a_service_from_nothing(program: Program, said_nowhere: Said, tmp_path: Path) -> None:
    assert program("migrate").stdout == "The database is up to date.\n"
    assert program("demo").stdout == "Made the example collaboration, hillside.\n"
    assert said_nowhere("collaboration", "list") == "hillside\tHillside\n"
    assert (tmp_path / "var" / "said.db").exists()


# ---- demo ------------------------------------------------------------------------------------------------------------


def everything(database: Database) -> Any:
    with database.read() as reads:
        [place] = find_places(reads)
        organisations = [row.model_dump() for row in find_organisations(reads, place.id)]
        areas = [row.area.model_dump() for row in find_areas(reads, place.id)]
        topics = [row.topic.model_dump() for row in find_topics(reads, place.id)]
        return place.slug, place.example, organisations, areas, topics, [row.model_dump() for row in reads.exec(select(Staff))]


def test_example_is_made_once_with_what_its_pages_need(said: Said, database: Database) -> None:
    assert "hillside" in said("demo")
    before = everything(database)
    slug, example, organisations, areas, topics, staff = before
    assert (slug, example) == ("hillside", True)
    assert all(len(found) >= 4 for found in (organisations, areas, topics))
    assert all(person["email"].endswith(".example") for person in staff), "invented people have invented addresses"
    with database.read() as reads:
        [place] = find_places(reads)
        assert get_runners(reads, place.id, on=MONDAY.date()).organisation == "Hillside Borough Council"
    assert said("demo") == ""
    assert everything(database) == before


def test_example_is_made_anew_when_that_is_asked_for(
    said: Said, database: Database, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bring_into(database, said.var / "keys", databases, tmp_path_factory.mktemp("example"))
    before = everything(database)
    assert "hillside" in said("demo", "--refresh")
    after = everything(database)
    assert after[2] != before[2], "its organisations are new rows"
    assert after[5] == before[5], "its people are who they were"
    assert said("verify") == "Every count is what the facts say.\n"


# ---- verify ----------------------------------------------------------------------------------------------------------


def test_count_that_somebody_changed_is_found_and_named(said: Said, make: Make, database: Database) -> None:
    hillside, vale = make.collaboration("hillside"), make.collaboration("amber-vale")
    make.area(hillside, "hill-road")
    for place in (hillside, hillside, vale):
        make.message(place, kind="good")
    make.message(hillside, kind="idea", area="hill-road")
    assert said("verify") == "Every count is what the facts say.\n"
    with database.write() as writes:
        row = writes.exec(select(Rollup).where(Rollup.collaboration_id == hillside.id, Rollup.cell == "good")).one()
        row.count += 5
        writes.add(row)
    lines = said.lines_of_failure("verify")
    assert len(lines) == 2, "one line for the count, one that says how many"
    assert all(fact in lines[0] for fact in ("feedback", "2026-11", "good", "7", "2", "hillside"))


def test_count_that_is_missing_is_found(said: Said, make: Make, hillside: Any, database: Database) -> None:
    make.message(hillside, kind="good")
    with database.write() as writes:
        writes.delete(writes.exec(select(Rollup).where(Rollup.cell == "good")).one())
    [line, _how_many] = said.lines_of_failure("verify")
    assert "kept 0, counted 1" in line


def test_counts_that_differ_are_put_right(said: Said, make: Make, hillside: Any, database: Database) -> None:
    make.message(hillside, kind="good")
    with database.write() as writes:
        for row in writes.exec(select(Rollup)):
            row.count += 3
            writes.add(row)
    with database.read() as reads:
        version = version_of(reads, hillside.id)
    assert said("verify", "--mend") == "Counts put right: 4.\n"
    assert said("verify") == "Every count is what the facts say.\n"
    with database.read() as reads:
        assert version_of(reads, hillside.id) > version, "a page that was kept must be made anew"
    assert said("verify", "--mend") == "Counts put right: 0.\n"


# ---- rotate-server ---------------------------------------------------------------------------------------------------


def test_codes_made_before_a_rotation_still_open_and_a_retry_is_a_replay(
    said: Said, make: Make, hillside: Any, settings: Settings, clock: SettableClock
) -> None:
    once = {"Idempotency-Key": str(uuid4())}
    told = {"body": "The bench has gone."}
    address = f"/api/v1/{hillside.slug}"
    make.message(hillside)
    with TestClient(create_app(settings, clock=clock)) as before:
        receipt = before.post(f"{address}/feedback", json=told, headers=once).json()["receipt"]
    said("key", "rotate-server")
    with TestClient(create_app(settings, clock=clock)) as after:
        assert after.post(f"{address}/receipts", json={"code": receipt}).json()["state"] == "acknowledged"
        again = after.post(f"{address}/feedback", json=told, headers=once)
        assert (again.status_code, again.json()["receipt"]) == (200, receipt)
        fresh = after.post(f"{address}/feedback", json=told).json()["receipt"]
        assert after.post(f"{address}/receipts", json={"code": fresh}).status_code == 200


# ---- openapi ---------------------------------------------------------------------------------------------------------


def test_document_is_printed_without_a_database(said_nowhere: Said) -> None:
    document = json.loads(said_nowhere("openapi"))
    assert document["openapi"].startswith("3.1.")
    assert "/api/v1/{c}/feedback" in document["paths"]
    assert not (said_nowhere.var / "said.db").exists()
