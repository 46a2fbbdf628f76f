"""What a search finds: for each person what they may see, by the same conditions as every list; and how it is shown."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.feedback.actions import withdraw
from service.feedback.desk_actions import publish, reply
from service.feedback.models import Outcome, ReplyIn
from service.journal.actions import OPERATOR
from service.narratives.actions import share_narrative, withdraw_narrative
from service.narratives.models import Visibility
from service.people.models import Member
from service.places.queries import PlaceCard
from service.promises.actions import Speaker, make_promise, report_progress
from service.promises.models import ProgressIn, PromiseIn, Side
from service.search.rules import LONGEST, passage_of
from tests.make import Make, SettableClock

SignIn = Callable[..., TestClient]
AtWork = Callable[..., Member]
DESK, PUBLIC = "/staff/hillside/search", "/hillside/search"


def found(browser: TestClient, at: str, **asked: Any) -> set[str]:
    """The passages of an answer."""
    answer = browser.get(at, params=asked)
    assert answer.status_code == 200, answer.text
    return {" ".join(one.text().split()) for one in Html(answer.text).css("#found .words")}


def answer(make: Make, member: Member, message: Any, words: str) -> None:
    with make.database.write() as writes:
        reply(writes, member, make.message_id(message), ReplyIn(outcome=Outcome.THANK_YOU, body=words), make.clock())


def promised(make: Make, place: PlaceCard, maker: Any, words: str, *, draft: bool = False) -> Any:
    given = PromiseIn(
        text=words, side=Side.OUR_PART, maker=maker.code, made_on=date(2026, 11, 1), due_on=date(2027, 5, 1), kept_when="It stands."
    )
    with make.database.write() as writes:
        return make_promise(writes, speaker(maker), place, given, make.clock(), draft=draft).id


def speaker(maker: Any) -> Speaker:
    return Speaker(OPERATOR, frozenset({maker.id}), whole_place=True)


# ---- who finds what --------------------------------------------------------------------------------------------------


def test_each_finds_the_messages_and_answers_that_they_may_read(
    make: Make, hillside: PlaceCard, at_work: AtWork, signed_in: SignIn, visitor: TestClient
) -> None:
    coordinator = at_work(hillside)
    for code in ("council", "hub"):
        make.topic(hillside, code, organisation=make.organisation(hillside, code).code)
    sent = {
        topic: make.message(hillside, f"Otter of {topic or 'nobody'}.", topic=topic, share="words_public")
        for topic in (None, "council", "hub")
    }
    for topic, message in sent.items():
        answer(make, coordinator, message, f"Answer to the otter of {topic or 'nobody'}.")
    riverbank = make.collaboration("riverbank")
    make.message(riverbank, "Otter of riverbank.")
    everything = {f"{said} of {topic}." for said in ("Otter", "Answer to the otter") for topic in ("nobody", "council", "hub")}
    theirs = {one for one in everything if "council" in one}
    for role in ("frontline", "coordinator", "moderator"):
        assert found(signed_in(hillside, role), DESK, q="otter") == everything
        assert found(signed_in(hillside, role, organisation="council"), DESK, q="otter") == theirs
    for role in ("admin", "viewer"):
        assert found(signed_in(hillside, role), DESK, q="otter") == set()
    assert found(signed_in(riverbank), "/staff/riverbank/search", q="otter") == {"Otter of riverbank."}
    assert found(visitor, PUBLIC, q="otter") == set()
    with make.database.write() as writes:
        publish(writes, coordinator, make.message_id(sent["hub"]), make.clock())
    assert found(visitor, PUBLIC, q="otter") == {one for one in everything if "hub" in one}


def test_counts_are_of_what_may_be_read(make: Make, hillside: PlaceCard, signed_in: SignIn) -> None:
    make.topic(hillside, "council", organisation=make.organisation(hillside, "council").code)
    for number in range(7):
        make.message(hillside, f"Otter {number}.", topic="council" if number < 2 else None)
    for browser, count in ((signed_in(hillside), "7"), (signed_in(hillside, organisation="council"), "2")):
        heading = Html(browser.get(DESK, params={"q": "otter"}).text).css_first("#message-h")
        assert heading.text().split() == ["Messages", count]


def test_stories_are_found_by_those_who_may_read_them(
    make: Make, hillside: PlaceCard, at_work: AtWork, signed_in: SignIn, visitor: TestClient, clock: SettableClock
) -> None:
    yes = {"consent": {"wording_version": "2026-11", "given_on": "2026-11-20", "expires_on": "2026-12-20"}}
    kept, shared = make.story(hillside, "An otter stayed."), make.story(hillside, "An otter left.", visibility="public", **yes)
    with make.database.write() as writes:
        share_narrative(writes, at_work(hillside, "moderator"), shared, Visibility.PUBLIC, make.clock())
    assert found(signed_in(hillside), DESK, q="otter") == {"An otter stayed.", "An otter left."}
    assert found(signed_in(hillside, "viewer"), DESK, q="otter") == found(visitor, PUBLIC, q="otter") == {"An otter left."}
    clock.at("2026-12-21T10:00Z")
    assert found(visitor, PUBLIC, q="otter") == set(), "the yes has ended, and nothing had to run for it"
    with make.database.write() as writes:
        withdraw_narrative(writes, at_work(hillside, "moderator"), kept, make.clock())
    assert found(signed_in(hillside), DESK, q="stayed") == set()


def test_drafts_of_promises_are_found_by_those_who_write_them(
    make: Make, hillside: PlaceCard, signed_in: SignIn, visitor: TestClient
) -> None:
    council, hub = make.organisation(hillside, "council"), make.organisation(hillside, "hub")
    made = promised(make, hillside, council, "A bench for the otter.")
    draft = promised(make, hillside, council, "A house for the otter.", draft=True)
    for promise, note in ((made, "The otter has sat down."), (draft, "The otter waits.")):
        with make.database.write() as writes:
            report_progress(writes, speaker(council), hillside, promise, ProgressIn(note=note), make.clock())
    public = {"A bench for the otter.", "The otter has sat down."}
    everything = {*public, "A house for the otter.", "The otter waits."}
    assert hub is not None
    assert found(visitor, PUBLIC, q="otter") == found(signed_in(hillside, "frontline"), DESK, q="otter") == public
    assert found(signed_in(hillside, organisation="hub"), DESK, q="otter") == public
    assert found(signed_in(hillside, organisation="council"), DESK, q="otter") == found(signed_in(hillside), DESK, q="otter") == everything


def test_what_is_taken_back_is_found_no_more(make: Make, hillside: PlaceCard, at_work: AtWork, staff: TestClient) -> None:
    message = make.message(hillside, "The otter has gone.")
    answer(make, at_work(hillside), message, "The otter is back.")
    assert found(staff, DESK, q="otter") == {"The otter has gone.", "The otter is back."}
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, message.code, make.clock())
    assert found(staff, DESK, q="otter") == set()


# ---- the page --------------------------------------------------------------------------------------------------------


def test_search_is_narrowed_by_kind_area_and_days(
    make: Make, hillside: PlaceCard, at_work: AtWork, signed_in: SignIn, clock: SettableClock
) -> None:
    make.area(hillside, "hill-road")
    first = make.message(hillside, "Otter one.", area="hill-road")
    clock.advance(days=10)
    make.message(hillside, "Otter two.", whole_place=True)
    answer(make, at_work(hillside), first, "Otter three.")
    staff = signed_in(hillside)
    assert found(staff, DESK, q="otter", kind="message") == {"Otter one.", "Otter two."}
    assert found(staff, DESK, q="otter", kind="reply") == {"Otter three."}
    assert found(staff, DESK, q="otter", area="hill-road") == {"Otter one.", "Otter three."}
    assert found(staff, DESK, q="otter", area="whole_place") == {"Otter two."}
    assert found(staff, DESK, q="otter", until="2026-11-23") == {"Otter one."}
    assert found(staff, DESK, q="otter", since="2026-12-03", until="2026-12-03") == {"Otter two.", "Otter three."}
    assert found(staff, DESK, q="otter", kind="nothing", area="nowhere") == {"Otter one.", "Otter two.", "Otter three."}
    page = staff.get(DESK, params={"q": "otter", "since": "yesterday"})
    assert page.status_code == 422 and "year, month and day" in Html(page.text).css_first(".govuk-error-summary").text()
    assert Html(page.text).css_first("#q").attributes["value"] == "otter", "nothing typed is lost"


@pytest.mark.parametrize("public", [False, True])
def test_pages_hold_everything_once(
    make: Make, hillside: PlaceCard, at_work: AtWork, staff: TestClient, visitor: TestClient, public: bool
) -> None:
    member = at_work(hillside)
    for number in range(57):
        message = make.message(hillside, f"Otter number {number}.", share="words_public")
        if public:
            with make.database.write() as writes:
                publish(writes, member, make.message_id(message), make.clock())
    browser, at = (visitor, PUBLIC) if public else (staff, DESK)
    seen: list[str] = []
    address: str | None = f"{at}?q=otter&kind=message"
    while address:
        page = Html(browser.get(address).text)
        seen += [" ".join(one.text().split()) for one in page.css("#found .words")]
        address = next((link.attributes["href"] for link in page.css("#found a") if "after=" in (link.attributes["href"] or "")), None)
    assert len(seen) == 57 == len(set(seen))
    assert len(found(browser, at, q="otter")) == 5, "a few of each kind, and the way to all of them"


def test_words_are_marked_as_they_were_written_and_shown_as_text(make: Make, hillside: PlaceCard, staff: TestClient) -> None:
    make.message(hillside, "<b>Mae’r FAINC</b> wedi mynd, a mainc arall hefyd.")
    page = Html(staff.get(DESK, params={"q": "mainc <script>"}).text)
    assert page.css_first("#found .words") is None, "every word must be there"
    page = Html(staff.get(DESK, params={"q": "mainc"}).text)
    assert [one.text() for one in page.css("#found mark")] == ["FAINC", "mainc"]
    assert "<b>Mae’r FAINC</b>" in page.css_first("#found .words").text()
    assert "&lt;script" in staff.get(DESK, params={"q": "<script>alert(1)</script>"}).text


def test_page_says_what_to_do_when_nothing_is_found(staff: TestClient, visitor: TestClient) -> None:
    for browser, at in ((staff, DESK), (visitor, PUBLIC)):
        assert "Nothing here has all of these words" in browser.get(at, params={"q": "otter"}).text
        assert "There is no word in that" in browser.get(at, params={"q": "?!"}).text
        assert "Nothing here" not in browser.get(at).text
        for odd in ('"', "NEAR(", "a*b:c", "\x00", "x" * 9_000, "' OR 1=1 --", "\ud83d"):
            assert browser.get(at, params={"q": odd.encode("utf-8", "ignore").decode()}).status_code == (400 if odd == "\x00" else 200)
    assert staff.get(DESK).headers["cache-control"] == "no-store"


# ---- passages --------------------------------------------------------------------------------------------------------


def test_passage_shows_the_words_where_they_stand_in_a_long_text() -> None:
    text = "word " * 300 + "the otter sat " + "down " * 300
    passage = passage_of([None, "nothing", text], "otter")
    assert passage.cut_before and passage.cut_after
    assert [piece.text for piece in passage.pieces if piece.hit] == ["otter"]
    whole = "".join(piece.text for piece in passage.pieces)
    assert whole in text and len(whole) <= LONGEST and whole.startswith("word ")
    assert passage_of(["Short."], "otter").pieces[0].text == "Short."
    assert "".join(piece.text for piece in passage_of(["otter" * 400], "otter").pieces) == "otter" * 400, "a word is never cut"
