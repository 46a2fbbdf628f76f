"""Putting a letter into the post, claiming it, and what becomes of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from service.database import WriteSession
from service.journal.actions import OPERATOR, record
from service.outbox import rules
from service.outbox.models import Claimed, Letter, Purpose

_letter = Letter.__table__  # type: ignore[attr-defined]


def post(writes: WriteSession, purpose: Purpose, address: str, language: str, now: datetime) -> UUID:
    """Puts a letter into the post: it is sent when this transaction is committed, and only then."""
    letter = Letter(purpose=purpose, address=address, language=language, made_at=now, due_at=now)
    writes.add(letter)
    writes.flush()
    return letter.id


def claim(writes: WriteSession, now: datetime) -> Claimed | None:
    """Takes the letter that is due longest, for as long as a lease lasts; None when nothing is due."""
    due = (
        select(_letter.c.id)
        .where(_letter.c.due_at <= now, _letter.c.given_up_at.is_(None))
        .order_by(_letter.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(_letter)
        .where(_letter.c.id.in_(due.scalar_subquery()))
        .values(due_at=now + rules.LEASE, attempts=_letter.c.attempts + 1)
        .returning(*(_letter.c[name] for name in ("id", "purpose", "address", "language", "made_at", "attempts")))
    )
    row = writes.execute(taken).first()
    return None if row is None else Claimed(row.id, row.purpose, row.address, row.language, row.made_at, row.attempts)


def done_with(writes: WriteSession, letter: Claimed) -> None:
    """Forgets a letter that was sent, or that has nobody to go to: nothing of it is kept."""
    writes.execute(delete(_letter).where(_letter.c.id == letter.id))


def try_again(writes: WriteSession, letter: Claimed, again_at: datetime) -> None:
    """A letter could not be sent: it is due again then."""
    writes.execute(update(_letter).where(_letter.c.id == letter.id).values(due_at=again_at))


def give_up(writes: WriteSession, letter: Claimed, now: datetime) -> None:
    """A letter could not be sent, and it is of no use later. It keeps no address; the journal says that it happened."""
    writes.execute(update(_letter).where(_letter.c.id == letter.id).values(address=None, given_up_at=now))
    record(writes, OPERATOR, "given_up", "letter", letter.id, at=now)
