"""The pages of the account: what they say beside their figures."""

from collections.abc import Iterable

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from service.feedback.actions import withdraw
from service.feedback.desk_actions import publish
from service.places.queries import PlaceCard
from tests.accountability.world import record
from tests.make import Make


def words_of(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(LexborHTMLParser(answer.text).css_first("main").text(deep=True).split())


@pytest.mark.usefixtures("busy")
def test_number_that_is_not_final_stands_beside_the_newest_final_one(visitor: TestClient) -> None:
    assert "A newer number is not final yet: 1 in 2026." in words_of(visitor, "/hillside/results")


def test_number_that_was_never_final_is_not_called_missing(visitor: TestClient, make: Make, busy: PlaceCard) -> None:
    record(make, busy, [{"indicator": "silent", "period": "2025", "value": 3, "provisional": True}])
    assert "A first number is not final yet: 3 in 2025." in words_of(visitor, "/hillside/results")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "From the beginning to 23 November 2026"),
        ("?from=2026-06&to=2026-07", "June 2026 to July 2026"),
        ("?from=2026-06-30", "From June 2026 to now"),
        ("?to=2026-07", "Until the end of July 2026"),
        ("?from=2026-06&to=2026-06", "June 2026 What we promised"),
        ("?from=nonsense&to=2026-07", "Here is everything."),
        ("?from=2026-09&to=2026-07", "Here is everything."),
    ],
)
def test_page_says_which_months_it_shows(visitor: TestClient, query: str, shown: str) -> None:
    assert shown in words_of(visitor, f"/hillside/community-reporting{query}")


@pytest.mark.usefixtures("busy")
def test_stories_are_read_page_by_page_and_by_kind(visitor: TestClient) -> None:
    first = LexborHTMLParser(visitor.get("/hillside/narratives").text)
    told = stories(first.css("article.story"))
    assert len(told) == 9 == len(set(told))
    one_kind = LexborHTMLParser(visitor.get("/hillside/narratives?kind=did_not_work").text)
    assert 0 < len(one_kind.css("article.story")) < 9
    assert all("It did not work" in found.text(deep=True) for found in one_kind.css("article.story .meta"))


def stories(found: Iterable[object]) -> list[str]:
    return [story.css_first(".words").text(deep=True) for story in found]  # type: ignore[attr-defined]


def test_empty_place_says_in_words_what_is_not_there(visitor: TestClient, hillside: PlaceCard) -> None:
    assert hillside.slug == "hillside"
    for view, words in (
        ("community-reporting", "Nobody has told us anything yet."),
        ("narratives", "No story here yet that anybody may read."),
        ("outcomes", "No numbers here yet."),
        ("results", "No numbers here yet."),
        ("system-health", "No members are named for this place."),
    ):
        assert words in words_of(visitor, f"/hillside/{view}")


def test_messages_that_everybody_may_read_stand_there_and_no_others(visitor: TestClient, make: Make, hillside: PlaceCard) -> None:
    shown, hidden = make.message(hillside, "The lamp is broken.", share="words_public"), make.message(hillside, "My neighbour is ill.")
    member = make.at_work(hillside)
    with make.database.write() as writes:
        publish(writes, member, make.message_id(shown), make.clock())
    words = words_of(visitor, "/hillside/community-reporting")
    assert "The lamp is broken." in words and "Our answer There is none yet." in words
    assert "neighbour" not in words
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, shown.code, make.clock())
    assert "lamp" not in words_of(visitor, "/hillside/community-reporting")
    assert hidden.code


def test_stories_are_those_of_the_months_asked_for(visitor: TestClient, busy: PlaceCard) -> None:
    assert busy.slug == "hillside"
    few = LexborHTMLParser(visitor.get("/hillside/narratives?from=2026-06&to=2026-07").text)
    assert 0 < len(few.css("article.story")) < 9
    none = words_of(visitor, "/hillside/narratives?from=2025-01&to=2025-12")
    assert "No story of these months is shown here." in none and "No story here that anybody may read." in none


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("query", ["?to=9999-12", "?to=9999-12-31", "?from=0001-01", "?from=9999-12-31"])
def test_address_with_the_end_of_the_calendar_is_a_page(visitor: TestClient, query: str) -> None:
    for page in ("community-reporting", "narratives", "results", "system-health"):
        assert visitor.get(f"/hillside/{page}{query}").status_code == 200
        assert visitor.get(f"/api/v1/hillside/account/{page}{query}").status_code in (200, 422)


def test_huge_numbers_are_written_short(visitor: TestClient, make: Make, busy: PlaceCard) -> None:
    record(
        make,
        busy,
        [{"indicator": "visits", "period": "2025", "value": -1.7e308}, {"indicator": "visits", "period": "2026", "value": 1.7e308}],
    )
    assert "1.7e+308 people" in words_of(visitor, "/hillside/results")
    assert visitor.get("/hillside").status_code == 200
    figures = visitor.get("/api/v1/hillside/account/results").json()["figures"]
    change = next(f for f in figures if f["figure"] == "indicator_change" and f["by"] == {"indicator": "visits"})
    assert change["value"] is None, "they are further apart than a number can say"


def test_every_view_names_who_answers_for_it(visitor: TestClient, make: Make, hillside: PlaceCard) -> None:
    views = ("community-reporting", "narratives", "outcomes", "results", "system-health")
    assert all("It is not written down yet who answers for this." in words_of(visitor, f"/hillside/{view}") for view in views)
    make.organisation(hillside, "council", name="The council")
    make.governance(hillside, "council")
    assert all("The council answers for this, with all who take part." in words_of(visitor, f"/hillside/{view}") for view in views)
