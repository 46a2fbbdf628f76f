"""Places as everybody meets them: the list, and who runs one."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.doors import Router
from service.html import page
from service.people.access import ANYONE, Place
from service.places import rules
from service.places.models import Threshold
from service.places.queries import find_places, get_runners

router = Router(dependencies=[ANYONE], include_in_schema=False)


@router.get("/", name="places.list")
def list_places(request: Request, reads: Reads) -> HTMLResponse:
    """The collaborations of this installation."""
    return page(request, "places/list.html", places=find_places(reads))


@router.get("/{c}/about", name="places.about")
def about(request: Request, place: Place, reads: Reads, now: Now) -> HTMLResponse:
    """Who runs it, who reads what is said, what is kept."""
    today = local_day(now, place.time_zone)
    runners = get_runners(reads, place.id, on=today)
    facts: dict[str, Any] = {"runners": runners, "today": today, "thresholds": tuple(Threshold)}
    return page(request, "places/about.html", place=place, here="about", **facts)


@router.get("/{c}/accessibility", name="places.accessibility")
def accessibility(request: Request, place: Place, reads: Reads, now: Now) -> HTMLResponse:
    """The accessibility statement, in the place's own name."""
    today = local_day(now, place.time_zone)
    facts: dict[str, Any] = {
        "runner": get_runners(reads, place.id, on=today).organisation,
        "enforcer": rules.enforcer_of(place.working_days.region),
        "aim": place.thresholds.on(Threshold.ANSWER_WITHIN, today),
        "made_on": rules.STATED_ON,
        "looked_on": max(place.accessibility_on or rules.STATED_ON, rules.STATED_ON),
    }
    return page(request, "places/accessibility.html", place=place, here="accessibility", **facts)
