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
        following = [node.attributes["href"] or "" for node in page.css("a") if "after=" in (node.attributes["href"] or "")]
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
    assert (answer.status_code, answer.headers["location"]) == (303, path_to(make, message))
    assert "We have read it" in resident.post("/hillside/answer", data={"code": message.code}).text
    assert not [
        node for node in page_of(staff, path_to(make, message)).css("main form") if (node.attributes["action"] or "").endswith("/read")
    ]


def test_refused_reply_comes_back_with_what_was_typed_and_what_is_wrong(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    message = make.message(hillside)
    for sent, wrong in (
        ({"outcome": "cannot_do", "body": "We <cannot> do it.", "reason": ""}, ["#reason"]),
        ({"outcome": "passed_on", "body": "", "reason": "Not our land."}, ["#body"]),
        ({"outcome": "will_do", "body": "In May.", "reason": ""}, ["#outcome"]),
        ({"outcome": "", "body": "Something.", "reason": ""}, ["#outcome"]),
        ({"outcome": "nonsense", "body": "Something.", "reason": ""}, ["#outcome"]),
        ({"outcome": "done", "body": "x" * 5_001, "reason": ""}, ["#body"]),
        ({"outcome": "cannot_do", "body": "", "reason": ""}, ["#body", "#reason"]),
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


def test_reply_is_read_with_the_code_and_not_by_anybody_else(
    make: Make, hillside: PlaceCard, staff: TestClient, resident: TestClient, clock: SettableClock
) -> None:
    message, other = make.message(hillside, "The bench has gone."), make.message(hillside, "The path is wet.")
    clock.advance(hours=2)
    sent = {"outcome": "cannot_do", "body": "We asked.", "reason": "The council does not own this land."}
    answer = staff.post(f"{path_to(make, message)}/reply", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, path_to(make, message))
    mine = resident.post("/hillside/answer", data={"code": message.code}).text
    theirs = resident.post("/hillside/answer", data={"code": other.code}).text
    for words in ("We cannot do this.", *list(sent.values())[1:]):
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
