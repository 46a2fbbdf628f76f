"""Observations in batches: how a row is read, and what makes a batch of them."""

import re
from math import isfinite
from typing import Any

from pydantic import TypeAdapter, ValidationError

from service.batches.bodies import Layout
from service.batches.work import Sort, Terms
from service.errors import FieldError
from service.inputs import OUT_OF_RANGE, WRONG_SHAPE, explain
from service.language import N_, _
from service.places.rules import WHOLE_PLACE
from service.results import rules
from service.results.actions import Recording, foresee_observations, record_observations
from service.results.models import MOST_DIMENSION, ObservationIn
from service.results.rules import Figure
from service.results.sheets import COLUMNS, DIMENSION, NUMBERS, read_line

A_PERIOD = N_("Write a period as 2026, 2025/26, 2026-Q1, 2026-03, 2026-W05, 2026-03-31 or 2026-01-01/2026-03-31.")
ONE_THING = N_("Give a value, or a numerator with its denominator, or say why it is missing.")
NO_WORD = N_("Leave the area out for the whole place.")
NOT_YOURS = N_("You post for the organisation %(code)s. Leave this out, or write that.")
CLASH = N_("This observation comes twice in this batch, with different values. Neither was taken.")

A_PLAIN_NUMBER = N_("Write the number plainly, as 1234.5: without commas, spaces, signs of money or percent, and without quotation marks.")

_MARKS = re.compile(r"[\s,'’£€$%]")
_ROW = TypeAdapter(ObservationIn)
_ORDER = list(ObservationIn.model_fields)


def read_row(raw: Any, terms: Terms) -> Recording | list[FieldError]:
    """A row as it will be stored, or everything that is wrong with it, in the order of the fields."""
    if not isinstance(raw, dict):
        return [FieldError("row", _(WRONG_SHAPE))]
    try:
        given = _ROW.validate_python(raw)
    except ValidationError as error:
        return [_plainer(found, raw) for found in explain(error.errors(include_url=False, include_input=False), _ORDER)]
    period = rules.days_in(given.period)
    dimension = rules.canonical(given.dimension)
    figure = Figure(given.value, given.numerator, given.denominator, given.missing, given.provisional)
    errors = _faults(given, figure, dimension, terms)
    if period is None or errors:
        return errors if period else [FieldError("period", _(A_PERIOD)), *errors]
    return Recording(
        terms=terms,
        indicator=given.indicator,
        area=given.area,
        first_day=period[0],
        last_day=period[1],
        dimension=dimension,
        figure=figure,
        period_label=given.period_label or None,
        comment=given.comment or None,
        ref=given.ref or None,
        reason=given.reason or None,
    )


def _plainer(found: FieldError, raw: dict[str, Any]) -> FieldError:
    """A number that only needs to be written otherwise is told how."""
    said = raw.get(found.field)
    is_number = found.field in NUMBERS and isinstance(said, str) and rules.NUMBER.fullmatch(_MARKS.sub("", said))
    return FieldError(found.field, _(A_PLAIN_NUMBER)) if is_number else found


def _faults(given: ObservationIn, figure: Figure, dimension: str, terms: Terms) -> list[FieldError]:
    errors = []
    if not rules.says_one_thing(figure):
        errors.append(FieldError("value", _(ONE_THING)))
    elif (
        given.numerator is not None and given.denominator is not None and not isfinite(rules.ratio(given.numerator, given.denominator, "%"))
    ):
        errors.append(FieldError("numerator", _(OUT_OF_RANGE)))
    if given.area == WHOLE_PLACE:
        errors.append(FieldError("area", _(NO_WORD)))
    if len(dimension) > MOST_DIMENSION:
        errors.append(FieldError("dimension", _("This is too long: at most %(most)s.", most=MOST_DIMENSION)))
    if given.organisation not in (None, terms.organisation):
        errors.append(FieldError("organisation", _(NOT_YOURS, code=terms.organisation)))
    return errors


OBSERVATIONS = Sort(
    Layout("observations", frozenset([*COLUMNS, "reason"]), (DIMENSION,), read_line),
    read_row,
    record_observations,
    foresee_observations,
    CLASH,
)
