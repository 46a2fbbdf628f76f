"""What the tests of stories share: a story with a yes, and a search of the whole database."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from sqlalchemy import select
from sqlmodel import SQLModel

from service.database import Database
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make

settings.register_profile("house", deadline=None)  # these machines are shared: how long one example takes says nothing
settings.load_profile("house")

YES: dict[str, Any] = {"wording_version": "2026-11", "given_on": "2026-11-02"}
AtWork = Callable[..., Member]


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
