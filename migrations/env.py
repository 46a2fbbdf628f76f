"""How Alembic reaches the database: the same address as the service, one transaction per migration, one migrator at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlalchemy import Connection, Engine, text
from sqlmodel import SQLModel

import service.everything  # noqa: F401 (every table)
from migrations import row_security
from service import findable
from service.database import connect
from service.settings import Settings

LOCK = 7_262


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Column types of the house are written by name."""
    if kind == "type" and type(item).__module__ == "service.tables":
        autogen.imports.add("from migrations import column_types")
        return f"column_types.{type(item).__name__}()"
    if kind == "type" and isinstance(item, sa.Enum):
        autogen.imports.add("from migrations import column_types")
        return f"column_types.words({', '.join(repr(word) for word in [item.name, *item.enums])})"
    if kind == "type" and type(item).__module__.startswith("sqlmodel"):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """The index of words is each database's own, and no model's."""
    return kind != "table" or not str(name).startswith(findable.search_words.name)


def migrate(connection: Connection) -> None:
    """Runs the migrations on this connection."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        include_name=include_name,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("set local lock_timeout = '4s'"))
        context.run_migrations()
    if connection.dialect.name == "postgresql" and context.get_context().get_current_revision() == context.get_head_revision():
        connection.commit()
        with connection.begin():
            connection.execute(text("set local lock_timeout = '4s'"))
            row_security.put_up(connection)
            row_security.share_out(connection, append_only())


def append_only() -> list[str]:
    """The tables that rows are added to, and that is all: their models say so."""
    return [table.name for table in SQLModel.metadata.sorted_tables if table.info.get("append_only")]


def address() -> str:
    """Where the database is: as the caller says, else as the settings do."""
    given = context.config.attributes.get("url")
    if given is not None:
        return str(given)
    settings = Settings()
    settings.var.mkdir(parents=True, exist_ok=True)
    return settings.database


@contextmanager
def one_at_a_time(engine: Engine) -> Iterator[None]:
    """On PostgreSQL, where several servers may start at once, the second migrator waits for the first and then has nothing to do."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as guard:
        guard.execute(text(f"select pg_advisory_lock({LOCK})"))
        try:
            yield
        finally:
            guard.execute(text(f"select pg_advisory_unlock({LOCK})"))


def run() -> None:
    """Migrates the connection or the address that the caller named, else the database of the settings."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine = connect(address(), read_only=False, whole_house=True)
    try:
        with one_at_a_time(engine), engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # Outside any transaction, or it would do nothing: a table made anew must not cascade into its children.
                connection.connection.execute("PRAGMA foreign_keys=OFF")
            migrate(connection)
            if engine.dialect.name == "sqlite" and connection.connection.execute("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError("Some rows point at nothing after the migration.")
    finally:
        engine.dispose()


run()
