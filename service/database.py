"""The one door to the database: every write passes through it, and no answer leaves before COMMIT has returned.

Ordinary writes take a `Writes` session: one transaction per request. Hot writes are *batch actions*, handed to
`Database.submit`: requests that arrive while one group commits become the next group, and share its one fsync.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, NewType, TypeVar

from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool, run_in_threadpool
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session, create_engine

from service import walls
from service.errors import Unavailable

ReadSession = NewType("ReadSession", Session)
WriteSession = NewType("WriteSession", ReadSession)
Answer = TypeVar("Answer")
BatchAction = Callable[[WriteSession, list[Any]], list[Any]]

CONNECTIONS = 20  # of one process, on PostgreSQL
GROUP_ROWS = 250  # a group takes no more rows than this, so that nobody waits long
OWN_ROWS = 10  # more rows than this at once are part of a bulk load, which lets everybody else go first
STEP, LONG_STEP = 40, 1_000  # rows of a bulk load that are stored at a time: while others write, and while nobody does
QUIET_SECONDS = 60.0  # so long after anybody else's write a bulk load goes in small steps
WAITING_ROWS = 20_000  # beyond this a new write is refused at once instead of waiting for its turn
DOOR_SECONDS = 15.0  # how long an ordinary write waits for its turn
TRANSIENT = {"40001", "40P01"}  # serialization failure, deadlock: the same transaction may succeed when run again
AFTERWARDS, VAR = "said_afterwards", "said_var"  # where a session keeps what follows its COMMIT, and the folder beside the database
SAFE_SQLITE = (3, 51, 3)  # older libraries can corrupt a WAL file that several connections write (the WAL-reset fault)


# ---- the two databases -----------------------------------------------------------------------------------------------


def sqlite_driver() -> ModuleType:
    """The first SQLite driver here whose library is safe: the standard library's, or the package pysqlite3.

    Raises: RuntimeError that says what to install when neither is.
    """
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return sqlite3
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 (a package that exists for some machines only)
    except ImportError:
        dbapi2 = None
    if dbapi2 is not None and dbapi2.sqlite_version_info >= SAFE_SQLITE:
        return dbapi2  # type: ignore[no-any-return]
    wanted = ".".join(map(str, SAFE_SQLITE))
    raise RuntimeError(
        f"SQLite {sqlite3.sqlite_version} can corrupt a database that several connections write. Install Python with SQLite {wanted} "
        "or newer, or the package pysqlite3 (Linux x86-64, macOS arm64), or set SAID_DATABASE_URL to a PostgreSQL database."
    )


def connect(url: str, *, read_only: bool, whole_house: bool = False) -> Engine:
    """An engine for readers or for writers. Errors never show parameters: those may be a resident's words.

    `whole_house`: every transaction sees every collaboration; otherwise the one that its request has entered (service.walls).
    """
    if not url.startswith("sqlite"):
        engine = create_engine(
            url.replace("postgres://", "postgresql://", 1),
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"prepare_threshold": None, "connect_timeout": 5},  # None: safe behind PgBouncer
            execution_options={walls.FOR_ALL: whole_house, **({"postgresql_readonly": True} if read_only else {})},
        )
        walls.stand_around(engine)
        return engine
    engine = create_engine(
        url,
        module=sqlite_driver(),
        pool_size=CONNECTIONS if read_only else 1,
        max_overflow=0,
        pool_timeout=DOOR_SECONDS,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    pragmas = ["busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"]

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in [*pragmas, f"query_only={int(read_only)}"]:
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows the letters of English only

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


# ---- the door --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Submission:
    """What one request hands to a batch action, and where its answer goes."""

    action: BatchAction
    items: list[Any]
    answer: asyncio.Future[list[Any]]
    inside: walls.Walls


class Database:
    """Both engines, the door, and the queue of hot writes. Belongs to one event loop.

    `whole_house` is for the command line, which serves every collaboration; the service enters one with each request.
    """

    def __init__(self, url: str, *, group_rows: int = GROUP_ROWS, whole_house: bool = False, var: Path | None = None) -> None:
        self.reader = connect(url, read_only=True, whole_house=whole_house)
        self.writer = connect(url, read_only=False, whole_house=whole_house)
        self.is_sqlite = self.writer.dialect.name == "sqlite"
        self.door = asyncio.Semaphore(1 if self.is_sqlite else CONNECTIONS - 1)
        self.readers = asyncio.Semaphore(CONNECTIONS)
        self.thread = ThreadPoolExecutor(1, "group-commit")
        self.group_rows, self.var = group_rows, var
        self.waiting: deque[Submission] = deque()
        self.loads: deque[Submission] = deque()
        self.is_loads_turn = False
        self.waiting_rows = 0
        self.heard_at = -QUIET_SECONDS
        self.draining: asyncio.Task[None] | None = None
        self.closed = False
        self.glancing: Any = None

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A session that cannot change anything."""
        try:
            with Session(self.reader) as session:
                yield ReadSession(session)
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            raise Unavailable from error

    async def reading(self, ask: Callable[[ReadSession], Answer]) -> Answer:
        """Asks a query from the event loop. On SQLite right here, which is quicker than a thread; on PostgreSQL in one."""

        def answer() -> Answer:
            with self.read() as reads:
                return ask(reads)

        async with self.readers:
            return answer() if self.is_sqlite else await run_in_threadpool(answer)

    def glance(self, statement: str, *values: object) -> Any:
        """One value from SQLite, past sessions and pools: some microseconds. Only the event loop asks, so one connection will do."""
        try:
            if self.glancing is None:
                connection = self.reader.raw_connection()
                connection.detach()
                self.glancing = connection
            return self.glancing.cursor().execute(statement, values).fetchone()[0]
        except self.reader.dialect.loaded_dbapi.Error as error:
            raise Unavailable from error

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """One transaction: returning commits, raising rolls back. Called inside the door, or by the command line."""
        try:
            with Session(self.writer, info={VAR: self.var}) as session:
                yield WriteSession(ReadSession(session))
                connection = session.connection()
                try:
                    session.commit()
                except DBAPIError as error:
                    connection.invalidate()  # what state it is in, nobody knows
                    raise Unavailable from error
                for act in session.info.get(AFTERWARDS, ()):
                    act()
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            raise Unavailable from error

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[WriteSession]:
        """An ordinary write. Waits for its turn on the event loop: a waiting thread would keep the one inside from finishing."""
        try:
            await asyncio.wait_for(self.door.acquire(), DOOR_SECONDS)
        except TimeoutError:
            raise Unavailable from None
        try:
            async with contextmanager_in_threadpool(self.write()) as session:
                yield session
        finally:
            self.door.release()

    async def note(self, act: Callable[[WriteSession], None]) -> None:
        """A small write that no answer depends on, in a thread: it may have to wait for another's row. What fails is left out."""

        def write() -> None:
            with suppress(Unavailable), self.write() as writes:
                act(writes)

        async with self.door:
            await run_in_threadpool(write)

    async def submit(self, action: BatchAction, items: list[Any]) -> list[Any]:
        """Hands items to a batch action together with whatever else is waiting.

        Shape:  one result per item, in order, after the COMMIT that stored them.
        Raises: Unavailable when nothing was stored and the same items may be sent again.
        """
        if self.closed or self.waiting_rows > WAITING_ROWS:
            raise Unavailable
        queue = self.loads if len(items) > OWN_ROWS else self.waiting
        if queue is self.waiting:
            self.heard()
        results: list[Any] = []
        for start in range(0, len(items), LONG_STEP):
            part = items[start : start + LONG_STEP]
            submission = Submission(action, part, asyncio.get_running_loop().create_future(), walls.current())
            queue.append(submission)
            self.waiting_rows += len(part)
            self.draining = self.draining or asyncio.create_task(self._drain())
            results += await submission.answer
        return results

    def heard(self) -> None:
        """Somebody writes who is not a bulk load."""
        self.heard_at = time.monotonic()

    def step(self) -> int:
        """How much of a bulk load may be stored at a time, so that whoever else writes now waits for no more. Units: rows."""
        return STEP if time.monotonic() - self.heard_at < QUIET_SECONDS else LONG_STEP

    async def _drain(self) -> None:
        while self.waiting or self.loads:
            async with self.door:
                await self._arrivals()
                group = self._next_group()
                outcomes = await asyncio.get_running_loop().run_in_executor(self.thread, self._store, group)
            for submission, outcome in zip(group, outcomes, strict=True):
                if submission.answer.done():  # the client went away; its idempotency key makes a retry harmless
                    continue
                if isinstance(outcome, Exception):
                    submission.answer.set_exception(outcome)
                else:
                    submission.answer.set_result(outcome)
        self.draining = None

    async def _arrivals(self) -> None:
        """Lets requests whose bytes are already here join the group before it closes: three quiet turns of the loop."""
        quiet = 0
        while quiet < 3 and self.waiting_rows < self.group_rows:
            before = self.waiting_rows
            await asyncio.sleep(0)
            quiet = quiet + 1 if self.waiting_rows == before else 0

    def _next_group(self) -> list[Submission]:
        """People's own posts go first and by themselves. Where both wait they take turns, so that a bulk load goes on as well."""
        is_load = not self.waiting or (self.is_loads_turn and bool(self.loads))
        queue, most = (self.loads, self.step()) if is_load else (self.waiting, self.group_rows)
        self.is_loads_turn = not is_load
        group = [queue.popleft()]
        rows = len(group[0].items)
        while queue and rows + len(queue[0].items) <= most:
            group.append(queue.popleft())
            rows += len(group[-1].items)
        self.waiting_rows -= rows
        return group

    def _store(self, group: list[Submission], tries: int = 3) -> list[list[Any] | Exception]:
        """One outcome per submission. What breaks the whole group's statements is found by storing each alone."""
        try:
            return self._store_together(group)
        except Unavailable as error:
            if tries > 1 and is_transient(error):
                return self._store(group, tries - 1)
            return [error] * len(group)
        except Exception as error:  # noqa: BLE001 (whatever it is, it belongs to the one request that caused it)
            return [error] if len(group) == 1 else [self._store([one])[0] for one in group]

    def _store_together(self, group: list[Submission]) -> list[list[Any] | Exception]:
        by_action = sorted(range(len(group)), key=lambda n: group[n].action.__qualname__)
        outcomes: list[Any] = [None] * len(group)
        inside = walls.NOTHING.with_those_of(one.inside for one in group)
        with walls.within(inside), self.write() as writes:
            for action, same in groupby(by_action, key=lambda n: group[n].action):
                places = list(same)
                results = iter(action(writes, [item for n in places for item in group[n].items]))
                for n in places:
                    outcomes[n] = [next(results) for _ in group[n].items]
        return outcomes

    async def close(self) -> None:
        """Refuses new writes, stores what waits, lets go of the connections."""
        self.closed = True
        while self.draining:
            await self.draining
        self.thread.shutdown()
        if self.glancing is not None:
            self.glancing.close()
        self.reader.dispose()
        self.writer.dispose()


