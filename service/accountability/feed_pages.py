"""Feeds: of a place, of one area, of one promise. Anybody's reader may follow them; nobody is counted."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from service.accountability.feeds import Feed, feed_of_place, feed_of_promise
from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.doors import Router
from service.errors import NotFound
from service.html import page
from service.page_cache import keep
from service.people.access import ANYONE, Place
from service.places.queries import PlaceCard, find_area_choices
from service.promises.queries import get_promise

router = Router(prefix="/{c}", dependencies=[ANYONE], include_in_schema=False)


class AtomResponse(Response):
    """A feed."""

    media_type = "application/atom+xml; charset=utf-8"


@router.get("/feed.atom", name="accountability.feed")
def place_feed(request: Request, place: Place, reads: Reads, now: Now, area: Annotated[str, Query(max_length=40)] = "") -> AtomResponse:
    """What was answered and what became of promises, in the whole place or in one area. Raises: NotFound for an area that is not there."""
    keep(request, reads, place)
    names = {choice.code: choice.name for choice in find_area_choices(reads, place.id)}
    if area and area not in names:
        raise NotFound
    feed = feed_of_place(reads, place, now, area or None)
    return _answer(request, place, feed, about=names.get(area), route="feedback.said", self_route="accountability.feed", area=area)


@router.get("/promises/{promise_id}/feed.atom", name="accountability.promise_feed")
def promise_feed(request: Request, place: Place, promise_id: UUID, reads: Reads, now: Now) -> AtomResponse:
    """What was said of one promise."""
    keep(request, reads, place)
    row = get_promise(reads, place.id, promise_id, local_day(now, place.time_zone)).row
    feed, about = feed_of_promise(reads, place, now, promise_id), row.promise.summary or row.promise.text
    names = {"route": "promises.show", "self_route": "accountability.promise_feed"}
    return _answer(request, place, feed, about=about, **names, promise_id=promise_id)


def _answer(
    request: Request, place: PlaceCard, feed: Feed, *, about: str | None, route: str, self_route: str, **named: object
) -> AtomResponse:
    """The feed as Atom. Its addresses are whole, so that a reader may keep it anywhere."""
    written = page(
        request,
        "accountability/feed.html",
        place=place,
        feed=feed,
        about=about,
        base=request.app.state.settings.public_url,
        route=route,
        self_route=self_route,
        named=named,
    )
    kept = {name: written.headers[name] for name in ("Content-Language", "Cache-Control", "Vary")}
    return AtomResponse(written.body, headers=kept)
