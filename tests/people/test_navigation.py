"""The bar of staff pages: everybody finds what they may open, and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service import navigation
from service.people.models import AT_THE_DESK, Role
from service.places.queries import PlaceCard
from tests.make import Make

SignIn = Callable[..., TestClient]


def test_every_entry_leads_to_a_page_of_a_place(app: FastAPI) -> None:
    routes = {route.name: route for route in app.state.routes}
    for entry in navigation.ENTRIES:
        assert "GET" in routes[entry.route].methods
        assert set(routes[entry.route].param_convertors) == {"c"}, entry.route
    assert len({entry.here for entry in navigation.ENTRIES}) == len(navigation.ENTRIES)


@pytest.mark.parametrize("role", list(Role))
def test_bar_opens_for_whom_it_is_shown(app: FastAPI, hillside: PlaceCard, signed_in: SignIn, role: Role) -> None:
    """Each link opens, and of the entries that are not shown none does."""
    browser = signed_in(hillside, role)
    bar = Html(browser.get("/staff/hillside/inbox").text)
    found = {link.attributes["href"] for link in bar.css("nav[aria-label='Staff'] a")}
    for entry in navigation.ENTRIES:
        path = str(app.url_path_for(entry.route, c="hillside"))
        opens = browser.get(path).status_code == 200
        assert opens == (role in entry.roles), f"{role} and {entry.route}"
        assert opens == (path in found), f"{role} and {entry.route}"


def test_quiet_pages_stand_under_more_where_there_are_many(hillside: PlaceCard, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = tuple(
        navigation.Entry("places.about", f"Quiet {number}", f"quiet-{number}", AT_THE_DESK, quiet=True, whole_place=True)
        for number in range(2)
    )
    monkeypatch.setattr(navigation, "ENTRIES", navigation.ENTRIES + extra)
    page = Html(signed_in(hillside).get("/staff/hillside/inbox").text)
    theirs = [entry for entry in navigation.ENTRIES if Role.COORDINATOR in entry.roles]
    assert [link.text() for link in page.css(".nav-more a")] == [entry.label for entry in theirs if entry.quiet]
    assert [link.text() for link in page.css(".nav > ul a")] == [entry.label for entry in theirs if not entry.quiet]
    assert [link.text() for link in page.css(".nav [aria-current='page']")] == ["Inbox"]


def test_page_one_is_on_is_never_hidden(hillside: PlaceCard, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = tuple(replace(entry, quiet=True) for entry in navigation.ENTRIES)
    monkeypatch.setattr(navigation, "ENTRIES", quiet)
    monkeypatch.setattr(navigation, "AT_ONCE", 1)
    page = Html(signed_in(hillside).get("/staff/hillside/stories").text)
    assert [link.text() for link in page.css(".nav > ul a")] == ["Stories"]


def test_role_of_an_organisation_does_not_open_what_is_for_the_whole_place(
    make: Make, hillside: PlaceCard, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.organisation(hillside, "council")
    whole = tuple(replace(entry, whole_place=entry.here == "stories") for entry in navigation.ENTRIES)
    monkeypatch.setattr(navigation, "ENTRIES", whole)
    text = signed_in(hillside, organisation="council").get("/staff/hillside/inbox").text
    assert "/staff/hillside/log" in text
    assert "/staff/hillside/stories" not in text


def test_who_works_in_two_places_can_change_between_them(make: Make, hillside: PlaceCard, signed_in: SignIn) -> None:
    make.person(make.collaboration("riverbank"), Role.VIEWER, email="sam@example.org")
    both, one = signed_in(hillside, email="sam@example.org"), signed_in(hillside)
    change = "nav[aria-label='Staff'] a[href='/staff']"
    assert Html(both.get("/staff/hillside/inbox").text).css_first(change).text() == "Change place"
    assert not Html(one.get("/staff/hillside/inbox").text).css(change)
