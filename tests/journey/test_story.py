"""The main job, whole: a resident tells, staff answer, a partner posts numbers, a promise is made and claimed, and the account says so."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from service.partners.models import Scope
from service.places.queries import find_organisation
from tests.journey.stage import DONE, Stage
from tests.journey.test_slice import find_and_mark, heading, read_with, tell
from tests.journey.watch import axe, too_wide

pytestmark = pytest.mark.browser

Calm = Callable[[Page], None]
PATH = "We will lay a hard path from Linden to the bus stop."
BATCH = {"observations": [{"indicator": "damp", "period": str(year), "value": value} for year, value in ((2024, 31.5), (2025, 28.25))]}
DAMP = {"name": "Homes with damp", "kind": "population", "unit": "%", "good_direction": "down"}


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Nothing here needs a script."""
    return bool(request.param)


@pytest.fixture
def calm(javascript: bool) -> Calm:
    """Nothing is too wide, and axe finds nothing. It is a script itself, so it looks only where scripts run."""

    def look(page: Page) -> None:
        assert not too_wide(page)
        assert not (axe(page) if javascript else [])

    return look


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the account."""

    page: Page
    calm: Calm

    def reads(self, view: str, *words: str) -> None:
        self.page.goto(f"/hillside/{view}")
        for sentence in words:
            expect(self.page.locator("main")).to_contain_text(sentence)
        self.calm(self.page)


def answer(staff: Page) -> None:
    staff.get_by_text("We have done this.").click()
    staff.get_by_label("Your answer").fill(DONE)
    staff.get_by_role("button", name="Send the answer").click()
    expect(staff.locator(".reply")).to_contain_text(DONE)


def post_numbers(stage: Stage, page: Page) -> None:
    """The council's system, at night: it describes its number, posts a batch, and blindly tries again."""
    with stage.make.database.read() as found:
        council = find_organisation(found, stage.hillside.id, "council")
    assert council is not None
    key = {"Authorization": f"Bearer {stage.make.key(stage.hillside, Scope.OUTCOMES_WRITE, organisation=council)}"}
    api = page.request
    put = api.put("/api/v1/hillside/indicators/damp", data=json.dumps(DAMP), headers={**key, "Content-Type": "application/json"})
    assert put.status == 201, put.text()
    once = {**key, "Content-Type": "application/json", "Idempotency-Key": "night-of-22-november"}
    for _try in range(2):
        posted = api.post("/api/v1/hillside/outcomes/observations", data=json.dumps(BATCH), headers=once)
        assert posted.status == 200 and posted.json()["created"] == 2, posted.text()


def promise(staff: Page, calm: Calm) -> None:
    """Made with its date, which passed last week; then its maker says that it is done."""
    staff.goto("/staff/hillside/promises")
    staff.get_by_role("link", name="Make a promise").click()
    expect(staff).to_have_url(re.compile("/promises/new$"))
    calm(staff)
    staff.get_by_text("An organisation's part").click()
    staff.get_by_label("Which organisation promises it?").select_option("council")
    staff.get_by_label("What is promised?").fill(PATH)
    staff.get_by_label("What will count as kept?").fill("A pushchair gets there after rain.")
    staff.get_by_label("When was it said?").fill("2026-06-01")
    staff.get_by_label("By when?", exact=True).fill("2026-11-16")
    staff.get_by_role("button", name="Make the promise").click()
    assert heading(staff) == PATH
    calm(staff)


def claim(staff: Page) -> None:
    staff.get_by_text("It is done, as its maker says").click()
    staff.get_by_label("What happened?").fill("The path is laid.")
    staff.get_by_role("button", name="Say it").click()
    expect(staff.locator("main")).to_contain_text("The path is laid.")


def test_what_was_said_and_done_stands_in_the_account(stage: Stage, phone: Page, screen: Callable[..., Page], calm: Calm) -> None:
    resident, staff = phone, screen(360)
    neighbour = Reader(screen(360), calm)
    link = stage.make.person(stage.hillside, organisation="council", name="Sam Okoro")
    neighbour.reads("community-reporting", "Nobody has told us anything yet.", "Nothing was due yet.", "Nothing has been answered yet.")
    neighbour.reads("results", "No numbers here yet.")

    code = tell(resident)
    neighbour.reads("community-reporting", "1 message came in.")
    desk_link = stage.make.person(stage.hillside, name="Kim Adeyemi")
    message = find_and_mark(staff, desk_link)
    calm(staff)
    answer(staff)
    assert message
    assert heading(read_with(code, resident)) == "We have answered you"
    neighbour.reads("community-reporting", "Of 1 answer, 0 said no and why.")

    post_numbers(stage, resident)
    neighbour.reads("results", "28.25% in 2025.", "Lower by 3.25 percentage points than in 2024. That is the right way.")
    neighbour.reads("", "28.25% in 2025.")

    officer = screen(360)
    officer.goto(f"/staff/sign-in/{link}")
    officer.get_by_role("button", name="Sign in").click()
    promise(officer, calm)
    neighbour.reads("community-reporting", "Of the 1 promise that fell due, 0 was kept.", "1 promise is late today.")
    officer.reload()
    claim(officer)
    neighbour.reads("community-reporting", "They say done, not checked: 1.", "0 promises are late today.")
    neighbour.reads("", "Of the 1 promise that fell due, 0 was kept.")
    neighbour.page.get_by_role("link", name="The promises").click()
    expect(neighbour.page.locator(".prow")).to_contain_text(PATH)
    calm(neighbour.page)
