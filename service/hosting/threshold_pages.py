"""The numbers by which a place works, as administrators set them: each with its first day, its reason and its history."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Invalid, NotFound
from service.hosting.models import ThresholdForm
from service.hosting.queries import find_threshold_lines
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import Administrator
from service.people.models import Member
from service.places.models import Threshold, ThresholdIn
from service.places.rules import BOUNDS
from service.places.setting_actions import set_threshold

router = Router(prefix="/staff/{c}/settings/rules", include_in_schema=False)

Setting = Annotated[Form[ThresholdForm], Depends(form_of(ThresholdForm))]


@router.get("", name="hosting.thresholds")
def thresholds(request: Request, member: Administrator, now: Now) -> HTMLResponse:
    """All of them, as they are today."""
    return page(
        request,
        "hosting/thresholds.html",
        place=member.place,
        member=member,
        here="settings",
        headers=PRIVATE,
        thresholds=tuple(Threshold),
        today=local_day(now, member.place.time_zone),
    )


@router.get("/{threshold}", name="hosting.threshold")
def threshold_page(request: Request, member: Administrator, threshold: str, reads: Reads, now: Now) -> HTMLResponse:
    """One of them, with its history."""
    found, today = _threshold(threshold), local_day(now, member.place.time_zone)
    values = {"value": str(member.place.thresholds.on(found, today)), "since": today.isoformat()}
    return _page(request, member, reads, found, Form(values=values), today)


@router.post("/{threshold}", name="hosting.set_threshold")
def change(request: Request, member: Administrator, threshold: str, form: Setting, writes: Writes, now: Now) -> Response:
    """Another value, from a day on, and why."""
    found, today = _threshold(threshold), local_day(now, member.place.time_zone)
    form.need({"value": _("Write the number."), "since": _("Write the day."), "why": _("Say why. Everybody can read it.")})
    if not form.errors and form.filled is not None:
        given = form.filled
        try:
            new = ThresholdIn(threshold=found, value=given.value, since=given.since, why=given.why)
            set_threshold(writes, member.actor, member.place, new, now)
        except Invalid as refusal:
            form.refuse(refusal, "value")
    if form.errors:
        return _page(request, member, writes, found, form, today, 422)
    return see_other(request, "hosting.threshold", c=member.place.slug, threshold=found)


def _threshold(name: str) -> Threshold:
    if name not in set(Threshold):
        raise NotFound
    return Threshold(name)


def _page(
    request: Request, member: Member, reads: ReadSession, found: Threshold, form: Form[ThresholdForm], today: date, status: int = 200
) -> HTMLResponse:
    return page(
        request,
        "hosting/threshold.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        threshold=found,
        bounds=BOUNDS[found],
        lines=find_threshold_lines(reads, member.place.id, found),
        today=today,
    )
