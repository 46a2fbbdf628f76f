"""Writing down for others, the form's second way, posters: what is kept, what comes back, what is refused in words."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.consents.models import Consent
from service.database import Database
from service.feedback.models import Feedback
from service.places.queries import PlaceCard
from service.settings import Settings
from tests.make import Make

WRITE, TELL = "/staff/hillside/write-down", "/hillside/tell"
SAID = {"channel": "paper", "kind": "not_good", "body": "بنچ چلا گیا ہے۔", "language": "ur", "area": "hill-road", "topic": "benches"}


@pytest.fixture(autouse=True)
def place(make: Make, hillside: PlaceCard) -> PlaceCard:
    """Hillside, with an area and a topic."""
    make.area(hillside, "hill-road")
    make.topic(hillside, "benches")
    return hillside


def page_of(answer: Any) -> LexborHTMLParser:
    return LexborHTMLParser(answer.text)


def stored(database: Database) -> list[Feedback]:
    with database.read() as reads:
        return list(reads.exec(select(Feedback).order_by(Feedback.id)))


def written(client: TestClient, **fields: str) -> Any:
    return client.post(WRITE, data={**SAID, "agreed": "yes", "share": "words_public", "idempotency_key": str(uuid4()), **fields})


def test_sheet_is_kept_in_its_own_words_and_its_code_shown_once(staff: TestClient, database: Database) -> None:
    answer = written(staff, occurred_on="2026-11-20", contact="07700 900 123")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    [kept] = stored(database)
    assert (kept.body, kept.language, kept.channel, kept.on_behalf, kept.captured_by) == (
        *(SAID["body"], "ur", "paper", True),
        "coordinator",
    )
    code = "".join(page_of(answer).css(".code strong.big")[0].text().split())
    assert staff.post("/api/v1/hillside/receipts", json={"code": code}).status_code == 200
    with database.read() as reads:
        yeses = list(reads.exec(select(Consent)))
    assert {(one.purpose, one.how) for one in yeses} == {("share_words_public", "paper"), ("reply", "paper")}


def test_next_sheet_begins_where_the_last_one_was(staff: TestClient, database: Database) -> None:
    page = page_of(written(staff, contact="07700 900 123"))
    assert page.css("#body")[0].text() == "" and page.css("#contact")[0].attributes.get("value") in (None, "")
    assert not page.css("#agreed[checked]") and page.css("input[name=share][checked]")[0].attributes["value"] == "team_only"
    assert [page.css(f"#{name} option[selected]")[0].attributes["value"] for name in ("area", "topic", "language")] == [
        *("hill-road", "benches", "ur")
    ]
    assert page.css("input[name=channel][checked]")[0].attributes["value"] == "paper"
    key = page.css("input[name=idempotency_key]")[0].attributes["value"] or ""
    twice = [written(staff, idempotency_key=key) for _tap in range(2)]
    assert len(stored(database)) == 2 and {answer.status_code for answer in twice} == {200}


def test_nothing_is_written_down_without_a_yes_and_nothing_typed_is_lost(
    staff: TestClient, signed_in: Callable[..., TestClient], place: PlaceCard, database: Database
) -> None:
    answer = written(staff, agreed="", area="nowhere")
    assert answer.status_code == 422 and page_of(answer).css("#body")[0].text() == SAID["body"]
    assert [link.attributes["href"] for link in page_of(answer).css(".govuk-error-summary a")] == ["#agreed"]
    assert page_of(written(staff, area="nowhere")).css(".govuk-error-summary a")[0].attributes["href"] == "#area"
    assert page_of(written(staff, body=" ", kind="")).css(".govuk-error-summary a")[0].attributes["href"] == "#body"
    late = staff.post(WRITE, data={**SAID, "idempotency_key": "x"}, files={"photo": ("a.jpg", b"none", "image/jpeg")})
    assert late.status_code == 422 and SAID["body"] in late.text
    assert written(signed_in(place, "admin")).status_code == 404
    assert stored(database) == []


def test_whoever_was_signed_out_meanwhile_gets_their_words_back(visitor: TestClient, database: Database) -> None:
    sent = {**SAID, "agreed": "yes", "body": "A long sheet of paper."}
    answer = visitor.post(WRITE, data=sent, files={"photo": ("a.jpg", b"none", "image/jpeg")})
    assert answer.status_code == 401 and "A long sheet of paper." in answer.text and stored(database) == []


def test_resident_says_what_they_have_and_for_whom_they_write(visitor: TestClient, staff: TestClient, database: Database) -> None:
    offered = {"want": "A garden.", "have": "A spade.", "gap": "Earth.", "tier": "with_help"}
    answer = visitor.post(TELL, data={**offered, "topic": "benches", "on_behalf": "yes", "idempotency_key": str(uuid4())})
    assert answer.status_code == 200
    [kept] = stored(database)
    assert (kept.want, kept.have, kept.gap, kept.tier) == ("A garden.", "A spade.", "Earth.", "with_help")
    assert kept.on_behalf and kept.topic_id and (kept.channel, kept.captured_by) == ("web", "resident")
    shown = page_of(staff.get(f"/staff/hillside/messages/{kept.id}")).css("main")[0].text()
    assert all(words in shown for words in ("A garden.", "A spade.", "Earth.", "We can lead it", "Written down by someone else"))
    refused = visitor.post("/api/v1/hillside/feedback", json={"kind": "good", "on_behalf": True})
    assert refused.status_code == 422, "a program says so with a key only"


def test_second_way_into_the_form_is_open_where_it_is_asked_for(visitor: TestClient) -> None:
    assert not page_of(visitor.get(TELL)).css("#offers[open]")
    page = page_of(visitor.get(f"{TELL}?offers=yes&topic=benches"))
    assert page.css("#offers[open]") and page.css("#topic option[selected]")[0].attributes["value"] == "benches"
    assert "does not mean you must give it" in page.css("#offers")[0].text()


def test_way_to_complain_stands_in_the_form_where_there_is_one(visitor: TestClient, make: Make) -> None:
    make.collaboration("riverbank", complaints_url="https://example.org/complaints")
    assert page_of(visitor.get("/riverbank/tell")).css('main a[href="https://example.org/complaints"]')
    assert "make a complaint" not in visitor.get(TELL).text


@pytest.mark.parametrize("size", ["a4", "a5", "slips"])
def test_poster_leads_to_the_form_with_the_area_chosen(visitor: TestClient, settings: Settings, size: str) -> None:
    page = page_of(visitor.get(f"/hillside/posters/hill-road?size={size}"))
    address = page.css(".paper-address")[0].text()
    assert address == f"{settings.public_url}/hillside/tell/hill-road"
    chosen = page_of(visitor.get(address.removeprefix(settings.public_url)))
    assert chosen.css("#area option[selected]")[0].attributes["value"] == "hill-road"
    assert len(page.css("svg[role=img]")) == (8 if size == "slips" else 1)


def test_posters_of_what_is_not_there_are_not_there(visitor: TestClient) -> None:
    assert visitor.get("/hillside/posters/whole_place").status_code == 200
    assert visitor.get("/hillside/posters/nowhere").status_code == 404
    assert visitor.get("/hillside/posters/hill-road?size=a0").status_code == 422
    assert {link.attributes["href"] for link in page_of(visitor.get("/hillside/posters")).css("main ul a")} >= {
        "/hillside/posters/hill-road?size=a5"
    }


def test_staff_print_a_line_of_their_own_and_nobody_else_puts_words_on_a_page(visitor: TestClient, staff: TestClient) -> None:
    asked = "?size=a5&label=Summer+fair&area=hill-road&topic=benches"
    page = page_of(staff.get(f"/staff/hillside/posters{asked}"))
    assert [node.text() for node in page.css(".sheet-about")] == ["Summer fair", "Hill Road", "Benches"]
    assert page.css(".paper-address")[0].text().endswith("/hillside/tell/hill-road?topic=benches")
    assert "Summer" not in visitor.get(f"/hillside/posters/hill-road{asked}").text
    assert staff.get("/staff/hillside/posters").status_code == 200
