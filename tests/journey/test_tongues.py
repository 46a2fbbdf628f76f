"""A resident tells, keeps the code, reads the answer and takes the words back, in their own language; in Urdu without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from service.feedback.models import Outcome
from service.language import SOURCE, Language, available
from tests.journey.resident_states import URDU
from tests.journey.stage import DONE, Stage
from tests.journey.watch import axe, left_behind, too_small, too_wide, too_wide_with_big_letters

pytestmark = pytest.mark.browser

CHOSEN = [code for code in available() if code != SOURCE]


@pytest.fixture
def kind() -> str:
    """Pages look the same on both databases."""
    return "sqlite"


@pytest.mark.parametrize("code", CHOSEN)
def test_resident_is_answered_in_their_own_language(stage: Stage, screen: Callable[..., Page], code: str) -> None:
    told = stage.answered(stage.message(URDU, language="ur"), Outcome.DONE, DONE)
    scripts = Language(code).dir == "ltr"
    page = screen(360, javascript=scripts)

    def looks_right() -> None:
        html = page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == (code, Language(code).dir), page.url
        found = too_small(page) + (axe(page) if scripts else [])
        page.set_viewport_size({"width": 320, "height": 640})
        found += too_wide(page)
        for width in (320, 640):
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{width}, twice as large: {complaint}" for complaint in too_wide_with_big_letters(page)]
        page.set_viewport_size({"width": 360, "height": 740})
        assert not found, f"{page.url}: {found}"

    def sends(button: str) -> None:
        with page.expect_navigation():
            page.locator(button).first.click()
        looks_right()

    page.goto(f"/hillside?lang={code}")
    looks_right()
    sends(".ask .btn")
    sends("#send")  # empty: it says so, and loses nothing
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.locator("#body").fill(URDU)
    sends("#send")
    expect(page.locator(".code .big")).to_be_visible()
    page.goto(f"/hillside/answer?lang={code}")
    page.locator("#code").fill(told.code)
    sends("main form .btn")
    words = page.locator(".words", has_text=URDU).first
    assert words.evaluate("one => getComputedStyle(one).direction") == "rtl"  # whatever the page is in
    sends("form:has([value=ask_withdraw]) .btn")
    sends("form:has([value=withdraw]) .btn")
    assert URDU not in page.content() and not left_behind(page)
