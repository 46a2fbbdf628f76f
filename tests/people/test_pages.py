"""The pages of signing in: what a link shows, what its cookie is like, where it leads."""

from collections.abc import Callable, Iterator
from http.cookies import Morsel, SimpleCookie
from uuid import uuid4

import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import col, select
from starlette.testclient import TestClient

from service.app import create_app
from service.database import Database
from service.journal.actions import OPERATOR
from service.people.actions import disable, make_link
from service.people.models import Role, SignInLink, StaffRole
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.make import Make, SettableClock

SAM = "sam@example.org"
WRONG = "wrong-" * 7
FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "null"},
]
"""What a browser says when another site made it send."""


def unused_links(database: Database) -> int:
    with database.read() as reads:
        return len(reads.exec(select(SignInLink).where(col(SignInLink.used_at).is_(None))).all())


def cookie_in(set_cookie: str, name: str) -> Morsel[str]:
    """The one cookie of an answer, by its name."""
    jar = SimpleCookie(set_cookie)
    assert list(jar) == [name]
    return jar[name]


def from_address(app: FastAPI, client: TestClient, address: str) -> TestClient:
    """A browser at another address."""
    browser = TestClient(app, follow_redirects=False, client=(address, 50_000))
    browser.portal = client.portal
    return browser


