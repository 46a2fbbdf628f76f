"""Writing down that somebody read what identifies a person: in the same transaction as the reading, before anything is shown."""

from datetime import datetime
from uuid import UUID

from service.audit.models import FOR_THE_WORK, Reading, What
from service.database import WriteSession
from service.errors import FieldError, Invalid
from service.journal.actions import Actor
from service.journal.models import INSTALLATION
from service.language import _

MOST_WORDS = 300
"""Characters of a reason."""


def record_reading(  # noqa: PLR0913 (one sentence: who read what of which thing, when and why)
    writes: WriteSession,
    actor: Actor,
    what: What,
    subject: str,
    subject_id: UUID | None,
    *,
    at: datetime,
    collaboration_id: UUID = INSTALLATION,
    organisation_id: UUID | None = None,
    why: str | None = None,
) -> None:
    """Adds the row that says who read what. Whoever shows it calls this first: what cannot be written down is not shown.

    `organisation_id` is the one that has the thing: its own admins see the row too.
    Raises: Invalid on the field `why` where a reason is needed and there is none, or it is too long.
    """
    why = (why or "").strip() or None
    if why is None and what not in FOR_THE_WORK:
        raise Invalid(FieldError("why", _("Say why you need to see it. The reason is kept with your name.")))
    if why is not None and len(why) > MOST_WORDS:
        raise Invalid(FieldError("why", _("Give the reason in at most %(count)s characters.", count=MOST_WORDS)))
    row = Reading(
        collaboration_id=collaboration_id,
        what=what,
        subject=subject,
        subject_id=subject_id,
        organisation_id=organisation_id,
        why=why,
        actor_kind=actor.kind,
        actor_id=actor.id,
        at=at,
    )
    writes.add(row)
    writes.flush()
