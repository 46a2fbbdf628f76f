"""Who is asked when something cannot wait: the rota in its order, then everybody; by letters that hold no words."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlmodel import col, select, update

from service.app import create_app, post_worker
from service.errors import Invalid, NotFound
from service.people.models import Member, Role, Staff
from service.places.queries import PlaceCard
from service.safeguarding import queries
from service.safeguarding.actions import ask_around
from service.safeguarding.models import ConcernStep, Did, TurnIn
from service.safeguarding.rota_actions import put_on_rota, set_acknowledge_minutes, take_off_rota
from service.safeguarding.worker import Watch
from service.settings import Settings
from tests.make import Make
from tests.outbox.conftest import PostOffice
from tests.safeguarding.conftest import on_rota, raised, taken

AtWork = Callable[..., Member]
SECRET = "My neighbour shouts at her boy every night."


def asked(make: Make) -> set[str]:
    """Who is called at this moment."""
    with make.database.write() as writes:
        return {call.address for call in ask_around(writes, make.clock())}


@pytest.mark.parametrize("role", ["frontline", "moderator", "viewer"])
def test_coordinators_and_administrators_keep_the_rota(make: Make, hillside: PlaceCard, at_work: AtWork, role: str) -> None:
    sam, somebody = at_work(hillside), at_work(hillside, role)
    make.organisation(hillside, "council")
    for who in (somebody, at_work(hillside, organisation="council")):
        with pytest.raises(NotFound):
            on_rota(make, who, sam)
        with pytest.raises(NotFound), make.database.write() as writes:
            set_acknowledge_minutes(writes, who, 45, make.clock())
    turn = on_rota(make, at_work(hillside, "admin"), sam)
    with pytest.raises(NotFound), make.database.write() as writes:
        take_off_rota(writes, somebody, turn, make.clock())


def test_turns_that_make_no_sense_are_refused(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam, now = at_work(hillside), make.clock()
    viewer = at_work(hillside, "viewer").person.staff_id
    me, hour = sam.person.staff_id, timedelta(hours=1)
    for staff, begins_at, ends_at, field in (
        (viewer, now, now + hour, "staff"),
        (me, now + hour, now, "ends_at"),
        (me, now - 2 * hour, now - hour, "ends_at"),
        (me, now, now + timedelta(days=60), "ends_at"),
    ):
        with pytest.raises(Invalid) as refused, make.database.write() as writes:
            put_on_rota(writes, sam, TurnIn(staff=staff, begins_at=begins_at, ends_at=ends_at), now)
        assert [error.field for error in refused.value.errors] == [field]


def test_the_next_is_asked_when_the_first_does_not_come_and_then_everybody(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam = at_work(hillside, email="sam@example.org")
    asha = at_work(hillside, "frontline", email="asha@example.org")
    at_work(hillside, "moderator", email="mo@example.org")
    at_work(hillside, "admin", email="ada@example.org")
    on_rota(make, sam, asha, place_in_line=1)
    on_rota(make, sam, sam, place_in_line=2)
    concern = raised(make, sam, make.message_id(make.message(hillside, SECRET)))
    assert asked(make) == {"asha@example.org"}
    assert asked(make) == set(), "she has half an hour"
    make.clock.advance(minutes=29)
    assert asked(make) == set()
    make.clock.advance(minutes=1)
    assert asked(make) == {"sam@example.org"}
    for _round in range(2):
        make.clock.advance(minutes=30)
        assert asked(make) == {"mo@example.org", "ada@example.org"}, "again and again, until somebody has it"
    taken(make, asha, concern)
    make.clock.advance(days=1)
    assert asked(make) == set()
    with make.database.read() as reads:
        steps = reads.exec(select(ConcernStep.did).order_by(col(ConcernStep.id))).all()
    assert steps == [Did.RAISED, Did.ASKED, Did.ASKED, *[Did.ALARMED] * 4, Did.TAKEN]


def test_everybody_is_told_at_once_when_nobody_is_on_call(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam = at_work(hillside)
    at_work(hillside, "moderator", email="mo@example.org")
    gone = at_work(hillside, "frontline", email="gone@example.org")
    on_rota(make, sam, gone)
    with make.database.write() as writes:
        writes.execute(update(Staff).where(col(Staff.email) == "gone@example.org").values(disabled_at=make.clock()))
    raised(make, sam, make.message_id(make.message(hillside, SECRET)))
    assert asked(make) == {"mo@example.org"}


def test_a_place_says_how_long_somebody_has(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam = at_work(hillside)
    at_work(hillside, "moderator", email="mo@example.org")
    for minutes in (4, 1441):
        with pytest.raises(Invalid), make.database.write() as writes:
            set_acknowledge_minutes(writes, sam, minutes, make.clock())
    with make.database.write() as writes:
        assert set_acknowledge_minutes(writes, sam, 5, make.clock())
        assert not set_acknowledge_minutes(writes, sam, 5, make.clock())
    on_rota(make, sam, sam)
    raised(make, sam, make.message_id(make.message(hillside, SECRET)))
    asked(make)
    make.clock.advance(minutes=5)
    assert asked(make) == {"mo@example.org"}


def test_a_turn_that_is_over_or_was_taken_off_counts_no_more(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sam = at_work(hillside)
    first, second = on_rota(make, sam, sam, hours=1), on_rota(make, sam, sam, place_in_line=2, hours=2)
    with make.database.read() as reads:
        assert queries.is_on_call(reads, sam, make.clock())
        assert queries.is_on_call(reads, sam, make.clock() + timedelta(minutes=90))
        assert not queries.is_on_call(reads, sam, make.clock() + timedelta(minutes=121))
    with make.database.write() as writes:
        assert take_off_rota(writes, sam, second, make.clock()) and not take_off_rota(writes, sam, second, make.clock())
    with make.database.read() as reads:
        assert [turn.id for turn in queries.find_turns(reads, hillside.id, make.clock())] == [first]
        assert not queries.is_on_call(reads, sam, make.clock() + timedelta(minutes=90))


def test_letter_calls_and_says_nothing_of_what_was_said(
    make: Make, hillside: PlaceCard, at_work: AtWork, settings: Settings, post_office: PostOffice
) -> None:
    """The server's own watch and post, on a real mail server; who has it already gets no letter."""
    sam = at_work(hillside, Role.COORDINATOR, email="sam@example.org", name="Sam Okoro")
    on_rota(make, sam, sam)
    concern = raised(make, sam, make.message_id(make.message(hillside, SECRET)))
    mailing = settings.model_copy(update={"smtp_url": SecretStr(post_office.url), "mail_from": "said@hillside.example"})
    app = create_app(mailing, clock=make.clock)
    app.state.database = make.database

    async def called() -> bool:
        await Watch(make.database, make.clock, sends_mail=True).look()
        return await post_worker(app).send_one()

    assert asyncio.run(called())
    [letter] = post_office.letters
    body = letter.get_content()
    assert letter["To"] == "sam@example.org" and letter["Subject"] == "You are needed now"
    assert "/staff/hillside/urgent" in body and "I have it" in body
    assert not any(word in body.lower() for word in ("neighbour", "shouts", "boy", str(concern)))
    make.clock.advance(minutes=30)
    at_work(hillside, "moderator", email="mo@example.org")

    async def called_too_late() -> bool:
        await Watch(make.database, make.clock, sends_mail=True).look()
        taken(make, sam, concern)
        return await post_worker(app).send_one()

    assert asyncio.run(called_too_late())
    assert len(post_office.letters) == 1, "somebody has it by now"