@pytest.fixture
def over_tls(settings: Settings, clock: SettableClock) -> Iterator[TestClient]:
    """A browser at a service that people reach by https."""
    app = create_app(settings.model_copy(update={"public_url": "https://said.example"}), clock=clock)
    with TestClient(app, base_url="https://said.example", follow_redirects=False) as browser:
        yield browser


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_link_that_does_not_work_never_says_why(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock, visitor: TestClient
) -> None:
    """Whether somebody is on the staff, was, or never will be cannot be told from the answer."""
    old = make.person(hillside, email="old@example.org")
    clock.advance(days=7)
    used, disabled = (make.person(hillside, email=f"{which}@example.org") for which in ("used", "disabled"))
    visitor.post(f"/staff/sign-in/{used}")
    visitor.cookies.clear()
    with database.write() as writes:
        disable(writes, OPERATOR, "disabled@example.org", clock())
    for ask in (visitor.get, visitor.post):
        answers = [ask(f"/staff/sign-in/{secret}") for secret in (WRONG, used, disabled, old, "x", "é", "a" * 3_000)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1
        assert not any("set-cookie" in answer.headers for answer in answers)
        assert all(answer.headers["cache-control"] == "no-store" for answer in answers)


@pytest.mark.parametrize("way", ["GET", "POST"])
def test_who_tries_many_wrong_links_is_told_to_wait(visitor: TestClient, way: str) -> None:
    answers = [visitor.request(way, f"/staff/sign-in/{WRONG}{number}") for number in range(30)]
    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "600"


def test_who_tries_wrong_links_locks_nobody_else_out(make: Make, hillside: PlaceCard, app: FastAPI, client: TestClient) -> None:
    attacker, honest = from_address(app, client, "192.0.2.66"), from_address(app, client, "192.0.2.7")
    assert [attacker.post(f"/staff/sign-in/{WRONG}").status_code for _try in range(30)][-1] == 429
    link = make.person(hillside)
    assert honest.get(f"/staff/sign-in/{link}").status_code == 200
    assert honest.post(f"/staff/sign-in/{link}").status_code == 303


def test_honest_are_never_counted(make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    for _morning in range(40):
        link = make.person(hillside, email=SAM)
        assert visitor.get(f"/staff/sign-in/{link}").status_code == 200
        assert visitor.post(f"/staff/sign-in/{link}").status_code == 303


def test_other_site_can_send_nothing_in_somebody_s_name(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    link = make.person(hillside)
    for headers in FOREIGN:
        for address in (f"/staff/sign-in/{link}", "/staff/sign-out", "/hillside/tell", "/hillside/answer"):
            answer = staff.post(address, headers=headers)
            assert (answer.status_code, answer.headers.get("set-cookie")) == (403, None), (address, headers)
    assert staff.get("/staff/hillside/inbox").status_code == 200
    assert staff.post(f"/staff/sign-in/{link}").status_code == 303, "the link was not used up"


def test_own_pages_and_programs_without_a_page_can_send(make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://testserver"}):
        assert visitor.post(f"/staff/sign-in/{make.person(hillside, email=SAM)}", headers=headers).status_code == 303


# ---- the link --------------------------------------------------------------------------------------------------------


def test_program_that_follows_links_in_mail_does_not_use_one_up(
    make: Make, database: Database, hillside: PlaceCard, visitor: TestClient
) -> None:
    link = make.person(hillside)
    for _look in range(3):
        answer = visitor.get(f"/staff/sign-in/{link}")
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        visitor.head(f"/staff/sign-in/{link}")
    assert unused_links(database) == 1
    [form] = Html(answer.text).css("main form")
    assert form.attributes["method"] == "post"
    assert visitor.post(str(form.attributes["action"])).status_code == 303
    assert unused_links(database) == 0


def test_link_signs_in_whoever_opens_it_whatever_cookie_they_had(
    make: Make, hillside: PlaceCard, signed_in: Callable[..., TestClient]
) -> None:
    browser = signed_in(hillside, Role.FRONTLINE, name="First")
    before = browser.cookies["said"]
    browser.post(f"/staff/sign-in/{make.person(hillside, name='Second')}")
    assert browser.cookies["said"] != before
    assert "Second" in browser.get("/staff/hillside/inbox").text


# ---- the cookie ------------------------------------------------------------------------------------------------------


def test_cookie_on_plain_http_is_for_this_service_only(make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    answer = visitor.post(f"/staff/sign-in/{make.person(hillside)}")
    cookie = cookie_in(answer.headers["set-cookie"], "said")
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"].lower(), cookie["path"]) == (True, "", "lax", "/")
    assert not cookie["domain"]
    assert int(cookie["max-age"]) == 14 * 24 * 3600
    assert "strict-transport-security" not in answer.headers


def test_cookie_over_tls_is_bound_to_this_host(make: Make, hillside: PlaceCard, over_tls: TestClient) -> None:
    answer = over_tls.post(f"/staff/sign-in/{make.person(hillside)}")
    cookie = cookie_in(answer.headers["set-cookie"], "__Host-said")
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"].lower(), cookie["path"]) == (True, True, "lax", "/")
    assert not cookie["domain"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert over_tls.get("/staff/hillside/inbox").status_code == 200
    gone = cookie_in(over_tls.post("/staff/sign-out").headers["set-cookie"], "__Host-said")
    assert (gone["max-age"], gone["secure"], gone["path"]) == ("0", True, "/")


# ---- /staff ----------------------------------------------------------------------------------------------------------


def test_stranger_reads_how_to_get_in(visitor: TestClient) -> None:
    answer = visitor.get("/staff")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert Html(answer.text).css_first("form[action='/staff/sign-out']") is None


def test_service_without_a_mail_server_says_that_somebody_hands_out_links(visitor: TestClient) -> None:
    page = Html(visitor.get("/staff").text)
    assert page.css("main form") == []
    assert "This service sends no mail" in page.css_first("main").text()
    assert visitor.post("/staff/sign-in", data={"email": SAM}).status_code == 409


@pytest.mark.parametrize("role", list(Role))
def test_who_works_in_one_place_goes_straight_to_a_page_that_opens(
    hillside: PlaceCard, signed_in: Callable[..., TestClient], role: Role
) -> None:
    browser = signed_in(hillside, role)
    browser.follow_redirects = True
    answer = browser.get("/staff")
    assert answer.status_code == 200, f"a {role} signs in and arrives at {answer.url}"
    assert Html(answer.text).css_first("form[action='/staff/sign-out']"), "and can leave again"


def test_who_works_in_several_places_chooses(make: Make, hillside: PlaceCard, signed_in: Callable[..., TestClient]) -> None:
    vale = make.collaboration("amber-vale")
    make.collaboration("elsewhere")
    make.person(vale, Role.FRONTLINE, email=SAM)
    browser = signed_in(hillside, Role.COORDINATOR, email=SAM)
    answer = browser.get("/staff")
    assert answer.status_code == 200
    assert [link.attributes["href"] for link in Html(answer.text).css("main ul a")] == ["/staff/amber-vale", "/staff/hillside"]


def test_who_holds_no_role_any_more_is_told_so(database: Database, staff: TestClient, clock: SettableClock) -> None:
    with database.write() as writes:
        role = writes.exec(select(StaffRole)).one()
        role.ended_at = clock()
        writes.add(role)
    answer = staff.get("/staff")
    assert answer.status_code == 200
    assert staff.get("/staff/hillside/inbox").status_code == 404
    assert Html(answer.text).css_first("form[action='/staff/sign-out']")


def test_fresh_link_leads_to_the_first_page(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock, visitor: TestClient
) -> None:
    make.person(hillside, email=SAM)
    with database.write() as writes:
        link = make_link(writes, OPERATOR, SAM, clock())
    answer = visitor.post(f"/staff/sign-in/{link}")
    assert (answer.status_code, answer.headers["location"], answer.headers["cache-control"]) == (303, "/staff", "no-store")


def test_what_is_not_there_keeps_the_head_of_where_one_is(
    make: Make, hillside: PlaceCard, signed_in: Callable[..., TestClient], visitor: TestClient
) -> None:
    def head_and_back(client: TestClient, path: str) -> tuple[str, list[str | None]]:
        answer = client.get(path)
        page = Html(answer.text)
        assert answer.status_code == 404
        return page.css("header .brand small")[0].text(), [link.attributes["href"] for link in page.css("main a")]

    gone = f"/hillside/promises/{uuid4()}"
    assert head_and_back(visitor, gone) == ("Hillside", ["/hillside"])
    assert head_and_back(visitor, "/hillside/no/such/page") == ("Hillside", ["/hillside"])
    staff, viewer = signed_in(hillside), signed_in(hillside, "viewer")
    assert head_and_back(staff, f"/staff/hillside/messages/{uuid4()}") == ("Hillside", ["/staff"])
    nav = [link.text() for link in Html(staff.get(f"/staff/hillside/messages/{uuid4()}").text).css("nav a")]
    assert {"Inbox", "Promises", "Public page"} <= set(nav)
    assert [link.text() for link in Html(viewer.get("/staff/hillside/inbox").text).css("nav[aria-label=Staff] a")][-1] == "Public page"
    stranger = signed_in(make.collaboration("riverbank"))
    assert head_and_back(stranger, "/staff/hillside/inbox") == ("Hillside", ["/hillside"])
    assert not Html(visitor.get("/nowhere/at/all").text).css("header .brand small")
