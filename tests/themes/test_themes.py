"""Themes: what many messages have in common is answered once, each reads the answer, and nobody reads what is not theirs."""

from collections.abc import Callable
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import col, func, select
from starlette.testclient import TestClient

from service.errors import Conflict, Refused
from service.feedback.actions import Received, withdraw
from service.feedback.desk_actions import publish
from service.feedback.draft_models import Unsent
from service.feedback.models import Feedback, Outcome, Reply, State
from service.feedback.queries import get_answer
from service.people.models import Member
from service.places.queries import PlaceCard
from service.promises.models import Promise
from service.themes.actions import gather, name_theme, show_theme, write_answer
from service.themes.models import ThemeForm
from service.themes.queries import find_shown_themes, find_theme_messages, find_themes
from tests.make import Make, SettableClock

AtWork = Callable[..., Member]
SignedIn = Callable[..., TestClient]
PROMISE = {"promise_text": "We will light it.", "promise_maker": "hub", "promise_due_on": "2027-01-01", "promise_kept_when": "It shines."}


@pytest.fixture
def sam(at_work: AtWork, hillside: PlaceCard) -> Member:
    return at_work(hillside)


def named(make: Make, member: Member, *messages: Received, name: str = "Dark streets") -> UUID:
    with make.database.write() as writes:
        theme = name_theme(writes, member, ThemeForm(name=name), make.clock())
        gather(writes, member, theme, [make.message_id(one) for one in messages], make.clock())
        return theme


def told(make: Make, place: PlaceCard, number: int = 3) -> list[Received]:
    return [make.message(place, f"It is dark, says number {one}.") for one in range(number)]


def count_replies(make: Make) -> int:
    with make.database.read() as reads:
        return reads.exec(select(func.count()).select_from(Reply)).one()


def words_in(page: LexborHTMLParser, selector: str = "main") -> str:
    return " ".join(" ".join(node.text() for node in page.css(selector)).split())


# ---- who reads what --------------------------------------------------------------------------------------------------


def test_nobody_sees_or_counts_messages_of_a_theme_that_are_not_theirs(
    make: Make, hillside: PlaceCard, at_work: AtWork, sam: Member
) -> None:
    make.organisation(hillside, "council")
    make.topic(hillside, "paths", organisation="council")
    ours, other = make.message(hillside, "Ours.", topic="paths"), make.message(hillside, "Somebody else's.")
    theme = named(make, sam, ours, other)
    council = at_work(hillside, organisation="council")
    with make.database.read() as reads:
        assert [row.excerpt for row in find_theme_messages(reads, council, theme, make.clock())] == ["Ours."]
        [line] = find_themes(reads, council)
        assert (line.told, line.waiting) == (1, 1)
        [whole] = find_themes(reads, sam)
        assert (whole.told, whole.waiting) == (2, 2)
    with make.database.write() as writes:
        assert gather(writes, council, theme, [make.message_id(make.message(hillside, "Not theirs."))], make.clock()) == 0


def test_only_who_decides_for_the_whole_place_shows_it(make: Make, hillside: PlaceCard, at_work: AtWork, sam: Member) -> None:
    make.organisation(hillside, "council")
    theme = named(make, sam)
    for role, organisation in (("frontline", None), ("coordinator", "council")):
        member = at_work(hillside, role, organisation=organisation)
        with pytest.raises(Refused), make.database.write() as writes:
            show_theme(writes, member, theme, make.clock(), shown=True)


# ---- one answer for all ----------------------------------------------------------------------------------------------


