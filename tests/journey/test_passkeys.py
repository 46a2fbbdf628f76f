"""Passkeys in a browser, with Chromium's own authenticator: added, used, removed; and what the pages are like without one."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from service.places.queries import PlaceCard
from tests.journey.watch import axe, too_small, too_wide
from tests.make import Make

pytestmark = pytest.mark.browser

SAM = "sam@example.org"


@pytest.fixture
def kind() -> str:
    """A browser does not see which database there is."""
    return "sqlite"


@pytest.fixture
def live(live: str) -> str:
    """The service by its name: for a bare number browsers make no passkeys."""
    return live.replace("127.0.0.1", "localhost")


def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    """The person's device has a place for passkeys, and knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def signs_in_by_link(page: Page, make: Make, hillside: PlaceCard) -> None:
    page.goto(f"/staff/sign-in/{make.person(hillside, email=SAM, name='Sam Okoro')}")
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox")


def signs_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/staff")


def faults(page: Page) -> list[str]:
    """What is wrong with a page, narrow and wide, light and dark."""
    found = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found += too_wide(page) + too_small(page)
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            found += axe(page)
    return found


def test_passkey_is_added_used_and_removed(screen: Callable[..., Page], make: Make, hillside: PlaceCard) -> None:
    page = screen(360)
    with_authenticator(page)
    signs_in_by_link(page, make, hillside)
    page.get_by_role("link", name="You and your sign-ins").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    page.get_by_label("What do you call this device?").fill("Work phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("main .item").filter(has_text="Work phone")).to_contain_text("Not used yet.")
    assert not faults(page)

    signs_out(page)
    assert not faults(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/inbox")
    page.get_by_role("link", name="You and your sign-ins").click()
    expect(page.locator("main .item").filter(has_text="Work phone")).to_contain_text("Last used on")

    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    signs_out(page)
    with page.expect_response(lambda answer: answer.status == 404):
        page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("That passkey opens nothing here.")
    assert not faults(page)


def test_device_that_does_not_know_its_owner_gives_nothing_away_and_the_page_says_so(
    screen: Callable[..., Page], make: Make, hillside: PlaceCard
) -> None:
    page = screen(1280)
    session, device = with_authenticator(page)
    signs_in_by_link(page, make, hillside)
    page.goto("/staff/you")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("No passkey was made, and nothing was stored.")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_enabled()
    assert not faults(page)


@pytest.mark.parametrize("javascript", [False])
def test_pages_work_without_javascript_by_link_alone(screen: Callable[..., Page], make: Make, hillside: PlaceCard) -> None:
    page = screen(360)
    page.goto("/staff")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    signs_in_by_link(page, make, hillside)
    page.goto("/staff/you")
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    expect(page.get_by_text("Everything else here works without.")).to_be_visible()
