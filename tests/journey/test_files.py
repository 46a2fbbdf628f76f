"""A data officer brings a file in: on a phone without JavaScript, and at a desk with it."""

import csv
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from service.journal.actions import OPERATOR
from service.results.actions import put_indicator
from service.results.models import IndicatorIn
from tests.journey.stage import Stage
from tests.journey.watch import too_wide
from tests.make import Make

pytestmark = pytest.mark.browser

ROWS = (
    "Measure;Area;Quarter;Figure\nrecycled;;2024 Q1;41.2\nrecycled;hil-road;2024 Q1;38\nrecycled;;Spring 24;43\nrecycled;moon;2024 Q2;1\n"
)


@pytest.fixture
def kind() -> str:
    """A browser is the same before both databases."""
    return "sqlite"


@pytest.mark.parametrize(("width", "javascript"), [(360, False), (1280, True)], ids=["phone without JavaScript", "desk"])
def test_file_with_two_mistakes_is_mended_in_place_and_taken_in(
    make: Make, app: FastAPI, screen: Callable[..., Page], width: int, *, javascript: bool
) -> None:
    page = screen(width, javascript=javascript)
    stage = Stage(make, app, page)
    with make.database.write() as writes:
        given: Any = IndicatorIn(name="Waste that is recycled", kind="how_well", unit="%", good_direction="up")
        put_indicator(writes, OPERATOR, stage.hillside, "recycled", given, make.clock())
    stage.signs_in(stage.hillside)
    stage.goes_to("/staff/hillside/imports")
    page.get_by_label("What is in it?").select_option("Figures of indicators")
    page.get_by_label("Whose is it?").select_option("council")
    page.get_by_label("Which file?").set_input_files({"name": "waste.csv", "mimeType": "text/csv", "buffer": ROWS.encode()})
    stage.presses("Send the file")
    expect(page.get_by_role("heading", name="Match the columns")).to_be_visible()
    assert not too_wide(page)
    page.get_by_text("What stands there means something else here: period", exact=True).click()
    page.get_by_label("2024 Q1, or Q1 2024").check()
    stage.presses("Look through the file")
    _looked(page, javascript=javascript)
    assert not too_wide(page)
    for wrong, right in (("hil-road", "hill-road"), ("Spring 24", "2024-Q2")):
        page.locator(f"li.mend input[value='{wrong}']").fill(right)
    stage.presses("Put these right and look again")
    _looked(page, javascript=javascript)
    expect(page.locator("li.mend")).to_have_count(1)
    stage.presses("Take it in")
    link = page.get_by_role("link", name="Take the refused rows with you (CSV)")
    if not javascript:
        _again_until(page, link)
    expect(link).to_be_visible()
    assert page.locator("dl.sums-of dd").all_inner_texts() == ["3", "0", "0", "1", "4"]
    with page.expect_download() as handed:
        link.click()
    [_head, row] = list(csv.reader(handed.value.path().read_text("utf-8-sig").splitlines()))
    assert row == ["recycled", "moon", "2024 Q2", "1", "Area: There is no area with this code."]


def _looked(page: Page, *, javascript: bool) -> None:
    """The page, once the file was looked through; without JavaScript somebody asks again."""
    found = page.get_by_role("heading", name="What would become of it")
    if not javascript:
        _again_until(page, found)
    expect(found).to_be_visible()


def _again_until(page: Page, found: Any) -> None:
    for _try in range(40):
        if found.count():
            return
        again = page.get_by_role("link", name="Look again")
        if again.count():
            again.click()
        page.wait_for_timeout(100)
