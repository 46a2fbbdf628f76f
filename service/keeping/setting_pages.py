"""How long the place keeps what it sets a period for: as it is, what goes next, another period and why, and how it was before."""

from typing import Annotated, Literal

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.doors import Router
from service.errors import FieldError, Invalid, NotFound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.keeping import rules
from service.keeping.actions import set_retention
from service.keeping.models import PeriodIn, Reason, Settable
from service.keeping.queries import count_due, find_holds, find_last_run, find_months, find_period_lines
from service.language import _
from service.people.access import Administrator
from service.people.models import Member

router = Router(prefix="/staff/{c}/settings/keeping", include_in_schema=False)


class PeriodForm(BaseModel):
    """Another number of months, and why. `look`: only say what would go."""

    months: int | None = None
    why: Reason | None = None
    act: Literal["keep", "look"] = "keep"


Setting = Annotated[Form[PeriodForm], Depends(form_of(PeriodForm))]


@router.get("", name="keeping.periods")
def periods(request: Request, member: Administrator, reads: Reads, now: Now) -> HTMLResponse:
    """Both of them, as they are today, and how much goes when they are carried out next."""
    months = find_months(reads, member.place.id)
    return page(
        request,
        "keeping/periods.html",
        place=member.place,
        member=member,
        here="settings",
        headers=PRIVATE,
        months=months,
        due=count_due(reads, member.place, months, now),
        held=[hold for hold in find_holds(reads, member.place.id) if hold.subject is None],
        last_run=find_last_run(reads),
    )


@router.get("/{settable}", name="keeping.period")
def period(request: Request, member: Administrator, settable: str, reads: Reads, now: Now) -> HTMLResponse:
    """One of them, with its history."""
    found = _settable(settable)
    values = {"months": str(find_months(reads, member.place.id)[found])}
    return _page(request, member, reads, found, Form(values=values), now)


@router.post("/{settable}", name="keeping.set_period")
def change(request: Request, member: Administrator, settable: str, form: Setting, writes: Writes, now: Now) -> Response:
    """Another period from now on, also for what is there; or, asked for that, only what would go then."""
    found = _settable(settable)
    looks = form.value("act") == "look"
    form.need({"months": _("Write the number of months.")} | ({} if looks else {"why": _("Say why. Everybody can read it.")}))
    if form.filled is None or form.filled.months is None or form.errors:
        return _page(request, member, writes, found, form, now, 422)
    months = form.filled.months
    if not rules.LEAST[found] <= months <= rules.MOST[found]:
        words = _("Choose from %(least)s to %(most)s months.", least=rules.LEAST[found], most=rules.MOST[found])
        form.errors.append(FieldError("months", words))
        return _page(request, member, writes, found, form, now, 422)
    if looks or form.filled.why is None:
        return _page(request, member, writes, found, form, now, wanted=months)
    try:
        news = set_retention(writes, member.actor, member.place, PeriodIn(settable=found, months=months, why=form.filled.why), now)
    except Invalid as refusal:
        form.refuse(refusal, "months")
        return _page(request, member, writes, found, form, now, 422)
    if not news:
        form.errors.append(FieldError("months", _("That is what it is already.")))
        return _page(request, member, writes, found, form, now, 422)
    return see_other(request, "keeping.period", c=member.place.slug, settable=found)


def _settable(name: str) -> Settable:
    if name not in set(Settable):
        raise NotFound
    return Settable(name)


def _page(
    request: Request,
    member: Member,
    reads: ReadSession,
    found: Settable,
    form: Form[PeriodForm],
    now: Now,
    status: int = 200,
    *,
    wanted: int | None = None,
) -> HTMLResponse:
    months = find_months(reads, member.place.id)
    return page(
        request,
        "keeping/period.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        settable=found,
        months=months[found],
        default=rules.DEFAULTS[found],
        least=rules.LEAST[found],
        most=rules.MOST[found],
        due=count_due(reads, member.place, months, now)[found],
        wanted=wanted,
        would_go=count_due(reads, member.place, months | {found: wanted}, now)[found] if wanted is not None else None,
        lines=find_period_lines(reads, member.place.id, found),
    )
