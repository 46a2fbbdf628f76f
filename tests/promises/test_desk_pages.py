"""Promises as staff meet them: the list with its drafts, making one, saying what became of it. Over HTTP and without JavaScript."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.people.models import Role
from service.places.queries import PlaceCard, find_organisation
from service.promises.models import Promise
from service.promises.queries import find_last_said
from tests.make import Make, SettableClock

LIST = "/staff/hillside/promises"
NEW = f"{LIST}/new"
API = "/api/v1/hillside/promises"
SignedIn = Callable[..., TestClient]
PATH = {
    "side": "our_part",
    "maker": "council",
    "text": "We will lay a hard path from Linden to the bus stop.",
    "kept_when": "A pushchair gets there after rain.",
    "made_on": "2026-11-01",
    "due_on": "2027-05-01",
}
YOURS = {"side": "your_part", "text": "We sweep our own steps.", "kept_when": "Clean.", "made_on": "2026-11-01", "review_by": "2027-01-01"}


@pytest.fixture(autouse=True)
def members(make: Make, hillside: PlaceCard) -> None:
    """Hillside's council and hub."""
    make.organisation(hillside, "council", name="The council")
    make.organisation(hillside, "hub", name="The hub")
    make.area(hillside, "linden", name="Linden")


@pytest.fixture
def council(hillside: PlaceCard, signed_in: SignedIn) -> TestClient:
    """A coordinator of the council."""
    return signed_in(hillside, organisation="council")


@pytest.fixture
def hub(hillside: PlaceCard, signed_in: SignedIn) -> TestClient:
    """A coordinator of the hub."""
    return signed_in(hillside, organisation="hub")


def made(client: TestClient, **fields: Any) -> str:
    """The path of the staff page of a new promise."""
    answer = client.post(NEW, data={**PATH, **fields, "idempotency_key": str(uuid4())})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def said(client: TestClient, path: str, to: str = "", **fields: Any) -> Any:
    return client.post(f"{path}/updates", data={"note": "It is so.", "to": to, **fields})


def page_of(client: TestClient, path: str) -> LexborHTMLParser:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def words_in(page: LexborHTMLParser, selector: str = "main") -> str:
    return " ".join(" ".join(node.text() for node in page.css(selector)).split())


def offered(client: TestClient, path: str) -> set[str]:
    return {node.attributes.get("value") or "" for node in page_of(client, path).css("input[name=to]")}


def wrong_in(answer: Any) -> list[str]:
    page = LexborHTMLParser(answer.text)
    links = [node.attributes["href"] or "" for node in page.css(".govuk-error-summary a")]
    assert all(page.css(link) for link in links)
    return links


def standing(visitor: TestClient, path: str) -> str:
    return str(visitor.get(f"{API}/{path.rpartition('/')[2]}").json().get("state", "nowhere"))


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_who_is_not_a_coordinator_reads_what_is_public_and_is_offered_nothing(
    hillside: PlaceCard, council: TestClient, signed_in: SignedIn
) -> None:
    path, draft = made(council), made(council, act="draft", text="We will do something.")
    for role in ("frontline", "moderator"):
        for organisation in (None, "council"):
            reader = signed_in(hillside, role, organisation=organisation)
            page = page_of(reader, LIST)
            assert "hard path" in words_in(page) and "do something" not in words_in(page) and not page.css(f"a[href='{NEW}']")
            assert not page_of(reader, path).css("main textarea") and reader.get(draft).status_code == 404
            answers = [reader.get(NEW), reader.post(NEW, data=PATH), said(reader, path), said(reader, draft)]
            assert [answer.status_code for answer in answers] == [404] * 4
    for role in ("admin", "viewer"):
        assert signed_in(hillside, role).get(LIST).status_code == 404


