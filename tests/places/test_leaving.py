"""Leaving a page at once: on which pages one can, where that leads, and what their title says."""

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from tests.make import Make

AT_RISK = ("/hillside/tell", "/hillside/answer", "/offline/hillside/tell")


@pytest.mark.parametrize("path", [*AT_RISK, "/offline"])
def test_page_on_which_somebody_could_be_at_risk_can_be_left(make: Make, visitor: TestClient, path: str) -> None:
    make.collaboration("hillside")
    answer = visitor.get(path)
    link = LexborHTMLParser(answer.text).css("a[data-leave]")[0]
    assert link.attributes["href"] == "https://www.bbc.co.uk/weather" and link.attributes["rel"] == "nofollow noreferrer"
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "same-origin"


def test_page_of_the_account_needs_no_way_out(make: Make, visitor: TestClient) -> None:
    make.collaboration("hillside")
    assert "data-leave" not in visitor.get("/hillside").text


@pytest.mark.parametrize("path", AT_RISK)
def test_place_says_where_leaving_leads_and_what_the_title_is(make: Make, visitor: TestClient, path: str) -> None:
    make.collaboration("hillside", leave_to="https://news.example/", plain_title="Local news")
    tree = LexborHTMLParser(visitor.get(path).text)
    assert tree.css("a[data-leave]")[0].attributes["href"] == "https://news.example/"
    assert tree.css("title")[0].text() == "Local news"
    assert "Said & Done" in LexborHTMLParser(visitor.get("/hillside").text).css("title")[0].text()


def test_code_and_the_answer_it_opens_can_be_left(make: Make, visitor: TestClient) -> None:
    place = make.collaboration("hillside")
    code = make.message(place).code
    for page in (visitor.post("/hillside/tell", data={"code": code}), visitor.post("/hillside/answer", data={"code": code})):
        assert page.status_code == 200 and "data-leave" in page.text and page.headers["cache-control"] == "no-store"
