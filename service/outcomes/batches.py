"""Readings in batches: how a row is read, and what makes a batch of them."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from service.batches.bodies import Layout
from service.batches.work import Sort, Terms
from service.errors import FieldError
from service.inputs import WRONG_SHAPE, explain
from service.language import N_, _
from service.outcomes import rules
from service.outcomes.actions import Recording, foresee_readings, record_readings
from service.outcomes.models import ReadingIn
from service.outcomes.sheets import COLUMNS, read_line
from service.places.rules import WHOLE_PLACE

ONE_MEASURE = N_("Give a goal in the person’s own words, or an instrument; not both.")
NO_WORD = N_("Leave the area out for the whole place.")
NOT_YOURS = N_("You post for the organisation %(code)s. Leave this out, or write that.")
CLASH = N_("This reading comes twice in this batch, with different values. Neither was taken.")

_ROW = TypeAdapter(ReadingIn)
_ORDER = list(ReadingIn.model_fields)


def read_row(raw: Any, terms: Terms) -> Recording | list[FieldError]:
    """A row as it will be stored, or everything that is wrong with it, in the order of the fields."""
    if not isinstance(raw, dict):
        return [FieldError("row", _(WRONG_SHAPE))]
    try:
        given = _ROW.validate_python(raw)
    except ValidationError as error:
        return explain(error.errors(include_url=False, include_input=False), _ORDER)
    if errors := _faults(given, terms):
        return errors
    return Recording(
        terms=terms,
        person=given.person,
        goal=given.goal,
        instrument=given.instrument,
        figure=given.value,
        on=given.on,
        by=given.by.value,
        episode=given.episode or "",
        area=given.area,
        ref=given.ref or None,
        consent=given.consent,
        reason=given.reason or None,
    )


def _faults(given: ReadingIn, terms: Terms) -> list[FieldError]:
    errors = []
    if (given.goal is None) == (given.instrument is None):
        errors.append(FieldError("goal", _(ONE_MEASURE)))
    if given.instrument and rules.is_closed(given.instrument):
        errors.append(FieldError("instrument", _(rules.CLOSED)))
    if given.area == WHOLE_PLACE:
        errors.append(FieldError("area", _(NO_WORD)))
    if given.organisation not in (None, terms.organisation):
        errors.append(FieldError("organisation", _(NOT_YOURS, code=terms.organisation)))
    return errors


READINGS = Sort(
    Layout("readings", frozenset([*COLUMNS, "reason"]), (), read_line),
    read_row,
    record_readings,
    foresee_readings,
    CLASH,
)
