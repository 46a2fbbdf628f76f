"""The log in a lift: written without signal, kept on the phone with a yes, sent when there is signal, arrived exactly once."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import select

from service.database import Database
from service.narratives.models import Narrative
from service.people.models import Role
from service.places.queries import PlaceCard
from service.system_health.models import Barrier
from tests.journey.lift import Lift, Signal, lift_to
from tests.journey.served import PATIENCE, serving
from tests.journey.stage import Stage
from tests.journey.watch import axe, too_small, too_wide
from tests.make import Make, RunningClock, SettableClock

pytestmark = pytest.mark.browser

LOG = "/staff/hillside/log"
WORDS = "The bed was ready and the key was not. Third time this month."
READY = """async () => {
  await navigator.serviceWorker.ready;
  const shells = await caches.open("said-shells");
  const there = () => shells.match("/offline/hillside/log");
  for (let tries = 0; tries < 100 && !(await there()); tries++) await new Promise(done => setTimeout(done, 50));
  return (await shells.keys()).map(one => new URL(one.url).pathname);
}"""
ROWS = """() => new Promise(done => {
  indexedDB.open("said").onsuccess = event => {
    const rows = event.target.result.transaction("rows").objectStore("rows").getAll();
    rows.onsuccess = () => { event.target.result.close(); done(rows.result); };
  };
})"""
SETTLED = "navigator.locks.request('said-queue', () => null)"
"""Whoever was just trying to send, a page or the worker, has given up."""
OLDER = """() => navigator.locks.request("said-queue", () => new Promise(done => {
  indexedDB.open("said").onsuccess = event => {
    const store = event.target.result.transaction("rows", "readwrite").objectStore("rows");
    store.getAll().onsuccess = found => {
      for (const row of found.target.result) store.put({ ...row, at: row.at - 7 * 24 * 60 * 60 * 1000 });
      store.transaction.oncomplete = () => { event.target.result.close(); done(); };
    };
  };
}))"""


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
def errors() -> list[str]:
    """What went wrong in the pages' scripts."""
    return []


