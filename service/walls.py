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

from sqlalchemy import Connection
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

WALLS = "said_walls"
"""Where a connection keeps what its transaction may see."""

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
        connection = session.connection()  # a transaction that begins here begins with these walls
        if connection.info[WALLS] != walls:
            put_up(connection, walls)
        yield
    put_up(connection, before)  # not where the block failed: then the transaction is over, and its settings with it


def put_up(connection: Connection, walls: Walls) -> None:
    """Sets the walls of the transaction that this connection is in; they end with it."""
    connection.info[WALLS] = walls
    connection.exec_driver_sql(
        "select set_config('said.places', %s, true), set_config('said.house', %s, true)",
        (",".join(sorted(map(str, walls.places))), "on" if walls.whole_house else ""),
    )


def begin(connection: Connection) -> None:
    """Puts up the walls of a transaction that begins. Where nothing may be seen nothing has to be said."""
    walls = WHOLE_HOUSE if connection.engine.get_execution_options().get(FOR_ALL) else current()
    connection.info[WALLS] = NOTHING
    if walls != NOTHING:
        put_up(connection, walls)
