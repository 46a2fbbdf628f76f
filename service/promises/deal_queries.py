"""Asking about deals: all of them with what hangs on them, and one with both parts side by side."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from service.database import ReadSession
from service.errors import NotFound
from service.promises.deal_models import Deal, DealLevel, DealRow
from service.promises.models import Promise, Side
from service.promises.queries import PromiseRow, Wanted, find_promises_by_need


@dataclass(frozen=True, slots=True)
class DealAccount:
    """A deal with its promises, what needs attention first. Its standing is this list, and no score."""

    deal: DealRow
    ours: tuple[PromiseRow, ...]
    yours: tuple[PromiseRow, ...]
    parent: DealRow | None
    under: tuple["DealAccount", ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing hangs on it, nor on a deal under it."""
        return not (self.ours or self.yours) and all(one.empty for one in self.under)


def get_deal_row(reads: ReadSession, place_id: UUID, deal_id: UUID) -> Deal:
    """The row of a deal. Raises: NotFound."""
    found = reads.get(Deal, (place_id, deal_id))
    if found is None:
        raise NotFound
    return found


def find_deal_named(reads: ReadSession, place_id: UUID, title: str) -> Deal | None:
    """The deal with exactly this title."""
    return reads.exec(select(Deal).where(Deal.collaboration_id == place_id, Deal.title == title.strip())).first()


def find_deals(reads: ReadSession, place_id: UUID) -> list[DealRow]:
    """Every deal of a place, headline deals first, then by title: for staff to choose from."""
    query = select(Deal).where(Deal.collaboration_id == place_id).order_by(col(Deal.level), col(Deal.title), col(Deal.id))
    return [_row(deal) for deal in reads.exec(query)]


def find_makers(reads: ReadSession, deal: Deal) -> set[UUID | None]:
    """Who promised something in a deal; None stands for the community."""
    query = select(Promise.maker_id).where(Promise.collaboration_id == deal.collaboration_id, Promise.deal_id == deal.id).distinct()
    return set(reads.exec(query))


def find_deal_accounts(
    reads: ReadSession, place_id: UUID, today: date, *, drafts_of: frozenset[UUID] | None = frozenset(), empty_too: bool = False
) -> list[DealAccount]:
    """The deals with their promises: headline deals with those under them, then those that stand alone.

    Everybody reads of a deal once something that is published hangs on it, or on one under it; staff see the `empty_too`.
    """
    deals = find_deals(reads, place_id)
    rows = _promises(reads, place_id, today, [deal.id for deal in deals], drafts_of)
    under: dict[UUID, list[DealAccount]] = {}
    by_id = {deal.id: deal for deal in deals}
    for deal in deals:
        if deal.parent_id:
            account = _account(deal, rows.get(deal.id, []), by_id[deal.parent_id])
            under.setdefault(deal.parent_id, []).extend([account] if empty_too or not account.empty else [])
    accounts = [_account(deal, rows.get(deal.id, []), None, under.get(deal.id, [])) for deal in deals if deal.parent_id is None]
    return [account for account in accounts if empty_too or not account.empty]


def get_deal_account(
    reads: ReadSession,
    place_id: UUID,
    deal_id: UUID,
    today: date,
    *,
    drafts_of: frozenset[UUID] | None = frozenset(),
    empty_too: bool = False,
) -> DealAccount:
    """One deal with both parts, and the deals under it. Raises: NotFound, also for one that nobody may read of yet."""
    row = get_deal_row(reads, place_id, deal_id)
    query = select(Deal).where(Deal.collaboration_id == place_id, Deal.parent_id == deal_id).order_by(col(Deal.title), col(Deal.id))
    below = [_row(deal) for deal in reads.exec(query)]
    rows = _promises(reads, place_id, today, [deal_id, *(deal.id for deal in below)], drafts_of)
    deal, parent = _row(row), _row(get_deal_row(reads, place_id, row.parent_id)) if row.parent_id else None
    under = [_account(one, rows.get(one.id, []), deal) for one in below]
    account = _account(deal, rows.get(deal_id, []), parent, [one for one in under if empty_too or not one.empty])
    if account.empty and not empty_too:
        raise NotFound
    return account


def _promises(
    reads: ReadSession, place_id: UUID, today: date, deals: Collection[UUID], drafts_of: frozenset[UUID] | None
) -> dict[UUID, list[PromiseRow]]:
    found: dict[UUID, list[PromiseRow]] = {}
    for row in find_promises_by_need(reads, place_id, today, Wanted(deals=deals, drafts_of=drafts_of)) if deals else ():
        if row.promise.deal_id:
            found.setdefault(row.promise.deal_id, []).append(row)
    return found


def _row(deal: Deal) -> DealRow:
    return DealRow(deal.id, DealLevel(deal.level), deal.title, deal.theme, deal.parent_id, deal.said, deal.since, deal.until)


def _account(deal: DealRow, rows: list[PromiseRow], parent: DealRow | None, under: Collection[DealAccount] = ()) -> DealAccount:
    ours = tuple(row for row in rows if row.promise.side == Side.OUR_PART)
    yours = tuple(row for row in rows if row.promise.side == Side.YOUR_PART)
    return DealAccount(deal, ours, yours, parent, tuple(under))
