"""Doing: saying how careful to be with words, keeping the rules, setting aside what is no message, disagreeing and judging."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col, select

from service import rollups
from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback import counts
from service.feedback import rules as messages
from service.feedback.desk_queries import get_message_row
from service.feedback.guards import stand_all_alone
from service.feedback.models import Feedback, Publication, State, WithheldReason
from service.feedback.queries import get_by_code
from service.journal.actions import RESIDENT, Deed, record, record_all
from service.language import _
from service.moderation import rules
from service.moderation.guards import note_decision
from service.moderation.models import Appeal, AsideReason, Cause, Decision, Hold, HoldRule, Outcome, Severity, Verdict
from service.moderation.queries import find_decision, find_hold
from service.moderation.queue_queries import decidable
from service.narratives import rules as stories
from service.narratives.models import Narrative, StoryState
from service.narratives.queries import Reader, get_narrative
from service.people.models import Member
from service.people.rules import reaches
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys
from service.tables import moment_text, new_id

# ---- how careful to be -----------------------------------------------------------------------------------------------


def set_severity(writes: WriteSession, member: Member, message_id: UUID, severity: Severity, now: datetime) -> bool:
    """Says how careful to be with a message: with none, somebody looked and it may be shown; else it is held.

    Answers whether that was news.
    Raises: NotFound, Refused for the organisation that the message is with.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if not messages.may_decide(member.grants, message.organisation_id):
        raise Refused(_("A coordinator or moderator for the whole place decides this, and nobody of the organisation that it is with."))
    place_id = member.place.id
    if not _rated(writes, member, find_hold(writes, place_id, message_id=message.id), severity, now, message_id=message.id):
        return False
    if severity != Severity.NONE and message.publication == Publication.PUBLISHED:
        with counts.changing(writes, member.place, message):
            message.publication, message.published_on = Publication.WAITING, None
            writes.add(message)
            writes.flush()
    record(writes, member.actor, "rated", "feedback", message.id, at=now, collaboration_id=place_id, fields=[severity])
    return True


def set_story_severity(writes: WriteSession, member: Member, narrative_id: UUID, severity: Severity, now: datetime) -> bool:
    """The same of a story, for those who check it; held, nobody else reads it. Raises: NotFound, Refused."""
    story = _story(writes, member, narrative_id, now)
    if not reaches(member.grants, stories.CHECKERS, story.organisation_id):
        raise Refused(_("A coordinator or moderator decides this."))
    if not _rated(writes, member, find_hold(writes, story.collaboration_id, story_id=story.id), severity, now, story_id=story.id):
        return False
    if severity != Severity.NONE and story.state in stories.SHOWN:
        story.state = StoryState.PAUSED
        writes.add(story)
    record(writes, member.actor, "rated", "narrative", story.id, at=now, collaboration_id=story.collaboration_id, fields=[severity])
    return True


def _story(writes: WriteSession, member: Member, narrative_id: UUID, now: datetime) -> Narrative:
    reader = Reader(member.place.id, local_day(now, member.place.time_zone), member)
    return get_narrative(writes, reader, narrative_id, held=True).narrative


def _rated(  # noqa: PLR0913 (one sentence: who rated what how)
    writes: WriteSession,
    member: Member,
    hold: Hold | None,
    severity: Severity,
    now: datetime,
    *,
    message_id: UUID | None = None,
    story_id: UUID | None = None,
) -> bool:
    if (hold is None and severity == Severity.NONE) or (hold is not None and hold.severity == severity and hold.cause == Cause.PERSON):
        return False
    if hold is not None:
        hold.looked_at, hold.looked_by = now, member.person.staff_id
        writes.add(hold)
        writes.flush()
    if severity != Severity.NONE:
        row = Hold(
            collaboration_id=member.place.id,
            feedback_id=message_id,
            narrative_id=story_id,
            severity=severity,
            cause=Cause.PERSON,
            made_at=now,
            made_by=member.person.staff_id,
        )
        writes.add(row)
        writes.flush()
    return True


# ---- the rules of a place --------------------------------------------------------------------------------------------


