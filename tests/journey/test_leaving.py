"""Leaving a page at once, and what the public pages leave in a browser before anybody agreed to anything: nothing."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journey.served import PATIENCE
from tests.journey.stage import WORDS, Stage
from tests.journey.test_form import send
from tests.journey.test_pages import pages_of
from tests.journey.watch import axe, left_behind, too_small, too_wide
from tests.make import Make
from tests.walls.routes import addresses, method_of, who_says
from tests.walls.world import build

pytestmark = pytest.mark.browser

WEATHER = "https://www.bbc.co.uk/weather"
TYPED = "[...document.querySelectorAll('textarea, input')].map(one => one.value).join(' ')"
WORKERS_AND_CACHES = """async () => [(await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length]"""


@pytest.fixture
def kind() -> str:
    """What a browser shows does not depend on the database."""
    return "sqlite"


@pytest.fixture
def watched(chromium: Browser, live: str) -> Iterator[BrowserContext]:
    """A phone that somebody else may take. The weather page is played, so that no other site is asked."""
    context = chromium.new_context(base_url=live, viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.route(f"{WEATHER}*", lambda route: route.fulfill(body="<title>Weather</title><h1>Rain</h1>", content_type="text/html"))
    yield context
    context.close()


def seen(page: Page) -> str:
    return page.title() + page.content() + str(page.evaluate(TYPED))


def is_gone(page: Page, *words: str) -> None:
    """The weather is there, and Back shows none of it."""
    page.wait_for_url(WEATHER)
    expect(page.locator("h1")).to_have_text("Rain")
    page.go_back(wait_until="load")
    assert not [one for one in words if one in seen(page)]


def test_page_is_left_by_its_button_and_back_shows_nothing(stage: Stage, watched: BrowserContext) -> None:
    page = watched.new_page()
    page.goto(f"/{stage.hillside.slug}")
    page.goto("/hillside/tell")
    page.get_by_label("What happened?").fill(WORDS)
    page.evaluate("addEventListener('pagehide', () => { sessionStorage.at = document.body.innerText + document.title; })")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false})")
    page.get_by_role("link", name="Leave this page").click()
    is_gone(page, WORDS)
    assert WORDS not in page.evaluate("sessionStorage.at") and "Tell us" not in page.evaluate("sessionStorage.at")
    page.evaluate("sessionStorage.clear()")

    page.goto("/hillside/tell")
    code = send(page, WORDS)
    page.get_by_role("link", name="Leave this page").click()
    is_gone(page, code, code.replace("\n", ""), WORDS)

    page.goto("/hillside/answer")
    page.get_by_label("Your code").fill(code.replace("\n", ""))
    page.get_by_role("button", name="Read the answer").click()
    expect(page.locator(".bubble")).to_contain_text(WORDS)
    page.get_by_role("link", name="Leave this page").click()
    is_gone(page, code, code.replace("\n", ""), WORDS)


def test_page_is_left_by_three_presses_of_shift_and_not_by_capitals(stage: Stage, watched: BrowserContext) -> None:
    page = watched.new_page()
    page.goto(f"/{stage.hillside.slug}/tell")
    page.get_by_label("What happened?").focus()
    for letter in "THE BENCH":
        page.keyboard.press(f"Shift+{letter}")
    expect(page.get_by_label("What happened?")).to_have_value("THE BENCH")
    page.keyboard.press("Shift")
    expect(page.locator("#leave-news")).to_have_text("Press Shift 2 more times to leave this page.")
    page.keyboard.press("Shift")
    page.keyboard.press("x")
    page.keyboard.press("Shift")
    expect(page.locator("#leave-news")).to_have_text("Press Shift 2 more times to leave this page.")
    for _press in range(2):
        page.keyboard.press("Shift")
    is_gone(page, "THE BENCH")


@pytest.mark.parametrize("javascript", [False])
def test_without_a_script_it_is_a_link(stage: Stage, phone: Page) -> None:
    phone.goto(f"/{stage.hillside.slug}/tell")
    link = phone.get_by_role("link", name="Leave this page")
    assert (link.get_attribute("href"), link.get_attribute("rel")) == (WEATHER, "nofollow noreferrer")


def test_button_stays_in_sight_and_covers_no_field(stage: Stage, phone: Page) -> None:
    phone.goto(f"/{stage.hillside.slug}/tell")
    for width in (320, 1280):
        phone.set_viewport_size({"width": width, "height": 640})
        for field in ("send", "kind", "body"):
            phone.locator(f"#{field}").focus()
            expect(phone.locator("#leave")).to_be_in_viewport()
            box, button = phone.locator(f"#{field}").bounding_box(), phone.locator(".leave").bounding_box()
            assert box is not None and button is not None and box["y"] + box["height"] > button["y"] + button["height"]
        assert not too_wide(phone) + too_small(phone) + axe(phone)


def test_public_pages_leave_nothing_in_a_browser(screen: Callable[..., Page], make: Make, app: FastAPI) -> None:
    """All of them, from the table of routes, one after the other. That no other site is asked and no policy broken hears the watch."""
    world, page = build(make), screen(360)
    anybody = ("anyone", "anyone, and staff are recognised")
    named = [route for route in app.state.routes if route.name in pages_of(app) and method_of(route) == "GET"]
    shown = [route for route in named if not route.path.startswith("/open311/")]  # answers for programs
    public = [route for route in shown if set(who_says(route)) & set(anybody)]
    assert len(public) > 20 and {"feedback.tell", "accountability.account", "offline.page"} <= {route.name for route in public}
    for route in public:
        page.goto(addresses(route, world)[0].path)
        page.wait_for_load_state()
        assert left_behind(page) + [count for count in page.evaluate(WORKERS_AND_CACHES) if count] == [], route.name
