"""Trying: once at least, in order for each thing, given up after days, and switched off; and with which secrets it is signed."""

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.database import Database
from service.feedback.desk_actions import mark_read
from service.journal.actions import OPERATOR
from service.journal.models import Entry
from service.keeping.retention import retain
from service.news import Event, Off, Standing
from service.people.models import Member, Role
from service.places.queries import PlaceCard
from service.settings import Settings
from service.webhooks import rules, worker
from service.webhooks.actions import WebhookIn, add_webhook, claim, remove_webhook, renew_secret, send_again, switch_off, switch_on
from service.webhooks.models import Fault
from tests.make import Make, SettableClock
from tests.webhooks.conftest import Loop, Receiver, Telling, Verify

# ---- once at least, in order -----------------------------------------------------------------------------------------


def test_telling_that_fails_is_tried_again_with_the_same_id_and_the_same_words(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, clock: SettableClock, verify: Verify
) -> None:
    _id, secret = telling.add(receiver.url)
    receiver.answers = ["500 Oops", "503 Busy", "200 OK"]
    make.message(hillside)
    for wait in rules.WAITS[:2]:
        assert telling.tell() == 1
        assert telling.tell() == 0, "not at once"
        clock.advance(seconds=wait.total_seconds() + 60)
    telling.tell()
    assert len(receiver.got) == 3 and len(set(receiver.ids)) == 1
    assert len({body for _path, _headers, body in receiver.got}) == 1
    assert len({headers["webhook-timestamp"] for _path, headers, _body in receiver.got}) == 3
    assert verify(secret, receiver.got[2]) == [True]
    [told] = telling.waiting()
    assert (told.standing, told.status, told.fault, told.attempts) == (Standing.DELIVERED, 200, None, 3)


def test_later_news_of_a_thing_waits_for_the_earlier_and_other_things_do_not(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, clock: SettableClock
) -> None:
    telling.add(receiver.url)
    first = make.message(hillside, "One.")
    member = make.at_work(hillside)
    with make.database.write() as writes:
        mark_read(writes, member, make.message_id(first), clock())
    second = make.message(hillside, "Two.")
    receiver.answers = ["500 Oops", "204 No Content"]
    mine = telling.worker()
    asyncio.run(mine.tell_all())
    asyncio.run(mine.tell_all())
    assert len(receiver.got) == 1, "a program that just failed is left alone for a moment"
    clock.advance(seconds=rules.WAITS[0].total_seconds() - 1)
    telling.tell()
    assert [one["data"]["id"] for one in receiver.told[1:]] == [str(second.public_id)], "the first thing's turn has not come again"
    clock.advance(seconds=2)
    telling.tell()
    types = [one["type"] for one in receiver.told if one["data"]["id"] == str(first.public_id)]
    assert types == ["feedback.created", "feedback.created", "feedback.updated"]


def test_two_workers_at_once_tell_each_thing_once(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, settings: Settings
) -> None:
    telling.add(receiver.url)
    receiver.slow = 0.01
    for number in range(15):
        make.message(hillside, f"Number {number}.")
    other = Database(settings.database, whole_house=True)

    async def both() -> None:
        await asyncio.gather(telling.worker().tell_all(), telling.worker(other).tell_all())
        await other.close()

    asyncio.run(both())
    assert len(receiver.ids) == len(set(receiver.ids)) == 15
    assert {told.attempts for told in telling.waiting()} == {1}


