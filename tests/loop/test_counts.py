"""What became of messages is counted as it happens: after any story the kept counts are what the facts say."""

import random
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlmodel import select

from service import verification
from service.database import Database, WriteSession, connect
from service.errors import Refusal
from service.feedback.actions import withdraw
from service.feedback.desk_actions import mark_read, reply
from service.feedback.merge_actions import merge, unmerge
from service.feedback.models import Outcome, ReplyIn, State
from service.loop import counts
from service.loop.actions import check_reply, follow_up, reopen
from service.loop.models import Addition, Answered, Better, CheckIn
from service.promises.models import Standing
from service.rollups import Rollup
from service.safeguarding.actions import raise_message
from service.safeguarding.models import Lane, RaiseIn
from service.tasks.models import TaskIn
from tests.databases import alembic
from tests.loop.conftest import Talk

SUBJECTS = (counts.STANDS, counts.WITH_ANOTHER, counts.WAITS_WITH_ANOTHER, counts.SAID_DO, counts.JUDGED)


def kept(database: Database) -> dict[tuple[str, str, str], int]:
    """What is counted of loops: by subject, period and cell."""
    with database.read() as reads:
        found = verification.counted(reads)
    return {(subject, period, cell): n for (_place, subject, period, _area, cell), n in found.items() if subject in SUBJECTS and n}


def differs(database: Database) -> list[str]:
    with database.read() as reads:
        return verification.differences(reads)


class Story:
    """Whatever may happen to some messages, one thing after the other."""

    def __init__(self, talk: Talk, seed: int) -> None:
        self.talk, self.any = talk, random.Random(seed)  # noqa: S311 (no secret)
        self.said = [talk.says(f"One {number}.") for number in range(5)]
        self.promised = [talk.promises() for _number in range(2)]

    def step(self) -> None:
        talk, now = self.talk, self.talk.make.clock.advance(hours=20)
        (code, message), (_code, other) = self.any.sample(self.said, 2)
        with suppress(Refusal), talk.make.database.write() as writes:
            self.any.choice((self.answers, self.answers, self.checks, self.follows, self.moves))(writes, code, message, other)
        if self.any.random() < 0.1:
            with suppress(Refusal):
                talk.moves(self.any.choice(self.promised), self.any.choice((Standing.CLAIMED_KEPT, Standing.STALLED)))
        assert now

    def answers(self, writes: WriteSession, _code: str, message: UUID, _other: UUID) -> None:
        now = self.talk.make.clock()
        promise = self.any.choice([*self.promised, None])
        task = None if promise else TaskIn(words="We paint it.", role="the caretaker", due_on=(now + timedelta(days=9)).date())
        will_do = ReplyIn(outcome=Outcome.WILL_DO, body="We will.", promise=promise, task=task)
        given = self.any.choice([will_do, will_do, ReplyIn(outcome=Outcome.THANK_YOU, body="Thank you.")])
        reply(writes, self.talk.sam, message, given, now)

    def checks(self, writes: WriteSession, code: str, _message: UUID, _other: UUID) -> None:
        given = CheckIn(code=code, answered=self.any.choice(list(Answered)), better=self.any.choice([*Better, None]))
        check_reply(writes, self.talk.make.keys, self.talk.place, given, self.talk.make.clock())

    def follows(self, writes: WriteSession, _code: str, message: UUID, _other: UUID) -> None:
        follow_up(writes, self.talk.sam, message, "It stands.", self.talk.make.clock(), done=self.any.random() < 0.5)

    def moves(self, writes: WriteSession, code: str, message: UUID, other: UUID) -> None:
        desk, now, chance = self.talk.sam, self.talk.make.clock(), self.any.random()
        if chance < 0.5:
            merge(writes, desk, message, other, now)
        elif chance < 0.65:
            unmerge(writes, desk, message, now)
        elif chance < 0.8:
            reopen(writes, desk, message, now)
        elif chance < 0.9:
            mark_read(writes, desk, message, now)
        elif chance < 0.95:
            raise_message(writes, desk, message, RaiseIn(lane=Lane.SAFEGUARDING, note="Look."), now)
        else:
            withdraw(writes, self.talk.make.keys, self.talk.place, code, now)


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_what_the_facts_say_after_any_story_and_a_migration_makes_the_same(talk: Talk, seed: int, database_url: str) -> None:
    story, database = Story(talk, seed), talk.make.database
    for _step in range(30):
        story.step()
        assert differs(database) == []
    found = kept(database)
    assert len({subject for subject, _period, _cell in found}) > 2, "something happened"
    script = ScriptDirectory.from_config(alembic(database_url)).get_revision("2026_11_23_2010")
    engine = connect(database_url, read_only=False, whole_house=True)
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        assert script is not None
        script.module.downgrade()
        script.module.upgrade()
    engine.dispose()
    assert kept(database) == found


