"""Hillside, where two services follow people; and ways to ask what was stored."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.testclient import TestClient

from service.database import Database
from service.outcomes.models import Reading
from service.places.models import Organisation
from service.places.queries import PlaceCard
from tests.make import Make

READINGS = "/api/v1/hillside/outcomes/readings"
YES = {"wording_version": "2026-11", "given_on": "2024-01-01"}


def reading(value: float | str = 4.0, **fields: Any) -> dict[str, Any]:
    """How p-1 finds it that the own goal is reached, in March 2024, unless told otherwise."""
    goal = {} if "instrument" in fields else {"goal": "Sleep through the night"}
    return {"person": "p-1", **goal, "value": value, "on": "2024-03-01", "by": "self", **fields}


@pytest.fixture
def council(make: Make, hillside: PlaceCard) -> Organisation:
    """The organisation that posts."""
    make.area(hillside, "north-ward")
    return make.organisation(hillside, "council")


@pytest.fixture
def partner(hillside: PlaceCard, council: Organisation, with_key: Callable[..., TestClient]) -> TestClient:
    """The council's system, which may post readings and read its own."""
    return with_key(hillside, "outcomes:write", "account:read", organisation=council, name="The council's system")


@pytest.fixture
def stored(database: Database) -> Callable[[], list[Reading]]:
    """Every reading there is, in the order in which they came."""

    def now() -> list[Reading]:
        with database.read() as reads:
            return list(reads.scalars(select(Reading).order_by(col(Reading.id))))

    return now
