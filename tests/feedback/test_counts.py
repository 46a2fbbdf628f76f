"""The kept counts follow every change of a message, whatever the order: they are what `said verify` counts anew."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from service import verification
from service.errors import NotFound
from service.feedback import counts
from service.feedback.actions import withdraw
from service.feedback.desk_actions import mark_read, reply
from service.feedback.models import Outcome, ReplyIn
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make

STEPS = some.lists(some.sampled_from(["receive", "read", "answer", "withdraw", "wait"]), min_size=1, max_size=14)
ANSWER = ReplyIn(outcome=Outcome.CANNOT_DO, body="The budget is spent.", reason="No money this year.")


@pytest.fixture
def coordinator(hillside: PlaceCard, at_work: Callable[..., Member]) -> Member:
    return at_work(hillside)


def counted(make: Make, subject: str) -> Counter[tuple[str, str]]:
    """By period and cell, what is not 0."""
    found: Counter[tuple[str, str]] = Counter()
    with make.database.read() as reads:
        for (_place, of, period, _area, cell), number in verification.counted(reads).items():
            found[period, cell] += number * (of == subject)
    return +found


@given(steps=STEPS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_are_what_the_facts_say_after_any_story(make: Make, hillside: PlaceCard, coordinator: Member, steps: list[str]) -> None:
    message = make.message(hillside, kind="idea", share="words_public")
    for step in steps:
        if step == "receive":
            message = make.message(hillside)
        if step == "wait":
            make.clock.advance(days=3)
        with suppress(NotFound), make.database.write() as writes:
            if step == "read":
                mark_read(writes, coordinator, make.message_id(message), make.clock())
            if step == "answer":
                reply(writes, coordinator, make.message_id(message), ANSWER, make.clock())
            if step == "withdraw":
                withdraw(writes, make.keys, hillside, message.code, make.clock())
    with make.database.read() as reads:
        assert verification.differences(reads) == []


def test_first_answer_ends_the_wait_and_a_second_one_changes_it_no_more(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = make.message(hillside)  # on a Monday
    assert counted(make, counts.WAIT) == {("2026-11-23", "-1"): 1}
    for _answer in range(2):
        make.clock.advance(days=7)
        with make.database.write() as writes:
            reply(writes, coordinator, make.message_id(message), ANSWER, make.clock())
    assert counted(make, counts.WAIT) == {("2026-11-23", "5"): 1}
    assert counted(make, counts.ANSWER) == {("2026-11", "cannot_do"): 1, ("2026-12", "cannot_do"): 1}
    assert counted(make, counts.NO) == {("2026-11", "other"): 1, ("2026-12", "other"): 1}


def test_words_taken_back_leave_the_wait_and_the_answers_but_were_received(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = make.message(hillside, kind="good", share="words_public")
    with make.database.write() as writes:
        reply(writes, coordinator, make.message_id(message), ANSWER, make.clock())
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, message.code, make.clock())
    assert counted(make, counts.WAIT) == counted(make, counts.ANSWER) == counted(make, counts.NO) == {}
    assert counted(make, counts.RECEIVED) == {("2026-11", "good"): 1}
    assert counted(make, counts.PUBLICATION) == {("2026-11", "withdrawn"): 1}
