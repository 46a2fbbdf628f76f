"""The one list of what waits for somebody: every duty that is theirs, no other, the oldest first, and counts that are right."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

INBOX = "/staff/hillside/inbox"
PARTS = ("duties", "owed", "proposed", "offered", "stories", "promises", "unread", "answered")
SignedIn = Callable[..., TestClient]
PROMISE = {
    "side": "our_part",
    "maker": "council",
    "text": "We will lay a hard path.",
    "kept_when": "A pushchair gets there.",
    "made_on": "2026-11-01",
    "due_on": "2027-05-01",
}


@pytest.fixture(autouse=True)
def members(make: Make, hillside: PlaceCard) -> None:
    """Hillside's council and hub, an area of it, and a topic for each of the two."""
    for code in ("council", "hub"):
        make.organisation(hillside, code, name=code.title())
        make.topic(hillside, f"{code}-things", organisation=code)
    make.area(hillside, "linden", name="Linden")


def page_of(browser: TestClient, **query: str) -> LexborHTMLParser:
    answer = browser.get(INBOX, params=query or None)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def words_in(page: LexborHTMLParser, selector: str = "main") -> str:
    return " ".join(" ".join(node.text() for node in page.css(selector)).split())


def listed(browser: TestClient, **query: str) -> list[str]:
    """What every row says in the teller's or maker's words, in the order of the list."""
    return [words_in(LexborHTMLParser(node.html or ""), "[dir=auto]") for node in page_of(browser, **query).css(".item")]


def counted(browser: TestClient, **query: str) -> dict[str, int]:
    """The number beside each part."""
    links = page_of(browser, **query).css("a[id^=part-]")
    return {(link.attributes["id"] or "").removeprefix("part-"): int(link.text().split()[-1]) for link in links}


def promised(client: TestClient, *moves: str, **fields: Any) -> str:
    """The path of a promise that was made, and then moved."""
    path = client.post("/staff/hillside/promises/new", data={**PROMISE, **fields, "idempotency_key": str(uuid4())}).headers["location"]
    for to in moves:
        say(client, path, to)
    return path


def say(client: TestClient, path: str, to: str) -> None:
    answer = client.post(f"{path}/updates", data={"note": "It is so.", "to": to, "idempotency_key": str(uuid4())})
    assert answer.status_code == 303, answer.text


# ---- what is in it ---------------------------------------------------------------------------------------------------


def test_every_kind_of_duty_stands_in_one_list_the_oldest_first(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, clock: SettableClock
) -> None:
    staff, council = signed_in(hillside), signed_in(hillside, organisation="council")
    path = promised(council)
    make.message(hillside, "First.")
    clock.advance(hours=1)
    make.story(hillside, "Second.")
    clock.advance(hours=1)
    say(council, path, "claimed_kept")
    clock.advance(hours=1)
    make.message(hillside, "Last.", share="words_public")
    assert listed(staff) == ["First.", "Second.", "We will lay a hard path.", "Last."]
    assert counted(staff) == {
        "duties": 4,
        "owed": 2,
        "proposed": 0,
        "offered": 1,
        "stories": 1,
        "promises": 1,
        "seen": 0,
        "tasks": 0,
        "outside": 0,
        "unread": 2,
        "answered": 0,
    }
    assert words_in(page_of(staff), "h1") == "4 things wait for you"
    links = [node.attributes["href"] for node in page_of(staff).css(".item .acts a")]
    assert links[2] == path and all(staff.get(link or "").status_code == 200 for link in links)


def test_count_beside_a_part_is_the_number_of_its_rows(make: Make, hillside: PlaceCard, signed_in: SignedIn) -> None:
    council = signed_in(hillside, organisation="council")
    promised(council, "claimed_kept")
    for topic in (None, "council-things", "hub-things"):
        make.message(hillside, topic=topic, share="words_public")
    for name in ("council", "hub"):
        make.story(hillside, f"Of the {name}.", organisation=None)
    for role in ("frontline", "coordinator", "moderator"):
        for organisation in (None, "council", "hub"):
            browser = signed_in(hillside, role, organisation=organisation)
            found = counted(browser)
            assert found == {part: len(listed(browser, part=part)) for part in found}, (role, organisation)


