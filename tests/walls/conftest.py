"""The walls are tried as they stand in production: on PostgreSQL the service works with a role that owns no table."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import SERVICE, Databases

HERE = Path(__file__).parent
ASK_A_THOUSAND_TIMES = ("test_matrix", "test_canary", "test_counts")
"""These ask every address as everybody. `make test` does it on SQLite, `make faults` on PostgreSQL as well."""

ALL = os.environ.get("SAID_WALLS") == "all"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The guards are the same code on both databases; what differs on PostgreSQL is tried in test_row_security."""
    left = [item for item in items if item.path.is_relative_to(HERE) and _is_enough_on_sqlite(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def _is_enough_on_sqlite(item: pytest.Item) -> bool:
    params = getattr(item, "callspec", None)
    return not ALL and item.path.stem in ASK_A_THOUSAND_TIMES and params is not None and params.params.get("kind") == "postgresql"


@pytest.fixture
def database_url(kind: str, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database, for the role of the service."""
    with databases.migrated(kind, tmp_path, SERVICE) as url:
        yield url
