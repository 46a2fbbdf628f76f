"""What the tests of stories share: staff as an action sees them, a story with a yes, and a search of the whole database."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from sqlalchemy import select
from sqlmodel import SQLModel

from service.database import Database
from service.people.actions import sign_in
from service.people.models import Member, Role
from service.people.queries import find_session, get_member
from service.places.queries import PlaceCard
from tests.make import Make

settings.register_profile("house", deadline=None)  # these machines are shared: how long one example takes says nothing
settings.load_profile("house")

YES: dict[str, Any] = {"wording_version": "2026-11", "given_on": "2026-11-02"}
AtWork = Callable[..., Member]


@pytest.fixture
def at_work(make: Make, database: Database) -> AtWork:
    """Somebody with a role, signed in, as an action receives them: `at_work(place, "frontline", organisation="council")`."""

    def member(place: PlaceCard, role: Role | str = Role.COORDINATOR, **person: Any) -> Member:
        link = make.person(place, role, **person)
        with database.write() as writes:
            cookie = sign_in(writes, link, make.clock())
        with database.read() as reads:
            found = find_session(reads, cookie, make.clock())
            assert found is not None
            return get_member(reads, found, place)

    return member


@pytest.fixture
def checker(hillside: PlaceCard, at_work: AtWork) -> Member:
    """A coordinator for the whole of hillside."""
    return at_work(hillside)


@pytest.fixture
def do(database: Database, make: Make) -> Callable[..., None]:
    """One deed, in a transaction of its own: `do(pause_narrative, member, story)`."""

    def it(action: Callable[..., None], member: Member, story: UUID, *more: Any) -> None:
        with database.write() as writes:
            action(writes, member, story, *more, make.clock())

    return it


@pytest.fixture
def everywhere(database: Database) -> Callable[[str], list[str]]:
    """The tables in which a word stands."""

    def search(word: str) -> list[str]:
        with database.read() as reads:
            connection = reads.connection()
            tables = SQLModel.metadata.sorted_tables
            return [table.name for table in tables if any(word in str(tuple(row)) for row in connection.execute(select(table)))]

    return search
