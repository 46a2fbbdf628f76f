"""“You said, we did”: made of what people let everybody read; what is open first, every no with why; and the feeds."""

from datetime import date
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from service.feedback.actions import Received, withdraw
from service.feedback.desk_actions import publish, reply
from service.feedback.models import Outcome, ReplyIn
from service.people.models import Member
from service.places.queries import PlaceCard
from service.promises.actions import make_promise, report_progress, speaker_of
from service.promises.models import ProgressIn, PromiseIn, Side, Standing
from tests.make import Make

URL = "/hillside/said-and-done"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def sam(make: Make, hillside: PlaceCard) -> Member:
    """A coordinator for the whole place."""
    make.organisation(hillside, "council", name="The council")
    make.area(hillside, "linden", name="Linden")
    make.area(hillside, "top", name="Top Fields")
    return make.at_work(hillside)


def told(make: Make, sam: Member, words: str, *, public: bool = True, **fields: Any) -> Received:
    message = make.message(sam.place, words, share="words_public", **fields)
    if public:
        with make.database.write() as writes:
            publish(writes, sam, make.message_id(message), make.clock())
    return message


def answered(make: Make, sam: Member, message: Received, outcome: Outcome, body: str, **fields: Any) -> None:
    """Somebody wrote the answer, and Sam is the second person who looks at what it claims."""
    writer = make.at_work(sam.place, email="kim@hillside.example").person.staff_id
    given = ReplyIn(outcome=outcome, body=body, **fields)
    with make.database.write() as writes:
        reply(writes, sam, make.message_id(message), given, make.clock(), written_by=writer)


def promised(make: Make, sam: Member, text: str, due_on: str = "2027-05-01", **fields: Any) -> UUID:
    given = {"side": Side.OUR_PART, "maker": "council", "made_on": "2026-11-01", "due_on": due_on, "kept_when": "It stands.", **fields}
    with make.database.write() as writes:
        writes.expire_on_commit = False
        return make_promise(writes, speaker_of(sam), sam.place, PromiseIn.model_validate({"text": text, **given}), make.clock()).id


def moved(make: Make, sam: Member, promise: UUID, to: Standing | None, note: str = "It is so.") -> None:
    with make.database.write() as writes:
        report_progress(writes, speaker_of(sam), sam.place, promise, ProgressIn(note=note, to=to), make.clock())


def parts(visitor: TestClient, query: str = "") -> dict[str, str]:
    """The words of each part of the page."""
    answer = visitor.get(f"{URL}{query}")
    assert answer.status_code == 200, answer.text
    page = LexborHTMLParser(answer.text)
    return {str(node.attributes["id"]): " ".join(node.text().split()) for node in page.css("section.fig")}


def feed(visitor: TestClient, path: str = "/hillside/feed.atom") -> ET.Element:
    answer = visitor.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8"), answer.text
    return ET.fromstring(answer.content)  # noqa: S314 (our own)


# ---- the page --------------------------------------------------------------------------------------------------------


def test_nothing_is_shown_without_the_sender_s_yes_and_a_second_look(make: Make, sam: Member, visitor: TestClient) -> None:
    told(make, sam, "Nobody looked at this.", public=False)
    make.message(sam.place, "For the team alone.")
    assert parts(visitor) == {} and "Nothing stands here yet." in visitor.get(URL).text


def test_every_message_stands_where_it_belongs(make: Make, sam: Member, visitor: TestClient) -> None:
    told(make, sam, "The gate squeaks.")
    answered(make, sam, told(make, sam, "The bench has gone."), Outcome.DONE, "A new one is there.")
    answered(make, sam, told(make, sam, "The sign is wrong."), Outcome.ALREADY_DOING, "It is being painted.")
    answered(make, sam, told(make, sam, "Close the road."), Outcome.CANNOT_DO, "We cannot.", reason="It is the county's road.")
    answered(make, sam, told(make, sam, "Thanks, nurse."), Outcome.THANK_YOU, "Thank you.")
    answered(make, sam, told(make, sam, "Which lamp?"), Outcome.NEED_MORE, "Tell us which.")
    late, kept, claimed = (promised(make, sam, words, due) for words, due in
                           (("A path", "2026-11-22"), ("A wall", "2026-12-01"), ("A ramp", "2026-12-01")))  # fmt: skip
    for words, promise in (("Mud.", late), ("It fell.", kept), ("Steps.", claimed)):
        answered(make, sam, told(make, sam, words), Outcome.WILL_DO, "We will.", promise=promise)
    for promise in (kept, claimed):
        with make.database.write() as writes:
            speaker = speaker_of(make.at_work(sam.place, organisation="council"))
            report_progress(writes, speaker, sam.place, promise, ProgressIn(note="Built.", to=Standing.CLAIMED_KEPT), make.clock())
    moved(make, sam, kept, Standing.KEPT)
    shown = parts(visitor)
    assert list(shown) == ["open", "done", "no"], "what is open stands first"
    for words in ("The gate squeaks.", "Which lamp?", "Mud.", "Late", "Steps.", "They say it is done"):
        assert words in shown["open"], words
    for words in ("The bench has gone.", "The sign is wrong.", "It fell.", "We did"):
        assert words in shown["done"], words
    assert "Close the road." in shown["no"] and "It is the county's road." in shown["no"]
    assert "Another reason" in shown["no"]
    assert "Thanks, nurse." not in " ".join(shown.values()), "there was nothing to do"
    assert not {"Steps.", "Mud."} & set(shown["done"].split())


