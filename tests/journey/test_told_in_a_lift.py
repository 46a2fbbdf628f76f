"""A resident in a lift: told without signal, kept on the phone with a yes, sent when there is signal, once; and its code opens it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import col, select

from service.database import Database
from service.feedback.models import Feedback
from service.places.queries import PlaceCard
from tests.journey.lift import Lift, Signal, lift_to
from tests.journey.served import PATIENCE, serving
from tests.journey.stage import WORDS, Stage
from tests.journey.test_offline import OLDER, ROWS
from tests.journey.watch import axe, left_behind, too_small, too_wide
from tests.make import Make, RunningClock, SettableClock

pytestmark = pytest.mark.browser

TELL = "/hillside/tell"
READY = """async () => {
  await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 200 && !navigator.serviceWorker.controller; tries++) await new Promise(done => setTimeout(done, 50));
  const shells = await caches.open("said-shells");
  const there = () => shells.match("/offline/hillside/tell");
  for (let tries = 0; tries < 200 && !(await there()); tries++) await new Promise(done => setTimeout(done, 50));
  return (await shells.keys()).map(one => new URL(one.url).pathname);
}"""
PICTURE = Image.new("RGB", (40, 30), "teal")
FILES = "[...document.querySelector('input[type=file]').files].length"


def with_a_picture(page: Page) -> None:
    """One photo, as a phone has it; the page draws it anew."""
    made = BytesIO()
    PICTURE.save(made, "PNG")
    page.locator("input[type=file]").set_input_files({"name": "bench.png", "mimeType": "image/png", "buffer": made.getvalue()})
    page.wait_for_function("document.querySelector('input[type=file]')?.files[0]?.name === 'photo.jpg'")


@pytest.fixture
def kind() -> str:
    """What a phone keeps does not depend on the database; that nothing is stored twice is tested on both elsewhere."""
    return "sqlite"


@pytest.fixture
def clock() -> SettableClock:
    """The phone's own: what a phone keeps says what day it was there."""
    return RunningClock()


@pytest.fixture
def lift(app: FastAPI) -> Iterator[Lift]:
    """The way to the service."""
    with serving(app) as address, lift_to(address) as lift:
        yield lift


@pytest.fixture
def live(lift: Lift) -> str:
    """The service, as far as there is signal."""
    return lift.address


