"""Handling a message: who may not, then reading it, answering it, and taking words back."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from service import verification
from service.database import Database
from service.errors import Conflict, Invalid, NotFound
from service.feedback.actions import Received, withdraw
from service.feedback.contact_actions import open_contact
from service.feedback.desk_actions import mark_read, reply
from service.feedback.message_queries import get_message
from service.feedback.models import Contact, Feedback, Outcome, Publication, Reply, ReplyIn, State
from service.feedback.queries import Answer, get_answer
from service.journal.models import ActorKind, Entry
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make

AtWork = Callable[..., Member]
DONE = ReplyIn(outcome=Outcome.DONE, body="There is a new bench.")


@pytest.fixture
def coordinator(at_work: AtWork, hillside: PlaceCard) -> Member:
    return at_work(hillside)


def row_of(database: Database, message: Received) -> Feedback:
    with database.read() as reads:
        return reads.exec(select(Feedback).where(Feedback.public_id == message.public_id)).one()


def answer_of(make: Make, place: PlaceCard, message: Received) -> Answer:
    with make.database.read() as reads:
        return get_answer(reads, make.keys, place, message.code, make.clock())


def answered(make: Make, member: Member, message: Received, given: ReplyIn = DONE) -> Reply:
    with make.database.write() as writes:
        writes.expire_on_commit = False
        return reply(writes, member, make.message_id(message), given, make.clock())


def read(make: Make, member: Member, message: Received) -> bool:
    with make.database.write() as writes:
        return mark_read(writes, member, make.message_id(message), make.clock())


def taken_back(make: Make, place: PlaceCard, code: str) -> None:
    with make.database.write() as writes:
        withdraw(writes, make.keys, place, code, make.clock())


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_message_of_no_organisation_is_for_those_who_work_for_the_whole_place(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    make.organisation(hillside, "council")
    assert_may(make, at_work(hillside, "admin"), make.message(hillside), may_read=False, may_answer=False)
    assert_may(make, at_work(hillside, "viewer", kind="councillor"), make.message(hillside), may_read=False, may_answer=False)
    assert_may(make, at_work(hillside, "coordinator", organisation="council"), make.message(hillside), may_read=False, may_answer=False)
    assert_may(make, at_work(hillside, "frontline", organisation="council"), make.message(hillside), may_read=False, may_answer=False)
    assert_may(make, at_work(hillside, "frontline"), make.message(hillside), may_read=True, may_answer=False)
    assert_may(make, at_work(hillside, "moderator"), make.message(hillside), may_read=True, may_answer=False)
    assert_may(make, at_work(hillside, "coordinator"), make.message(hillside), may_read=True, may_answer=True)


def test_message_with_an_organisation_is_also_for_its_own_people(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    make.organisation(hillside, "council")
    make.organisation(hillside, "nhs")
    make.topic(hillside, "health", organisation="nhs")

    def message() -> Received:
        return make.message(hillside, topic="health")

    assert_may(make, at_work(hillside, "coordinator", organisation="council"), message(), may_read=False, may_answer=False)
    assert_may(make, at_work(hillside, "admin", organisation="nhs"), message(), may_read=False, may_answer=False)
    assert_may(make, at_work(hillside, "frontline", organisation="nhs"), message(), may_read=True, may_answer=False)
    assert_may(make, at_work(hillside, "coordinator", organisation="nhs"), message(), may_read=True, may_answer=True)
    assert_may(make, at_work(hillside, "coordinator"), message(), may_read=True, may_answer=True)


def test_coordinator_of_another_collaboration_finds_no_such_message(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    vale = make.collaboration("amber-vale")
    assert_may(make, at_work(vale), make.message(hillside), may_read=False, may_answer=False)


def assert_may(make: Make, member: Member, message: Received, may_read: bool, may_answer: bool) -> None:
    for allowed, act in ((may_read, read), (may_answer, answered)):
        before = row_of(make.database, message)
        if allowed:
            act(make, member, message)
        else:
            with pytest.raises(NotFound):
                act(make, member, message)
            assert row_of(make.database, message) == before
    with make.database.read() as reads:
        if may_read:
            assert get_message(reads, make.keys, member, make.message_id(message), make.clock()).may_answer == may_answer
        else:
            with pytest.raises(NotFound):
                get_message(reads, make.keys, member, make.message_id(message), make.clock())


def test_how_to_reach_the_sender_is_shown_to_those_who_may_answer_only(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    message = make.message(hillside, contact="07700 900001")
    for role, shown in (("coordinator", "07700 900001"), ("frontline", None), ("moderator", None)):
        with make.database.read() as reads:
            card = get_message(reads, make.keys, at_work(hillside, role), make.message_id(message), make.clock())
        assert card.may_open_contact == (shown is not None)
        with make.database.write() as writes, nullcontext() if shown else pytest.raises(NotFound):
            assert open_contact(writes, make.keys, at_work(hillside, role), make.message_id(message), make.clock()) == shown


# ---- reading it ------------------------------------------------------------------------------------------------------


def test_sender_sees_that_it_was_read_and_when(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = make.message(hillside)
    assert [step.step for step in answer_of(make, hillside, message).became.trail] == ["received"]
    read_at = make.clock.advance(days=1)
    assert read(make, coordinator, message)
    became = answer_of(make, hillside, message).became
    assert became.state == State.IN_REVIEW
    assert [(step.step, step.at) for step in became.trail] == [("received", message.received_at), ("read", read_at)]


def test_reading_it_twice_is_no_news(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = make.message(hillside)
    read(make, coordinator, message)
    before = row_of(make.database, message)
    make.clock.advance(days=1)
    assert not read(make, coordinator, message)
    assert row_of(make.database, message) == before


# ---- answering it ----------------------------------------------------------------------------------------------------


def test_sender_reads_the_answer_and_what_came_of_it(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    for outcome in sorted(set(Outcome) - {Outcome.WILL_DO}):
        message = make.message(hillside)
        replied_at = make.clock.advance(days=2)
        answered(make, coordinator, message, ReplyIn(outcome=outcome, body="Here is how.", reason="The land is not ours."))
        became = answer_of(make, hillside, message).became
        assert became.state == State.REPLIED
        [one] = became.replies
        assert (one.outcome, one.body, one.reason, one.published_at) == (outcome, "Here is how.", "The land is not ours.", replied_at)
        assert [step.step for step in became.trail] == ["received", "read", "replied"]


def test_answer_that_breaks_a_rule_is_refused_by_field_and_changes_nothing(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = make.message(hillside)
    before = row_of(make.database, message)
    for given, fields in (
        (ReplyIn(outcome=Outcome.WILL_DO, body="In May."), ["outcome"]),
        (ReplyIn(outcome=Outcome.DONE, body="   "), ["body"]),
        (ReplyIn(outcome=Outcome.CANNOT_DO, body="No."), ["reason"]),
        (ReplyIn(outcome=Outcome.PASSED_ON, body="To the council.", reason="  "), ["reason"]),
        (ReplyIn(outcome=Outcome.CANNOT_DO, body="", reason=""), ["body", "reason"]),
    ):
        with pytest.raises(Invalid) as refused:
            answered(make, coordinator, message, given)
        assert [error.field for error in refused.value.errors] == fields
    assert row_of(make.database, message) == before
    assert answer_of(make, hillside, message).became.replies == []


def test_a_second_answer_is_added_and_the_wait_still_ended_with_the_first(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = make.message(hillside)
    make.clock.advance(days=3)
    answered(make, coordinator, message, ReplyIn(outcome=Outcome.NEED_MORE, body="Which bench?"))
    make.clock.advance(days=4)
    answered(make, coordinator, message)
    became = answer_of(make, hillside, message).became
    assert [one.body for one in became.replies] == ["Which bench?", DONE.body]
    assert became.state == State.REPLIED and became.days_waiting == 3


def test_a_message_that_takes_no_answer_gets_none(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    for state in (State.MERGED, State.NOT_FEEDBACK, State.SAFEGUARDING_HOLD):
        message = in_state(make, hillside, state)
        with pytest.raises(Conflict):
            answered(make, coordinator, message)
        assert answer_of(make, hillside, message).became.replies == []


def test_answer_is_given_in_the_name_of_whom_the_message_is_with(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    make.organisation(hillside, "nhs", name="The NHS trust")
    make.topic(hillside, "health", organisation="nhs")
    whole_place, nhs = at_work(hillside), at_work(hillside, organisation="nhs")
    for member, topic, organisation in (
        (whole_place, None, None),
        (whole_place, "health", "The NHS trust"),
        (nhs, "health", "The NHS trust"),
    ):
        message = make.message(hillside, topic=topic)
        answered(make, member, message)
        assert [one.organisation for one in answer_of(make, hillside, message).became.replies] == [organisation]


def in_state(make: Make, place: PlaceCard, state: State) -> Received:
    message = make.message(place)
    with make.database.write() as writes:
        row = writes.get_one(Feedback, (place.id, make.message_id(message)))
        row.state = state
        writes.add(row)
    return message


# ---- taking words back -----------------------------------------------------------------------------------------------

WORDS: dict[str, Any] = {"body": "They shouted.", "want": "A walk", "have": "A spade", "gap": "A gate", "occurred_on": "2026-11-20"}


def withdrawn(make: Make, place: PlaceCard, coordinator: Member) -> Received:
    make.area(place, "hill-road")
    message = make.message(place, **WORDS, kind="not_good", area="hill-road", share="words_public", contact="07700 900001")
    answered(make, coordinator, message)
    make.clock.advance(days=5)
    taken_back(make, place, message.code)
    return message


def test_words_contact_and_what_the_answer_said_are_gone_and_dates_stay(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = withdrawn(make, hillside, coordinator)
    row = row_of(make.database, message)
    assert (row.body, row.want, row.have, row.gap, row.occurred_on, row.body_hash) == (None,) * 6
    assert (row.state, row.publication) == (State.WITHDRAWN, Publication.WITHDRAWN)
    assert (row.received_at, row.withdrawn_at) == (message.received_at, make.clock())
    with make.database.read() as reads:
        assert reads.exec(select(Contact)).all() == []
        kept = [text for found in reads.exec(select(Reply)) for text in (found.body, found.reason)]
    assert DONE.body not in kept, "An answer may repeat the words it answers."


def test_sender_sees_that_the_words_are_gone_and_no_answer(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = withdrawn(make, hillside, coordinator)
    answer = answer_of(make, hillside, message)
    assert (answer.body, answer.want, answer.have, answer.gap, answer.became.replies) == (None, None, None, None, [])
    assert [step.step for step in answer.became.trail] == ["received", "read", "replied", "withdrawn"]


def test_staff_find_it_no_more_and_nothing_moves_it(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = withdrawn(make, hillside, coordinator)
    before = row_of(make.database, message)
    for act in (read, answered):
        with pytest.raises(NotFound):
            act(make, coordinator, message)
    assert row_of(make.database, message) == before


def test_taking_back_twice_is_the_same_as_once(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = withdrawn(make, hillside, coordinator)
    before = row_of(make.database, message)
    make.clock.advance(days=1)
    taken_back(make, hillside, message.code.lower())
    assert row_of(make.database, message) == before
    assert [entry.verb for entry in journal_of(make.database, row_of(make.database, message).id)].count("withdrawn") == 1


def test_words_can_be_taken_back_from_every_state(make: Make, hillside: PlaceCard) -> None:
    for state in set(State) - {State.WITHDRAWN}:
        message = in_state(make, hillside, state)
        taken_back(make, hillside, message.code)
        assert row_of(make.database, message).state == State.WITHDRAWN


def test_it_still_counts_as_received(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    withdrawn(make, hillside, coordinator)
    with make.database.read() as reads:
        kept = verification.counted(reads)
        assert sum(number for (_place, subject, *_rest), number in kept.items() if subject == "feedback") == 1
        assert verification.differences(reads) == []


def test_another_message_s_code_and_another_place_take_nothing_back(make: Make, hillside: PlaceCard) -> None:
    message, vale = make.message(hillside), make.collaboration("amber-vale")
    for place, code in ((vale, message.code), (hillside, make.message(vale).code), (hillside, "K7QF-2M9X-TR4D-W8ZP5")):
        with pytest.raises(NotFound):
            taken_back(make, place, code)
    assert row_of(make.database, message).state == State.ACKNOWLEDGED


# ---- the journal -----------------------------------------------------------------------------------------------------


def journal_of(database: Database, subject_id: UUID) -> list[Entry]:
    with database.read() as reads:
        return list(reads.exec(select(Entry).where(Entry.subject_id == subject_id).order_by(Entry.at, Entry.id)))  # type: ignore[arg-type]


def test_journal_says_who_did_what_and_holds_no_words(make: Make, hillside: PlaceCard, coordinator: Member) -> None:
    message = withdrawn(make, hillside, coordinator)
    entries = journal_of(make.database, row_of(make.database, message).id)
    assert [(entry.verb, entry.actor_kind, entry.actor_id) for entry in entries] == [
        ("received", ActorKind.RESIDENT, None),
        ("replied", ActorKind.STAFF, coordinator.person.staff_id),
        ("withdrawn", ActorKind.RESIDENT, None),
    ]
    told = " ".join(str(entry) for entry in entries)
    assert not [words for words in (*WORDS.values(), DONE.body, "07700", message.code) if words != WORDS["occurred_on"] and words in told]
