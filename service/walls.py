"""The second wall: on PostgreSQL the database itself shows a transaction the rows of its collaboration only.

The first wall is the query, which names its collaboration. Where one forgets to, or is made to forget, this one stands: every table of
collaborations has a policy (migrations/row_security.py) on two settings of the transaction. Who sets nothing sees nothing. A request
enters the walls with its address (people/access.py); the few doings that belong to no collaboration say that they need the whole house,
and a test holds the list of them. SQLite has no such thing; there the first wall stands alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, event
from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Walls:
    """What the transactions of this task may see: the collaborations named, or the whole house."""

    places: frozenset[UUID] = frozenset()
    whole_house: bool = False

    def with_those_of(self, others: Iterable["Walls"]) -> "Walls":
        """What all of these may see: for a group that is stored together."""
        every = [self, *others]
        return Walls(frozenset().union(*(one.places for one in every)), any(one.whole_house for one in every))


NOTHING = Walls()
WHOLE_HOUSE = Walls(whole_house=True)

FOR_ALL = "said_whole_house"
"""The option of an engine all of whose transactions see the whole house."""

WALLS, STANDING = "said_walls", "said_walls_standing"
"""Where a connection keeps what its transaction may see, and what the database was told of that so far."""

_walls: ContextVar[Walls] = ContextVar("walls", default=NOTHING)


def current() -> Walls:
    """What a transaction that begins now may see."""
    return _walls.get()


def enter(place_id: UUID) -> None:
    """From here on this request sees this collaboration, and no other."""
    _walls.set(Walls(frozenset({place_id})))


@contextmanager
def within(walls: Walls) -> Iterator[None]:
    """What begins inside the block sees this."""
    token = _walls.set(walls)
    try:
        yield
    finally:
        _walls.reset(token)


@contextmanager
def whole_house(session: Session) -> Iterator[None]:
    """For a question about a person or a key, which belong to no collaboration. Whoever calls this names its collaborations itself."""
    with _seeing(session, WHOLE_HOUSE):
        yield


@contextmanager
def inside(session: Session, place_id: UUID) -> Iterator[None]:
    """For what is asked of a collaboration before its walls were entered: while it is being got."""
    with _seeing(session, Walls(frozenset({place_id}))):
        yield


@contextmanager
def _seeing(session: Session, walls: Walls) -> Iterator[None]:
    engine = session.get_bind()
    if engine.dialect.name != "postgresql" or engine.engine.get_execution_options().get(FOR_ALL):
        yield
        return
    before = session.connection().info[WALLS] if session.in_transaction() else current()
    if before in (walls, WHOLE_HOUSE):
        yield
        return
    with within(walls):
        info = session.connection().info  # a transaction that begins here begins with these walls
        info[WALLS] = walls
        try:
            yield
        finally:
            info[WALLS] = before


def stand_around(engine: Engine) -> None:
    """From here on no statement of this engine reaches the database before the walls of its transaction stand there.

    What a transaction may see is told to the database with the next statement that it is sent, so nothing is told that nobody asks.
    """
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _make_stand)


def _begin(connection: Connection) -> None:
    """Where nothing may be seen nothing has to be said: without a setting the database shows nothing."""
    connection.info[WALLS] = WHOLE_HOUSE if connection.engine.get_execution_options().get(FOR_ALL) else current()
    connection.info[STANDING] = NOTHING


def _make_stand(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    if statement.startswith("ROLLBACK TO SAVEPOINT"):  # the walls go back to what they were before it, whatever that was
        connection.info[STANDING] = None
        return
    walls = connection.info[WALLS]
    if connection.info[STANDING] != walls:
        connection.info[STANDING] = walls  # before it is so, as this is a statement as well
        put_up(connection, walls)


def put_up(connection: Connection, walls: Walls) -> None:
    """Sets the walls of the transaction that this connection is in; they end with it."""
    connection.exec_driver_sql(
        "select set_config('said.places', %s, true), set_config('said.house', %s, true)",
        (",".join(sorted(map(str, walls.places))), "on" if walls.whole_house else ""),
    )
