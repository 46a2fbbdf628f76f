"""Doing: saving a view, renaming, sharing, moving and removing it, and beginning with it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.database import WriteSession
from service.errors import FieldError, Invalid, NotFound, Refused
from service.inbox.models import Wanted
from service.journal.actions import record
from service.language import _
from service.people.models import AT_THE_DESK, Member
from service.people.rules import reach
from service.saved_views import rules
from service.saved_views.models import SavedView, StartView, ViewIn
from service.saved_views.queries import find_shelves, get_view


def save_view(writes: WriteSession, member: Member, given: ViewIn, wanted: Wanted, now: datetime) -> SavedView:
    """Keeps this list under a name. Raises: NotFound for those without an inbox, Refused who shares for all, Invalid."""
    if reach(member.grants, AT_THE_DESK) == set():
        raise NotFound
    shelf = _shelf(writes, member, shared=given.shared)
    _must_be_free(shelf, given.name)
    if len(shelf) >= rules.MOST:
        raise Invalid(FieldError("name", _("There are %(most)s views already. Remove one first.", most=rules.MOST)))
    view = SavedView(
        collaboration_id=member.place.id,
        staff_id=member.person.staff_id,
        shared=given.shared,
        position=max((one.position for one in shelf), default=0) + 1,
        name=given.name,
        part=wanted.part,
        topic=wanted.topic,
        area=wanted.area,
        organisation=wanted.organisation,
        kind=wanted.kind,
        whose=wanted.whose,
        made_at=now,
    )
    writes.add(view)
    writes.flush()
    _record(writes, member, "saved", view.id, now)
    return view


def rename_view(writes: WriteSession, member: Member, view_id: UUID, given: ViewIn, now: datetime) -> bool:
    """Gives a view another name, and says for whom it is; answers whether that was news. Raises: NotFound, Refused, Invalid."""
    view = _theirs(writes, member, view_id)
    if (view.name, view.shared) == (given.name, given.shared):
        return False
    shelf = _shelf(writes, member, shared=given.shared)
    _must_be_free([one for one in shelf if one.id != view.id], given.name)
    if view.shared != given.shared:
        view.position = max((one.position for one in shelf), default=0) + 1
    if not given.shared:
        _begin_elsewhere(writes, view, keep=view.staff_id)
    view.name, view.shared = given.name, given.shared
    writes.add(view)
    writes.flush()
    _record(writes, member, "renamed", view.id, now)
    return True


def move_view(writes: WriteSession, member: Member, view_id: UUID, now: datetime, *, up: bool) -> bool:
    """Moves a view one place on its shelf; answers whether there was one to move to. Raises: NotFound, Refused."""
    view = _theirs(writes, member, view_id)
    shelf = _shelf(writes, member, shared=view.shared)
    place = next(number for number, one in enumerate(shelf) if one.id == view.id)
    to = place - 1 if up else place + 1
    if not 0 <= to < len(shelf):
        return False
    shelf[place], shelf[to] = shelf[to], shelf[place]
    for number, one in enumerate(shelf, 1):
        one.position = number
        writes.add(one)
    writes.flush()
    _record(writes, member, "moved", view.id, now)
    return True


def begin_with(writes: WriteSession, member: Member, view_id: UUID | None, now: datetime) -> bool:
    """Says which view this member's inbox begins with, or none; answers whether that was news. Raises: NotFound."""
    start = writes.get(StartView, (member.place.id, member.person.staff_id))
    if (start.view_id if start else None) == view_id:
        return False
    if view_id is None:
        writes.delete(start)
    else:
        get_view(writes, member, view_id)
        start = start or StartView(collaboration_id=member.place.id, staff_id=member.person.staff_id, view_id=view_id)
        start.view_id = view_id
        writes.add(start)
    writes.flush()
    _record(writes, member, "begun_with", view_id or member.person.staff_id, now)
    return True


def remove_view(writes: WriteSession, member: Member, view_id: UUID, now: datetime) -> None:
    """Takes a view away; nothing that it showed is touched. Raises: NotFound, Refused."""
    view = _theirs(writes, member, view_id)
    _begin_elsewhere(writes, view)
    writes.delete(view)
    writes.flush()
    _record(writes, member, "removed", view_id, now)


def _theirs(writes: WriteSession, member: Member, view_id: UUID) -> SavedView:
    view = get_view(writes, member, view_id)
    if not rules.may_change(member.grants, member.person.staff_id, view):
        raise Refused(_("A coordinator for the whole place keeps the views that all share."))
    return view


def _shelf(writes: WriteSession, member: Member, *, shared: bool) -> list[SavedView]:
    if shared and not rules.may_share(member.grants):
        raise Refused(_("A coordinator for the whole place keeps the views that all share."))
    return [one for one in find_shelves(writes, member) if one.shared == shared]


def _must_be_free(shelf: list[SavedView], name: str) -> None:
    if any(one.name.casefold() == name.casefold() for one in shelf):
        raise Invalid(FieldError("name", _("There is a view of this name already. Choose another.")))


def _begin_elsewhere(writes: WriteSession, view: SavedView, keep: UUID | None = None) -> None:
    """Nobody's inbox begins with it any more, but that of the one who keeps it."""
    query = select(StartView).where(StartView.collaboration_id == view.collaboration_id, StartView.view_id == view.id)
    for start in writes.exec(query.where(col(StartView.staff_id) != keep) if keep else query):
        writes.delete(start)


def _record(writes: WriteSession, member: Member, verb: str, view_id: UUID, now: datetime) -> None:
    record(writes, member.actor, verb, "saved_view", view_id, at=now, collaboration_id=member.place.id)
