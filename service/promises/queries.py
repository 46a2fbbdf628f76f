"""Asking about promises: lists, one with its three voices, the counts behind the kept rate."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, not_, or_, true
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from service.checks.counts import find_residents
from service.checks.models import Residents
from service.checks.rules import disagreement, phase_of
from service.database import ReadSession
from service.errors import NotFound
from service.journal.models import ActorKind
from service.language import _
from service.people.models import Member, Role
from service.places.models import Area, Organisation
from service.places.queries import find_last_of_organisations
from service.promises import rules
from service.promises.models import Progress, ProgressOut, Promise, PromiseOut, Side, Standing, Voice

CLAIMING = (Standing.UNDER_WAY, Standing.STALLED, Standing.CLAIMED_KEPT, Standing.BROKEN, Standing.CHANGED)
FINDING = (Standing.KEPT, Standing.PARTLY_KEPT, Standing.DISPUTED, Standing.RELEASED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which promises are asked for; what is not named does not matter. `maker` and `area` are codes."""

    state: Standing | None = None
    maker: str | None = None
    area: str | None = None
    due_before: date | None = None
    overdue: bool = False
    ids: Collection[UUID] | None = None
    deals: Collection[UUID] | None = None
    drafts_of: frozenset[UUID] | None = frozenset()
    """Whose drafts and proposals as well, for the staff who write them, with those of the community's part; None: everybody's."""


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise with the names around it, as lists and pages show it."""

    promise: Promise
    maker: str | None
    maker_code: str | None
    area: str | None
    area_code: str | None
    overdue: bool
    review_due: bool

    @property
    def id(self) -> UUID:
        return self.promise.id


@dataclass(frozen=True, slots=True)
class PromiseAccount:
    """One promise with everything that was said about it, oldest first, and the three voices."""

    row: PromiseRow
    history: list[ProgressOut]
    claim: Voice
    evidence: Voice
    residents: Residents
    disagreement: str | None
    """They say that it is done, and others say not: the sentence for it."""
    waiting_for: Standing | None
    """In a dispute: what one checker found, while a second one is awaited."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Our promises by their part in the count. Units: promises. `kept` of `due`; both 0 when nothing was due."""

    by_part: Counter[rules.Part] = field(default_factory=Counter)

    @property
    def kept(self) -> int:
        return self.by_part[rules.Part.KEPT]

    @property
    def due(self) -> int:
        return sum(self.by_part[part] for part in rules.COUNTED)

    @property
    def not_counted(self) -> int:
        return sum(self.by_part.values()) - self.due


def find_promises(
    reads: ReadSession, place_id: UUID, today: date, wanted: Wanted, *, after: UUID | None = None, most: int | None = None
) -> list[PromiseRow]:
    """The promises of a collaboration, in the order in which they were added; those after one when a page begins there."""
    query = _rows(place_id).order_by(col(Promise.id)).limit(most)
    if after:
        query = query.where(col(Promise.id) > after)
    return [_row(today, *found) for found in reads.execute(_narrowed(query, wanted, today))]


def find_promises_by_need(reads: ReadSession, place_id: UUID, today: date, wanted: Wanted) -> list[PromiseRow]:
    """The promises of a collaboration, what needs attention first: late, disputed, not checked, stuck, under way, then what is settled."""
    late = and_(col(Promise.standing).in_(rules.OPEN), col(Promise.due_on) < today)
    order = [
        Standing.DISPUTED,
        Standing.CLAIMED_KEPT,
        Standing.STALLED,
        Standing.UNDER_WAY,
        Standing.MADE,
        Standing.TAKEN_UP,
        Standing.INVITED,
        Standing.PAUSED,
    ]
    order += [Standing.PROPOSED, Standing.DRAFT]
    ranks = [(late, 0), *((col(Promise.standing) == standing, place) for place, standing in enumerate(order, 1))]
    by_need = case(*ranks, else_=len(order) + 1)
    query = _rows(place_id).order_by(by_need, col(Promise.due_on).is_(None), col(Promise.due_on), col(Promise.id))
    return [_row(today, *found) for found in reads.execute(_narrowed(query, wanted, today))]


def waits_since() -> ColumnElement[datetime]:
    """When a promise came to stand where it stands."""
    moved = and_(
        col(Progress.collaboration_id) == Promise.collaboration_id,
        col(Progress.promise_id) == Promise.id,
        col(Progress.moved_to) == Promise.standing,
    )
    return func.coalesce(select(func.max(Progress.at)).where(moved).correlate(Promise).scalar_subquery(), col(Promise.changed_at))


