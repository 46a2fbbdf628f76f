"""No test sees what another one wrote, though on PostgreSQL one database serves many of them."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from service.database import connect
from tests.databases import OWNER, Databases

ROW = "insert into topic (collaboration_id, id, code, name) values (gen_random_uuid(), gen_random_uuid(), 'roads', 'Roads')"


def write(url: str, statement: str) -> None:
    """As somebody before whom nothing stands."""
    with psycopg.connect(url.replace(f"//{OWNER}:", "//postgres:"), options="-c session_replication_role=replica") as connection:
        connection.execute(statement)


def rows(url: str) -> int:
    """What the next one finds, with a connection as the service opens it."""
    engine = connect(url, read_only=True, whole_house=True)
    with engine.connect() as connection:
        found = connection.execute(text("select count(*) from topic")).scalar_one()
    engine.dispose()
    return int(found)


def name_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def test_next_one_finds_the_same_database_empty(databases: Databases, tmp_path: Path) -> None:
    with databases.emptied("postgresql", tmp_path) as url:
        write(url, ROW)
        assert rows(url) == 1
        first = name_of(url)
    with databases.emptied("postgresql", tmp_path) as url:
        assert (name_of(url), rows(url)) == (first, 0)


@pytest.mark.parametrize(
    "act",
    [
        "alter table topic add column colour text",
        "analyze area",
        "alter table topic drop constraint uq_topic_collaboration_id_code",
        "drop table search_words",
    ],
)
def test_database_with_another_shape_serves_nobody_else(databases: Databases, tmp_path: Path, act: str) -> None:
    with databases.emptied("postgresql", tmp_path) as url:
        write(url, act)
        first = name_of(url)
    with databases.emptied("postgresql", tmp_path) as url:
        assert name_of(url) != first


def test_whoever_is_late_reaches_no_database_of_another(databases: Databases, tmp_path: Path) -> None:
    with databases.emptied("postgresql", tmp_path) as url:
        late = connect(url, read_only=False, whole_house=True)
    with databases.emptied("postgresql", tmp_path), pytest.raises(psycopg.OperationalError, match="This test is over"):
        late.raw_connection()


def test_database_that_somebody_still_holds_serves_nobody_else(databases: Databases, tmp_path: Path) -> None:
    with databases.emptied("postgresql", tmp_path) as url:
        held, first = connect(url, read_only=True).connect(), name_of(url)
    with databases.emptied("postgresql", tmp_path) as url:
        assert name_of(url) != first
    held.invalidate()
    held.close()


def test_what_was_left_is_said_with_the_test_that_left_it(databases: Databases, tmp_path: Path) -> None:
    with databases.emptied("postgresql", tmp_path) as url:
        pass
    write(url, ROW)
    with pytest.raises(AssertionError, match=r"test_what_was_left_is_said_with_the_test_that_left_it left rows behind, .*in topic"):  # noqa: SIM117
        with databases.emptied("postgresql", tmp_path):
            pass
    with databases.emptied("postgresql", tmp_path) as url:
        assert rows(url) == 0