def add_rule(writes: WriteSession, member: Member, phrase: str, severity: Severity, now: datetime) -> UUID:
    """Holds everything with these words from now on, and what waits to be shown. Raises: NotFound, Invalid by field."""
    _must_moderate(member)
    plain = " ".join(phrase.split())
    if not rules.tokens(plain):
        raise Invalid(FieldError("phrase", _("Write the words that should be held.")))
    there = select(HoldRule).where(HoldRule.collaboration_id == member.place.id, col(HoldRule.ended_at).is_(None))
    if any(rules.tokens(one.phrase) == rules.tokens(plain) for one in writes.exec(there)):
        raise Invalid(FieldError("phrase", _("There is a rule for these words already.")))
    rule = HoldRule(collaboration_id=member.place.id, phrase=plain, severity=severity, added_by=member.person.staff_id, added_at=now)
    writes.add(rule)
    writes.flush()
    record(writes, member.actor, "added", "hold_rule", rule.id, at=now, collaboration_id=member.place.id)
    if severity != Severity.NONE:
        _hold_what_waits(writes, member, plain, severity, now)
    return rule.id


def _hold_what_waits(writes: WriteSession, member: Member, phrase: str, severity: Severity, now: datetime) -> None:
    """A new rule looks back as well: at what was offered and nobody has decided about. It calls nobody."""
    matcher = rules.Matcher({rules.tokens(phrase)[0]: [(tuple(rules.tokens(phrase)), severity)]})
    held = select(Hold.feedback_id).where(Hold.collaboration_id == member.place.id, col(Hold.looked_at).is_(None))
    waits = select(Feedback).where(
        Feedback.collaboration_id == member.place.id,
        Feedback.publication == Publication.WAITING,
        col(Feedback.lane).is_(None),
        col(Feedback.id).not_in(held.where(col(Hold.feedback_id).is_not(None))),
    )
    for message in writes.exec(waits.order_by(col(Feedback.received_at).desc()).limit(rules.AT_ONCE)).all():
        said = rules.likeness(message.body, message.want, message.have, message.gap)
        if matcher.find(said.split()) != Severity.NONE:
            hold = Hold(collaboration_id=member.place.id, feedback_id=message.id, severity=severity, cause=Cause.WORDS, made_at=now)
            writes.add(hold)
    writes.flush()


def end_rule(writes: WriteSession, member: Member, rule_id: UUID, now: datetime) -> bool:
    """These words are not held any more; what is held stays so until somebody looks. Answers whether that was news. Raises: NotFound."""
    _must_moderate(member)
    rule = writes.exec(select(HoldRule).where(HoldRule.collaboration_id == member.place.id, HoldRule.id == rule_id)).first()
    if rule is None:
        raise NotFound
    if rule.ended_at is not None:
        return False
    rule.ended_at = now
    writes.add(rule)
    writes.flush()
    record(writes, member.actor, "ended", "hold_rule", rule.id, at=now, collaboration_id=member.place.id)
    return True


def _must_moderate(member: Member) -> None:
    if not messages.may_decide(member.grants, None):
        raise NotFound


# ---- no message to us ------------------------------------------------------------------------------------------------


def set_aside(writes: WriteSession, member: Member, message_ids: Sequence[UUID], reason: AsideReason, now: datetime) -> int:
    """Says of these that they are no messages to the place. Counted in public as such, and undone by `bring_back`. Answers how many.

    What has been read, what somebody is of whose organisation it is with, and what is gone, stays as it is. Raises: NotFound.
    """
    _must_moderate(member)
    mine = select(Feedback).where(decidable(member), col(Feedback.id).in_(message_ids), col(Feedback.state).in_(rules.ASIDE_FROM))
    return _set_aside(writes, member, writes.exec(mine.order_by(col(Feedback.id)).with_for_update()).all(), reason, now)


def set_copies_aside(writes: WriteSession, member: Member, likeness: str, reason: AsideReason, now: datetime) -> int:
    """The same with all that say the same, so many in one go; answers how many. Raises: NotFound."""
    _must_moderate(member)
    same = select(Feedback).where(decidable(member), Feedback.likeness == likeness, col(Feedback.state).in_(rules.ASIDE_FROM))
    rows = writes.exec(same.order_by(col(Feedback.id)).limit(rules.AT_ONCE).with_for_update()).all()
    return _set_aside(writes, member, rows, reason, now)


