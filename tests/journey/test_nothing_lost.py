"""Somebody on the staff writes for a long time, is signed out meanwhile, and loses nothing: with JavaScript and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from service.people.models import Role
from service.places.queries import PlaceCard
from tests.journey.test_passkeys import signs_in_by_link, with_authenticator
from tests.journey.watch import axe, too_small, too_wide
from tests.make import Make

pytestmark = pytest.mark.browser

SAM = "sam@example.org"
WORDS = 'She rang "the landlord" herself.\n\nThe damp was gone in a week; یہ اچھا ہے & that is that.'


@pytest.fixture
def kind() -> str:
    """A browser does not see which database there is."""
    return "sqlite"


@pytest.fixture
def live(live: str) -> str:
    """The service by its name: for a bare number browsers make no passkeys."""
    return live.replace("127.0.0.1", "localhost")


def writes_an_answer(page: Page, make: Make, hillside: PlaceCard) -> str:
    """A long one; answers where it belongs."""
    address = f"/staff/hillside/messages/{make.message_id(make.message(hillside))}"
    page.goto(address)
    page.get_by_text("Thank you.", exact=True).click()
    page.get_by_label("Your answer").fill(WORDS)
    return address


def signed_out_meanwhile(page: Page) -> None:
    """The cookie goes while the page stays open, and the button is pressed."""
    page.context.clear_cookies()
    with page.expect_response(lambda answer: answer.status == 401):
        page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    expect(page.locator("p.typed")).to_have_text(WORDS)


def sent_in_the_end(page: Page, address: str) -> None:
    with page.expect_response(lambda answer: answer.status == 303):
        page.get_by_role("button", name="Send it again").click()
    page.goto(address)
    expect(page.get_by_text("The damp was gone in a week")).to_have_count(1)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.usefixtures("javascript")
def test_second_tab_signs_in_and_the_first_sends(screen: Callable[..., Page], make: Make, hillside: PlaceCard) -> None:
    page = screen(360)
    signs_in_by_link(page, make, hillside)
    address = writes_an_answer(page, make, hillside)
    signed_out_meanwhile(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in, in a second tab").click()
    second = opened.value
    second.goto(f"/staff/sign-in/{make.person(hillside, email=SAM)}")
    second.locator("main").get_by_role("button", name="Sign in").click()
    second.wait_for_url("**/inbox")
    second.close()
    sent_in_the_end(page, address)


def test_passkey_signs_in_without_leaving_the_page(screen: Callable[..., Page], make: Make, hillside: PlaceCard) -> None:
    page = screen(360)
    with_authenticator(page)
    signs_in_by_link(page, make, hillside)
    page.goto("/staff/you")
    page.get_by_label("What do you call this device?").fill("Work phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("main .item").filter(has_text="Work phone")).to_be_visible()
    address = writes_an_answer(page, make, hillside)
    signed_out_meanwhile(page)
    assert not axe(page) + too_wide(page) + too_small(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("You are signed in. Now send it.")).to_be_visible()
    expect(page.get_by_role("button", name="Send it again")).to_be_focused()
    assert not axe(page)
    sent_in_the_end(page, address)


def test_first_sign_in_of_an_administrator_at_a_phone(screen: Callable[..., Page], make: Make, hillside: PlaceCard) -> None:
    """Link, passkey, work; signs out; the passkey alone is enough the next time."""
    page = screen(360)
    with_authenticator(page)
    page.goto(f"/staff/sign-in/{make.person(hillside, Role.ADMIN, email=SAM, name='Ada')}")
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="One more step, once")).to_be_visible()
    assert not axe(page) + too_wide(page) + too_small(page)
    page.get_by_label("What do you call this device?").fill("Work phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/people")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/staff")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/people")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/staff")
    page.goto(f"/staff/sign-in/{make.person(hillside, Role.ADMIN, email=SAM)}")
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Show once more that it is you")).to_be_visible()
    assert not axe(page) + too_wide(page) + too_small(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/people")
