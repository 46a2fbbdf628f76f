"""Searching as everybody meets it: among what everybody may read."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.doors import Router
from service.findable import Kind
from service.folding import MOST_TYPED, asked
from service.html import Form, page
from service.people.access import ANYONE, Place
from service.search.models import PUBLIC_KINDS, Asker, Wanted
from service.search.queries import find, read_cursor

router = Router(prefix="/{c}/search", dependencies=[ANYONE], include_in_schema=False)


@router.get("", name="search.public")
def search(
    request: Request,
    place: Place,
    reads: Reads,
    now: Now,
    q: str = "",
    kind: str = "",
    after: Annotated[str, Query(max_length=80)] = "",
) -> HTMLResponse:
    """Promises and what became of them, messages that are shown and their answers, stories that are shared."""
    kinds = [Kind(kind)] if kind in PUBLIC_KINDS else list(PUBLIC_KINDS)
    asker = Asker(place.id, place.time_zone, local_day(now, place.time_zone))
    groups = find(reads, asker, Wanted(q), kinds, after=read_cursor(after)) if asked(q) else []
    return page(
        request,
        "search/public.html",
        place=place,
        here="search",
        form=Form(values={"q": q[:MOST_TYPED]}),
        groups=groups,
        looked=bool(asked(q)),
        kind=kinds[0] if len(kinds) == 1 else None,
        after=after,
    )
