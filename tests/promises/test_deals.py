"""Deals: both parts side by side, no score; made by title or on their page; told in other words; read once something is published."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.journal.models import Entry
from service.places.queries import PlaceCard
from service.promises import rules
from tests.make import Make, SettableClock
from tests.promises.test_desk_pages import PATH, YOURS, made, words_in, wrong_in

DEALS, PUBLIC, API = "/staff/hillside/deals", "/hillside/deals", "/api/v1/hillside/promises"
SignedIn = Callable[..., TestClient]


def dealt(client: TestClient, title: str = "Streets to walk in", **fields: Any) -> str:
    """The path of the staff page of a new deal."""
    answer = client.post(DEALS, data={"title": title, **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def id_of(path: str) -> str:
    return path.rpartition("/")[2]


def public(visitor: TestClient, path: str = "") -> LexborHTMLParser:
    answer = visitor.get(f"{PUBLIC}{path}")
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_only_who_speaks_for_all_who_promised_tells_a_deal_in_other_words(
    at_council: TestClient,
    at_hub: TestClient,
    staff: TestClient,
    hillside: PlaceCard,
    signed_in: SignedIn,
) -> None:
    made(at_council, deal="Streets")
    deal = at_council.get(DEALS)
    path = f"{DEALS}/{id_of(str(LexborHTMLParser(deal.text).css_first('main ul.list a').attributes['href']))}"
    assert at_council.post(path, data={"title": "Streets to walk in"}).status_code == 303
    assert at_hub.post(path, data={"title": "Ours"}).status_code == 403
    made(at_hub, maker="hub", deal="Streets to walk in")
    assert at_council.post(path, data={"title": "Mine again"}).status_code == 403
    assert staff.post(path, data={"title": "Safe streets"}).status_code == 303
    worker = signed_in(hillside, "frontline")
    assert worker.get(path).status_code == 200
    assert worker.post(path, data={"title": "x"}).status_code == worker.post(DEALS, data={"title": "x"}).status_code == 404
    assert not LexborHTMLParser(worker.get(DEALS).text).css("main form")


def test_nobody_hangs_another_organisation_s_promise_on_a_deal(at_council: TestClient, at_hub: TestClient) -> None:
    path, deal = made(at_council), id_of(dealt(at_hub))
    assert at_hub.post(f"{path}/deal", data={"deal": deal}).status_code == 404
    assert at_council.post(f"{path}/deal", data={"deal": "00000000-0000-7000-8000-000000000000"}).status_code == 404
    assert at_council.post(f"{path}/deal", data={"deal": deal}).status_code == 303


def test_rule_of_who_may_change_a_deal() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert rules.may_change_deal([one], [one, None], whole_place=False)
    assert not rules.may_change_deal([one], [one, other], whole_place=False)
    assert not rules.may_change_deal([], [], whole_place=False)
    assert rules.may_change_deal([], [one, other], whole_place=True)


# ---- both parts ------------------------------------------------------------------------------------------------------


def test_both_parts_stand_side_by_side_without_a_score(
    at_council: TestClient,
    staff: TestClient,
    visitor: TestClient,
    clock: SettableClock,
) -> None:
    made(at_council, deal="Streets to walk in", summary="A hard path", due_on="2026-11-24")
    made(staff, **{"maker": "", "due_on": "", **YOURS, "deal": "Streets to walk in", "summary": "Clean steps", "review_by": "2026-11-24"})
    clock.advance(days=30)
    [link] = public(visitor).css("main h2 a")
    page = public(visitor, f"/{id_of(str(link.attributes['href']))}")
    ours, yours = page.css(".voice")
    assert "A hard path" in ours.text() and "Late" in ours.text()
    assert "Clean steps" in yours.text()
    assert "Late" not in yours.text() and "was due" not in yours.text().lower(), "what residents take on is never late"
    assert "%" not in words_in(page)


def test_priority_deals_stand_under_their_headline_deal(at_council: TestClient, staff: TestClient, visitor: TestClient) -> None:
    headline = id_of(dealt(staff, "The Hillside deal", level="headline", said="We bring work. You bring what you know."))
    dealt(staff, "Warm homes", parent=headline, theme="Homes")
    assert "No deal has been made here yet." in words_in(public(visitor)), "nothing hangs on them"
    assert visitor.get(f"{PUBLIC}/{headline}").status_code == 404
    made(at_council, deal="Warm homes", summary="A hard path")
    page = public(visitor, f"/{headline}")
    assert [node.text(strip=True) for node in page.css("main h2 a")] == ["Warm homes"]
    assert "A hard path" in words_in(page) and "You bring what you know." in words_in(page)


def test_deal_of_drafts_alone_is_read_by_nobody_else(at_council: TestClient, at_hub: TestClient, visitor: TestClient) -> None:
    made(at_council, act="draft", deal="A secret plan", text="A secret path")
    assert "secret" not in visitor.get(PUBLIC).text
    own, others = at_council.get(DEALS).text, at_hub.get(DEALS).text
    assert "A secret plan" in own
    link = id_of(str(LexborHTMLParser(own).css_first("main ul.list a").attributes["href"]))
    assert "A secret path" in at_council.get(f"{DEALS}/{link}").text
    assert "A secret path" not in at_hub.get(f"{DEALS}/{link}").text
    assert visitor.get(f"{PUBLIC}/{link}").status_code == 404
    assert "A secret plan" in others, "staff see that there is such a deal"


# ---- by its title ----------------------------------------------------------------------------------------------------


def test_line_of_a_promise_names_a_deal_that_is_there_or_makes_it(make: Make, at_council: TestClient, visitor: TestClient) -> None:
    first, second = id_of(made(at_council, deal="Streets")), id_of(made(at_council, deal=" Streets "))
    found = [visitor.get(f"{API}/{one}").json() for one in (first, second)]
    assert found[0]["deal_id"] == found[1]["deal_id"] and [one["deal"] for one in found] == ["Streets", "Streets"]
    assert visitor.get(f"{API}/{id_of(made(at_council))}").json()["deal_id"] is None
    with make.database.read() as reads:
        assert len(reads.exec(select(Entry).where(Entry.subject == "deal")).all()) == 1


def test_new_title_is_that_of_its_promises_and_finds_them(
    make: Make, staff: TestClient, at_council: TestClient, visitor: TestClient
) -> None:
    promise = id_of(made(at_council, deal="Streets"))
    deal = visitor.get(f"{API}/{promise}").json()["deal_id"]
    assert staff.post(f"{DEALS}/{deal}", data={"title": "Pavements", "said": "Together."}).status_code == 303
    shown = visitor.get(f"{API}/{promise}").json()
    assert (shown["deal"], shown["text"]) == ("Pavements", PATH["text"])
    assert promise in visitor.get("/hillside/search?q=pavements").text
    assert promise not in visitor.get("/hillside/search?q=streets").text
    with make.database.read() as reads:
        entry = reads.exec(select(Entry).where(Entry.subject == "deal", Entry.verb == "changed")).one()
    assert entry.fields == ["said", "title"]


def test_promise_comes_off_a_deal_again(at_council: TestClient, visitor: TestClient) -> None:
    path = made(at_council, deal="Streets")
    assert at_council.post(f"{path}/deal", data={"deal": ""}).status_code == 303
    assert visitor.get(f"{API}/{id_of(path)}").json()["deal"] is None
    assert "hard path" not in visitor.get("/hillside/search?q=streets").text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": ""}, "#title"),
        ({"title": "Taken"}, "#title"),
        ({"title": "New", "since": "2026-11-02", "until": "2026-11-01"}, "#until"),
        ({"title": "New", "parent": "priority"}, "#parent"),
        ({"title": "New", "parent": "headline", "level": "headline"}, "#parent"),
    ],
)
def test_what_is_wrong_with_a_deal_is_said_and_nothing_typed_is_lost(staff: TestClient, fields: dict[str, str], wrong: str) -> None:
    there = {"priority": id_of(dealt(staff, "Taken")), "headline": id_of(dealt(staff, "The deal", level="headline"))}
    sent = {"said": "In plain <words>.", **fields}
    answer = staff.post(DEALS, data={**sent, "parent": there.get(sent.get("parent", ""), "")})
    assert answer.status_code in (409, 422)
    assert wrong_in(answer) == [wrong]
    assert LexborHTMLParser(answer.text).css_first("#said").text() == "In plain <words>."


def test_headline_deal_stays_one_while_others_stand_under_it(staff: TestClient) -> None:
    headline = dealt(staff, "The deal", level="headline")
    dealt(staff, "Warm homes", parent=id_of(headline))
    answer = staff.post(headline, data={"title": "The deal", "level": "priority"})
    assert answer.status_code == 422 and wrong_in(answer) == ["#level"]
