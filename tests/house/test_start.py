"""What a start does not wait for: routes, libraries and templates that the first request may never need."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from fastapi.routing import APIRoute
from starlette.routing import Match

from service import logs
from service.app import ROUTERS
from service.cli.running import heads
from service.doors import Route, Router
from service.html import environment
from service.later import later
from service.settings import ROOT
from service.static import Static

LATE = "alembic authlib holidays httpx2 joserfc PIL segno structlog webauthn".split()


def test_start_reads_no_library_that_answering_may_never_need() -> None:
    program = f"import sys, service.app, service.cli.running; print(*[name for name in {LATE} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_route_waits_for_its_first_request() -> None:
    routes = [route for router in ROUTERS for route in router.routes]
    assert not [route.path for route in routes if isinstance(route, APIRoute) and not isinstance(route, Route)]


def test_route_is_found_before_it_is_whole_and_whole_when_it_is_used() -> None:
    router = Router(prefix="/things")

    @router.get("/{code}", name="things.one")
    def one(code: str) -> dict[str, str]:
        return {"code": code}

    (route,) = router.routes
    assert isinstance(route, Route)
    assert route.matches({"type": "http", "path": "/things/a", "method": "GET"})[0] == Match.FULL
    assert route.matches({"type": "http", "path": "/things/a", "method": "POST"})[0] == Match.PARTIAL
    assert route.matches({"type": "http", "path": "/others/a", "method": "GET"})[0] == Match.NONE
    assert route.matches({"type": "http", "path": "/under/things/a", "root_path": "/under", "method": "GET"})[0] == Match.FULL
    assert "dependant" not in vars(route)
    assert [field.name for field in route.dependant.path_params] == ["code"]
    assert route.url_path_for("things.one", code="b") == "/things/b"
    with pytest.raises(AttributeError):
        _ = route.nothing


def test_library_is_read_when_the_first_of_it_is_used() -> None:
    words = later("wave")
    sys.modules.pop("wave", None)
    assert "wave" not in sys.modules
    assert words.open
    assert "wave" in sys.modules


def test_templates_are_compiled_once_and_pages_shown_where_nothing_can_be_kept(tmp_path: Path) -> None:
    static, no_folder = Static(), tmp_path / "file"
    no_folder.write_text("")
    for kept in (tmp_path / "kept", tmp_path / "kept", no_folder):
        ui: Any = environment(static, kept).globals["ui"]
        assert callable(ui.mark)
    assert list((tmp_path / "kept").iterdir())


def test_migrations_that_nothing_follows_are_those_that_alembic_finds() -> None:
    assert heads() == set(ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_heads())


@pytest.mark.parametrize("style", ["json", "plain"])
def test_first_line_of_any_logger_is_written_in_the_style_that_was_chosen(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(style)
    log = logs.named("said.test")
    log.warning("seen", kind="first")
    logging.getLogger("elsewhere").warning("second")
    first, second = capsys.readouterr().err.strip().splitlines()
    assert ("first" in first and "second" in second) and first.startswith("{") is second.startswith("{") is (style == "json")
