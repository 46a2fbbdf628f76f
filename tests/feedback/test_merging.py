"""Messages that say the same: one answer is for all of them, each is counted once, and nobody is lost."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select
from starlette.testclient import TestClient

from service import verification
from service.database import Database, WriteSession
from service.errors import Conflict, NotFound, Refusal
from service.feedback import rules
from service.feedback.actions import Received, withdraw
from service.feedback.answer_models import Step
from service.feedback.desk_actions import mark_read, publish, reply, withhold
from service.feedback.merge_actions import merge, unmerge
from service.feedback.models import Feedback, Outcome, Publication, Reply, ReplyIn, State, WithheldReason
from service.feedback.published import Wanted, find_published
from service.feedback.queries import Answer, get_answer
from service.moderation.actions import set_aside
from service.moderation.models import AsideReason
from service.people.models import Member
from service.places.queries import PlaceCard
from service.rollups import Rollup
from service.safeguarding.actions import raise_message
from service.safeguarding.models import Lane, RaiseIn
from tests.make import Make, SettableClock

AtWork = Callable[..., Member]
NO = ReplyIn(outcome=Outcome.CANNOT_DO, body="We cannot.", reason="The road is the county's.")


@pytest.fixture
def sam(at_work: AtWork, hillside: PlaceCard) -> Member:
    return at_work(hillside)


@pytest.fixture
def two(make: Make, hillside: PlaceCard, clock: SettableClock) -> tuple[Received, Received]:
    first = make.message(hillside, "The lamp by the school is out.", share="words_public")
    clock.advance(hours=1)
    return first, make.message(hillside, "No light near the school.", share="words_public")


def put(make: Make, member: Member, message: Received, into: Received) -> bool:
    with make.database.write() as writes:
        return merge(writes, member, make.message_id(message), make.message_id(into), make.clock())


def apart(make: Make, member: Member, message: Received) -> bool:
    with make.database.write() as writes:
        return unmerge(writes, member, make.message_id(message), make.clock())


def answered(make: Make, member: Member, message: Received, given: ReplyIn = NO) -> None:
    with make.database.write() as writes:
        reply(writes, member, make.message_id(message), given, make.clock())


def row_of(make: Make, message: Received) -> Feedback:
    with make.database.read() as reads:
        return reads.exec(select(Feedback).where(Feedback.public_id == message.public_id)).one()


def opened(make: Make, place: PlaceCard, message: Received) -> Answer:
    with make.database.read() as reads:
        return get_answer(reads, make.keys, place, message.code, make.clock())


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_only_who_may_answer_both_puts_them_together(make: Make, hillside: PlaceCard, at_work: AtWork, sam: Member) -> None:
    make.organisation(hillside, "council")
    make.topic(hillside, "paths", organisation="council")
    ours, theirs = make.message(hillside, topic="paths"), make.message(hillside)
    for role, organisation in (("frontline", None), ("moderator", None), ("coordinator", "council"), ("viewer", None)):
        member = at_work(hillside, role, organisation=organisation)
        for one, into in ((ours, theirs), (theirs, ours)):
            with pytest.raises(NotFound):
                put(make, member, one, into)
    assert put(make, sam, theirs, ours)
    with pytest.raises(NotFound):
        apart(make, at_work(hillside, "frontline"), theirs)


def test_what_cannot_be_put_together_says_so(make: Make, hillside: PlaceCard, sam: Member, two: tuple[Received, Received]) -> None:
    first, second = two
    with pytest.raises(Conflict):
        put(make, sam, first, first)
    answered(make, sam, second)
    with pytest.raises(Conflict):
        put(make, sam, second, first)
    gone = make.message(hillside)
    with make.database.write() as writes:
        set_aside(writes, sam, [make.message_id(gone)], AsideReason.ADVERT, make.clock())
    with pytest.raises(Conflict):
        put(make, sam, first, gone)
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, second.code, make.clock())
    with pytest.raises(NotFound):
        put(make, sam, first, second)


def test_a_message_that_was_put_together_is_answered_with_the_other_and_never_by_itself(
    make: Make, hillside: PlaceCard, sam: Member, two: tuple[Received, Received]
) -> None:
    first, second = two
    put(make, sam, second, first)
    assert hillside.id
    with pytest.raises(Conflict):
        answered(make, sam, second)


# ---- one answer for all ----------------------------------------------------------------------------------------------


def test_each_reads_the_one_answer_and_nobody_the_others_words(
    make: Make, hillside: PlaceCard, sam: Member, two: tuple[Received, Received], clock: SettableClock
) -> None:
    first, second = two
    assert put(make, sam, second, first) and not put(make, sam, second, first)
    waiting = opened(make, hillside, second)
    assert waiting.became.state == State.MERGED and waiting.merged and waiting.became.replies == []
    clock.advance(days=2)
    answered(make, sam, first)
    for message, words in ((first, "The lamp by the school is out."), (second, "No light near the school.")):
        answer = opened(make, hillside, message)
        assert [given.body for given in answer.became.replies] == ["We cannot."] and answer.body == words
        assert answer.working_days == 2
        assert Step.REPLIED in [step.step for step in answer.became.trail]
    steps = [step.step for step in opened(make, hillside, second).became.trail]
    assert steps.index(Step.MERGED) < steps.index(Step.REPLIED)
    assert not opened(make, hillside, first).merged
    with make.database.read() as reads:
        assert len(reads.exec(select(Reply)).all()) == 1


def test_a_third_joins_the_first_and_what_was_with_it_comes_along(make: Make, hillside: PlaceCard, sam: Member) -> None:
    messages = [make.message(hillside, f"Number {number}.") for number in range(5)]
    a, b, c, d, e = messages
    put(make, sam, b, a)
    put(make, sam, c, b)  # is put together with a
    put(make, sam, e, d)
    put(make, sam, d, a)  # brings e along
    root = make.message_id(a)
    assert [row_of(make, one).merged_into_id for one in messages] == [None, root, root, root, root]
    answered(make, sam, a)
    assert all(row_of(make, one).replied_at for one in messages)


def test_who_joins_an_answered_message_has_its_answer_from_now_on(
    make: Make, hillside: PlaceCard, sam: Member, two: tuple[Received, Received], clock: SettableClock
) -> None:
    first, second = two
    answered(make, sam, first)
    clock.advance(days=1)
    put(make, sam, second, first)
    assert row_of(make, second).replied_at == clock.now, "not before anybody could read it"
    assert len(opened(make, hillside, second).became.replies) == 1
    with pytest.raises(Conflict):
        apart(make, sam, second)


def test_it_is_taken_apart_as_long_as_there_is_no_answer(
    make: Make, hillside: PlaceCard, sam: Member, two: tuple[Received, Received]
) -> None:
    first, second = two
    put(make, sam, second, first)
    assert apart(make, sam, second) and not apart(make, sam, second)
    assert row_of(make, second).state == State.IN_REVIEW
    answered(make, sam, first)
    assert opened(make, hillside, second).became.replies == []


@pytest.mark.parametrize("way", ["withdrawn", "set aside", "put apart"])
@pytest.mark.parametrize("with_answer", [False, True])
def test_whoever_said_the_same_is_not_lost_with_the_message(
    make: Make, hillside: PlaceCard, sam: Member, two: tuple[Received, Received], way: str, with_answer: bool
) -> None:
    first, second = two
    if way == "set aside" and with_answer:
        return  # what is answered is not set aside
    put(make, sam, second, first)
    if with_answer:
        answered(make, sam, first)
    with make.database.write() as writes:
        if way == "withdrawn":
            withdraw(writes, make.keys, hillside, first.code, make.clock())
        elif way == "set aside":
            set_aside(writes, sam, [make.message_id(first)], AsideReason.ADVERT, make.clock())
        else:
            raise_message(writes, sam, make.message_id(first), RaiseIn(lane=Lane.SAFEGUARDING), make.clock())
    left = row_of(make, second)
    assert left.merged_into_id is None and left.state == (State.REOPENED if with_answer else State.IN_REVIEW)
    assert left.state in rules.OPEN, "it waits for an answer of its own"
    assert opened(make, hillside, second).became.replies == []


def test_everybody_reads_the_answer_to_others_only_where_those_are_public(
    make: Make, hillside: PlaceCard, sam: Member, two: tuple[Received, Received]
) -> None:
    first, second = two
    put(make, sam, second, first)
    answered(make, sam, first)

    def replies() -> dict[UUID, int]:
        with make.database.read() as reads:
            return {one.id: len(one.replies) for one in find_published(reads, hillside, Wanted())}

    with make.database.write() as writes:
        publish(writes, sam, make.message_id(second), make.clock())
    assert replies() == {second.public_id: 0}
    with make.database.write() as writes:
        publish(writes, sam, make.message_id(first), make.clock())
    assert replies() == {first.public_id: 1, second.public_id: 1}


# ---- the sums --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_put_together_in_whatever_order_each_message_is_counted_once(
    make: Make, hillside: PlaceCard, sam: Member, at_work: AtWork, seed: int
) -> None:
    """Received = not_offered + waiting + published + withheld + withdrawn; nobody is in a circle; whoever waits is found."""
    chance, other = random.Random(seed), at_work(hillside)  # noqa: S311 (the same every time)
    shares = ["words_public", "team_only"]
    messages = [make.message(hillside, f"Number {number}.", share=shares[number % 2]) for number in range(6)]
    ids = [make.message_id(one) for one in messages]
    acts: list[Callable[[WriteSession, int, int, Any], object]] = [
        lambda writes, one, two, at: merge(writes, sam, ids[one], ids[two], at),
        lambda writes, one, two, at: merge(writes, sam, ids[one], ids[two], at),
        lambda writes, one, _two, at: unmerge(writes, sam, ids[one], at),
        lambda writes, one, _two, at: mark_read(writes, sam, ids[one], at),
        lambda writes, one, two, at: one > two and reply(writes, sam, ids[one], NO, at),
        lambda writes, one, _two, at: publish(writes, other, ids[one], at),
        lambda writes, one, _two, at: withhold(writes, other, ids[one], WithheldReason.COULD_HARM, at),
        lambda writes, one, two, at: one == 2 * two and withdraw(writes, make.keys, hillside, messages[one].code, at),
    ]
    for _step in range(40):
        one, two = chance.sample(range(6), 2)
        with suppress(Refusal), make.database.write() as writes:
            chance.choice(acts)(writes, one, two, make.clock.advance(minutes=1))
    with make.database.read() as reads:
        rows = {row.id: row for row in reads.exec(select(Feedback))}
        kept = Counter[str]()
        for cell in reads.exec(select(Rollup).where(Rollup.subject == "publication")):
            kept[cell.cell] += cell.count
    assert sum(kept.values()) == 6 == sum(Counter(row.publication for row in rows.values()).values())
    assert set(kept) <= set(Publication)
    for row in rows.values():
        assert (row.state == State.MERGED) == (row.merged_into_id is not None), row
        if row.merged_into_id:
            root = rows[row.merged_into_id]
            assert root.merged_into_id is None and root.state in rules.HOLD_OTHERS
            assert (row.replied_at is not None) == (root.replied_at is not None and root.state not in rules.OPEN) or root.replied_at
    with make.database.write() as writes:
        assert verification.mend(writes) == 0, "what was counted along the way is what there is"


# ---- on the page -----------------------------------------------------------------------------------------------------


def words_in(page: LexborHTMLParser, selector: str = "main") -> str:
    return " ".join(" ".join(node.text() for node in page.css(selector)).split())


def test_page_offers_what_may_say_the_same_and_takes_it_apart_again(
    make: Make, hillside: PlaceCard, signed_in: Callable[..., TestClient], clock: SettableClock
) -> None:
    make.topic(hillside, "lamps")
    first = make.message(hillside, "The lamp by the school is out.", topic="lamps")
    make.message(hillside, "Something else.")
    clock.advance(hours=1)
    second = make.message(hillside, "No light near the school.", topic="lamps")
    bea, path = signed_in(hillside, name="Bea Lee"), f"/staff/hillside/messages/{make.message_id(second)}"
    page = LexborHTMLParser(bea.get(path).text)
    [into] = page.css("input[name=into]")
    assert into.attributes["value"] == str(make.message_id(first))
    empty = bea.post(f"{path}/merge", data={})
    assert empty.status_code == 422 and "Choose the message that says the same." in empty.text
    done = bea.post(f"{path}/merge", data={"into": into.attributes["value"], "seen": "1"})
    after = bea.get(done.headers["location"]).text
    assert "Put together. One answer is for both." in after and "Take it apart again" in after
    assert "1 more says the same" in bea.get(f"/staff/hillside/messages/{make.message_id(first)}").text
    assert bea.post(f"{path}/unmerge").status_code == 303
    assert row_of(make, second).merged_into_id is None


def test_who_was_writing_when_it_was_put_together_loses_nothing(
    make: Make, hillside: PlaceCard, signed_in: Callable[..., TestClient], two: tuple[Received, Received], database: Database
) -> None:
    first, second = two
    bea, cal = signed_in(hillside, name="Bea Lee"), signed_in(hillside, name="Cal Roe")
    path = f"/staff/hillside/messages/{make.message_id(second)}"
    seen = LexborHTMLParser(cal.get(path).text).css_first("#answer-form input[name=seen]").attributes["value"] or ""
    assert bea.post(f"{path}/merge", data={"into": str(make.message_id(first))}).status_code == 303
    late = cal.post(f"{path}/reply", data={"outcome": "thank_you", "body": "Thank you, Marsh End.", "seen": seen})
    assert late.status_code == 409
    said = words_in(LexborHTMLParser(late.text))
    assert "Bea Lee put this message together with another" in said and "Thank you, Marsh End." in said
    with database.read() as reads:
        assert reads.exec(select(Reply)).all() == []
