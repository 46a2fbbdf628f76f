"""The ledger of what was taken out for good: a file beside the database, which grows and is never replaced by a restored copy.

One line of JSON for each tombstone: ids and a moment, no words. Whoever puts an older backup in place starts the service, and what
the ledger knows and the database does not is taken out again. Lines that were torn by a power cut are left out; the table writes
them again.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from service.database import ReadSession
from service.tables import moment_text
from service.tombstones import Gone, Tombstone, Why

NAME = "ledger.jsonl"

_table = Tombstone.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was taken out."""

    collaboration_id: UUID
    gone: Gone
    subject_id: UUID
    why: Why
    at: datetime

    @property
    def key(self) -> tuple[UUID, Gone, UUID]:
        """What it is about: each thing stands in the ledger once."""
        return self.collaboration_id, self.gone, self.subject_id


def path_in(var: Path) -> Path:
    """Where the ledger of this installation is."""
    return var / "erasures" / NAME


def read(path: Path) -> list[Line]:
    """What the ledger says, in its order. Raises: RuntimeError where a line says something else: then it is not our ledger."""
    if not path.exists():
        return []
    *whole, torn = path.read_text("utf-8").split("\n")
    del torn  # what follows the last end of a line was never finished
    found = (_line(text, path, number) for number, text in enumerate(whole, start=1))
    return [line for line in found if line is not None]


def _line(text: str, path: Path, number: int) -> Line | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    try:
        return Line(
            UUID(found["collaboration_id"]),
            Gone(found["gone"]),
            UUID(found["subject_id"]),
            Why(found["why"]),
            datetime.fromisoformat(found["at"]),
        )
    except (ValueError, KeyError, TypeError):
        raise RuntimeError(f"{path}, line {number}: this is no line of a ledger of erasures. Restore the file from its copy.") from None


def append(path: Path, lines: Iterable[Line]) -> int:
    """Adds lines, on the disk before this returns; answers how many."""
    texts = [json.dumps({**asdict(line), "at": moment_text(line.at)}, default=str) + "\n" for line in lines]
    if not texts:
        return 0
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        if file.seek(0, os.SEEK_END) and not _ends_whole(file.fileno()):
            file.write(b"\n")  # a torn line stays alone
        file.write("".join(texts).encode())
        file.flush()
        os.fsync(file.fileno())
    return len(texts)


def _ends_whole(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, 1, size - 1) == b"\n"


def find_lines(reads: ReadSession, *, since: datetime | None = None) -> list[Line]:
    """What the database knows to have been taken out, the oldest first."""
    query = select(*(_table.c[name] for name in ("collaboration_id", "gone", "subject_id", "why", "at"))).order_by(_table.c.at, _table.c.id)
    return [Line(*row) for row in reads.execute(query if since is None else query.where(_table.c.at >= since))]
