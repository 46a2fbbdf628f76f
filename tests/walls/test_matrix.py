"""Every route of the table, asked by everybody, about both collaborations: nobody sees or reaches what is not theirs."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import true
from starlette.testclient import TestClient

from service.feedback import queries
from service.people import access
from service.people.models import Grant, Member, Role
from service.people.queries import get_member
from tests.make import Make
from tests.walls.world import PLACES, Caller, World, addresses, ask, build, callers, canary, parameters, unknown_parameters


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


@pytest.fixture
def everybody(
    world: World, browser_of: Callable[[], TestClient], signed_in: Callable[..., TestClient], with_key: Callable[..., TestClient]
) -> list[Caller]:
    return callers(world, browser_of, signed_in, with_key)


LEAVING = "people.sign_out"
"""Asked by nobody here: it would end the very session that asks on."""


def leaks(app: FastAPI, world: World, everybody: list[Caller]) -> list[str]:
    """Each canary that reached somebody it should not, and each staff page that opened to an outsider; sorted sentences."""
    found: set[str] = set()
    for slug in PLACES:
        known = parameters(world, slug)
        for route in app.state.routes:
            if route.name == LEAVING:
                continue
            for path in addresses(route, known):
                for caller in everybody:
                    status, text = ask(caller, route, path)
                    found |= {f"{caller.name} sees {word} at {route.path}" for word in world.private() - caller.may_see if word in text}
                    if status >= 500:
                        found.add(f"{caller.name} gets {status} at {route.path}")
                    inside = route.path.startswith("/staff/{c}")
                    if inside and caller.works_in != slug and status not in ({401, 303} if caller.works_in is None else {404}):
                        found.add(f"{caller.name} gets {status} at {route.path} of {slug}")
    return sorted(found)


def test_every_parameter_of_the_route_table_is_tried(app: FastAPI, world: World) -> None:
    assert unknown_parameters(app, parameters(world, "hillside")) == set()


def test_nobody_sees_what_is_not_theirs_on_any_route(app: FastAPI, world: World, everybody: list[Caller]) -> None:
    assert leaks(app, world, everybody) == []


def test_those_at_the_desk_do_see_what_is_theirs(app: FastAPI, world: World, everybody: list[Caller]) -> None:
    """Without this the search for canaries could find nothing because there is nothing."""
    for caller in everybody:
        seen = set()
        for route in app.state.routes:
            if route.name in ("feedback.message", "feedback.inbox"):
                for slug in PLACES:
                    for path in addresses(route, parameters(world, slug)):
                        text = ask(caller, route, f"{path}?part=answered" if route.name == "feedback.inbox" else path)[1]
                        seen |= {word for word in world.private() if word in text}
        assert seen == caller.may_see, caller.name


def test_message_of_another_organisation_is_not_there(app: FastAPI, world: World, everybody: list[Caller]) -> None:
    routes = [route for route in app.state.routes if "{message_id}" in route.path]
    assert len(routes) >= 3
    for caller in everybody:
        if caller.works_in is None:
            continue
        for route in routes:
            for holder in ("nobody", "council", "hub"):
                path = route.path.replace("{c}", caller.works_in).replace("{message_id}", str(world.messages[caller.works_in, holder]))
                status = ask(caller, route, path)[0]
                assert (status == 404) == (canary(caller.works_in, holder) not in caller.may_see), (caller.name, route.path, holder)


def test_message_of_the_other_place_is_not_there_under_this_ones_address(world: World, everybody: list[Caller]) -> None:
    other = world.messages["riverbank", "nobody"]
    for caller in everybody:
        if caller.works_in == "hillside":
            assert caller.client.get(f"/staff/hillside/messages/{other}").status_code == 404, caller.name


def test_code_of_one_place_opens_nothing_in_the_other(world: World, everybody: list[Caller]) -> None:
    nobody = everybody[0].client
    assert nobody.post("/api/v1/riverbank/receipts", json={"code": world.codes["hillside"]}).status_code == 404
    assert nobody.post("/api/v1/hillside/receipts", json={"code": world.codes["hillside"]}).status_code == 200


# ---- the matrix can turn red -----------------------------------------------------------------------------------------


def test_matrix_turns_red_when_the_query_shows_everything(
    app: FastAPI, world: World, everybody: list[Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "visible_to", lambda _member: true())
    assert any("coordinator of council in hillside sees Canaryhillsidehub" in leak for leak in leaks(app, world, everybody))


def test_matrix_turns_red_when_any_signed_in_person_is_let_in(
    app: FastAPI, world: World, everybody: list[Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    def let_in(_reads: Any, person: Any, place: Any) -> Member:
        return Member(person=person, place=place, grants=(Grant(Role.COORDINATOR, None),))

    assert access.get_member is get_member
    monkeypatch.setattr(access, "get_member", let_in)
    found = leaks(app, world, everybody)
    assert any(leak.startswith("coordinator of all in riverbank gets 200 at /staff/{c}/inbox of hillside") for leak in found)
