"""Words, contacts and traces go when their time is over; the sums stay as they were; a hold stops it."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from service import verification
from service.database import Database
from service.errors import Invalid
from service.feedback.desk_actions import reply
from service.feedback.models import Contact, Feedback, Outcome, Reply, ReplyIn
from service.journal.actions import OPERATOR
from service.keeping import retention, rules
from service.keeping.actions import lift_hold, place_hold, set_retention
from service.keeping.models import HoldIn, PeriodIn, Run, Settable
from service.narratives.actions import share_narrative
from service.narratives.models import Narrative, Visibility
from service.people.actions import disable
from service.people.models import Role, SignInLink, Staff, StaffSession
from service.places.queries import PlaceCard
from service.register import Subject
from tests.keeping.world import answered, dumped, member, published
from tests.make import Make, SettableClock

YES = {"wording_version": "1", "given_on": "2026-11-23"}
LATER = "2028-12-01T10:00Z"


def words_of(database: Database) -> set[str | None]:
    with database.read() as reads:
        return set(reads.execute(select(col(Feedback.body))).scalars())


def test_words_that_others_never_read_go_after_two_years_and_the_sums_stay(
    make: Make, hillside: PlaceCard, database: Database, clock: SettableClock
) -> None:
    sam = member(make, hillside)
    unshared, offered, shown = (
        make.message(hillside, f"CANARY {name}", kind="idea", share=share)
        for name, share in (("unshared", "team_only"), ("offered", "words_public"), ("shown", "words_public"))
    )
    answered(make, sam, unshared, "CANARY answer")
    published(make, sam, shown)
    with database.read() as reads:
        sums = verification.counted(reads)
    clock.at("2028-11-22T10:00Z")
    assert retention.retain(database, clock()) and words_of(database) == {"CANARY unshared", "CANARY offered", "CANARY shown"}
    clock.at(LATER)
    make.message(hillside, "CANARY fresh")
    with database.read() as reads:
        due = retention.due(reads, clock())
    assert due["hillside: messages"] == 2
    assert retention.retain(database, clock()) == due, "what is counted is what goes"
    assert words_of(database) == {None, "CANARY shown", "CANARY fresh"}
    left = dumped(database)
    assert "CANARY unshared" not in left and "CANARY offered" not in left and "CANARY answer" not in left
    with database.read() as reads:
        assert verification.differences(reads) == []
        assert sums <= verification.counted(reads), "nothing that was counted is counted less"
        [given] = reads.execute(select(col(Reply.body), col(Reply.outcome))).all()
        assert tuple(given) == ("", Outcome.THANK_YOU)
        gone = reads.execute(select(Feedback).where(col(Feedback.words_removed_at).is_not(None))).scalars().all()
        assert {row.public_id for row in gone} == {unshared.public_id, offered.public_id}
        assert {row.words_removed_at for row in gone} == {clock()} and {row.body_hash for row in gone} == {None}
    assert sum(retention.retain(database, clock()).values()) == 0, "a second time there is nothing to do"


def test_message_whose_words_went_still_opens_and_says_so(
    make: Make, hillside: PlaceCard, database: Database, clock: SettableClock
) -> None:
    message = make.message(hillside, "CANARY")
    clock.at(LATER)
    retention.retain(database, clock())
    again = make.message(hillside, "CANARY again")
    assert again.public_id != message.public_id
    with database.read() as reads:
        row = reads.execute(select(Feedback).where(col(Feedback.public_id) == message.public_id)).scalars().one()
        assert row.key_hash and row.received_at


def story_row(database: Database, public_id: UUID) -> Narrative:
    with database.read() as reads:
        return reads.execute(select(Narrative).where(col(Narrative.public_id) == public_id)).scalars().one()


def test_stories_that_are_not_shown_go_and_a_yes_that_ended_lately_waits_for_a_new_one(
    make: Make, hillside: PlaceCard, database: Database, clock: SettableClock
) -> None:
    sam = member(make, hillside)
    kept = make.story(hillside, "CANARY kept", consent=YES)
    ended = make.story(hillside, "CANARY ended", consent={**YES, "expires_on": "2028-11-20"})
    private = make.story(hillside, "CANARY private", title="CANARY title", tags=["canary"], barrier="CANARY barrier")
    with database.write() as writes:
        for one, visibility in ((kept, Visibility.PUBLIC), (ended, Visibility.PUBLIC), (private, Visibility.PRIVATE)):
            share_narrative(writes, sam, one, visibility, clock())
    clock.at(LATER)
    retention.retain(database, clock())
    assert [story_row(database, one).body for one in (kept, ended, private)] == ["CANARY kept", "CANARY ended", None]
    gone = story_row(database, private)
    assert (gone.title, gone.barrier, gone.tags, gone.signifiers, gone.words_removed_at) == (None, None, [], None, clock())
    clock.advance(days=61)
    retention.retain(database, clock())
    assert [story_row(database, one).body for one in (kept, ended)] == ["CANARY kept", None]


def contacts(database: Database) -> int:
    with database.read() as reads:
        return len(reads.execute(select(col(Contact.feedback_id))).all())


def test_contact_goes_some_time_after_the_answer_or_after_a_year(
    make: Make, hillside: PlaceCard, database: Database, clock: SettableClock
) -> None:
    sam = member(make, hillside)
    first = make.message(hillside, contact="CANARY@example.org")
    make.message(hillside, contact="CANARY@example.org")
    with database.write() as writes:
        reply(writes, sam, make.message_id(first), ReplyIn(outcome=Outcome.DONE, body="Yes."), clock())
    clock.advance(days=89)
    retention.retain(database, clock())
    assert contacts(database) == 2
    clock.advance(days=2)
    retention.retain(database, clock())
    assert contacts(database) == 1
    clock.advance(days=280)
    retention.retain(database, clock())
    assert contacts(database) == 0


def test_hold_stops_it_for_one_message_or_for_the_whole_place(
    make: Make, hillside: PlaceCard, database: Database, clock: SettableClock
) -> None:
    held, free = make.message(hillside, "CANARY held", contact="x@example.org"), make.message(hillside, "CANARY free")
    riverbank = make.collaboration("riverbank")
    make.message(riverbank, "CANARY elsewhere")
    with database.write() as writes:
        given = HoldIn(why="Asked for under the law", subject=Subject.MESSAGE, subject_id=make.message_id(held))
        place_hold(writes, OPERATOR, hillside, given, clock())
        whole = place_hold(writes, OPERATOR, riverbank, HoldIn(why="An inquiry"), clock())
    clock.at(LATER)
    retention.retain(database, clock())
    assert words_of(database) == {"CANARY held", None, "CANARY elsewhere"} and contacts(database) == 1 and free
    with database.write() as writes:
        lift_hold(writes, OPERATOR, riverbank, whole, clock())
    retention.retain(database, clock())
    assert words_of(database) == {"CANARY held", None}


def test_place_sets_its_own_period_within_bounds(make: Make, hillside: PlaceCard, database: Database, clock: SettableClock) -> None:
    riverbank = make.collaboration("riverbank")
    make.message(hillside, "CANARY hillside")
    make.message(riverbank, "CANARY riverbank")
    for settable in Settable:
        for months in (rules.LEAST[settable] - 1, rules.MOST[settable] + 1):
            given = PeriodIn.model_construct(settable=settable, months=months, why="Because")
            with database.write() as writes, pytest.raises(Invalid):
                set_retention(writes, OPERATOR, hillside, given, clock())
    with database.write() as writes:
        given = PeriodIn(settable=Settable.UNSHARED_WORDS, months=12, why="The board agreed it in May")
        assert set_retention(writes, OPERATOR, hillside, given, clock())
        assert not set_retention(writes, OPERATOR, hillside, given, clock())
    clock.at("2028-01-01T10:00Z")
    retention.retain(database, clock())
    assert words_of(database) == {None, "CANARY riverbank"}


def test_many_go_in_batches_that_each_end(make: Make, hillside: PlaceCard, database: Database, clock: SettableClock) -> None:
    make.message(hillside, "CANARY")
    with database.write() as writes:
        table = Feedback.__table__  # type: ignore[attr-defined]
        known = dict(writes.execute(select(table)).mappings().one())
        copies = [{**known, "id": UUID(int=number), "public_id": UUID(int=number), "key_hash": f"{number:064}"} for number in range(1, 501)]
        writes.execute(table.insert(), copies)
    clock.at(LATER)
    sizes = []
    with database.read() as reads:
        step = next(step for step in retention.steps(reads, clock()) if step.name == "hillside: messages")
    while True:
        with database.write() as writes:
            sizes.append(step(writes, clock()))
        if not sizes[-1]:
            break
    assert sizes == [200, 200, 101, 0] and words_of(database) == {None}


def test_links_sessions_and_old_answers_go_and_who_left_is_forgotten(
    make: Make, hillside: PlaceCard, database: Database, clock: SettableClock
) -> None:
    sam = member(make, hillside, Role.COORDINATOR)
    member(make, hillside, Role.MODERATOR, email="stays@hillside.example")
    with database.write() as writes:
        disable(writes, OPERATOR, sam.person.email, clock())
    clock.advance(days=89)
    retention.retain(database, clock())
    with database.read() as reads:
        assert reads.execute(select(col(SignInLink.id))).all() == []
        assert len(reads.execute(select(col(StaffSession.id))).all()) == 2
    clock.advance(days=2)
    retention.retain(database, clock())
    with database.read() as reads:
        assert reads.execute(select(col(StaffSession.id))).all() == []
        assert sam.person.email in reads.execute(select(col(Staff.email))).scalars().all()
    clock.advance(days=700)
    retention.retain(database, clock())
    assert "sam@" not in dumped(database) and "stays@hillside.example" in dumped(database)


def test_each_run_is_remembered(make: Make, hillside: PlaceCard, database: Database, clock: SettableClock) -> None:
    make.message(hillside, "CANARY")
    clock.at(LATER)
    assert retention.retain(database, clock())["hillside: messages"] == 1
    with database.read() as reads:
        [run] = reads.execute(select(Run)).scalars().all()
    assert (run.began_at, run.ended_at, Counter(run.counts)) == (clock(), clock(), Counter({"hillside: messages": 1}))
    assert timedelta(0) < rules.EVERY
