"""Readings as CSV: the columns, what stands in them, and the way back. What is exported imports back unchanged."""

from collections.abc import Mapping
from typing import Any

from service.cells import number_text, safe, unsafe
from service.results.rules import NUMBER

CONSENT = "consent."
COLUMNS = (
    *("person", "goal", "instrument", "value", "on", "by", "episode", "area", "ref"),
    *("consent.wording_version", "consent.given_on", "consent.expires_on", "organisation"),
)
"""The fields of a reading."""

HISTORY = ("version", "recorded_at", "corrected_at", "corrected_by", "reason")


def read_line(cells: Mapping[str, str]) -> dict[str, Any]:
    """A line as it would stand in a JSON batch, an empty cell left out. What cannot be read stays text, and is refused as such."""
    row: dict[str, Any] = {}
    for column, cell in cells.items():
        text = cell.strip()
        if not text:
            continue
        if column.startswith(CONSENT):
            row.setdefault("consent", {})[column.removeprefix(CONSENT)] = unsafe(text)
        elif column == "value":
            row[column] = float(text) if NUMBER.fullmatch(text) else text
        else:
            row[column] = unsafe(text)
    return row


def cell(value: Any) -> str:
    """A value of a reading as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, float):
        return number_text(value)
    return safe(value.isoformat() if hasattr(value, "isoformat") else str(value))