def test_nobody_promises_in_another_organisation_s_name(
    council: TestClient, hub: TestClient, staff: TestClient, visitor: TestClient
) -> None:
    assert [node.attributes.get("value") for node in page_of(council, NEW).css("#maker option")] == ["", "council"]
    assert {node.attributes.get("value") for node in page_of(staff, NEW).css("#maker option")} == {"", "council", "hub"}
    assert hub.post(NEW, data=PATH).status_code == 403
    assert visitor.get(API).json()["items"] == []
    assert standing(visitor, made(staff)) == "made"
    assert standing(visitor, made(hub, **YOURS, maker="", due_on="")) == "invited"


def test_draft_is_known_to_its_own_people_only_until_it_is_published(
    make: Make, hillside: PlaceCard, council: TestClient, hub: TestClient, staff: TestClient, visitor: TestClient, with_key: SignedIn
) -> None:
    draft = made(council, act="draft")
    promise = draft.rpartition("/")[2]
    with make.database.read() as reads:
        organisation = find_organisation(reads, hillside.id, "council")
        assert find_last_said(reads, hillside.id) == {}, "a draft says nothing to anybody"
    key = with_key(hillside, "promises:write", organisation=organisation)
    for stranger in (hub,):
        assert "hard path" not in words_in(page_of(stranger, LIST))
        assert [stranger.get(draft).status_code, said(stranger, draft).status_code] == [404, 404]
    assert visitor.get(f"/hillside/promises/{promise}").status_code == visitor.get(f"{API}/{promise}").status_code == 404
    assert key.post(f"{API}/{promise}/updates", json={"note": "x"}).status_code == 404
    for owner in (council, staff):
        assert "A draft" in words_in(page_of(owner, LIST)) and offered(owner, draft) == {"", "proposed", "made"}
    assert "Nobody else can read this yet." in words_in(page_of(council, draft))
    assert said(council, draft, "proposed").status_code == 303 and visitor.get(API).json()["items"] == []
    assert said(council, draft, "made").status_code == 303
    assert standing(visitor, draft) == "made" and hub.get(draft).status_code == 200


# ---- making one ------------------------------------------------------------------------------------------------------


def test_promise_is_made_with_everything_that_was_typed(council: TestClient, visitor: TestClient) -> None:
    page = page_of(council, NEW)
    assert page.css("#maker option[selected]")[0].attributes["value"] == "council"
    assert page.css("#made_on")[0].attributes["value"] == "2026-11-23"
    path = made(
        council, area="linden", deal="The Linden deal", summary="A hard path", source="Meeting of 1 November", review_by="2027-02-01"
    )
    shown = visitor.get(f"{API}/{path.rpartition('/')[2]}").json()
    assert {name: shown[name] for name in ("text", "side", "maker", "made_on", "due_on", "review_by", "kept_when")} == {
        **{name: PATH[name] for name in ("text", "side", "maker", "made_on", "due_on", "kept_when")},
        "review_by": "2027-02-01",
    }
    assert (shown["area"], shown["deal"], shown["summary"], shown["source"]) == (
        *("linden", "The Linden deal", "A hard path", "Meeting of 1 November"),
    )
    everywhere = visitor.get(f"{API}/{made(council, area='whole_place').rpartition('/')[2]}").json()
    assert (everywhere["area"], everywhere["whole_place"]) == (None, True)


def test_everything_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(council: TestClient, visitor: TestClient) -> None:
    for sent, wrong in (
        ({}, ["#side", "#text", "#kept_when", "#made_on", "#due_on"]),
        ({"side": "our_part"}, ["#maker", "#text", "#kept_when", "#made_on", "#due_on"]),
        ({**PATH, "text": "", "made_on": "yesterday"}, ["#text", "#made_on"]),
        ({**PATH, "made_on": "2026-11-24"}, ["#made_on"]),
        ({**PATH, "due_on": "2026-10-01"}, ["#due_on"]),
        ({**PATH, "area": "nowhere"}, ["#area"]),
        ({**PATH, "text": "x" * 2_001}, ["#text"]),
    ):
        answer = council.post(NEW, data={**sent, "deal": "<kept>"})
        assert (answer.status_code, wrong_in(answer)) == (422, wrong)
        assert LexborHTMLParser(answer.text).css("#deal")[0].attributes["value"] == "<kept>"
    assert visitor.get(API).json()["items"] == []


