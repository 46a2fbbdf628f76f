"""On a phone: the picture of the code is kept, a push message shows nothing of what was said, and Back shows no code."""

import json

import pytest
from playwright.sync_api import Page, expect

from service.places.queries import PlaceCard
from tests.journey.stage import WORDS

pytestmark = pytest.mark.browser


@pytest.fixture
def kind() -> str:
    """Pages look the same on both databases."""
    return "sqlite"


def test_code_is_kept_as_a_picture_and_news_says_nothing(phone: Page, hillside: PlaceCard) -> None:
    phone.goto(f"/{hillside.slug}/tell")
    phone.get_by_label("What happened?").fill(WORDS)
    phone.get_by_role("button", name="Send", exact=True).click()
    code = phone.locator(".code .big").inner_text().replace("\n", "").strip()
    with phone.expect_download() as kept:
        phone.get_by_role("button", name="Save the picture").click()
    assert kept.value.suggested_filename == "code.png" and code[:4] not in kept.value.url
    assert kept.value.path().read_bytes().startswith(b"\x89PNG")

    phone.context.grant_permissions(["notifications"])
    worker = phone.context.new_cdp_session(phone)
    worker.send("ServiceWorker.enable")
    known: list[str] = []
    worker.on("ServiceWorker.workerRegistrationUpdated", lambda said: known.extend(one["registrationId"] for one in said["registrations"]))
    phone.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => null)")
    said = json.dumps({"title": "There is news about what you told us", "to": "/hillside/answer?lang=en"})
    origin = phone.evaluate("location.origin")
    worker.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": known[0], "data": said})
    shown = "navigator.serviceWorker.ready.then(one => one.getNotifications()).then(all => all.map(one => [one.title, one.body]))"
    phone.wait_for_function(f"{shown}.then(all => all.length === 1)")
    assert phone.evaluate(shown) == [["There is news about what you told us", ""]]

    phone.get_by_role("link", name="Done", exact=True).click()
    expect(phone.locator("h1")).not_to_have_text("Thank you. We have got it.")
    phone.evaluate("history.back()")
    phone.wait_for_timeout(500)
    assert code[:9] not in phone.content()
