"""What the tests of searching share: a member of staff as an action sees one."""

from collections.abc import Callable
from typing import Any

import pytest

from service.database import Database
from service.people.actions import sign_in
from service.people.models import Member, Role
from service.people.queries import find_session, get_member
from service.places.queries import PlaceCard
from tests.make import Make


@pytest.fixture
def at_work(make: Make, database: Database) -> Callable[..., Member]:
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
