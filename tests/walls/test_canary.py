"""A word of its own in every text of the other place, whatever table it stands in: no page, file, answer or log of this place shows one."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import Column, Enum, String, Table, true, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import AutoString, SQLModel

from service import walls
from service.feedback import desk_queries
from service.partners.models import Scope
from service.people.models import Role
from tests.make import Make
from tests.walls.routes import addresses, method_of, routes_of, sent
from tests.walls.world import Browsers, Caller, Programs, SignIn, World, build, without_a_guard

HERE, ABROAD = "hillside", "riverbank"
SHORTEST = 9
"""Letters that a canary needs; shorter columns hold codes of languages and the like."""


def texts_of(table: Table) -> Iterator[Column[str]]:
    """The columns in which somebody's words, names or notes may stand: every text that is no key and no word of a fixed list."""
    for column in table.columns:
        plain = isinstance(column.type, String | AutoString) and not isinstance(column.type, Enum)
        long_enough = getattr(column.type, "length", None) is None or column.type.length >= SHORTEST
        if plain and long_enough and not column.primary_key and not column.foreign_keys:
            yield column


def let_fly(make: Make, world: World) -> dict[str, str]:
    """Writes a canary into every text of every row of the other place; answers them with their columns."""
    flying: dict[str, str] = {}
    tables = [table for table in SQLModel.metadata.sorted_tables if "collaboration_id" in table.columns]
    for number, column in enumerate(column for owned in tables for column in texts_of(owned)):
        table = column.table
        canary = f"Zq{number:04}Qz"
        with make.database.write() as writes:
            write = update(table).where(table.c.collaboration_id == world.places[ABROAD].id).values({column: canary})
            try:
                with writes.begin_nested():
                    changed = writes.execute(write).rowcount  # type: ignore[attr-defined]
            except DBAPIError:  # a text that the database itself holds to a list, or keeps apart from its twins
                continue
        if changed:
            flying[canary] = f"{table.name}.{column.name}"
    return flying


def seen(app: FastAPI, world: World, callers: list[Caller], flying: dict[str, str]) -> set[str]:
    """The canaries that reached somebody of this place, at any address: their columns."""
    found: set[str] = set()
    asked = [(route, at) for route in routes_of(app) for at in addresses(route, world)]
    for caller in callers:
        theirs = [(route, at) for route, at in asked if at.place == HERE or (caller.is_staff and at.path.startswith("/staff/"))]
        for answer in caller.client.asks((method_of(route), at.path, sent(route, world, at.place)) for route, at in theirs):
            if "Zq" in answer.text:
                found |= {column for canary, column in flying.items() if canary in answer.text}
    return found


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


def at_work(world: World, signed_in: SignIn, *roles: Role) -> list[Caller]:
    """Staff of this place, for the whole of it."""
    return [Caller(signed_in(world.places[HERE], role, name="Colleague"), HERE, role) for role in roles]


def test_nothing_of_the_other_place_is_ever_shown(
    app: FastAPI, make: Make, world: World, signed_in: SignIn, browser_of: Browsers, with_key: Programs, caplog: pytest.LogCaptureFixture
) -> None:
    flying = let_fly(make, world)
    wanted = {"feedback.body", "feedback.want", "reply.body", "reply.reason", "narrative.body", "narrative.title", "narrative.barrier"}
    assert wanted | {"promise.text", "organisation.name", "area.name"} <= set(flying.values()), "The search would find nothing to find"
    key = with_key(world.places[HERE], *Scope, organisation=world.organisations[HERE, "council"])
    callers = [Caller(browser_of()), Caller(key, HERE, organisation="council", scopes=frozenset(Scope))]
    callers += at_work(world, signed_in, Role.COORDINATOR, Role.ADMIN, Role.VIEWER)
    assert seen(app, world, callers, flying) == set()
    assert not [canary for canary in flying if canary in caplog.text]


def test_canaries_are_seen_where_a_wall_is_missing(
    app: FastAPI, make: Make, world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Without the condition of the query they fly on SQLite; on PostgreSQL the second wall has to fall as well."""
    flying = let_fly(make, world)
    monkeypatch.setattr(desk_queries, "visible_to", lambda _member: true())
    if kind == "postgresql":
        assert seen(app, world, at_work(world, signed_in, Role.FRONTLINE), flying) == set(), "and nothing fails for them"
        put_up = walls.put_up
        monkeypatch.setattr(walls, "put_up", lambda connection, _walls: put_up(connection, walls.WHOLE_HOUSE))
    staff = at_work(world, signed_in, Role.FRONTLINE)  # signed in anew: whoever asked every address has signed out as well
    assert {"feedback.body", "reply.body"} <= seen(app, world, without_a_guard(staff), flying)
