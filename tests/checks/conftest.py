"""What the tests of community checks share: a promise of the council, who says what of it, and codes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from service.checks.actions import Checked, check_promise, invite_to_check
from service.checks.models import CheckIn
from service.checks.queries import find_codes
from service.days import local_day
from service.people.models import Member
from service.places.queries import PlaceCard
from service.promises.actions import make_promise, report_progress, speaker_of
from service.promises.models import ProgressIn, PromiseIn, Side, Standing
from service.promises.queries import PromiseAccount, get_promise
from tests.make import Make


@dataclass(frozen=True)
class Town:
    """Hillside with a council that promises, and a hub and a coordinator who do not work for it."""

    make: Make
    place: PlaceCard
    council: Member
    hub: Member
    sam: Member

    def promise(self, *, due_on: date | None = date(2026, 11, 1), side: Side = Side.OUR_PART, **fields: Any) -> UUID:
        """A promise of the council."""
        maker = {"maker": "council"} if side == Side.OUR_PART else {}
        words = {"text": "A hard path to the bus stop.", "made_on": date(2026, 5, 1), "kept_when": "A pushchair gets through."}
        given = PromiseIn.model_validate({**words, **maker, "due_on": due_on, "side": side, **fields})
        with self.make.database.write() as writes:
            return make_promise(writes, speaker_of(self.council), self.place, given, self.make.clock()).id

    def says(self, who: Member, promise: UUID, to: Standing | None, **fields: Any) -> None:
        """Somebody on the staff says what became of it."""
        given = ProgressIn(note="It is so.", to=to, **fields)
        with self.make.database.write() as writes:
            report_progress(writes, speaker_of(who), self.place, promise, given, self.make.clock())

    def claimed(self, **fields: Any) -> UUID:
        """One that the council says is done."""
        promise = self.promise(**fields)
        self.says(self.council, promise, Standing.CLAIMED_KEPT)
        return promise

    def check(self, promise: UUID, verdict: str, code: str | None = None, **fields: Any) -> Checked:
        """Somebody says whether it happened."""
        given = CheckIn.model_validate({"verdict": verdict, "receipt": code, **fields})
        with self.make.database.write() as writes:
            return check_promise(writes, self.make.keys, self.place, promise, given, self.make.clock())

    def code(self, **fields: Any) -> str:
        """The code of a message that somebody sent."""
        return self.make.message(self.place, **fields).code

    def invitations(self, promise: UUID, number: int, by: Member | None = None) -> list[str]:
        """Codes of invitations, made by Sam unless somebody else is named."""
        who = by or self.sam
        with self.make.database.write() as writes:
            made = invite_to_check(writes, self.make.keys, who, promise, number, self.make.clock()).id
        with self.make.database.read() as reads:
            return find_codes(reads, self.make.keys, who, promise, made, self.make.clock())

    def account(self, promise: UUID) -> PromiseAccount:
        """The promise as everybody reads it."""
        with self.make.database.read() as reads:
            reads.expire_on_commit = False
            return get_promise(reads, self.place.id, promise, local_day(self.make.clock(), self.place.time_zone))

    def standing(self, promise: UUID) -> Standing:
        with self.make.database.read() as reads:
            return get_promise(reads, self.place.id, promise, self.make.clock().date()).row.promise.standing


@pytest.fixture
def town(make: Make, hillside: PlaceCard, at_work: Callable[..., Member]) -> Town:
    """Hillside, with everybody at work."""
    make.organisation(hillside, "council", name="The council")
    make.organisation(hillside, "hub")
    for code in ("linden", "marsh-end", "hill-road"):
        make.area(hillside, code)
    council, hub = (at_work(hillside, organisation=code) for code in ("council", "hub"))
    return Town(make, hillside, council, hub, at_work(hillside))