def test_two_taps_make_one_promise_and_say_one_thing(council: TestClient, visitor: TestClient) -> None:
    key = page_of(council, NEW).css("input[name=idempotency_key]")[0].attributes["value"]
    first, again = (council.post(NEW, data={**PATH, "idempotency_key": key}) for _tap in range(2))
    assert first.status_code == again.status_code == 303 and first.headers["location"] == again.headers["location"]
    assert len(visitor.get(API).json()["items"]) == 1
    other = council.post(NEW, data={**PATH, "text": "Another.", "idempotency_key": key})
    assert (other.status_code, wrong_in(other)) == (409, ["#text"]) and "Another." in other.text
    path = first.headers["location"]
    key = page_of(council, path).css("main input[name=idempotency_key]")[0].attributes["value"]
    for _tap in range(2):
        assert said(council, path, idempotency_key=key).status_code == 303
    assert len(visitor.get(f"{API}/{path.rpartition('/')[2]}").json()["history"]) == 1
    other = said(council, path, idempotency_key=key, evidence="Something else.")
    assert (other.status_code, wrong_in(other)) == (409, ["#note"])


# ---- saying what became of it ----------------------------------------------------------------------------------------


def test_only_moves_that_the_lifecycle_allows_to_this_member_are_offered(council: TestClient, hub: TestClient, staff: TestClient) -> None:
    path = made(council)
    assert offered(council, path) == {"", "under_way", "stalled", "claimed_kept", "changed", "broken"}
    assert offered(hub, path) == {"", "changed", "released"}
    assert offered(staff, path) == {"", "under_way", "stalled", "claimed_kept", "changed", "broken", "released"}
    said(council, path, "claimed_kept")
    assert offered(council, path) == {"", "broken"}
    assert offered(hub, path) == offered(staff, path) == {"", "kept", "disputed", "broken"}
    assert said(council, path, "kept").status_code == 409
    assert said(hub, path, "kept").status_code == 303
    assert not page_of(hub, path).css("input[name=community_agreed]")


def test_whoever_wrote_down_the_claim_does_not_check_it(
    hillside: PlaceCard, staff: TestClient, signed_in: SignedIn, visitor: TestClient
) -> None:
    path = made(staff)
    said(staff, path, "claimed_kept")
    assert offered(staff, path) == {"", "broken"}
    answer = said(staff, path, "kept", note="It is there, I saw it.")
    assert (answer.status_code, wrong_in(answer)) == (409, ["#to"]) and "It is there, I saw it." in answer.text
    assert standing(visitor, path) == "claimed_kept"
    assert said(signed_in(hillside, Role.COORDINATOR), path, "kept").status_code == 303
    assert standing(visitor, path) == "kept"


def test_dispute_is_settled_by_two(council: TestClient, hub: TestClient, staff: TestClient, visitor: TestClient) -> None:
    path = made(council)
    said(council, path, "claimed_kept")
    said(hub, path, "disputed")
    assert "Two people settle this, one of them from outside The council." in words_in(page_of(staff, path))
    assert said(council, path, "kept").status_code == 303 and standing(visitor, path) == "disputed"
    assert "A second one is awaited." in words_in(page_of(staff, path))
    assert said(staff, path, "kept").status_code == 303 and standing(visitor, path) == "kept"


def test_change_needs_its_reason_and_successor_and_agreement_is_said_from_outside(
    council: TestClient, hub: TestClient, visitor: TestClient
) -> None:
    first, second = made(council), made(council, text="We will lay gravel.")
    successor = second.rpartition("/")[2]
    assert [node.attributes.get("value") for node in page_of(council, first).css("#successor option")] == ["", successor]
    assert not page_of(council, first).css("input[name=community_agreed]") and page_of(hub, first).css("input[name=community_agreed]")
    assert wrong_in(said(council, first, "changed")) == ["#reason", "#successor"]
    assert wrong_in(said(council, first, "changed", reason="Stone costs more.", successor=str(uuid4()))) == ["#successor"]
    agreed = {"reason": "Stone costs more.", "successor": successor, "community_agreed": "yes"}
    assert said(council, first, "changed", **agreed).status_code == 403
    assert said(hub, first, "changed", **agreed).status_code == 303
    shown = visitor.get(f"{API}/{first.rpartition('/')[2]}").json()
    assert (shown["state"], shown["successor"], shown["community_agreed"]) == ("changed", successor, True)