def test_noes_stand_together_by_the_kind_of_their_reason(make: Make, sam: Member, visitor: TestClient) -> None:
    for words, kind in (("A pool.", "no_money"), ("A road.", "not_ours"), ("A slide.", "no_money"), ("Fireworks.", None)):
        answered(make, sam, told(make, sam, words), Outcome.CANNOT_DO, "We cannot.", reason="We asked.", no_kind=kind)
    page = LexborHTMLParser(visitor.get(f"{URL}?part=no").text)
    assert [node.text() for node in page.css("#no h3")] == ["It is not ours to do", "There is no money for it", "Another reason"]
    alone = parts(visitor, "?part=no&why=no_money")["no"]
    assert "A pool." in alone and "A slide." in alone and "A road." not in alone and "Fireworks." not in alone
    assert "Fireworks." in parts(visitor, "?part=no&why=other")["no"], "what was answered before kinds were asked for"
    assert "A road." in parts(visitor, "?part=no&why=nonsense")["no"], "what there is not, is not asked"
    assert list(parts(visitor, "?why=no_money")) == ["no"]


def test_last_answer_is_the_one_that_counts(make: Make, sam: Member, visitor: TestClient) -> None:
    message = told(make, sam, "The bench has gone.")
    answered(make, sam, message, Outcome.CANNOT_DO, "No.", reason="No money.")
    make.clock.advance(days=1)
    answered(make, sam, message, Outcome.DONE, "Here it is.")
    assert list(parts(visitor)) == ["done"]


def test_one_area_and_one_part_alone_and_page_by_page(make: Make, sam: Member, visitor: TestClient) -> None:
    for number in range(23):
        told(make, sam, f"Lamp {number} is out.", area="linden")
    told(make, sam, "The swing is loose.", area="top")
    assert "swing" not in parts(visitor, "?area=linden")["open"] and "swing" in parts(visitor, "?area=top")["open"]
    assert list(parts(visitor, "?area=nowhere")) == ["open"], "an area that is not there narrows nothing"
    page = LexborHTMLParser(visitor.get(f"{URL}?part=open&area=linden").text)
    first = {node.text(strip=True) for node in page.css(".said")}
    rest = LexborHTMLParser(visitor.get(str(page.css_first("section .more a").attributes["href"])).text)
    second = {node.text(strip=True) for node in rest.css(".said")}
    assert (len(first), len(second), len(first | second)) == (20, 3, 23)
    assert not any(letter.isdigit() for letter in " ".join(node.text() for node in page.css("section h2"))), "no count points at anybody"


def test_words_leave_the_page_the_form_and_the_feed_at_once(make: Make, sam: Member, visitor: TestClient) -> None:
    message = told(make, sam, "The bench has gone.")
    answered(make, sam, message, Outcome.DONE, "A new bench is there.")
    addresses = (URL, "/hillside/tell", "/hillside/feed.atom")
    assert all("The bench has gone." in visitor.get(address).text for address in addresses)
    with make.database.write() as writes:
        withdraw(writes, make.keys, sam.place, message.code, make.clock())
    assert not any("bench" in visitor.get(address).text for address in addresses)


def test_three_answers_stand_before_the_question_a_no_among_them(make: Make, sam: Member, visitor: TestClient) -> None:
    answered(make, sam, told(make, sam, "Close the road."), Outcome.CANNOT_DO, "We cannot.", reason="It is the county's.")
    make.clock.advance(days=14)
    for number in range(4):
        answered(make, sam, told(make, sam, f"Lamp {number} is out."), Outcome.DONE, "It shines.")
    cards = LexborHTMLParser(visitor.get("/hillside/tell").text).css("#tell-form .ysw")
    assert len(cards) == 3 and sum("We said no" in card.text() for card in cards) == 1


# ---- the feeds -------------------------------------------------------------------------------------------------------


