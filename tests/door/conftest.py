"""A place, and a started service in which a story happens."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from service.partners.models import Scope
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.door.running import Running, running
from tests.make import Make, SettableClock

InService = Callable[[Callable[[Running], Awaitable[None]]], None]


@pytest.fixture
def place(make: Make, hillside: PlaceCard) -> PlaceCard:
    make.area(hillside, "hill-road")
    return hillside


@pytest.fixture
def in_service(make: Make, place: PlaceCard, settings: Settings, clock: SettableClock) -> InService:
    """Runs a story inside a started service: `in_service(story)`. Who waits for ever for a row is told so, not left to hang."""
    key = make.key(place, Scope.OUTCOMES_WRITE)
    if not make.database.is_sqlite:
        with make.database.write() as writes:
            name = writes.execute(text("select current_database()")).scalar_one()
            writes.execute(text(f"alter database {name} set lock_timeout = '10s'"))

    def run(story: Callable[[Running], Awaitable[None]]) -> None:
        async def main() -> None:
            async with running(settings, clock, key) as service:
                await story(service)

        asyncio.run(main())

    return run
