"""What a first view costs a phone: every byte over the wire, headers included, nothing cached, brotli."""

from typing import Any

import pytest
from playwright.sync_api import Page, Response

from tests.journey.stage import Stage

pytestmark = pytest.mark.browser

KB = 1024
MOST = {"/hillside/tell": 30 * KB, "/hillside/answer": 30 * KB, "/hillside/about": 40 * KB, "/hillside": 40 * KB}
ICON = "fetch(document.querySelector('link[rel=icon]').href).then(answer => answer.arrayBuffer())"


@pytest.fixture
def kind() -> str:
    """The weight does not depend on the database."""
    return "sqlite"


def first_view(page: Page, address: str) -> dict[str, int]:
    """Bytes over the wire by address, for the page and all that it fetches. Chromium does not report its own fetch of the icon."""
    session = page.context.new_cdp_session(page)
    asked: dict[str, str] = {}
    weighed: dict[str, int] = {}

    def sent(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        weighed[asked[event["requestId"]]] = int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(address, wait_until="networkidle")
    if not any("favicon" in url for url in weighed):
        page.evaluate(ICON)
    page.wait_for_timeout(200)
    return weighed


@pytest.mark.parametrize("address", MOST)
def test_first_view_is_light(stage: Stage, phone: Page, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert stage.hillside.example
    weighed = first_view(phone, address)
    with capsys.disabled():
        print(f"\nFirst view of {address}: {sum(weighed.values()):,} bytes of {MOST[address]:,}")
        for url, size in weighed.items():
            print(f"  {size:>7,}  {url.partition('/static/')[2] or 'the page'}")
    wanted = {"css", "img"} if address == "/hillside" else {"css", "js", "img"}  # the account runs no script
    assert wanted <= {url.partition("/static/")[2].partition("/")[0] for url in weighed}
    assert sum(weighed.values()) <= MOST[address]


def test_files_come_as_brotli_and_are_kept(stage: Stage, phone: Page) -> None:
    """A second page fetches itself alone."""
    assert stage.hillside.example
    answers: list[Response] = []
    phone.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (Playwright cannot wrap a bound method of a list)
    phone.goto("/hillside")
    assert {answer.headers.get("content-encoding") for answer in answers if not answer.url.endswith(".svg")} == {"br"}
    files = [answer for answer in answers if "/static/" in answer.url]
    assert files
    assert all("immutable" in answer.headers["cache-control"] for answer in files)
