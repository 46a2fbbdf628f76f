"""Asking about transfers: all of them, and one with who can use it before and after."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.assets import rules
from service.assets.models import AssetAccess, AssetMove, AssetTransfer, Standing
from service.assets.rules import Shown
from service.database import ReadSession
from service.disclosure import ROUNDED_TO, count_people
from service.errors import NotFound
from service.people.models import Member, Role
from service.people.rules import reach
from service.places.models import Area, Organisation, Threshold
from service.places.queries import PlaceCard


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer in a list. `large`: what is shown says that more than a fifth of some group is lost."""

    id: UUID
    asset: str
    about: str | None
    organisation: str
    organisation_code: str
    area: str | None
    standing: Standing
    plan: str | None
    planned_on: date | None
    moved_on: date | None
    review_on: date | None
    review_due: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Who can use it: figures of one group. `large` None: too few to say. To staff the figures are exact, and so is what is said."""

    people: str
    before: int | None
    after: int | None
    counted_after: bool
    large: bool | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of its history."""

    standing: Standing
    moved: bool
    """Not only a note."""
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TransferAccount:
    """One transfer with its groups and its history, the newest first."""

    row: TransferRow
    groups: list[Group]
    steps: list[Step]
    fewest: int
    """Fewer people than this are shown to staff only."""

    @property
    def lost(self) -> list[str]:
        """The groups of which more than a fifth is lost, by name."""
        return [group.people for group in self.groups if group.large]


def may_speak(member: Member) -> bool:
    """Whether somebody proposes transfers and writes notes: every coordinator."""
    return any(grant.role == Role.COORDINATOR for grant in member.grants)


def may_move(member: Member) -> bool:
    """Whether somebody says how far a transfer is: not who takes over, nor who gives, but coordinators of the whole place."""
    return reach(member.grants, (Role.COORDINATOR,)) is None


def get_row(reads: ReadSession, place_id: UUID, transfer_id: UUID, *, held: bool = False) -> AssetTransfer:
    """The row of a transfer. Raises: NotFound. `held`: nobody else changes it until the transaction is over."""
    query = select(AssetTransfer).where(AssetTransfer.collaboration_id == place_id, AssetTransfer.id == transfer_id)
    if held:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = reads.exec(query).first()
    if found is None:
        raise NotFound
    return found


def find_transfers(reads: ReadSession, place_id: UUID, today: date) -> list[TransferRow]:
    """Every transfer of a place, those first in which something is still to be done."""
    over = case((col(AssetTransfer.standing).in_(rules.OPEN), 0), else_=1)
    query = _rows(place_id).order_by(over, col(AssetTransfer.review_on).is_(None), col(AssetTransfer.review_on), col(AssetTransfer.id))
    return [_row(today, *found) for found in reads.execute(query)]


def get_transfer(reads: ReadSession, place: PlaceCard, transfer_id: UUID, today: date, *, exact: bool = False) -> TransferAccount:
    """One transfer, with counts of people as everybody may read them; `exact` is for staff. Raises: NotFound."""
    found = reads.execute(_rows(place.id).where(col(AssetTransfer.id) == transfer_id)).first()
    if found is None:
        raise NotFound
    groups = reads.exec(
        select(AssetAccess)
        .where(AssetAccess.collaboration_id == place.id, AssetAccess.transfer_id == transfer_id)
        .order_by(col(AssetAccess.people), col(AssetAccess.id))
    )
    fewest = place.thresholds.on(Threshold.FEWEST_PEOPLE, today)
    shown = [_exact(group) if exact else _protected(group, fewest) for group in groups]
    return TransferAccount(_row(today, *found), shown, _steps(reads, place.id, transfer_id), fewest)


def _rows(place_id: UUID) -> Any:
    here = col(AssetTransfer.collaboration_id)
    taker = and_(col(Organisation.collaboration_id) == here, col(Organisation.id) == AssetTransfer.organisation_id)
    area = and_(col(Area.collaboration_id) == here, col(Area.id) == AssetTransfer.area_id)
    named = columns(AssetTransfer, col(Organisation.name), col(Organisation.code), col(Area.name))
    return named.join(Organisation, taker).join(Area, area, isouter=True).where(here == place_id)


def _row(today: date, row: AssetTransfer, organisation: str, code: str, area: str | None) -> TransferRow:
    return TransferRow(
        id=row.id,
        asset=row.asset,
        about=row.about,
        organisation=organisation,
        organisation_code=code,
        area=area,
        standing=Standing(row.standing),
        plan=row.plan,
        planned_on=row.planned_on,
        moved_on=row.moved_on,
        review_on=row.review_on,
        review_due=rules.is_review_due(Standing(row.standing), row.review_on, today),
    )


def _exact(group: AssetAccess) -> Group:
    large = rules.is_large(group.before, group.after) if group.after is not None else None
    return Group(group.people, group.before, group.after, group.after is not None, large)


def _protected(group: AssetAccess, fewest: int) -> Group:
    before = shown_count(group.before, fewest)
    after = shown_count(group.after, fewest) if group.after is not None else None
    large = rules.shown_drop(before, after) if after is not None else None
    return Group(group.people, before.value, after.value if after else None, after is not None, large)


def shown_count(count: int, fewest: int) -> Shown:
    """A count as everybody may read it, and between what it can lie for whoever reads it."""
    value = count_people(count, fewest).value
    if value is None:
        return Shown(None, 1, fewest - 1)
    around = ROUNDED_TO // 2
    return Shown(value, max(value - around, fewest), value + around) if value else Shown(0, 0, 0)


def _steps(reads: ReadSession, place_id: UUID, transfer_id: UUID) -> list[Step]:
    query = select(AssetMove).where(AssetMove.collaboration_id == place_id, AssetMove.transfer_id == transfer_id)
    steps, before = [], Standing.PROPOSED
    for move in reads.exec(query.order_by(col(AssetMove.at), col(AssetMove.id))):
        steps.append(Step(Standing(move.standing), move.standing != before, move.note, move.at))
        before = Standing(move.standing)
    return steps[::-1]
