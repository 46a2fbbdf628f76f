"""What the tests of the loop share: a message that was answered, what its sender says of it, and a promise that moves."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from service.feedback.desk_actions import reply
from service.feedback.models import Feedback, Outcome, ReplyIn, State
from service.loop.actions import check_reply, follow_up
from service.loop.models import Answered, Better, CheckIn
from service.people.models import Member
from service.places.queries import PlaceCard
from service.promises.actions import make_promise, report_progress, speaker_of
from service.promises.models import ProgressIn, PromiseIn, Side, Standing
from tests.make import Make

WORDS = "The bench by the surgery has gone."
DUE = date(2026, 12, 14)


@dataclass
class Talk:
    """Somebody who said something, and a coordinator who answers."""

    make: Make
    place: PlaceCard
    sam: Member
    council: UUID

    def says(self, body: str = WORDS, **fields: Any) -> tuple[str, UUID]:
        """The code and the id of a new message."""
        told = self.make.message(self.place, body, **fields)
        return told.code, self.make.message_id(told)

    def other(self) -> Member:
        """A second person, who looks at what an answer claims before everybody reads it."""
        return self.make.at_work(self.place, email="kim@hillside.example")

    def answers(self, message: UUID, outcome: Outcome = Outcome.DONE, *, promise: UUID | None = None) -> None:
        given = ReplyIn(outcome=outcome, body="This is our answer.", reason="The land is not ours.", promise=promise)
        with self.make.database.write() as writes:
            reply(writes, self.sam, message, given, self.make.clock())

    def promises(self, due_on: date = DUE) -> UUID:
        given = PromiseIn(
            text="A new bench.", side=Side.OUR_PART, maker="council", made_on=date(2026, 11, 1), due_on=due_on, kept_when="It stands."
        )
        with self.make.database.write() as writes:
            return make_promise(writes, speaker_of(self.sam), self.place, given, self.make.clock()).id

    def moves(self, promise: UUID, to: Standing, by: Member | None = None) -> None:
        with self.make.database.write() as writes:
            report_progress(writes, speaker_of(by or self.sam), self.place, promise, ProgressIn(note="So it is.", to=to), self.make.clock())

    def keeps(self, promise: UUID) -> None:
        """The maker says so, and somebody else checks."""
        maker = self.make.at_work(self.place, organisation="council")
        self.moves(promise, Standing.CLAIMED_KEPT, maker)
        self.moves(promise, Standing.KEPT)

    def follows_up(self, message: UUID, words: str = "It stands since Monday.") -> None:
        with self.make.database.write() as writes:
            follow_up(writes, self.sam, message, words, self.make.clock())

    def checks(self, code: str, answered: Answered, better: Better | None = None, body: str | None = None) -> bool:
        given = CheckIn(code=code, answered=answered, better=better, body=body)
        with self.make.database.write() as writes:
            return check_reply(writes, self.make.keys, self.place, given, self.make.clock())

    def state(self, message: UUID) -> State:
        with self.make.database.read() as reads:
            return reads.get_one(Feedback, (self.place.id, message)).state


@pytest.fixture
def talk(make: Make, hillside: PlaceCard) -> Talk:
    council = make.organisation(hillside, "council").id
    return Talk(make, hillside, make.at_work(hillside, email="sam@example.org", name="Sam Okoro"), council)
