"""The first story, whole: somebody says what happened, staff read and answer it, and what was said can be taken back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journey.stage import DONE, NO, WHY, WORDS, Stage
from tests.journey.watch import left_behind, too_wide

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Nothing here needs a script."""
    return bool(request.param)


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def read_with(code: str, page: Page) -> Page:
    """Types the code, in small letters and with spaces, as people do."""
    page.goto("/hillside")
    page.get_by_role("link", name="Read your answer").click()
    page.get_by_label("Your code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Read the answer").click()
    return page


def tell(resident: Page) -> str:
    """From the first page to the code."""
    resident.goto("/")
    resident.get_by_role("link", name="Hillside").click()
    resident.locator(".ask").get_by_role("link", name="Tell us").click()
    resident.get_by_text("Something is not right").click()
    resident.get_by_label("What happened?").fill(WORDS)
    resident.get_by_label("Which area is this about?").select_option("Hill Road")
    resident.get_by_role("button", name="Send", exact=True).click()
    expect(resident.locator("h1")).to_have_text("Thank you. We have got it.")
    expect(resident.locator("main")).to_contain_text("We will try to answer by 7 December 2026.")
    return resident.locator(".code .big").inner_text().replace("\n", "").strip()


def find_and_mark(staff: Page, link: str) -> str:
    """Signs in by the link, finds the one message, and marks it as read; answers its address."""
    staff.goto(f"/staff/sign-in/{link}")
    staff.get_by_role("button", name="Sign in").click()
    assert heading(staff) == "1 thing waits for you"
    expect(staff.locator(".item")).to_contain_text(WORDS)
    expect(staff.locator(".item")).to_contain_text("Hill Road")
    assert not too_wide(staff)
    staff.get_by_role("link", name="Answer the message of 23 November 2026").click()
    assert heading(staff) == "Something is not right"
    staff.get_by_role("button", name="Mark as read").click()
    expect(staff.get_by_role("button", name="Mark as read")).to_have_count(0)
    return staff.url.split("?")[0]


def answer_without_a_reason(staff: Page, message: str) -> None:
    """It is refused, and nothing that was typed is lost."""
    staff.get_by_text("We cannot do this.").click()
    staff.get_by_label("Your answer").fill(NO)
    staff.get_by_role("button", name="Send the answer").click()
    expect(staff.locator(".govuk-error-summary")).to_contain_text("Say why")
    assert staff.title().startswith("Error:")
    assert staff.url.startswith(message)
    expect(staff.get_by_label("We cannot do this.")).to_be_checked()
    expect(staff.get_by_label("Your answer")).to_have_value(NO)


def take_back(resident: Page) -> None:
    """After being asked once, and thinking again."""
    resident.get_by_role("button", name="Take my words back").click()
    resident.get_by_role("button", name="No, keep them").click()
    assert heading(resident) == "We have answered you"
    resident.get_by_role("button", name="Take my words back").click()
    resident.get_by_role("button", name="Yes, remove my words").click()
    assert heading(resident) == "Your words are gone"


def sees_nothing(staff: Page, message: str) -> None:
    """Not in the inbox, and not at its address."""
    for part in ("owed", "unread", "answered"):
        staff.goto(f"/staff/hillside/inbox?part={part}")
        expect(staff.locator(".item")).to_have_count(0)
        assert WORDS not in staff.content()
    answer = staff.goto(message)
    assert answer is not None
    assert answer.status == 404
    assert WORDS not in staff.content()


def test_message_is_told_read_answered_and_taken_back(stage: Stage, phone: Page, screen: Callable[..., Page]) -> None:
    resident, staff = phone, screen(360)
    link = stage.make.person(stage.hillside, name="Sam Okoro")

    code = tell(resident)
    assert len(code.replace("-", "")) == 17
    assert code not in resident.title() + resident.url
    assert heading(read_with(code, resident)) == "We have it"
    expect(resident.locator("main")).to_contain_text("Nobody has read it yet.")
    expect(resident.locator(".bubble")).to_contain_text(WORDS)

    message = find_and_mark(staff, link)
    assert heading(read_with(code, resident)) == "We have read it"

    answer_without_a_reason(staff, message)
    assert heading(read_with(code, resident)) == "We have read it"

    staff.get_by_label("Why", exact=True).fill(WHY)
    staff.get_by_label("If you cannot do it: what stands in the way?").select_option("It is not ours to do")
    staff.get_by_role("button", name="Send the answer").click()
    expect(staff.locator(".reply")).to_contain_text(WHY)
    assert staff.url.split("?")[0] == message
    assert heading(read_with(code, resident)) == "We have answered you"
    for words in ("We cannot do this. This is why.", NO, WHY):
        expect(resident.locator(".reply")).to_contain_text(words)

    take_back(resident)
    assert heading(read_with(code, resident)) == "You took your words back"
    for words in (WORDS, NO, WHY):
        assert words not in resident.content()
    assert not left_behind(resident)

    sees_nothing(staff, message)
    staff.goto("/staff/hillside/inbox")
    staff.get_by_role("button", name="Sign out").click()
    staff.goto(message)
    assert heading(staff) == "You are not signed in"


def test_answer_that_says_it_is_done(stage: Stage, phone: Page, desk: Page) -> None:
    """At a desk, and a message that was never marked as read: an answer implies it."""
    received = stage.message(kind="not_good", on="2026-11-02")
    desk.goto(f"/staff/sign-in/{stage.make.person(stage.hillside)}")
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.locator(".item.urgent")).to_contain_text("Waited 15 working days")
    desk.get_by_role("link", name="Answer the message").click()
    desk.get_by_text("We have done this.").click()
    desk.get_by_label("Your answer").fill(DONE)
    desk.get_by_role("button", name="Send the answer").click()
    desk.get_by_role("link", name="Inbox").first.click()
    desk.get_by_role("link", name="Answered").click()
    expect(desk.locator("#part-answered[aria-current]")).to_be_visible()
    expect(desk.locator(".item")).to_contain_text("Answered within 15 working days")
    assert heading(read_with(received.code, phone)) == "We have answered you"
    expect(phone.locator(".thread")).to_contain_text("That was 15 working days. We aim for 10.")
    expect(phone.locator(".reply")).to_contain_text(DONE)