def _set_aside(writes: WriteSession, member: Member, rows: Sequence[Feedback], reason: AsideReason, now: datetime) -> int:
    cells: Counter[rollups.Cell] = Counter()
    decisions, deeds, by = [], [], member.person.staff_id
    stand_all_alone(writes, member.actor, member.place, rows, now)
    for message in rows:
        cells.subtract(counts.cells_of(member.place, message))
        decision = {"collaboration_id": member.place.id, "id": new_id(), "feedback_id": message.id, "verdict": Verdict.SET_ASIDE}
        decisions.append({**decision, "reason": reason, "state_before": message.state, "staff_id": by, "at": now})
        message.state = State.NOT_FEEDBACK
        if message.publication != Publication.NOT_OFFERED:
            message.publication, message.withheld_reason = Publication.WITHHELD, WithheldReason.SET_ASIDE
            message.published_on = None
        cells.update(counts.cells_of(member.place, message))
        writes.add(message)
        actor = member.actor
        deeds.append(Deed(member.place.id.hex, new_id().hex, "feedback", message.id.hex, "set_aside", actor.kind, by.hex, moment_text(now)))
    writes.flush()
    if decisions:
        writes.execute(insert(Decision), decisions)
    rollups.count(writes, Counter({cell: number for cell, number in cells.items() if number}))
    record_all(writes, deeds)
    return len(rows)


def bring_back(writes: WriteSession, member: Member, message_id: UUID, now: datetime) -> bool:
    """It is a message after all, and waits for its answer again; answers whether that was news.

    Raises: NotFound, Refused for the organisation that it is with, Conflict where another person has to judge.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if not messages.may_decide(member.grants, message.organisation_id):
        raise Refused(_("A coordinator or moderator for the whole place decides this, and nobody of the organisation that it is with."))
    if message.state != State.NOT_FEEDBACK:
        return False
    before = find_decision(writes, member.place.id, message.id)
    with counts.changing(writes, member.place, message):
        message.state = State(before.state_before) if before and before.state_before else State.ACKNOWLEDGED
        if message.withheld_reason == WithheldReason.SET_ASIDE:
            message.publication, message.withheld_reason = Publication.WAITING, None
        writes.add(message)
        writes.flush()
    note_decision(writes, member, message, Verdict.BROUGHT_BACK, now)
    record(writes, member.actor, "brought_back", "feedback", message.id, at=now, collaboration_id=member.place.id, fields=["state"])
    return True


# ---- disagreeing -----------------------------------------------------------------------------------------------------


def appeal(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, words: str, now: datetime) -> bool:
    """The sender disagrees with the newest decision; answers whether that was news: once with each.

    Raises: NotFound for a code that opens nothing, Invalid without words, Conflict where there is nothing to disagree with.
    """
    message = get_by_code(writes, keys, place, code, held=True)
    decision = find_decision(writes, place.id, message.id)
    if (
        decision is not None
        and writes.exec(select(Appeal).where(Appeal.collaboration_id == place.id, Appeal.decision_id == decision.id)).first()
    ):
        return False
    gone = message.withdrawn_at is not None or message.lane is not None
    if decision is None or gone or not rules.may_appeal(decision.verdict, decision.reason, appealed=False):
        raise Conflict(_("There is nothing to disagree with any more."))
    if not words.strip():
        raise Invalid(FieldError("words", _("Write why you think we are wrong.")))
    row = Appeal(collaboration_id=place.id, feedback_id=message.id, decision_id=decision.id, words=words, made_at=now)
    writes.add(row)
    writes.flush()
    record(writes, RESIDENT, "appealed", "feedback", message.id, at=now, collaboration_id=place.id, fields=["appeal"])
    return True


def uphold(writes: WriteSession, member: Member, message_id: UUID, answer: str, now: datetime) -> bool:
    """Another person looked, and it stays as it was decided; the sender reads why. Answers whether that was news.

    Raises: NotFound, Refused for who decided before and for the organisation that it is with, Invalid without words.
    """
    message = get_message_row(writes, member, message_id, held=True)
    if not messages.may_decide(member.grants, message.organisation_id):
        raise Refused(_("A coordinator or moderator for the whole place decides this, and nobody of the organisation that it is with."))
    waiting = writes.exec(
        select(Appeal).where(Appeal.collaboration_id == member.place.id, Appeal.feedback_id == message.id, col(Appeal.outcome).is_(None))
    ).first()
    if waiting is None:
        return False
    decision = writes.get_one(Decision, (member.place.id, waiting.decision_id))
    if not rules.may_judge(decision.staff_id, member.person.staff_id):
        raise Refused(_("Whoever wrote it disagrees with you. Somebody else decides now."))
    if not answer.strip():
        raise Invalid(FieldError("answer", _("Say why it stays so. Whoever wrote it reads this.")))
    waiting.outcome, waiting.answer = Outcome.UPHELD, answer
    waiting.decided_at, waiting.decided_by = now, member.person.staff_id
    writes.add(waiting)
    writes.flush()
    record(writes, member.actor, "upheld", "feedback", message.id, at=now, collaboration_id=member.place.id, fields=["appeal"])
    return True
