"""Doing: raising a concern, taking it, writing down what was done, closing it, and asking around until somebody has it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.audit.actions import record_reading
from service.audit.models import What
from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback import counts
from service.feedback import rules as messages
from service.feedback.desk_queries import get_message_row
from service.feedback.guards import stand_alone
from service.feedback.models import Feedback, Publication, State, WithheldReason
from service.journal.actions import OPERATOR, Actor, record
from service.language import _
from service.narratives import rules as stories
from service.narratives.models import Narrative, StoryState
from service.narratives.queries import Reader, get_narrative
from service.people.models import Member, Staff
from service.places.models import Collaboration
from service.safeguarding import queries, rules
from service.safeguarding.models import Concern, ConcernStep, Did, Ending, Lane, RaiseIn

# ---- into the lane ---------------------------------------------------------------------------------------------------


def raise_message(writes: WriteSession, member: Member, message_id: UUID, given: RaiseIn, now: datetime) -> UUID:
    """Puts a message apart from all others, and calls the rota; answers the concern's id. Whoever reads a message may do so.

    Raises: NotFound, Refused for an allegation raised by the organisation that it is with, Conflict where it stands apart already.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if given.lane == Lane.ALLEGATION and not messages.may_decide(member.grants, message.organisation_id):
        raise Refused(_("Raise it as a risk. Somebody for the whole place, and not of the organisation that it is with, decides more."))
    if message.lane is not None:
        raise Conflict(_("It stands apart already."))
    stand_alone(writes, member.actor, member.place, message, now)
    concern = Concern(
        collaboration_id=member.place.id,
        feedback_id=message.id,
        lane=given.lane,
        about_staff_id=given.about,
        raised_at=now,
        raised_by=member.person.staff_id,
        state_before=message.state,
        publication_before=message.publication,
        ask_at=now,
    )
    with counts.changing(writes, member.place, message):
        _set_apart(message, given.lane)
        message.read_at, message.state = message.read_at or now, State.SAFEGUARDING_HOLD
        writes.add(message)
        _add(writes, concern, given.note)
    _tell_journal(writes, member.actor, "raised", concern, now)
    return concern.id


def raise_story(writes: WriteSession, member: Member, narrative_id: UUID, given: RaiseIn, now: datetime) -> UUID:
    """Puts a story apart, and calls the rota; answers the concern's id. Whoever reads it at the desk may do so.

    Raises: NotFound, Conflict where it stands apart already.
    """
    reader = Reader(member.place.id, local_day(now, member.place.time_zone), member)
    story = get_narrative(writes, reader, narrative_id, held=True).narrative
    if story.lane is not None:
        raise Conflict(_("It stands apart already."))
    concern = Concern(
        collaboration_id=member.place.id,
        narrative_id=story.id,
        lane=given.lane,
        about_staff_id=given.about,
        raised_at=now,
        raised_by=member.person.staff_id,
        state_before=story.state,
        ask_at=now,
    )
    story.lane = given.lane
    if story.state in stories.SHOWN:
        story.state = StoryState.PAUSED
    writes.add(story)
    _add(writes, concern, given.note)
    _tell_journal(writes, member.actor, "raised", concern, now)
    return concern.id


def _set_apart(message: Feedback, lane: Lane) -> None:
    message.lane = lane
    message.publication, message.withheld_reason = rules.apart(lane, message.publication, _reason(message))
    message.published_on = None


def _add(writes: WriteSession, concern: Concern, note: str | None) -> None:
    writes.add(concern)
    writes.flush()
    _step(writes, concern, Did.RAISED, concern.raised_at, by=concern.raised_by, note=note)


# ---- with a concern --------------------------------------------------------------------------------------------------


def take(writes: WriteSession, member: Member, concern_id: UUID, now: datetime) -> bool:
    """Says "I have it": nobody else is asked any more, and the words open. Answers whether that was news.

    Raises: NotFound for who is neither on call nor a moderator, Conflict where somebody was quicker.
    """
    concern = _for_a_taker(writes, member, concern_id, now)
    if concern.taken_by == member.person.staff_id:
        return False
    if concern.taken_at is not None:
        raise Conflict(_("Somebody else has it already. You can read it as well."))
    concern.taken_at, concern.taken_by = now, member.person.staff_id
    writes.add(concern)
    _saw(writes, member, concern, Did.TAKEN, now)
    _tell_journal(writes, member.actor, "taken", concern, now)
    return True


