"""What SQLAlchemy learns of a database and works out of a statement is kept for a whole run, not for one test.

A test has a database of its own and engines of its own, as before; but they speak one dialect, which asks the server once what it is,
and share the statements that it has written.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from tests.kept_database import Closet, way_of

STATEMENTS: Any = LRUCache(3_000)


class Kept:
    """A dialect that is made and acquainted once for each way in which it is asked for."""

    made: ClassVar[dict[Any, Any]] = {}
    told: ClassVar[list[Callable[[], None]]] = []
    acquainted = False

    def __new__(cls, **asked: Any) -> Any:
        way = (cls, *sorted(asked.items()))
        if way not in cls.made:
            cls.made[way] = super().__new__(cls)
        return cls.made[way]

    def __init__(self, **asked: Any) -> None:
        if not self.__dict__:
            super().__init__(**asked)

    def initialize(self, connection: Connection) -> None:
        if not self.acquainted:
            super().initialize(connection)  # type: ignore[misc]
            self.acquainted = True

    def do_commit(self, connection: Any) -> None:
        super().do_commit(connection)  # type: ignore[misc]
        for act in self.told:
            act()

    def do_ping(self, _connection: Any) -> bool:
        """The server of a test is as old as the run, and nobody ends its connections."""
        return True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=STATEMENTS)


class Sqlite(Kept, SQLiteDialect_pysqlite):
    """SQLite."""

    supports_statement_cache = True


class Postgresql(Kept, PGDialect_psycopg):
    """PostgreSQL."""

    supports_statement_cache = True

    def connect(self, *given: Any, **asked: Any) -> Any:
        """To a kept database with a connection that an earlier test has closed, if there is one."""
        closet = Closet.of.get(asked.get("dbname", ""))
        connection = (closet.take(asked) if closet else None) or super().connect(*given, **asked)
        if closet:
            closet.ways[id(connection)] = way_of(asked)
        return connection

    def do_close(self, dbapi_connection: Any) -> None:
        closet = Closet.of.get("" if dbapi_connection.closed else dbapi_connection.info.dbname)
        if not (closet and closet.put_back(dbapi_connection)):
            super().do_close(dbapi_connection)  # type: ignore[no-untyped-call]

    def do_terminate(self, dbapi_connection: Any) -> None:
        """What state it is in, nobody knows."""
        super().do_close(dbapi_connection)  # type: ignore[no-untyped-call]


@contextmanager
def when_committed(act: Callable[[], None]) -> Iterator[None]:
    """Inside this block every COMMIT of this process, through whichever engine, is followed by `act`."""
    Kept.told.append(act)
    yield
    Kept.told.remove(act)


def keep() -> None:
    """From here on every engine of this process speaks one of these."""
    registry.register("sqlite", __name__, "Sqlite")
    registry.register("postgresql", __name__, "Postgresql")