@pytest.fixture
def pocket(chromium: Browser, live: str) -> Iterator[BrowserContext]:
    """A phone. That requests fail in a lift is no complaint; that a script does, is."""
    errors: list[str] = []
    context = chromium.new_context(base_url=live, viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert errors == []


@pytest.fixture
def place(make: Make, app: FastAPI, pocket: BrowserContext) -> PlaceCard:
    """The example place."""
    return Stage(make, app, pocket.new_page()).hillside


@pytest.fixture
def phone(pocket: BrowserContext, place: PlaceCard) -> Page:
    """Somebody who has begun to write here before, with signal."""
    page = pocket.pages[0]
    page.goto(f"/{place.slug}/tell")
    assert left_behind(page) == [] and page.evaluate("caches.keys()") == [], "whoever only reads the form takes nothing along"
    page.get_by_label("What happened?").focus()
    assert {"/offline", "/offline/hillside/tell"} <= set(page.evaluate(READY))
    return page


def writes(page: Page, words: str = WORDS) -> Page:
    page.get_by_label("What happened?").fill(words)
    page.get_by_role("button", name="Send", exact=True).dblclick()
    return page


def keeps(page: Page) -> Page:
    expect(page.locator("#no-signal")).to_be_focused()
    page.get_by_role("button", name="Keep it on this phone").click()
    expect(page.get_by_label("What happened?")).to_have_value("")
    expect(page.locator("#queue-rows li").first).to_be_visible()
    return page


def opens(page: Page) -> Page:
    page.goto(TELL)
    page.get_by_label("What happened?").focus()
    expect(page.locator("form[data-ready]")).to_be_visible()
    return page


def sends(page: Page) -> None:
    """The phone notices that there is signal."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def stored(database: Database) -> list[str | None]:
    with database.read() as reads:
        return list(reads.exec(select(Feedback.body).order_by(col(Feedback.body))))


def rows(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(ROWS)
    return found


def stores(page: Page) -> int:
    return int(page.evaluate("indexedDB.databases().then(found => found.length)"))


def code_opens(page: Page, words: str) -> None:
    """The code that stands in the list opens the message."""
    page.locator("#queue-rows li").last.get_by_role("button", name="Read the answer").click()
    expect(page.locator("h1")).to_have_text("We have it")
    expect(page.locator(".bubble")).to_contain_text(words)
    assert page.url.partition("?")[0].endswith("/hillside/answer")


def test_three_messages_arrive_once_each_and_their_codes_open_them(
    phone: Page, pocket: BrowserContext, lift: Lift, database: Database
) -> None:
    """Without signal, with taps on every button twice, in two tabs, and with a signal that comes and goes."""
    lift.goes(Signal.NONE)
    phone.goto(f"{TELL}/hill-road")
    expect(phone.locator("main")).to_contain_text("No signal.")
    expect(phone.get_by_label("Which area is this about?")).to_have_value("hill-road")
    assert not too_wide(phone) + axe(phone) + too_small(phone)
    writes(phone, "First.")
    expect(phone.locator("#no-signal")).to_be_focused()
    assert stores(phone) == 0, "nothing is kept before the person says so"
    phone.get_by_role("button", name="Not now").click()
    assert phone.get_by_label("What happened?").input_value() == "First." and stores(phone) == 0
    keeps(writes(phone, "First."))
    other = opens(pocket.new_page())
    expect(other.locator("#queue-count")).to_have_text("1")
    expect(other.locator("#queue-rows")).not_to_be_visible()
    other.get_by_label("What happened?").fill("Second.")
    other.get_by_role("button", name="Send", exact=True).click()
    keeps(other)
    keeps(writes(phone, "Third."))
    expect(phone.locator("#queue-rows li")).to_have_count(3)
    assert not too_wide(phone) + axe(phone) + too_small(phone)
    for signal in (Signal.GOOD, Signal.NONE, Signal.FOREIGN, Signal.GOOD):
        lift.goes(signal)
        for page in (phone, other):
            sends(page)
    for page in (phone, other):
        sends(page)
        expect(page.locator("#queue-rows").get_by_text("Sent.")).to_have_count(3)
    assert stored(database) == ["First.", "Second.", "Third."]
    assert [row["fields"] for row in rows(phone)] == [[], [], []], "what was sent leaves no words on the phone"
    codes = phone.locator("#queue-rows bdi.receipt").all_inner_texts()
    assert len(set(codes)) == 3
    code_opens(phone, "Third.")
    opens(phone).locator("#queue-more summary").click()
    for _press in range(2):
        phone.locator("#queue-all").click()
    expect(phone.locator("#queue")).to_be_hidden()
    phone.wait_for_function("indexedDB.databases().then(found => found.length === 0)")
    assert left_behind(phone) == [], "the last row takes the store with it"
    lift.goes(Signal.NONE)
    phone.goto(f"{TELL}/hill-road")
    expect(phone.locator("main")).to_contain_text("You can still write.")
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator("main")).not_to_contain_text("You can still write.")


def test_server_that_dies_before_it_answers_stores_it_once_with_no_page_open(
    phone: Page, pocket: BrowserContext, lift: Lift, database: Database
) -> None:
    lift.goes(Signal.SWALLOWED)
    keeps(writes(phone))
    assert stored(database) == [WORDS], "it had arrived"
    desk = pocket.new_page()
    desk.goto("about:blank")
    session, found = pocket.new_cdp_session(desk), []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    phone.close()
    lift.goes(Signal.GOOD)
    for _try in range(100):
        if found:
            break
        desk.wait_for_timeout(50)
    sync = {"origin": f"{lift.address}/", "registrationId": found[-1]["registrationId"], "tag": "said-queue", "lastChance": False}
    posts = lift.posts
    session.send("ServiceWorker.dispatchSyncEvent", sync)
    for _try in range(100):
        if lift.posts > posts:
            break
        desk.wait_for_timeout(50)
    assert lift.posts > posts and stored(database) == [WORDS]
    desk.goto("/offline")
    expect(desk.locator("h1")).to_have_text("What this phone keeps")
    expect(desk.locator("#queue-rows")).to_contain_text("Sent.")
    code_opens(desk, WORDS)


def test_what_is_refused_waits_and_says_why_and_can_be_changed(
    phone: Page, make: Make, place: PlaceCard, lift: Lift, database: Database
) -> None:
    lift.goes(Signal.NONE)
    opens(phone)
    with_a_picture(phone)
    keeps(writes(phone, "It goes on. " * 500))
    lift.goes(Signal.BUSY)
    sends(phone)
    expect(phone.locator("#queue-rows")).to_contain_text("Many people write now.")
    lift.goes(Signal.GOOD)
    expect(phone.locator("#queue-rows")).to_contain_text("This is too long")  # by itself, after the seconds that it was asked to wait
    assert phone.evaluate(FILES) == 0
    phone.get_by_role("button", name="Change it").click()
    expect(phone.get_by_label("What happened?")).to_have_value("It goes on. " * 500)
    assert phone.evaluate(FILES) == 1, "the picture comes back with the words"
    expect(phone.locator("#queue-rows")).to_contain_text("you were changing it")
    with phone.expect_navigation():
        writes(phone, "It goes on.")
    expect(phone.locator("h1")).to_have_text("Thank you. We have got it.")
    assert stored(database) == ["It goes on."] and left_behind(phone) == []

    key = str(uuid4())
    make.message(place, "Another one.", idempotency_key=key)
    lift.goes(Signal.NONE)
    opens(phone).evaluate("key => { document.querySelector('[name=idempotency_key]').value = key; }", key)
    keeps(writes(phone))
    lift.goes(Signal.GOOD)
    sends(phone)
    expect(phone.locator("#queue-rows")).to_contain_text("You sent a message from this page before.")
    phone.get_by_role("button", name="Change it").click()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.locator("h1")).to_have_text("Thank you. We have got it.")
    assert stored(database) == ["Another one.", "It goes on.", WORDS]


def test_what_was_kept_goes_after_seven_days(phone: Page, lift: Lift, database: Database) -> None:
    lift.goes(Signal.NONE)
    keeps(writes(opens(phone)))
    phone.evaluate(OLDER)
    lift.goes(Signal.GOOD)
    opens(phone)
    expect(phone.locator("#queue")).to_be_hidden()
    phone.wait_for_function("indexedDB.databases().then(found => found.length === 0)")
    assert stored(database) == []