def test_each_has_an_answer_and_who_comes_later_has_none_until_staff_say_so(
    make: Make, hillside: PlaceCard, sam: Member, signed_in: SignedIn
) -> None:
    make.organisation(hillside, "hub", name="Hub")
    messages, bea = told(make, hillside), signed_in(hillside, name="Bea Lee")
    path = f"/staff/hillside/themes/{named(make, sam, *messages)}"
    empty = bea.post(f"{path}/answer", data={"outcome": "will_do", "body": "We light them."})
    assert empty.status_code == 422 and "We light them." in empty.text
    sent = bea.post(f"{path}/answer", data={"outcome": "will_do", "body": "We light them.", **PROMISE})
    assert sent.status_code == 303
    assert "3 messages have your answer." in words_in(LexborHTMLParser(bea.get(sent.headers["location"]).text), "#done")
    for one in messages:
        with make.database.read() as reads:
            [given] = get_answer(reads, make.keys, hillside, one.code, make.clock()).became.replies
            assert given.body == "We light them." and given.promise
    with make.database.read() as reads:
        assert reads.exec(select(Promise.text)).all() == ["We will light it."], "one promise, for all of them"
    with make.database.read() as reads:
        promise = reads.exec(select(Promise.id)).one()
    led = LexborHTMLParser(bea.get(f"/staff/hillside/promises/{promise}").text)
    assert [node.attributes["href"] for node in led.css("[aria-labelledby=led-h] p a")] == [path], "from the promise to the theme"
    assert "They told of:" not in bea.get(f"/hillside/promises/{promise}").text, "nobody outside reads the theme yet"
    with make.database.write() as writes:
        show_theme(writes, make.at_work(hillside, "moderator"), UUID(path.rpartition("/")[2]), make.clock(), shown=True)
    assert words_in(LexborHTMLParser(bea.get(f"/hillside/promises/{promise}").text)).count("They told of: Dark streets") == 1
    late = make.message(hillside, "Dark here as well.")
    with make.database.write() as writes:
        gather(writes, sam, UUID(path.rpartition("/")[2]), [make.message_id(late)], make.clock())
    assert count_replies(make) == 3
    page = LexborHTMLParser(bea.get(path).text)
    answer = page.css_first("form[action$='/answer/rest'] input[name=answer]").attributes["value"]
    assert bea.post(f"{path}/answer/rest", data={"answer": answer}).status_code == 303
    assert count_replies(make) == 4
    with make.database.read() as reads:
        assert len(reads.exec(select(Promise)).all()) == 1
        assert set(reads.exec(select(Feedback.state))) == {State.REPLIED}


def test_answer_to_what_everybody_reads_waits_for_a_second_person(
    make: Make, hillside: PlaceCard, sam: Member, signed_in: SignedIn
) -> None:
    message = make.message(hillside, share="words_public")
    with make.database.write() as writes:
        publish(writes, sam, make.message_id(message), make.clock())
    path = f"/staff/hillside/themes/{named(make, sam, message, *told(make, hillside, 2))}"
    bea, cal = signed_in(hillside, name="Bea Lee"), signed_in(hillside, name="Cal Roe")
    assert bea.post(f"{path}/answer", data={"outcome": "done", "body": "They shine."}).status_code == 303
    assert count_replies(make) == 0
    assert not LexborHTMLParser(bea.get(path).text).css("form[action*='/answer/give']")
    answer = LexborHTMLParser(cal.get(path).text).css_first("form[action*='/answer/give'] input[name=answer]").attributes["value"]
    assert bea.post(f"{path}/answer/give", data={"answer": answer}).status_code == 409
    assert cal.post(f"{path}/answer/return", data={"answer": answer}).status_code == 422
    assert cal.post(f"{path}/answer/give", data={"answer": answer}).status_code == 303
    with make.database.read() as reads:
        assert len(reads.exec(select(Reply).where(col(Reply.checked_by).is_not(None))).all()) == 3


def test_withdrawn_message_leaves_its_theme_and_the_answer_stays_for_the_others(make: Make, hillside: PlaceCard, sam: Member) -> None:
    first, second = told(make, hillside, 2)
    theme = named(make, sam, first, second)
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, first.code, make.clock())
    with make.database.read() as reads:
        assert [row.id for row in find_theme_messages(reads, sam, theme, make.clock())] == [make.message_id(second)]


