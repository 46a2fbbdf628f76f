"""Messages as staff meet them: the inbox, one message, the reply. Over HTTP and without JavaScript."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlmodel import select
from starlette.testclient import TestClient

from service.feedback.actions import Received
from service.journal.models import Entry
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

INBOX = "/staff/hillside/inbox"
SignedIn = Callable[..., TestClient]


def page_of(browser: TestClient, path: str, **query: str) -> LexborHTMLParser:
    answer = browser.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def words_in(page: LexborHTMLParser, selector: str = "main") -> str:
    return " ".join(node.text() for node in page.css(selector))


def listed(browser: TestClient, part: str = "owed") -> list[str]:
    """The words of every message in a part of the inbox, in its order."""
    return [node.text() for node in page_of(browser, INBOX, part=part).css(".ilist .words")]


def path_to(make: Make, message: Received) -> str:
    return f"/staff/hillside/messages/{make.message_id(message)}"


def form_to(page: LexborHTMLParser, ending: str) -> LexborNode:
    [form] = [node for node in page.css("main form") if (node.attributes["action"] or "").endswith(ending)]
    return form


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_shown_the_way_in_and_no_words(make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    path = path_to(make, make.message(hillside, "They shouted."))
    for get in (INBOX, "/staff/hillside", path):
        answer = visitor.get(get)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff") and "shouted" not in answer.text
    for post in (f"{path}/read", f"{path}/reply"):
        answer = visitor.post(post, data={"outcome": "done", "body": "x"})
        assert answer.status_code == 401 and "shouted" not in answer.text


def test_staff_of_another_collaboration_find_nothing_here(make: Make, hillside: PlaceCard, signed_in: SignedIn) -> None:
    path = path_to(make, make.message(hillside, "They shouted."))
    stranger = signed_in(make.collaboration("amber-vale"))
    answers = [stranger.get(INBOX), stranger.get(path), stranger.get(path.replace("hillside", "amber-vale"))]
    answers += [stranger.post(f"{base}/{act}", data={"outcome": "done", "body": "x"}) for base in (path,) for act in ("read", "reply")]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert not [answer for answer in answers if "shouted" in answer.text]


def test_each_sees_the_messages_that_are_theirs_and_no_count_of_others(make: Make, hillside: PlaceCard, signed_in: SignedIn) -> None:
    for code in ("council", "nhs"):
        make.organisation(hillside, code)
        make.topic(hillside, code, organisation=code)
    messages = {
        words: make.message(hillside, words, topic=topic) for words, topic in (("Any.", None), ("Path.", "council"), ("Pain.", "nhs"))
    }
    sees = {
        ("coordinator", None): {"Any.", "Path.", "Pain."},
        ("frontline", None): {"Any.", "Path.", "Pain."},
        ("moderator", "council"): {"Path."},
        ("frontline", "nhs"): {"Pain."},
    }
    for (role, organisation), theirs in sees.items():
        browser = signed_in(hillside, role, organisation=organisation)
        assert set(listed(browser)) == theirs
        assert words_in(page_of(browser, INBOX), "#part-owed").endswith(f" {len(theirs)}")
        for words, message in messages.items():
            assert (browser.get(path_to(make, message)).status_code == 200) == (words in theirs)
    for role in ("admin", "viewer"):
        browser = signed_in(hillside, role)
        assert browser.get(INBOX).status_code == 404
        assert {browser.get(path_to(make, message)).status_code for message in messages.values()} == {404}


def test_front_line_reads_and_is_offered_no_answer(make: Make, hillside: PlaceCard, signed_in: SignedIn) -> None:
    path = path_to(make, make.message(hillside, contact="07700 900001"))
    browser = signed_in(hillside, "frontline")
    page = page_of(browser, path)
    assert not page.css("textarea") and "07700" not in words_in(page)
    assert browser.post(f"{path}/reply", data={"outcome": "done", "body": "x"}).status_code == 404
    assert browser.post(f"{path}/read").status_code == 303


# ---- the inbox -------------------------------------------------------------------------------------------------------


def test_longest_wait_comes_first_and_the_latest_answer_first(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, clock: SettableClock
) -> None:
    messages = []
    for words in ("First.", "Second.", "Third."):
        messages.append(make.message(hillside, words))
        clock.advance(days=1)
    staff = signed_in(hillside)
    assert listed(staff) == ["First.", "Second.", "Third."]
    for message in messages[:2]:
        staff.post(f"{path_to(make, message)}/reply", data={"outcome": "done", "body": "Done."})
    assert listed(staff) == ["Third."]
    assert listed(staff, "answered") == ["Second.", "First."]


def test_pages_of_the_inbox_hold_every_message_once_in_order(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    sent = [f"Message {number}." for number in range(103)]
    for words in sent:  # all in the same moment: only their ids tell them apart
        make.message(hillside, words)
    found: list[str] = []
    path = INBOX
    for _page in range(3):
        page = page_of(staff, path)
        found += [node.text() for node in page.css(".ilist .words")]
        following = [node.attributes["href"] or "" for node in page.css("#next-page")]
        path = following[0] if following else ""
    assert found == sent and not path


def test_lateness_is_counted_in_working_days(make: Make, hillside: PlaceCard, signed_in: SignedIn, clock: SettableClock) -> None:
    make.message(hillside, "The bench has gone.")
    clock.at("2026-12-07T20:00+00:00")
    staff = signed_in(hillside)
    assert "None is late. We aim to answer within 10 working days." in words_in(page_of(staff, INBOX)) and "due today" in words_in(
        page_of(staff, INBOX)
    )
    clock.at("2026-12-08T00:01+00:00")
    assert "1 is late. We aim to answer within 10 working days." in words_in(page_of(staff, INBOX))
    assert page_of(staff, INBOX).css(".item.urgent")


def test_part_of_the_page_is_the_same_as_in_the_page(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    make.message(hillside, "The bench has gone.")
    part = staff.get(INBOX, headers={"HX-Request-Type": "partial", "HX-Target": "div#message-list"})
    assert part.text.strip() and part.text.strip() in staff.get(INBOX).text and "<html" not in part.text
    assert {"HX-Request-Type", "HX-Target"} <= {name.strip() for name in part.headers["vary"].split(",")}


def test_words_are_shown_as_text_whatever_they_are(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    words = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }}"
    path = path_to(make, make.message(hillside, words, want=words, contact=words))
    for at in (INBOX, path):
        page = page_of(staff, at)
        assert words in words_in(page) and not page.css("main script, main img")


# ---- one message -----------------------------------------------------------------------------------------------------


def test_opening_a_message_changes_nothing_and_marking_it_read_tells_the_sender(
    make: Make, hillside: PlaceCard, staff: TestClient, resident: TestClient
) -> None:
    message = make.message(hillside, "The bench has gone.")
    page = page_of(staff, path_to(make, message))
    assert "Nobody has read it yet." in resident.post("/hillside/answer", data={"code": message.code}).text
    answer = staff.post(form_to(page, "/read").attributes["action"] or "")
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, path_to(make, message))
    assert "We have read it" in resident.post("/hillside/answer", data={"code": message.code}).text
    assert not [
        node for node in page_of(staff, path_to(make, message)).css("main form") if (node.attributes["action"] or "").endswith("/read")
    ]


def test_refused_reply_comes_back_with_what_was_typed_and_what_is_wrong(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    message = make.message(hillside)
    for sent, wrong in (
        ({"outcome": "cannot_do", "no_kind": "not_ours", "body": "We <cannot> do it.", "reason": ""}, ["#reason"]),
        ({"outcome": "cannot_do", "body": "We cannot.", "reason": "Not our land."}, ["#no_kind"]),
        ({"outcome": "cannot_do", "no_kind": "nonsense", "body": "We cannot.", "reason": "Not our land."}, ["#no_kind"]),
        ({"outcome": "passed_on", "body": "", "reason": "Not our land."}, ["#body"]),
        ({"outcome": "", "body": "", "reason": "Not our land."}, ["#outcome", "#body"]),
        ({"outcome": "", "body": "Something.", "reason": ""}, ["#outcome"]),
        ({"outcome": "nonsense", "body": "Something.", "reason": ""}, ["#outcome"]),
        ({"outcome": "done", "body": "x" * 5_001, "reason": ""}, ["#body"]),
        ({"outcome": "cannot_do", "no_kind": "other", "body": "", "reason": ""}, ["#body", "#reason"]),
    ):
        answer = staff.post(f"{path_to(make, message)}/reply", data=sent)
        page = LexborHTMLParser(answer.text)
        assert answer.status_code == 422
        assert [node.attributes["href"] for node in page.css(".govuk-error-summary a")] == wrong
        assert all(page.css(target) for target in wrong)
        assert {name: page.css(f"textarea[name={name}]")[0].text() for name in ("body", "reason")} == {
            name: sent[name] for name in ("body", "reason")
        }
    assert "No message waits" not in words_in(page_of(staff, INBOX), "h1")


def test_no_outcome_is_said_in_words(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    answer = staff.post(f"{path_to(make, make.message(hillside))}/reply", data={"body": "Something."})
    assert "Choose what came of it." in answer.text and "This is needed." not in answer.text


WILL_DO = {
    "outcome": "will_do",
    "body": "You will see it when you wait for the bus.",
    "promise_text": "We will put a bench at the bus stop.",
    "promise_maker": "council",
    "promise_due_on": "2027-03-01",
    "promise_kept_when": "A bench stands at the stop.",
}


def test_we_will_do_this_makes_a_promise_that_the_person_and_everybody_reads(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, resident: TestClient, visitor: TestClient
) -> None:
    make.organisation(hillside, "council", name="The council")
    make.area(hillside, "hill-road")
    staff = signed_in(hillside)
    message = make.message(hillside, "My mother cannot walk that far.", area="hill-road")
    path = path_to(make, message)
    answer = staff.post(f"{path}/reply", data=WILL_DO)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, path)
    [promise] = visitor.get("/api/v1/hillside/promises").json()["items"]
    assert (promise["text"], promise["maker"], promise["due_on"], promise["area"], promise["state"], promise["made_on"]) == (
        *("We will put a bench at the bus stop.", "council", "2027-03-01", "hill-road", "made", "2026-11-23"),
    )
    assert "My mother" not in str(promise)
    page = LexborHTMLParser(resident.post("/hillside/answer", data={"code": message.code}).text)
    assert (
        "Our answer" in words_in(page)
        and "We will do this." in words_in(page)
        and "By 1\N{NO-BREAK SPACE}March\N{NO-BREAK SPACE}2027." in words_in(page)
    )
    [link] = [node.attributes["href"] for node in page.css(".reply a")]
    assert link == f"/hillside/promises/{promise['id']}" and visitor.get(link).status_code == 200
    [reply] = resident.post("/api/v1/hillside/receipts", json={"code": message.code}).json()["replies"]
    assert (reply["outcome"], reply["promise"], reply["due_on"]) == ("will_do", promise["id"], "2027-03-01")


def test_promise_of_an_answer_is_refused_with_the_answer_and_neither_is_there(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, visitor: TestClient
) -> None:
    make.organisation(hillside, "council")
    staff = signed_in(hillside)
    path = path_to(make, make.message(hillside))
    for change, wrong in (
        ({"promise_text": "", "promise_due_on": "", "body": ""}, ["#promise_text", "#promise_due_on", "#body"]),
        ({"promise_maker": "", "promise_kept_when": " "}, ["#promise_maker", "#promise_kept_when"]),
        ({"promise_due_on": "1 May"}, ["#promise_due_on"]),
        ({"promise_due_on": "2026-11-22"}, ["#promise_due_on"]),
        ({"promise_maker": "nobody"}, ["#promise_maker"]),
    ):
        answer = staff.post(f"{path}/reply", data={**WILL_DO, **change, "idempotency_key": str(uuid4())})
        page = LexborHTMLParser(answer.text)
        assert answer.status_code == 422, change
        assert [node.attributes["href"] for node in page.css(".govuk-error-summary a")] == wrong
        assert all(page.css(target) for target in wrong)
    assert visitor.get("/api/v1/hillside/promises").json()["items"] == []
    assert "No message waits" not in words_in(page_of(staff, INBOX), "h1")
    ignored = staff.post(f"{path}/reply", data={**WILL_DO, "outcome": "done", "promise_due_on": "never"})
    assert ignored.status_code == 303 and visitor.get("/api/v1/hillside/promises").json()["items"] == []


def test_nobody_promises_for_another_organisation(make: Make, hillside: PlaceCard, signed_in: SignedIn, visitor: TestClient) -> None:
    for code in ("council", "nhs"):
        make.organisation(hillside, code)
        make.topic(hillside, code, organisation=code)
    own = signed_in(hillside, "coordinator", organisation="nhs")
    path = path_to(make, make.message(hillside, topic="nhs"))
    assert [node.attributes.get("value") for node in page_of(own, path).css("#promise_maker option")] == ["", "nhs"]
    assert own.post(f"{path}/reply", data=WILL_DO).status_code == 403
    assert visitor.get("/api/v1/hillside/promises").json()["items"] == []
    assert own.post(f"{path}/reply", data={**WILL_DO, "promise_maker": "nhs"}).status_code == 303


def test_two_taps_are_one_answer_and_one_promise(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, resident: TestClient, visitor: TestClient
) -> None:
    make.organisation(hillside, "council")
    staff = signed_in(hillside)
    message = make.message(hillside)
    path = path_to(make, message)
    [key] = [node.attributes["value"] or "" for node in page_of(staff, path).css("input[name=idempotency_key]")]
    refused = staff.post(f"{path}/reply", data={**WILL_DO, "body": "", "idempotency_key": key})
    assert refused.status_code == 422
    for _tap in range(2):  # what was refused did not use up the key
        answer = staff.post(f"{path}/reply", data={**WILL_DO, "idempotency_key": key})
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, path)
    changed = staff.post(f"{path}/reply", data={**WILL_DO, "body": "Another answer.", "idempotency_key": key})
    page = LexborHTMLParser(changed.text)
    assert changed.status_code == 409 and page.css("textarea[name=body]")[0].text() == "Another answer."
    [fresh] = [node.attributes["value"] for node in page.css("input[name=idempotency_key]")]
    assert fresh != key
    replies = resident.post("/api/v1/hillside/receipts", json={"code": message.code}).json()["replies"]
    assert len(replies) == 1 == len(visitor.get("/api/v1/hillside/promises").json()["items"])


def test_reply_is_read_with_the_code_and_not_by_anybody_else(
    make: Make, hillside: PlaceCard, staff: TestClient, resident: TestClient, clock: SettableClock
) -> None:
    message, other = make.message(hillside, "The bench has gone."), make.message(hillside, "The path is wet.")
    clock.advance(hours=2)
    sent = {"outcome": "cannot_do", "no_kind": "not_ours", "body": "We asked.", "reason": "The council does not own this land."}
    answer = staff.post(f"{path_to(make, message)}/reply", data=sent)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, path_to(make, message))
    mine = resident.post("/hillside/answer", data={"code": message.code}).text
    theirs = resident.post("/hillside/answer", data={"code": other.code}).text
    for words in ("We cannot do this.", "It is not ours to do.", *list(sent.values())[2:]):
        assert words in mine and words not in theirs


def test_message_taken_back_is_gone_for_staff_at_once(make: Make, hillside: PlaceCard, staff: TestClient, resident: TestClient) -> None:
    message = make.message(hillside, "They shouted.")
    path = path_to(make, message)
    resident.post("/hillside/answer", data={"code": message.code, "act": "withdraw"})
    answers = [staff.get(path), staff.post(f"{path}/read"), staff.post(f"{path}/reply", data={"outcome": "done", "body": "x"})]
    assert [answer.status_code for answer in answers] == [404] * 3
    for part in ("owed", "unread", "answered"):
        assert listed(staff, part) == []


def test_another_site_s_form_does_nothing(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    path = path_to(make, make.message(hillside))
    with make.database.read() as reads:
        before = len(reads.exec(select(Entry)).all())
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ):
        assert staff.post(f"{path}/reply", data={"outcome": "done", "body": "x"}, headers=headers).status_code == 403
    with make.database.read() as reads:
        assert len(reads.exec(select(Entry)).all()) == before


def test_pages_of_staff_are_kept_by_no_cache(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    path = path_to(make, make.message(hillside))
    answers = [staff.get("/staff"), staff.get(INBOX), staff.get(path), staff.post(f"{path}/reply", data={}), staff.post(f"{path}/read")]
    answers += [staff.get(f"/staff/hillside/messages/{uuid4()}")]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 6


@pytest.mark.usefixtures("hillside")
def test_session_ends_when_it_is_idle(staff: TestClient, clock: SettableClock) -> None:
    for hours, status in ((11, 200), (11, 200), (12, 303)):
        clock.advance(hours=hours)
        assert staff.get(INBOX).status_code == status
