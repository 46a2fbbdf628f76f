"""What another system says waits in the inbox until whoever sent the message was told something, or somebody puts it away."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import select
from starlette.testclient import TestClient

from service.elsewhere.actions import note_from_key, put_away
from service.elsewhere.models import Note, OutsideNote, Said
from service.errors import NotFound
from service.feedback.actions import Received, withdraw
from service.feedback.desk_actions import reply
from service.feedback.models import Outcome, ReplyIn
from service.inbox.models import Part, Wanted
from service.inbox.queries import Inbox, find_inbox
from service.journal.actions import Actor, ActorKind
from service.loop.actions import follow_up
from service.loop.owed_queries import find_owed
from service.partners.models import Holder
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

THANKS = ReplyIn(outcome=Outcome.THANK_YOU, body="Thank you.")


@pytest.fixture
def sam(make: Make, hillside: PlaceCard) -> Member:
    """A coordinator of a place that another system has a key of."""
    make.key(hillside, "feedback:write", name="Works orders")
    return make.at_work(hillside)


def say(make: Make, place: PlaceCard, message: Received, said: Said = Said.DONE) -> None:
    """A key of the whole place says something of a message."""
    with make.database.read() as reads:
        holder = reads.exec(select(Holder.id)).one()
    note, now = Note(uuid4().hex, said, "The lamp burns.", make.clock()), make.clock()
    with make.database.write() as writes:
        note_from_key(writes, Actor(ActorKind.KEY, holder), place, UUID(str(message.public_id)), note, now, organisation_id=None)


def inbox(make: Make, member: Member, part: Part = Part.OUTSIDE, **narrowed: str) -> Inbox:
    with make.database.read() as reads:
        return find_inbox(reads, member, Wanted(part, **narrowed), make.clock())


def answer(make: Make, member: Member, message: Received) -> None:
    with make.database.write() as writes:
        reply(writes, member, make.message_id(message), THANKS, make.clock())


def numbers(make: Make, member: Member) -> tuple[int, int, int]:
    """Rows of the part, its number, and all duties."""
    found = inbox(make, member)
    return len(found.rows), found.counts[Part.OUTSIDE], found.duties


# ---- who owes it -----------------------------------------------------------------------------------------------------


def test_only_those_who_answer_a_message_have_it_in_their_inbox(make: Make, hillside: PlaceCard, sam: Member) -> None:
    make.organisation(hillside, "hub")
    make.organisation(hillside, "council")
    make.topic(hillside, "hub-things", organisation="hub")
    message = make.message(hillside, "The lamp is out.", topic="hub-things")
    answer(make, sam, message)
    hub, council = (make.at_work(hillside, organisation=one, email=f"{one}@hillside.example") for one in ("hub", "council"))
    moderator = make.at_work(hillside, role="moderator", email="mo@hillside.example")
    say(make, hillside, message)
    assert [numbers(make, one) for one in (sam, hub, council)] == [(1, 1, 1), (1, 1, 1), (0, 0, 0)]
    assert Part.OUTSIDE not in inbox(make, moderator, Part.UNREAD).counts
    for one in (council, moderator):
        with pytest.raises(NotFound), make.database.write() as writes:
            put_away(writes, one, make.message_id(message), make.clock())


# ---- when it waits, and when no more ---------------------------------------------------------------------------------


def test_message_that_waits_for_an_answer_is_one_row_and_the_answer_ends_both(make: Make, hillside: PlaceCard, sam: Member) -> None:
    message = make.message(hillside, "The lamp is out.")
    assert numbers(make, sam) == (0, 0, 1)
    say(make, hillside, message, Said.LOOKING)
    say(make, hillside, message, Said.DONE)
    [row] = inbox(make, sam, Part.DUTIES).rows
    assert numbers(make, sam) == (1, 1, 1) and (row.says, set(row.asks)) == (Said.DONE, {"answer", "tell"})
    answer(make, sam, message)
    assert numbers(make, sam) == (0, 0, 0)


def test_word_after_the_answer_is_a_duty_until_the_sender_was_told(
    make: Make, hillside: PlaceCard, sam: Member, clock: SettableClock
) -> None:
    message = make.message(hillside, "The lamp is out.")
    answer(make, sam, message)
    say(make, hillside, message)
    assert numbers(make, sam) == (1, 1, 1) and inbox(make, sam, Part.DUTIES).rows[0].says == Said.DONE
    clock.advance(hours=1)
    with make.database.write() as writes:
        follow_up(writes, sam, make.message_id(message), "The lamp burns again.", clock())
    assert numbers(make, sam) == (0, 0, 0)
    say(make, hillside, message, Said.REOPENED)
    assert numbers(make, sam) == (1, 1, 1), "what is said later waits again"


def test_it_can_be_put_away_and_still_stands_on_the_page(make: Make, hillside: PlaceCard, staff: TestClient, sam: Member) -> None:
    message = make.message(hillside, "The lamp is out.")
    answer(make, sam, message)
    say(make, hillside, message)
    path = f"/staff/hillside/messages/{make.message_id(message)}"
    section = Html(staff.get(path).text).css_first("section[aria-labelledby=outside-h]")
    assert section.css_first("form").attributes["action"] == f"{path}/outside" and "New" in section.text()
    listed = Html(staff.get("/staff/hillside/inbox").text).css_first(".item")
    assert "Another system says: They say that it is done." in listed.text()
    for _time in range(2):
        done = staff.post(f"{path}/outside")
        assert (done.status_code, done.headers["location"]) == (303, f"{path}?did=put_away")
    section = Html(staff.get(path).text).css_first("section[aria-labelledby=outside-h]")
    assert "The lamp burns." in section.text() and section.css_first("form") is None
    assert numbers(make, sam) == (0, 0, 0)


def test_what_was_taken_back_waits_for_nobody(make: Make, hillside: PlaceCard, sam: Member, clock: SettableClock) -> None:
    message = make.message(hillside, "The lamp is out.")
    say(make, hillside, message)
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, message.code, clock() + timedelta(hours=1))
    assert numbers(make, sam) == (0, 0, 0)
    with make.database.read() as reads:
        assert reads.exec(select(OutsideNote)).all() == []


def test_numbers_are_those_of_the_rows_however_it_is_narrowed(make: Make, hillside: PlaceCard, sam: Member) -> None:
    make.area(hillside, "linden")
    make.topic(hillside, "paths")
    for number, fields in enumerate(({"kind": "idea"}, {"area": "linden"}, {"topic": "paths"}, {})):
        message = make.message(hillside, "The lamp is out.", **fields)
        if number % 2:
            answer(make, sam, message)
        if number:
            say(make, hillside, message)
    asked = [{"kind": "idea"}, {"area": "linden"}, {"topic": "paths"}, {"area": "none"}, {"whose": "mine"}, {"whose": "nobodys"}, {}]
    for narrowed in asked:
        for part in (Part.DUTIES, Part.OUTSIDE):
            found = inbox(make, sam, part, **narrowed)
            assert found.counts[part] == len(found.rows), (part, narrowed)
    assert inbox(make, sam).counts[Part.OUTSIDE] == 3


# ---- the letter ------------------------------------------------------------------------------------------------------


def test_letter_about_work_counts_it(make: Make, hillside: PlaceCard, sam: Member) -> None:
    message = make.message(hillside, "The lamp is out.")
    answer(make, sam, message)

    def told() -> int:
        with make.database.read() as reads:
            return sum(one.told for one in find_owed(reads, hillside, make.clock()) if one.staff_id == sam.person.staff_id)

    assert told() == 0
    say(make, hillside, message)
    assert told() == 1
    with make.database.write() as writes:
        assert put_away(writes, sam, make.message_id(message), make.clock())
    assert told() == 0
