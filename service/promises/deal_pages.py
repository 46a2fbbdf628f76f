"""Deals as everybody meets them: all of them, and one with both parts side by side."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.doors import Router
from service.html import page
from service.page_cache import keep
from service.people.access import ANYONE, Place
from service.promises.deal_queries import find_deal_accounts, get_deal_account

router = Router(prefix="/{c}/deals", dependencies=[ANYONE], include_in_schema=False)


@router.get("", name="promises.deals")
def list_deals(request: Request, place: Place, reads: Reads, now: Now) -> HTMLResponse:
    """Every deal that something published hangs on."""
    keep(request, reads, place)
    deals = find_deal_accounts(reads, place.id, local_day(now, place.time_zone))
    return page(request, "promises/deals.html", place=place, here="promises", deals=deals)


@router.get("/{deal_id}", name="promises.deal")
def show_deal(request: Request, place: Place, deal_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One deal: our part and your part."""
    keep(request, reads, place)
    account = get_deal_account(reads, place.id, deal_id, local_day(now, place.time_zone))
    return page(request, "promises/deal.html", place=place, here="promises", account=account)
