"""Asking about checks: who may invite and decide, the invitations of a promise, what people saw."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.checks import rules
from service.checks.codes import code_of, shown
from service.checks.models import CheckInvitation, CheckRound, PromiseCheck, Shown, Verdict, Wish
from service.database import ReadSession
from service.moderation.models import Severity
from service.people.models import AT_THE_DESK, Member, Role
from service.people.rules import reach, reaches, works_for
from service.places.models import Organisation
from service.promises.models import Promise
from service.promises.queries import find_claimant
from service.server_keys import ServerKeys

SHOWN_FOR = timedelta(minutes=30)
"""How long fresh codes are shown, to who made them alone."""

DECIDERS = (Role.COORDINATOR, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw, with what they ticked."""

    id: UUID
    verdict: Verdict
    comment: str
    month: str
    with_a_code: bool
    share: Wish
    shown: Shown
    held: bool
    """A rule holds it until somebody has read it."""

    urgent: bool


@dataclass(frozen=True, slots=True)
class RoundLine:
    """Invitations made at once: how many, how many were used, by whom and when. No organisation: for the whole place."""

    id: UUID
    asked: int
    answered: int
    organisation: str | None
    made_at: datetime
    can_be_shown: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands beside the counts on a promise's page: whether people are asked, who invited whom, and what people saw."""

    is_asked: bool
    judged: bool
    rounds: list[RoundLine]
    seen: list[Seen]


# ---- who may ---------------------------------------------------------------------------------------------------------


def is_of(member: Member) -> UUID | None:
    """The organisation in whose name a coordinator acts; None: for the whole place."""
    held = reach(member.grants, (Role.COORDINATOR,))
    return None if held is None or len(held) != 1 else next(iter(held))


def may_invite(reads: ReadSession, member: Member, promise: Promise) -> bool:
    """A coordinator who is not of the maker, and did not write down its claim."""
    coordinates = any(grant.role == Role.COORDINATOR for grant in member.grants)
    own = works_for(member.grants, promise.maker_id) or find_claimant(reads, promise) == member.person.staff_id
    return coordinates and not own


def may_read_words(member: Member, promise: Promise) -> bool:
    """Who reads what people saw before it is shown: those at the desk for the whole place, and those of the maker."""
    return reaches(member.grants, AT_THE_DESK, promise.maker_id)


def may_decide(member: Member, promise: Promise) -> bool:
    """Who puts it before everybody: somebody for the whole place who does not work for the maker."""
    return reach(member.grants, DECIDERS) is None and not works_for(member.grants, promise.maker_id)


# ---- what there is ---------------------------------------------------------------------------------------------------


def find_shown(reads: ReadSession, place_id: UUID, promise_id: UUID) -> list[Seen]:
    """What people saw, as everybody may read it, the newest month first."""
    return [seen for seen in _find_seen(reads, place_id, promise_id) if seen.shown == Shown.PUBLISHED]


def find_seen(reads: ReadSession, member: Member, promise: Promise) -> list[Seen]:
    """What people saw, as this member may read it: what waits for a decision first."""
    found = _find_seen(reads, member.place.id, promise.id)
    if not may_read_words(member, promise):
        found = [seen for seen in found if seen.shown == Shown.PUBLISHED]
    return sorted(found, key=lambda seen: (not seen.urgent, not seen.held, seen.shown != Shown.WAITING))


def _find_seen(reads: ReadSession, place_id: UUID, promise_id: UUID) -> list[Seen]:
    query = select(PromiseCheck).where(
        PromiseCheck.collaboration_id == place_id, PromiseCheck.promise_id == promise_id, col(PromiseCheck.comment).is_not(None)
    )
    rows = reads.exec(query.order_by(col(PromiseCheck.month).desc(), col(PromiseCheck.id)))
    return [_seen(row) for row in rows]


def _seen(row: PromiseCheck) -> Seen:
    return Seen(
        id=row.id,
        verdict=row.verdict,
        comment=row.comment or "",
        month=row.month,
        with_a_code=rules.counts_fully(row.came),
        share=row.share,
        shown=row.shown,
        held=row.severity is not None,
        urgent=row.severity in (Severity.RISK, Severity.URGENT),
    )


def find_rounds(
    reads: ReadSession, place_id: UUID, promise_id: UUID, member: Member | None = None, now: datetime | None = None
) -> list[RoundLine]:
    """The invitations of a promise, the newest first. `member`: whose own fresh codes can still be shown."""
    same = and_(col(CheckInvitation.collaboration_id) == CheckRound.collaboration_id, col(CheckInvitation.round_id) == CheckRound.id)
    used = and_(
        col(PromiseCheck.collaboration_id) == CheckInvitation.collaboration_id, col(PromiseCheck.invitation_id) == CheckInvitation.id
    )
    of = and_(col(Organisation.collaboration_id) == CheckRound.collaboration_id, col(Organisation.id) == CheckRound.organisation_id)
    facts = [col(getattr(CheckRound, name)) for name in ("id", "staff_id", "made_at")]
    query = (
        columns(*facts, col(Organisation.name), func.count(), func.count(col(PromiseCheck.id)))
        .select_from(CheckRound)
        .join(CheckInvitation, same)
        .join(PromiseCheck, used, isouter=True)
        .join(Organisation, of, isouter=True)
        .where(col(CheckRound.collaboration_id) == place_id, col(CheckRound.promise_id) == promise_id)
        .group_by(*facts, col(Organisation.name))
        .order_by(col(CheckRound.id).desc())
    )
    return [
        RoundLine(id_, asked, answered, name, at, member is not None and now is not None and _is_fresh(member, staff_id, at, now))
        for id_, staff_id, at, name, asked, answered in reads.execute(query)
    ]


def find_codes(reads: ReadSession, keys: ServerKeys, member: Member, promise_id: UUID, round_id: UUID, now: datetime) -> list[str]:
    """Fresh codes, for who made them; none for anybody else, or when their time is over."""
    made = reads.get(CheckRound, (member.place.id, round_id))
    if made is None or made.promise_id != promise_id or not _is_fresh(member, made.staff_id, made.made_at, now):
        return []
    query = select(CheckInvitation).where(CheckInvitation.collaboration_id == member.place.id, CheckInvitation.round_id == round_id)
    found = []
    for row in reads.exec(query.order_by(col(CheckInvitation.number))):
        key = keys.version(row.key_version)
        if key is not None:
            found.append(shown(code_of(key, row.id)))
    return found


def _is_fresh(member: Member, staff_id: UUID, made_at: datetime, now: datetime) -> bool:
    return staff_id == member.person.staff_id and made_at <= now < made_at + SHOWN_FOR


def find_asked(reads: ReadSession, place_id: UUID, promise: Promise) -> Asked:
    """What everybody reads beside the counts."""
    return Asked(
        is_asked=rules.may_be_checked(promise.side, promise.standing),
        judged=promise.standing in rules.JUDGED,
        rounds=find_rounds(reads, place_id, promise.id),
        seen=find_shown(reads, place_id, promise.id),
    )