def is_transient(error: Unavailable) -> bool:
    """Whether the same transaction may succeed when it is run again at once."""
    return getattr(getattr(error.__cause__, "orig", None), "sqlstate", None) in TRANSIENT


def afterwards(writes: WriteSession, act: Callable[[], None]) -> None:
    """Does something outside the database as soon as this transaction is committed; nothing where it is taken back."""
    writes.info.setdefault(AFTERWARDS, []).append(act)


def folder_of(writes: WriteSession) -> Path | None:
    """The folder beside this database; None where nobody said which that is."""
    found: Path | None = writes.info.get(VAR)
    return found


# ---- what a route asks for -------------------------------------------------------------------------------------------


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _reading(database: Annotated[Database, Depends(_database)]) -> AsyncIterator[ReadSession]:
    """Waits for a connection on the event loop: waiting threads would keep those who hold one from giving it back.

    On SQLite to begin and to end takes some microseconds, which is less than going to a thread and back.
    """
    async with database.readers:
        if database.is_sqlite:
            with database.read() as session:
                yield session
        else:
            async with contextmanager_in_threadpool(database.read()) as session:
                yield session


async def _writing(database: Annotated[Database, Depends(_database)]) -> AsyncIterator[WriteSession]:
    database.heard()
    async with database.writing() as session:
        yield session


Door = Annotated[Database, Depends(_database)]
Reads = Annotated[ReadSession, Depends(_reading, scope="function")]
Writes = Annotated[WriteSession, Depends(_writing, scope="function")]
