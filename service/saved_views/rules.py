"""Who keeps views for whom, and how many."""

from collections.abc import Iterable
from uuid import UUID

from service.people.models import Grant, Role
from service.saved_views.models import SavedView

MOST = 20
"""Views of one person, and views that are shared in one place."""


def may_share(grants: Iterable[Grant]) -> bool:
    """Whether somebody with these roles keeps the views that all of the place's staff see: a coordinator for the whole place."""
    return any(grant.role == Role.COORDINATOR and grant.organisation_id is None for grant in grants)


def may_change(grants: Iterable[Grant], staff_id: UUID, view: SavedView) -> bool:
    """Whether it is theirs to rename, move and remove."""
    return may_share(grants) if view.shared else view.staff_id == staff_id
