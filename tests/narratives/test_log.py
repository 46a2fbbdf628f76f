"""The log: a story and what got in the way at once, words that could tell who somebody is, what a phone kept and sends later."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.narratives.models import Narrative
from service.places.queries import PlaceCard
from service.system_health.models import Barrier, BarrierStory
from tests.make import Make
from tests.narratives.test_pages import LOG, page_of, typed, words_in

SHELL, STORIES = "/offline/hillside/log", "/api/v1/hillside/narratives"
SignedIn = Callable[..., TestClient]


def rows(database: Database, table: Any) -> list[Any]:
    with database.read() as reads:
        return list(reads.exec(select(table)))


# ---- one log, several things -----------------------------------------------------------------------------------------


def test_story_makes_a_barrier_in_the_same_step_with_nothing_typed_twice(staff: TestClient, database: Database) -> None:
    sent = typed(barrier="rule", add_barrier="yes", which="new")
    assert staff.post(LOG, data=sent).status_code == staff.post(LOG, data=sent).status_code == 303
    [story], [barrier], [named] = rows(database, Narrative), rows(database, Barrier), rows(database, BarrierStory)
    assert (barrier.kind, barrier.theme, barrier.standing, story.barrier) == ("rule", None, "reported", "rule")
    assert (named.narrative_id, named.barrier_id) == (story.id, barrier.id)
    assert (
        staff.post(LOG, data=typed(add_barrier="yes", which=str(barrier.id), barrier_words="The form has to go first")).status_code == 303
    )
    assert len(rows(database, Barrier)) == 1 and len(rows(database, BarrierStory)) == 2
    assert sorted(row.barrier for row in rows(database, Narrative)) == ["The form has to go first", "rule"]


def test_barrier_that_is_not_there_leaves_no_story_behind(make: Make, staff: TestClient, signed_in: SignedIn, database: Database) -> None:
    other = signed_in(make.collaboration("riverbank"))
    assert other.post("/staff/riverbank/log", data=typed(barrier="money", add_barrier="yes")).status_code == 303
    [theirs] = rows(database, Barrier)
    for which in (str(uuid4()), str(theirs.id)):
        answer = staff.post(LOG, data=typed(add_barrier="yes", which=which))
        assert answer.status_code == 422 and LexborHTMLParser(answer.text).css("#which-error")
    answer = staff.post(LOG, data=typed(add_barrier="yes", barrier="nothing"))
    assert answer.status_code == 422 and LexborHTMLParser(answer.text).css("#barrier-error")
    assert [row.collaboration_id for row in rows(database, Narrative)] == [theirs.collaboration_id]


def test_partner_s_words_enter_the_register_once(with_key: Callable[..., TestClient], hillside: PlaceCard, database: Database) -> None:
    program = with_key(hillside, "narratives:write")
    told = {"kind": "did_not_work", "body": "x", "occurred_on": "2026-11-20"}
    for ref, words in (("1", "The form has to go first"), ("2", "the form has to go first"), ("2", "again"), ("3", "money"), ("4", "Keys")):
        assert program.post(STORIES, json={**told, "barrier": words, "ref": ref}).status_code in (200, 201)
    assert len(rows(database, Barrier)) == 2 and len(rows(database, BarrierStory)) == 3
    with database.write() as writes:
        known = writes.exec(select(Barrier)).all()[0]
        known.theme, wanted = "A paper form", known.id
        writes.add(known)
    assert program.post(STORIES, json={**told, "barrier": str(wanted), "ref": "5"}).status_code == 201
    assert [row.barrier_id for row in rows(database, BarrierStory)].count(wanted) in (2, 3) and len(rows(database, Barrier)) == 2


def test_what_was_chosen_last_is_chosen_already_and_stands_first(
    make: Make, hillside: PlaceCard, staff: TestClient, signed_in: SignedIn
) -> None:
    for code in ("hill-road", "linden", "marsh-end"):
        make.area(hillside, code)
    for area in ("linden", "marsh-end"):
        staff.post(LOG, data=typed(area=area, language="cy"))
    page = page_of(staff, LOG)
    areas = [node.attributes["value"] or "" for node in page.css("input[name=area]")]
    assert areas == ["marsh-end", "linden", "hill-road", "whole_place", ""]
    assert [node.attributes["value"] for node in page.css("input[name=area][checked]")] == ["marsh-end"]
    assert [node.attributes["value"] for node in page_of(signed_in(hillside), LOG).css("input[name=area][checked]")] == [""]


# ---- words that could tell who somebody is ---------------------------------------------------------------------------


def test_telling_words_are_asked_about_once_and_kept_as_they_are(
    staff: TestClient, make: Make, hillside: PlaceCard, database: Database
) -> None:
    make.area(hillside, "margaret", name="Margaret House")
    body = "Mrs Patel at B29 7HG, 07700 900123. Margaret House was shut."
    answer = staff.post(LOG, data=typed(body=body, title="Ring sam@example.org"))
    page = LexborHTMLParser(answer.text)
    assert answer.status_code == 422 and page.css("textarea")[0].text() == body
    assert [node.text() for node in page.css("#telling q")] == ["Mrs Patel", "B29 7HG", "07700 900123", "sam@example.org"]
    assert "this looks like a phone number" in words_in(page, "#telling") and page.css("#fine")
    assert staff.post(LOG, data=typed(body=body, fine="yes")).status_code == 303
    assert [row.body for row in rows(database, Narrative)] == [body]
    assert "hidden" in page_of(staff, LOG).css("#telling")[0].attributes


# ---- what a phone kept -----------------------------------------------------------------------------------------------


def mark_on(browser: TestClient) -> str:
    return page_of(browser, LOG).css("body")[0].attributes["data-person"] or ""


def test_phone_is_told_which_message_was_kept_and_sends_it_in_nobody_else_s_name(
    staff: TestClient, visitor: TestClient, hillside: PlaceCard, signed_in: SignedIn, database: Database
) -> None:
    mine = {"Said-Queue": mark_on(staff)}
    sent = typed()
    other = signed_in(hillside)
    assert other.post(LOG, data=sent, headers=mine).status_code == 403 and visitor.post(LOG, data=sent, headers=mine).status_code == 401
    assert rows(database, Narrative) == []
    first, second = (staff.post(LOG, data=sent, headers=mine) for _time in range(2))
    assert first.status_code == 201 and first.json() == second.json() and first.json()["kept"] == sent["idempotency_key"]
    assert staff.get(first.json()["next"]).status_code == 200
    refused = staff.post(LOG, data=typed(occurred_on="2031-01-01"), headers=mine)
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, ["occurred_on"])
    assert staff.post(LOG, data={**sent, "body": "Another one."}, headers=mine).status_code == 409
    assert len(rows(database, Narrative)) == 1


def test_mark_of_a_person_is_theirs_alone_and_is_no_id(staff: TestClient, hillside: PlaceCard, signed_in: SignedIn) -> None:
    other = signed_in(hillside)
    assert mark_on(staff) == mark_on(staff) != mark_on(other)
    with pytest.raises(ValueError, match="badly formed"):
        UUID(mark_on(staff))


def test_shell_holds_what_everybody_may_know_and_nothing_of_anybody(
    make: Make, hillside: PlaceCard, staff: TestClient, visitor: TestClient
) -> None:
    make.area(hillside, "linden")
    staff.post(LOG, data=typed(area="linden", barrier="rule", add_barrier="yes", barrier_words="A secret word"))
    asked, seen = staff.get(SHELL).text, visitor.get(SHELL).text
    keys = [LexborHTMLParser(text).css("input[name=idempotency_key]")[0].attributes["value"] or "" for text in (asked, seen)]
    assert asked.replace(keys[0], "") == seen.replace(keys[1], "")
    assert "A secret word" not in seen and "data-person" not in seen and 'value="linden"' in seen
    assert not LexborHTMLParser(seen).css("input[name=area][checked][value=linden]")
    assert visitor.get("/offline/nowhere/log").status_code == 404


def test_worker_names_public_files_alone(visitor: TestClient) -> None:
    worker = visitor.get("/sw.js")
    assert worker.headers["cache-control"] == "no-cache" and worker.headers["content-type"].startswith("text/javascript")
    files = [part for part in worker.text.partition("\n")[0].split('"') if part.startswith("/")]
    assert files and all(path.startswith("/static/") and visitor.get(path).status_code == 200 for path in files)
    manifest = visitor.get("/manifest.webmanifest")
    assert manifest.headers["content-type"] == "application/manifest+json" and manifest.json()["start_url"] == "/staff"
