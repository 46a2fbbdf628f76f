"""Telling programs: what is told, in ids and states, and what never is."""

from contextlib import suppress

from service.database import Database
from service.feedback.desk_actions import mark_read, reply
from service.feedback.models import Outcome, ReplyIn
from service.journal.actions import OPERATOR
from service.narratives.actions import pause_narrative
from service.narratives.models import Narrative, StoryState
from service.news import Event, Standing
from service.partners.models import Scope
from service.places.queries import PlaceCard
from service.promises.actions import Speaker, make_promise, report_progress
from service.promises.models import ProgressIn, Promise, PromiseIn, Side
from service.promises.models import Standing as Kept
from tests.make import Make, SettableClock
from tests.webhooks.conftest import Receiver, Telling, Verify

WORDS = "The bench by the surgery has gone."


def speaker() -> Speaker:
    return Speaker(OPERATOR, frozenset(), whole_place=True)


def promised(make: Make, place: PlaceCard, *, maker: str = "council", draft: bool = False) -> Promise:
    given = PromiseIn.model_validate(
        {"text": WORDS, "side": Side.OUR_PART, "maker": maker, "made_on": "2026-11-01", "due_on": "2027-05-01", "kept_when": WORDS}
    )
    with make.database.write() as writes:
        writes.expire_on_commit = False
        return make_promise(writes, speaker(), place, given, make.clock(), draft=draft)


# ---- what is told ----------------------------------------------------------------------------------------------------


def test_message_is_told_in_ids_and_states_and_signed(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, verify: Verify
) -> None:
    _id, secret = telling.add(receiver.url)
    message = make.message(hillside, WORDS, contact="sam@example.org", kind="not_good", share="words_public")
    assert telling.tell() == 1
    [sent] = receiver.got
    assert verify(secret, sent) == [True]
    path, headers, body = sent
    assert path == "POST /hook?x=1 HTTP/1.1"
    assert headers["content-type"] == "application/json" and headers["host"] == f"127.0.0.1:{receiver.port}"
    assert receiver.told == [
        {
            "type": "feedback.created",
            "timestamp": "2026-11-23T10:00:00Z",
            "data": {
                "collaboration": "hillside",
                "id": str(message.public_id),
                "state": "acknowledged",
                "publication": "waiting",
                "url": "https://said.example.org/api/v1/hillside/feedback",
                "organisation": None,
            },
        }
    ]
    for word in (WORDS, "sam@", "not_good", message.code, message.code.replace("-", "")):
        assert word.encode() not in body
    [told] = telling.waiting()
    assert (told.standing, told.status, told.attempts, str(told.id)) == (Standing.DELIVERED, 204, 1, headers["webhook-id"])


def test_what_is_done_with_a_message_is_told_in_its_order(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, clock: SettableClock
) -> None:
    telling.add(receiver.url)
    message_id = make.message_id(make.message(hillside))
    member = make.at_work(hillside)
    with make.database.write() as writes:
        mark_read(writes, member, message_id, clock())
        reply(writes, member, message_id, ReplyIn(outcome=Outcome.THANK_YOU, body="Thank you."), clock())
    telling.tell()
    assert receiver.types == ["feedback.created", "feedback.updated", "reply.published", "feedback.updated"]
    assert len(set(receiver.ids)) == 4 and len({one["data"]["id"] for one in receiver.told}) == 1


def test_draft_is_not_told_and_a_promise_is(make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver) -> None:
    make.organisation(hillside, "council")
    telling.add(receiver.url)
    draft = promised(make, hillside, draft=True)
    telling.tell()
    assert receiver.got == []
    with make.database.write() as writes:
        report_progress(writes, speaker(), hillside, draft.id, ProgressIn(note="Now.", to=Kept.MADE), make.clock())
    made = promised(make, hillside)
    telling.tell()
    assert [(one["type"], one["data"]["state"], one["data"]["id"]) for one in receiver.told] == [
        ("promise.updated", "made", str(draft.id)),
        ("promise.created", "made", str(made.id)),
    ]
    assert receiver.told[0]["data"]["organisation"] == "council"
    assert receiver.told[0]["data"]["url"].endswith(f"/api/v1/hillside/promises/{draft.id}")


