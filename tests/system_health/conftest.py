"""What the tests of barriers share: somebody at work, and a barrier with a story behind it."""

from collections.abc import Callable
from uuid import UUID

import pytest

from service.database import Database
from service.people.models import Member, Role
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.system_health.actions import move_barrier, name_barrier, report_barrier
from service.system_health.models import BarrierKind, MoveIn, Standing
from tests.make import Make

Move = Callable[..., None]


@pytest.fixture
def coordinator(hillside: PlaceCard, at_work: Callable[..., Member]) -> Member:
    """A coordinator for the whole of hillside."""
    return at_work(hillside, Role.COORDINATOR)


@pytest.fixture
def barrier(make: Make, database: Database, hillside: PlaceCard, coordinator: Member) -> Callable[..., UUID]:
    """A barrier that an organisation reported: `barrier(council, words="The form goes first")`."""

    def reported(organisation: Organisation | None = None, words: str = "The form goes first", **story: object) -> UUID:
        told = make.story(hillside, "It took a week.", organisation=organisation, barrier=words, **story)
        with database.write() as writes:
            of = organisation.id if organisation else None
            found = report_barrier(writes, coordinator.actor, hillside, BarrierKind.RULE, of, make.clock())
            name_barrier(writes, coordinator.actor, hillside, found, make.story_id(told), make.clock())
        return found

    return reported


@pytest.fixture
def move(make: Make, database: Database) -> Move:
    """One move, in a transaction of its own: `move(member, barrier, "looked_into", theme="A form")`."""

    def it(member: Member, barrier: UUID, to: Standing | str | None, **more: object) -> None:
        given = MoveIn.model_validate({"to": to, "note": "Asked the desk.", **more})
        with database.write() as writes:
            move_barrier(writes, member, barrier, given, make.clock())

    return it
