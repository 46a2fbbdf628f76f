"""Who works in Hillside where promises are made."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from service.places.queries import PlaceCard
from tests.make import Make


@pytest.fixture
def two_members(make: Make, hillside: PlaceCard) -> PlaceCard:
    """Hillside with its council and its hub."""
    make.organisation(hillside, "council", name="The council")
    make.organisation(hillside, "hub", name="The hub")
    make.area(hillside, "linden", name="Linden")
    return hillside


@pytest.fixture
def at_council(two_members: PlaceCard, signed_in: Callable[..., TestClient]) -> TestClient:
    """A coordinator of the council, at the desk."""
    return signed_in(two_members, organisation="council")


@pytest.fixture
def at_hub(two_members: PlaceCard, signed_in: Callable[..., TestClient]) -> TestClient:
    """A coordinator of the hub, at the desk."""
    return signed_in(two_members, organisation="hub")
