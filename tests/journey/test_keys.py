"""A coordinator answers ten messages by keyboard alone, on a narrow screen, with JavaScript and without; each stroke is counted."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from service.feedback.models import Reply
from tests.journey.stage import Stage

pytestmark = pytest.mark.browser

TO_THE_FIRST, EACH = 6, 10
"""Strokes from the top of the inbox into the first message, and for each message to the next; the letters of the answers not counted."""


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Nothing here needs a script; the list has shorter ways with one."""
    return bool(request.param)


@dataclass
class Keys:
    """A keyboard that counts. After each stroke it must be seen where the focus is."""

    page: Page
    strokes: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += 1

    def at(self, selector: str) -> None:
        """The focus is there, drawn, and inside the window."""
        expect(self.page.locator(f"{selector}:focus-visible")).to_be_in_viewport()


def test_ten_messages_are_answered_by_keyboard_alone(stage: Stage, *, javascript: bool) -> None:
    for number in range(10):
        stage.message(f"Message {number}.", on=f"2026-11-{number + 10}")
    page = stage.signs_in(stage.hillside)
    page.goto("/staff/hillside/inbox")
    keys = Keys(page)
    keys.press("Tab", "Tab")
    keys.at("a[href='#rows']")
    keys.press("Enter")
    keys.press(*(["j"] if javascript else ["Tab", "Tab"]))
    keys.at(".item:first-child a[id^=open-]")
    keys.press("Enter")
    assert keys.strokes <= TO_THE_FIRST
    for number in range(10):
        before = keys.strokes
        expect(page.locator("blockquote")).to_contain_text(f"Message {number}.")
        keys.press("Tab", "Tab")
        keys.at("a[href='#answer-h']")
        keys.press("Enter", "Tab", "Space", "Tab")
        keys.at("textarea[name=body]")
        page.keyboard.type(f"It is done, {number}.")
        keys.press("Tab", "Tab", "Enter")
        keys.at("#next")
        expect(page.locator("#done")).to_contain_text("Answered." if number < 9 else "Nothing else waits in this list.")
        keys.press("Enter")
        assert keys.strokes - before <= EACH
    expect(page.locator("h1")).to_have_text("Nothing waits for you")
    with stage.make.database.read() as reads:
        assert sorted(reads.exec(select(Reply.body)).all()) == [f"It is done, {number}." for number in range(10)]


def test_keys_work_in_the_list_only_and_can_be_switched_off(stage: Stage, *, javascript: bool) -> None:
    for number in range(3):
        stage.message(f"Message {number}.", on=f"2026-11-{number + 10}")
    page = stage.signs_in(stage.hillside)
    if not javascript:
        return
    focused = "() => document.activeElement.id"
    page.locator("#part-owed").focus()
    page.keyboard.press("j")
    assert page.evaluate(focused) == "part-owed", "outside the list a letter is a letter"
    page.locator("#rows").focus()
    page.keyboard.press("j")
    first = page.evaluate(focused)
    page.keyboard.press("j")
    second = page.evaluate(focused)
    page.keyboard.press("k")
    assert first.startswith("open-") and second.startswith("open-") and second != first == page.evaluate(focused)
    page.keyboard.press("x")
    expect(page.locator(".item:first-child input[type=checkbox]")).to_be_checked()
    page.locator("#rows a").first.focus()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_have_attribute("open", "")
    page.get_by_label("Use these keys").uncheck()
    page.reload()
    page.locator("#rows").focus()
    page.keyboard.press("j")
    assert page.evaluate(focused) == "rows", "and they stay off"
