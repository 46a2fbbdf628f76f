"""Drafts: they may lack what a promise needs, are written anew as long as nobody read them, and are whole before they are published."""

from uuid import uuid4

from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from tests.promises.test_deals import id_of
from tests.promises.test_desk_pages import NEW, PATH, made, said, words_in, wrong_in

API = "/api/v1/hillside/promises"
BARE = {"side": "our_part", "maker": "council", "text": "We will do something about the path.", "act": "draft"}


def drafted(client: TestClient) -> str:
    answer = client.post(NEW, data={**BARE, "idempotency_key": str(uuid4())})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_nobody_else_opens_or_rewrites_a_draft(at_council: TestClient, at_hub: TestClient, visitor: TestClient) -> None:
    draft = drafted(at_council)
    assert at_hub.get(f"{draft}/draft").status_code == at_hub.post(f"{draft}/draft", data=BARE).status_code == 404
    assert visitor.get(f"{draft}/draft").status_code == 303
    taken = at_council.post(f"{draft}/draft", data={**BARE, "maker": "hub"})
    assert taken.status_code == 403 and wrong_in(taken) == ["#maker"]


def test_draft_is_published_only_when_it_says_what_counts_as_kept_and_by_when(at_council: TestClient, visitor: TestClient) -> None:
    draft = drafted(at_council)
    for to in ("proposed", "made"):
        answer = said(at_council, draft, to, note="As agreed on Monday.")
        if to == "proposed":
            assert answer.status_code == 303, "it stays unpublished, and may still lack it"
    assert answer.status_code == 422
    words = words_in(LexborHTMLParser(answer.text))
    for sentence in ("Say what will count as kept.", "Say by when, or when you will look at it again.", "Say on which day it was said."):
        assert f"{sentence} Add it to the draft first." in words
    assert "As agreed on Monday." in answer.text, "nothing typed is lost"
    whole = {**PATH, "text": "We will lay a hard path.", "owner": "Head of parks", "audience": "People with a pushchair", "deal": "Streets"}
    assert at_council.post(f"{draft}/draft", data=whole).status_code == 303
    assert said(at_council, draft, "made").status_code == 303
    shown = visitor.get(f"{API}/{id_of(draft)}").json()
    assert (shown["text"], shown["owner"], shown["audience"], shown["deal"]) == (
        *("We will lay a hard path.", "Head of parks"),
        *("People with a pushchair", "Streets"),
    )
    page = words_in(LexborHTMLParser(visitor.get(f"/hillside/promises/{id_of(draft)}").text))
    assert "Head of parks" in page and "People with a pushchair" in page


def test_published_promise_is_never_written_anew(at_council: TestClient, visitor: TestClient) -> None:
    path = made(at_council)
    answer = at_council.post(f"{path}/draft", data={**PATH, "text": "Something else."})
    assert answer.status_code == 409
    assert "name the promise that takes its place" in answer.text and "Something else." in answer.text
    form = at_council.get(f"{path}/draft")
    assert form.status_code == 409 and "name the promise that takes its place" in form.text, "the form says so before anything is typed"
    assert visitor.get(f"{API}/{id_of(path)}").json()["text"] == PATH["text"]


def test_form_of_a_draft_shows_what_was_written(at_council: TestClient) -> None:
    draft = drafted(at_council)
    form = LexborHTMLParser(at_council.get(f"{draft}/draft").text)
    assert form.css_first("#text").text() == BARE["text"]
    assert form.css_first("#maker option[selected]").attributes["value"] == "council"
    answer = at_council.post(f"{draft}/draft", data={**BARE, "text": "", "summary": "<kept>"})
    assert answer.status_code == 422 and wrong_in(answer) == ["#text"]
    assert LexborHTMLParser(answer.text).css_first("#summary").attributes["value"] == "<kept>"


def test_rewritten_draft_is_found_by_its_new_words_alone(at_council: TestClient) -> None:
    draft = drafted(at_council)
    at_council.post(f"{draft}/draft", data={**BARE, "text": "We will mend the wall."})
    assert draft in at_council.get("/staff/hillside/search?q=wall").text
    assert draft not in at_council.get("/staff/hillside/search?q=something").text
