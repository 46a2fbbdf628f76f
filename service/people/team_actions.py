"""What an administrator does with the people of a place: invite, give and end roles, stop somebody's access and let them back.

Each asks for itself how far the administrator reaches; none reaches into another place, where the same person may work as well.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.journal.actions import record
from service.language import _
from service.people import rules
from service.people.actions import ask_in, give, link_for
from service.people.models import InviteIn, Member, Role, RoleIn, SignInLink, Staff, StaffRole, StaffSession
from service.people.queries import works_anywhere
from service.people.team import Standing, find_admins, find_reached_organisations, get_teammate, within_reach, works_here_only
from service.places.models import Collaboration


def invite_to_team(writes: WriteSession, member: Member, given: InviteIn, now: datetime) -> Staff:
    """Invites somebody into the place, or into the organisation that this administrator answers for. Raises: Invalid, Conflict."""
    _within(writes, member, given.organisation)
    return ask_in(writes, member.actor, member.place, given, now)


def give_role(writes: WriteSession, member: Member, staff_id: UUID, given: RoleIn, now: datetime) -> bool:
    """Gives somebody of the team one more role; answers whether they lacked it. Raises: NotFound, Invalid, Conflict."""
    teammate = get_teammate(writes, member, staff_id, now)
    if teammate.standing in (Standing.STOPPED, Standing.OFF):
        raise Conflict(_("Their access is stopped. Let them back first."))
    _within(writes, member, given.organisation)
    return give(writes, member.actor, member.place, writes.get_one(Staff, staff_id), given, now)


def end_role(writes: WriteSession, member: Member, staff_id: UUID, role_id: UUID, now: datetime) -> Role:
    """Ends one role, from the person's next request on; answers which. Raises: NotFound, Conflict for the last administrator."""
    role = next((one for one in _roles(writes, member, staff_id) if one.id == role_id), None)
    if role is None:
        raise NotFound
    _keep_an_admin(writes, member, [role])
    _end(writes, member, role, now)
    _shut_out_if_nowhere(writes, staff_id, now)
    return Role(role.role)


def stop_access(writes: WriteSession, member: Member, staff_id: UUID, now: datetime) -> None:
    """Ends all that a person may do here, for as long as nobody lets them back. Raises: NotFound, Conflict for oneself or the last one."""
    roles = _roles(writes, member, staff_id)
    if not roles:
        raise NotFound
    if staff_id == member.person.staff_id:
        raise Conflict(_("You cannot stop your own access. Another administrator can."))
    _keep_an_admin(writes, member, roles)
    for role in roles:
        role.ended_at = role.stopped_at = now
        writes.add(role)
        writes.flush()
        record(writes, member.actor, "stopped", "staff_role", role.id, at=now, collaboration_id=member.place.id)
    _shut_out_if_nowhere(writes, staff_id, now)


def let_back(writes: WriteSession, member: Member, staff_id: UUID, now: datetime) -> None:
    """Gives a person back the roles that were stopped. They sign in anew. Raises: NotFound, Conflict where nothing was stopped."""
    teammate = get_teammate(writes, member, staff_id, now)
    if teammate.standing != Standing.STOPPED:
        raise Conflict(_("Their access is not stopped."))
    stopped = select(StaffRole).where(StaffRole.staff_id == staff_id, col(StaffRole.stopped_at).is_not(None), within_reach(member))
    for role in writes.exec(stopped.order_by(col(StaffRole.id))).all():
        role.ended_at = role.stopped_at = None
        writes.add(role)
        writes.flush()
        record(writes, member.actor, "let_back", "staff_role", role.id, at=now, collaboration_id=member.place.id)


def invite_again(writes: WriteSession, member: Member, staff_id: UUID, now: datetime) -> Staff:
    """Lets somebody who has not come yet have seven more days. Raises: NotFound, Conflict for who has come."""
    teammate = get_teammate(writes, member, staff_id, now)
    if teammate.standing not in (Standing.INVITED, Standing.RUN_OUT):
        raise Conflict(_("They have signed in already, so no invitation is needed."))
    staff = writes.get_one(Staff, staff_id)
    staff.invited_until = now + rules.INVITATION
    writes.add(staff)
    writes.flush()
    record(writes, member.actor, "invited", "staff", staff.id, at=now, collaboration_id=member.place.id)
    return staff


