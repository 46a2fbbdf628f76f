"""Two people at once: who comes second reads who was first, loses nothing, and decides again. And what comes next, one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.actions import Received
from service.feedback.models import Feedback, Reply
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

SignedIn = Callable[..., TestClient]
MINE = "I asked the lighting team, and they come on Tuesday."


@pytest.fixture
def bea(hillside: PlaceCard, make: Make, signed_in: SignedIn) -> TestClient:
    make.organisation(hillside, "hub", name="Hub")
    return signed_in(hillside, name="Bea Lee", email="bea@example.org")


@pytest.fixture
def cal(hillside: PlaceCard, bea: TestClient, signed_in: SignedIn) -> TestClient:
    assert bea.cookies
    return signed_in(hillside, name="Cal Roe", email="cal@example.org")


def path_to(make: Make, message: Received) -> str:
    return f"/staff/hillside/messages/{make.message_id(message)}"


def page_of(browser: TestClient, path: str) -> LexborHTMLParser:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def form_of(page: LexborHTMLParser, ending: str) -> dict[str, str]:
    """The hidden fields of a form, as its page filled them."""
    form = next(node for node in page.css("main form") if (node.attributes["action"] or "").split("?")[0].endswith(ending))
    return {node.attributes["name"] or "": node.attributes.get("value") or "" for node in form.css("input[type=hidden]")}


def words_in(page: LexborHTMLParser, selector: str = "main") -> str:
    return " ".join(" ".join(node.text() for node in page.css(selector)).split())


def test_second_to_answer_reads_who_was_first_and_loses_nothing(
    make: Make, hillside: PlaceCard, bea: TestClient, cal: TestClient, clock: SettableClock, database: Database
) -> None:
    path = path_to(make, make.message(hillside, "The lamp is out."))
    hers, his = (form_of(page_of(who, path), "/reply") for who in (bea, cal))
    assert bea.post(f"{path}/reply", data={**hers, "outcome": "done", "body": "It shines again."}).status_code == 303
    clock.advance(minutes=2)
    late = cal.post(f"{path}/reply", data={**his, "outcome": "will_do", "body": MINE, **PROMISE})
    page = LexborHTMLParser(late.text)
    assert late.status_code == 409
    assert "Bea Lee answered this message 2 minutes ago." in words_in(page, ".govuk-error-summary").replace("\xa0", " ")
    assert "It shines again." in words_in(page) and words_in(page, "textarea[name=body]") == MINE
    assert words_in(page, "textarea[name=promise_text]") == PROMISE["promise_text"]
    assert words_in(page, "form#answer-form button").endswith("Send as a second answer")
    with database.read() as reads:
        assert len(reads.exec(select(Reply.id)).all()) == 1
    again = {**form_of(page, "/reply"), "outcome": "done", "body": MINE}
    assert cal.post(f"{path}/reply", data=again).status_code == 303, "said once more, it is a second answer"
    assert "Next" not in words_in(page_of(cal, path)) and MINE in words_in(page_of(cal, path))


PROMISE = {"promise_text": "We will mend it.", "promise_maker": "hub", "promise_due_on": "2027-01-01", "promise_kept_when": "It shines."}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (("publish", {}), ("withhold", {"withheld_reason": "could_harm"}), "Bea Lee showed the words to everybody"),
        (("withhold", {"withheld_reason": "could_harm"}), ("publish", {}), "Bea Lee decided"),
        (("pass-on", {"organisation": "hub"}), ("pass-on", {"organisation": "council"}), "Bea Lee passed it on"),
        (("assign", {"staff": "own"}), ("assign", {"staff": "own"}), "Bea Lee said who takes it on"),
        (("reply", {"outcome": "done", "body": "It is done."}), ("pass-on", {"organisation": "hub"}), "Bea Lee answered this message"),
        (("pass-on", {"organisation": "hub"}), ("reply", {"outcome": "done", "body": MINE}), "Bea Lee passed it on"),
    ],
)
def test_page_that_was_open_since_yesterday_does_nothing_blindly(
    make: Make,
    hillside: PlaceCard,
    bea: TestClient,
    cal: TestClient,
    clock: SettableClock,
    signed_in: SignedIn,
    first: tuple[str, dict[str, Any]],
    second: tuple[str, dict[str, Any]],
    said: str,
) -> None:
    make.organisation(hillside, "council")
    path = path_to(make, make.message(hillside, "The lamp is out.", share="words_public"))
    pages = [page_of(who, path) for who in (bea, cal)]
    ids = [form_of(page, "/assign")["staff"] for page in pages]
    (act, fields), (later, others) = (
        (name, {key: own if value == "own" else value for key, value in given.items()})
        for (name, given), own in zip((first, second), ids, strict=True)
    )
    assert bea.post(f"{path}/{act}", data={**form_of(pages[0], f"/{act}"), **fields}).status_code == 303
    clock.advance(days=1)
    cal = signed_in(hillside, email="cal@example.org")
    stopped = cal.post(f"{path}/{later}", data={**form_of(pages[1], f"/{later}"), **others})
    page = LexborHTMLParser(stopped.text)
    assert stopped.status_code == 409 and said in words_in(page, ".govuk-error-summary"), words_in(page)
    if later != "pass-on" or act != "reply":
        again = cal.post(f"{path}/{later}", data={**form_of(page, f"/{later}"), **others})
        assert again.status_code == 303, "what is still wanted is done when it is said once more"


def test_many_who_answer_in_the_same_moment_leave_one_answer(
    make: Make, hillside: PlaceCard, bea: TestClient, cal: TestClient, signed_in: SignedIn, database: Database
) -> None:
    path = path_to(make, make.message(hillside, "The lamp is out."))
    people = [bea, cal, signed_in(hillside), signed_in(hillside)]
    forms = [form_of(page_of(who, path), "/reply") for who in people]

    def answers(number: int) -> int:
        return people[number].post(f"{path}/reply", data={**forms[number], "outcome": "done", "body": f"By {number}."}).status_code

    with ThreadPoolExecutor(len(people)) as pool:
        statuses = sorted(pool.map(answers, range(len(people))))
    assert statuses == [303, 409, 409, 409]
    with database.read() as reads:
        assert len(reads.exec(select(Reply.id)).all()) == 1 and len(reads.exec(select(Feedback.id)).all()) == 1


def test_names_are_told_to_those_only_who_may_answer_as_well(make: Make, hillside: PlaceCard, bea: TestClient, signed_in: SignedIn) -> None:
    path = path_to(make, make.message(hillside, share="words_public"))
    moderator = signed_in(hillside, "moderator")
    his = form_of(page_of(moderator, path), "/publish")
    bea.post(f"{path}/publish")
    stopped = moderator.post(f"{path}/publish", data=his)
    assert stopped.status_code == 409 and "Somebody showed the words" in stopped.text and "Bea" not in stopped.text


def test_two_taps_on_a_button_are_one_act_and_no_quarrel(make: Make, hillside: PlaceCard, bea: TestClient) -> None:
    path = path_to(make, make.message(hillside, share="words_public"))
    page = page_of(bea, path)
    for act, fields in (("publish", {}), ("pass-on", {"organisation": "hub"}), ("assign", {})):
        sent = {**form_of(page, f"/{act}"), **fields}
        assert [bea.post(f"{path}/{act}", data=sent).status_code for _tap in range(2)] == [303, 303], act


# ---- one after the other ---------------------------------------------------------------------------------------------


def test_after_an_answer_the_focus_is_on_the_next_duty_of_the_same_list(
    make: Make, hillside: PlaceCard, bea: TestClient, clock: SettableClock
) -> None:
    make.area(hillside, "linden")
    sent = []
    for words, area in (("First.", "linden"), ("Elsewhere.", None), ("Second.", "linden")):
        sent.append(make.message(hillside, words, area=area))
        clock.advance(hours=1)
    listed = page_of(bea, "/staff/hillside/inbox?part=owed&area=linden")
    links = [node.attributes["href"] or "" for node in listed.css(".item .acts a")]
    assert len(links) == 2
    for link, said in zip(links, ("Answered. Next: Second. 1 waits", "Answered. Nothing else waits"), strict=True):
        page = page_of(bea, link)
        form = next(node for node in page.css("main form") if "/reply" in (node.attributes["action"] or ""))
        answer = bea.post(form.attributes["action"] or "", data={**form_of(page, "/reply"), "outcome": "done", "body": "It is done."})
        done = page_of(bea, answer.headers["location"])
        assert words_in(done, "#done").startswith(said), words_in(done, "#done")
        [focused] = done.css("[autofocus]")
        assert focused.attributes["id"] == "next"
        if "Second" in said:
            assert focused.attributes["href"] == links[1], "in the list that she came from"


def test_what_is_done_with_a_message_is_said_and_nothing_that_was_not(make: Make, hillside: PlaceCard, bea: TestClient) -> None:
    path = path_to(make, make.message(hillside, share="words_public"))
    said = {
        "read": "Marked as read.",
        "publish": "Everybody can read the words now.",
        "withhold": "The words are not shown.",
        "pass-on": "Passed on.",
        "give-back": "It is back with the team.",
        "assign": "Nobody has taken it on now.",
    }
    for act, words in said.items():
        fields = {"withheld_reason": "abusive", "organisation": "hub"}
        answer = bea.post(f"{path}/{act}", data=fields)
        assert answer.status_code == 303 and words in words_in(page_of(bea, answer.headers["location"]), "#done"), act
    for nothing in ("", "everything", "<b>"):
        assert not page_of(bea, f"{path}?did={nothing}").css("#done"), nothing
