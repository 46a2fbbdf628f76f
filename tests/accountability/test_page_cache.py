"""Public pages are kept, and never a moment longer than what they show."""

import pytest
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.actions import withdraw
from service.journal.actions import OPERATOR
from service.places.actions import add_organisation
from service.places.models import OrganisationIn, OrganisationKind
from service.places.queries import PlaceCard
from tests.make import Make

PAGES = ("", "/community-reporting", "/narratives", "/outcomes", "/results", "/system-health")


def made_by(client: TestClient, address: str, **headers: str) -> str | None:
    """The ETag of a page: the same when the page is."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.headers.get("etag")


@pytest.mark.usefixtures("busy")
def test_same_page_has_the_same_tag_and_who_has_it_is_told_so(visitor: TestClient) -> None:
    for page in PAGES:
        tag = made_by(visitor, f"/hillside{page}")
        assert tag and tag == made_by(visitor, f"/hillside{page}")
        known = visitor.get(f"/hillside{page}", headers={"if-none-match": tag})
        assert known.status_code == 304 and known.content == b""
        assert known.headers["etag"] == tag and known.headers["content-security-policy"]


@pytest.mark.usefixtures("busy")
def test_kept_page_is_sent_without_being_made(visitor: TestClient) -> None:
    first = visitor.get("/hillside")
    pages = visitor.app.state.templates  # type: ignore[attr-defined]

    class Nobody:
        def __getattr__(self, name: str) -> object:
            raise AssertionError("This page was kept: nobody makes it again.")

    visitor.app.state.templates = Nobody()  # type: ignore[attr-defined]
    try:
        again = visitor.get("/hillside")
    finally:
        visitor.app.state.templates = pages  # type: ignore[attr-defined]
    assert again.status_code == 200 and again.text == first.text


def test_page_changes_with_what_it_shows(visitor: TestClient, make: Make, busy: PlaceCard, database: Database) -> None:
    seen = {made_by(visitor, "/hillside")}
    message = make.message(busy)
    seen.add(made_by(visitor, "/hillside"))
    with make.database.write() as writes:
        withdraw(writes, make.keys, busy, message.code, make.clock())
    seen.add(made_by(visitor, "/hillside"))
    with database.write() as writes:  # another process, or the command line
        given = OrganisationIn(code="library", name="The library", kind=OrganisationKind.COUNCIL)
        add_organisation(writes, OPERATOR, busy, given, make.clock())
    seen.add(made_by(visitor, "/hillside"))
    assert len(seen) == 4


@pytest.mark.usefixtures("busy")
def test_page_changes_with_the_day(visitor: TestClient, make: Make) -> None:
    before = visitor.get("/hillside").text
    make.clock.advance(days=1)
    assert "24\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026" in visitor.get("/hillside").text
    assert "24 November 2026" not in before


@pytest.mark.usefixtures("busy")
def test_pages_of_other_addresses_and_other_places_are_others(visitor: TestClient, make: Make) -> None:
    make.collaboration("amber-vale")
    addresses = ["/hillside", "/amber-vale", "/hillside/results", "/hillside/results?from=2026-06", "/hillside/results?from=2026-07"]
    texts = [visitor.get(address).text for address in addresses * 2]
    assert texts[:5] == texts[5:]
    assert len(set(texts)) == 5


@pytest.mark.usefixtures("busy")
def test_part_of_a_page_is_never_kept_for_a_whole_one(visitor: TestClient) -> None:
    partial = {"hx-request": "true", "hx-request-type": "partial", "hx-target": "#main"}
    part = visitor.get("/hillside", headers=partial)
    whole = visitor.get("/hillside")
    assert "etag" not in part.headers
    assert whole.text.startswith("<!doctype html>")


@pytest.mark.usefixtures("busy")
def test_compressed_page_and_plain_page_are_kept_apart(visitor: TestClient) -> None:
    for _time in range(2):
        plain = visitor.get("/hillside", headers={"accept-encoding": "identity"})
        small = visitor.get("/hillside", headers={"accept-encoding": "br"})
        assert "content-encoding" not in plain.headers
        assert small.headers["content-encoding"] == "br"
        assert plain.text == small.text


@pytest.mark.usefixtures("busy")
def test_code_page_and_staff_pages_are_never_kept(visitor: TestClient, staff: TestClient) -> None:
    for client, address in ((visitor, "/hillside/tell"), (visitor, "/hillside/answer"), (staff, "/staff/hillside/inbox")):
        answer = client.get(address)
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


@pytest.mark.usefixtures("busy")
def test_page_is_told_by_HEAD_as_well(visitor: TestClient) -> None:  # noqa: N802
    answer = visitor.head("/hillside")
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["etag"] == made_by(visitor, "/hillside")


@pytest.mark.usefixtures("busy")
def test_nobody_gets_an_encoding_that_they_did_not_ask_for(visitor: TestClient) -> None:
    asked = ["gzip", "identity", "br;q=0, gzip", "br", "gzip;q=0", "", "br, gzip", "identity"]
    for accepted in asked * 2:
        answer = visitor.get("/hillside?q=1", headers={"accept-encoding": accepted})
        sent = answer.headers.get("content-encoding", "identity")
        assert sent in ("identity", *(one.strip() for one in accepted.split(",") if "q=0" not in one)), accepted


def test_request_that_names_no_path_is_answered(visitor: TestClient) -> None:
    for path in ("*", "//", "/"):
        assert visitor.request("GET", path).status_code < 500
