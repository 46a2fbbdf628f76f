"""The form as fingers, keys and browsers treat it: by keyboard alone, tapped twice, gone back to, reloaded, sent with an old key."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlmodel import col, select

from service.feedback.models import Feedback
from tests.journey.served import chromium_of
from tests.journey.stage import NO, WORDS, Stage
from tests.journey.watch import path_of

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const one = document.activeElement;
  return one === document.body ? "the end" : one.id || one.innerText.split("\\n")[0].trim() || one.name;
}"""
KEY = "[name=idempotency_key]"
AGAIN = "The bus stop is under water whenever it rains."


@pytest.fixture
def kind() -> str:
    """What is stored is the same on both databases; `test_slice.py` runs on both."""
    return "sqlite"


@pytest.fixture
def form(stage: Stage, phone: Page) -> Page:
    """The form, open on a phone."""
    phone.goto(f"/{stage.hillside.slug}/tell")
    return phone


@pytest.fixture(scope="session")
def remembering(driver: Playwright) -> Iterator[Browser]:
    """A browser that keeps whole pages in memory for its back button, as people's browsers do and Playwright's do not."""
    browser = chromium_of(driver, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


def stored(stage: Stage) -> list[str | None]:
    """The messages that are in the database, oldest first."""
    with stage.make.database.read() as reads:
        return list(reads.exec(select(Feedback.body).order_by(col(Feedback.received_at), col(Feedback.id))))


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUSED))


def send(page: Page, words: str) -> str:
    """Types, sends, and answers the code."""
    page.get_by_label("What happened?").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("h1")).to_have_text("Thank you. We have got it.")
    return page.locator(".code .big").inner_text()


# ---- by keyboard alone -----------------------------------------------------------------------------------------------


def test_tab_walks_the_form_in_the_order_it_is_read(form: Page) -> None:
    meant = [
        "Skip to main content",
        "leave",
        "Said & Done",
        "The account",
        "Promises",
        "Read an answer",
        "←The account",
        "Who can read it",
        "101",
        "116\xa0123",
        "0800\xa01111",
        "kind",
        "body",
        "Something you would like, or can offer",
        "area",
        "Add a photo, or more (you can skip this)",
        "share",
        "answer_me",
        "Is this phone shared?",
        "send",
    ]
    order = []
    for _stop in meant:
        form.keyboard.press("Tab")
        order.append(focused(form))
    assert order == meant


def test_skip_link_leads_past_the_head(form: Page) -> None:
    form.keyboard.press("Tab")
    form.keyboard.press("Enter")
    assert focused(form) == "main"
    form.keyboard.press("Tab")
    assert focused(form) == "←The account"


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize("javascript", [True, False])
def test_message_is_sent_by_keyboard(stage: Stage, form: Page, key: str) -> None:
    form.locator("#kind").focus()
    form.keyboard.press("Space")
    form.keyboard.press("ArrowDown")
    expect(form.get_by_label("Something is not right")).to_be_checked()
    form.keyboard.press("Tab")
    form.keyboard.type(WORDS)
    for _field in ("offers", "area"):
        form.keyboard.press("Tab")
    form.keyboard.type("Hill")
    for _field in ("more", "share", "answer_me", "shared phone", "send"):
        form.keyboard.press("Tab")
    form.keyboard.press(key)
    expect(form.locator("h1")).to_have_text("Thank you. We have got it.")
    assert stored(stage) == [WORDS]


def test_error_summary_takes_the_focus_and_leads_to_the_field(form: Page) -> None:
    form.get_by_role("button", name="Send", exact=True).press("Enter")
    summary = form.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    assert form.title().startswith("Error: Tell us")
    form.keyboard.press("Tab")
    form.keyboard.press("Enter")
    expect(form.locator("#body")).to_be_focused()
    expect(form.locator("#body-error")).to_contain_text("Error: Tell us what happened, or pick one choice above.")


