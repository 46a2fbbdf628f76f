"""The way to a route is the one that trying them all in turn would find, and it is found without that."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.routing import Match
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from service.signposts import Signposts

WORDS = ("hillside", "staff", "api", "tell", "promises", "settings", "")
"""What stands where a parameter may: also what is a word of another route."""


def scope_of(method: str, path: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "headers": []}


def first_of(app: FastAPI, scope: dict[str, Any]) -> tuple[Any, Any]:
    """What the router finds when it tries one after the other."""
    for route in app.routes[1:]:
        match, found = route.matches(dict(scope))
        if match is Match.FULL:
            return route, found["path_params"]
    return None, None


def led_to(app: FastAPI, scope: dict[str, Any]) -> tuple[Any, Any]:
    """What the signposts lead to."""
    signposts = app.routes[0]
    assert isinstance(signposts, Signposts)
    match, found = signposts.matches(dict(scope))
    return (found["route"], found["path_params"]) if match is Match.FULL else (None, None)


def test_signposts_lead_where_the_router_would_go(tmp_path: Path) -> None:
    app = create_app(Settings(mode="test", var=tmp_path))
    paths = {route.path for route in app.state.routes}
    for path in paths:
        for word in WORDS:
            named = "/".join(word if "{" in part else part for part in path.split("/"))
            for method in ("GET", "POST", "PUT"):
                scope = scope_of(method, named)
                assert led_to(app, scope) == first_of(app, scope), (method, named)


def test_signposts_lead_nowhere_else() -> None:
    router = APIRouter()

    @router.get("/rooms/{name}")
    async def room(name: str) -> str:
        return f"room {name}"

    @router.get("/rooms/{where:path}")
    async def below(where: str) -> str:
        return f"below {where}"

    @router.post("/rooms/{name}")
    async def enter(name: str) -> str:
        return f"entered {name}"

    app = FastAPI()
    app.router.routes += router.routes
    app.router.routes.insert(0, Signposts(app.routes))
    visitor = TestClient(app)
    assert visitor.get("/rooms/blue").json() == "room blue"
    assert visitor.get("/rooms/blue/shelf").json() == "below blue/shelf"
    assert visitor.post("/rooms/blue").json() == "entered blue"
    assert visitor.put("/rooms/blue").status_code == 405
    assert visitor.get("/cellar").status_code == 404
    assert app.url_path_for("enter", name="blue") == "/rooms/blue"
