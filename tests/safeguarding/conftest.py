"""What the tests of the lane share: members at work, concerns, and a mail server that is there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from service.database import Database
from service.people.actions import sign_in
from service.people.models import Member, Role
from service.people.queries import find_session, get_member
from service.places.queries import PlaceCard
from service.safeguarding.actions import raise_message, take
from service.safeguarding.models import RaiseIn, TurnIn
from service.safeguarding.rota_actions import put_on_rota
from tests.make import Make
from tests.outbox.conftest import post_office

__all__ = ["post_office"]


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


def on_rota(make: Make, keeper: Member, member: Member, place_in_line: int = 1, hours: float = 168) -> UUID:
    """This member is on call from now on."""
    now = make.clock()
    turn = TurnIn(
        staff=member.person.staff_id,
        begins_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(hours=hours),
        place_in_line=place_in_line,
    )
    with make.database.write() as writes:
        return put_on_rota(writes, keeper, turn, now)


def raised(make: Make, by: Member, message_id: UUID, **fields: Any) -> UUID:
    """The message stands apart now."""
    with make.database.write() as writes:
        return raise_message(writes, by, message_id, RaiseIn(**fields), make.clock())


def taken(make: Make, by: Member, concern_id: UUID) -> None:
    """Somebody says: I have it."""
    with make.database.write() as writes:
        take(writes, by, concern_id, make.clock())