def test_every_link_of_an_error_summary_leads_to_a_field(stage: Stage) -> None:
    stage.opens_as_staff(stage.message())
    stage.presses("Send the answer")
    for link in stage.page.locator(".govuk-error-summary a").all():
        target = stage.page.locator(str(link.get_attribute("href")))
        link.click()
        expect(target).to_be_focused()


def test_what_is_too_long_is_said_at_its_field(form: Page) -> None:
    form.get_by_label("What happened?").fill("It goes on and on. " * 300)
    form.get_by_role("button", name="Send", exact=True).click()
    form.locator(".govuk-error-summary a").click()
    expect(form.locator("#body")).to_be_focused()
    expect(form.locator("#body-error")).to_contain_text("This is too long")
    assert len(form.get_by_label("What happened?").input_value()) == 5_700


@pytest.mark.parametrize("javascript", [False])
def test_error_is_told_without_javascript(form: Page) -> None:
    form.get_by_role("button", name="Send", exact=True).click()
    assert form.title().startswith("Error: Tell us")
    expect(form.locator(".govuk-error-summary")).to_contain_text("Tell us what happened, or pick one choice above.")


# ---- once, and only once ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("javascript", [True, False])
def test_two_taps_are_one_message(stage: Stage, form: Page) -> None:
    form.get_by_label("What happened?").fill(WORDS)
    form.get_by_role("button", name="Send", exact=True).dblclick()
    expect(form.locator("h1")).to_have_text("Thank you. We have got it.")
    assert stored(stage) == [WORDS]


def test_second_tap_sends_nothing(form: Page) -> None:
    sent: list[str] = []
    form.on("request", lambda request: sent.append(f"{request.method} {request.resource_type}"))
    form.get_by_label("What happened?").fill(WORDS)
    form.get_by_role("button", name="Send", exact=True).dblclick()
    expect(form.locator("h1")).to_have_text("Thank you. We have got it.")
    assert [one for one in sent if one.startswith("POST")] == ["POST fetch", "POST document"], "the message, and the page of its code"


def test_button_is_not_dead_after_a_lost_connection(form: Page) -> None:
    form.evaluate("document.querySelector('form').addEventListener('submit', event => event.preventDefault())")
    form.get_by_label("What happened?").fill(WORDS)
    form.clock.install()
    form.get_by_role("button", name="Send", exact=True).click()
    form.clock.run_for(100)
    expect(form.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    form.clock.run_for(9_000)
    expect(form.get_by_role("button", name="Send", exact=True)).to_be_enabled()


@pytest.mark.parametrize("javascript", [True, False])
def test_reloading_shows_the_same_code(stage: Stage, form: Page) -> None:
    code = send(form, WORDS)
    form.reload()
    assert form.locator(".code .big").inner_text() == code
    assert stored(stage) == [WORDS]


# ---- a second message ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("javascript", [True, False])
def test_second_message_after_the_back_button(stage: Stage, form: Page) -> None:
    key = form.locator(KEY).input_value()
    first = send(form, WORDS)
    form.go_back()
    assert form.locator(KEY).input_value() != key
    assert send(form, AGAIN) != first
    assert stored(stage) == [WORDS, AGAIN]


def test_second_message_from_a_page_kept_in_memory(stage: Stage, screen: Callable[..., Page], remembering: Browser) -> None:
    page = screen(360, browser=remembering)
    page.goto(f"/{stage.hillside.slug}/tell")
    first = send(page, WORDS)
    page.go_back()
    assert send(page, AGAIN) != first
    assert stored(stage) == [WORDS, AGAIN]


def test_page_that_comes_back_from_memory_gets_a_new_key(form: Page) -> None:
    """Whether or not this Chromium keeps the page, some browser does."""
    key = form.locator(KEY).input_value()
    form.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    fresh = form.locator(KEY).input_value()
    assert fresh != key
    assert fresh[14] == "4"
    form.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: false}))")
    assert form.locator(KEY).input_value() == fresh


