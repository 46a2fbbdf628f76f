"""The form and the answer as a resident meets them, over HTTP and without JavaScript."""

import re
from typing import Any
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.models import Feedback
from service.feedback.receipts import typed
from service.limits import WRONG_CODES
from service.places.models import AreaKind
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

TELL, ANSWER = "/hillside/tell", "/hillside/answer"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}")


@pytest.fixture(autouse=True)
def place(make: Make, hillside: PlaceCard) -> PlaceCard:
    """Hillside, with an area, and another that is no area of its residents."""
    make.area(hillside, "hill-road")
    make.area(hillside, "nation", kind=AreaKind.COMPARATOR)
    return hillside


def page_of(answer: Any) -> LexborHTMLParser:
    return LexborHTMLParser(answer.text)


def only(page: LexborHTMLParser, selector: str) -> LexborNode:
    found = page.css(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0]


def fields(page: LexborHTMLParser, form: str = "form#tell-form") -> dict[str, str]:
    """What a browser without JavaScript would send: every field of the form as the page filled it."""
    found = {}
    for node in only(page, form).css("input, textarea, select"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if not name or kind == "file" or (kind in ("radio", "checkbox") and "checked" not in node.attributes):
            continue
        if node.tag == "select":
            chosen = node.css("option[selected]") or node.css("option")
            found[name] = chosen[0].attributes.get("value") or ""
        else:
            found[name] = node.text() if node.tag == "textarea" else node.attributes.get("value") or ""
    return found


def said(page: LexborHTMLParser) -> str:
    return only(page, "main").text()


def told(resident: TestClient, **typed_in: str) -> str:
    """Fills the form in and sends it; answers the code."""
    answer = resident.post(TELL, data={**fields(page_of(resident.get(TELL))), **typed_in})
    assert answer.status_code == 200, answer.text
    found = CODE.search(said(page_of(answer)))
    assert found
    return found[0]


def stored(database: Database) -> list[Feedback]:
    with database.read() as reads:
        return list(reads.exec(select(Feedback)))


# ---- the form --------------------------------------------------------------------------------------------------------


def test_form_asks_for_nothing_but_offers_the_choices_of_the_place(resident: TestClient) -> None:
    page = page_of(resident.get(TELL))
    form = only(page, "form#tell-form")
    assert (form.attributes["method"], form.attributes["action"]) == ("post", TELL)
    given = fields(page)
    assert UUID(given.pop("idempotency_key")).version == 4
    assert given.pop("made")
    more = dict.fromkeys(("want", "have", "gap", "contact", "homepage"), "")
    assert given == {"body": "", "area": "", "share": "team_only", "answer_me": "no", **more}
    assert [node.attributes["value"] for node in form.css("input[name=kind]")] == ["good", "not_good", "idea", "question"]
    assert [node.attributes["value"] for node in form.css("option")] == ["", "whole_place", "hill-road"]
    assert not form.css("[required], input[type=email], input[type=tel]")


def test_every_visit_brings_a_key_of_its_own(resident: TestClient) -> None:
    assert len({fields(page_of(resident.get(TELL)))["idempotency_key"] for _visit in range(3)}) == 3


def test_area_on_a_poster_is_chosen_already_and_an_unknown_one_is_not(resident: TestClient) -> None:
    assert fields(page_of(resident.get(f"{TELL}/hill-road")))["area"] == "hill-road"
    answer = resident.get(f'{TELL}/"><script>alert(1)<')
    assert answer.status_code == 200 and fields(page_of(answer))["area"] == ""
    assert "<script>alert" not in answer.text


def test_nothing_is_required_but_a_kind_or_words(resident: TestClient, database: Database) -> None:
    answer = resident.post(TELL, data={**fields(page_of(resident.get(TELL))), "body": "  "})
    page = page_of(answer)
    assert answer.status_code == 422
    assert only(page, ".govuk-error-summary a").attributes["href"] == "#body" and page.css("#body")
    assert stored(database) == []


def test_what_was_typed_comes_back_with_what_is_wrong(resident: TestClient, database: Database) -> None:
    words = "<b>Is & was</b> \"x\" 'y' {{ 7 * 7 }}\n" + "x" * 5_000
    typed_in = {"kind": "idea", "body": words, "area": "whole_place", "share": "words_public", "contact": "07700 900 123"}
    typed_in |= {"want": "A garden.", "have": "A spade.", "gap": "Earth.", "tier": "with_help", "on_behalf": "yes"}
    answer = resident.post(TELL, data={**fields(page_of(resident.get(TELL))), **typed_in})
    page = page_of(answer)
    assert answer.status_code == 422 and stored(database) == []
    kept = fields(page)
    assert {name: kept[name] for name in typed_in} == typed_in and kept["idempotency_key"]
    assert [node.attributes["href"] for node in page.css(".govuk-error-summary a")] == ["#body"]
    assert only(page, "#body-error").text() and only(page, "title").text().startswith("Error:")


def test_areas_that_are_none_of_theirs_are_refused_and_the_words_kept(resident: TestClient, database: Database) -> None:
    for area in ("nation", "nowhere", "../x"):
        answer = resident.post(TELL, data={**fields(page_of(resident.get(TELL))), "body": "The bench has gone.", "area": area})
        assert answer.status_code == 422
        assert fields(page_of(answer))["body"] == "The bench has gone."
        assert [node.attributes["href"] for node in page_of(answer).css(".govuk-error-summary a")] == ["#area"]
    assert stored(database) == []


def test_form_stores_what_the_api_would(resident: TestClient, database: Database) -> None:
    told(resident, kind="idea", body="Plant trees.", area="whole_place", share="words_public")
    told(resident, body="The bench has gone.", area="hill-road")
    trees, bench = sorted(stored(database), key=lambda row: row.id)
    assert (trees.kind, trees.body, trees.whole_place, trees.area_id, trees.publication) == ("idea", "Plant trees.", True, None, "waiting")
    assert (bench.kind, bench.whole_place, bench.area_id is not None, bench.publication) == (None, False, True, "not_offered")


# ---- the code --------------------------------------------------------------------------------------------------------


def test_code_stands_in_the_page_and_nowhere_else(resident: TestClient) -> None:
    answer = resident.post(TELL, data={**fields(page_of(resident.get(TELL))), "body": "The bench has gone."})
    page = page_of(answer)
    found = CODE.search(said(page))
    assert found and typed(found[0])
    kept = [f"{name}: {value}" for name, value in answer.headers.items()] + [str(answer.url), only(page, "title").text()]
    kept += [f"{name}={value}" for node in page.css("a, form, img, link, script, meta, input") for name, value in node.attributes.items()]
    for written in (found[0], found[0].replace("-", ""), found[0].lower()):
        assert not [one for one in kept if written in one]
    assert "7\N{NO-BREAK SPACE}December\N{NO-BREAK SPACE}2026" in said(page)
    assert page.css("svg path") and answer.headers["cache-control"] == "no-store"


def test_reloading_repeats_the_request_and_shows_the_same_code(resident: TestClient, database: Database) -> None:
    sent = {**fields(page_of(resident.get(TELL))), "body": "The bench has gone."}
    codes = {CODE.findall(said(page_of(resident.post(TELL, data=sent))))[0] for _time in range(3)}
    assert len(codes) == 1 and len(stored(database)) == 1


def test_same_page_with_other_words_keeps_them_and_brings_a_fresh_key(resident: TestClient, database: Database) -> None:
    sent = {**fields(page_of(resident.get(TELL))), "body": "The bench has gone."}
    resident.post(TELL, data=sent)
    answer = resident.post(TELL, data={**sent, "body": "And the path is wet.", "kind": "not_good"})
    again = fields(page_of(answer))
    assert answer.status_code == 409 and answer.headers["cache-control"] == "no-store"
    assert (again["body"], again["kind"]) == ("And the path is wet.", "not_good")
    assert again["idempotency_key"] != sent["idempotency_key"] and UUID(again["idempotency_key"]).version == 4
    assert page_of(answer).css("button#send")
    assert resident.post(TELL, data=again).status_code == 200
    assert sorted(row.body or "" for row in stored(database)) == ["And the path is wet.", "The bench has gone."]


def test_form_without_its_key_or_with_a_poor_one_is_shown_again_with_a_good_one(resident: TestClient, database: Database) -> None:
    for key in ({}, {"idempotency_key": "1"}, {"idempotency_key": "x" * 61}):
        answer = resident.post(TELL, data={"body": "The bench has gone.", **key})
        again = fields(page_of(answer))
        assert answer.status_code == 422 and again["body"] == "The bench has gone."
        assert UUID(again["idempotency_key"]).version == 4 and page_of(answer).css(".govuk-error-summary")
    assert stored(database) == []


def test_residents_get_no_cookie_and_nothing_of_theirs_is_kept_by_a_cache(resident: TestClient) -> None:
    code = told(resident, body="The bench has gone.")
    answers = [resident.get(TELL), resident.get(ANSWER), resident.post(TELL, data={"body": "x"})]
    answers += [resident.post(ANSWER, data={"code": code, "act": act}) for act in ("read", "ask_withdraw", "withdraw")]
    answers += [resident.post(ANSWER, data={"code": "x"}), resident.post(ANSWER, data={})]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 2 + ["no-store"] * 6
    answers += [resident.get(path) for path in ("/", "/hillside", "/hillside/about")]
    assert [answer.headers.get_list("set-cookie") for answer in answers] == [[]] * len(answers)
    assert not resident.cookies


# ---- the answer ------------------------------------------------------------------------------------------------------


def test_code_opens_the_words_and_how_far_it_is(resident: TestClient, clock: SettableClock) -> None:
    code = told(resident, body="The bench has gone.", kind="not_good")
    answer = resident.post(ANSWER, data={"code": f" {code.lower().replace('-', ' ')} "})
    assert answer.status_code == 200
    assert "The bench has gone." in said(page_of(answer)) and "Nobody has read it yet." in said(page_of(answer))
    clock.advance(days=15)
    assert "We are late." in said(page_of(resident.post(ANSWER, data={"code": code})))


def test_code_that_opens_nothing_is_told_in_the_same_words_and_kept_in_its_field(resident: TestClient) -> None:
    for code, status in (("K7QF-2M9X-TR4D-W8ZP5", 404), ("hello", 404), ("x" * 61, 422)):
        answer = resident.post(ANSWER, data={"code": code})
        assert answer.status_code == status
        assert "That code did not work. Check the letters and try again." in said(page_of(answer))
        assert only(page_of(answer), "input[name=code]").attributes["value"] == code


def test_who_tries_too_many_codes_waits(resident: TestClient) -> None:
    for _wrong in range(WRONG_CODES.amount):
        resident.post(ANSWER, data={"code": "hello"})
    answer = resident.post(ANSWER, data={"code": "hello"})
    assert answer.status_code == 429 and "Wait a little" in said(page_of(answer))


def test_words_are_taken_back_after_being_asked_once(resident: TestClient, database: Database) -> None:
    code = told(resident, body="The bench has gone.", share="words_public")
    opened = page_of(resident.post(ANSWER, data={"code": code}))
    asked = page_of(resident.post(ANSWER, data=fields(opened, "aside form")))
    assert "Remove them?" in said(asked) and "The bench has gone." in said(asked)
    yes, no = (fields(LexborHTMLParser(form.html or ""), "form") for form in asked.css("main form"))
    assert "The bench has gone." in said(page_of(resident.post(ANSWER, data=no)))
    gone = page_of(resident.post(ANSWER, data=yes))
    assert "Your words are gone" in said(gone) and "The bench" not in said(gone)
    again = page_of(resident.post(ANSWER, data={"code": code}))
    assert "You took your words back" in said(again) and not again.css("aside form")
    [row] = stored(database)
    assert (row.body, row.state) == (None, "withdrawn")


def test_promise_that_somebody_was_reading_goes_with_what_they_say(
    make: Make, hillside: PlaceCard, database: Database, visitor: TestClient, staff: TestClient
) -> None:
    make.organisation(hillside, "council")
    told = {"side": "our_part", "maker": "council", "text": "We will lay a hard path.", "kept_when": "It is dry."}
    path = staff.post("/staff/hillside/promises/new", data={**told, "made_on": "2026-11-01", "due_on": "2027-05-01"}).headers["location"]
    shown = page_of(visitor.get(path.removeprefix("/staff")))
    link = next(one.attributes["href"] or "" for one in shown.css("main a") if (one.text() or "").startswith("Tell us "))
    form = page_of(visitor.get(link))
    assert "We will lay a hard path." in said(form)
    sent = fields(form)
    refused = page_of(visitor.post(TELL, data={**sent, "body": "", "kind": ""}))
    assert "We will lay a hard path." in said(refused), "and it stays when something is missing"
    assert visitor.post(TELL, data={**fields(refused), "body": "It is still mud."}).status_code == 200
    with database.read() as reads:
        assert str(reads.exec(select(Feedback.promise_id)).one()) == path.rpartition("/")[2]
    for nothing in ("x", str(UUID(int=0))):
        assert "promise" not in fields(page_of(visitor.get(f"{TELL}?promise={nothing}"))), nothing


def test_nothing_typed_where_the_code_goes_is_no_wrong_code(visitor: TestClient) -> None:
    answers = [visitor.post(ANSWER, data={"code": code}) for code in ("", "   ", "x" * 61)]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    errors = [only(page_of(answer), "#code-error").text() for answer in answers]
    assert "Type your code." in errors[0] and "Type your code." in errors[1] and "did not work" in errors[2]
