"""What every test may ask for: a database of its own on SQLite and on PostgreSQL, a clock, the service, and people with a story.

The people are browsers and programs that talk to one running service, and follow no redirect by themselves:

visitor, resident   no cookie, no key
staff               a coordinator of hillside, signed in with a real invitation
partner             a program with a key that may write feedback in hillside
signed_in(...)      anybody else on the staff, anywhere
at_work(...)        the same as signed_in, as an action receives them
with_key(...)       any other program
"""

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from jinja2 import Environment, FileSystemBytecodeCache
from pydantic import SecretStr
from starlette.testclient import TestClient

from service.app import KNOWN_FOR, create_app
from service.database import Database
from service.html import environment
from service.keeping import worker as keeping
from service.partners.models import Scope
from service.people.models import Member, Role
from service.places.queries import PlaceCard
from service.server_keys import load_or_make
from service.settings import Settings
from service.static import Static
from tests import engines
from tests.asking import Browser
from tests.databases import KINDS, Databases
from tests.house.quiet import ADDRESS, Heard, listening
from tests.make import Make, SettableClock
from tests.real import REAL

SHARED = pytest.StashKey[Path]()
NEEDS = {
    "browser": (shutil.which("chromium"), "There is no Chromium here: apt-get install chromium fonts-noto-core"),
    "real_data": (REAL.is_dir(), "The real data is kept beside the project, in ../shared/data, or where SAID_REAL_DATA says: not here"),
}


# ---- one folder for all processes of a run ---------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    engines.keep()
    given = getattr(config, "workerinput", None)
    config.stash[SHARED] = Path(given["shared"] if given else tempfile.mkdtemp(prefix="said-tests-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["shared"] = str(node.config.stash[SHARED])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First the rules of the house, which are quick; last the browser. What cannot run here says why.

    Of the browser first the stories, which are long, then the many pages: then no process is still busy when the others are done.
    """
    for item in items:
        for mark, (found, words) in NEEDS.items():
            if item.get_closest_marker(mark) and not found:
                item.add_marker(pytest.mark.skip(reason=words))

    def turn(item: pytest.Item) -> tuple[bool, bool, bool]:
        in_browser, one_of_many = item.get_closest_marker("browser") is not None, "journey/test_pages.py" in item.nodeid
        return in_browser, "tests/house/" not in item.nodeid, one_of_many

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """What has been made by now stays until the end: nobody needs to look through it for rubbish again and again, nor often for more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 10)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[SHARED], ignore_errors=True)