def take_back_invitation(writes: WriteSession, member: Member, staff_id: UUID, now: datetime) -> None:
    """Ends the roles here of somebody who has not come yet; their link is dead where it opened nothing else. Raises: NotFound, Conflict."""
    teammate = get_teammate(writes, member, staff_id, now)
    if teammate.standing not in (Standing.INVITED, Standing.RUN_OUT):
        raise Conflict(_("They have signed in already. End their roles, or stop their access."))
    for role in _roles(writes, member, staff_id):
        _end(writes, member, role, now)
    _shut_out_if_nowhere(writes, staff_id, now)
    record(writes, member.actor, "uninvited", "staff", staff_id, at=now, collaboration_id=member.place.id)


def hand_over_link(writes: WriteSession, member: Member, staff_id: UUID, now: datetime) -> str | None:
    """The secret of a link for somebody who has not come yet and works nowhere else; None for others.

    For a service that sends no mail: the administrator hands it over. For anybody else it would open what is not the administrator's.
    """
    teammate = get_teammate(writes, member, staff_id, now)
    if teammate.standing != Standing.INVITED or not works_here_only(writes, member, staff_id):
        return None
    staff = writes.get_one(Staff, staff_id)
    record(writes, member.actor, "link_made", "staff", staff.id, at=now, collaboration_id=member.place.id)
    return link_for(writes, staff, now, rules.INVITATION)


# ---- the guards ------------------------------------------------------------------------------------------------------


def _within(writes: WriteSession, member: Member, organisation: str | None) -> None:
    """Raises: NotFound for who is no administrator; Invalid where an organisation's administrator looks beyond it."""
    within_reach(member)
    if rules.reach(member.grants, (Role.ADMIN,)) is None:
        return
    if organisation not in {one.code for one in find_reached_organisations(writes, member)}:
        raise Invalid(FieldError("organisation", _("Choose your organisation. You invite for nobody else.")))


def _roles(writes: WriteSession, member: Member, staff_id: UUID) -> list[StaffRole]:
    """A person's live roles within reach; a second administrator who ends some at the same moment waits."""
    reached = within_reach(member)
    writes.exec(select(Collaboration.id).where(Collaboration.id == member.place.id).with_for_update()).one()
    query = select(StaffRole).where(StaffRole.staff_id == staff_id, col(StaffRole.ended_at).is_(None), reached)
    return list(writes.exec(query.order_by(col(StaffRole.id))))


def _keep_an_admin(writes: WriteSession, member: Member, ending: list[StaffRole]) -> None:
    """Raises: Conflict where nobody would be left who may let people in."""
    going = {role.id for role in ending}
    for role in ending:
        if role.role == Role.ADMIN:
            have = set(find_admins(writes, member.place, role.organisation_id))
            if role.id in have and not have - going:
                raise Conflict(_("This is the last administrator here. Make somebody else one first."))


def _end(writes: WriteSession, member: Member, role: StaffRole, now: datetime) -> None:
    role.ended_at = now
    writes.add(role)
    writes.flush()
    record(writes, member.actor, "ended", "staff_role", role.id, at=now, collaboration_id=member.place.id)


def _shut_out_if_nowhere(writes: WriteSession, staff_id: UUID, now: datetime) -> None:
    """Ends the sessions and links of a person who holds no role anywhere any more."""
    if works_anywhere(writes, staff_id):
        return
    mine, unused = col(StaffSession.staff_id) == staff_id, col(SignInLink.used_at).is_(None)
    writes.execute(update(StaffSession).where(mine, col(StaffSession.ended_at).is_(None)).values(ended_at=now))
    writes.execute(
        update(SignInLink).where(col(SignInLink.staff_id) == staff_id, unused, col(SignInLink.expires_at) > now).values(expires_at=now)
    )
    writes.execute(update(Staff).where(col(Staff.id) == staff_id).values(invited_until=None))
