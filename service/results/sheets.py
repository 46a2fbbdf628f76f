"""Observations as CSV: the columns, what stands in them, and the way back. What is exported imports back unchanged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from service.cells import number_text, safe, unsafe
from service.results.listing import EarlierRow, ObservationRow
from service.results.rules import NUMBER, dimension_of

COLUMNS = (
    *("indicator", "area", "period", "period_label", "value", "numerator", "denominator", "missing", "provisional"),
    *("comment", "ref", "organisation"),
)
"""The fields of an observation. A column `dimension.<name>` for each dimension stands behind them."""

HISTORY = ("version", "recorded_at", "corrected_at", "corrected_by", "reason")
"""Further columns where earlier versions are asked for as well: such a file says more than can be posted."""

DIMENSION = "dimension."
NUMBERS = frozenset({"value", "numerator", "denominator"})

_TRUTHS = {"true": True, "false": False}


# ---- out -------------------------------------------------------------------------------------------------------------


def dimension_names(dimensions: Iterable[str]) -> list[str]:
    """The names in these canonical dimensions, sorted."""
    return sorted({name for dimension in dimensions for name in dimension_of(dimension)})


def header(names: Sequence[str], *, history: bool = False) -> list[str]:
    """The first line, with a column for each of these dimensions."""
    return [*COLUMNS, *(HISTORY if history else ()), *(DIMENSION + name for name in names)]


def line(row: ObservationRow, names: Sequence[str]) -> list[str]:
    """An observation as the cells of a line."""
    return [*_front(row, row), *_dimension(row, names)]


def versions(row: ObservationRow, earlier: Sequence[EarlierRow], names: Sequence[str]) -> Iterator[list[str]]:
    """An observation as one line per version, the present one first."""
    at = row.recorded_at.isoformat()
    yield [*_front(row, row), str(row.version), at, "", "", "", *_dimension(row, names)]
    for old in earlier:
        replaced = [old.corrected_at.isoformat(), old.corrected_by, safe(old.reason or "")]
        yield [*_front(row, old), str(old.version), old.recorded_at.isoformat(), *replaced, *_dimension(row, names)]


def _front(row: ObservationRow, said: ObservationRow | EarlierRow) -> list[str]:
    numbers = ["" if number is None else number_text(number) for number in (said.value, said.numerator, said.denominator)]
    return [
        *(row.indicator, row.area or "", row.period, safe(row.period_label or "")),
        *(*numbers, said.missing or "", "true" if said.provisional else "false"),
        *(safe(said.comment or ""), safe(row.ref or ""), row.organisation),
    ]


def _dimension(row: ObservationRow, names: Sequence[str]) -> list[str]:
    has = dimension_of(row.dimension)
    return [safe(has.get(name, "")) for name in names]


# ---- in --------------------------------------------------------------------------------------------------------------


def read_line(cells: Mapping[str, str]) -> dict[str, Any]:
    """A line as it would stand in a JSON batch, an empty cell left out. What cannot be read stays text, and is refused as such."""
    row: dict[str, Any] = {}
    for column, cell in cells.items():
        text = cell.strip()
        if not text:
            continue
        if column.startswith(DIMENSION):
            row.setdefault("dimension", {})[column.removeprefix(DIMENSION)] = unsafe(text)
        elif column in NUMBERS:
            row[column] = float(text) if NUMBER.fullmatch(text) else text
        elif column == "provisional":
            row[column] = _TRUTHS.get(text.lower(), text)
        else:
            row[column] = unsafe(text)
    return row
