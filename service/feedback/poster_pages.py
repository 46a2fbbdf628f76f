"""Posters and slips to print: a picture that leads a phone to the form, for a place, an area, a topic."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from service.database import Reads, ReadSession
from service.doors import Router
from service.errors import NotFound
from service.html import PRIVATE, Form, language_of, page
from service.people.access import ANYONE, AtWork, Place, held
from service.people.models import AT_THE_DESK
from service.places.queries import Choice, PlaceCard, find_area_choices, find_topic_choices
from service.places.rules import WHOLE_PLACE
from service.qr import picture_of

public = Router(dependencies=[ANYONE], include_in_schema=False)
router = Router(include_in_schema=False)

Size = Literal["a4", "a5", "slips"]
SLIPS = 8
"""On one sheet of A4."""


@public.get("/{c}/posters", name="feedback.posters")
def choose(request: Request, place: Place, reads: Reads) -> HTMLResponse:
    """Which poster."""
    facts: dict[str, Any] = {"areas": find_area_choices(reads, place.id), "whole_place": WHOLE_PLACE}
    return page(request, "feedback/posters.html", place=place, here="posters", **facts)


@public.get("/{c}/posters/{area}", name="feedback.poster")
def poster(request: Request, place: Place, area: str, reads: Reads, size: Size = "a4") -> HTMLResponse:
    """A sheet to print, for an area or the whole place. Raises: NotFound where there is no such area."""
    areas = {one.code: one for one in find_area_choices(reads, place.id)}
    if area != WHOLE_PLACE and area not in areas:
        raise NotFound
    return _sheet(request, place, size, area=areas.get(area))


@router.get("/staff/{c}/posters", name="feedback.desk_posters")
def make(
    request: Request,
    member: AtWork,
    reads: Reads,
    area: Annotated[str, Query(max_length=40)] = "",
    topic: Annotated[str, Query(max_length=40)] = "",
    label: Annotated[str, Query(max_length=80)] = "",
    size: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """A sheet for an event or a house as well, with a line of one's own on it; without a size, what can be chosen."""
    held(member, *AT_THE_DESK)
    areas, topics = _known(reads, member.place)
    if size in ("a4", "a5", "slips"):
        return _sheet(request, member.place, size, areas.get(area), topics.get(topic), label.strip(), member=member)
    facts: dict[str, Any] = {"areas": list(areas.values()), "topics": list(topics.values()), "form": Form()}
    return page(request, "feedback/desk_posters.html", place=member.place, member=member, here="posters", headers=PRIVATE, **facts)


def _known(reads: ReadSession, place: PlaceCard) -> tuple[dict[str, Choice], dict[str, Choice]]:
    areas, topics = find_area_choices(reads, place.id), find_topic_choices(reads, place.id)
    return {one.code: one for one in areas}, {one.code: one for one in topics}


def _sheet(
    request: Request,
    place: PlaceCard,
    size: str,
    area: Choice | None = None,
    topic: Choice | None = None,
    label: str = "",
    **facts: Any,
) -> HTMLResponse:
    spoken = language_of(request, place).code
    asked = {"topic": topic.code if topic else "", "lang": spoken if spoken != place.languages[0] else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    path = f"/{place.slug}/tell" + (f"/{area.code}" if area else "") + (f"?{query}" if query else "")
    address = request.app.state.settings.public_url + path
    return page(
        request,
        "feedback/poster.html",
        place=place,
        here="posters",
        headers=PRIVATE if facts else {},
        size=size,
        slips=SLIPS,
        about=[one for one in (label, area.name if area else "", topic.name if topic else "") if one],
        address=address,
        picture=picture_of(address),
        **facts,
    )
