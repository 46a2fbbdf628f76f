"""Doing: describing the instruments of a place."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlmodel import col

from service.database import WriteSession
from service.errors import FieldError, Invalid
from service.journal.actions import Actor, record
from service.language import _
from service.outcomes import rules
from service.outcomes.models import Instrument, InstrumentIn, Reading
from service.outcomes.queries import find_instrument
from service.places.queries import PlaceCard, take_turn


def put_instrument(
    writes: WriteSession, actor: Actor, place: PlaceCard, code: str, given: InstrumentIn, now: datetime
) -> tuple[Instrument, bool]:
    """Adds an instrument or changes it; answers it, and whether it is new. Raises: Invalid for one that is closed, or in use."""
    if rules.is_closed(code, given.name, given.question):
        raise Invalid(FieldError("name", _(rules.CLOSED)))
    if rules.RESERVED.fullmatch(code):
        raise Invalid(FieldError("code", _(rules.TAKEN)))
    values = given.model_dump() | {"question": given.question or None, "licence_ref": given.licence_ref or None}
    take_turn(writes, place.id)
    row = find_instrument(writes, place.id, code)
    if row is None:
        row = Instrument(collaboration_id=place.id, code=code, changed_at=now, **values)
        writes.add(row)
        writes.flush()
        record(writes, actor, "added", "instrument", row.id, at=now, collaboration_id=place.id)
        return row, True
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    series = {"low", "high", "good_direction", "question"}
    used = exists().where(col(Reading.collaboration_id) == place.id, col(Reading.measure) == code)
    if series & set(changed) and writes.execute(select(used)).scalar_one():
        raise Invalid(FieldError(next(name for name in changed if name in series), _(rules.FIXED)))
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.changed_at = now
        writes.add(row)
        writes.flush()
        record(writes, actor, "changed", "instrument", row.id, at=now, collaboration_id=place.id, fields=changed)
    return row, False
