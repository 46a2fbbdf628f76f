"""The sender is told why, disagrees once with each decision, and another person than before decides."""

from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service import verification
from service.errors import Conflict, Refused
from service.feedback.actions import withdraw
from service.feedback.desk_actions import publish, withhold
from service.feedback.models import Publication, State, WithheldReason
from service.moderation.actions import appeal, bring_back, set_aside, set_copies_aside, uphold
from service.moderation.models import Appeal, AsideReason, Outcome
from service.moderation.queue_queries import get_queue
from service.people.models import Member
from service.places.queries import PlaceCard
from tests.make import Make
from tests.moderation.conftest import offered, row

AtWork = Callable[..., Member]
WHY = "It names nobody. Everybody can see the bench."


def test_another_person_decides_and_the_sender_reads_what_came_of_it(
    make: Make, hillside: PlaceCard, at_work: AtWork, resident: TestClient
) -> None:
    sam, mo, sent = at_work(hillside), at_work(hillside, "moderator"), offered(make, hillside)
    message, answer = make.message_id(sent), "/hillside/answer"
    with make.database.write() as writes:
        withhold(writes, sam, message, WithheldReason.ABUSIVE, make.clock())
    page = resident.post(answer, data={"code": sent.code}).text
    assert "It is abusive." in page and "I disagree" in page and "We decided not to show your words." in page
    assert "Why are we wrong?" in resident.post(answer, data={"code": sent.code, "act": "ask_appeal"}).text
    empty = resident.post(answer, data={"code": sent.code, "act": "appeal", "words": " "})
    assert empty.status_code == 422 and "Write why you think we are wrong." in empty.text
    told = resident.post(answer, data={"code": sent.code, "act": "appeal", "words": WHY}).text
    assert "Somebody else looks at it again" in told and WHY in told and "I disagree" not in told
    resident.post(answer, data={"code": sent.code, "act": "appeal", "words": "Once more."})
    with make.database.read() as reads:
        assert len(reads.exec(select(Appeal)).all()) == 1
        assert [(one.message_id, one.mine) for one in get_queue(reads, sam, make.clock()).appeals] == [(message, True)]
        assert [one.mine for one in get_queue(reads, mo, make.clock()).appeals] == [False]
    for act in (publish, lambda *given: uphold(*given[:3], "No.", given[3])):
        with pytest.raises((Conflict, Refused)), make.database.write() as writes:
            act(writes, sam, message, make.clock())
    with make.database.write() as writes:
        assert publish(writes, mo, message, make.clock())
    with make.database.read() as reads:
        assert reads.exec(select(Appeal)).one().outcome == Outcome.CHANGED
    page = resident.post(answer, data={"code": sent.code}).text
    assert "and changed it." in page and "Everybody can read your words." in page
    steps = [one["step"] for one in resident.post("/api/v1/hillside/receipts", json={"code": sent.code}).json()["trail"]]
    assert steps[:2] == ["received", "withheld"] and {"appealed", "appeal_decided", "published"} <= set(steps)


def test_what_stays_so_is_explained_and_a_new_decision_can_be_appealed_again(
    make: Make, hillside: PlaceCard, at_work: AtWork, resident: TestClient
) -> None:
    sam, mo, sent = at_work(hillside), at_work(hillside, "moderator"), offered(make, hillside)
    message = make.message_id(sent)
    with make.database.write() as writes:
        withhold(writes, sam, message, WithheldReason.ABUSIVE, make.clock())
        assert appeal(writes, make.keys, hillside, sent.code, WHY, make.clock())
        assert not appeal(writes, make.keys, hillside, sent.code, WHY, make.clock())
    with make.database.write() as writes:
        assert uphold(writes, mo, message, "Your neighbour could be known.", make.clock())
        assert not uphold(writes, mo, message, "Once more.", make.clock())
    page = resident.post("/hillside/answer", data={"code": sent.code}).text
    assert "It stays so." in page and "Your neighbour could be known." in page and "I disagree" not in page
    make.clock.advance(days=1)
    with make.database.write() as writes:
        withhold(writes, mo, message, WithheldReason.COULD_HARM, make.clock())
    assert "I disagree" in resident.post("/hillside/answer", data={"code": sent.code}).text


