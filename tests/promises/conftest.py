"""Who works in Hillside where promises are made."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from service.places.queries import PlaceCard
from tests.make import Make


@pytest.fixture
def two_members(make: Make, hillside: PlaceCard) -> None:
    """Hillside's council and hub."""
    make.organisation(hillside, "council", name="The council")
    make.organisation(hillside, "hub", name="The hub")
    make.area(hillside, "linden", name="Linden")


@pytest.fixture
def at_council(two_members: None, hillside: PlaceCard, signed_in: Callable[..., TestClient]) -> TestClient:
    """A coordinator of the council, at the desk."""
    return signed_in(hillside, organisation="council")


@pytest.fixture
def at_hub(two_members: None, hillside: PlaceCard, signed_in: Callable[..., TestClient]) -> TestClient:
    """A coordinator of the hub, at the desk."""
    return signed_in(hillside, organisation="hub")
