"""One request to store a batch, from its rows to its answer: foreseen, stored or answered as it was before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.batches import work
from service.batches.bodies import Sent
from service.batches.work import Sort, Tally, Terms
from service.database import GROUP_ROWS, Database, WriteSession
from service.errors import FieldError, Invalid
from service.idempotency import Asked, Kept, find_kept, keep
from service.language import _

MOST_AT_ONCE = 20_000
"""Rows of an atomic batch: everybody else who writes waits until its one transaction is over."""

Given = tuple[Kept, bool]
"""An answer, and whether it was given before."""


@dataclass(frozen=True, slots=True)
class Post:
    """What was sent, by whom, on which terms. `asked` is there when it carries an idempotency key."""

    database: Database
    sort: Sort
    terms: Terms
    sent: Sent
    asked: Asked | None
    now: datetime
    atomic: bool

    async def foresee(self) -> Given:
        """What storing it would answer. Raises: Invalid where all or nothing was asked for and a row would be refused."""
        self._must_be_readable()
        tally = await work.foresee(self.database, self.sort, self._work())
        if self.atomic and tally.received > MOST_AT_ONCE:
            raise Invalid(FieldError("atomic", _("All or nothing takes at most %(most)s rows. Send parts.", most=MOST_AT_ONCE)))
        return self._answer(tally), False

    async def store(self) -> Given:
        """Stores it, once. Raises: Invalid as `foresee`; Conflict for an idempotency key that came with another request."""
        if self.asked:
            asked = self.asked
            earlier = await self.database.reading(lambda reads: find_kept(reads, asked, self.now))
            if earlier:
                return earlier, True
        if self.atomic:  # most refusals are found before the door is taken
            await self.foresee()
        self._must_be_readable()
        if self.atomic or (self.asked and self.sent.rows_at_most <= max(GROUP_ROWS, self.database.step())):
            return await work.store_at_once(self.database, self.sort, self._work, self._finish)
        tally = await work.store_in_parts(self.database, self.sort, self._work(self.database.step))
        if self.asked is None:
            return self._answer(tally), False
        async with self.database.writing() as writes:
            return self._finish(writes, tally)

    def _work(self, room: Callable[[], int] = lambda: work.CHUNK) -> work.Work:
        return work.work_on(self.sort, self.sent.rows, self.terms, room=room)

    def _must_be_readable(self) -> None:
        """One object by itself is told everything that is wrong with it."""
        if self.sent.is_single:
            reading = self.sort.read(next(self.sent.rows()), self.terms)
            if isinstance(reading, list):
                raise Invalid(*reading)

    def _finish(self, writes: WriteSession, tally: Tally) -> Given:
        """The answer, kept where there is a key. When a twin of this request was quicker, its answer counts."""
        answer = self._answer(tally)
        twin = keep(writes, self.asked, answer, self.now) if self.asked else None
        return (twin, True) if twin else (answer, False)

    def _answer(self, tally: Tally) -> Kept:
        out = tally.out()
        if tally.refused and self.sent.is_single:
            raise Invalid(*(FieldError(found.field, found.message) for found in out.conflicts))
        if tally.refused and self.atomic:
            refusal = Invalid()
            refusal.detail = _("Nothing was stored: all rows or none was asked for, and some were refused.")
            refusal.extra = out.model_dump(mode="json")
            raise refusal
        return Kept(200, out.model_dump_json())
