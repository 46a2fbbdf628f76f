"""Setting periods, placing and lifting holds."""

from datetime import datetime
from uuid import UUID

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.feedback.models import Feedback
from service.journal.actions import Actor, record
from service.journal.models import ActorKind
from service.keeping import rules
from service.keeping.models import Hold, HoldIn, Period, PeriodIn
from service.keeping.queries import find_months
from service.language import _
from service.narratives.models import Narrative
from service.places.queries import PlaceCard
from service.register import Subject


def set_retention(writes: WriteSession, actor: Actor, place: PlaceCard, given: PeriodIn, now: datetime) -> bool:
    """Sets for how many months a place keeps words or contacts, from now on and for what is there; answers whether that was news.

    A shorter period takes effect when the periods are next carried out. Raises: Invalid outside what a place may set.
    """
    least, most = rules.LEAST[given.settable], rules.MOST[given.settable]
    if not least <= given.months <= most:
        raise Invalid(FieldError("months", _("Choose from %(least)s to %(most)s months.", least=least, most=most)))
    if find_months(writes, place.id)[given.settable] == given.months:
        return False
    row = Period(collaboration_id=place.id, settable=given.settable, months=given.months, why=given.why, set_by=_staff(actor), set_at=now)
    writes.add(row)
    writes.flush()
    record(writes, actor, "set", "retention_period", row.id, at=now, collaboration_id=place.id, fields=[given.settable])
    return True


def place_hold(writes: WriteSession, actor: Actor, place: PlaceCard, given: HoldIn, now: datetime) -> UUID:
    """From now on nothing that this covers is deleted because its time is over, or erased by staff. Raises: Invalid, NotFound.

    Its own sender can still take it back: that is theirs.
    """
    if given.subject == Subject.PERSON or (given.subject is None) != (given.subject_id is None):
        raise Invalid(FieldError("subject_id", _("A hold covers the whole place, one message or one story.")))
    key = (place.id, given.subject_id)
    if (given.subject == Subject.MESSAGE and writes.get(Feedback, key) is None) or (
        given.subject == Subject.STORY and writes.get(Narrative, key) is None
    ):
        raise NotFound
    row = Hold(
        collaboration_id=place.id,
        subject=given.subject,
        subject_id=given.subject_id,
        why=given.why,
        placed_by=_staff(actor),
        placed_at=now,
    )
    writes.add(row)
    writes.flush()
    record(writes, actor, "placed", "legal_hold", row.id, at=now, collaboration_id=place.id)
    return row.id


def lift_hold(writes: WriteSession, actor: Actor, place: PlaceCard, hold_id: UUID, now: datetime) -> None:
    """What was held back may be deleted again. Raises: NotFound, Conflict where somebody lifted it before."""
    row = writes.get(Hold, (place.id, hold_id), with_for_update=True)
    if row is None:
        raise NotFound
    if row.lifted_at is not None:
        raise Conflict(_("This hold was lifted already."))
    row.lifted_at, row.lifted_by = now, _staff(actor)
    writes.add(row)
    writes.flush()
    record(writes, actor, "lifted", "legal_hold", row.id, at=now, collaboration_id=place.id)


def _staff(actor: Actor) -> UUID | None:
    return actor.id if actor.kind == ActorKind.STAFF else None