@pytest.fixture
def pocket(chromium: Browser, live: str, errors: list[str]) -> Iterator[BrowserContext]:
    """A phone. That requests fail in a lift is no complaint; that a script does, is."""
    context = chromium.new_context(base_url=live, viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert errors == []


@pytest.fixture
def place(make: Make, app: FastAPI, pocket: BrowserContext) -> PlaceCard:
    """The example place."""
    return Stage(make, app, pocket.pages[0] if pocket.pages else pocket.new_page()).hillside


def signs_in(page: Page, make: Make, place: PlaceCard, **person: str) -> None:
    page.goto(f"/staff/sign-in/{make.person(place, Role.FRONTLINE, **person)}")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def phone(pocket: BrowserContext, make: Make, place: PlaceCard) -> Page:
    """A worker who has opened the log once, with signal."""
    page = pocket.pages[0]
    signs_in(page, make, place, email="kim@hillside.example")
    opens(page)
    assert "/offline/hillside/log" in page.evaluate(READY)
    return page


def opens(page: Page) -> Page:
    page.goto(LOG)
    expect(page.locator("form[data-ready]")).to_be_visible()
    return page


def writes(page: Page, words: str = WORDS) -> Page:
    page.get_by_label("In your own words").fill(words)
    page.get_by_role("radio", name="No", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    return page


def keeps(page: Page) -> Page:
    page.get_by_role("button", name="Keep it on this phone").click()
    expect(page.locator("#queue li").first).to_be_visible()
    return page


def sends(page: Page) -> None:
    """The phone notices that there is signal. The service worker may have been quicker."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def stored(database: Database) -> list[str | None]:
    with database.read() as reads:
        return list(reads.exec(select(Narrative.body).order_by(Narrative.id)))  # type: ignore[arg-type]


def rows(page: Page) -> Callable[[str], None]:
    """Waits until the list says so."""

    def say(words: str) -> None:
        expect(page.locator("#queue-rows")).to_contain_text(words)

    return say


# ---- in the lift -----------------------------------------------------------------------------------------------------


def test_story_written_in_a_lift_arrives_once_when_there_is_signal(phone: Page, lift: Lift, database: Database) -> None:
    lift.goes(Signal.NONE)
    opens(phone)
    expect(phone.locator("main")).to_contain_text("No signal.")
    assert not too_wide(phone) and not axe(phone) and not too_small(phone)
    assert phone.locator("#occurred_on").input_value() == phone.evaluate("new Date().toLocaleDateString('sv')")
    writes(phone)
    expect(phone.locator("#no-signal")).to_be_focused()
    assert phone.evaluate(ROWS) == [], "nothing is kept before the person says so"
    keeps(phone)
    assert phone.get_by_label("In your own words").input_value() == ""
    assert not axe(phone) and not too_small(phone) and not too_wide(phone)
    keeps(writes(phone, "And the second one."))
    expect(phone.locator("#queue-rows li")).to_have_count(2)
    opens(phone)
    expect(phone.locator("#queue-rows li")).to_have_count(2)
    lift.goes(Signal.GOOD)
    opens(phone)
    expect(phone.locator("#queue-rows")).to_contain_text("Sent.")
    expect(phone.locator("#queue-rows")).not_to_contain_text("Waits")
    assert stored(database) == [WORDS, "And the second one."]
    assert [row["fields"] for row in phone.evaluate(ROWS)] == [[], []], "what was sent leaves no words on the phone"
    phone.get_by_role("button", name="Delete").first.click()
    expect(phone.locator("#queue-rows li")).to_have_count(1)


def test_server_that_dies_before_it_answers_stores_it_once(phone: Page, lift: Lift, database: Database) -> None:
    lift.goes(Signal.SWALLOWED)
    keeps(writes(phone))
    assert stored(database) == [WORDS], "it had arrived"
    lift.goes(Signal.GOOD)
    sends(phone)
    rows(phone)("Sent.")
    assert stored(database) == [WORDS]
    assert lift.posts >= 2


def test_network_that_answers_for_the_service_is_not_believed(phone: Page, lift: Lift, database: Database) -> None:
    lift.goes(Signal.FOREIGN)
    keeps(writes(phone))
    rows(phone)("Waits for signal.")
    lift.goes(Signal.GOOD)
    opens(phone)
    rows(phone)("Sent.")
    assert stored(database) == [WORDS]


def test_two_tabs_send_each_message_once(phone: Page, pocket: BrowserContext, lift: Lift, database: Database) -> None:
    other = opens(pocket.new_page())
    lift.goes(Signal.NONE)
    keeps(writes(phone, "From the first tab."))
    keeps(writes(other, "From the second tab."))
    expect(phone.locator("#queue-rows li")).to_have_count(2)
    lift.goes(Signal.GOOD)
    for page in (phone, other):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    for page in (phone, other):
        expect(page.get_by_text("Sent.")).to_have_count(2)
    assert stored(database) == ["From the first tab.", "From the second tab."]
    assert lift.posts == 3, "one for the sign-in, one for each message"


def test_draft_outlives_a_page_that_was_lost(phone: Page, lift: Lift) -> None:
    phone.get_by_label("In your own words").fill(WORDS)
    phone.get_by_role("radio", name="A rule").check()
    lift.goes(Signal.NONE)
    opens(phone)
    assert phone.get_by_label("In your own words").input_value() == WORDS
    assert phone.get_by_role("radio", name="A rule").is_checked()


# ---- whose it is -----------------------------------------------------------------------------------------------------


def test_session_that_ended_keeps_it_until_the_same_person_signs_in(
    phone: Page, make: Make, place: PlaceCard, lift: Lift, database: Database
) -> None:
    lift.goes(Signal.NONE)
    keeps(writes(opens(phone)))
    make.clock.advance(days=2)
    lift.goes(Signal.GOOD)
    sends(phone)
    rows(phone)("You were signed out")
    assert stored(database) == []
    phone.get_by_role("link", name="Sign in to send").click()
    phone.wait_for_url("**/staff?lang=en")
    signs_in(phone, make, place, email="kim@hillside.example")
    opens(phone)
    rows(phone)("Sent.")
    assert stored(database) == [WORDS]


def test_somebody_else_on_the_same_phone_neither_sees_nor_sends_it(
    phone: Page, make: Make, place: PlaceCard, lift: Lift, database: Database
) -> None:
    lift.goes(Signal.NONE)
    keeps(writes(opens(phone)))
    phone.get_by_label("In your own words").fill("Half a draft of Kim's.")
    phone.context.clear_cookies()
    phone.evaluate(SETTLED)
    lift.goes(Signal.GOOD)
    signs_in(phone, make, place, email="lee@hillside.example")
    for signal in (Signal.GOOD, Signal.NONE, Signal.GOOD):
        lift.goes(signal)
        opens(phone)
        sends(phone)
        assert phone.locator("#queue").is_hidden() and WORDS not in phone.content()
        assert phone.get_by_label("In your own words").input_value() == ""
    assert stored(database) == [] and len(phone.evaluate(ROWS)) == 1
    with phone.expect_navigation():
        phone.get_by_role("button", name="Sign out").click()
    signs_in(phone, make, place, email="kim@hillside.example")
    opens(phone)
    rows(phone)("Sent.")
    assert stored(database) == [WORDS]


def test_what_was_kept_goes_after_seven_days(phone: Page, lift: Lift, database: Database) -> None:
    lift.goes(Signal.NONE)
    keeps(writes(opens(phone)))
    phone.evaluate(OLDER)
    lift.goes(Signal.GOOD)
    opens(phone)
    phone.wait_for_function(f"({ROWS})().then(found => found.length === 0)")
    expect(phone.locator("#queue")).to_be_hidden()
    assert stored(database) == []


# ---- what must be changed --------------------------------------------------------------------------------------------


def test_what_the_server_refuses_is_kept_says_why_and_can_be_changed(phone: Page, make: Make, lift: Lift, database: Database) -> None:
    lift.goes(Signal.NONE)
    opens(phone)
    phone.get_by_text("Another day, who may read it").click()
    phone.get_by_label("When?").fill("2031-01-01")
    keeps(writes(phone))
    lift.goes(Signal.GOOD)
    sends(phone)
    rows(phone)("Not sent: something must be changed.")
    rows(phone)("This day has not come yet.")
    phone.get_by_role("button", name="Change it").click()
    assert phone.get_by_label("In your own words").input_value() == WORDS
    phone.get_by_label("When?").fill((make.clock() - timedelta(days=3)).date().isoformat())
    with phone.expect_navigation():
        phone.get_by_role("button", name="Save", exact=True).click()
    assert stored(database) == [WORDS] and phone.evaluate(ROWS) == []


def test_name_is_asked_about_before_it_is_sent_or_kept(phone: Page, lift: Lift, database: Database) -> None:
    phone.get_by_label("In your own words").fill("I saw Mrs Patel, 07700 900123.")
    expect(phone.locator("#telling")).to_contain_text("Mrs Patel")
    expect(phone.locator("#telling")).to_contain_text("a phone number")
    assert not axe(phone) and not too_wide(phone)
    lift.goes(Signal.NONE)
    phone.get_by_role("radio", name="Bit of both").check()
    phone.get_by_role("button", name="Save", exact=True).click()
    expect(phone.locator("#telling")).to_be_visible()
    assert phone.locator("#no-signal").is_hidden()
    phone.get_by_label("It is fine as it is").check()
    phone.get_by_role("button", name="Save", exact=True).click()
    keeps(phone)
    lift.goes(Signal.GOOD)
    sends(phone)
    rows(phone)("Sent.")
    assert stored(database) == ["I saw Mrs Patel, 07700 900123."]


# ---- quick -----------------------------------------------------------------------------------------------------------


def test_log_takes_four_taps_and_makes_a_story_and_a_barrier(phone: Page, database: Database) -> None:
    """The second time: the area is remembered. Dictation is no tap."""
    phone.get_by_role("radio", name="Linden").check()
    writes(phone, "First.")
    phone.wait_for_url("**/stories/*")
    opens(phone)
    assert phone.get_by_role("radio", name="Linden").is_checked()
    phone.evaluate("window.taps = 0; document.addEventListener('pointerup', () => { sessionStorage.taps = ++window.taps; })")
    phone.get_by_label("In your own words").fill(WORDS)
    for kind, tap in (("radio", "No"), ("radio", "A rule"), ("checkbox", "A barrier")):
        phone.get_by_role(kind, name=tap, exact=True).tap()  # type: ignore[arg-type]
    phone.get_by_role("button", name="Save", exact=True).tap()
    phone.wait_for_url("**/stories/*")
    assert phone.evaluate("Number(sessionStorage.taps)") == 4
    with database.read() as reads:
        assert [row.kind for row in reads.exec(select(Barrier))] == ["rule"]
    assert stored(database) == ["First.", WORDS]


def test_nothing_of_anybody_is_in_the_caches(phone: Page) -> None:
    phone.goto("/staff/hillside/inbox")
    kept = phone.evaluate(
        "async () => { const out = []; for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) "
        "out.push(new URL(one.url).pathname); return out; }"
    )
    assert {path for path in kept if not path.startswith("/static/")} == {"/offline", "/offline/hillside/log"}
