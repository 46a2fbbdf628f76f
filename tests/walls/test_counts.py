"""Not even a number tells of what is not yours: whatever is added behind a wall, the pages before it stay the same."""

import re

import pytest
from fastapi import FastAPI

from service.people.models import Role
from tests.make import Make
from tests.walls.routes import addresses, method_of, routes_of
from tests.walls.world import Browsers, Caller, SignIn, World, build

CHANGING = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""The key of a form is another each time."""


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


def everything_shown(app: FastAPI, world: World, caller: Caller, *, account: bool = True) -> dict[str, str]:
    """Every page and list of hillside as this caller sees it, with each part of the inbox; the account on request.

    Every message counts in the account of its own place: that is what it is for.
    """
    found: dict[str, str] = {}
    for route in routes_of(app):
        behind = any(name in route.path for name in ("{message_id}", "{narrative_id}"))
        if method_of(route) != "GET" or behind or (route.name.startswith("accountability.") and not account):
            continue
        for address in addresses(route, world):
            if address.place == "hillside":
                found[address.path] = CHANGING.sub("-", caller.client.get(address.path).text)
    return found


@pytest.mark.parametrize("role", list(Role))
def test_message_behind_the_wall_changes_nothing_before_it(app: FastAPI, world: World, signed_in: SignIn, role: Role) -> None:
    client = signed_in(world.places["hillside"], role, organisation="council", name="Colleague")
    caller = Caller(client, "hillside", role, "council")
    before = everything_shown(app, world, caller)
    for organisation in ("nobody", "council"):
        world.tell("riverbank", organisation)
    assert everything_shown(app, world, caller) == before
    before = everything_shown(app, world, caller, account=False)
    for organisation in ("hub", "nobody"):
        world.tell("hillside", organisation)
    assert everything_shown(app, world, caller, account=False) == before


def test_message_changes_nothing_for_the_public(app: FastAPI, world: World, browser_of: Browsers) -> None:
    caller = Caller(browser_of())
    before = everything_shown(app, world, caller)
    world.tell("riverbank", "council")
    assert everything_shown(app, world, caller) == before
    before = everything_shown(app, world, caller, account=False)
    world.tell("hillside", "nobody")
    assert everything_shown(app, world, caller, account=False) == before


def test_comparison_would_notice(app: FastAPI, world: World, signed_in: SignIn) -> None:
    """What is yours does change what you see."""
    client = signed_in(world.places["hillside"], Role.FRONTLINE, organisation="council")
    caller = Caller(client, "hillside", Role.FRONTLINE, "council")
    before = everything_shown(app, world, caller)
    world.tell("hillside", "council")
    after = everything_shown(app, world, caller)
    assert {path for path in before if before[path] != after[path]} >= {
        "/staff/hillside/inbox?part=answered",
        "/staff/hillside/stories?part=all",
    }
