"""Doing: checking a promise, inviting people to check it, deciding about what they saw."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.checks import rules
from service.checks.apart import put_apart
from service.checks.codes import code_of, hash_of, hashes_of
from service.checks.counts import tally_of
from service.checks.models import MOST_INVITED, Came, CheckIn, CheckInvitation, CheckRound, PromiseCheck, Shown, Verdict, Wish
from service.checks.queries import is_of, may_decide, may_invite
from service.database import ReadSession, WriteSession
from service.days import day_begins, local_day
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback.models import Capturer, Feedback, State
from service.feedback.queries import get_by_code
from service.feedback.rules import WRONG_CODE
from service.journal.actions import RESIDENT, record
from service.language import _
from service.moderation.guards import screen_words
from service.moderation.models import Severity
from service.people.models import Member
from service.places.models import AreaKind, Organisation
from service.places.queries import PlaceCard, find_area
from service.promises.guards import get_promise_to_check, move_by_checks
from service.promises.models import Progress, Promise, Side, Standing
from service.promises.queries import find_claimant
from service.server_keys import ServerKeys


class WrongCode(Invalid):
    """The code opens nothing here."""

    def __init__(self) -> None:
        super().__init__(FieldError("receipt", _(WRONG_CODE)))


@dataclass(frozen=True, slots=True)
class Checked:
    """A check as it was counted, and where the promise stands now."""

    came: Came
    standing: Standing


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a code opens: a message, an invitation, or nothing that counts."""

    came: Came = Came.OPEN
    message_id: UUID | None = None
    invitation_id: UUID | None = None


def check_promise(writes: WriteSession, keys: ServerKeys, place: PlaceCard, promise_id: UUID, given: CheckIn, now: datetime) -> Checked:
    """Counts what somebody says of a promise, and moves the promise where that is enough.

    With a message's code a later check takes the earlier one's place; an invitation is used once.
    Raises: NotFound, Conflict where nobody is asked, Invalid for an unknown area, WrongCode.
    """
    promise = get_promise_to_check(writes, place, promise_id)
    if not rules.may_be_checked(promise.side, promise.standing):
        raise Conflict(_not_asked(promise))
    area = find_area(writes, place.id, given.area) if given.area else None
    if given.area and (area is None or area.kind in (AreaKind.COMPARATOR, AreaKind.PLACE)):
        raise Invalid(FieldError("area", _("There is no area with this code.")))
    opened = _open(writes, keys, place, promise, given.receipt) if given.receipt else _Opened()
    share = given.share if given.comment else Wish.TEAM_ONLY
    severity = screen_words(writes, place, given.comment)
    waits = severity is not None or share == Wish.WORDS_PUBLIC
    today = local_day(now, place.time_zone)
    said: dict[str, Any] = {
        "phase": _phase(writes, promise),
        "verdict": given.verdict,
        "month": today.isoformat()[:7],
        "area_id": area.id if area else None,
        "comment": given.comment or None,
        "share": share,
        "shown": Shown.WAITING if share == Wish.WORDS_PUBLIC else Shown.NOT_OFFERED,
        "severity": severity,
        "waits_since": day_begins(today, place.time_zone) if waits else None,
    }
    row = _earlier(writes, promise, opened)
    if row is None:
        of: dict[str, Any] = {"promise_id": promise.id, "feedback_id": opened.message_id, "invitation_id": opened.invitation_id}
        row = PromiseCheck(collaboration_id=place.id, came=opened.came, **of, **said)
    for name, value in said.items():
        setattr(row, name, value)
    writes.add(row)
    writes.flush()
    record(writes, RESIDENT, "checked", "promise", promise.id, at=now, collaboration_id=place.id)
    if severity == Severity.URGENT:
        put_apart(writes, keys, place, row, given, now)
    to = rules.move_after(promise.standing, row.verdict, row.came, tally_of(_with_a_code(writes, promise, row.phase)))
    if to is not None:
        move_by_checks(writes, place, promise, to, now)
    return Checked(row.came, promise.standing)


