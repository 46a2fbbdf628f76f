"""Saved views: lists that somebody comes back to, their own or everybody's, with counts that are right."""

from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from service.places.queries import PlaceCard
from tests.make import Make

INBOX, VIEWS = "/staff/hillside/inbox", "/staff/hillside/views"
SignedIn = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def place(make: Make, hillside: PlaceCard) -> None:
    """Hillside, with a hub, an area, and a message about it."""
    make.organisation(hillside, "hub", name="Hub")
    make.topic(hillside, "hub-things", organisation="hub")
    make.area(hillside, "linden", name="Linden")
    make.message(hillside, "In Linden.", area="linden")
    make.message(hillside, "To the hub.", topic="hub-things")


def page_of(browser: TestClient, path: str, **query: str) -> LexborHTMLParser:
    answer = browser.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def words_in(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def shown(browser: TestClient) -> list[str]:
    """The views beside the inbox, with their counts."""
    return words_in(page_of(browser, INBOX, part="owed"), ".views a")


def save(browser: TestClient, name: str, **fields: Any) -> None:
    answer = browser.post(VIEWS, data={"name": name, **fields})
    assert answer.status_code == 303, answer.text


def path_of(browser: TestClient, name: str) -> str:
    link = next(node for node in page_of(browser, VIEWS).css(".item") if name in node.text())
    return f"{VIEWS}/{(link.attributes['id'] or '').removeprefix('view-')}"


def test_list_is_saved_as_it_stands_and_comes_back_with_its_count(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    page = page_of(staff, INBOX, part="owed", area="linden")
    form = next(node for node in page.css("form") if (node.attributes["action"] or "") == VIEWS)
    sent = {node.attributes["name"] or "": node.attributes.get("value") or "" for node in form.css("input[type=hidden]")}
    answer = staff.post(VIEWS, data={**sent, "name": "Linden waits"})
    assert answer.headers["location"] == f"{INBOX}?part=owed&area=linden"
    assert shown(staff) == ["Linden waits 1"]
    make.message(hillside, "More of Linden.", area="linden")
    assert shown(staff) == ["Linden waits 2"]
    again = page_of(staff, INBOX, part="owed", area="linden")
    assert words_in(again, ".views [aria-current]") == ["Linden waits 2"] and len(again.css(".item")) == 2
    assert "Needs an answer: Linden" in words_in(page_of(staff, VIEWS), ".meta")


def test_own_views_are_one_s_own_and_shared_ones_everybody_s(hillside: PlaceCard, staff: TestClient, signed_in: SignedIn) -> None:
    save(staff, "Mine", part="owed", whose="mine")
    save(staff, "Nobody's", part="owed", whose="nobodys", shared="yes")
    other, hub = signed_in(hillside, "frontline"), signed_in(hillside, organisation="hub")
    assert (shown(staff), shown(other), shown(hub)) == (["Mine 0", "Nobody's 2"], ["Nobody's 2"], ["Nobody's 1"]), "what each may read"
    mine, shared = path_of(staff, "Mine"), path_of(staff, "Nobody's")
    for browser in (other, hub):
        for path, refused in ((mine, 404), (shared, 403)):
            assert browser.post(path, data={"name": "x"}).status_code == refused
            assert browser.post(f"{path}/move", data={"to": "up"}).status_code == refused
            assert browser.post(f"{path}/remove").status_code == refused
        assert browser.post(VIEWS, data={"name": "x", "part": "owed", "shared": "yes"}).status_code == 403
    assert other.post(f"{mine}/start", data={"start": "yes"}).status_code == 404
    assert shown(staff) == ["Mine 0", "Nobody's 2"]


def test_views_are_renamed_ordered_and_removed(staff: TestClient) -> None:
    for name in ("A", "B", "C"):
        save(staff, name, part="owed")
    assert staff.post(f"{path_of(staff, 'C')}/move", data={"to": "up"}).status_code == 303
    assert staff.post(f"{path_of(staff, 'A')}/move", data={"to": "up"}).status_code == 303, "nowhere to go is no fault"
    assert shown(staff) == ["A 2", "C 2", "B 2"]
    staff.post(path_of(staff, "C"), data={"name": "See"})
    staff.post(f"{path_of(staff, 'A')}/remove")
    assert shown(staff) == ["See 2", "B 2"]
    taken = staff.post(path_of(staff, "See"), data={"name": "b"})
    assert taken.status_code == 422 and "view of this name already" in taken.text and 'value="b"' in taken.text


def test_inbox_begins_with_the_view_that_was_chosen_until_it_is_gone(hillside: PlaceCard, signed_in: SignedIn) -> None:
    staff, other = signed_in(hillside), signed_in(hillside)
    save(staff, "Linden", part="owed", area="linden", shared="yes")
    path = path_of(staff, "Linden")
    for browser in (staff, other):
        browser.post(f"{path}/start", data={"start": "yes"})
        assert len(page_of(browser, INBOX).css(".item")) == 1 and len(page_of(browser, INBOX, part="duties").css(".item")) == 2
    other.post(f"{path}/start", data={"start": "no"})
    assert len(page_of(other, INBOX).css(".item")) == 2
    other.post(f"{path}/start", data={"start": "yes"})
    staff.post(path, data={"name": "Linden"})
    assert [len(page_of(browser, INBOX).css(".item")) for browser in (staff, other)] == [1, 2], "no longer shared, no longer theirs"
    staff.post(f"{path}/remove")
    assert len(page_of(staff, INBOX).css(".item")) == 2


def test_view_of_what_is_no_longer_there_shows_nothing_else_instead(staff: TestClient, signed_in: SignedIn, hillside: PlaceCard) -> None:
    save(staff, "Promises", part="promises", shared="yes")
    moderator = signed_in(hillside, "moderator")
    assert shown(moderator) == [] and "no longer there, or not yours" in page_of(moderator, VIEWS).css(".note")[0].text()


def test_name_is_needed_and_what_was_chosen_is_not_lost(staff: TestClient) -> None:
    answer = staff.post(VIEWS, data={"name": " ", "part": "owed", "area": "linden"})
    page = LexborHTMLParser(answer.text)
    form = page.css(f"form[action='{VIEWS}']")[0]
    sent = {node.attributes["name"]: node.attributes.get("value") for node in form.css("input[type=hidden]")}
    assert answer.status_code == 422 and sent["part"] == "owed" and sent["area"] == "linden"
    for number in range(20):
        save(staff, f"View {number}", part="owed")
    assert "Remove one first" in staff.post(VIEWS, data={"name": "One more", "part": "owed"}).text