def test_feed_is_atom_as_its_standard_says(make: Make, sam: Member, visitor: TestClient) -> None:
    answered(make, sam, told(make, sam, "A & B <gone> \x0b.", area="linden"), Outcome.DONE, "It's “there”.")
    promise = promised(make, sam, "A path", area="linden")
    moved(make, sam, promise, Standing.UNDER_WAY)
    paths = (
        "/hillside/feed.atom",
        "/hillside/feed.atom?area=linden",
        f"/hillside/promises/{promise}/feed.atom",
        "/hillside/feed.atom?lang=cy",
    )
    ids = []
    for path in paths:
        root = feed(visitor, path)
        assert root.tag == f"{ATOM}feed"
        for element in [root, *root.findall(f"{ATOM}entry")]:
            for name in ("id", "title", "updated"):
                [found] = element.findall(f"{ATOM}{name}")
                assert found.text
            assert UUID(element.findtext(f"{ATOM}id", "").removeprefix("urn:uuid:"))
            assert date.fromisoformat(element.findtext(f"{ATOM}updated", "")[:10]) and element.findtext(f"{ATOM}updated", "").endswith("Z")
            assert element.find(f"{ATOM}author/{ATOM}name") is not None
            assert all(link.attrib["href"].startswith("http") for link in element.findall(f"{ATOM}link"))
        [me] = [link for link in root.findall(f"{ATOM}link") if link.attrib["rel"] == "self"]
        assert me.attrib["href"].endswith(path)
        times = [entry.findtext(f"{ATOM}updated", "") for entry in root.findall(f"{ATOM}entry")]
        assert times == sorted(times, reverse=True) and root.findtext(f"{ATOM}updated") == times[0]
        ids.append(root.findtext(f"{ATOM}id"))
    assert len(set(ids)) == 3 and ids[0] == ids[3], "the same feed in another language is the same feed"
    assert "A & B <gone> ." in ET.tostring(feed(visitor), encoding="unicode", method="text")


def test_feed_keeps_its_ids_and_tells_no_moment_of_an_answer(make: Make, sam: Member, visitor: TestClient) -> None:
    answered(make, sam, told(make, sam, "The bench has gone."), Outcome.DONE, "A new one is there.")
    before = feed(visitor)
    make.clock.advance(days=9)
    promised(make, sam, "A path")
    after = feed(visitor)
    [first], [_new, second] = (root.findall(f"{ATOM}entry") for root in (before, after))
    assert ET.tostring(first) == ET.tostring(second)
    assert first.findtext(f"{ATOM}updated") == "2026-11-23T00:00:00Z", "the Monday of its week"
    assert UUID(first.findtext(f"{ATOM}id", "").removeprefix("urn:uuid:")).version == 5, "an id of rows holds their moment"


def test_feed_of_an_area_and_of_a_promise_hold_their_own_alone(make: Make, sam: Member, visitor: TestClient) -> None:
    here, there = promised(make, sam, "A path", area="linden"), promised(make, sam, "A wall", area="top")
    for promise in (here, there):
        moved(make, sam, promise, None, "A note on the way.")
        moved(make, sam, promise, Standing.STALLED, "It is stuck.")
    whole, area, one = (feed(visitor, path) for path in
                        ("/hillside/feed.atom", "/hillside/feed.atom?area=linden", f"/hillside/promises/{here}/feed.atom"))  # fmt: skip
    titles = [[entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")] for root in (whole, area, one)]
    assert sorted(map(str, titles[1])) == ["Said: A path", "Stuck, here is why: A path"]
    assert sorted(map(str, titles[2])) == ["A note.: A path", "Said: A path", "Stuck, here is why: A path"]
    assert len(titles[0]) == 4
    assert visitor.get("/hillside/feed.atom?area=nowhere").status_code == 404


def test_draft_is_in_no_feed(make: Make, sam: Member, visitor: TestClient) -> None:
    given = PromiseIn(text="Secret", side=Side.OUR_PART, maker="council", made_on=date(2026, 11, 1), due_on=date(2027, 1, 1), kept_when="x")
    with make.database.write() as writes:
        writes.expire_on_commit = False
        draft = make_promise(writes, speaker_of(sam), sam.place, given, make.clock(), draft=True).id
    moved(make, sam, draft, Standing.PROPOSED, "Put forward.")
    assert "Secret" not in visitor.get("/hillside/feed.atom").text
    assert visitor.get(f"/hillside/promises/{draft}/feed.atom").status_code == 404
    moved(make, sam, draft, Standing.MADE, "Published.")
    assert [entry.findtext(f"{ATOM}title") for entry in feed(visitor).findall(f"{ATOM}entry")] == ["Said: Secret"], "told once"


def test_feed_is_found_from_the_pages_and_answered_shortly_when_nothing_changed(make: Make, sam: Member, visitor: TestClient) -> None:
    promise = promised(make, sam, "A path")
    for path, wanted in (
        ("/hillside", "/hillside/feed.atom"),
        (f"/hillside/promises/{promise}", f"/hillside/promises/{promise}/feed.atom"),
    ):
        [link] = LexborHTMLParser(visitor.get(path).text).css("head link[type='application/atom+xml']")
        assert link.attributes["href"] == wanted
    etag = visitor.get("/hillside/feed.atom").headers["etag"]
    assert visitor.get("/hillside/feed.atom", headers={"if-none-match": etag}).status_code == 304
