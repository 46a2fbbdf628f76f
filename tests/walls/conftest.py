"""The walls are tried as they stand in production: on PostgreSQL the service works with a role that owns no table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import SERVICE, Databases


@pytest.fixture
def database_url(kind: str, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database, for the role of the service."""
    with databases.emptied(kind, tmp_path, SERVICE) as url:
        yield url