def open_as_well(writes: WriteSession, member: Member, concern_id: UUID, now: datetime) -> bool:
    """Opens the words for one more of those on call; answers whether that was news. Raises: NotFound, Conflict before it is taken."""
    concern = _for_a_taker(writes, member, concern_id, now)
    if queries.has_opened(writes, member, concern.id):
        return False
    if concern.taken_at is None:
        raise Conflict(_("Nobody has it yet. Press “I have it” to open it."))
    _saw(writes, member, concern, Did.OPENED, now)
    _tell_journal(writes, member.actor, "opened", concern, now)
    return True


def note_step(writes: WriteSession, member: Member, concern_id: UUID, words: str, now: datetime) -> None:
    """Writes down what was done. Raises: NotFound for who has not opened it, Invalid without words."""
    concern = _opened(writes, member, concern_id)
    if not words:
        raise Invalid(FieldError("note", _("Write what was done.")))
    _step(writes, concern, Did.NOTED, now, by=member.person.staff_id, note=words)
    _tell_journal(writes, member.actor, "noted", concern, now)


def set_apart_for_good(writes: WriteSession, member: Member, concern_id: UUID, now: datetime) -> bool:
    """Says that a worker is accused by name: the words are never public from here on. Answers whether that was news.

    Raises: NotFound for who has not opened it, Refused for the organisation that it is with, Conflict where it is closed.
    """
    concern = _opened(writes, member, concern_id)
    message = _message(writes, concern)
    if message is not None and rules.is_of(member.grants, message.organisation_id):
        raise Refused(_("Somebody who is not of the organisation that it is with decides this."))
    if concern.lane == Lane.ALLEGATION:
        return False
    _must_be_open(concern)
    concern.lane = Lane.ALLEGATION
    if message is not None and message.state != State.WITHDRAWN:
        with counts.changing(writes, member.place, message):
            _set_apart(message, Lane.ALLEGATION)
            writes.add(message)
            writes.flush()
    elif concern.narrative_id and (story := writes.get(Narrative, (concern.collaboration_id, concern.narrative_id))):
        story.lane = Lane.ALLEGATION
        writes.add(story)
    writes.add(concern)
    _step(writes, concern, Did.SET_APART, now, by=member.person.staff_id)
    _tell_journal(writes, member.actor, "set_apart", concern, now)
    return True


def close(writes: WriteSession, member: Member, concern_id: UUID, ending: Ending, note: str | None, now: datetime) -> None:
    """Says what came of a concern. A message goes on where it was, so that it gets its answer; an allegation stays apart.

    Raises: NotFound for who has not opened it, Refused for an allegation closed by the organisation that it is with, Conflict.
    """
    concern = _opened(writes, member, concern_id)
    _must_be_open(concern)
    message = _message(writes, concern)
    own = message is not None and rules.is_of(member.grants, message.organisation_id)
    if concern.lane == Lane.ALLEGATION and own:
        raise Refused(_("Somebody who is not of the organisation that it is with decides this."))
    concern.closed_at, concern.ending = now, ending
    writes.add(concern)
    _step(writes, concern, Did.CLOSED, now, by=member.person.staff_id, note=note or None)
    if message is not None and message.state == State.SAFEGUARDING_HOLD:
        with counts.changing(writes, member.place, message):
            _let_go_on(message, concern, ending, own=own)
            writes.add(message)
            writes.flush()
    elif concern.narrative_id and concern.lane == Lane.SAFEGUARDING:
        story = writes.get_one(Narrative, (concern.collaboration_id, concern.narrative_id))
        story.lane = None
        writes.add(story)
    writes.flush()
    _tell_journal(writes, member.actor, "closed", concern, now)


def _let_go_on(message: Feedback, concern: Concern, ending: Ending, *, own: bool) -> None:
    message.state = rules.state_after(State(concern.state_before or State.ACKNOWLEDGED), read=message.read_at is not None)
    before = Publication(concern.publication_before or message.publication)
    now = (message.publication, _reason(message))
    message.publication, message.withheld_reason = rules.back(concern.lane, ending, now, before, may_decide=not own)
    if message.publication == Publication.PUBLISHED:
        message.published_on = message.first_published_on
    if concern.lane == Lane.SAFEGUARDING:
        message.lane = None


