"""What stories in a browser may ask for: the running service, screens of 360 and 1280 pixels, with JavaScript and without.

live        the address of the service on a real port, with a database of this test's own
screen      a new person at a browser of their own: `screen(360)`, `screen(1280, javascript=False)`
phone, desk one of 360 by 740, one of 1280 by 900
stage       the builders, the service and a phone together: what a state of `states.py` asks for

Whatever a browser complains of while a test runs fails that test.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

from service.database import Database
from service.settings import Settings
from tests.house.quiet import Heard
from tests.journey.served import PATIENCE, chromium_of, serving
from tests.journey.stage import Stage
from tests.journey.watch import Watch
from tests.make import Make

HEIGHTS = {320: 640, 360: 740, 1280: 900}


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """Playwright itself. Until it ends, an event loop belongs to this thread."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests of a process; every person in it shares nothing with the others."""
    browser = chromium_of(driver)
    yield browser
    browser.close()


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The test's own way into the database; closed in another thread, as this one has Playwright's event loop."""
    database = Database(settings.database, whole_house=True)
    yield database
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, database.close()).result()


@pytest.fixture
def live(app: FastAPI) -> Iterator[str]:
    """The address of the running service."""
    with serving(app) as address:
        yield address


@pytest.fixture
def javascript() -> bool:
    """Whether the screens of this test run scripts; a test may ask for both."""
    return True


@pytest.fixture
def screen(chromium: Browser, live: str, heard: Heard, javascript: bool) -> Iterator[Callable[..., Page]]:
    """A new person at a screen of their own."""
    opened: list[tuple[Page, Watch]] = []

    def words(request: Request) -> None:
        heard.take([value for _name, value in parse_qsl(request.post_data or "")])

    def another(width: int = 360, *, javascript: bool = javascript, browser: Browser = chromium, **more: Any) -> Page:
        context = browser.new_context(
            base_url=live,
            viewport={"width": width, "height": HEIGHTS[width]},
            has_touch=width < 600,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", words)
        watch = Watch(context, live)
        page = context.new_page()
        opened.append((page, watch))
        return page

    yield another
    complaints = [complaint for _page, watch in opened for complaint in watch.complaints()]
    for page, _watch in opened:
        page.context.close()
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def phone(screen: Callable[..., Page]) -> Page:
    """Somebody with a small phone."""
    return screen(360)


@pytest.fixture
def desk(screen: Callable[..., Page]) -> Page:
    """Somebody at a desk."""
    return screen(1280)


@pytest.fixture
def stage(make: Make, app: FastAPI, phone: Page) -> Stage:
    """Where a state of a page is played."""
    return Stage(make, app, phone)
