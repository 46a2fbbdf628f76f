"""The page of those who watch over a place: everything shared, with the bad news in it, and never what was told the team alone."""

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import col, update
from starlette.testclient import TestClient

from service.narratives.models import Narrative, StoryState
from service.people.models import Role, ViewerKind
from service.places.queries import PlaceCard
from tests.accountability.world import fill
from tests.make import Make

SignIn = Callable[..., TestClient]
OVERVIEW = "/staff/hillside/overview"


def told(make: Make, place: PlaceCard, state: StoryState, body: str) -> None:
    """A story in this state."""
    story = make.story(place, body)
    with make.database.write() as writes:
        writes.execute(update(Narrative).where(col(Narrative.public_id) == story).values(state=state))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.VIEWER])
def test_it_is_for_viewers(hillside: PlaceCard, signed_in: SignIn, role: Role) -> None:
    assert signed_in(hillside, role).get(OVERVIEW).status_code == 404


@pytest.mark.parametrize("watches", list(ViewerKind), ids=str)
@pytest.mark.parametrize("organisation", [None, "council"])
def test_viewer_reads_what_is_shared_and_no_other_words(
    make: Make, hillside: PlaceCard, signed_in: SignIn, organisation: str | None, watches: ViewerKind
) -> None:
    make.organisation(hillside)
    for state in set(StoryState) - {StoryState.SHARED_PUBLIC, StoryState.WITHDRAWN}:  # those have no place here, and need more than a state
        told(make, hillside, state, f"A story that is {state}.")
    make.message(hillside, "Told the team alone.")
    told(make, make.collaboration("riverbank"), StoryState.SHARED_PARTNERS, "A story of the other place.")
    viewer = signed_in(hillside, Role.VIEWER, organisation=organisation, kind=watches)
    answer = viewer.get(OVERVIEW)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert [words.text() for words in Html(answer.text).css(".words")] == ["A story that is shared_partners."]
    assert "Told the team alone" not in answer.text


def test_bad_news_comes_first_and_every_view_can_be_taken_along(make: Make, hillside: PlaceCard, signed_in: SignIn) -> None:
    fill(make, hillside)
    viewer = signed_in(hillside, Role.VIEWER)
    page = Html(viewer.get(OVERVIEW).text)
    assert page.css_first("h1").text() == "1 promise is late"
    assert [link.text() for link in page.css(".prow h3 a")] == ["We promise: late.", "We promise: broken."]
    files = [str(link.attributes["href"]) for link in page.css("a[href*='/api/']")]
    assert len(files) == 8
    for address in [*files, *(str(link.attributes["href"]) for link in page.css("main a"))]:
        assert viewer.get(address).status_code == 200, address


def test_silence_about_what_did_not_work_is_said(make: Make, hillside: PlaceCard, signed_in: SignIn) -> None:
    viewer = signed_in(hillside, Role.VIEWER)
    words = "No story of something that did not work was shared."
    assert words in viewer.get(OVERVIEW).text
    story = make.story(hillside, kind="did_not_work")
    with make.database.write() as writes:
        writes.execute(update(Narrative).where(col(Narrative.public_id) == story).values(state=StoryState.SHARED_PARTNERS))
    assert words not in viewer.get(OVERVIEW).text


@pytest.mark.parametrize(("role", "first"), [(Role.VIEWER, "overview"), (Role.ADMIN, "people"), (Role.MODERATOR, "inbox")])
def test_day_begins_with_what_one_may_open(hillside: PlaceCard, signed_in: SignIn, role: Role, first: str) -> None:
    browser = signed_in(hillside, role)
    assert browser.get("/staff").headers["location"] == "/staff/hillside"
    assert browser.get("/staff/hillside").headers["location"] == f"/staff/hillside/{first}"


def test_who_has_roles_in_two_places_is_somebody_else_in_each(make: Make, hillside: PlaceCard, signed_in: SignIn) -> None:
    """An administrator here, a funder there: each place shows its own bar, and neither opens what belongs to the other role."""
    make.person(make.collaboration("riverbank"), Role.VIEWER, kind=ViewerKind.FUNDER, email="sam@example.org")
    sam = signed_in(hillside, Role.ADMIN, email="sam@example.org")
    choices = Html(sam.get("/staff").text).css("main ul a")
    assert [choice.attributes["href"] for choice in choices] == ["/staff/hillside", "/staff/riverbank"]
    sam.follow_redirects = True
    here, there = sam.get("/staff/hillside"), sam.get("/staff/riverbank")
    assert [str(answer.url.path) for answer in (here, there)] == ["/staff/hillside/people", "/staff/riverbank/overview"]
    bars = [[link.text() for link in Html(answer.text).css("nav[aria-label=Staff] a")] for answer in (here, there)]
    assert [("Settings" in bar, "Overview" in bar, "Change place" in bar) for bar in bars] == [(True, False, True), (False, True, True)]
    assert [sam.get(path).status_code for path in ("/staff/riverbank/settings", OVERVIEW)] == [404, 404]