def test_whoever_was_put_together_with_another_goes_where_that_one_goes(talk: Talk) -> None:
    (_code, first), (_other, second) = talk.says("One."), talk.says("Two.")
    database, day = talk.make.database, talk.make.clock().date().isoformat()
    with database.write() as writes:
        merge(writes, talk.sam, second, first, talk.make.clock())
    assert kept(database) == {(counts.WAITS_WITH_ANOTHER, day, counts.UNANSWERED): 1}
    promise = talk.promises()
    talk.answers(first, Outcome.WILL_DO, promise=promise)
    stands = {(counts.STANDS, day, promise.hex): 1, (counts.WITH_ANOTHER, day, promise.hex): 1}
    assert kept(database) == {**stands, (counts.SAID_DO, day[:7], promise.hex): 1}
    talk.make.clock.advance(days=1)
    talk.follows_up(first)
    told = f"{promise.hex}{talk.make.clock():%Y%m%d}"
    assert kept(database).keys() == {
        (counts.STANDS, day, told), (counts.WITH_ANOTHER, day, told), (counts.SAID_DO, day[:7], promise.hex),
    }  # fmt: skip


def test_words_are_taken_back_although_somebody_who_said_the_same_judged_their_answer(talk: Talk) -> None:
    (code, first), (other, second), (third, one_more) = talk.says("One."), talk.says("Two."), talk.says("Three.")
    database = talk.make.database
    with database.write() as writes:
        for message in (second, one_more):
            merge(writes, talk.sam, message, first, talk.make.clock())
    talk.answers(first)
    talk.checks(other, Answered.YES, Better.YES)
    talk.checks(third, Answered.PARTLY, Better.TOO_SOON, "It is not painted.")
    with database.write() as writes:
        withdraw(writes, talk.make.keys, talk.place, code, talk.make.clock())
    assert differs(database) == [] and talk.state(second) == State.REOPENED
    with database.read() as reads:
        [said] = reads.exec(select(Addition))
    assert (said.body, said.reply_id, said.answered, said.better) == ("It is not painted.", None, None, None), "the words stay"


def test_wrong_counts_are_noticed_and_mended(talk: Talk) -> None:
    _code, message = talk.says()
    talk.answers(message)
    database = talk.make.database
    with database.write() as writes:
        for subject in (counts.STANDS, counts.JUDGED):
            key = {"collaboration_id": talk.place.id, "period": "2026-11-23", "area_id": UUID(int=0), "cell": "answered", "slot": 0}
            row = writes.get(Rollup, {**key, "subject": subject}) or Rollup(**key, subject=subject, count=0)
            row.count += 7
            writes.add(row)
    assert len(differs(database)) == 2
    with database.write() as writes:
        assert verification.mend(writes) == 2
    assert differs(database) == []


@pytest.mark.parametrize(
    "said",
    [
        counts.Said(UUID(int=5)),
        counts.Said(UUID(int=2**128 - 1), told_on=date(2026, 11, 23)),
        counts.Said(None, date(2026, 12, 1)),
        counts.Said(None, date(2026, 12, 1), date(2026, 11, 30), date(2027, 1, 2)),
    ],
)
def test_cell_says_what_an_answer_said(said: counts.Said) -> None:
    assert counts.said_in(said.cell) == said and len(said.cell) <= 40
