"""Whom to ring when somebody needs help now, as administrators say it in each language of the place."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints, create_model

from service import language as tongues
from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import FieldError, Invalid, NotFound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import Administrator
from service.people.models import Member
from service.places.helplines import MOST, Helpline
from service.places.queries import PlaceCard, get_place
from service.places.setting_actions import set_helplines
from service.tables import Plain

router = Router(prefix="/staff/{c}/settings/helplines", include_in_schema=False)

PARTS = ("name", "number", "when", "what")
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), Plain]
FIELDS: Mapping[str, Any] = {f"{part}_{number}": (Short, "") for number in range(1, MOST + 1) for part in PARTS}
HelplinesForm: type[BaseModel] = create_model("HelplinesForm", **FIELDS)
"""Four lines of four fields."""

Saying = Annotated[Form[BaseModel], Depends(form_of(HelplinesForm))]


@router.get("/{language}", name="hosting.helplines")
def lines(request: Request, member: Administrator, language: str, reads: Reads) -> HTMLResponse:
    """What is said in one language."""
    place = get_place(reads, member.place.slug)
    kept = next((one.lines for one in _of(place, language).own_helplines if one.language == language), ())
    values = {f"{part}_{number}": getattr(line, part) for number, line in enumerate(kept, start=1) for part in PARTS}
    return _page(request, member, place, language, Form(values=values))


@router.post("/{language}", name="hosting.say_helplines")
def say(request: Request, member: Administrator, language: str, form: Saying, writes: Writes, now: Now) -> Response:
    """Keeps it; with nothing in the fields the numbers for the whole country stand there again."""
    place = _of(member.place, language)
    rows = [[form.value(f"{part}_{number}").strip() for part in PARTS] for number in range(1, MOST + 1)]
    for number, row in enumerate(rows, start=1):
        for part, said, missing in (("name", row[0], _("Say whose number it is.")), ("number", row[1], _("Write the number."))):
            if any(row) and not said:
                form.errors.append(FieldError(f"{part}_{number}", missing))
    if not form.errors:
        try:
            set_helplines(writes, member.actor, place, language, [Helpline(*row) for row in rows if any(row)], now)
        except Invalid as refusal:
            filled = [number for number, row in enumerate(rows, start=1) if any(row)]
            form.errors += [FieldError(f"number_{filled[int(one.field[7:]) - 1]}", one.message) for one in refusal.errors]
    if form.errors:
        return _page(request, member, place, language, form, 422)
    return see_other(request, "hosting.settings", c=place.slug)


def _of(place: PlaceCard, language: str) -> PlaceCard:
    if language not in place.languages:
        raise NotFound
    return place


def _page(request: Request, member: Member, place: PlaceCard, language: str, form: Form[BaseModel], status: int = 200) -> HTMLResponse:
    return page(
        request,
        "hosting/helplines.html",
        place=place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        most=MOST,
        tongue=tongues.Language(language),
        tongues=[tongues.Language(code) for code in place.languages],
    )
