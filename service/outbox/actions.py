"""Putting a letter into the post, claiming it, and what becomes of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from service.database import WriteSession
from service.journal.actions import OPERATOR, record
from service.outbox import rules
from service.outbox.models import Claimed, For, Letter, Posted, Purpose

_letter, _posted = Letter.__table__, Posted.__table__  # type: ignore[attr-defined]


def post(writes: WriteSession, purpose: Purpose, address: str, language: str, now: datetime, whom: For | None = None) -> UUID:
    """Puts a letter into the post: it is sent when this transaction is committed, and only then.

    `whom`: for whom of which place it is, so that its administrators see it when it could not be sent.
    """
    letter = Letter(purpose=purpose, address=address, language=language, made_at=now, due_at=now)
    writes.add(letter)
    writes.flush()
    if whom is not None:
        for_whom = {"collaboration_id": whom.place_id, "staff_id": whom.staff_id, "feedback_id": whom.message_id}
        what = {"id": letter.id, "purpose": purpose, "language": language, "about": None if "@" in address else address}
        writes.execute(insert(_posted).values(**for_whom, **what, made_at=now, attempts=0))
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
    writes.execute(delete(_posted).where(_posted.c.id == letter.id))
    writes.execute(delete(_letter).where(_letter.c.id == letter.id))


def try_again(writes: WriteSession, letter: Claimed, again_at: datetime) -> None:
    """A letter could not be sent: it is due again then."""
    writes.execute(update(_letter).where(_letter.c.id == letter.id).values(due_at=again_at))


def give_up(writes: WriteSession, letter: Claimed, now: datetime, failure: str = "") -> None:
    """A letter could not be sent, and it is of no use later. It keeps no address; the journal says that it happened.

    `failure` is the kind of it, and holds nothing of the letter.
    """
    mine = update(_posted).where(_posted.c.id == letter.id)
    writes.execute(mine.values(given_up_at=now, failure=failure[:60] or None, attempts=letter.attempts))
    writes.execute(update(_letter).where(_letter.c.id == letter.id).values(address=None, given_up_at=now))
    record(writes, OPERATOR, "given_up", "letter", letter.id, at=now)
