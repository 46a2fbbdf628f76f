"""The register of barriers as staff meet it: all of them, one with the stories behind it, saying what became of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import AtWork, held
from service.people.models import Member
from service.system_health import rules
from service.system_health.actions import move_barrier
from service.system_health.models import MoveIn, RuleKind, Standing
from service.system_health.queries import count_standings, find_barriers, get_card
from service.tables import Line, Paragraph

router = Router(prefix="/staff/{c}/barriers", include_in_schema=False)

PARTS = {"open": rules.OPEN, "ended": rules.ENDED}


class MoveForm(BaseModel):
    """What became of it, as it is typed."""

    to: Standing | None = None
    theme: Line | None = None
    rule_kind: RuleKind | None = None
    source: Annotated[str, Limit(max_length=500)] | None = None
    changer: Line | None = None
    workaround: Paragraph | None = None
    note: Paragraph | None = None


Moving = Annotated[Form[MoveForm], Depends(form_of(MoveForm))]


@router.get("", name="system_health.register")
def register(request: Request, member: AtWork, reads: Reads, now: Now, part: str = "open") -> HTMLResponse:
    """What gets in the way, as far as this member may know of it."""
    held(member, *rules.READERS)
    part = part if part in PARTS else "open"
    counts = count_standings(reads, member)
    return page(
        request,
        "system_health/register.html",
        place=member.place,
        member=member,
        here="barriers",
        headers=PRIVATE,
        fragments=("barrier_list",),
        part=part,
        lines=find_barriers(reads, member, local_day(now, member.place.time_zone), PARTS[part]),
        counts={name: sum(counts[standing] for standing in standings) for name, standings in PARTS.items()},
    )


@router.get("/{barrier_id}", name="system_health.barrier")
def barrier(request: Request, member: AtWork, barrier_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One barrier, with the stories behind it."""
    held(member, *rules.READERS)
    return _barrier_page(request, member, reads, barrier_id, now, Form())


@router.post("/{barrier_id}", name="system_health.move")
def move(request: Request, member: AtWork, barrier_id: UUID, form: Moving, writes: Writes, now: Now) -> Response:
    """Says what became of it. What is refused comes back with everything that was typed."""
    held(member, *rules.READERS)
    form.need({"note": _("Say in a sentence what you found or did.")})
    if form.errors or form.filled is None:
        return _barrier_page(request, member, writes, barrier_id, now, form, 422)
    try:
        move_barrier(writes, member, barrier_id, MoveIn.model_validate(form.filled.model_dump()), now)
    except Invalid as refusal:
        form.refuse(refusal, "note")
        return _barrier_page(request, member, writes, barrier_id, now, form, refusal.status)
    except Conflict as refusal:
        form.errors = [FieldError("to", refusal.detail)]
        return _barrier_page(request, member, writes, barrier_id, now, form, refusal.status)
    return see_other(request, "system_health.barrier", c=member.place.slug, barrier_id=barrier_id)


def _barrier_page(
    request: Request, member: Member, reads: Reads, barrier_id: UUID, now: Now, form: Form[MoveForm], status: int = 200
) -> HTMLResponse:
    card = get_card(reads, member, barrier_id, local_day(now, member.place.time_zone))
    for name, value in (("theme", card.line.theme), ("rule_kind", card.rule_kind), ("source", card.source), ("changer", card.changer)):
        form.values.setdefault(name, value or "")
    form.values.setdefault("workaround", card.workaround or "")
    return page(
        request,
        "system_health/barrier.html",
        place=member.place,
        member=member,
        here="barrier",
        status=status,
        headers=PRIVATE,
        form=form,
        barrier=card,
    )
