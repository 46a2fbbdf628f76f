"""Taking a person's name out when they have left: a pseudonym stands in its place, and what they did stays done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from service import tombstones
from service.database import WriteSession
from service.journal.actions import Actor, record
from service.outbox.models import Letter
from service.people.models import Staff, StaffRole
from service.register import Subject
from service.removal import sweep
from service.tombstones import Gone, Why

NOWHERE = "@left.invalid"
"""Where the address of somebody who left seems to be: no mail can go there."""

_letter, _role = Letter.__table__, StaffRole.__table__  # type: ignore[attr-defined]


def pseudonym_of(staff_id: UUID) -> str:
    """What stands in the place of a name. The id itself tells two of them apart."""
    return f"Somebody who left ({staff_id.hex[-6:]})"


def forget(writes: WriteSession, actor: Actor, staff: Staff, why: Why, now: datetime) -> None:
    """Takes out a person's name and address, what they signed in with, and ends their roles. Their id stays in the history."""
    if staff.email.endswith(NOWHERE):
        return
    staff_id, address = staff.id, staff.email
    writes.execute(delete(_letter).where(_letter.c.address == address))
    writes.execute(update(_role).where(_role.c.staff_id == staff_id, _role.c.ended_at.is_(None)).values(ended_at=now))
    staff.email, staff.name = f"{staff_id.hex}{NOWHERE}", pseudonym_of(staff_id)
    staff.disabled_at = staff.disabled_at or now
    writes.add(staff)
    sweep(writes, Subject.PERSON, None, [staff_id])
    tombstones.leave(writes, actor, Gone.PERSON, staff_id, why, at=now)
    record(writes, actor, "forgotten", "staff", staff_id, at=now, fields=["email", "name"])
