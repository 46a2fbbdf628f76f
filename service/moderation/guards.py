"""What other features ask of moderation in their own acts: to look at what comes in, to hold it back, to keep what was decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import col, select

from service.database import WriteSession
from service.errors import Conflict
from service.feedback import counts
from service.feedback.models import Feedback, State, WithheldReason
from service.journal.actions import OPERATOR, Deed, record, record_all
from service.journal.models import ActorKind
from service.language import _
from service.moderation import rules
from service.moderation.models import Appeal, Cause, Decision, Hold, Outcome, Severity, Verdict
from service.moderation.queries import find_decision, find_hold, find_matchers
from service.narratives.models import Narrative
from service.people.models import Member
from service.places.queries import PlaceCard
from service.safeguarding.models import Concern, ConcernStep, Did, Lane
from service.safeguarding.rules import apart
from service.tables import new_id


class Arrived(Protocol):
    """A message that was stored just now. Ids are hex, moments text."""

    collaboration_id: str
    id: str
    likeness: str
    share: str
    received_at: str
    signs: str


def screen_messages(writes: WriteSession, stored: Sequence[Arrived], *, calls: bool = True) -> None:
    """Holds what a rule of its place says should be held; what is urgent is put apart, and those on call are called.

    Without `calls` nobody is called: what was only collected elsewhere, long ago, waits in the queue instead.
    """
    said = [one for one in stored if one.likeness or one.signs]
    if not said:
        return
    matchers = find_matchers(writes, {UUID(one.collaboration_id) for one in said})
    deeds: list[Deed] = []
    holds: list[dict[str, Any]] = []
    for one in said:
        severity, cause = rules.screen(one.likeness, matchers[UUID(one.collaboration_id)])
        severity, cause = rules.weigh(severity, cause, one.signs.split())
        if severity == Severity.URGENT and calls:
            deeds.append(_raised(writes, one))
        elif severity != Severity.NONE:
            hold = _hold_of(one, severity, cause)
            holds.append(hold)
            deeds.append(_deed(one, "hold", hold["id"], "held"))
    if holds:
        writes.execute(insert(Hold), holds)
    record_all(writes, deeds)


def _hold_of(one: Arrived, severity: Severity, cause: Cause) -> dict[str, Any]:
    return {
        "collaboration_id": UUID(one.collaboration_id),
        "id": new_id(),
        "feedback_id": UUID(one.id),
        "severity": severity,
        "cause": cause,
        "signs": one.signs or None,
        "made_at": datetime.fromisoformat(one.received_at),
    }


def _raised(writes: WriteSession, one: Arrived) -> Deed:
    place_id, concern_id, at = UUID(one.collaboration_id), new_id(), datetime.fromisoformat(one.received_at)
    message = writes.get_one(Feedback, (place_id, UUID(one.id)))
    concern = Concern(
        collaboration_id=place_id,
        id=concern_id,
        feedback_id=message.id,
        lane=Lane.SAFEGUARDING,
        raised_at=at,
        state_before=message.state,
        publication_before=message.publication,
        ask_at=at,
    )
    writes.add(concern)
    writes.flush()
    writes.add(ConcernStep(collaboration_id=place_id, concern_id=concern_id, did=Did.RAISED, at=at))
    mine = (col(Feedback.collaboration_id) == place_id, col(Feedback.id) == message.id)
    writes.execute(update(Feedback).where(*mine).values(state=State.SAFEGUARDING_HOLD, lane=Lane.SAFEGUARDING))
    writes.flush()
    return _deed(one, "concern", concern_id, "raised")


def screen_addition(writes: WriteSession, place: PlaceCard, message: Feedback, said: str, now: datetime) -> None:
    """The same for words that a sender adds later, as `rules.likeness` has them; the message is held until the transaction ends."""
    severity, cause = rules.screen(said, find_matchers(writes, [place.id])[place.id]) if said else (Severity.NONE, Cause.WORDS)
    if severity == Severity.NONE:
        return
    if severity == Severity.URGENT and message.lane is None:
        concern = Concern(
            collaboration_id=place.id,
            feedback_id=message.id,
            lane=Lane.SAFEGUARDING,
            raised_at=now,
            state_before=message.state,
            publication_before=message.publication,
            ask_at=now,
        )
        reason = WithheldReason(message.withheld_reason) if message.withheld_reason else None
        with counts.changing(writes, place, message):
            message.publication, message.withheld_reason = apart(Lane.SAFEGUARDING, message.publication, reason)
            message.published_on, message.lane, message.state = None, Lane.SAFEGUARDING, State.SAFEGUARDING_HOLD
            writes.add(message)
            writes.add(concern)
            writes.flush()
        writes.add(ConcernStep(collaboration_id=place.id, concern_id=concern.id, did=Did.RAISED, at=now))
        writes.flush()
        record(writes, OPERATOR, "raised", "concern", concern.id, at=now, collaboration_id=place.id)
    elif find_hold(writes, place.id, message_id=message.id) is None:
        hold = Hold(
            collaboration_id=place.id,
            feedback_id=message.id,
            severity=Severity.RISK if severity == Severity.URGENT else severity,
            cause=cause,
            made_at=now,
        )
        writes.add(hold)
        writes.flush()
        record(writes, OPERATOR, "held", "hold", hold.id, at=now, collaboration_id=place.id)


def screen_words(writes: WriteSession, place: PlaceCard, said: str | None) -> Severity | None:
    """What a rule of the place says of other words, such as what somebody saw; None where nobody has to read them first."""
    severity, _cause = rules.screen(rules.likeness(said), find_matchers(writes, [place.id])[place.id]) if said else (Severity.NONE, None)
    return None if severity == Severity.NONE else severity


def _deed(one: Arrived, subject: str, subject_id: UUID, verb: str) -> Deed:
    return Deed(one.collaboration_id, new_id().hex, subject, subject_id.hex, verb, ActorKind.OPERATOR, None, one.received_at)


def screen_story(writes: WriteSession, story: Narrative, now: datetime) -> None:
    """Holds a story that a rule of its place says should be held. Who wrote it can call those on call; nobody is called by a rule."""
    said = rules.likeness(story.title, story.body, story.barrier)
    severity, cause = rules.screen(said, find_matchers(writes, [story.collaboration_id])[story.collaboration_id])
    if severity == Severity.NONE:
        return
    hold = Hold(
        collaboration_id=story.collaboration_id,
        narrative_id=story.id,
        severity=Severity.RISK if severity == Severity.URGENT else severity,
        cause=cause,
        made_at=now,
    )
    writes.add(hold)
    writes.flush()


def must_be_looked_at(writes: WriteSession, place_id: UUID, *, message_id: UUID | None = None, story_id: UUID | None = None) -> None:
    """Lets words through that nothing holds. Raises: Conflict for those that somebody has to look at first."""
    if find_hold(writes, place_id, message_id=message_id, story_id=story_id) is not None:
        raise Conflict(_("It is held. Somebody has to look at it first, and say that it can be shown."))


def note_decision(
    writes: WriteSession, member: Member, message: Feedback, verdict: Verdict, now: datetime, *, reason: str | None = None
) -> None:
    """Keeps who decided what and why. An appeal that waits is answered by it, which takes another person. Raises: Conflict."""
    place_id, before = message.collaboration_id, find_decision(writes, message.collaboration_id, message.id)
    waiting = writes.exec(
        select(Appeal).where(Appeal.collaboration_id == place_id, Appeal.feedback_id == message.id, col(Appeal.outcome).is_(None))
    ).first()
    if waiting is not None:
        if before is not None and not rules.may_judge(before.staff_id, member.person.staff_id):
            raise Conflict(_("Whoever wrote it disagrees with you. Somebody else decides now."))
        changed = verdict in (Verdict.PUBLISHED, Verdict.BROUGHT_BACK)
        waiting.outcome = Outcome.CHANGED if changed else Outcome.UPHELD
        waiting.decided_at, waiting.decided_by = now, member.person.staff_id
        writes.add(waiting)
    hold = find_hold(writes, place_id, message_id=message.id)
    if hold is not None:
        hold.looked_at, hold.looked_by = now, member.person.staff_id
        writes.add(hold)
    writes.add(
        Decision(
            collaboration_id=place_id,
            feedback_id=message.id,
            verdict=verdict,
            reason=reason,
            staff_id=member.person.staff_id,
            at=now,
        )
    )
    writes.flush()
