"""A person's own page: their roles, and the browsers in which they are signed in, which they can end."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.people.models import Role
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

SAM, YOU, INBOX = "sam@example.org", "/staff/you", "/staff/hillside/inbox"
SignIn = Callable[..., TestClient]


def is_in(browser: TestClient) -> bool:
    return browser.get(INBOX).status_code == 200


def listed(browser: TestClient) -> list[str]:
    """What each sign-in says of itself."""
    return [item.css_first("b").text() for item in Html(browser.get(YOU).text).css("main .item")]


def ends(browser: TestClient) -> list[str]:
    """Where the buttons beside the sign-ins lead."""
    return [str(form.attributes["action"]) for form in Html(browser.get(YOU).text).css("main .item form")]


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_nobody_who_is_signed_out_has_such_a_page(visitor: TestClient) -> None:
    answer = visitor.get(YOU)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    for address in (f"{YOU}/sessions/{uuid4()}/end", f"{YOU}/sessions/end-others"):
        assert visitor.post(address).status_code == 401


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN])
def test_nobody_ends_or_sees_somebody_else_s_sign_ins(hillside: PlaceCard, signed_in: SignIn, role: Role) -> None:
    """Not even who runs the place: that is `said staff disable`."""
    sam, again, other = signed_in(hillside, email=SAM), signed_in(hillside, email=SAM), signed_in(hillside, role)
    [address] = ends(again)
    assert other.post(address).status_code == 404
    assert other.post(f"{YOU}/sessions/end-others").status_code == 303
    assert is_in(sam) and is_in(again)
    assert listed(other) == ["This browser"]
    assert SAM not in other.get(YOU).text


def test_sign_in_that_ended_and_what_is_none_look_the_same(hillside: PlaceCard, signed_in: SignIn) -> None:
    sam, phone = signed_in(hillside, email=SAM), signed_in(hillside, email=SAM)
    [address] = ends(sam)
    phone.post("/staff/sign-out")
    answers = [sam.post(path) for path in (address, f"{YOU}/sessions/{uuid4()}/end")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_other_site_can_end_nothing(hillside: PlaceCard, signed_in: SignIn) -> None:
    sam, phone = signed_in(hillside, email=SAM), signed_in(hillside, email=SAM)
    for address in (*ends(sam), f"{YOU}/sessions/end-others"):
        assert sam.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert is_in(phone)


# ---- what it shows ---------------------------------------------------------------------------------------------------


def test_page_says_who_one_is_and_what_one_may_do_where(make: Make, hillside: PlaceCard, signed_in: SignIn) -> None:
    make.organisation(hillside, "council")
    browser = signed_in(hillside, Role.COORDINATOR, email=SAM, name="Sam Okoro")
    make.person(make.collaboration("amber-vale"), Role.FRONTLINE, email=SAM)
    make.person(hillside, Role.MODERATOR, email=SAM, organisation="council")
    answer = browser.get(YOU)
    assert answer.headers["cache-control"] == "no-store"
    page = Html(answer.text)
    lead = page.css_first(".lead").text()
    assert "Sam Okoro" in lead and SAM in lead
    assert [item.text() for item in page.css("main ul.list li")] == [
        "Amber Vale: front line, for the whole place",
        "Hillside: coordinator, for the whole place",
        "Hillside: moderator, for Council",
    ]


def test_every_staff_page_leads_there(hillside: PlaceCard, signed_in: SignIn) -> None:
    for role in (Role.COORDINATOR, Role.VIEWER):
        browser = signed_in(hillside, role)
        for address in ("/staff", INBOX, YOU):
            page = Html(browser.get(address, follow_redirects=True).text)
            assert page.css_first(f"a[href='{YOU}']"), (role, address)


def test_sign_ins_are_listed_with_this_browser_first_and_only_while_they_live(
    hillside: PlaceCard, signed_in: SignIn, clock: SettableClock
) -> None:
    first = signed_in(hillside, email=SAM)
    clock.advance(hours=3)
    second = signed_in(hillside, email=SAM)
    assert listed(second) == ["This browser", "Last used 3 hours ago"]
    assert listed(first) == ["This browser", "Used within the last hour"]
    clock.advance(hours=12)
    third = signed_in(hillside, email=SAM)
    assert listed(third) == ["This browser"], "the others were idle for too long"


# ---- ending ----------------------------------------------------------------------------------------------------------


def test_ended_sign_in_is_out_at_the_next_request_and_no_other_is(hillside: PlaceCard, signed_in: SignIn) -> None:
    sam, phone, tablet = (signed_in(hillside, email=SAM) for _browser in range(3))
    answer = sam.post(ends(sam)[0])
    assert (answer.status_code, answer.headers["location"]) == (303, YOU)
    assert is_in(sam)
    assert sorted([is_in(phone), is_in(tablet)]) == [False, True]
    assert len(listed(sam)) == 2


def test_all_others_end_at_once_and_this_one_stays(hillside: PlaceCard, signed_in: SignIn) -> None:
    sam, phone, tablet = (signed_in(hillside, email=SAM) for _browser in range(3))
    colleague = signed_in(hillside)
    assert sam.post(f"{YOU}/sessions/end-others").status_code == 303
    assert [is_in(browser) for browser in (sam, phone, tablet, colleague)] == [True, False, False, True]
    assert sam.post(f"{YOU}/sessions/end-others").status_code == 303, "pressed again, it does nothing and is no fault"
    assert listed(sam) == ["This browser"]