def invite_to_check(writes: WriteSession, keys: ServerKeys, member: Member, promise_id: UUID, number: int, now: datetime) -> CheckRound:
    """Makes so many invitations, each good for one check of this promise. Its maker's own people cannot.

    Raises: NotFound, Refused, Conflict where nobody is asked, Invalid for none or too many.
    """
    place = member.place
    promise = get_promise_to_check(writes, place, promise_id)
    if not may_invite(writes, member, promise):
        raise Refused(_("Somebody who does not work for %(who)s invites people to check this.", who=_maker(writes, promise)))
    if not rules.may_be_checked(promise.side, promise.standing):
        raise Conflict(_not_asked(promise))
    if not 1 <= number <= MOST_INVITED:
        raise Invalid(FieldError("number", _("Choose from %(least)s to %(most)s.", least=1, most=MOST_INVITED)))
    made = CheckRound(
        collaboration_id=place.id,
        promise_id=promise.id,
        staff_id=member.person.staff_id,
        organisation_id=is_of(member),
        made_at=now,
    )
    writes.add(made)
    writes.flush()
    key = keys.current
    for at in range(1, number + 1):
        row = CheckInvitation(collaboration_id=place.id, round_id=made.id, number=at, key_version=key.version, code_hash="")
        row.code_hash = hash_of(key, place.id, code_of(key, row.id))
        writes.add(row)
    writes.flush()
    record(writes, member.actor, "invited_to_check", "promise", promise.id, at=now, collaboration_id=place.id)
    return made


def decide_comment(writes: WriteSession, member: Member, promise_id: UUID, check_id: UUID, now: datetime, *, publish: bool) -> None:
    """Puts what somebody saw before everybody, as they wished, or takes it back from there. Never its maker's own people.

    Raises: NotFound, Refused, Conflict where its sender does not want it shown, or a rule holds it that nobody has answered yet.
    """
    row = _to_decide(writes, member, promise_id, check_id)
    if row.share != Wish.WORDS_PUBLIC:
        raise Conflict(_("Whoever wrote this does not want others to read it."))
    if publish and row.severity is not None:
        raise Conflict(_("It is held. Somebody has to look at it first, and say that it can be shown."))
    row.shown = Shown.PUBLISHED if publish else Shown.WITHHELD
    row.severity = row.waits_since = None
    writes.add(row)
    writes.flush()
    verb = "published" if publish else "withheld"
    record(writes, member.actor, verb, "promise_check", row.id, at=now, collaboration_id=member.place.id, fields=["shown"])


def look_at_comment(writes: WriteSession, member: Member, promise_id: UUID, check_id: UUID, now: datetime) -> bool:
    """Somebody has read what a rule held back, and nothing more is to be done about it; answers whether that was news.

    Raises: NotFound, Refused.
    """
    row = _to_decide(writes, member, promise_id, check_id)
    if row.severity is None:
        return False
    row.severity = None
    row.waits_since = row.waits_since if row.shown == Shown.WAITING else None
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "looked_at", "promise_check", row.id, at=now, collaboration_id=member.place.id, fields=["severity"])
    return True


def _to_decide(writes: WriteSession, member: Member, promise_id: UUID, check_id: UUID) -> PromiseCheck:
    promise = get_promise_to_check(writes, member.place, promise_id)
    if not may_decide(member, promise):
        raise Refused(_("Somebody for the whole place decides this, who does not work for %(who)s.", who=_maker(writes, promise)))
    query = select(PromiseCheck).where(
        PromiseCheck.collaboration_id == member.place.id, PromiseCheck.id == check_id, PromiseCheck.promise_id == promise.id
    )
    row = writes.exec(query.with_for_update()).first()
    if row is None or row.comment is None:
        raise NotFound
    return row


