"""What the tests of the account share: a place where something of everything happened."""

import pytest

from service.places.queries import PlaceCard
from tests.accountability.world import fill
from tests.copies import tell_once
from tests.make import Make


@pytest.fixture
def busy(make: Make, hillside: PlaceCard) -> PlaceCard:
    """Hillside after half a year, on Monday 23 November 2026."""
    tell_once("half a year", lambda: fill(make, hillside), make.database, hillside, make.clock)
    return hillside