def to_check_by(member: Member) -> ColumnElement[bool]:
    """Which promises wait for a check that this member may give: of another maker, claimed by somebody else, not yet judged by them."""
    held = {grant.organisation_id for grant in member.grants if grant.role == Role.COORDINATOR}
    own = {grant.organisation_id for grant in member.grants} - {None}
    if not held:
        return false()
    of_it = and_(col(Progress.collaboration_id) == Promise.collaboration_id, col(Progress.promise_id) == Promise.id)
    last = select(Progress.actor_id).where(of_it, col(Progress.moved_to) == Standing.CLAIMED_KEPT).order_by(col(Progress.number).desc())
    claimant = last.limit(1).correlate(Promise).scalar_subquery()
    begun = aliased(Progress)
    moves = and_(col(begun.collaboration_id) == Promise.collaboration_id, col(begun.promise_id) == Promise.id)
    dispute = select(func.max(begun.number)).where(moves, col(begun.moved_to).is_not(None)).correlate(Promise).scalar_subquery()
    verdict = and_(col(Progress.actor_id) == member.person.staff_id, col(Progress.asked_for).is_not(None), col(Progress.number) > dispute)
    judged = select(Progress.id).where(of_it, verdict).correlate(Promise).exists()
    return and_(
        col(Promise.collaboration_id) == member.place.id,
        col(Promise.side) == Side.OUR_PART,
        col(Promise.standing).in_((Standing.CLAIMED_KEPT, Standing.DISPUTED)),
        col(Promise.maker_id).not_in(own) if own else true(),
        claimant.is_distinct_from(member.person.staff_id),
        not_(judged),
    )


def get_promise(
    reads: ReadSession, place_id: UUID, promise_id: UUID, today: date, *, drafts_of: frozenset[UUID] | None = frozenset()
) -> PromiseAccount:
    """One promise with its history. Raises: NotFound, also for a draft that the asker may not see."""
    query = _narrowed(_rows(place_id).where(Promise.id == promise_id), Wanted(drafts_of=drafts_of), today)
    found = reads.execute(query).first()
    if found is None:
        raise NotFound
    return find_accounts(reads, place_id, [_row(today, *found)], today)[0]


def find_accounts(reads: ReadSession, place_id: UUID, rows: list[PromiseRow], today: date) -> list[PromiseAccount]:
    """These promises with their histories and what residents say, in a few more queries."""
    histories = find_histories(reads, place_id, [row.id for row in rows])
    phases = {one: phase_of((at, entry.moved_from, entry.moved_to) for at, entry in enumerate(said, 1)) for one, said in histories.items()}
    residents = find_residents(reads, place_id, phases, today)
    return [_account(row, histories[row.id], residents[row.id]) for row in rows]


def find_histories(reads: ReadSession, place_id: UUID, ids: list[UUID]) -> dict[UUID, list[ProgressOut]]:
    """What was said about each of these promises, oldest first."""
    found: dict[UUID, list[ProgressOut]] = {promise_id: [] for promise_id in ids}
    query = (
        select(Progress, Organisation.name)
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == Progress.collaboration_id, col(Organisation.id) == Progress.organisation_id),
            isouter=True,
        )
        .where(Progress.collaboration_id == place_id, col(Progress.promise_id).in_(ids))
        .order_by(col(Progress.promise_id), col(Progress.number))
    )
    for entry, name in reads.exec(query):
        checks = entry.actor_kind == ActorKind.RESIDENT
        found[entry.promise_id].append(
            ProgressOut(
                at=entry.at,
                by=_("Residents’ checks") if checks else name,
                by_checks=checks,
                note=_(entry.note) if checks else entry.note,
                evidence=entry.evidence,
                reason=entry.reason,
                asked_for=entry.asked_for,
                moved_from=entry.moved_from,
                moved_to=entry.moved_to,
            )
        )
    return found


def count_parts(reads: ReadSession, place_id: UUID, today: date) -> Parts:
    """How our promises stand in the count today. Source: docs/measures.md#promise-kept-rate."""
    facts = [col(getattr(Promise, name)) for name in ("standing", "due_on", "community_agreed", "first_settled_on")]
    query = (
        columns(*facts, func.count())
        .where(col(Promise.collaboration_id) == place_id, col(Promise.side) == Side.OUR_PART, col(Promise.standing).in_(rules.PUBLIC))
        .group_by(*facts)
    )
    parts: Counter[rules.Part] = Counter()
    for standing, due_on, agreed, before, count in reads.execute(query):
        part = rules.part_of(Standing(standing), due_on, today, community_agreed=agreed, settled_before=before is not None)
        parts[part] += count
    return Parts(parts)


def count_overdue(reads: ReadSession, place_id: UUID, today: date) -> int:
    """Promises of ours that are late today. Units: promises."""
    late = and_(col(Promise.standing).in_(rules.OPEN), col(Promise.due_on) < today, col(Promise.side) == Side.OUR_PART)
    return reads.exec(select(func.count()).select_from(Promise).where(Promise.collaboration_id == place_id, late)).one()


def find_claimant(reads: ReadSession, promise: Promise) -> UUID | None:
    """Who last wrote down that it is kept, while that waits for a check or is disputed."""
    if promise.standing not in (Standing.CLAIMED_KEPT, Standing.DISPUTED):
        return None
    query = select(Progress.actor_id).where(
        Progress.collaboration_id == promise.collaboration_id,
        Progress.promise_id == promise.id,
        Progress.moved_to == Standing.CLAIMED_KEPT,
    )
    return reads.exec(query.order_by(col(Progress.number).desc())).first()