def test_draft_that_is_touched_waits_for_nobody(make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver) -> None:
    make.organisation(hillside, "council")
    telling.add(receiver.url)
    draft = promised(make, hillside, draft=True)
    with make.database.write() as writes:
        report_progress(writes, speaker(), hillside, draft.id, ProgressIn(note="Not yet."), make.clock())
    assert len(telling.waiting()) == 1
    telling.tell()
    assert receiver.got == [] and telling.waiting() == []


def test_story_is_told_of_once_it_is_public_and_when_it_is_so_no_more(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, database: Database
) -> None:
    telling.add(receiver.url)
    public = make.story(hillside)
    story_id = make.story_id(public)
    telling.tell()
    assert receiver.got == [] and telling.waiting() == []
    member = make.at_work(hillside)
    with database.write() as writes:
        row = writes.get_one(Narrative, (hillside.id, story_id))
        row.state, row.checked_by, row.published_on = StoryState.SHARED_PUBLIC, member.person.staff_id, make.clock().date()
        writes.add(row)
        writes.flush()
        pause_narrative(writes, member, public, make.clock())
    telling.tell()
    assert [(one["type"], one["data"]["state"], one["data"]["id"]) for one in receiver.told] == [
        ("narrative.updated", "paused", str(public))
    ]


def test_what_stands_apart_because_somebody_may_come_to_harm_is_not_told(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver
) -> None:
    telling.add(receiver.url)
    make.message(hillside, "I want to kill myself.")
    make.message(hillside)
    telling.tell()
    assert len(receiver.got) == 1 and receiver.told[0]["data"]["state"] == "acknowledged"
    assert len(telling.waiting()) == 1


def test_figures_of_one_batch_are_one_piece_of_news(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, with_key: object
) -> None:
    council = make.organisation(hillside, "council")
    telling.add(receiver.url, Event.OBSERVATIONS_STORED)
    program = with_key(hillside, Scope.OUTCOMES_WRITE, organisation=council)  # type: ignore[operator]
    program.put("/api/v1/hillside/indicators/school", json={"name": "School", "kind": "population", "unit": "%", "good_direction": "up"})
    batch = [{"indicator": "school", "period": str(year), "value": 1} for year in range(2010, 2020)]
    answer = program.post("/api/v1/hillside/outcomes/observations", json={"observations": batch})
    assert answer.json()["created"] == 10, answer.text
    again = program.post("/api/v1/hillside/outcomes/observations", json={"observations": batch})
    assert again.json()["unchanged"] == 10
    telling.tell()
    assert [(one["type"], one["data"]["count"], one["data"]["organisation"]) for one in receiver.told] == [
        ("observations.stored", 10, "council")
    ]


def test_nothing_is_told_of_what_was_taken_back_and_nothing_is_written_where_nobody_listens(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver, database: Database
) -> None:
    make.organisation(hillside, "council")
    promised(make, hillside)
    assert telling.waiting() == []
    telling.add(receiver.url, Event.FEEDBACK_CREATED)
    promised(make, hillside)
    make.message(make.collaboration("riverbank"))
    assert telling.waiting() == [], "other events, and another place's"
    given = PromiseIn.model_validate(
        {"text": "x", "side": "our_part", "maker": "council", "made_on": "2026-11-01", "due_on": "2027-05-01", "kept_when": "x"}
    )
    telling.add(receiver.url, Event.PROMISE_CREATED)
    with suppress(RuntimeError), database.write() as writes:
        make_promise(writes, speaker(), hillside, given, make.clock())
        raise RuntimeError
    assert telling.waiting() == [] and telling.tell() == 0


def test_webhook_of_an_organisation_is_told_of_its_things_only(
    make: Make, hillside: PlaceCard, telling: Telling, receiver: Receiver
) -> None:
    council, _hub = make.organisation(hillside, "council"), make.organisation(hillside, "hub")
    make.topic(hillside, "benches", organisation="council")
    telling.add(receiver.url, organisation_id=council.id)
    make.message(hillside, "Nobody's.")
    routed = make.message(hillside, topic="benches")
    promised(make, hillside, maker="hub")
    theirs = promised(make, hillside)
    telling.tell()
    assert [one["data"]["id"] for one in receiver.told] == [str(routed.public_id), str(theirs.id)]
    assert len(telling.waiting()) == 2, "the rest is forgotten"