# ---- databases -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Iterator[Databases]:
    """Where databases come from."""
    found = Databases(pytestconfig.stash[SHARED])
    yield found
    found.stop()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a database runs twice: `sqlite`, `postgresql`."""
    return str(request.param)


@pytest.fixture
def database_url(kind: str, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database of this test's own."""
    with databases.emptied(kind, tmp_path) as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of this test's service. No environment variable reaches them."""
    for name in [name for name in os.environ if name.startswith("SAID_")]:
        monkeypatch.delenv(name)
    return Settings(mode="test", var=tmp_path / "var", database_url=SecretStr(database_url))


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The test's own way into the database, beside the service's: `with database.read() as reads: ...`."""
    database = Database(settings.database, whole_house=True)
    yield database
    asyncio.run(database.close())


@pytest.fixture
def clock() -> SettableClock:
    """What time it is for the service: Monday 23 November 2026, 10:00 UTC, until the test says otherwise."""
    return SettableClock()


@pytest.fixture
def make(database: Database, clock: SettableClock, settings: Settings) -> Make:
    """The builders."""
    return Make(database, clock, load_or_make(settings.var / "keys"))


@pytest.fixture
def at_work(make: Make) -> Callable[..., Member]:
    """Somebody with a role, signed in, as an action receives them: `at_work(place, "frontline", organisation="council")`."""
    return make.at_work


# ---- the log ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def heard() -> Heard:
    """What the people of this test send."""
    return Heard()


@pytest.fixture(autouse=True)
def quiet_log(heard: Heard) -> Iterator[None]:
    """No test leaves an address, a code, a key or anybody's words in the log."""
    with listening(heard):
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(pytestconfig: pytest.Config) -> Iterator[None]:
    """Templates are compiled once in a run; they are read, and static files packed, once in a process. A test would do little else."""
    kept = FileSystemBytecodeCache(str(pytestconfig.stash[SHARED]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.html.Environment", partial(Environment, bytecode_cache=kept))
        patch.setattr("service.app.Static", cache(Static))
        patch.setattr("service.app.environment", cache(environment))
        yield


# ---- the service and its people --------------------------------------------------------------------------------------


@pytest.fixture
def app(settings: Settings, clock: SettableClock) -> Iterator[FastAPI]:
    """The service, not yet started. What it knows of a place it knows as long as in production, or until anybody here commits anything."""
    app = create_app(settings, clock=clock)
    app.state.known_for = KNOWN_FOR
    with engines.when_committed(app.state.known_places.clear):
        yield app


@pytest.fixture
def client(app: FastAPI, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The started service, and a browser without any cookie. Nobody keeps house meanwhile: a slow test would see what it did."""
    monkeypatch.setattr(keeping.Keeper, "pause", 3_600.0)
    with Browser(app, follow_redirects=False, client=(ADDRESS, 50_000)) as client:
        client.event_hooks = {"request": [heard.listen]}
        yield client


@pytest.fixture
def browser_of(client: TestClient) -> Callable[[], TestClient]:
    """One more browser or program, with cookies and headers of its own, on the same running service."""

    def another() -> TestClient:
        other = Browser(client.app, follow_redirects=False, client=(ADDRESS, 50_000))
        other.event_hooks = client.event_hooks
        other.portal = client.portal  # the same event loop: the door of the database belongs to it
        return other

    return another


@pytest.fixture
def visitor(browser_of: Callable[[], TestClient]) -> TestClient:
    """Somebody who looks."""
    return browser_of()


@pytest.fixture
def resident(browser_of: Callable[[], TestClient]) -> TestClient:
    """Somebody who lives there and says what happened."""
    return browser_of()


@pytest.fixture
def hillside(make: Make) -> PlaceCard:
    """A collaboration with nothing in it."""
    return make.collaboration("hillside")


@pytest.fixture
def signed_in(make: Make, browser_of: Callable[[], TestClient]) -> Callable[..., TestClient]:
    """Signs somebody in with a real invitation, administrators with both steps: `signed_in(place, "frontline", organisation="council")`."""

    def sign_in(place: PlaceCard, role: Role | str = Role.COORDINATOR, **person: Any) -> TestClient:
        browser = browser_of()
        answer = browser.post(f"/staff/sign-in/{make.person(place, role, **person)}")
        assert answer.status_code == 303, answer.text
        make.proves(browser.cookies["said"])
        return browser

    return sign_in


@pytest.fixture
def staff(hillside: PlaceCard, signed_in: Callable[..., TestClient]) -> TestClient:
    """A coordinator of hillside at work."""
    return signed_in(hillside, Role.COORDINATOR)


@pytest.fixture
def with_key(make: Make, browser_of: Callable[[], TestClient]) -> Callable[..., TestClient]:
    """A program with a key: `with_key(place, "outcomes:write")`."""

    def given(place: PlaceCard, *scopes: Scope | str, **key: Any) -> TestClient:
        program = browser_of()
        program.headers["Authorization"] = f"Bearer {make.key(place, *scopes, **key)}"
        return program

    return given


@pytest.fixture
def partner(hillside: PlaceCard, with_key: Callable[..., TestClient]) -> TestClient:
    """A partner system that may write feedback in hillside."""
    return with_key(hillside, Scope.FEEDBACK_WRITE)
