"""Everything that was found in a file, as CSV beside it: however much it is, more than a page can list."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from service.errors import FieldError
from service.intakes.files import guarded
from service.intakes.watching import Differing

WRONG, DIFFERS = "wrong.csv", "differing.csv"

OF_WRONG = ("row", "field", "column", "in_file", "message")
OF_DIFFERING = ("row", "about", "stands_here", "in_file")
"""What the columns of the lists are called, in every language: programs read them as well."""

Refused = tuple[int, FieldError, dict[str, str]]


class Listed:
    """The two lists of one file, while they are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open: dict[str, tuple[TextIO, Any]] = {}

    def differs(self, one: Differing) -> None:
        """A row that says something else than what stands here."""
        self._write(DIFFERS, OF_DIFFERING, [one.row, one.about, one.stands, one.says])

    def refused(self, found: Iterator[Refused], column_of: Callable[[str], str]) -> Iterator[Refused]:
        """The same refusals, each written down on its way; `column_of` says in which column a field stands."""
        for number, error, row in found:
            column = column_of(error.field)
            self._write(WRONG, OF_WRONG, [number, error.field, column, row.get(column, "") if column else "", error.message])
            yield number, error, row

    def close(self) -> None:
        """No more comes; a list of nothing is none."""
        for file, _writer in self.open.values():
            file.close()
        for name in {WRONG, DIFFERS} - set(self.open):
            (self.folder / name).unlink(missing_ok=True)

    def _write(self, name: str, header: tuple[str, ...], cells: list[Any]) -> None:
        if name not in self.open:
            path = self.folder / name
            file = path.open("w", encoding="utf-8-sig", newline="")
            path.chmod(0o600)
            self.open[name] = (file, csv.writer(file))
            self.open[name][1].writerow(header)
        self.open[name][1].writerow([cell if isinstance(cell, int) else guarded(cell) for cell in cells])