def test_what_was_sent_and_not_noted_is_sent_again_with_the_same_id(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling.add(receiver.url)
    make.message(hillside)

    async def die(*_results: object) -> None:
        raise SystemError

    dying = telling.worker()
    monkeypatch.setattr(dying, "_note", die)
    asyncio.run(dying.tell_all())
    assert len(receiver.got) == 1
    assert telling.tell() == 0, "another process may still be at it"
    clock.advance(seconds=rules.LEASE.total_seconds())
    telling.tell()
    assert len(receiver.got) == 2 and len(set(receiver.ids)) == 1
    assert telling.waiting()[0].standing == Standing.DELIVERED


def test_program_that_hangs_holds_up_no_other_and_is_asked_one_thing_at_a_time(
    make: Make, hillside: PlaceCard, telling: Telling, receivers: Loop
) -> None:
    slow, quick = receivers.opens(Receiver(hangs=True)), receivers.opens(Receiver())
    telling.add(slow.url, name="Slow")
    telling.add(quick.url, name="Quick")
    for number in range(12):
        make.message(hillside, f"Number {number}.")
    telling.tell(seconds=0.5)
    slow.hangs = False
    assert len(quick.got) == 12 and quick.most_busy == slow.most_busy == 1
    assert len(slow.got) == 1
    faults = [told.fault for told in telling.waiting() if told.tried_at and told.standing == Standing.WAITING]
    assert faults == [Fault.TOO_SLOW]


# ---- given up --------------------------------------------------------------------------------------------------------


def tell_for_days(telling: Telling, clock: SettableClock) -> None:
    """Lets four days pass, and tells whatever comes due in them."""
    end = clock() + timedelta(days=4)
    while telling.tell() and clock() < end:
        clock.at(max(clock() + timedelta(minutes=1), *(told.due_at for told in telling.waiting()), clock() + timedelta(seconds=1)))
    clock.at(end)
    telling.tell()


def test_what_does_not_arrive_in_three_days_is_given_up_and_can_be_sent_again(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, clock: SettableClock, database: Database
) -> None:
    webhook_id, _secret = telling.add(receiver.url)
    receiver.answers = ["500 Oops"]
    make.message(hillside)
    tell_for_days(telling, clock)
    [told] = telling.waiting()
    assert (told.standing, told.attempts) == (Standing.GIVEN_UP, 1 + len(rules.WAITS)) and len(receiver.got) == told.attempts
    receiver.answers = ["204 No Content"]
    with database.write() as writes:
        assert send_again(writes, OPERATOR, hillside.id, webhook_id, clock(), told.id) == 1
        assert send_again(writes, OPERATOR, hillside.id, webhook_id, clock()) == 0
    telling.tell()
    assert telling.waiting()[0].standing == Standing.DELIVERED and len(set(receiver.ids)) == 1


def test_webhook_that_takes_nothing_is_switched_off_and_what_waits_goes_when_it_is_on_again(
    make: Make,
    hillside: PlaceCard,
    telling: Telling,
    receiver: Receiver,
    clock: SettableClock,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    webhook_id, _secret = telling.add(receiver.url)
    monkeypatch.setattr(rules, "WAITS", rules.WAITS[:1])
    monkeypatch.setattr(rules, "MOST_GIVEN_UP", 3)
    receiver.answers = ["500 Oops"]
    for number in range(rules.MOST_GIVEN_UP + 2):
        make.message(hillside, f"Number {number}.")
    mine = telling.worker()
    for _try in range(4 * rules.MOST_GIVEN_UP):
        asyncio.run(mine.tell_all())
        clock.advance(minutes=2)
    assert telling.webhook().off_why == Off.FAILING
    standings = [told.standing for told in telling.waiting()]
    assert standings.count(Standing.GIVEN_UP) == rules.MOST_GIVEN_UP and standings.count(Standing.WAITING) == 2
    with database.read() as reads:
        assert [one.actor_kind for one in reads.exec(select(Entry).where(Entry.verb == "switched_off"))] == ["operator"]
    make.message(hillside, "Meanwhile.")
    assert len(telling.waiting()) == rules.MOST_GIVEN_UP + 2, "nothing is kept for what is off"
    receiver.answers = ["204 No Content"]
    assert telling.tell() == 0
    with database.write() as writes:
        assert switch_on(writes, OPERATOR, hillside.id, webhook_id, clock())
        assert send_again(writes, OPERATOR, hillside.id, webhook_id, clock()) == rules.MOST_GIVEN_UP
    telling.tell()
    assert {told.standing for told in telling.waiting()} == {Standing.DELIVERED}


def test_program_that_says_it_is_gone_is_asked_no_more(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, clock: SettableClock
) -> None:
    telling.add(receiver.url)
    receiver.answers = ["410 Gone"]
    make.message(hillside)
    make.message(hillside, "Another.")
    tell_for_days(telling, clock)
    assert len(receiver.got) == 1
    assert telling.webhook().off_why == Off.GONE
    assert [told.standing for told in telling.waiting()] == [Standing.GIVEN_UP, Standing.WAITING]


def test_webhook_that_is_off_or_away_is_told_nothing(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, clock: SettableClock, database: Database
) -> None:
    webhook_id, _secret = telling.add(receiver.url)
    make.message(hillside)
    with database.write() as writes:
        assert switch_off(writes, OPERATOR, hillside.id, webhook_id, clock())
        assert not switch_off(writes, OPERATOR, hillside.id, webhook_id, clock())
        assert claim(writes, hillside.id, webhook_id, "", clock()) is None
    assert telling.tell() == 0
    with database.write() as writes:
        remove_webhook(writes, OPERATOR, hillside.id, webhook_id, clock())
    assert telling.tell() == 0 and telling.waiting() == [] and receiver.got == []


# ---- secrets ---------------------------------------------------------------------------------------------------------


def test_new_secret_signs_beside_the_old_one_for_a_day_and_neither_is_kept_in_the_open(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, clock: SettableClock, database: Database, verify: Verify
) -> None:
    webhook_id, old = telling.add(receiver.url)
    with database.write() as writes:
        new = renew_secret(writes, make.keys, OPERATOR, hillside.id, webhook_id, clock())
    assert old != new and not {old[6:], new[6:]} & {telling.webhook().secret, telling.webhook().former}
    make.message(hillside)
    telling.tell()
    assert (verify(new, receiver.got[0]), verify(old, receiver.got[0])) == ([True, False], [False, True])
    clock.advance(seconds=rules.OVERLAP.total_seconds())
    make.message(hillside, "Another.")
    telling.tell()
    assert (verify(new, receiver.got[1]), verify(old, receiver.got[1])) == ([True], [False])


def test_each_webhook_has_a_secret_of_its_own_and_twenty_are_enough(
    make: Make, hillside: PlaceCard, telling: Telling, database: Database, at_work: object
) -> None:
    found = {telling.add("https://cases.example.org/said")[1] for _more in range(20)}
    assert len(found) == 20
    member: Member = at_work(hillside, Role.ADMIN)  # type: ignore[operator]
    with pytest.raises(Exception, match="Conflict"), database.write() as writes:
        given = WebhookIn("x", frozenset({Event.PROMISE_CREATED}), "https://cases.example.org")
        add_webhook(writes, make.keys, member.actor, hillside, given, make.clock())


def test_rows_of_a_month_ago_go(make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, clock: SettableClock) -> None:
    telling.add(receiver.url)
    make.message(hillside)
    telling.tell()
    retain(make.database, clock() + timedelta(days=29))
    assert len(telling.waiting()) == 1
    retain(make.database, clock() + timedelta(days=31))
    assert telling.waiting() == []


# ---- the service -----------------------------------------------------------------------------------------------------


def test_started_service_tells_by_itself_and_stops_though_a_receiver_hangs(
    app: FastAPI, telling: Telling, receivers: Loop, make: Make, hillside: PlaceCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.Messenger, "pause", 0.02)
    monkeypatch.setattr(worker.Messenger, "last_seconds", 0.1)
    app.state.settings.webhook_loopback = True
    quick, slow = receivers.opens(Receiver()), receivers.opens(Receiver(hangs=True))
    telling.add(quick.url)
    telling.add(slow.url, name="Slow")
    make.message(hillside)

    async def arrived() -> None:
        while not quick.got or not slow.got:
            await asyncio.sleep(0.01)

    with TestClient(app) as client:
        assert client.portal is not None
        client.portal.call(asyncio.wait_for, arrived(), 10)
    slow.hangs = False
    assert quick.types == slow.types == ["feedback.created"]
