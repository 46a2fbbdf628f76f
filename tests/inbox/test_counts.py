"""The numbers beside the parts are the numbers of their rows, whatever was done, for everybody, however the list is narrowed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from service.database import ReadSession, WriteSession
from service.errors import Refusal
from service.feedback.actions import Received, withdraw
from service.feedback.desk_actions import mark_read, publish, reply, withhold
from service.feedback.models import Outcome, ReplyIn, WithheldReason
from service.feedback.routing_actions import assign, give_back, pass_on
from service.inbox.models import Part, Wanted
from service.inbox.queries import MOST, Inbox, find_inbox, read_cursor
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make

ACTS: dict[str, Callable[..., Any]] = {
    "read": mark_read,
    "answer": lambda writes, who, one, now: reply(writes, who, one, ReplyIn(outcome=Outcome.DONE, body="It is done."), now),
    "show": publish,
    "withhold": lambda writes, who, one, now: withhold(writes, who, one, WithheldReason.ABUSIVE, now),
    "pass on": lambda writes, who, one, now: pass_on(writes, who, one, "hub", now),
    "bring back": give_back,
    "take": lambda writes, who, one, now: assign(writes, who, one, who.person.staff_id, now),
    "let go": lambda writes, who, one, now: assign(writes, who, one, None, now),
}
STEPS = some.lists(some.tuples(some.sampled_from([*ACTS, "receive", "withdraw"]), some.integers(0, 9), some.integers(0, 2)), max_size=25)
NARROWED = some.fixed_dictionaries(
    {
        "topic": some.sampled_from(["", "", "hub-things"]),
        "area": some.sampled_from(["", "", "linden", "none", "whole_place"]),
        "organisation": some.sampled_from(["", "", "hub", "none"]),
        "kind": some.sampled_from(["", "", "idea"]),
        "whose": some.sampled_from(["", "mine", "nobodys"]),
    }
)
SORTS: tuple[dict[str, Any], ...] = (
    {"topic": "hub-things", "kind": "idea"},
    {"share": "words_public", "area": "linden"},
    {"share": "words_public", "whole_place": True, "topic": "hub-things"},
)


@pytest.fixture
def people(make: Make, hillside: PlaceCard) -> list[Member]:
    """A coordinator for the whole place, one of the hub, and a moderator of the whole place who answers for the hub."""
    make.organisation(hillside, "hub")
    make.topic(hillside, "hub-things", organisation="hub")
    make.area(hillside, "linden")
    make.person(hillside, "moderator", email="both@example.org")
    return [
        make.at_work(hillside),
        make.at_work(hillside, organisation="hub"),
        make.at_work(hillside, organisation="hub", email="both@example.org"),
    ]


def pages_of(reads: ReadSession, member: Member, wanted: Wanted, now: datetime) -> list[Inbox]:
    """The list, page after page."""
    found = [find_inbox(reads, member, wanted, now)]
    while after := found[-1].next:
        found.append(find_inbox(reads, member, wanted, now, after=read_cursor(after)))
    return found


def rows_of(pages: list[Inbox]) -> list[UUID]:
    """Every row of the list."""
    return [row.message.id for page in pages for row in page.rows if row.message]


@given(steps=STEPS, narrowed=NARROWED)
@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_are_the_rows_after_any_story(
    make: Make, hillside: PlaceCard, people: list[Member], steps: list[tuple[str, int, int]], narrowed: dict[str, str]
) -> None:
    sent: list[Received] = [make.message(hillside, **sort) for sort in SORTS]
    for act, which, who in steps:
        if act == "receive":
            sent.append(make.message(hillside, **SORTS[which % len(SORTS)]))
            continue
        with suppress(Refusal), make.database.write() as writes:
            done(make, writes, hillside, act, people[who], sent[which % len(sent)])
    with make.database.read() as reads:
        for member in people:
            duties = len(rows_of(pages_of(reads, member, Wanted(Part.DUTIES), make.clock())))
            for part in Part:
                pages = pages_of(reads, member, Wanted(part, **narrowed), make.clock())
                found = rows_of(pages)
                assert len(found) == len(set(found)), "every row once"
                for inbox in pages:
                    assert inbox.counts.get(part, len(found)) == len(found), (part, narrowed)
                    assert inbox.duties == duties


def done(make: Make, writes: WriteSession, place: PlaceCard, act: str, who: Member, message: Received) -> None:
    if act == "withdraw":
        withdraw(writes, make.keys, place, message.code, make.clock())
    else:
        ACTS[act](writes, who, make.message_id(message), make.clock())


def test_pages_go_on_where_the_last_one_ended_whatever_the_states(make: Make, hillside: PlaceCard, people: list[Member]) -> None:
    """Rows of several states, of the same moment and not, half of them with a decision to take as well: each stands on one page."""
    member = people[0]
    for number in range(2 * MOST + 7):
        message = make.message(hillside, f"Message {number}.", **SORTS[number % 3])
        if number % 4 == 0:
            with make.database.write() as writes:
                mark_read(writes, member, make.message_id(message), make.clock())
        if number % 5 == 0:
            make.clock.advance(minutes=1)
    with make.database.read() as reads:
        pages = pages_of(reads, member, Wanted(Part.DUTIES), make.clock())
    found = rows_of(pages)
    assert len(found) == len(set(found)) == 2 * MOST + 7
    assert [row.since for row in pages[0].rows] == sorted(row.since for row in pages[0].rows)
