"""Doing: passing a message on to an organisation or back to the team, and taking it on."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback import counts, rules
from service.feedback.desk_queries import get_message_row
from service.feedback.models import Feedback, State
from service.feedback.routing_models import Assignment, Passing
from service.journal.actions import record
from service.language import N_, _
from service.people.models import Member
from service.people.queries import find_colleagues
from service.people.rules import reaches
from service.places.queries import find_organisation

HAS_ITS_ANSWER = N_("This message has its answer, so it stays where it is.")


def pass_on(writes: WriteSession, member: Member, message_id: UUID, organisation: str, now: datetime) -> bool:
    """Gives a message to the organisation with this code, whose people read it from now on; answers whether that was news.

    Raises: NotFound, also for those who pass nothing on, Refused for those who would decide about their own organisation's message,
    Conflict where it has its answer, Invalid for an unknown code.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if not rules.may_pass_on(member.grants):
        raise NotFound
    found = find_organisation(writes, member.place.id, organisation)
    if found is None:
        raise Invalid(FieldError("organisation", _("Choose an organisation.")))
    way = rules.way_to_pass_on(message.state)
    if way is None:
        raise Conflict(_(rules.what_instead(message.state, HAS_ITS_ANSWER)))
    if message.organisation_id == found.id:
        return False
    _must_be_free(member, message)
    with counts.changing(writes, member.place, message):
        message.state, message.organisation_id = way[-1], found.id
        if State.IN_REVIEW in way:
            message.read_at = message.read_at or now
        _passed(writes, member, message, "passed_on", now)
    return True


def give_back(writes: WriteSession, member: Member, message_id: UUID, now: datetime) -> bool:
    """Brings a message back to the team, from whatever organisation has it; answers whether that was news.

    Raises: NotFound, Refused for those who would decide about their own organisation's message, Conflict where it has its answer.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if not rules.may_give_back(member.grants, message.organisation_id):
        raise NotFound
    if message.organisation_id is None:
        return False
    if message.state not in rules.OPEN:
        raise Conflict(_(rules.what_instead(message.state, HAS_ITS_ANSWER)))
    _must_be_free(member, message)
    with counts.changing(writes, member.place, message):
        message.organisation_id = None
        if message.state == State.ROUTED:
            message.state, message.read_at = State.IN_REVIEW, message.read_at or now
        _passed(writes, member, message, "given_back", now)
    return True


def _must_be_free(member: Member, message: Feedback) -> None:
    if not rules.may_take_away(member.grants, message.organisation_id, message.publication):
        raise Refused(_("Its words were offered to others, and you are of the organisation that it is with. Somebody else passes it on."))


def _passed(writes: WriteSession, member: Member, message: Feedback, verb: str, now: datetime) -> None:
    """What goes with it: the trail, the journal; and who had taken it on keeps it only if they may still answer it."""
    place_id, by = member.place.id, member.person.staff_id
    writes.add(message)
    passing = Passing(collaboration_id=place_id, feedback_id=message.id, organisation_id=message.organisation_id, staff_id=by, at=now)
    writes.add(passing)
    taken = _find_assignment(writes, message)
    if taken and taken.staff_id not in _ids_of_answerers(writes, member, message):
        writes.delete(taken)
    writes.flush()
    record(writes, member.actor, verb, "feedback", message.id, at=now, collaboration_id=place_id, fields=["organisation", "state"])


def assign(writes: WriteSession, member: Member, message_id: UUID, staff_id: UUID | None, now: datetime) -> bool:
    """Gives a message to somebody who may answer it, or to nobody; answers whether that was news.

    Raises: NotFound, also for those who do not answer it, Conflict where it waits for no answer, Invalid for somebody who may not.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if not reaches(member.grants, rules.ANSWERERS, message.organisation_id):
        raise NotFound
    if staff_id is not None and staff_id not in _ids_of_answerers(writes, member, message):
        raise Invalid(FieldError("staff", _("Choose somebody who may answer this message.")))
    if message.state not in rules.OPEN:
        raise Conflict(_("This message waits for no answer."))
    taken = _find_assignment(writes, message)
    if (taken.staff_id if taken else None) == staff_id:
        return False
    if staff_id is None:
        writes.delete(taken)
    else:
        taken = taken or Assignment(collaboration_id=member.place.id, feedback_id=message.id, staff_id=staff_id, at=now)
        taken.staff_id, taken.at = staff_id, now
        writes.add(taken)
    writes.flush()
    verb = "assigned" if staff_id else "released"
    record(writes, member.actor, verb, "feedback", message.id, at=now, collaboration_id=member.place.id, fields=["assignment"])
    return True


def _ids_of_answerers(writes: WriteSession, member: Member, message: Feedback) -> set[UUID]:
    return {one.id for one in find_colleagues(writes, member.place.id, rules.ANSWERERS, message.organisation_id)}


def _find_assignment(writes: WriteSession, message: Feedback) -> Assignment | None:
    query = select(Assignment).where(Assignment.collaboration_id == message.collaboration_id, Assignment.feedback_id == message.id)
    return writes.exec(query).first()
