"""Answers to a theme and what people saw of a promise stand in the inbox of those who decide about them, and of nobody else."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from service.checks.actions import check_promise, decide_comment, look_at_comment
from service.checks.models import CheckIn, PromiseCheck, Verdict, Wish
from service.errors import Conflict, Refused
from service.feedback.actions import withdraw
from service.feedback.draft_models import Unsent
from service.feedback.models import Feedback, Outcome, State
from service.inbox.models import OtherRow, Part, Wanted
from service.inbox.queries import Inbox, find_inbox
from service.loop.models import Addition
from service.people.models import Member, Role
from service.safeguarding.queries import count_urgent
from service.themes.actions import name_theme, return_answer, write_answer
from service.themes.models import ThemeAnswer, ThemeForm
from tests.checks.conftest import Town

AtWork = Callable[..., Member]
HARM = "My neighbour says he will kill her."
RISK = "There is a knife in the bin by the bench."


def inbox(town: Town, who: Member, wanted: Wanted) -> Inbox:
    with town.make.database.read() as reads:
        return find_inbox(reads, who, wanted, town.make.clock())


def others(town: Town, who: Member, part: Part = Part.DUTIES, **wanted: str) -> list[OtherRow]:
    """What stands there besides messages, stories and promises; the number beside the part is that of its rows."""
    found = inbox(town, who, Wanted(part, **wanted))
    assert found.counts[part] == len(found.rows)
    return [row.other for row in found.rows if row.other]


def seen(town: Town, promise: UUID, comment: str, code: str | None = None, share: Wish = Wish.WORDS_PUBLIC) -> UUID:
    given = CheckIn(verdict=Verdict.PARTLY, comment=comment, share=share, receipt=code)
    with town.make.database.write() as writes:
        check_promise(writes, town.make.keys, town.place, promise, given, town.make.clock())
    with town.make.database.read() as reads:
        return reads.exec(select(PromiseCheck.id).where(col(PromiseCheck.comment) == comment)).one()


# ---- what people saw -------------------------------------------------------------------------------------------------


def test_words_of_a_check_wait_for_those_who_may_decide_about_them(town: Town, at_work: AtWork) -> None:
    promise = town.promise()
    first, second = seen(town, promise, "Half of it is mended."), seen(town, promise, "Not by the school.")
    seen(town, promise, "For the team.", share=Wish.TEAM_ONLY)
    [row] = others(town, town.sam, Part.SEEN)
    assert (row.what, row.of, row.number, row.urgent, row.by) == ("seen", promise, 2, False, "The council")
    assert others(town, town.sam) == [row] == others(town, at_work(town.place, Role.MODERATOR, email="mo@example.org"))
    for maker in (town.council, town.hub):
        assert others(town, maker) == [], "neither its maker's people nor another organisation's decide"
    assert Part.SEEN not in inbox(town, town.council, Wanted(Part.DUTIES)).counts
    for narrowed, there in (
        ({"organisation": "council"}, True),
        ({"organisation": "hub"}, False),
        ({"topic": "x"}, False),
        ({"whose": "mine"}, False),
    ):
        assert bool(others(town, town.sam, **narrowed)) == there, narrowed
    with town.make.database.write() as writes:
        decide_comment(writes, town.sam, promise, first, town.make.clock(), publish=True)
        decide_comment(writes, town.sam, promise, second, town.make.clock(), publish=False)
    assert others(town, town.sam) == []


def test_somebody_of_the_maker_who_also_works_for_the_whole_place_decides_nothing(town: Town, at_work: AtWork) -> None:
    promise = town.promise()
    town.make.person(town.place, Role.COORDINATOR, email="both@example.org")
    both = at_work(town.place, organisation="council", email="both@example.org")
    check = seen(town, promise, "Half of it is mended.")
    assert others(town, both) == []
    with pytest.raises(Refused), town.make.database.write() as writes:
        look_at_comment(writes, both, promise, check, town.make.clock())


def test_a_rule_holds_words_of_a_check_until_somebody_has_read_them(town: Town) -> None:
    promise = town.promise()
    check = seen(town, promise, RISK)
    [row] = others(town, town.sam, Part.SEEN)
    assert row.urgent
    with pytest.raises(Conflict), town.make.database.write() as writes:
        decide_comment(writes, town.sam, promise, check, town.make.clock(), publish=True)
    for news in (True, False):
        with town.make.database.write() as writes:
            assert look_at_comment(writes, town.sam, promise, check, town.make.clock()) == news
    [row] = others(town, town.sam, Part.SEEN)
    assert not row.urgent, "read, and still to be shown or not"
    with town.make.database.write() as writes:
        decide_comment(writes, town.sam, promise, check, town.make.clock(), publish=True)
    assert others(town, town.sam) == []


def test_words_that_cannot_wait_call_somebody_and_nobody_else_reads_them(town: Town, at_work: AtWork) -> None:
    """With the code of a message they belong to that; without any they are a message of their own, which nobody can open."""
    promise, message = town.promise(), town.make.message(town.place)
    for code, share in ((message.code, Wish.TEAM_ONLY), (None, Wish.WORDS_PUBLIC)):
        given = CheckIn(verdict=Verdict.NO, comment=HARM, share=share, receipt=code)
        with town.make.database.write() as writes:
            check_promise(writes, town.make.keys, town.place, promise, given, town.make.clock())
    ann = at_work(town.place, Role.MODERATOR, email="ann@example.org")
    with town.make.database.read() as reads:
        assert set(reads.exec(select(Feedback.state))) == {State.SAFEGUARDING_HOLD}
        assert count_urgent(reads, ann, town.make.clock()) == 2, "those on call are called"
        apart = reads.exec(select(Feedback).where(col(Feedback.codeless_at).is_not(None))).one()
        assert (apart.body, apart.promise_id, apart.share) == (HARM, promise, "team_only")
        assert reads.exec(select(Addition.body)).one() == HARM
        assert set(reads.exec(select(PromiseCheck.comment))) == {None}
        assert list(reads.exec(select(PromiseCheck.verdict))) == [Verdict.NO, Verdict.NO], "what was ticked counts"
    assert others(town, town.sam, Part.SEEN) == []


def test_words_of_a_check_go_with_the_message_whose_code_came_with_them(town: Town) -> None:
    promise, message = town.promise(), town.make.message(town.place)
    seen(town, promise, RISK, message.code, Wish.TEAM_ONLY)
    [row] = others(town, town.sam, Part.SEEN)
    assert row.urgent
    with town.make.database.write() as writes:
        withdraw(writes, town.make.keys, town.place, message.code, town.make.clock())
    assert others(town, town.sam, Part.SEEN) == []


# ---- answers to a theme ----------------------------------------------------------------------------------------------


def test_answer_to_a_theme_waits_for_a_second_person(town: Town, at_work: AtWork) -> None:
    given, now = Unsent(Outcome.DONE, "The lamps shine."), town.make.clock()
    with town.make.database.write() as writes:
        theme = name_theme(writes, town.sam, ThemeForm(name="Dark paths"), now)
        answer = write_answer(writes, town.sam, theme, given, now, waits=True)
    kim = at_work(town.place, email="kim@example.org")
    [row] = others(town, kim, Part.PROPOSED)
    assert (row.what, row.of, row.title, row.excerpt) == ("theme_answer", theme, "Dark paths", "The lamps shine.")
    assert others(town, kim) == [row] and others(town, kim, area="none", organisation="none") == [row]
    assert others(town, town.sam) == [], "who wrote it does not look at it"
    assert others(town, at_work(town.place, Role.MODERATOR, email="mo@example.org")) == []
    assert others(town, kim, area="linden") == []
    with town.make.database.write() as writes:
        return_answer(writes, kim, theme, answer, "Which lamps?", now)
        assert writes.exec(select(ThemeAnswer.returned_why)).one()
    assert others(town, kim) == []


def test_both_stand_on_the_page_and_lead_to_where_they_are_decided(
    town: Town,
    staff: TestClient,
) -> None:
    promise = town.promise()
    seen(town, promise, RISK)
    page = staff.get("/staff/hillside/inbox").text
    assert f"/staff/hillside/promises/{promise}/checks" in page and "Read it now" in page
    [check] = [
        line.split('"')[0]
        for line in staff.get(f"/staff/hillside/promises/{promise}/checks").text.split('action="')
        if "/checks/" in line[:130]
    ]
    assert staff.post(check, data={"act": "publish"}).status_code == 409
    assert staff.post(check, data={"act": "look"}).status_code == 303
    assert staff.post(check, data={"act": "publish"}).status_code == 303
    assert "/checks" not in staff.get("/staff/hillside/inbox").text