@pytest.mark.parametrize("javascript", [True, False])
def test_old_key_loses_no_words(stage: Stage, form: Page, *, javascript: bool) -> None:
    """A page that was kept with the key of a message already sent: the words stay, and one more tap sends them."""
    ready = form.locator("#tell-form[data-ready]" if javascript else "#tell-form")
    form.get_by_label("What happened?").fill(WORDS)
    expect(ready).to_be_visible()
    key = form.locator(KEY).input_value()
    send(form, WORDS)
    form.goto("/hillside/tell")
    form.get_by_label("What happened?").fill(AGAIN)
    expect(ready).to_be_visible()
    form.locator(KEY).evaluate("(one, key) => { one.value = key; }", key)
    form.get_by_role("button", name="Send", exact=True).click()
    expect(form.locator(".govuk-error-summary")).to_contain_text("You sent a message from this page before.")
    expect(form.get_by_label("What happened?")).to_have_value(AGAIN)
    form.get_by_role("button", name="Send", exact=True).click()
    expect(form.locator("h1")).to_have_text("Thank you. We have got it.")
    assert stored(stage) == [WORDS, AGAIN]


# ---- staff -----------------------------------------------------------------------------------------------------------


def test_filter_of_the_inbox_keeps_the_focus_and_the_back_button(stage: Stage) -> None:
    stage.message()
    page = stage.signs_in(stage.hillside)
    page.locator("#part-answered").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#part-answered[aria-current]")).to_be_focused()
    assert path_of(page) == "/staff/hillside/inbox?part=answered"
    page.go_back()
    expect(page.locator("#part-duties[aria-current]")).to_be_visible()
    expect(page.locator(".item")).to_have_count(1)


def looks_again(page: Page) -> None:
    page.evaluate("document.querySelector('[data-live]').dispatchEvent(new Event('look'))")


def test_inbox_shows_what_is_new_and_keeps_the_focus(stage: Stage) -> None:
    stage.message("First.")
    page = stage.signs_in(stage.hillside)
    page.locator("#narrow").click()
    page.get_by_role("link", name="Answer the message of").focus()
    stage.message("Second.")
    looks_again(page)
    expect(page.locator(".item")).to_have_count(2)
    expect(page.locator("#live-news")).to_have_text("2 things wait for you")
    expect(page.get_by_role("link", name="First.")).to_be_focused()
    expect(page.locator("main details").first).to_have_attribute("open", "")


def test_inbox_keeps_still_while_somebody_marks_messages(stage: Stage) -> None:
    stage.message("First.")
    page = stage.signs_in(stage.hillside)
    page.get_by_role("checkbox").check()
    stage.message("Second.")
    looks_again(page)
    page.wait_for_timeout(300)
    expect(page.locator(".item")).to_have_count(1)
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("checkbox").uncheck()
    looks_again(page)
    expect(page.locator(".item")).to_have_count(2)


def test_enter_on_a_mark_changes_nothing(stage: Stage) -> None:
    stage.message("First.")
    page = stage.signs_in(stage.hillside)
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert path_of(page) == "/staff/hillside/inbox"
    expect(page.get_by_role("checkbox")).to_be_checked()


def test_inbox_of_somebody_who_is_signed_out_leads_to_the_way_in(stage: Stage) -> None:
    stage.message()
    page = stage.signs_in(stage.hillside)
    page.context.clear_cookies()
    looks_again(page)
    expect(page).to_have_url(re.compile(r"/staff$"))


def test_answer_sent_twice_is_one_answer(stage: Stage) -> None:
    page = stage.opens_as_staff(stage.message())
    page.get_by_text("Thank you.", exact=True).click()
    page.get_by_label("Your answer").fill(NO)
    page.get_by_role("button", name="Send the answer").dblclick()
    expect(page.locator(".reply")).to_have_count(1)
