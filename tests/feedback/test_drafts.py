"""Answers that are not given yet: kept for later, written by who may not answer, and looked at by a second person."""

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import col, select
from starlette.testclient import TestClient

from service.database import Database
from service.errors import Conflict, NotFound
from service.feedback import rules
from service.feedback.actions import Received, withdraw
from service.feedback.desk_actions import publish, reply
from service.feedback.draft_actions import give_proposed, keep_draft, propose, set_checks
from service.feedback.draft_models import Checks, Draft, Unsent
from service.feedback.models import Feedback, Outcome, Reply, ReplyIn, State
from service.feedback.queries import get_answer
from service.inbox.models import Part, Wanted
from service.inbox.queries import find_inbox
from service.people.models import Member
from service.places.queries import PlaceCard
from service.promises.models import Promise
from tests.make import Make, SettableClock

AtWork = Callable[..., Member]
SignedIn = Callable[..., TestClient]
DONE = ReplyIn(outcome=Outcome.DONE, body="There is a new bench.")
CLAIM = Unsent(Outcome.DONE, "There is a new bench.")
PROMISE = {"promise_text": "We will mend it.", "promise_maker": "hub", "promise_due_on": "2027-01-01", "promise_kept_when": "It shines."}


@pytest.fixture
def bea(hillside: PlaceCard, make: Make, signed_in: SignedIn) -> TestClient:
    make.organisation(hillside, "hub", name="Hub")
    return signed_in(hillside, name="Bea Lee")


@pytest.fixture
def cal(hillside: PlaceCard, signed_in: SignedIn) -> TestClient:
    return signed_in(hillside, name="Cal Roe")


def path_to(make: Make, message: Received) -> str:
    return f"/staff/hillside/messages/{make.message_id(message)}"


def page_of(browser: TestClient, path: str) -> LexborHTMLParser:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def words_in(page: LexborHTMLParser, selector: str = "main") -> str:
    return " ".join(" ".join(node.text() for node in page.css(selector)).split())


def shown(make: Make, place: PlaceCard, member: Member) -> Received:
    """A message that everybody reads."""
    message = make.message(place, "The lamp is out.", share="words_public")
    with make.database.write() as writes:
        publish(writes, member, make.message_id(message), make.clock())
    return message


# ---- the rule --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("checks", list(Checks))
@pytest.mark.parametrize("everybody", [False, True])
def test_claims_of_change_wait_for_a_second_person_and_courtesy_never(checks: Checks, outcome: Outcome, everybody: bool) -> None:
    claims = outcome in ("done", "will_do", "already_doing")
    wanted = {Checks.NONE: False, Checks.SHOWN: everybody, Checks.EVERY: True}[checks]
    assert rules.needs_second_person(checks, outcome, shown=everybody) == (claims and wanted)


