"""The walls are tried as they stand in production: on PostgreSQL the service works with a role that owns no table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.people.models import Role
from tests.databases import SERVICE, Databases

HERE = Path(__file__).parent
ON_POSTGRESQL = {
    "test_staff_see_and_reach_what_is_theirs_and_nothing_else": (Role.COORDINATOR, Role.ADMIN),
    "test_message_behind_the_wall_changes_nothing_before_it": (Role.COORDINATOR,),
    "test_matrix_is_red_when_the_door_for_staff_stands_open": (),
    "test_matrix_is_red_when_keys_are_not_asked_where_they_reach": (),
}
"""The roles that are asked on PostgreSQL as well: together they come to every page and every statement. SQLite asks all of them."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each of these asks a thousand times; the guards are the same on both databases, so one of them tries every role."""
    left = [item for item in items if item.path.is_relative_to(HERE) and _is_enough_on_sqlite(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def _is_enough_on_sqlite(item: pytest.Item) -> bool:
    name, params = getattr(item, "originalname", ""), getattr(item, "callspec", None)
    if params is None or params.params.get("kind") != "postgresql" or name not in ON_POSTGRESQL:
        return False
    return params.params.get("role") not in ON_POSTGRESQL[name]


@pytest.fixture
def database_url(kind: str, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database, for the role of the service."""
    with databases.migrated(kind, tmp_path, SERVICE) as url:
        yield url