def test_organisation_decides_no_appeal_about_itself(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    make.organisation(hillside, "council")
    make.topic(hillside, "council", organisation="council")
    sent = offered(make, hillside, topic="council")
    message = make.message_id(sent)
    with make.database.write() as writes:
        withhold(writes, at_work(hillside), message, WithheldReason.ABUSIVE, make.clock())
        appeal(writes, make.keys, hillside, sent.code, WHY, make.clock())
    own = at_work(hillside, organisation="council")
    with pytest.raises(Refused), make.database.write() as writes:
        uphold(writes, own, message, "No.", make.clock())


def test_what_is_no_message_is_counted_undone_and_open_to_appeal(
    make: Make, hillside: PlaceCard, at_work: AtWork, resident: TestClient
) -> None:
    sam, mo = at_work(hillside), at_work(hillside, "moderator")
    sent, read = offered(make, hillside, "Cheap windows for you!"), make.message_id(offered(make, hillside))
    message = make.message_id(sent)
    with make.database.write() as writes:
        assert set_aside(writes, sam, [message], AsideReason.ADVERT, make.clock()) == 1
        assert set_aside(writes, sam, [message], AsideReason.ADVERT, make.clock()) == 0
    assert (row(make, message).state, row(make, message).publication) == (State.NOT_FEEDBACK, Publication.WITHHELD)
    assert row(make, read).state == State.ACKNOWLEDGED
    page = resident.post("/hillside/answer", data={"code": sent.code}).text
    assert "It is an advert" in page and "I disagree" in page
    resident.post("/hillside/answer", data={"code": sent.code, "act": "appeal", "words": "I am no firm."})
    with pytest.raises(Conflict), make.database.write() as writes:
        bring_back(writes, sam, message, make.clock())
    with make.database.write() as writes:
        assert bring_back(writes, mo, message, make.clock())
    back = row(make, message)
    assert (back.state, back.publication, back.withheld_reason) == (State.ACKNOWLEDGED, Publication.WAITING, None)
    with make.database.read() as reads:
        assert verification.differences(reads) == []


def test_copies_stand_together_and_are_set_aside_in_one_go(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    make.organisation(hillside, "council")
    make.topic(hillside, "council", organisation="council")
    mo = at_work(hillside, "moderator", email="mo@example.org")
    for words in ("Buy my windows today", "BUY my w1ndows today!", "Buy my windows, today.", "Buy  my windows today"):
        offered(make, hillside, words)
    about_council = make.message_id(offered(make, hillside, "Buy my windows today", topic="council"))
    both = at_work(hillside, "frontline", organisation="council", email="mo@example.org")
    with make.database.read() as reads:
        [pile] = get_queue(reads, both, make.clock()).copies
        assert pile.count == 4
    with make.database.write() as writes:
        assert set_copies_aside(writes, both, pile.likeness, AsideReason.ADVERT, make.clock()) == 4
    assert row(make, about_council).state == State.ACKNOWLEDGED, "who is of the council does not set aside what the council has"
    with make.database.read() as reads:
        queue = get_queue(reads, both, make.clock())
        assert queue.copies == [] and len(queue.aside) == queue.set_aside == 4
        assert verification.differences(reads) == []
    assert mo


def test_what_was_said_about_a_decision_goes_with_the_words(make: Make, hillside: PlaceCard, at_work: AtWork) -> None:
    sent = offered(make, hillside)
    with make.database.write() as writes:
        withhold(writes, at_work(hillside), make.message_id(sent), WithheldReason.ABUSIVE, make.clock())
        appeal(writes, make.keys, hillside, sent.code, WHY, make.clock())
    with make.database.write() as writes:
        withdraw(writes, make.keys, hillside, sent.code, make.clock())
    with make.database.read() as reads:
        assert reads.exec(select(Appeal)).one().words is None
