"""Every route says who may call it, and a GET changes nothing."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.responses import PlainTextResponse

from service.app import create_app
from service.database import Writes, _writing
from service.inputs import StrictRoute
from service.partners.access import _caller as key_of
from service.people.access import ANYONE, Signed, _person
from service.settings import Settings
from service.signposts import Signposts
from tests.house.files import told


@pytest.fixture
def routes(tmp_path: Path) -> list[Any]:
    """The routes of the service as it would start."""
    return [*routes_of(create_app(Settings(mode="test", var=tmp_path)))]


def routes_of(app: FastAPI) -> Iterator[Any]:
    """Every route that can be reached, with what including routers add to it."""
    waiting: list[Any] = [route for route in app.routes if not isinstance(route, Signposts)]  # which lead to the others
    while waiting:
        route = waiting.pop(0)
        if hasattr(route, "effective_candidates"):
            waiting = [*route.effective_candidates(), *waiting]
        else:
            yield route


def calls_of(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """What runs before the route, however deep."""
    for below in dependant.dependencies:
        if below.call is not None:
            yield below.call
        yield from calls_of(below)


def answers_to_who(dependant: Dependant) -> set[Callable[..., Any]]:
    """The outermost dependencies that say who may call; what such a one stands on is its own affair."""
    found: set[Any] = set()
    for below in dependant.dependencies:
        found |= {below.call} if hasattr(below.call, "who") else answers_to_who(below)
    return found


def complaints(routes: Iterable[Any]) -> Iterator[str]:
    names: set[str] = set()
    for route in routes:
        methods = set(getattr(route, "methods", None) or ())
        label = f"{' '.join(sorted(methods))} {getattr(route, 'path', route)}"
        dependant = getattr(route, "dependant", None)
        if dependant is None:
            yield f"{label}: this kind of route cannot say who may call it"
            continue
        whom = answers_to_who(dependant)
        if len(whom) != 1:
            yield f"{label}: says {len(whom)} times who may call it, which must be once"
        calls = set(calls_of(dependant))
        if methods & {"GET", "HEAD", "OPTIONS"} and _writing in calls:
            yield f"{label}: a GET takes Reads, never Writes"
        api = route.path.startswith("/api/")
        if api and _person in calls:
            yield f"{label}: the API takes keys, never cookies"
        if not api and key_of in calls:
            yield f"{label}: pages take cookies, never keys"
        if api and not isinstance(getattr(route, "original_route", route), StrictRoute):
            yield f"{label}: the API reads JSON strictly (route_class=StrictRoute)"
        if "." not in route.name or route.name in names:
            yield f"{label}: the name {route.name!r} is taken, or does not say its feature (promises.list)"
        names.add(route.name)


def test_every_route_keeps_the_rules(routes: list[Any]) -> None:
    found = [*complaints(routes)]
    assert not found, told(found, "Each route names exactly one answer of people/access.py or partners/access.py:")


def test_no_route_escapes_the_rules(routes: list[Any]) -> None:
    paths = {route.path for route in routes}
    assert {"/", "/healthz", "/{c}/tell", "/staff/{c}/inbox", "/api/v1/{c}/feedback", "/api/v1/{c}/areas/{code}"} <= paths


def test_broken_routes_are_noticed() -> None:
    router = APIRouter()

    @router.get("/unguarded", name="a.unguarded")
    def unguarded() -> None: ...

    @router.get("/twice", name="a.twice", dependencies=[ANYONE])
    def twice(person: Signed) -> None: ...

    @router.get("/writing", name="a.writing", dependencies=[ANYONE])
    def writing(writes: Writes) -> None: ...

    @router.post("/api/v1/cookie", name="a.cookie")
    def cookie(person: Signed) -> None: ...

    @router.get("/nameless", dependencies=[ANYONE])
    def nameless() -> None: ...

    app = FastAPI(openapi_url=None)
    app.include_router(router)
    app.add_route("/bare", PlainTextResponse)
    noticed = " ".join(complaints(routes_of(app)))
    expected = ["unguarded: says 0", "twice: says 2", "writing: a GET", "cookie: the API", "nameless: the name", "bare: this kind"]
    assert not [words for words in expected if words not in noticed]


def test_guard_on_a_whole_router_counts() -> None:
    router = APIRouter(dependencies=[ANYONE])

    @router.get("/open", name="a.open")
    def free() -> None: ...

    app = FastAPI(openapi_url=None)
    app.include_router(router)
    assert not [*complaints(routes_of(app))]
