"""The rota as staff meet it: who is on call from when to when, and how long they have."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import FieldError, Invalid, NotFound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import AtWork
from service.people.models import Member
from service.people.queries import find_colleagues
from service.safeguarding import rules
from service.safeguarding.models import TurnIn
from service.safeguarding.queries import acknowledge_minutes, find_turns
from service.safeguarding.rota_actions import put_on_rota, set_acknowledge_minutes, take_off_rota

router = Router(prefix="/staff/{c}", include_in_schema=False)

Clocked = Annotated[str, Limit(max_length=20)]


class TurnForm(BaseModel):
    """A turn as it is typed: moments of the place's own clock, for instance 2026-11-23T09:00."""

    staff: UUID | None = None
    begins_at: Clocked = ""
    ends_at: Clocked = ""
    place_in_line: Annotated[int, Limit(ge=1, le=9)] = 1


class MinutesForm(BaseModel):
    """How long somebody who is asked has."""

    minutes: int | None = None


Turning = Annotated[Form[TurnForm], Depends(form_of(TurnForm))]
Timing = Annotated[Form[MinutesForm], Depends(form_of(MinutesForm))]


@router.get("/rota", name="safeguarding.rota")
def rota(request: Request, member: AtWork, reads: Reads, now: Now) -> HTMLResponse:
    """Who is on the rota, and the form for one more turn."""
    return _rota_page(request, member, reads, now)


@router.post("/rota", name="safeguarding.add_turn")
def add_turn(request: Request, member: AtWork, form: Turning, writes: Writes, now: Now) -> Response:
    """One more turn."""
    form.need(
        {
            "staff": _("Choose who is on call."),
            "begins_at": _("Say from when."),
            "ends_at": _("Say until when."),
        }
    )
    given = form.filled
    if not form.errors and given is not None and given.staff is not None:
        zone = ZoneInfo(member.place.time_zone)
        begins_at, ends_at = _moment(given.begins_at, zone), _moment(given.ends_at, zone)
        wrong = {"begins_at": begins_at is None, "ends_at": ends_at is None}
        form.errors = [FieldError(name, _("Write the day and the time.")) for name, missing in wrong.items() if missing]
        if begins_at is not None and ends_at is not None:
            try:
                turn = TurnIn(staff=given.staff, begins_at=begins_at, ends_at=ends_at, place_in_line=given.place_in_line)
                put_on_rota(writes, member, turn, now)
                return see_other(request, "safeguarding.rota", c=member.place.slug)
            except Invalid as refusal:
                form.errors = list(refusal.errors)
    return _rota_page(request, member, writes, now, form, 422)


@router.post("/rota/{turn_id}/remove", name="safeguarding.remove_turn")
def remove_turn(request: Request, member: AtWork, turn_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """One turn less."""
    take_off_rota(writes, member, turn_id, now)
    return see_other(request, "safeguarding.rota", c=member.place.slug)


@router.post("/rota/minutes", name="safeguarding.set_minutes")
def set_minutes(request: Request, member: AtWork, form: Timing, writes: Writes, now: Now) -> Response:
    """How long somebody who is asked has."""
    try:
        set_acknowledge_minutes(writes, member, (form.filled.minutes if form.filled else None) or 0, now)
    except Invalid as refusal:
        form.errors = list(refusal.errors)
        return _rota_page(request, member, writes, now, form, refusal.status)
    return see_other(request, "safeguarding.rota", c=member.place.slug)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """What was typed, on the place's own clock; None for what is no moment."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=zone) if found.tzinfo is None and 2000 <= found.year <= 2999 else None


def _rota_page(
    request: Request, member: Member, reads: Reads, now: Now, form: Form[TurnForm] | Form[MinutesForm] | None = None, status: int = 200
) -> HTMLResponse:
    if not rules.keeps_rota(member.grants):
        raise NotFound
    place, here = member.place, now.astimezone(ZoneInfo(member.place.time_zone))
    begins = here.replace(hour=9, minute=0, second=0, microsecond=0)
    form = form or Form()
    form.values.setdefault("begins_at", f"{begins:%Y-%m-%dT%H:%M}")
    form.values.setdefault("ends_at", f"{begins + timedelta(days=7):%Y-%m-%dT%H:%M}")
    form.values.setdefault("place_in_line", "1")
    form.values.setdefault("minutes", str(acknowledge_minutes(reads, place.id)))
    turns = find_turns(reads, place.id, now)
    return page(
        request,
        "safeguarding/rota.html",
        place=place,
        member=member,
        here="rota",
        status=status,
        headers=PRIVATE,
        form=form,
        turns=turns,
        covered=any(turn.now for turn in turns),
        colleagues=find_colleagues(reads, place.id, rules.ON_CALL, None),
        zone=ZoneInfo(place.time_zone),
    )
