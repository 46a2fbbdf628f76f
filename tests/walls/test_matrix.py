"""Every route of the table, asked by everybody about everything: nobody sees or reaches what is not theirs."""

from collections.abc import Iterable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import true

from service.app import ROUTERS
from service.feedback import desk_queries
from service.partners import access as key_access
from service.people import access
from service.people.models import Grant, Member, Role, SignedIn
from service.people.queries import find_staff
from tests.make import Make
from tests.walls.asks import ASKS
from tests.walls.routes import addresses, expected, method_of, routes_of, sent, who_says
from tests.walls.who import WHO
from tests.walls.world import (
    HOLDERS,
    OTHER,
    Browsers,
    Caller,
    Programs,
    SignIn,
    World,
    build,
    contact_of,
    name_of,
    staff_with,
    without_a_guard,
    without_a_role,
    words_of,
)


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


def faults(app: FastAPI, world: World, callers: Iterable[Caller]) -> list[str]:
    """A sentence for each wrong status, and for each word that reached somebody it should not."""
    found: list[str] = []
    asked = [(route, at) for route in routes_of(app) for at in addresses(route, world)]
    for caller in callers:
        hidden = caller.hidden(world)
        answers = caller.client.asks((method_of(route), at.path, sent(route, world, at.place)) for route, at in asked)
        for (route, at), answer in zip(asked, answers, strict=True):
            right = expected(route, caller, at)
            text = answer.text.replace(caller.email or "\n", " ")
            abroad = (
                {name_of(OTHER[at.place], code) for code in HOLDERS[1:]} if "{c}" in route.path or "jurisdiction_id" in at.path else set()
            )
            wrong = [f"{answer.status_code} instead of {sorted(right)}"] if answer.status_code not in right else []
            wrong += [f"and sees {word}" for word in sorted(hidden | abroad) if word in text]
            if wrong:
                whose = f"{at.holder}'s in {OTHER[at.place] if at.foreign else at.place}"
                found += [f"{caller} asks {method_of(route)} {route.path} of {at.place} about {whose}: {one}" for one in wrong]
    return found


def test_every_route_is_thought_of_and_says_who_may_call_it(app: FastAPI) -> None:
    says = {route.name: who_says(route) for route in app.state.routes}
    assert set(says) - set(ASKS) == set(), "A new route: say in tests/walls/asks.py for whom it is"
    assert says == {name: [WHO[ASKS[name].whom]] for name in says}


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_and_reach_what_is_theirs_and_nothing_else(app: FastAPI, world: World, signed_in: SignIn, role: Role) -> None:
    assert faults(app, world, staff_with(role, world, signed_in)) == []


def test_nobody_and_programs_see_and_reach_what_is_theirs_and_nothing_else(
    app: FastAPI, world: World, browser_of: Browsers, with_key: Programs
) -> None:
    assert faults(app, world, without_a_role(world, browser_of, with_key)) == []


# ---- the search finds what is there ----------------------------------------------------------------------------------


def test_words_are_there_for_those_who_may_read_them(world: World, signed_in: SignIn) -> None:
    """Without this the search for words could find nothing because there is nothing."""
    for role in Role:
        for caller in staff_with(role, world, signed_in):
            pages = [f"/staff/{place}/messages/{message}" for (place, _holder), message in world.messages.items()]
            opened = " ".join(caller.client.post(f"{page}/contact").text for page in pages)
            text = " ".join(caller.client.get(page).text for page in (*pages, f"/staff/{caller.place}/inbox?part=answered"))
            assert {whose for whose in world.messages if words_of(*whose) in text} == {
                whose for whose in world.messages if caller.reads(*whose)
            }, str(caller)
            assert {whose for whose in world.messages if contact_of(*whose) in opened} == {
                whose for whose in world.messages if caller.answers(*whose)
            }, str(caller)
            assert "Contact" not in text, "nothing is shown before it is opened"


# ---- the matrix turns red --------------------------------------------------------------------------------------------


def test_matrix_is_red_when_the_query_lets_everything_through(
    app: FastAPI, world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """On PostgreSQL the second wall still keeps the other place: what falls is the wall between organisations."""
    monkeypatch.setattr(desk_queries, "visible_to", lambda _member: true())
    found = "\n".join(faults(app, world, without_a_guard(staff_with(Role.FRONTLINE, world, signed_in)[:2])))
    message = "GET /staff/{c}/messages/{message_id} of hillside about"
    assert f"frontline of council in hillside asks {message} hub's in hillside: 200 instead of [404]" in found
    assert f"frontline of council in hillside asks {message} hub's in hillside: and sees Wordshillsidehub" in found
    abroad = (
        f"frontline in hillside asks {message} nobody's in riverbank: and sees Wordsriverbanknobody",
        "asks GET /staff/{c}/inbox of hillside about nobody's in hillside: and sees Wordsriverbank",
    )
    assert [one in found for one in abroad] == [kind == "sqlite"] * 2


def test_matrix_is_red_when_anybody_is_taken_for_a_member(
    app: FastAPI, world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def let_in(person: Any, place: Any) -> Member:
        return Member(person=person, place=place, grants=(Grant(Role.COORDINATOR, None),))

    monkeypatch.setattr(access, "member_of", let_in)
    found = "\n".join(faults(app, world, staff_with(Role.VIEWER, world, signed_in)[:1]))
    assert "viewer in hillside asks GET /staff/{c}/inbox of riverbank about nobody's in riverbank: 200 instead of [404]" in found
    assert "of riverbank about council's in riverbank: and sees Contactriverbankcouncil" in found


def test_matrix_is_red_when_the_door_for_staff_stands_open(app: FastAPI, world: World, browser_of: Browsers) -> None:
    """`people.access.member` itself taken away: then nobody at all walks in."""
    with world.make.database.read() as reads:
        somebody = find_staff(reads, "answerer@hillside.example")
    assert somebody is not None
    person = SignedIn(somebody.id, somebody.id, "Nobody", "", world.make.clock())

    async def let_in(place: access.Place) -> Member:
        return Member(person=person, place=place, grants=(Grant(Role.COORDINATOR, None),))

    app.router.routes.clear()
    for router in ROUTERS:
        app.include_router(router)  # only what is included can be given another door
    app.dependency_overrides[access.member] = let_in
    found = "\n".join(faults(app, world, [Caller(browser_of())]))
    assert "nobody asks GET /staff/{c}/inbox of riverbank about nobody's in riverbank: 200 instead of [303]" in found
    assert "nobody asks POST /staff/{c}/messages/{message_id}/read of hillside about hub's in hillside: 303 instead of [401]" in found
    assert "and sees Contactriverbankhub" in found


def test_matrix_is_red_when_keys_are_not_asked_where_they_reach(
    app: FastAPI, world: World, browser_of: Browsers, with_key: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_access, "in_place", lambda caller, _place, _scope: caller)
    found = "\n".join(faults(app, world, without_a_role(world, browser_of, with_key)[2::2]))
    assert "in riverbank asks PUT /api/v1/{c}/areas/{code} of hillside about nobody's in hillside: 200 instead of [404]" in found
    assert "in hillside asks PUT /api/v1/{c}/areas/{code} of hillside about nobody's in hillside: 200 instead of [403]" in found
