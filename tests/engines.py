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
