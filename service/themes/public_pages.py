"""Themes as everybody meets them."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.clock import Now
from service.database import Reads
from service.doors import Router
from service.html import page
from service.people.access import ANYONE, Place
from service.themes.queries import find_shown_themes

router = Router(prefix="/{c}/themes", dependencies=[ANYONE], include_in_schema=False)


@router.get("", name="themes.shown")
def shown(request: Request, place: Place, reads: Reads, now: Now) -> HTMLResponse:
    """What many told of, how many, and what was answered to all of them."""
    return page(request, "themes/shown.html", place=place, here="themes", themes=find_shown_themes(reads, place, now))
