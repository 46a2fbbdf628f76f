"""Asking about moderation: what is held and by which rules, what was decided, who disagrees, what was taken out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.days import local_day
from service.feedback.models import Feedback
from service.moderation import rules
from service.moderation.models import Appeal, Decision, Hold, HoldRule, Outcome, Redaction, Severity, Verdict
from service.moderation.rules import Matcher
from service.people.models import Member, Staff

# ---- holds -----------------------------------------------------------------------------------------------------------


def find_matchers(reads: ReadSession, place_ids: Iterable[UUID]) -> dict[UUID, Matcher]:
    """The phrases that are held in each of these places."""
    own: dict[UUID, list[tuple[str, Severity]]] = {place_id: [] for place_id in place_ids}
    query = select(HoldRule.collaboration_id, HoldRule.phrase, HoldRule.severity).where(
        col(HoldRule.collaboration_id).in_(own), col(HoldRule.ended_at).is_(None)
    )
    for place_id, phrase, severity in reads.exec(query):
        own[place_id].append((phrase, Severity(severity)))
    return {place_id: rules.matcher_of(tuple(sorted(phrases))) for place_id, phrases in own.items()}


def find_hold(reads: ReadSession, place_id: UUID, *, message_id: UUID | None = None, story_id: UUID | None = None) -> Hold | None:
    """What still holds this message or story, if something does."""
    about = Hold.feedback_id == message_id if message_id else Hold.narrative_id == story_id
    return reads.exec(select(Hold).where(Hold.collaboration_id == place_id, about, col(Hold.looked_at).is_(None))).first()


def find_severity(reads: ReadSession, place_id: UUID, *, message_id: UUID | None = None, story_id: UUID | None = None) -> Severity:
    """The newest that was said of these words, by a rule or by somebody."""
    about = Hold.feedback_id == message_id if message_id else Hold.narrative_id == story_id
    query = select(Hold.severity).where(Hold.collaboration_id == place_id, about).order_by(col(Hold.id).desc()).limit(1)
    found = reads.exec(query).first()
    return Severity(found) if found else Severity.NONE


@dataclass(frozen=True, slots=True)
class RuleRow:
    """Words of the place's own."""

    id: UUID
    phrase: str
    severity: Severity
    added_by: str
    added_on: date


def find_rules(reads: ReadSession, member: Member) -> list[RuleRow]:
    """The rules of a place that hold now, by their words."""
    query = (
        columns(HoldRule, col(Staff.name))
        .join(Staff, col(Staff.id) == HoldRule.added_by)
        .where(col(HoldRule.collaboration_id) == member.place.id, col(HoldRule.ended_at).is_(None))
        .order_by(col(HoldRule.phrase), col(HoldRule.id))
    )
    zone = member.place.time_zone
    return [RuleRow(row.id, row.phrase, row.severity, name, local_day(row.added_at, zone)) for row, name in reads.execute(query)]


# ---- decisions and appeals -------------------------------------------------------------------------------------------


