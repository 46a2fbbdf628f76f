"""Proposing a transfer, counting who can use it before and after, and saying what became of it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.assets import rules
from service.assets.models import AccessIn, AssetAccess, AssetMove, AssetTransfer, MoveIn, Standing, TransferIn
from service.assets.queries import get_row, may_move, may_speak
from service.assets.words import cannot_go
from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, Refused
from service.journal.actions import record
from service.language import _
from service.people.models import Member
from service.places.models import AreaKind
from service.places.queries import find_area, find_organisation

MOST_GROUPS = 20
"""Groups of people in one transfer."""


def propose_transfer(writes: WriteSession, member: Member, given: TransferIn, now: datetime) -> UUID:
    """Proposes that a community organisation takes something over. Raises: Refused, Invalid by field."""
    place = member.place
    if not may_speak(member):
        raise Refused(_("A coordinator proposes it."))
    organisation = find_organisation(writes, place.id, given.organisation)
    area = find_area(writes, place.id, given.area) if given.area else None
    errors = []
    if organisation is None:
        errors.append(FieldError("organisation", _("There is no organisation with this code.")))
    if given.area and (area is None or area.kind in (AreaKind.COMPARATOR, AreaKind.PLACE)):
        errors.append(FieldError("area", _("There is no area with this code.")))
    if errors or organisation is None:
        raise Invalid(*errors)
    row = AssetTransfer(
        collaboration_id=place.id,
        asset=given.asset,
        about=given.about or None,
        organisation_id=organisation.id,
        area_id=area.id if area else None,
        planned_on=given.planned_on,
        added_at=now,
        changed_at=now,
    )
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "proposed", "asset_transfer", row.id, at=now, collaboration_id=place.id)
    return row.id


def count_access(writes: WriteSession, member: Member, transfer_id: UUID, given: AccessIn, now: datetime) -> bool:
    """Says how many people of a group could use it before, or after; answers whether anything changed.

    What was before can be put right until it is transferred; then it stands, and what is after is counted until it was looked at.
    Raises: NotFound, Refused, Conflict, Invalid by field.
    """
    row = get_row(writes, member.place.id, transfer_id, held=True)
    _must_move(member)
    if row.standing not in (Standing.PROPOSED, Standing.CHECKS_DONE, Standing.TRANSFERRED):
        raise Conflict(_("It was looked at already, and what was counted stays."))
    there = writes.exec(
        select(AssetAccess).where(AssetAccess.collaboration_id == row.collaboration_id, AssetAccess.transfer_id == row.id)
    ).all()
    group = next((one for one in there if one.people.casefold() == given.people.casefold()), None)
    if row.standing == Standing.TRANSFERRED:
        if group is None:
            raise Invalid(FieldError("people", _("This group was not counted before, so nothing can be compared.")))
        if given.after is None:
            raise Invalid(FieldError("after", _("Say how many can use it now.")))
        changed, group.after = group.after != given.after, given.after
    else:
        if given.before is None:
            raise Invalid(FieldError("before", _("Say how many can use it before it moves.")))
        if group is None and len(there) >= MOST_GROUPS:
            raise Invalid(FieldError("people", _("There are twenty groups already.")))
        group = group or AssetAccess(collaboration_id=row.collaboration_id, transfer_id=row.id, people=given.people, before=-1)
        changed, group.before = group.before != given.before, given.before
    if not changed:
        return False
    row.changed_at = now
    writes.add(group)
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "counted", "asset_transfer", row.id, at=now, collaboration_id=row.collaboration_id, fields=["people"])
    return True


def move_transfer(writes: WriteSession, member: Member, transfer_id: UUID, given: MoveIn, now: datetime) -> None:
    """Says what became of a transfer; without a move it is a note. Raises: NotFound, Refused, Conflict, Invalid by field."""
    row = get_row(writes, member.place.id, transfer_id, held=True)
    if given.to is None:
        if not may_speak(member):
            raise Refused(_("A coordinator says what became of it."))
    else:
        _must_move(member)
        if given.to not in rules.moves(row.standing):
            raise Conflict(cannot_go(row.standing))
        _must_be_ready(writes, member, row, given, now)
        _move(row, given)
    row.changed_at = now
    writes.add(row)
    writes.add(AssetMove(collaboration_id=row.collaboration_id, transfer_id=row.id, standing=row.standing, note=given.note, at=now))
    writes.flush()
    verb, fields = ("moved", ["standing"]) if given.to else ("noted", None)
    record(writes, member.actor, verb, "asset_transfer", row.id, at=now, collaboration_id=row.collaboration_id, fields=fields)


def _must_move(member: Member) -> None:
    if not may_move(member):
        raise Refused(_("Somebody who works for the whole place says how far it is, and counts who can use it."))


def _must_be_ready(writes: WriteSession, member: Member, row: AssetTransfer, given: MoveIn, now: datetime) -> None:
    """What must be known before it goes there."""
    errors, today = [], local_day(now, member.place.time_zone)
    groups = writes.exec(
        select(AssetAccess).where(AssetAccess.collaboration_id == row.collaboration_id, AssetAccess.transfer_id == row.id)
    ).all()
    if given.to == Standing.CHECKS_DONE:
        if not (given.plan or row.plan):
            errors.append(FieldError("plan", _("Say how they will cope: skills, money, keys, insurance, and who helps.")))
        if not groups:
            errors.append(FieldError("to", _("First count who can use it now, by group.")))
    if given.to == Standing.TRANSFERRED:
        if given.moved_on is None or given.moved_on > today:
            errors.append(FieldError("moved_on", _("Say on which day it moved: today or earlier.")))
        elif given.review_on and not given.moved_on < given.review_on <= rules.latest_review(given.moved_on):
            errors.append(FieldError("review_on", _("Look at it again within twelve months of that day.")))
    if given.to == Standing.REVIEWED and (missing := [group.people for group in groups if group.after is None]):
        errors.append(FieldError("to", _("First count who can use it now: %(groups)s.", groups=", ".join(sorted(missing)))))
    if errors:
        raise Invalid(*errors)


def _move(row: AssetTransfer, given: MoveIn) -> None:
    row.standing = given.to or row.standing
    if row.standing == Standing.CHECKS_DONE:
        row.plan = given.plan or row.plan
    if row.standing == Standing.TRANSFERRED and given.moved_on:
        row.moved_on = given.moved_on
        row.review_on = given.review_on or rules.latest_review(given.moved_on)
