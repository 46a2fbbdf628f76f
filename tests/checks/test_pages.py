"""Community checks over HTTP: the page without JavaScript, the API to the letter, and what staff see."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from service.people.models import Role
from service.promises.models import Standing
from tests.checks.conftest import Town

SignedIn = Callable[..., TestClient]


def page_of(client: TestClient, path: str) -> LexborHTMLParser:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def words_in(page: LexborHTMLParser, selector: str = "main") -> str:
    return " ".join(" ".join(node.text() for node in page.css(selector)).split())


def key_in(page: LexborHTMLParser) -> str:
    return page.css("main input[name=idempotency_key]")[0].attributes["value"] or ""


def at(promise: UUID, rest: str = "") -> str:
    return f"/hillside/promises/{promise}{rest}"


def test_one_tap_is_one_check_and_two_taps_as_well(town: Town, visitor: TestClient) -> None:
    promise = town.claimed()
    page = page_of(visitor, at(promise))
    assert [node.attributes["value"] for node in page.css(".ask button[name=verdict]")] == ["yes", "partly", "no", "do_not_know"]
    for _tap in range(2):
        answer = visitor.post(at(promise, "/check"), data={"verdict": "no", "idempotency_key": key_in(page)})
        assert (answer.status_code, answer.headers["location"]) == (303, at(promise, "/checked?came=open"))
    assert "settles nothing by itself" in words_in(page_of(visitor, answer.headers["location"]))
    shown = words_in(page_of(visitor, at(promise)), ".voice.res")
    assert "0 yes, 0 partly, 1 no" in shown and not visitor.cookies
    other = visitor.post(at(promise, "/check"), data={"verdict": "yes", "idempotency_key": key_in(page)})
    assert other.status_code == 409 and "If this is new, send it now." in other.text


def test_each_rendering_carries_its_own_key_and_is_kept_nowhere(town: Town, visitor: TestClient) -> None:
    promise = town.claimed()
    for path in (at(promise), at(promise, "/check")):
        first, second = (visitor.get(path) for _look in range(2))
        assert first.headers["cache-control"] == "no-store" and "etag" not in first.headers
        assert key_in(LexborHTMLParser(first.text)) != key_in(LexborHTMLParser(second.text))


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(town: Town, visitor: TestClient) -> None:
    promise, typed = town.claimed(), {"comment": "Mud.", "area": "linden", "receipt": "0000-0000", "share": "words_public"}
    for sent, wrong in (({}, ["#verdict"]), ({"verdict": "no"}, ["#receipt"]), ({"verdict": "no", "area": "nowhere"}, ["#area"])):
        answer = visitor.post(at(promise, "/check"), data={**typed, **sent, "idempotency_key": str(uuid4())})
        page = LexborHTMLParser(answer.text)
        assert answer.status_code == 422
        assert [node.attributes["href"] for node in page.css(".govuk-error-summary a")] == wrong
        assert (page.css("#comment")[0].text(), page.css("#receipt")[0].attributes["value"]) == ("Mud.", "0000-0000")
    assert town.account(promise).residents.open.all == 0


def test_code_on_the_answer_page_disputes_in_public(town: Town, visitor: TestClient) -> None:
    promise = town.claimed()
    code = town.code(promise=promise)
    page = LexborHTMLParser(visitor.post("/hillside/answer", data={"code": code}).text)
    [form] = [one for one in page.css("form") if (one.attributes["action"] or "").endswith("/check")]
    hidden = {one.attributes["name"]: one.attributes["value"] or "" for one in form.css("input")}
    answer = visitor.post(form.attributes["action"] or "", data={**hidden, "verdict": "no"})
    assert answer.headers["location"].endswith("came=receipt")
    assert "They say done; 1 of the 1 who answered say not." in words_in(page_of(visitor, at(promise)))
    history = words_in(page_of(visitor, at(promise)), ".thread")
    assert "People disagree." in history and "Residents’ checks." in history
    assert words_in(page_of(visitor, "/hillside/promises")).count("People disagree") >= 1


def test_wrong_codes_are_counted_and_right_ones_are_not(town: Town, visitor: TestClient) -> None:
    promise, url = town.claimed(), f"/api/v1/hillside/promises/{town.claimed()}/checks"
    for _try in range(30):
        answer = visitor.post(url, json={"verdict": "no", "receipt": "0000"})
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["receipt"])
    assert visitor.post(url, json={"verdict": "no", "receipt": "0000"}).status_code == 429
    assert visitor.post(f"/api/v1/hillside/promises/{promise}/checks", json={"verdict": "no"}).status_code == 201


def test_api_counts_a_check_and_says_what_it_counts_for(town: Town, visitor: TestClient) -> None:
    promise = town.claimed()
    url = f"/api/v1/hillside/promises/{promise}"
    key = {"Idempotency-Key": str(uuid4())}
    for replayed in (None, "true"):
        answer = visitor.post(f"{url}/checks", json={"verdict": "yes", "comment": "It is there."}, headers=key)
        assert (answer.status_code, answer.headers.get("idempotent-replayed")) == (201, replayed)
        assert answer.json() == {"verdict": "yes", "came": "open", "state": "claimed_kept"}
    assert visitor.post(f"{url}/checks", json={"verdict": "no"}, headers=key).status_code == 409
    body = {"verdict": "no", "receipt": town.code(), "area": "linden"}
    assert visitor.post(f"{url}/checks", json=body).json() == {"verdict": "no", "came": "receipt", "state": "disputed"}
    shown = visitor.get(url).json()
    counts = {"n": 1, "yes": 0, "partly": 0, "no": 1, "do_not_know": 0, "suppressed": False, "asked": 0, "answered": 0, "by_area": []}
    assert shown["residents"] == {**counts, "open": {"yes": 1, "partly": 0, "no": 0, "do_not_know": 0}}
    assert shown["disagreement"] == "They say done; 1 of the 1 who answered say not."
    assert (shown["history"][-1]["by"], shown["history"][-1]["by_checks"]) == ("Residents’ checks", True)
    assert "It is there." not in visitor.get(url).text + visitor.get(at(promise)).text
    for wrong in ({}, {"verdict": "maybe"}, {"verdict": "yes", "name": "x"}):
        assert visitor.post(f"{url}/checks", json=wrong).status_code == 422
    assert visitor.post(f"/api/v1/hillside/promises/{uuid4()}/checks", json={"verdict": "yes"}).status_code == 404


def test_by_area_stands_what_is_over_and_large_enough(town: Town, visitor: TestClient) -> None:
    promise = town.promise()
    for area, number in (("linden", 6), ("marsh-end", 5), ("hill-road", 2)):
        for code in town.invitations(promise, number):
            town.check(promise, "yes", code, area=area)
    assert town.account(promise).residents.by_area == []
    town.make.clock.at("2026-12-01T10:00:00+00:00")
    rows = {row.area: (row.n, row.yes, row.suppressed) for row in town.account(promise).residents.by_area}
    assert rows == {"linden": (6, 6, False), "marsh-end": (None, None, True), "hill-road": (None, None, True)}
    words = words_in(page_of(visitor, at(promise)), ".voice.res")
    assert "Linden: 6 of 6 say yes" in words and "Elsewhere too few to show." in words and "Marsh End" not in words
    assert "13 people were invited to look, and 13 answered. Invited by the partnership" in words


def test_staff_print_invitations_that_open_one_check_each(town: Town, staff: TestClient, signed_in: SignedIn, visitor: TestClient) -> None:
    promise = town.claimed()
    desk = f"/staff/hillside/promises/{promise}"
    page = page_of(staff, f"{desk}/checks")
    made = [staff.post(f"{desk}/invitations", data={"number": "2", "idempotency_key": key_in(page)}) for _tap in range(2)]
    assert made[0].status_code == 303 and made[0].headers["location"] == made[1].headers["location"]
    sheet = page_of(staff, made[0].headers["location"])
    codes = [node.text() for node in sheet.css(".slips .receipt")]
    assert len(codes) == 2 and not any(code.replace("-", "") in made[0].headers["location"] for code in codes)
    for code in codes:
        assert visitor.post(at(promise, "/check"), data={"verdict": "yes", "receipt": code}).headers["location"].endswith("came=invitation")
    used = visitor.post(at(promise, "/check"), data={"verdict": "no", "receipt": codes[0]})
    assert used.status_code == 422 and "This invitation was used already." in used.text
    council = signed_in(town.place, organisation="council")
    assert not page_of(council, f"{desk}/checks").css("#number")
    assert council.post(f"{desk}/invitations", data={"number": "2"}).status_code == 403
    assert council.get(made[0].headers["location"]).status_code == 404
    assert signed_in(town.place, Role.FRONTLINE).post(f"{desk}/invitations", data={"number": "2"}).status_code == 404


def test_poster_leads_to_the_question(town: Town, visitor: TestClient) -> None:
    promise, gone = town.claimed(), town.promise()
    page = page_of(visitor, at(promise, "/poster"))
    assert words_in(page, ".paper-address").endswith(at(promise, "/check")) and page.css(".poster svg")
    town.says(town.hub, gone, Standing.RELEASED, released_by="The tenants", released_on="2026-11-02")
    assert visitor.get(at(gone, "/poster")).status_code == 404
    assert "Nobody is asked about this one" in words_in(page_of(visitor, at(gone, "/check")))
    refused = visitor.post(at(gone, "/check"), data={"verdict": "yes", "comment": "I <kept> looking."})
    assert refused.status_code == 409 and "I &lt;kept&gt; looking." in refused.text, "nothing typed is lost"


@pytest.mark.parametrize("act", ["publish", "withhold"])
def test_moderator_decides_what_others_read(town: Town, signed_in: SignedIn, visitor: TestClient, act: str) -> None:
    promise = town.claimed()
    town.check(promise, "partly", comment="Half of it is <mud>.", share="words_public")
    moderator = signed_in(town.place, Role.MODERATOR)
    [form] = [
        one for one in page_of(moderator, f"/staff/hillside/promises/{promise}/checks").css("form") if "/checks/" in str(one.attributes)
    ]
    assert "mud" not in visitor.get(at(promise)).text
    facts: dict[str, Any] = {"data": {"act": act}}
    assert moderator.post(form.attributes["action"] or "", **facts).status_code == 303
    assert ("Half of it is <mud>." in words_in(page_of(visitor, at(promise)))) == (act == "publish")
