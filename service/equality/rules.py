"""Which months are shown."""

from datetime import date

MONTHS = 12
"""Closed ones, together."""


def closed_months(today: date) -> list[str]:
    """The last twelve months that are over, the oldest first."""
    number = today.year * 12 + today.month - 1
    return [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(number - MONTHS, number)]
