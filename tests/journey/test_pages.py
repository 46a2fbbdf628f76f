"""Every page in every state: its HTML is valid, axe finds nothing, nothing scrolls sideways, all can be hit, and nothing is left behind."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from playwright.sync_api import Browser, Page, Request

from service.language import Language, available
from tests.house.quiet import Heard
from tests.journey.served import PATIENCE, serving
from tests.journey.stage import AtOnce, Stage
from tests.journey.states import OF_RESIDENTS, STATES
from tests.journey.valid import MISSING, Checker, Kept
from tests.journey.watch import Watch, axe, axe_anew, left_behind, path_of, too_small, too_wide, too_wide_with_big_letters, without_an_edge
from tests.make import Make

pytestmark = pytest.mark.browser
SIZE: Any = {"width": 360, "height": 740}
GONE: list[str] = []
"""The services that the one phone was at, one after the other."""


@pytest.fixture
def kind() -> str:
    """Pages look the same on both databases."""
    return "sqlite"


@pytest.fixture(scope="session")
def checker() -> Iterator[Checker | None]:
    """The Nu checker, where it is."""
    if MISSING:
        yield None
        return
    checker = Checker()
    checker.waits()
    yield checker
    checker.ends()


@pytest.fixture
def kept(app: FastAPI) -> Kept:
    """The service, which remembers the page that it answered with last."""
    return Kept(app)


@pytest.fixture
def live(kept: Kept) -> Iterator[str]:
    """The address of that service."""
    with serving(kept) as address:
        yield address


@pytest.fixture(scope="session")
def one_phone(chromium: Browser) -> Iterator[Page]:
    """The phone on which every page is looked at. To buy a new one for each takes longer than to look."""
    context = chromium.new_context(viewport=SIZE, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(one_phone: Page, live: str, heard: Heard) -> Iterator[Page]:
    """That phone, with nothing of an earlier page on it: no cookie, nothing kept, no worker; and this service has an origin of its own."""
    page, context = one_phone, one_phone.context
    page.set_viewport_size(SIZE)
    page.emulate_media(color_scheme="light")
    watch = Watch(context, live, gone=GONE)
    GONE.append(live)

    def words(request: Request) -> None:
        heard.take([value for _name, value in parse_qsl(request.post_data or "")])

    context.on("request", words)
    yield page
    for other in context.pages:
        if other is not page:
            other.close()
    context.remove_listener("request", words)
    watch.ends(context)
    page.goto("about:blank")
    context.clear_cookies()
    cleaner = context.new_cdp_session(page)
    cleaner.send("Storage.clearDataForOrigin", {"origin": live, "storageTypes": "all"})
    cleaner.detach()
    assert not watch.complaints(), "The browser complained:\n" + "\n".join(watch.complaints())


@pytest.fixture
def stage(make: Make, app: FastAPI, phone: Page, live: str) -> Stage:
    """A state of a page is played without the way to it."""
    stage = AtOnce(make, app, phone)
    stage.live = live
    return stage


def pages_of(app: FastAPI) -> set[str]:
    """The names of the routes that answer with a page."""
    shown = (HTMLResponse, Response)
    routes = [route for route in app.state.routes if not route.path.startswith("/api/")]
    return {route.name for route in routes if route.endpoint.__annotations__["return"] in shown}


def test_every_page_has_a_state(app: FastAPI) -> None:
    """Whoever adds a page adds its states to one of the `*_states.py`, and so to what is checked here."""
    assert pages_of(app) <= {state.route for state in STATES.values()}


@pytest.mark.parametrize("name", STATES)
def test_page(stage: Stage, kept: Kept, checker: Checker | None, name: str) -> None:
    """One page in one state, at 360 and 1280 pixels, light and dark; at 320, turned round or with big letters it still fits.

    In the dark nothing but colours is another (tests/house/test_assets.py), so nothing but colours is looked at again.
    """
    state = STATES[name]
    state.play(stage)
    page, found = stage.page, []
    path = path_of(page).partition("?")[0]
    assert [route.name for route in stage.app.state.routes if route.name == state.route and route.path_regex.match(path)], path
    assert kept.page
    found += checker.complaints(kept.page) if checker else []
    for width, height, schemes in ((360, 740, ("light", "dark")), (1280, 900, ("dark", "light"))):
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width} {complaint}" for complaint in too_wide(page) + too_small(page)]
        for colours in schemes:
            page.emulate_media(color_scheme=colours)
            found += [f"{width} {colours} {complaint}" for complaint in axe_anew(page)]
    if name in OF_RESIDENTS:
        found += [f"letters twice as big {complaint}" for complaint in too_wide_with_big_letters(page)]
        found += without_an_edge(page)
    page.set_viewport_size({"width": 320, "height": 640})
    found += [f"320 {complaint}" for complaint in too_wide(page)]
    if name in OF_RESIDENTS:
        found += [f"320 letters twice as big {complaint}" for complaint in too_wide_with_big_letters(page)]
    page.evaluate("document.documentElement.dir = 'rtl'")
    found += [f"320 from right to left {complaint}" for complaint in too_wide(page)]
    if name in OF_RESIDENTS:
        found += left_behind(page)
    assert not found, "\n".join(found)


RIGHT_TO_LEFT = [code for code in available() if Language(code).dir == "rtl"]


@pytest.mark.skipif(not RIGHT_TO_LEFT, reason="No catalogue of a language that is written from right to left is there yet")
@pytest.mark.parametrize("address", ["/hillside", "/hillside/about", "/hillside/tell", "/hillside/answer"])
def test_page_from_right_to_left(stage: Stage, address: str) -> None:
    assert stage.hillside.example
    for code in RIGHT_TO_LEFT:
        page = stage.goes_to(f"{address}?lang={code}")
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert not axe(page) + too_wide(page) + too_small(page)


@pytest.mark.skipif(bool(MISSING), reason=str(MISSING))
def test_what_is_no_valid_html_is_noticed(checker: Checker) -> None:
    wrong = b"<!doctype html><html lang=en><title>One</title><p id=a>One<p id=a>Two<span><p>Three</span>"
    assert any("Duplicate ID" in complaint for complaint in checker.complaints(wrong))
    assert not checker.complaints(b"<!doctype html><html lang=en><title>One</title><p id=a>One")


def test_faults_are_noticed(screen: Callable[..., Page], live: str) -> None:
    """The checks above, shown pages that are wrong."""
    page = screen(360)
    page.goto(f"{live}/")
    page.evaluate("""() => {
      document.querySelector("main").innerHTML = '<img src="data:,"><p><a href="#x">.</a></p><a href="#y">y</a><button>b</button>';
      document.querySelector("main button").style = "border: 0";
      document.querySelector("main").style.width = "500px";
      document.cookie = "a=b";
      localStorage.setItem("a", "b");
    }""")
    page.evaluate("""() => {
      document.querySelector("main").insertAdjacentHTML("beforeend", "<p>Words that are too pale to be read.</p>");
      document.querySelector("main p:last-child").style.color = "#ccc";
    }""")
    assert {complaint.split(":")[0] for complaint in axe(page, colours=True)} == {"color-contrast"}
    assert [complaint for complaint in axe(page) if complaint.startswith("image-alt")]
    assert {"color-contrast", "image-alt"} <= {complaint.split(":")[0] for complaint in axe_anew(page)}, "at first sight, both"
    assert too_wide(page)[0] == "scrolls sideways: 500 in 360"
    assert len(too_small(page)) == 3
    assert [complaint for complaint in without_an_edge(page) if "<button" in complaint]
    page.evaluate("document.querySelector('main').innerHTML = '<p>Acknowledgementsandmore</p>'")
    page.evaluate("document.querySelector('main').style.width = ''; document.querySelector('main p').style.width = '14rem'")
    assert not too_wide(page) and too_wide_with_big_letters(page)
    assert len(left_behind(page)) == 2


def test_faults_of_another_width_and_of_the_dark_are_noticed(screen: Callable[..., Page], live: str) -> None:
    """What was looked at is not looked at again; what is shown, painted or made smaller in one width or colour only is."""
    page = screen(360)
    page.goto(f"{live}/")
    page.evaluate("""() => {
      const wide = rule => `@media (min-width: 800px) { ${rule} }`;
      document.querySelector("main").innerHTML = '<h1>Words</h1><p id="a">Words to read.</p><p id="b">More to read.</p>'
        + '<img id="c" src="data:,"><p id="d" aria-hidden="true">Nothing to read.</p>';
      const sheet = document.styleSheets[0];
      for (const rule of ["#c { display: none }", wide("#c { display: block }"), wide("#a { color: #ccc !important }"),
        "@media (prefers-color-scheme: dark) { #b { color: #333 !important; background: #222 !important } }"])
        sheet.insertRule(rule, sheet.cssRules.length);
    }""")
    assert axe_anew(page) == []
    page.emulate_media(color_scheme="dark")
    [dark] = axe_anew(page)
    assert dark.startswith("color-contrast") and 'id="b"' in dark
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    assert sorted(complaint.split(":")[0] for complaint in axe_anew(page)) == ["color-contrast", "image-alt"]