def find_last_said(reads: ReadSession, place_id: UUID) -> dict[UUID, datetime]:
    """By organisation: when it last made a promise or said something about one. What others collected of it does not count."""
    said_itself = or_(col(Promise.origin).is_(None), col(Promise.origin).startswith("key:"))
    public = col(Promise.standing).in_(rules.PUBLIC)
    made = find_last_of_organisations(reads, place_id, Promise.added_at, Promise.maker_id, said_itself, public)
    reported = find_last_of_organisations(reads, place_id, Progress.at, Progress.organisation_id)
    return {one: max(found[one] for found in (made, reported) if one in found) for one in made.keys() | reported.keys()}


def promise_out(account: PromiseAccount) -> PromiseOut:
    """A promise as the API answers it."""
    row, promise = account.row, account.row.promise
    return PromiseOut(
        id=promise.id,
        side=promise.side,
        text=promise.text,
        summary=promise.summary,
        maker=row.maker_code,
        made_on=promise.made_on,
        due_on=promise.due_on,
        review_by=promise.review_by,
        kept_when=promise.kept_when,
        source=promise.source,
        deal=promise.deal,
        deal_id=promise.deal_id,
        owner=promise.owner,
        audience=promise.audience,
        area=row.area_code,
        whole_place=promise.whole_place,
        state=promise.standing,
        overdue=row.overdue,
        review_due=row.review_due,
        claimed_on=promise.claimed_on,
        settled_on=promise.settled_on,
        successor=promise.successor_id,
        community_agreed=promise.community_agreed,
        released_by=promise.released_by,
        released_on=promise.released_on,
        claim=account.claim,
        evidence=account.evidence,
        residents=account.residents,
        disagreement=account.disagreement,
        history=account.history,
    )


def _rows(place_id: UUID) -> Any:
    return (
        columns(Promise, col(Organisation.name), col(Organisation.code), col(Area.name), col(Area.code))
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == Promise.collaboration_id, col(Organisation.id) == Promise.maker_id),
            isouter=True,
        )
        .join(Area, and_(col(Area.collaboration_id) == Promise.collaboration_id, col(Area.id) == Promise.area_id), isouter=True)
        .where(col(Promise.collaboration_id) == place_id)
    )


def is_shown(drafts_of: frozenset[UUID] | None) -> ColumnElement[bool]:
    """Which promises are shown to somebody who may know of these organisations' drafts (None: of everybody's)."""
    public = col(Promise.standing).in_(rules.PUBLIC)
    own = or_(col(Promise.maker_id).is_(None), col(Promise.maker_id).in_(drafts_of or ()))
    return true() if drafts_of is None else or_(public, own) if drafts_of else public


def _narrowed(query: Any, wanted: Wanted, today: date) -> Any:
    query = query.where(is_shown(wanted.drafts_of))
    if wanted.ids is not None:
        query = query.where(col(Promise.id).in_(wanted.ids))
    if wanted.deals is not None:
        query = query.where(col(Promise.deal_id).in_(wanted.deals))
    if wanted.state is not None:
        query = query.where(Promise.standing == wanted.state)
    if wanted.maker is not None:
        query = query.where(Organisation.code == wanted.maker)
    if wanted.area is not None:
        query = query.where(Area.code == wanted.area)
    if wanted.due_before is not None:
        query = query.where(col(Promise.due_on) < wanted.due_before)
    if wanted.overdue:
        query = query.where(col(Promise.standing).in_(rules.OPEN), col(Promise.due_on) < today, Promise.side == Side.OUR_PART)
    return query


def _row(today: date, promise: Promise, maker: str | None, maker_code: str | None, area: str | None, area_code: str | None) -> PromiseRow:
    return PromiseRow(
        promise=promise,
        maker=maker,
        maker_code=maker_code,
        area=area,
        area_code=area_code,
        overdue=rules.is_overdue(promise.side, promise.standing, promise.due_on, today),
        review_due=rules.is_review_due(promise.standing, promise.review_by, today),
    )


def _account(row: PromiseRow, history: list[ProgressOut], residents: Residents) -> PromiseAccount:
    waiting = None
    if row.promise.standing == Standing.DISPUTED and history and history[-1].moved_to is None:
        waiting = history[-1].asked_for
    return PromiseAccount(
        row=row,
        history=history,
        claim=_voice(history, CLAIMING),
        evidence=_voice(history, FINDING),
        residents=residents,
        disagreement=disagreement(row.promise.standing, residents),
        waiting_for=waiting,
    )


def _voice(history: list[ProgressOut], standings: tuple[Standing, ...]) -> Voice:
    """The last thing that one side said. What residents say is the third voice, and has a place of its own."""
    said = [entry for entry in history if entry.moved_to in standings and not entry.by_checks]
    return Voice(says=said[-1].moved_to, note=said[-1].note, at=said[-1].at) if said else Voice(says=None, note=None, at=None)
