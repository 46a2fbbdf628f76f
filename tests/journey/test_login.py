"""Signing in with a council's own login in a browser: there and back, with JavaScript by itself, without it by two clicks."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from service.places.queries import PlaceCard
from service.settings import Settings
from tests.journey import watch
from tests.journey.watch import axe, too_small, too_wide
from tests.make import Make, SettableClock
from tests.people.provider import CLIENT, SECRET, Provider, providing

pytestmark = pytest.mark.browser

SAM = "sam@council.example"


@pytest.fixture
def kind() -> str:
    """A browser does not see which database there is."""
    return "sqlite"


@pytest.fixture
def provider(clock: SettableClock) -> Iterator[Provider]:
    """The council's own login."""
    with providing() as found:
        found.now = lambda: clock().timestamp()
        yield found


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    """The service of these tests knows it."""
    facts = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET)}
    return settings.model_copy(update={**facts, "oidc_name": "Hillside Council", "oidc_domains": "council.example"})


@pytest.fixture
def live(live: str, settings: Settings) -> str:
    """The provider sends people back to where the service is."""
    settings.public_url = live
    return live


@pytest.fixture(autouse=True)
def _another_site(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    """The one other site that a browser may be sent to, in this test only."""
    heard = watch.Watch._request
    monkeypatch.setattr(
        watch.Watch, "_request", lambda self, request: None if request.url.startswith(provider.issuer) else heard(self, request)
    )


def test_person_goes_there_and_comes_back(screen: Callable[..., Page], make: Make, hillside: PlaceCard) -> None:
    make.person(hillside, email=SAM)
    page = screen(360)
    page.goto("/staff")
    page.get_by_role("button", name="Sign in with Hillside Council").click()
    page.wait_for_url("**/staff/hillside/inbox")


@pytest.mark.parametrize("javascript", [False], ids=["no scripts"])
@pytest.mark.usefixtures("javascript")
def test_person_goes_there_and_comes_back_by_two_clicks_more(screen: Callable[..., Page], make: Make, hillside: PlaceCard) -> None:
    make.person(hillside, email=SAM)
    page = screen(360)
    page.goto("/staff")
    page.get_by_role("button", name="Sign in with Hillside Council").click()
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("heading", name="One more click")).to_be_visible()
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/staff/hillside/inbox")


def test_pages_on_the_way_are_clean(screen: Callable[..., Page], make: Make, hillside: PlaceCard) -> None:
    """Seen with what goes on by itself taken out of them."""
    make.person(hillside, email=SAM)
    page = screen(360)
    page.route("**/go*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/staff")
    page.get_by_role("button", name="Sign in with Hillside Council").click()
    expect(page.get_by_role("heading", name="Sign in with Hillside Council")).to_be_visible()
    assert not axe(page) + too_wide(page) + too_small(page)
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("heading", name="One more click")).to_be_visible()
    assert not axe(page) + too_wide(page) + too_small(page)
