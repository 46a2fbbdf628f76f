"""The example of Monday: made once in a run by the product's own actions, then copied, row by row, to whoever wants to look at it."""

import asyncio
import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlmodel import SQLModel

import service.everything
from service.database import Database
from service.example.hillside import make_example
from service.server_keys import load_or_make
from tests.databases import Databases
from tests.make import MONDAY

FOLDER, FILE, KEYS = "example", "said.db", "keys"


@contextmanager
def made(databases: Databases, folder: Path, now: datetime) -> Iterator[Database]:
    """A database in which the example was made at this moment, as the command line makes it."""
    with databases.migrated("sqlite", folder) as url:
        database = Database(url, whole_house=True)
        with database.write() as writes:
            assert make_example(writes, load_or_make(folder / KEYS), now)
        yield database
        asyncio.run(database.close())


def of_monday(databases: Databases) -> Path:
    """A folder with the database of Monday's example, and its keys, which nobody changes; the first process to come here makes it."""
    ready, done = databases.shared / FOLDER, databases.shared / f"{FOLDER}-ready"
    with (databases.shared / f"{FOLDER}-turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(ready, ignore_errors=True)
            ready.mkdir()
            with made(databases, ready, MONDAY):
                pass
            assert not (ready / f"{FILE}-wal").exists(), "the file is whole"
            done.touch()
    return ready


@contextmanager
def looked_at(databases: Databases, folder: Path) -> Iterator[Database]:
    """A copy of Monday's example in this folder, on SQLite."""
    shutil.copyfile(of_monday(databases) / FILE, folder / FILE)
    database = Database(f"sqlite:///{folder / FILE}", whole_house=True)
    yield database
    asyncio.run(database.close())


def bring_into(database: Database, keys: Path, databases: Databases, folder: Path) -> None:
    """Fills an empty database, of either kind, with Monday's example, and the folder of keys with those that made it."""
    assert service.everything.__all__
    shutil.copytree(of_monday(databases) / KEYS, keys)
    with looked_at(databases, folder) as example, example.read() as reads, database.write() as writes:
        for table in SQLModel.metadata.sorted_tables:
            rows = [dict(row) for row in reads.execute(select(table)).mappings()]
            if any(key.column.table is table for key in table.foreign_keys):  # all in one statement: a row may name one further on
                rows and writes.execute(insert(table).values(rows))
            elif rows:
                writes.execute(insert(table), rows)
