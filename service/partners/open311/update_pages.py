"""What a partner's system says became of a message: updates that are sent to us, as the extension of mySociety has them."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends
from pydantic import Field as Limit
from pydantic import ValidationError

from service.clock import Now
from service.database import Writes
from service.doors import Router
from service.elsewhere.actions import note_from_key
from service.elsewhere.models import MOST_REF, Note
from service.elsewhere.rules import WORDS, read_status
from service.errors import FieldError, Invalid
from service.georeport import PREFIX, One, Rows
from service.inputs import explain
from service.language import _
from service.partners.models import Caller
from service.partners.open311.api import Form, GeoReport, Given, Place, answered, sender_of
from service.partners.open311.reading import read_moment
from service.tables import MOST_WORDS, Input, Plain

router = Router(prefix=f"{PREFIX}v2", include_in_schema=False)

AHEAD = timedelta(minutes=10)
"""So far another system's clock may be before ours."""


class UpdateIn(Input):
    """An update. Names, addresses and pictures that come with it are not kept."""

    service_request_id: UUID
    update_id: Annotated[str, Limit(min_length=1, max_length=MOST_REF), Plain]
    updated_datetime: Annotated[str, Limit(min_length=1, max_length=40)]
    status: Annotated[str, Limit(min_length=1, max_length=40)]
    description: Annotated[str, Limit(min_length=1, max_length=MOST_WORDS), Plain]


@router.post("/servicerequestupdates.{form}", name="open311.update")
def update(form: Form, place: Place, given: Given, caller: Annotated[Caller, Depends(sender_of)], writes: Writes, now: Now) -> GeoReport:
    """Keeps what a partner's system says of a message, for staff. It answers nobody and settles nothing.

    Raises: Invalid, also for an id that came before, NeedsKey, Refused, NotFound for a message that this key does not reach.
    """
    public_id, note = _read(given, place, now)
    made = note_from_key(writes, caller.actor, place, public_id, note, now, organisation_id=caller.places[place.id])
    row = {"update_id": str(made)}
    if form == Form.JSON:
        return answered(Rows("service_request_updates", "request_update", [row]), form, kept=False)
    return answered(One("service_request_updates", {"request_update": One("request_update", row), **row}), form, kept=False)


def _read(given: Given, place: Place, now: datetime) -> tuple[UUID, Note]:
    """The message's id and the note. Raises: Invalid."""
    fields = {name: given.get(name, "").strip() for name in UpdateIn.model_fields}
    try:
        said = UpdateIn.model_validate(fields)
    except ValidationError as error:
        raise Invalid(*explain(error.errors(include_url=False, include_input=False), list(fields))) from None
    status, at = read_status(said.status), read_moment(said.updated_datetime, ZoneInfo(place.time_zone))
    wrong = []
    if status is None:
        wrong.append(FieldError("status", _("Choose one of these: %(words)s.", words=", ".join(WORDS))))
    if at is None:
        wrong.append(FieldError("updated_datetime", _("Write the moment as 2026-11-22T10:00:00Z.")))
    elif at > now + AHEAD:
        wrong.append(FieldError("updated_datetime", _("This moment has not come yet.")))
    if wrong or status is None or at is None:
        raise Invalid(*wrong)
    return said.service_request_id, Note(said.update_id, status, said.description, at.astimezone(UTC))
