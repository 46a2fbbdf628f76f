"""Promises as everybody meets them: the list, and one with its three voices."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.checks.queries import find_asked
from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.doors import Router
from service.html import PRIVATE, page
from service.loop.queries import count_led, find_shown_themes
from service.people.access import ANYONE, Place
from service.promises import rules
from service.promises.queries import Wanted, count_parts, find_promises_by_need, get_promise
from service.promises.step_queries import find_beside

router = Router(prefix="/{c}/promises", dependencies=[ANYONE], include_in_schema=False)

NOT_COUNTED = tuple(part for part in rules.Part if part not in rules.COUNTED)


@router.get("", name="promises.list")
def list_promises(request: Request, place: Place, reads: Reads, now: Now) -> HTMLResponse:
    """Every promise, what needs attention first, with the count of those that fell due."""
    today = local_day(now, place.time_zone)
    return page(
        request,
        "promises/list.html",
        place=place,
        here="promises",
        rows=find_promises_by_need(reads, place.id, today, Wanted()),
        parts=count_parts(reads, place.id, today),
        counted=rules.COUNTED,
        not_counted=NOT_COUNTED,
    )


@router.get("/{promise_id}", name="promises.show")
def show(request: Request, place: Place, promise_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One promise: what its maker says, what was found, what residents say, and its history.

    Never kept in the page cache: each rendering carries a key of its own, so that two taps are one check.
    """
    today = local_day(now, place.time_zone)
    account = get_promise(reads, place.id, promise_id, today)
    facts: dict[str, Any] = {
        "account": account,
        "asked": find_asked(reads, place.id, account.row.promise),
        "beside": find_beside(reads, account.row.promise, today),
        "check_key": str(uuid4()),
        "led_by": count_led(reads, place.id, promise_id),
        "led_themes": find_shown_themes(reads, place.id, promise_id),
    }
    return page(request, "promises/show.html", place=place, here="promises", headers=PRIVATE, **facts)