def _reason(message: Feedback) -> WithheldReason | None:
    return WithheldReason(message.withheld_reason) if message.withheld_reason else None


def _for_a_taker(writes: WriteSession, member: Member, concern_id: UUID, now: datetime) -> Concern:
    concern = queries.get_concern_row(writes, member, concern_id)
    if not queries.may_take(writes, member, now):
        raise NotFound
    return concern


def _opened(writes: WriteSession, member: Member, concern_id: UUID) -> Concern:
    concern = queries.get_concern_row(writes, member, concern_id)
    if not queries.has_opened(writes, member, concern_id):
        raise NotFound
    return concern


def _saw(writes: WriteSession, member: Member, concern: Concern, did: Did, now: datetime) -> None:
    """From here on the words are before this member: that is written down first."""
    place_id = concern.collaboration_id
    record_reading(writes, member.actor, What.SENSITIVE, "concern", concern.id, at=now, collaboration_id=place_id)
    _step(writes, concern, did, now, by=member.person.staff_id)
    message = _message(writes, concern)
    if message is not None and message.withdrawn_at is None:
        message.read_at = message.read_at or now
        writes.add(message)


def _must_be_open(concern: Concern) -> None:
    if concern.closed_at is not None:
        raise Conflict(_("It was closed in the meantime."))


def _message(writes: WriteSession, concern: Concern) -> Feedback | None:
    if concern.feedback_id is None:
        return None
    query = select(Feedback).where(Feedback.collaboration_id == concern.collaboration_id, Feedback.id == concern.feedback_id)
    return writes.exec(query.with_for_update().execution_options(populate_existing=True)).one()


def _step(  # noqa: PLR0913 (each is a fact of the step)
    writes: WriteSession,
    concern: Concern,
    did: Did,
    at: datetime,
    *,
    by: UUID | None = None,
    asked: UUID | None = None,
    note: str | None = None,
) -> None:
    place_id = concern.collaboration_id
    writes.add(ConcernStep(collaboration_id=place_id, concern_id=concern.id, did=did, at=at, staff_id=by, asked_id=asked, note=note))
    writes.flush()


def _tell_journal(writes: WriteSession, actor: Actor, verb: str, concern: Concern, now: datetime) -> None:
    record(writes, actor, verb, "concern", concern.id, at=now, collaboration_id=concern.collaboration_id)


# ---- asking around ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who is called now, and in which language."""

    address: str
    language: str
    place_id: UUID
    staff_id: UUID


def ask_around(writes: WriteSession, now: datetime) -> list[Call]:
    """Asks the next in line for each concern that nobody has in time; when the line is over, everybody who may do something about it.

    Told again and again, for as long as nobody has it. Answers whom to send a letter, which holds nothing of what was said.
    """
    due = select(Concern).where(Concern.ask_at <= now, col(Concern.taken_at).is_(None)).order_by(col(Concern.ask_at))
    calls = []
    for concern in writes.exec(due.with_for_update(skip_locked=True)).all():
        place_id = concern.collaboration_id
        line = [one for one in queries.find_line(writes, place_id, now) if one != concern.about_staff_id]
        someone = rules.next_in_line(line, queries.find_asked(writes, place_id, concern.id))
        told = [someone] if someone else [one for one in queries.find_all_to_tell(writes, place_id) if one != concern.about_staff_id]
        whom: list[UUID | None] = [*told] or [None]
        for staff_id in whom:
            _step(writes, concern, Did.ASKED if someone else Did.ALARMED, now, asked=staff_id)
        concern.ask_at = rules.ask_again_at(now, queries.acknowledge_minutes(writes, place_id))
        writes.add(concern)
        _tell_journal(writes, OPERATOR, "asked" if someone else "alarmed", concern, now)
        language = writes.get_one(Collaboration, place_id).languages[0]
        whose = select(Staff.email, Staff.id, Staff.language).where(col(Staff.id).in_(told)).order_by(Staff.email)
        found = writes.exec(whose).all() if told else []
        calls += [Call(address, chosen or language, place_id, staff_id) for address, staff_id, chosen in found]
    return calls