# ---- the steps -------------------------------------------------------------------------------------------------------


def _not_asked(promise: Promise) -> str:
    if promise.side == Side.YOUR_PART:
        return _("Nobody is asked to check what the community takes on.")
    if promise.standing == Standing.CHANGED:
        return _("This promise was changed. What can be checked is the promise that takes its place.")
    return _("This promise was let go. There is nothing left to check.")


def _maker(reads: ReadSession, promise: Promise) -> str:
    maker = reads.get(Organisation, (promise.collaboration_id, promise.maker_id)) if promise.maker_id else None
    return maker.name if maker else ""


def _open(writes: WriteSession, keys: ServerKeys, place: PlaceCard, promise: Promise, code: str) -> _Opened:
    """What a code opens. Raises: WrongCode."""
    try:
        return _receipt(get_by_code(writes, keys, place, code))
    except NotFound:
        of = and_(col(CheckRound.collaboration_id) == CheckInvitation.collaboration_id, col(CheckRound.id) == CheckInvitation.round_id)
        query = (
            select(CheckInvitation.id, CheckRound.staff_id)
            .join(CheckRound, of)
            .where(
                CheckInvitation.collaboration_id == place.id,
                col(CheckInvitation.code_hash).in_(hashes_of(keys, place.id, code)),
                CheckRound.promise_id == promise.id,
            )
        )
        found = writes.exec(query).first()
    if found is None:
        raise WrongCode
    invitation_id, invited_by = found
    # whoever wrote the claim down may still have these codes
    return _Opened() if invited_by == find_claimant(writes, promise) else _Opened(Came.INVITATION, invitation_id=invitation_id)


def _receipt(message: Feedback) -> _Opened:
    """A code counts where a resident told something here themselves. One that a partner's system was given may be the maker's own."""
    if message.state == State.WITHDRAWN:
        raise WrongCode
    own = message.captured_by == Capturer.RESIDENT and not message.on_behalf and message.state != State.NOT_FEEDBACK
    return _Opened(Came.RECEIPT, message_id=message.id) if own else _Opened()


def _earlier(writes: WriteSession, promise: Promise, opened: _Opened) -> PromiseCheck | None:
    """The check that this code gave before. Raises: Invalid for an invitation that was used."""
    if opened.came == Came.OPEN:
        return None
    named = PromiseCheck.feedback_id == opened.message_id if opened.message_id else PromiseCheck.invitation_id == opened.invitation_id
    query = select(PromiseCheck).where(PromiseCheck.collaboration_id == promise.collaboration_id, PromiseCheck.promise_id == promise.id)
    row = writes.exec(query.where(named)).first()
    if row is not None and opened.invitation_id:
        raise Invalid(FieldError("receipt", _("This invitation was used already. Each is good for one check.")))
    return row


def _phase(reads: ReadSession, promise: Promise) -> int:
    query = (
        columns(col(Progress.number), col(Progress.moved_from), col(Progress.moved_to))
        .where(col(Progress.collaboration_id) == promise.collaboration_id, col(Progress.promise_id) == promise.id)
        .order_by(col(Progress.number))
    )
    return rules.phase_of((number, moved_from, moved_to) for number, moved_from, moved_to in reads.execute(query))


def _with_a_code(reads: ReadSession, promise: Promise, phase: int) -> Counter[Verdict]:
    """The checks of this phase that came with a code, by what they say."""
    query = (
        columns(col(PromiseCheck.verdict), func.count())
        .where(
            col(PromiseCheck.collaboration_id) == promise.collaboration_id,
            col(PromiseCheck.promise_id) == promise.id,
            col(PromiseCheck.phase) == phase,
            col(PromiseCheck.came) != Came.OPEN,
        )
        .group_by(col(PromiseCheck.verdict))
    )
    return Counter({Verdict(verdict): number for verdict, number in reads.execute(query)})
