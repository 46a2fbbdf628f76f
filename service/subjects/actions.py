"""Looking for what is held, asking for a copy or an erasure, deciding, and carrying it out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from service.audit.actions import record_reading
from service.audit.models import What
from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback import removal as message_removal
from service.feedback.models import Feedback
from service.journal.actions import Actor, record
from service.language import _
from service.narratives import removal as story_removal
from service.narratives.models import Narrative
from service.outcomes import removal as followed_removal
from service.outcomes.models import PersonKey
from service.people.models import Member
from service.places.queries import PlaceCard
from service.register import Subject
from service.server_keys import ServerKeys
from service.subjects import rules
from service.subjects.models import Request, RequestIn, SearchIn, Wish
from service.subjects.queries import Found, copy_of, find_subjects, get_subject, is_asked
from service.tombstones import Why


def search(writes: WriteSession, keys: ServerKeys, actor: Actor, place: PlaceCard, given: SearchIn, now: datetime) -> list[Found]:
    """What is held of what somebody goes by; who asked and why is written down first. Answers no words."""
    found = find_subjects(writes, keys, place, given.known_by)
    for one in found:
        what = What.SUBJECT_SEARCH
        record_reading(writes, actor, what, one.subject, one.id, at=now, collaboration_id=place.id, why=given.why)
    if not found:
        record_reading(writes, actor, What.SUBJECT_SEARCH, "nothing", None, at=now, collaboration_id=place.id, why=given.why)
    return found


def ask(writes: WriteSession, member: Member, given: RequestIn, now: datetime) -> UUID:
    """Asks for a copy or an erasure; a second person decides. Raises: NotFound, Invalid, Conflict where it waits already or is held."""
    found = get_subject(writes, member.place, given.subject, given.subject_id)
    if given.wish == Wish.ERASURE:
        _must_be_erasable(writes, member.place, found)
    if is_asked(writes, member.place, given.wish, given.subject_id):
        raise Conflict(_("This was asked for already, and waits for a second person."))
    row = Request(
        collaboration_id=member.place.id,
        wish=given.wish,
        subject=given.subject,
        subject_id=given.subject_id,
        why=given.why,
        asked_by=member.person.staff_id,
        asked_at=now,
    )
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "asked", "subject_request", row.id, at=now, collaboration_id=member.place.id, fields=[given.wish])
    return row.id


def decide(writes: WriteSession, member: Member, request_id: UUID, agreed: bool, now: datetime) -> None:  # noqa: FBT001 (yes or no)
    """A second person agrees or does not; what was agreed to is erased at once. Raises: NotFound, Refused, Conflict."""
    row = writes.get(Request, (member.place.id, request_id), with_for_update=True)
    if row is None:
        raise NotFound
    if not rules.may_decide(member.grants, row.asked_by, member.person.staff_id):
        raise Refused(_("A second person must decide this: you asked for it."))
    if row.decided_at is not None:
        raise Conflict(_("Somebody else decided about this in the meantime."))
    row.agreed, row.decided_by, row.decided_at = agreed, member.person.staff_id, now
    writes.add(row)
    writes.flush()
    verb = "agreed" if agreed else "declined"
    record(writes, member.actor, verb, "subject_request", request_id, at=now, collaboration_id=member.place.id, fields=[row.wish])
    if agreed and row.wish == Wish.ERASURE:
        erase(writes, member.actor, member.place, row.subject, row.subject_id, now)


def erase(writes: WriteSession, actor: Actor, place: PlaceCard, subject: Subject, subject_id: UUID, now: datetime) -> None:
    """Takes a message, a story or somebody who is followed out for good, wherever it stands; a tombstone stays. Raises: NotFound, Conflict.

    Staff do so after two of them agreed; the operator does so alone, and it is written down as the operator's.
    """
    _must_be_erasable(writes, place, get_subject(writes, place, subject, subject_id))
    if subject == Subject.MESSAGE:
        message = writes.get_one(Feedback, (place.id, subject_id), with_for_update=True)
        message_removal.take_back(writes, actor, place, message, Why.ERASED, now)
    elif subject == Subject.PERSON:
        person = writes.get_one(PersonKey, (place.id, subject_id), with_for_update=True)
        followed_removal.forget(writes, actor, person, Why.ERASED, now)
    else:
        story = writes.get_one(Narrative, (place.id, subject_id), with_for_update=True)
        story_removal.take_back(writes, actor, story, Why.ERASED, now)


def give_copy(writes: WriteSession, keys: ServerKeys, member: Member, request_id: UUID, now: datetime) -> dict[str, Any]:
    """The copy that was agreed to, for whoever asked for it; each time is written down. Raises: NotFound, Conflict when it is too late."""
    row = writes.get(Request, (member.place.id, request_id))
    if row is None or row.wish != Wish.COPY or row.asked_by != member.person.staff_id:
        raise NotFound
    if not row.agreed or not rules.is_open_for_copying(row.decided_at, now):
        raise Conflict(_("This copy is not to be had: nobody agreed to it, or that is more than a week ago."))
    return copy_for(writes, keys, member.actor, member.place, (row.subject, row.subject_id), row.why, now)


def copy_for(  # noqa: PLR0913 (who copies what of which place, why, when)
    writes: WriteSession, keys: ServerKeys, actor: Actor, place: PlaceCard, what: tuple[Subject, UUID], why: str, now: datetime
) -> dict[str, Any]:
    """All that is held of a thing. Who read it and why is written down first. Raises: NotFound."""
    subject, subject_id = what
    record_reading(writes, actor, What.SUBJECT_EXPORT, subject, subject_id, at=now, collaboration_id=place.id, why=why)
    return copy_of(writes, keys, place, subject, subject_id, now)


def _must_be_erasable(writes: WriteSession, place: PlaceCard, found: Found) -> None:
    if found.subject == Subject.PERSON and writes.get(PersonKey, (place.id, found.id)) is None:
        raise Invalid(FieldError("wish", _("Whoever looks after the service takes a colleague's name out, when their access has ended.")))
    if found.gone:
        raise Conflict(_("Its words are gone already."))
    if found.held:
        raise Conflict(_("A legal hold covers this. Nothing of it may be erased until the hold is lifted."))