def test_no_claim_reaches_everybody_by_one_person_alone(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, ann = at_work(hillside), at_work(hillside)
    message = shown(make, hillside, sam)
    with pytest.raises(Conflict), make.database.write() as writes:
        reply(writes, sam, make.message_id(message), DONE, make.clock())
    early = make.message(hillside, share="words_public")
    with make.database.write() as writes:
        reply(writes, sam, make.message_id(early), DONE, make.clock())  # with the code alone: at once
    with pytest.raises(Conflict), make.database.write() as writes:
        publish(writes, sam, make.message_id(early), make.clock())
    with make.database.write() as writes:
        assert publish(writes, ann, make.message_id(early), make.clock())
        assert writes.exec(select(Reply.checked_by)).one() == ann.person.staff_id, "who shows it is the second person"


def test_a_place_may_have_every_claim_checked_or_none(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, message = at_work(hillside), make.message(hillside)
    with make.database.write() as writes:
        set_checks(writes, sam, Checks.EVERY, make.clock())
    with pytest.raises(Conflict), make.database.write() as writes:
        reply(writes, sam, make.message_id(message), DONE, make.clock())
    with make.database.write() as writes:
        set_checks(writes, sam, Checks.NONE, make.clock())
        reply(writes, sam, make.message_id(message), DONE, make.clock())


def test_nobody_gives_what_they_wrote_and_only_who_answers_gives_anything(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, message = at_work(hillside), make.message_id(make.message(hillside))
    with make.database.write() as writes:
        propose(writes, sam, message, CLAIM, make.clock())
        draft = writes.exec(select(Draft.id)).one()
    for member, refusal in ((sam, Conflict), (at_work(hillside, "frontline"), NotFound), (at_work(hillside, "moderator"), NotFound)):
        with pytest.raises(refusal), make.database.write() as writes:
            give_proposed(writes, member, message, draft, None, make.clock())
    with make.database.write() as writes:
        ann = at_work(hillside)
        given = give_proposed(writes, ann, message, draft, None, make.clock())
        assert (given.staff_id, given.checked_by) == (sam.person.staff_id, ann.person.staff_id)
        assert writes.exec(select(Draft)).all() == []


def test_the_wait_goes_on_until_the_answer_is_given(make: Make, hillside: PlaceCard, at_work: AtWork, clock: SettableClock) -> None:
    sam, told = at_work(hillside), make.message(hillside)
    with make.database.write() as writes:
        propose(writes, sam, make.message_id(told), CLAIM, make.clock())
        draft = writes.exec(select(Draft.id)).one()
    with make.database.read() as reads:
        became = get_answer(reads, make.keys, hillside, told.code, make.clock())
        assert became.became.replies == [] and reads.exec(select(Feedback.replied_at)).one() is None
    clock.advance(days=1)
    with make.database.write() as writes:
        give_proposed(writes, at_work(hillside), make.message_id(told), draft, None, make.clock())
    with make.database.read() as reads:
        [given] = get_answer(reads, make.keys, hillside, told.code, make.clock()).became.replies
        assert given.checked and reads.exec(select(Feedback.replied_at)).one() == clock.now


def test_drafts_go_with_the_words_that_they_answer(make: Make, hillside: PlaceCard, at_work: AtWork, database: Database) -> None:
    told, member = make.message(hillside), at_work(hillside)
    with make.database.write() as writes:
        keep_draft(writes, member, make.message_id(told), Unsent(body="You said that the lamp is out."), make.clock())
        withdraw(writes, make.keys, hillside, told.code, make.clock())
    with database.read() as reads:
        assert reads.exec(select(Draft)).all() == []


# ---- on the page -----------------------------------------------------------------------------------------------------


def test_draft_is_kept_as_it_is_offered_again_and_gone_when_it_is_sent(
    make: Make, hillside: PlaceCard, bea: TestClient, cal: TestClient, database: Database
) -> None:
    path = path_to(make, make.message(hillside))
    assert bea.post(f"{path}/draft", data={}).status_code == 422
    kept = bea.post(f"{path}/draft", data={"outcome": "will_do", "body": "We look into it.", **PROMISE})
    again = page_of(bea, kept.headers["location"])
    assert "Kept as a draft." in words_in(again, "#done") and words_in(again, "textarea[name=body]") == "We look into it."
    assert again.css_first("input[name=promise_due_on]").attributes["value"] == "2027-01-01"
    hers = words_in(page_of(cal, path))
    assert "Bea Lee keeps a draft of an answer" in hers and "We look into it." not in hers
    assert bea.post(f"{path}/reply", data={"outcome": "thank_you", "body": "Thank you."}).status_code == 303
    with database.read() as reads:
        assert reads.exec(select(Draft)).all() == []
    bea.post(f"{path}/draft", data={"body": "One more thing."})
    assert bea.post(f"{path}/draft/drop").status_code == 303
    with database.read() as reads:
        assert reads.exec(select(Draft)).all() == []


def test_front_line_proposes_and_a_coordinator_gives_it_with_its_promise(
    make: Make, hillside: PlaceCard, bea: TestClient, signed_in: SignedIn, database: Database
) -> None:
    told = make.message(hillside)
    path, front = path_to(make, told), signed_in(hillside, "frontline", name="Fay Oak")
    assert not page_of(front, path).css("textarea") and page_of(front, f"{path}?write=yes").css("textarea")
    typed = {"outcome": "will_do", "body": "The lamp is ordered.", **PROMISE}
    assert front.post(f"{path}/reply", data=typed).status_code in (403, 404)
    late = front.post(f"{path}/propose", data={**typed, "promise_due_on": "2020-01-01"})
    assert late.status_code == 422 and "This day has passed." in late.text and "The lamp is ordered." in late.text
    assert front.post(f"{path}/propose", data=typed).status_code == 303
    page = page_of(bea, path)
    assert "Fay Oak wrote it on" in words_in(page) and "We will mend it." in words_in(page)
    draft = page.css_first("form[action*='/proposed/give'] input[name=draft]").attributes["value"]
    with database.read() as reads:
        assert reads.exec(select(Promise)).all() == [], "nothing is promised before somebody has looked"
    assert bea.post(f"{path}/proposed/give", data={"draft": draft}).status_code == 303
    with database.read() as reads:
        given, promise = reads.exec(select(Reply)).one(), reads.exec(select(Promise)).one()
        assert given.promise_id == promise.id and given.checked_by is not None
        assert reads.exec(select(Feedback.state)).one() == State.REPLIED


def test_what_is_not_so_comes_back_with_a_reason_and_can_be_proposed_again(
    make: Make, hillside: PlaceCard, bea: TestClient, cal: TestClient, at_work: AtWork, database: Database
) -> None:
    path = path_to(make, shown(make, hillside, at_work(hillside)))
    sent = bea.post(f"{path}/reply", data={"outcome": "done", "body": "It shines."})
    assert sent.status_code == 303 and "did=proposed" in sent.headers["location"]
    assert not page_of(bea, path).css("form[action*='/proposed/']"), "nobody checks their own"
    draft = page_of(cal, path).css_first("input[name=draft]").attributes["value"]
    assert cal.post(f"{path}/proposed/return", data={"draft": draft, "why": ""}).status_code == 422
    assert cal.post(f"{path}/proposed/return", data={"draft": draft, "why": "I was there: it is dark."}).status_code == 303
    back = page_of(bea, path)
    assert "I was there: it is dark." in words_in(back) and words_in(back, "textarea[name=body]") == "It shines."
    bea.post(f"{path}/reply", data={"outcome": "done", "body": "It shines since noon."})
    assert cal.post(f"{path}/proposed/give", data={"draft": draft}).status_code == 303
    with database.read() as reads:
        assert reads.exec(select(Reply.body).where(col(Reply.checked_by).is_not(None))).one() == "It shines since noon."


def test_who_alone_claims_a_change_is_not_offered_to_show_it(
    make: Make, hillside: PlaceCard, bea: TestClient, cal: TestClient, database: Database
) -> None:
    path = path_to(make, make.message(hillside, share="words_public"))
    assert bea.post(f"{path}/reply", data={"outcome": "done", "body": "It shines."}).status_code == 303
    assert not page_of(bea, path).css("form[action*='/publish']") and page_of(cal, path).css("form[action*='/publish']")
    assert bea.post(f"{path}/publish").status_code == 409 and cal.post(f"{path}/publish").status_code == 303
    with database.read() as reads:
        assert reads.exec(select(Reply.checked_by)).one() is not None


def test_administrators_say_who_checks(hillside: PlaceCard, signed_in: SignedIn) -> None:
    admin = signed_in(hillside, "admin")
    page = page_of(admin, "/staff/hillside/settings/answers")
    assert page.css_first("input[checked]").attributes["value"] == "shown"
    assert admin.post("/staff/hillside/settings/answers", data={"checks": "every"}).status_code == 303
    assert page_of(admin, "/staff/hillside/settings/answers").css_first("input[checked]").attributes["value"] == "every"
    assert signed_in(hillside).get("/staff/hillside/settings/answers").status_code == 404


def test_inbox_counts_what_it_lists_of_answers_to_check(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, ann = at_work(hillside), at_work(hillside)
    owed, second = make.message(hillside), make.message(hillside, "The bench is gone.")
    with make.database.write() as writes:
        reply(writes, ann, make.message_id(second), DONE, make.clock())
        for message in (owed, second):
            propose(writes, sam, make.message_id(message), CLAIM, make.clock())
    expected = [
        (sam, {Part.PROPOSED: 0, Part.DUTIES: 1, Part.OWED: 1}),
        (ann, {Part.PROPOSED: 2, Part.DUTIES: 2, Part.OWED: 1}),
    ]
    with make.database.read() as reads:
        for member, counts in expected:
            for part, number in counts.items():
                inbox = find_inbox(reads, member, Wanted(part), make.clock())
                assert (len(inbox.rows), inbox.counts[part]) == (number, number), part
            nobodys = find_inbox(reads, member, Wanted(Part.PROPOSED, whose="nobodys"), make.clock())
            assert len(nobodys.rows) == nobodys.counts[Part.PROPOSED] == counts[Part.PROPOSED]
            assert not find_inbox(reads, member, Wanted(Part.PROPOSED, whose="mine"), make.clock()).rows