# ---- for everybody ---------------------------------------------------------------------------------------------------


def test_everybody_reads_its_answer_and_how_many_but_no_small_number(
    make: Make, hillside: PlaceCard, sam: Member, at_work: AtWork, clock: SettableClock, visitor: TestClient
) -> None:
    ann = at_work(hillside)
    many, few = named(make, sam, *told(make, hillside, 6)), named(make, sam, *told(make, hillside, 2), name="Loud bins")
    hidden = named(make, sam, *told(make, hillside, 7), name="Only staff")
    with make.database.write() as writes:
        write_answer(writes, sam, many, Unsent(Outcome.DONE, "They shine."), make.clock(), waits=False)
        with pytest.raises(Conflict):
            show_theme(writes, sam, many, make.clock(), shown=True)
        for theme in (many, few):
            show_theme(writes, ann, theme, make.clock(), shown=True)
    with make.database.read() as reads:
        assert [one.told.value for one in find_shown_themes(reads, hillside, make.clock())] in ([0, 0], [None, None]), (
            "this month is not over"
        )
    clock.advance(days=30)
    with make.database.read() as reads:
        themes = {one.name: one for one in find_shown_themes(reads, hillside, make.clock())}
    assert {name: one.told.value for name, one in themes.items()} == {"Dark streets": None, "Loud bins": None}, "two are hidden together"
    assert hidden and themes["Dark streets"].answers[0].checked
    text = words_in(LexborHTMLParser(visitor.get("/hillside/themes").text))
    assert "They shine." in text and "Only staff" not in text and "It is dark" not in text


# ---- with several at once --------------------------------------------------------------------------------------------


def test_marked_messages_are_grouped_put_together_or_answered_from_one_page(make: Make, hillside: PlaceCard, signed_in: SignedIn) -> None:
    bea, messages = signed_in(hillside), told(make, hillside)
    ids = [str(make.message_id(one)) for one in messages]
    page = LexborHTMLParser(bea.get("/staff/hillside/together", params={"message": ids}).text)
    assert len(page.css("form[action$='/together/theme'] input[name=message]")) == 3
    assert bea.post("/staff/hillside/together/theme", data={"message": ids}).status_code == 422
    themed = bea.post("/staff/hillside/together/theme", data={"message": ids, "name": "Dark streets"})
    assert "3 messages tell of it." in words_in(LexborHTMLParser(bea.get(themed.headers["location"]).text))
    put = bea.post("/staff/hillside/together/merge", data={"message": ids[:2], "into": ids[0]})
    assert put.status_code == 303 and ids[0] in put.headers["location"]
    typed = {"message": ids, "outcome": "thank_you", "body": "Thank you for telling us."}
    sent = bea.post("/staff/hillside/together/answer", data=typed)
    assert "2 messages have your answer." in words_in(LexborHTMLParser(bea.get(sent.headers["location"]).text), "#done")
    again = bea.post("/staff/hillside/together/answer", data=typed)
    assert again.status_code == 422 and "Thank you for telling us." in again.text
    with make.database.read() as reads:
        assert len(reads.exec(select(Reply)).all()) == 2, "the third reads the answer to the first"
        assert all(reads.exec(select(Feedback.replied_at)))


def test_bulk_answer_that_claims_a_change_to_everybody_is_proposed(
    make: Make, hillside: PlaceCard, sam: Member, signed_in: SignedIn
) -> None:
    shown, private = make.message(hillside, share="words_public"), make.message(hillside, "The lamp.")
    with make.database.write() as writes:
        publish(writes, sam, make.message_id(shown), make.clock())
    ids = [str(make.message_id(one)) for one in (shown, private)]
    sent = signed_in(hillside).post("/staff/hillside/together/answer", data={"message": ids, "outcome": "done", "body": "It is done."})
    assert sent.headers["location"].endswith("did=answered.1.1") and count_replies(make) == 1