def test_letting_go_says_who_and_when_and_other_moves_do_not_ask(council: TestClient, hub: TestClient, visitor: TestClient) -> None:
    path = made(council)
    assert wrong_in(said(hub, path, "released", note="")) == ["#note", "#released_by", "#released_on"]
    assert wrong_in(said(hub, path, "released", released_by="Linden Neighbours", released_on="2026-11-24")) == ["#released_on"]
    assert said(council, path, "under_way", released_on="nonsense", successor="nonsense").status_code == 303
    assert said(hub, path, "released", released_by="Linden Neighbours", released_on="2026-11-20").status_code == 303
    assert standing(visitor, path) == "released"
    assert wrong_in(said(council, path, "nonsense")) == ["#to"]


def test_community_s_part_moves_by_people(hub: TestClient, visitor: TestClient) -> None:
    path = made(hub, **YOURS, maker="", due_on="", act="draft")
    assert offered(hub, path) == {"", "invited"}
    for to in ("invited", "taken_up", "done"):
        assert said(hub, path, to).status_code == 303
    assert standing(visitor, path) == "done"


def test_list_says_what_needs_attention_first(council: TestClient, staff: TestClient) -> None:
    made(council, text="Later.")
    late = made(council, text="Late.", made_on="2026-10-01", due_on="2026-11-22")
    said(council, made(council, text="Claimed."), "claimed_kept")
    made(council, text="Drafted.", act="draft")
    page = page_of(staff, LIST)
    assert [node.text() for node in page.css(".plist h3")] == ["Late.", "Claimed.", "Later.", "Drafted."]
    assert "1 is late. 1 waits for somebody else to check it." in words_in(page)
    assert page.css(".plist a")[0].attributes["href"] == late


def test_pages_of_staff_are_kept_by_no_cache_and_show_words_as_text(council: TestClient) -> None:
    words = "<script>alert(1)</script> {{ 7*7 }}"
    path = made(council, text=words, kept_when=words, deal=words)
    said(council, path, evidence=words)
    answers = [council.get(LIST), council.get(NEW), council.get(path), council.post(NEW, data={}), said(council, path)]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    for at in (LIST, path):
        assert words in words_in(page_of(council, at)) and not page_of(council, at).css("main script")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert council.post(NEW, data=PATH, headers=headers).status_code == 403


# ---- the public page -------------------------------------------------------------------------------------------------


def test_what_they_say_is_said_once_and_nothing_due_is_no_count(council: TestClient, visitor: TestClient) -> None:
    path = made(council)
    page = page_of(visitor, "/hillside/promises")
    assert "Nothing was due yet." in words_in(page) and "fell due" not in words_in(page)
    said(council, path, "claimed_kept")
    voice = words_in(page_of(visitor, f"/hillside/promises/{path.rpartition('/')[2]}"), ".voice.they")
    assert voice.startswith("They say It is done.")


# ---- who said something last -----------------------------------------------------------------------------------------


def test_each_organisation_s_last_word_is_known(
    make: Make, hillside: PlaceCard, council: TestClient, hub: TestClient, clock: SettableClock
) -> None:
    path = made(council)
    first = clock()
    second = clock.advance(hours=3)
    said(hub, path)
    with make.database.read() as reads:
        ids = [row.id for code in ("council", "hub") if (row := find_organisation(reads, hillside.id, code))]
        assert find_last_said(reads, hillside.id) == dict(zip(ids, (first, second), strict=True))
    with make.database.write() as writes:
        for promise in writes.exec(select(Promise)):
            promise.origin, promise.ref = "manifesto", "1"
            writes.add(promise)
    with make.database.read() as reads:
        assert find_last_said(reads, hillside.id) == {ids[1]: second}, "what others collected is not the organisation's word"