def test_message_that_asks_for_an_answer_and_a_decision_is_one_row(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    message = make.message(hillside, "The bench has gone.", share="words_public")
    assert listed(staff) == ["The bench has gone."] and "May others read it?" in words_in(page_of(staff), ".item")
    staff.post(f"/staff/hillside/messages/{make.message_id(message)}/reply", data={"outcome": "thank_you", "body": "It is back."})
    assert listed(staff) == ["The bench has gone."], "the answer does not end the other duty"
    assert words_in(page_of(staff), ".item .btn").startswith("Decide")
    staff.post(f"/staff/hillside/messages/{make.message_id(message)}/publish")
    assert listed(staff) == [] and words_in(page_of(staff), "h1") == "Nothing waits for you"


def test_nobody_owes_what_they_may_not_do(make: Make, hillside: PlaceCard, signed_in: SignedIn) -> None:
    make.message(hillside, "To the team.", share="words_public")
    make.message(hillside, "To the hub.", topic="hub-things", share="words_public")
    promised(signed_in(hillside, organisation="council"), "claimed_kept")
    make.story(hillside, "A story.")
    duties = {
        ("coordinator", None): {"To the team.", "To the hub.", "A story.", "We will lay a hard path."},
        ("moderator", None): {"To the team.", "To the hub.", "A story."},
        ("coordinator", "hub"): {"To the hub.", "We will lay a hard path."},
        ("coordinator", "council"): set(),
        ("moderator", "hub"): set(),
    }
    for (role, organisation), theirs in duties.items():
        assert set(listed(signed_in(hillside, role, organisation=organisation))) == theirs, (role, organisation)


def test_front_line_owes_nothing_and_sees_what_waits_for_others(make: Make, hillside: PlaceCard, signed_in: SignedIn) -> None:
    make.message(hillside, "The bench has gone.")
    browser = signed_in(hillside, "frontline")
    assert counted(browser) == {"owed": 1, "unread": 1, "answered": 0}
    assert listed(browser) == listed(browser, part="duties") == ["The bench has gone."]
    assert words_in(page_of(browser), "h1") == "1 message needs an answer"


def test_own_story_waits_for_somebody_else(hillside: PlaceCard, signed_in: SignedIn) -> None:
    writer, other = signed_in(hillside), signed_in(hillside)
    told = {"kind": "worked", "body": "It worked.", "occurred_on": "2026-11-20", "idempotency_key": str(uuid4())}
    assert writer.post("/staff/hillside/log", data=told).status_code == 303
    assert (listed(writer, part="stories"), listed(other, part="stories")) == ([], ["It worked."])


def test_promise_waits_for_those_outside_who_have_not_judged_it(hillside: PlaceCard, signed_in: SignedIn) -> None:
    council, hub, staff = signed_in(hillside, organisation="council"), signed_in(hillside, organisation="hub"), signed_in(hillside)
    path = promised(council)
    assert not listed(hub, part="promises")
    say(staff, path, "claimed_kept")
    assert [len(listed(who, part="promises")) for who in (council, hub, staff)] == [0, 1, 0], "who wrote the claim down is of the maker"
    say(hub, path, "disputed")
    assert [len(listed(who, part="promises")) for who in (council, hub)] == [0, 1]
    say(hub, path, "broken")
    assert [len(listed(who, part="promises")) for who in (council, hub, signed_in(hillside))] == [0, 0, 1], "one verdict is given"


# ---- narrowing it ----------------------------------------------------------------------------------------------------


def test_list_is_narrowed_by_what_the_address_says_and_so_are_its_counts(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    make.message(hillside, "A.", topic="hub-things", kind="idea")
    make.message(hillside, "B.", area="linden", kind="question")
    make.message(hillside, "C.", whole_place=True)
    make.story(hillside, "D.", area="linden")
    asked: dict[tuple[str, str], list[str]] = {
        ("topic", "hub-things"): ["A."],
        ("organisation", "hub"): ["A."],
        ("organisation", "none"): ["B.", "C.", "D."],
        ("area", "linden"): ["B.", "D."],
        ("area", "whole_place"): ["C."],
        ("area", "none"): ["A."],
        ("kind", "question"): ["B."],
    }
    for (name, value), found in asked.items():
        assert sorted(listed(staff, **{name: value})) == found, (name, value)
        assert counted(staff, **{name: value})["duties"] == len(found), (name, value)
    assert listed(staff, area="linden", kind="question") == ["B."]
    assert words_in(page_of(staff, area="linden"), "h1") == "4 things wait for you", "the whole duty stays in sight"


def test_links_and_form_keep_what_was_chosen(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    make.message(hillside, area="linden")
    page = page_of(staff, part="owed", area="linden")
    assert {part: "area=linden" in (page.css(f"#part-{part}")[0].attributes["href"] or "") for part in PARTS} == dict.fromkeys(PARTS, True)
    assert [node.attributes["value"] for node in page.css("#area option[selected]")] == ["linden"]
    assert [node.attributes["value"] for node in page.css(".narrow form[method=get] input[name=part]")] == ["owed"]
    assert words_in(page, "#narrowed") == "Narrowed to: Linden. Show all again" and not page_of(staff).css("#narrowed")


def test_what_is_not_there_cannot_be_asked_for(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    make.message(hillside, "A.")
    for query in ({"area": "nowhere"}, {"kind": "worked"}, {"part": "all"}, {"organisation": "'"}, {"after": "x~y"}, {"topic": "linden"}):
        assert listed(staff, **query) == ["A."], query


def test_empty_list_says_why_and_what_to_do(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    said = {part: words_in(page_of(staff, part=part), ".empty h2") for part in PARTS}
    assert len(set(said.values())) == len(PARTS) and all(said.values())
    make.message(hillside, "A.")
    page = page_of(staff, area="linden")
    assert words_in(page, ".empty h2") == "Nothing here fits what you chose."
    assert [node.attributes["href"] for node in page.css(".empty a")] == [f"{INBOX}?part=duties"]


def test_pages_of_one_list_hold_everything_once(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    for number in range(27):  # all in the same moment: only their ids tell them apart
        make.message(hillside, f"Message {number}.")
        make.story(hillside, f"Story {number}.")
    first = listed(staff)
    following = [node.attributes["href"] or "" for node in page_of(staff).css("a") if "after=" in (node.attributes["href"] or "")]
    second = [node.text() for node in LexborHTMLParser(staff.get(following[0]).text).css(".item .words")]
    assert len(first) == 50 and len(set(first) | set(second)) == 54 == len(first) + len(second)


# ---- while it is open ------------------------------------------------------------------------------------------------


def test_list_that_looks_again_gets_nothing_until_there_is_something_new(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    make.message(hillside, "A.")
    [looks] = [node.attributes["data-hx-get"] or "" for node in page_of(staff, part="owed").css("#message-list")]
    part = {"HX-Request-Type": "partial", "HX-Target": "div#message-list"}
    assert [staff.get(looks, headers=part).status_code for _time in range(2)] == [204, 204]
    make.message(hillside, "B.")
    answer = staff.get(looks, headers=part)
    assert answer.status_code == 200 and "B." in answer.text and "<html" not in answer.text
    assert answer.text.strip() in staff.get(INBOX, params={"part": "owed"}).text


def test_list_tells_nobody_that_something_came_which_they_may_not_read(make: Make, hillside: PlaceCard, signed_in: SignedIn) -> None:
    hub = signed_in(hillside, organisation="hub")
    [looks] = [node.attributes["data-hx-get"] or "" for node in page_of(hub).css("#message-list")]
    make.message(hillside, topic="council-things", share="words_public")
    make.story(hillside)
    assert hub.get(looks).status_code == 204
    make.message(hillside, topic="hub-things")
    assert hub.get(looks).status_code == 200


def test_late_ones_are_as_many_as_are_marked_late(make: Make, hillside: PlaceCard, signed_in: SignedIn, clock: SettableClock) -> None:
    """Over the end of summer time, a weekend, and either side of midnight as the place has it."""
    for moment in ("2026-10-23T22:30Z", "2026-10-23T23:30Z", "2026-10-24T23:30Z", "2026-10-25T00:30Z", "2026-10-26T00:00Z"):
        clock.at(moment)
        make.message(hillside, moment)
    found = []
    for moment in ("2026-11-06T23:59Z", "2026-11-07T00:00Z", "2026-11-09T00:00Z", "2026-11-10T00:00Z"):
        clock.at(moment)
        page = page_of(signed_in(hillside), part="owed")
        late = len(page.css(".item.urgent"))
        found.append(late)
        assert words_in(page, "main > div > .lead").startswith(f"{late} " if late else "None is late.")
    assert found == sorted(found) and (found[0], found[-1]) == (0, 5)


def test_what_is_late_is_counted_of_what_waits_for_them(make: Make, hillside: PlaceCard, signed_in: SignedIn, clock: SettableClock) -> None:
    """A late task of an answer is late as a late message is; whoever answers nothing is told of no answer that is late."""
    bea, answered = signed_in(hillside), make.message(hillside, "It is dark.")
    task = {"outcome": "will_do", "promise_as": "task", "promise_text": "A lamp.", "promise_role": "The caretaker", "body": "You will see."}
    sent = bea.post(f"/staff/hillside/messages/{make.message_id(answered)}/reply", data={**task, "promise_due_on": "2026-11-30"})
    assert sent.status_code == 303
    make.message(hillside, "Nobody came.")
    clock.advance(days=30)
    make.message(hillside, "Mine to show.", share="words_public")
    page = page_of(signed_in(hillside, email="kim@hillside.example"))
    assert words_in(page, "h1") == "3 things wait for you" and words_in(page, "main > div > .lead").startswith("2 are late.")
    page = page_of(signed_in(hillside, "moderator"))
    assert words_in(page, "h1") == "1 thing waits for you" and words_in(page, "main > div > .lead").startswith("None is late.")
