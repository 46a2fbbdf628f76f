"""Small numbers: the only way a count in a split reaches a page or a download.

Items (messages, replies, promises, stories, checks) are exact for the whole place. In a split by area, topic or kind, 1 to 4 is
hidden together with a second cell, so that no hidden cell can be had back by subtraction; 0 is shown.

People: 1 to 7 are hidden, or as many more as a place says; larger counts are rounded to the nearest 5, so that totals need no second
cell; percentages are made of the rounded counts; means and medians need 8 people at least.
Source: docs/measures.md#small-numbers.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=Hashable)

FEWEST_ITEMS = 5
"""A cell of a split below this, and not 0, is hidden. A place may hide more, and never less."""


FEWEST_PEOPLE = 5
"""What no place may go below. Where it says nothing, fewer than 8 are hidden (`places/rules.py`)."""

ROUNDED_TO = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A count as it may be shown: `value` None where it is hidden."""

    value: int | None

    @property
    def suppressed(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Split(Generic[Name]):
    """The cells of a split, and the exact total of the whole place beside which they stand."""

    cells: dict[Name, Cell]
    total: int


def split_items(counts: Mapping[Name, int], fewest: int = FEWEST_ITEMS) -> Split[Name]:
    """Hides small cells of a one-way split, and as many more as it takes. Raises: ValueError for a threshold below the house's own.

    What is hidden together must not be had back from the total: at least two cells are hidden, and what they hold together leaves
    each of them more than one possible value. The further ones are the smallest that are not 0; where there are none, zeros.
    """
    if fewest < FEWEST_ITEMS:
        raise ValueError(f"no place shows fewer than {FEWEST_ITEMS}")
    total = sum(counts.values())
    hidden = {name for name, count in counts.items() if 0 < count < fewest}
    if hidden:
        further = sorted((name for name in counts if name not in hidden), key=lambda name: (counts[name] == 0, counts[name], str(name)))
        for name in further:
            if len(hidden) >= 2 and sum(counts[found] for found in hidden) >= fewest:
                break
            hidden.add(name)
    cells = {name: Cell(None if name in hidden else count) for name, count in counts.items()}
    return Split(cells, total)


def count_people(count: int, fewest: int) -> Cell:
    """A number of people as it may be shown: hidden below `fewest`, else rounded to the nearest 5; 0 is shown.

    Raises: ValueError for a threshold below the house's own.
    """
    if fewest < FEWEST_PEOPLE:
        raise ValueError(f"no place shows fewer than {FEWEST_PEOPLE} people")
    if 0 < count < fewest:
        return Cell(None)
    return Cell((count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO)
