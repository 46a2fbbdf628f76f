"""Asking for the views that a member has: their own, and those that are shared with everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col, select

from service.database import ReadSession
from service.errors import NotFound
from service.inbox.choice_queries import Choices
from service.inbox.models import Wanted
from service.inbox.rules import parts_for
from service.people.models import Member
from service.saved_views import rules
from service.saved_views.models import SavedView, StartView


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view as its owner and, if it is shared, all others see it. `fits`: all that it asks for is still there, and theirs to see."""

    id: UUID
    name: str
    shared: bool
    wanted: Wanted
    fits: bool
    starts: bool
    may_change: bool


def find_views(reads: ReadSession, member: Member, choices: Choices) -> list[ViewRow]:
    """A member's own views and those that are shared, each shelf in its order."""
    start = reads.get(StartView, (member.place.id, member.person.staff_id))
    parts = parts_for(member.grants)
    return [
        ViewRow(
            id=view.id,
            name=view.name,
            shared=view.shared,
            wanted=view.wanted,
            fits=view.part in parts and all(code in choices[name] for name, code in view.wanted.narrowed.items()),
            starts=start is not None and start.view_id == view.id,
            may_change=rules.may_change(member.grants, member.person.staff_id, view),
        )
        for view in find_shelves(reads, member)
    ]


def find_shelves(reads: ReadSession, member: Member) -> Sequence[SavedView]:
    """The same as rows of the table: what is theirs stands first."""
    theirs = or_(col(SavedView.shared), col(SavedView.staff_id) == member.person.staff_id)
    query = select(SavedView).where(and_(col(SavedView.collaboration_id) == member.place.id, theirs))
    return reads.exec(query.order_by(col(SavedView.shared), col(SavedView.position), col(SavedView.id))).all()


def get_view(reads: ReadSession, member: Member, view_id: UUID) -> SavedView:
    """A view that this member has. Raises: NotFound for every other."""
    found = reads.get(SavedView, (member.place.id, view_id))
    if found is None or not (found.shared or found.staff_id == member.person.staff_id):
        raise NotFound
    return found
