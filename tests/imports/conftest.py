"""The command line on hillside, files to import, and what came of them."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Said, hill, quiet_log, said, said_nowhere

__all__ = ["hill", "quiet_log", "said", "said_nowhere"]

AT = ("--collaboration", "hillside")
Write = Callable[..., str]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    """Writes a file and answers its name: text, bytes, or whatever JSON holds. A name that ends in .gz is zipped."""

    def written(content: Any, name: str = "sheet.csv") -> str:
        path = tmp_path / name
        raw = content if isinstance(content, bytes) else (content if isinstance(content, str) else json.dumps(content)).encode()
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return str(path)

    return written


@dataclass(frozen=True)
class Importing:
    """`said import`, its report, and what it said on stderr."""

    said: Said

    def __call__(self, kind: str, file: str, *words: str) -> dict[str, Any]:
        report, _err = self.both(kind, file, *words)
        return report

    def both(self, kind: str, file: str, *words: str) -> tuple[dict[str, Any], list[str]]:
        out, err = self.said.both("import", kind, file, *AT, *words)
        [line] = out.splitlines()
        report: dict[str, Any] = json.loads(line)
        assert report["received"] == sum(report[fate] for fate in ("created", "corrected", "unchanged", "refused"))
        return report, err.splitlines()

    def refused(self, kind: str, file: str, *words: str) -> str:
        return self.said.refused("import", kind, file, *AT, *words)

    def reasons(self, kind: str, file: str, *words: str) -> list[tuple[int, str, str]]:
        """Why rows were refused: row, field, message."""
        report, err = self.both(kind, file, *words)
        found = [(one["row"], one["field"], one["message"]) for one in report["conflicts"]]
        assert [line for line in err if line.startswith("Row")] == [f"Row {row}: {name}: {message}" for row, name, message in found]
        return found


@pytest.fixture
def importing(hill: Said) -> Importing:
    """Imports into hillside, where there is a council."""
    return Importing(hill)


def fates(report: dict[str, Any]) -> tuple[int, int, int, int]:
    """Created, corrected, unchanged, refused."""
    return report["created"], report["corrected"], report["unchanged"], report["refused"]
