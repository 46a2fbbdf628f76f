"""“You said, we did” as everybody meets it: what is still open first, then what was done, then every honest no."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from service.clock import Now
from service.database import Reads
from service.days import local_day
from service.doors import Router
from service.feedback.models import NoKind
from service.feedback.published import read_cursor
from service.feedback.said_queries import Part, Said, cursor_of, find_said
from service.html import page
from service.page_cache import keep
from service.people.access import ANYONE, Place
from service.photos.queries import find_shown
from service.places.queries import find_area_choices

router = Router(dependencies=[ANYONE], include_in_schema=False)

A_FEW, A_PAGE = 6, 20
"""Messages of each part where all are shown; of one part alone."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page; `more` is where the next begins."""

    part: Part
    rows: list[Said]
    more: str | None

    @property
    def groups(self) -> list[tuple[NoKind | None, list[Said]]]:
        """The rows as they stand; noes together with those of the same kind of reason."""
        kinds = [kind for kind in (None, *NoKind) if any(row.no_kind == kind for row in self.rows)]
        if self.part != Part.NO:
            return [(None, self.rows)]
        return [(kind, [row for row in self.rows if row.no_kind == kind]) for kind in kinds]


@router.get("/{c}/said-and-done", name="feedback.said")
def show_said(
    request: Request,
    place: Place,
    reads: Reads,
    now: Now,
    part: Annotated[str, Query(max_length=10)] = "",
    area: Annotated[str, Query(max_length=40)] = "",
    why: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> HTMLResponse:
    """What was said and what was done: all three parts, or one of them from where the last page ended."""
    keep(request, reads, place)
    today, areas = local_day(now, place.time_zone), find_area_choices(reads, place.id)
    area = area if area in {choice.code for choice in areas} else ""
    parts = [Part(part)] if part in set(Part) else list(Part)
    no_kind = NoKind(why) if parts == [Part.NO] and why in set(NoKind) else None
    most = A_PAGE if len(parts) == 1 else A_FEW
    sections = []
    for one in parts:
        cursor = read_cursor(after) if len(parts) == 1 else None
        rows = find_said(reads, place, today, one, area=area or None, no_kind=no_kind, after=cursor, most=most + 1)
        sections.append(Section(one, rows[:most], cursor_of(rows[most - 1]) if len(rows) > most else None))
    return page(
        request,
        "feedback/said.html",
        place=place,
        here="said",
        sections=sections,
        alone=parts[0].value if len(parts) == 1 else "",
        area=area,
        areas=areas,
        why=no_kind or "",
        kinds=tuple(NoKind) if parts == [Part.NO] else (),
        nothing=not any(section.rows for section in sections),
        photos=find_shown(reads, place.id, [row.id for section in sections for row in section.rows]),
    )
