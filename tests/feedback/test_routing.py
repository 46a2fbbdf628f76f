"""Where a message goes and who takes it on: whole organisations, single colleagues, and many messages at once."""

import re
from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import col, select, update
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.actions import Received
from service.feedback.models import Feedback, State
from service.feedback.routing_models import Assignment, Passing
from service.journal.models import Entry
from service.people.models import Staff, StaffRole
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

INBOX = "/staff/hillside/inbox"
SignedIn = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def members(make: Make, hillside: PlaceCard) -> None:
    """Hillside's council and hub."""
    make.organisation(hillside, "council", name="The council")
    make.organisation(hillside, "hub", name="The hub")


def path_to(make: Make, message: Received) -> str:
    return f"/staff/hillside/messages/{make.message_id(message)}"


def passed(browser: TestClient, path: str, organisation: str = "council") -> int:
    return browser.post(f"{path}/pass-on", data={"organisation": organisation}).status_code


def person_of(make: Make, email: str) -> str:
    with make.database.read() as reads:
        return str(reads.exec(select(Staff.id).where(Staff.email == email)).one())


def main_of(browser: TestClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(LexborHTMLParser(answer.text).css("main")[0].text().split())


def listed(browser: TestClient, **query: str) -> list[str]:
    page = LexborHTMLParser(browser.get(INBOX, params={"part": "owed", **query}).text)
    return [node.text() for node in page.css(".ilist .words")]


def row_of(database: Database, message: Received) -> Feedback:
    with database.read() as reads:
        return reads.exec(select(Feedback).where(Feedback.public_id == message.public_id)).one()


def verbs(database: Database) -> list[str]:
    with database.read() as reads:
        return list(reads.exec(select(Entry.verb).where(Entry.subject == "feedback").order_by(col(Entry.id))))


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_only_who_answers_for_the_whole_place_passes_on(make: Make, hillside: PlaceCard, signed_in: SignedIn, database: Database) -> None:
    make.topic(hillside, "paths", organisation="council")
    message = make.message(hillside, topic="paths")
    path = path_to(make, message)
    for role, organisation in (("frontline", None), ("moderator", None), ("coordinator", "council"), ("coordinator", "hub")):
        assert passed(signed_in(hillside, role, organisation=organisation), path, "hub") == 404
    assert passed(signed_in(make.collaboration("amber-vale")), path) == 404
    assert (row_of(database, message).state, verbs(database)) == (State.ACKNOWLEDGED, ["received"])


def test_who_may_not_answer_neither_takes_on_nor_is_given_a_message(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, database: Database
) -> None:
    path = path_to(make, make.message(hillside))
    frontline = signed_in(hillside, "frontline", email="fay@example.org", name="Fay Frontline")
    hub = signed_in(hillside, organisation="hub", email="hal@example.org")
    staff = signed_in(hillside, email="sam@example.org", name="Sam Okoro")
    for browser in (frontline, hub):
        assert browser.post(f"{path}/assign", data={"staff": person_of(make, "sam@example.org")}).status_code == 404
    for email in ("fay@example.org", "hal@example.org"):
        answer = staff.post(f"{path}/assign", data={"staff": person_of(make, email)})
        assert answer.status_code == 422 and "Choose somebody who may answer this message." in answer.text
    assert verbs(database) == ["received"]
    assert "Fay Frontline" not in main_of(staff, path)
    staff.post(f"{path}/assign", data={"staff": person_of(make, "sam@example.org")})
    assert "Somebody has taken it on." in main_of(frontline, path) and "Sam Okoro" not in main_of(frontline, path)


# ---- passing on ------------------------------------------------------------------------------------------------------


def test_message_that_is_passed_on_is_read_and_answered_there_and_its_writer_sees_where_it_is(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, resident: TestClient, database: Database, clock: SettableClock
) -> None:
    message = make.message(hillside, "The bench has gone.")
    path, staff = path_to(make, message), signed_in(hillside)
    council, hub = signed_in(hillside, organisation="council"), signed_in(hillside, organisation="hub")
    assert council.get(path).status_code == 404
    clock.advance(hours=1)
    assert passed(staff, path) == 303
    assert row_of(database, message).state == State.ROUTED
    assert (listed(council), listed(hub), listed(staff)) == (["The bench has gone."], [], ["The bench has gone."])
    page = resident.post("/hillside/answer", data={"code": message.code}).text
    assert "Passed on to The council." in page and "We have passed it on." in page
    trail = resident.post("/api/v1/hillside/receipts", json={"code": message.code}).json()["trail"]
    assert [(step["step"], step["organisation"]) for step in trail] == [("received", None), ("passed_on", "The council")]
    assert council.post(f"{path}/read").status_code == 303
    assert council.post(f"{path}/reply", data={"outcome": "done", "body": "It is back."}).status_code == 303
    assert passed(staff, path, "hub") == 409, "what has its answer stays"
    assert verbs(database) == ["received", "passed_on", "read", "replied"]


def test_whoever_had_it_before_sees_it_no_more(make: Make, hillside: PlaceCard, signed_in: SignedIn, resident: TestClient) -> None:
    message = make.message(hillside, "The bench has gone.")
    path, staff = path_to(make, message), signed_in(hillside)
    council, hub = signed_in(hillside, organisation="council"), signed_in(hillside, organisation="hub")
    passed(staff, path)
    passed(staff, path, "hub")
    assert (listed(council), council.get(path).status_code, listed(hub)) == ([], 404, ["The bench has gone."])
    answer = hub.post(f"{path}/give-back")
    assert (answer.status_code, answer.headers["location"], hub.get(path).status_code) == (303, INBOX, 404)
    trail = resident.post("/api/v1/hillside/receipts", json={"code": message.code}).json()["trail"]
    assert [step["organisation"] for step in trail if step["step"] == "passed_on"] == ["The council", "The hub", None]
    assert "It came back to the team." in resident.post("/hillside/answer", data={"code": message.code}).text


def test_passing_on_to_nobody_or_to_the_same_changes_nothing(
    make: Make, hillside: PlaceCard, staff: TestClient, database: Database
) -> None:
    message = make.message(hillside)
    path = path_to(make, message)
    for wrong in ("", "nobody", "x" * 200):
        answer = staff.post(f"{path}/pass-on", data={"organisation": wrong})
        assert answer.status_code == 422 and LexborHTMLParser(answer.text).css(".govuk-error-summary a[href='#organisation']")
    assert [passed(staff, path) for _time in range(2)] == [303, 303]
    assert [staff.post(f"{path}/give-back").status_code for _time in range(2)] == [303, 303]
    assert verbs(database) == ["received", "passed_on", "given_back"]
    assert row_of(database, message).state == State.IN_REVIEW


def test_nobody_takes_a_message_from_their_own_organisation_to_decide_about_its_words(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, database: Database
) -> None:
    make.topic(hillside, "paths", organisation="council")
    offered, kept = (make.message(hillside, topic="paths", share=share) for share in ("words_public", "team_only"))
    make.person(hillside, "frontline", email="both@example.org", organisation="council")
    both, path = signed_in(hillside, email="both@example.org"), path_to(make, offered)
    assert (passed(both, path, "hub"), both.post(f"{path}/give-back").status_code, both.post(f"{path}/publish").status_code) == (403,) * 3
    page = LexborHTMLParser(both.get(path).text)
    assert not page.css("form[action$='/pass-on'], form[action$='/give-back']")
    assert row_of(database, offered).publication == "waiting" and passed(both, path_to(make, kept), "hub") == 303
    council = signed_in(hillside, organisation="council")
    assert council.post(f"{path}/give-back").status_code == 303, "who decides nothing may give it back"


# ---- taking on -------------------------------------------------------------------------------------------------------


def test_mine_and_nobodys_tell_messages_apart(make: Make, hillside: PlaceCard, signed_in: SignedIn) -> None:
    first, _second = make.message(hillside, "First."), make.message(hillside, "Second.")
    sam = signed_in(hillside, email="sam@example.org", name="Sam Okoro")
    asha = signed_in(hillside, email="asha@example.org", name="Asha Bell")
    sam.post(f"{path_to(make, first)}/assign", data={"staff": person_of(make, "sam@example.org")})
    assert (listed(sam, whose="mine"), listed(sam, whose="nobodys"), listed(asha, whose="mine")) == (["First."], ["Second."], [])
    assert "You have taken it on." in main_of(sam, INBOX) and "Sam Okoro has taken it on." in main_of(asha, INBOX)
    asha.post(f"{path_to(make, first)}/assign", data={"staff": person_of(make, "asha@example.org")})
    assert (listed(sam, whose="mine"), listed(asha, whose="mine")) == ([], ["First."])
    asha.post(f"{path_to(make, first)}/assign", data={"staff": ""})
    assert listed(asha, whose="nobodys") == ["First.", "Second."]


def test_message_of_somebody_who_may_not_answer_it_any_more_is_nobodys(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, database: Database
) -> None:
    message, staff = make.message(hillside, "First."), signed_in(hillside, email="sam@example.org")
    council = signed_in(hillside, organisation="council", email="cleo@example.org", name="Cleo")
    path = path_to(make, message)
    passed(staff, path)
    council.post(f"{path}/assign", data={"staff": person_of(make, "cleo@example.org")})
    assert listed(staff, whose="nobodys") == []
    with database.write() as writes:
        gone = col(StaffRole.staff_id).in_(select(Staff.id).where(Staff.email == "cleo@example.org"))
        writes.execute(update(StaffRole).where(gone).values(ended_at=make.clock()))
    assert listed(staff, whose="nobodys") == ["First."] and "Cleo" not in main_of(staff, path)
    passed(staff, path, "hub")
    with database.read() as reads:
        assert reads.exec(select(Assignment)).all() == []


def test_taking_words_back_ends_who_had_taken_them_on(make: Make, hillside: PlaceCard, signed_in: SignedIn, visitor: TestClient) -> None:
    message, staff = make.message(hillside), signed_in(hillside, email="sam@example.org")
    passed(staff, path_to(make, message))
    staff.post(f"{path_to(make, message)}/assign", data={"staff": person_of(make, "sam@example.org")})
    assert visitor.post("/api/v1/hillside/receipts/withdraw", json={"code": message.code}).status_code == 200
    with make.database.read() as reads:
        assert (len(reads.exec(select(Assignment)).all()), len(reads.exec(select(Passing)).all())) == (0, 1)


# ---- many at once ----------------------------------------------------------------------------------------------------


def done(browser: TestClient, act: str, messages: list[str], **fields: str) -> str:
    """What the inbox says when several messages were marked."""
    answer = browser.post("/staff/hillside/messages", data={"act": act, "message": messages, **fields})
    assert answer.status_code == 303, answer.text
    page = LexborHTMLParser(browser.get(answer.headers["location"]).text)
    return " ".join(page.css("#done p")[0].text().split())


def test_each_message_that_is_marked_is_done_or_said_not_to_be(
    make: Make, hillside: PlaceCard, signed_in: SignedIn, database: Database
) -> None:
    staff, hub = signed_in(hillside), signed_in(hillside, organisation="hub")
    sent = [make.message(hillside, f"Message {number}.") for number in range(4)]
    ids = [str(make.message_id(message)) for message in sent]
    staff.post(f"{path_to(make, sent[0])}/reply", data={"outcome": "done", "body": "Done."})
    assert done(staff, "read", ids[1:3]) == "2 messages are marked as read now."
    answered = "1 has its answer, so it stays where it is."
    assert done(staff, "take", ids) == f"You have taken on 3 messages. {answered}"
    assert done(staff, "pass_on", ids[:2], organisation="hub") == f"1 message was passed on. {answered}"
    assert [row_of(database, message).state for message in sent] == [State.REPLIED, State.ROUTED, State.IN_REVIEW, State.ACKNOWLEDGED]
    assert done(hub, "take", ids[1:3]) == "You have taken on 1 message. 1 is not yours to change, or is no longer here."
    assert done(staff, "read", []) == "Nothing was marked. Mark messages first."
    assert done(staff, "pass_on", ids).startswith("Nothing was passed on.")


def test_inbox_comes_back_as_it_was_narrowed(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    message = make.message(hillside, kind="idea")
    page = LexborHTMLParser(staff.get(INBOX, params={"part": "owed", "kind": "idea", "whose": "nobodys"}).text)
    hidden = {node.attributes["name"]: node.attributes["value"] for node in page.css("form[action$='/messages'] input[type=hidden]")}
    answer = staff.post("/staff/hillside/messages", data={**hidden, "act": "read", "message": str(make.message_id(message))})
    assert re.fullmatch(re.escape(f"{INBOX}?part=owed&kind=idea&whose=nobodys&did=read.") + r"[0-9a-f]{32}\.1", answer.headers["location"])


def test_what_is_marked_badly_is_refused(hillside: PlaceCard, staff: TestClient) -> None:
    assert hillside.slug == "hillside"
    for sent in ({"act": "read", "message": "x"}, {"act": "burn", "message": ""}, {}):
        assert staff.post("/staff/hillside/messages", data=sent).status_code in (400, 422)
    assert 'id="done"' not in staff.get(INBOX, params={"did": "read.x.1"}).text