def find_decision(reads: ReadSession, place_id: UUID, message_id: UUID) -> Decision | None:
    """The newest decision about a message."""
    query = select(Decision).where(Decision.collaboration_id == place_id, Decision.feedback_id == message_id)
    return reads.exec(query.order_by(col(Decision.at).desc(), col(Decision.id).desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class AppealCard:
    """An appeal, as its sender and staff read it."""

    id: UUID
    words: str | None
    made_on: date
    outcome: Outcome | None
    answer: str | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands with moderation. `appeals`, oldest first; `taken_out`: pieces of its words."""

    severity: Severity
    held: bool
    verdict: Verdict | None
    reason: str | None
    decided_by: UUID | None
    may_appeal: bool
    appeals: list[AppealCard]
    taken_out: int
    signs: tuple[str, ...] = ()
    """What is odd about how it arrived, as long as it is held."""

    @property
    def score(self) -> int:
        return rules.score_of(self.signs)

    @property
    def appeal(self) -> AppealCard | None:
        """The one that waits for a decision."""
        return next((one for one in self.appeals if one.outcome is None), None)


def get_standing(reads: ReadSession, place_id: UUID, message_id: UUID, time_zone: str) -> Standing:
    """Where a message stands with moderation; who may see the message is asked before."""
    decision = find_decision(reads, place_id, message_id)
    query = select(Appeal).where(Appeal.collaboration_id == place_id, Appeal.feedback_id == message_id).order_by(col(Appeal.id))
    appeals = list(reads.exec(query))
    appealed = decision is not None and any(one.decision_id == decision.id for one in appeals)
    message = reads.get(Feedback, (place_id, message_id))
    hold = find_hold(reads, place_id, message_id=message_id)
    gone = message is None or message.withdrawn_at is not None or message.lane is not None
    return Standing(
        severity=find_severity(reads, place_id, message_id=message_id),
        held=hold is not None,
        verdict=decision.verdict if decision else None,
        reason=decision.reason if decision else None,
        decided_by=decision.staff_id if decision else None,
        may_appeal=not gone and decision is not None and rules.may_appeal(decision.verdict, decision.reason, appealed=appealed),
        appeals=[_card(one, time_zone) for one in appeals],
        taken_out=count_taken_out(reads, place_id, message_id=message_id),
        signs=tuple((hold.signs or "").split()) if hold else (),
    )


def _card(appeal: Appeal, time_zone: str) -> AppealCard:
    decided_on = local_day(appeal.decided_at, time_zone) if appeal.decided_at else None
    return AppealCard(appeal.id, appeal.words, local_day(appeal.made_at, time_zone), appeal.outcome, appeal.answer, decided_on)


def count_appeals(reads: ReadSession, place_id: UUID) -> dict[Outcome | None, int]:
    """The appeals of a place by what came of them; None: they wait. Units: appeals, never people."""
    query = columns(col(Appeal.outcome), func.count()).where(col(Appeal.collaboration_id) == place_id).group_by(col(Appeal.outcome))
    return {Outcome(outcome) if outcome else None: int(number) for outcome, number in reads.execute(query)}


def find_oldest_appeal(reads: ReadSession, place_id: UUID) -> datetime | None:
    """Since when the oldest appeal waits."""
    waits = select(func.min(Appeal.made_at)).where(Appeal.collaboration_id == place_id, col(Appeal.outcome).is_(None))
    found: datetime | None = reads.exec(waits).one()
    return found


# ---- what was taken out ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RedactionRow:
    """What was taken out of one part of somebody's words."""

    id: UUID
    part: str
    pieces: int
    by: str
    on: date


def find_redactions(
    reads: ReadSession, member: Member, *, message_id: UUID | None = None, story_id: UUID | None = None
) -> list[RedactionRow]:
    """What was taken out and not put back, the newest first."""
    about = col(Redaction.feedback_id) == message_id if message_id else col(Redaction.narrative_id) == story_id
    query = (
        columns(Redaction, col(Staff.name))
        .join(Staff, col(Staff.id) == Redaction.staff_id)
        .where(col(Redaction.collaboration_id) == member.place.id, about, col(Redaction.put_back_at).is_(None))
        .order_by(col(Redaction.id).desc())
    )
    zone = member.place.time_zone
    return [RedactionRow(row.id, row.part, row.pieces, name, local_day(row.at, zone)) for row, name in reads.execute(query)]


def count_taken_out(reads: ReadSession, place_id: UUID, *, message_id: UUID | None = None, story_id: UUID | None = None) -> int:
    """How many pieces were taken out of somebody's words."""
    about = col(Redaction.feedback_id) == message_id if message_id else col(Redaction.narrative_id) == story_id
    query = columns(func.coalesce(func.sum(Redaction.pieces), 0)).where(
        col(Redaction.collaboration_id) == place_id, about, col(Redaction.put_back_at).is_(None)
    )
    return int(reads.execute(query).scalar_one())
