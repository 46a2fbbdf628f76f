"""Doing: who is on the rota, and how long somebody who is asked may take."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.database import WriteSession
from service.errors import FieldError, Invalid, NotFound
from service.journal.actions import record
from service.language import _
from service.people.models import Member
from service.people.queries import find_colleagues
from service.safeguarding import rules
from service.safeguarding.models import LaneRule, RotaTurn, TurnIn
from service.safeguarding.queries import acknowledge_minutes


def put_on_rota(writes: WriteSession, member: Member, given: TurnIn, now: datetime) -> UUID:
    """Gives somebody a turn. Raises: NotFound for who does not keep the rota, Invalid by field."""
    _must_keep_it(member)
    errors = []
    if given.staff not in {one.id for one in find_colleagues(writes, member.place.id, rules.ON_CALL, None)}:
        errors.append(FieldError("staff", _("Choose somebody who works here for the whole place.")))
    if given.ends_at <= given.begins_at:
        errors.append(FieldError("ends_at", _("The turn must end after it begins.")))
    elif given.ends_at <= now:
        errors.append(FieldError("ends_at", _("This turn is over already.")))
    elif given.ends_at - given.begins_at > rules.LONGEST_TURN:
        errors.append(FieldError("ends_at", _("A turn lasts a month at most. Make two of it.")))
    if errors:
        raise Invalid(*errors)
    turn = RotaTurn(
        collaboration_id=member.place.id,
        staff_id=given.staff,
        place_in_line=given.place_in_line,
        begins_at=given.begins_at,
        ends_at=given.ends_at,
    )
    writes.add(turn)
    writes.flush()
    record(writes, member.actor, "put_on_rota", "rota_turn", turn.id, at=now, collaboration_id=member.place.id)
    return turn.id


def take_off_rota(writes: WriteSession, member: Member, turn_id: UUID, now: datetime) -> bool:
    """Takes a turn away; answers whether that was news. Raises: NotFound."""
    _must_keep_it(member)
    turn = writes.exec(select(RotaTurn).where(RotaTurn.collaboration_id == member.place.id, RotaTurn.id == turn_id)).first()
    if turn is None:
        raise NotFound
    if turn.removed_at is not None:
        return False
    turn.removed_at = now
    writes.add(turn)
    writes.flush()
    record(writes, member.actor, "taken_off_rota", "rota_turn", turn.id, at=now, collaboration_id=member.place.id)
    return True


def set_acknowledge_minutes(writes: WriteSession, member: Member, minutes: int, now: datetime) -> bool:
    """Says how long somebody who is asked has before the next one is; answers whether that was news. Raises: NotFound, Invalid."""
    _must_keep_it(member)
    if not 5 <= minutes <= 24 * 60:
        raise Invalid(FieldError("minutes", _("Choose between 5 minutes and a day.")))
    if acknowledge_minutes(writes, member.place.id) == minutes:
        return False
    rule = LaneRule(collaboration_id=member.place.id, acknowledge_minutes=minutes, set_by=member.person.staff_id, set_at=now)
    writes.add(rule)
    writes.flush()
    record(writes, member.actor, "set", "lane_rule", rule.id, at=now, collaboration_id=member.place.id)
    return True


def _must_keep_it(member: Member) -> None:
    if not rules.keeps_rota(member.grants):
        raise NotFound
