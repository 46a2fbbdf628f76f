"""Transfers as everybody meets them: what passes to the community, who can use it, and what was found."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.assets.queries import find_transfers, get_transfer
from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.doors import Router
from service.html import page
from service.page_cache import keep
from service.people.access import ANYONE, Place

router = Router(prefix="/{c}/asset-transfers", dependencies=[ANYONE], include_in_schema=False)


@router.get("", name="assets.list")
def list_transfers(request: Request, place: Place, reads: Reads, now: Now) -> HTMLResponse:
    """Everything that passes, or passed, to the community."""
    keep(request, reads, place)
    rows = find_transfers(reads, place.id, local_day(now, place.time_zone))
    return page(request, "assets/list.html", place=place, here="assets", rows=rows)


@router.get("/{transfer_id}", name="assets.show")
def show_transfer(request: Request, place: Place, transfer_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One of them."""
    keep(request, reads, place)
    account = get_transfer(reads, place, transfer_id, local_day(now, place.time_zone))
    return page(request, "assets/show.html", place=place, here="asset", account=account)
