"""Places as everybody meets them: the list, the account of one, who runs it, and what is not there."""

from datetime import date, datetime

import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from tests.make import Make, SettableClock

PUBLIC = ("/", "/hillside", "/hillside/about", "/docs", "/staff")


def texts(page: Html, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


# ---- what is not there -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hillside")
def test_what_is_not_there_gets_a_calm_page(visitor: TestClient) -> None:
    for address in (
        "/nowhere",
        "/nowhere/about",
        "/hillside/nowhere",
        "/hillside/about/more",
        "/Hillside",
        "/%00x",
        "/é",
        "/" + "a" * 3_000,
    ):
        answer = visitor.get(address)
        assert answer.status_code == (400 if "%00" in address else 404), address
        if answer.status_code == 404:
            page = Html(answer.text)
            assert len(texts(page, "h1")) == 1
            assert page.css("main a[href]"), "there is a way on"
            assert answer.headers["cache-control"] == "no-store"
            assert address.strip("/") not in page.text() or address == "/hillside/nowhere"


@pytest.mark.usefixtures("hillside")
def test_method_that_an_address_does_not_take_is_named(visitor: TestClient) -> None:
    for method, address, takes in (
        ("DELETE", "/hillside", {"GET"}),
        ("POST", "/hillside/about", {"GET"}),
        ("PUT", "/hillside/tell", {"GET", "POST"}),
        ("PATCH", "/staff", {"GET"}),
    ):
        answer = visitor.request(method, address)
        assert answer.status_code == 405
        assert takes <= set(answer.headers["allow"].split(", ")) <= takes | {"HEAD"}
        assert texts(Html(answer.text), "h1")


@pytest.mark.usefixtures("hillside")
def test_no_page_runs_or_loads_what_is_not_ours(visitor: TestClient) -> None:
    for address in (*PUBLIC, "/nowhere"):
        answer = visitor.get(address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "set-cookie" not in answer.headers


def test_words_of_the_operator_are_text_and_nothing_else(make: Make, visitor: TestClient) -> None:
    evil = "<script>alert(1)</script>\"'&{{ 7*7 }}"
    place = make.collaboration("hillside", name=evil, read_by=evil, contact=evil, rationales=[evil])
    make.organisation(place, "council", name=evil)
    for address in ("/", "/hillside", "/hillside/about", "/hillside/tell", "/hillside/answer"):
        page = Html(visitor.get(address).text)
        assert not [script for script in page.css("script") if not script.attributes.get("src")]
        assert evil in page.body.text() if page.body else False, address


# ---- the list --------------------------------------------------------------------------------------------------------


def test_first_page_lists_the_places(make: Make, visitor: TestClient) -> None:
    make.collaboration("hillside", name="Hillside Together")
    make.collaboration("amber-vale", example=True)
    page = Html(visitor.get("/").text)
    assert [link.attributes["href"] for link in page.css("main ul.places a")] == ["/amber-vale", "/hillside"]
    assert texts(page, "main ul.places a") == ["Amber Vale", "Hillside Together"]


@pytest.mark.usefixtures("database")
def test_first_page_of_an_empty_service_says_how_to_begin(visitor: TestClient) -> None:
    answer = visitor.get("/")
    assert answer.status_code == 200
    assert "said collaboration add" in answer.text


# ---- the account of one ----------------------------------------------------------------------------------------------


def test_account_leads_to_telling_reading_and_who_runs_it(make: Make, visitor: TestClient) -> None:
    hillside = make.collaboration("hillside", name="Hillside Together")
    make.organisation(hillside, "council", name="Hillside Borough Council")
    make.organisation(hillside, "hub", name="Hill Road Hub")
    make.governance(hillside, "council")
    page = Html(visitor.get("/hillside").text)
    assert "Hillside Together" in texts(page, "h1")[0]
    links = {link.attributes["href"] for link in page.css("a")}
    assert {"/hillside/tell", "/hillside/answer", "/hillside/about"} <= links
    main = texts(page, "main")[0]
    assert "Hillside Borough Council" in main and "Hill Road Hub" in main


def test_account_names_nobody_of_another_place_and_nobody_who_left(make: Make, visitor: TestClient) -> None:
    hillside, vale = make.collaboration("hillside"), make.collaboration("amber-vale", name="Amber Vale", contact="ring the Vale")
    make.organisation(hillside, "council", name="Hillside Council")
    make.organisation(hillside, "later", name="Coming Later", since=date(2026, 11, 24))
    make.organisation(vale, "mill-trust", name="Mill Trust")
    make.governance(vale, "mill-trust")
    for address in ("/hillside", "/hillside/about"):
        page = visitor.get(address).text
        assert "Hillside Council" in page
        assert not any(words in page for words in ("Mill Trust", "Amber Vale", "ring the Vale", "Coming Later"))


def test_about_says_who_reads_how_to_reach_them_and_where_to_complain(make: Make, visitor: TestClient) -> None:
    make.collaboration(
        "hillside",
        read_by="The team at Hill Road Hub",
        contact="hello@hillside.example",
        complaints_url="https://hillside.example/complaints",
        rationales=["No one of us can do it alone"],
        started_on="2025-04-01",
    )
    page = Html(visitor.get("/hillside/about").text)
    main = texts(page, "main")[0]
    assert all(words in main for words in ("The team at Hill Road Hub", "No one of us can do it alone", "1 April 2025"))
    links = {link.attributes["href"] for link in page.css("main a")}
    assert {"mailto:hello@hillside.example", "https://hillside.example/complaints"} <= links


def test_place_that_says_nothing_of_itself_still_has_its_pages(make: Make, visitor: TestClient) -> None:
    make.collaboration("hillside")
    for address in ("/hillside", "/hillside/about"):
        page = Html(visitor.get(address).text)
        assert "None" not in texts(page, "main")[0].replace("None is shown", "")


def test_example_says_on_every_page_that_it_is_one(make: Make, visitor: TestClient) -> None:
    make.collaboration("hillside", example=True)
    make.collaboration("amber-vale")
    for address in ("", "/about", "/tell", "/answer"):
        assert Html(visitor.get(f"/hillside{address}").text).css_first("header .example")
        assert not Html(visitor.get(f"/amber-vale{address}").text).css_first("header .example")


# ---- for programs ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hillside")
def test_head_of_a_page_is_the_page_without_its_body(visitor: TestClient) -> None:
    """RFC 9110, 9.1: every server answers GET and HEAD. Watchers and link checkers ask with HEAD."""
    for address in ("/", "/hillside", "/healthz", "/api/v1"):
        answer = visitor.head(address)
        assert (answer.status_code, answer.text) == (200, ""), address


def test_service_says_that_it_is_ready(visitor: TestClient) -> None:
    assert visitor.get("/healthz").json() == {"status": "alive"}
    assert visitor.get("/readyz").json() == {"status": "ready"}


def test_robots_stay_away_from_staff_and_the_api(visitor: TestClient) -> None:
    answer = visitor.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert {"Disallow: /staff", "Disallow: /api/"} <= set(answer.text.splitlines())


def test_address_for_telling_of_a_weakness_is_there_once_it_is_set(app: FastAPI, visitor: TestClient) -> None:
    assert visitor.get("/.well-known/security.txt").status_code == 404
    app.state.settings.security_contact = "mailto:security@hillside.example"
    assert "Contact: mailto:security@hillside.example" in visitor.get("/.well-known/security.txt").text


def test_address_for_telling_of_a_weakness_is_never_out_of_date(app: FastAPI, visitor: TestClient, clock: SettableClock) -> None:
    app.state.settings.security_contact = "https://hillside.example/security"
    for moment in ("2026-11-23T10:00Z", "2026-12-31T10:00Z", "2027-01-01T00:00Z"):
        clock.at(moment)
        lines = dict(line.split(": ", 1) for line in visitor.get("/.well-known/security.txt").text.splitlines())
        assert lines["Contact"].startswith(("https:", "mailto:"))
        assert datetime.fromisoformat(lines["Expires"]) > clock()
