"""A database of PostgreSQL that test after test works with: each is given it empty, and what it wrote goes when it ends.

To copy a template for every test, to connect anew and to learn the catalogue by heart cost more than most tests themselves. What a test
leaves besides rows (another shape of the tables, statistics, a connection that nobody closed, rows by the thousand) is not mended: the
database is thrown away, and the next test has a new copy.
"""

import os
import time
from dataclasses import dataclass, field
from typing import Any, ClassVar

import psycopg
from psycopg.pq import TransactionStatus

USES = 40
"""After so many tests what they deleted is in the way of the next."""

MANY = 5_000
"""Rows that one test leaves; beyond it a new copy is cheaper than to work around where they were."""

CONNECTIONS = 4
"""Open connections that are kept for the next test, for each way to connect."""

SHAPE = """
select (select sum(hashtext(c::text)) from pg_class c where c.relnamespace = 'public'::regnamespace),
       (select count(*) from pg_attribute where attnotnull and attrelid > 16384), (select count(*) from pg_proc),
       (select count(*) from pg_db_role_setting), (select count(*) from pg_policy), (select count(*) from pg_constraint),
       (select sum(hashtext(version_num)) from alembic_version)
"""
"""What an unchanged database answers the same each time: its tables and indexes with their files, rights and statistics, and so on."""

OTHERS = """
select count(*) from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and not pid = any(%s)
"""


def at_hand() -> str:
    """The test that runs now."""
    return os.environ.get("PYTEST_CURRENT_TEST", "nobody").rsplit(" ", 1)[0]


@dataclass
class Closet:
    """The open connections to a kept database that wait for the next test. `lease` is the name of the test that has it now."""

    lease: str = ""
    waiting: dict[Any, list[Any]] = field(default_factory=dict)
    ways: dict[int, Any] = field(default_factory=dict)

    of: ClassVar[dict[str, "Closet"]] = {}

    def take(self, asked: dict[str, Any]) -> Any | None:
        """A connection that was asked for in the same way; None where there is none. A test that is over gets no other's database."""
        if asked.get("application_name") != self.lease:
            raise psycopg.OperationalError("This test is over: its database is another's now.")
        waiting = self.waiting.get(way_of(asked), [])
        while waiting:
            connection = waiting.pop()
            if not connection.closed:
                return connection
        return None

    def put_back(self, connection: Any) -> bool:
        """Takes a connection in as if it were new. Answers whether it did."""
        way = self.ways.get(id(connection))
        if way is None or connection.closed or len(self.waiting.setdefault(way, [])) >= CONNECTIONS:
            return False
        try:
            connection.rollback()
            connection.read_only = connection.isolation_level = connection.deferrable = None
            connection.autocommit = True
            connection.execute("discard all")
            connection.autocommit = False
        except psycopg.Error:
            return False
        if connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        connection._notice_handlers.clear()
        self.waiting[way].append(connection)
        return True

    def pids(self) -> list[int]:
        return [one.info.backend_pid for those in self.waiting.values() for one in those if not one.closed]

    def close(self) -> None:
        for those in self.waiting.values():
            for one in those:
                one.close()
        self.waiting.clear()


def way_of(asked: dict[str, Any]) -> Any:
    """How a connection was asked for, whoever did."""
    return tuple(sorted((name, value) for name, value in asked.items() if name != "application_name"))


class KeptDatabase:
    """The database `name`, at `address` for a superuser: who empties it stands before no wall and no foreign key."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.uses, self.last = name, 0, "nobody"
        self.keeper = psycopg.connect(address, autocommit=True, options="-c session_replication_role=replica")
        tables = self.keeper.execute("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
        self.tables = sorted(table for (table,) in tables)
        self.asks: Any = f"select {', '.join(map('exists(select from {})'.format, self.tables))}"  # noqa: S608 (names of our own tables)
        self.seeded = set(self._filled())
        self.shape = self.keeper.execute(SHAPE, prepare=True).fetchone()
        self.closet = Closet.of[name] = Closet()

    def hand_out(self) -> str:
        """Who has it now: the name by which a connection says whose it is. Whoever finds a row here says which test left it."""
        self.uses += 1
        left = sorted(set(self._filled()) - self.seeded)
        assert not left, f"{self.last} left rows behind, after its end, in {', '.join(left)}"
        self.last, self.closet.lease = at_hand(), f"test-{self.uses}"
        return self.closet.lease

    def take_back(self) -> bool:
        """Empties it. Answers whether another test may have it."""
        self.closet.lease = ""
        try:
            return self._alone() and self.uses < USES and self._emptied() <= MANY and self._same_shape()
        except psycopg.Error:  # a table is gone, or somebody ended the keeper's own connection
            return False

    def close(self) -> None:
        del Closet.of[self.name]
        self.closet.close()
        self.keeper.close()

    def _filled(self) -> list[str]:
        found = self.keeper.execute(self.asks, prepare=True).fetchone() or ()
        return [table for table, has_rows in zip(self.tables, found, strict=True) if has_rows]

    def _emptied(self) -> int:
        filled = [table for table in self._filled() if table not in self.seeded]
        return sum(self.keeper.execute(f"delete from {table}").rowcount for table in filled)  # noqa: S608

    def _alone(self, tries: int = 20) -> bool:
        """Whether every connection that does not wait in the closet has ended; one that was closed just now takes a moment to go."""
        pids = self.closet.pids()
        for _try in range(tries):
            if self.keeper.execute(OTHERS, [pids], prepare=True).fetchone() == (0,):
                return True
            time.sleep(0.005)
        return False

    def _same_shape(self) -> bool:
        return self.keeper.execute(SHAPE, prepare=True).fetchone() == self.shape
