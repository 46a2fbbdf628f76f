"""Storing messages many at a time: each is stored, repeated or refused on its own, whatever its neighbours are."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from service import rollups, verification
from service.errors import Conflict, Invalid, Refusal
from service.feedback.actions import Message, Received, receive_feedback, withdraw
from service.feedback.intake import PUBLIC_SENDER, Sender, key_bytes, message_from
from service.feedback.models import Contact, Feedback, FeedbackIn
from service.feedback.queries import get_answer
from service.journal.actions import OPERATOR, Actor
from service.journal.models import ActorKind, Entry
from service.places.models import AreaKind
from service.places.queries import PlaceCard
from service.promises.actions import Speaker, make_promise
from service.promises.models import PromiseIn
from service.server_keys import ServerKeys, rotate
from service.settings import Settings
from tests.make import Make


def arriving(make: Make, place: PlaceCard, key: str | None = None, *, keys: ServerKeys | None = None, **fields: Any) -> Message:
    given = FeedbackIn.model_validate({"body": "The bench has gone.", **fields})
    sent = key_bytes(key or str(uuid4()), PUBLIC_SENDER)
    return message_from(place, keys or make.keys, PUBLIC_SENDER, given, sent, make.clock())


def received(make: Make, *items: Message) -> list[Received | Refusal]:
    with make.database.write() as writes:
        return receive_feedback(writes, list(items))


def told(answers: list[Received | Refusal]) -> list[str]:
    """`stored`, `replayed`, or the name of the refusal, one per item."""
    return [type(one).__name__ if isinstance(one, Refusal) else "replayed" if one.replayed else "stored" for one in answers]


def stored(make: Make) -> list[Feedback]:
    """Every message; and beside them the journal and the counts must agree."""
    with make.database.read() as reads:
        rows = list(reads.exec(select(Feedback)))
        noted = reads.exec(select(Entry.subject_id).where(Entry.verb == "received", Entry.subject == "feedback")).all()
        assert sorted(row.id for row in rows) == sorted(noted)
        assert verification.differences(reads) == []
        return rows


def refused(answer: Received | Refusal) -> list[str]:
    assert isinstance(answer, Invalid)
    return [error.field for error in answer.errors]


def test_message_about_a_promise_names_one_that_everybody_may_read(make: Make, hillside: PlaceCard) -> None:
    make.organisation(hillside, "council")
    words = {"side": "our_part", "maker": "council", "made_on": "2026-11-01", "due_on": "2027-05-01", "kept_when": "It is there."}
    speaker = Speaker(OPERATOR, frozenset(), whole_place=True)
    with make.database.write() as writes:
        ids = [
            make_promise(writes, speaker, hillside, PromiseIn.model_validate({**words, "text": text}), make.clock(), draft=draft).id
            for text, draft in (("A bench.", False), ("A draft.", True))
        ]
    public, draft = ids
    answers = received(make, *(arriving(make, hillside, promise=promise) for promise in (public, draft, uuid4())))
    assert told(answers) == ["stored", "Invalid", "Invalid"]
    assert [refused(answer) for answer in answers[1:]] == [["promise"], ["promise"]]
    assert [row.promise_id for row in stored(make)] == [public]
    elsewhere = make.collaboration("amber-vale")
    assert told(received(make, arriving(make, elsewhere, promise=public))) == ["Invalid"]


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_unknown_areas_and_topics_are_refused_by_field_and_harm_no_neighbour(make: Make, hillside: PlaceCard) -> None:
    vale = make.collaboration("amber-vale")
    make.area(vale, "mill-lane")
    make.topic(vale, "mills")
    make.area(hillside, "hill-road")
    make.area(hillside, "nation", kind=AreaKind.COMPARATOR)
    answers = received(
        make,
        arriving(make, hillside, area="hill-road"),
        arriving(make, hillside, area="nowhere"),
        arriving(make, hillside, area="nowhere", topic="nothing"),
        arriving(make, hillside, area="nation"),
        arriving(make, hillside, area="mill-lane", topic="mills"),
        arriving(make, vale, area="mill-lane", topic="mills"),
    )
    assert told(answers) == ["stored", "Invalid", "Invalid", "Invalid", "Invalid", "stored"]
    assert [refused(one) for one in answers[1:5]] == [["area"], ["area", "topic"], ["area"], ["area", "topic"]]
    assert len(stored(make)) == 2


def test_same_key_with_another_message_is_a_conflict_and_keeps_the_first(make: Make, hillside: PlaceCard) -> None:
    key = str(uuid4())
    received(make, arriving(make, hillside, key))
    for changed in ({"body": "Another."}, {"kind": "good"}, {"share": "words_public"}, {"contact": "07700 900001"}, {"whole_place": True}):
        assert told(received(make, arriving(make, hillside, key, **changed))) == ["Conflict"]
    [row] = stored(make)
    assert row.body == "The bench has gone."


# ---- repeats ---------------------------------------------------------------------------------------------------------


def test_same_key_with_the_same_message_is_stored_once_and_answered_alike(make: Make, hillside: PlaceCard) -> None:
    key = str(uuid4())
    [first] = received(make, arriving(make, hillside, key, contact="07700 900001"))
    make.clock.advance(days=40)
    [again] = received(make, arriving(make, hillside, key, contact="07700 900001"))
    assert isinstance(first, Received) and isinstance(again, Received)
    assert (again.code, again.public_id, again.received_at) == (first.code, first.public_id, first.received_at)
    assert told([first, again]) == ["stored", "replayed"]
    assert len(stored(make)) == 1
    with make.database.read() as reads:
        assert len(reads.exec(select(Contact)).all()) == 1


def test_repeats_inside_one_batch_are_stored_once(make: Make, hillside: PlaceCard) -> None:
    key = str(uuid4())
    answers = received(make, *(arriving(make, hillside, key) for _ in range(5)), arriving(make, hillside))
    assert sorted(told(answers)) == ["replayed"] * 4 + ["stored"] * 2
    codes = [one.code for one in answers if isinstance(one, Received)]
    assert len(set(codes[:5])) == 1 and codes[5] != codes[0]
    assert len(stored(make)) == 2


def test_two_messages_with_one_key_inside_one_batch_store_one_and_tell_the_other(make: Make, hillside: PlaceCard) -> None:
    key = str(uuid4())
    answers = received(make, arriving(make, hillside, key, body="One."), arriving(make, hillside, key, body="Two."))
    assert sorted(told(answers)) == ["Conflict", "stored"]
    [row] = stored(make)
    assert row.body == ("One." if told(answers)[0] == "stored" else "Two.")


def test_same_key_in_two_collaborations_is_two_messages(make: Make, hillside: PlaceCard) -> None:
    key, vale = str(uuid4()), make.collaboration("amber-vale")
    answers = received(make, arriving(make, hillside, key), arriving(make, vale, key))
    assert told(answers) == ["stored", "stored"]
    assert len({one.code for one in answers if isinstance(one, Received)}) == 2


def test_same_key_from_two_senders_is_two_messages(make: Make, hillside: PlaceCard) -> None:
    key = str(uuid4())
    for sender in (PUBLIC_SENDER, Sender(Actor(ActorKind.KEY, uuid4()), uuid4().bytes, with_key=True)):
        assert not make.message(hillside, idempotency_key=key, sender=sender).replayed
    assert len(stored(make)) == 2


def test_a_refused_message_may_come_again_with_its_key_when_it_is_mended(make: Make, hillside: PlaceCard) -> None:
    key = str(uuid4())
    assert told(received(make, arriving(make, hillside, key, area="nowhere"))) == ["Invalid"]
    assert told(received(make, arriving(make, hillside, key))) == ["stored"]


def test_a_retry_is_answered_alike_though_what_it_names_is_not_there_any_more(make: Make, hillside: PlaceCard) -> None:
    make.area(hillside, "mill-lane")
    key = str(uuid4())
    [first] = received(make, arriving(make, hillside, key, area="mill-lane"))
    make.area(hillside, "mill-lane", AreaKind.COMPARATOR)
    again, other, fresh = received(
        make,
        arriving(make, hillside, key, area="mill-lane"),
        arriving(make, hillside, key, area="mill-lane", body="Another."),
        arriving(make, hillside, area="mill-lane"),
    )
    assert told([first, again, other, fresh]) == ["stored", "replayed", "Conflict", "Invalid"]
    assert isinstance(first, Received) and isinstance(again, Received) and again.code == first.code
    assert len(stored(make)) == 1


def test_a_retry_after_taking_back_stores_nothing_and_brings_nothing_back(make: Make, hillside: PlaceCard) -> None:
    key = str(uuid4())
    [first] = received(make, arriving(make, hillside, key))
    assert isinstance(first, Received)
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, first.code, make.clock())
    assert told(received(make, arriving(make, hillside, key))) == ["replayed"]
    [row] = stored(make)
    assert (row.body, row.state) == (None, "withdrawn")


# ---- where it goes ---------------------------------------------------------------------------------------------------


def test_topic_s_organisation_gets_the_message(make: Make, hillside: PlaceCard) -> None:
    council = make.organisation(hillside, "council")
    make.topic(hillside, "paths", organisation="council")
    make.topic(hillside, "other")
    received(make, arriving(make, hillside, topic="paths"), arriving(make, hillside, topic="other"), arriving(make, hillside))
    assert sorted(str(row.organisation_id) for row in stored(make)) == sorted([str(council.id), "None", "None"])


def test_every_message_is_counted_by_month_area_and_kind(make: Make, hillside: PlaceCard) -> None:
    area = make.area(hillside, "hill-road")
    received(make, *(arriving(make, hillside, area="hill-road", kind="idea") for _ in range(3)), arriving(make, hillside))
    make.clock.at("2026-11-30T23:59+00:00")
    received(make, arriving(make, hillside))
    make.clock.at("2027-06-30T23:30+00:00")  # July in Hillside already
    received(make, arriving(make, hillside))
    nowhere = rollups.NOWHERE.hex
    with make.database.read() as reads:
        counted = verification.counted(reads)
    assert {key[2:]: number for key, number in counted.items() if key[1] == "feedback"} == {
        ("2026-11", area.id.hex, "idea"): 3,
        ("2026-11", nowhere, ""): 2,
        ("2027-07", nowhere, ""): 1,
    }


def test_nothing_to_store_is_nothing_stored(make: Make, hillside: PlaceCard) -> None:
    assert received(make) == []
    assert told(received(make, arriving(make, hillside, area="nowhere"))) == ["Invalid"]
    assert stored(make) == []


# ---- when the server key has changed ---------------------------------------------------------------------------------


def test_after_a_rotation_a_retry_is_still_a_repeat_and_the_old_code_still_opens(
    make: Make, hillside: PlaceCard, settings: Settings
) -> None:
    key, other = str(uuid4()), str(uuid4())
    [first, _other] = received(make, arriving(make, hillside, key), arriving(make, hillside, other))
    assert isinstance(first, Received)
    keys = rotate(settings.var / "keys")
    [again, new, changed] = received(
        make,
        arriving(make, hillside, key, keys=keys),
        arriving(make, hillside, keys=keys),
        arriving(make, hillside, other, keys=keys, body="Another."),
    )
    assert told([again, new, changed]) == ["replayed", "stored", "Conflict"]
    assert isinstance(again, Received) and again.code == first.code
    assert sorted(row.key_version or 0 for row in stored(make)) == [1, 1, 2]
    with make.database.read() as reads:
        assert get_answer(reads, keys, hillside, first.code, make.clock()).body == "The bench has gone."


def test_contact_sealed_before_a_rotation_can_be_opened_after_it(make: Make, hillside: PlaceCard, settings: Settings) -> None:
    make.message(hillside, contact="07700 900001")
    keys = rotate(settings.var / "keys")
    with make.database.read() as reads:
        [row] = reads.exec(select(Contact))
    key = keys.version(row.key_version)
    assert key is not None and key.contacts.decrypt(row.sealed.encode()) == b"07700 900001"
    assert "07700" not in row.sealed


@pytest.mark.parametrize("answer", [Conflict("x"), Invalid()])
def test_a_refusal_s_words_stay_out_of_its_text(answer: Refusal) -> None:
    assert str(answer) == type(answer).__name__
