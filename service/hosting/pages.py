"""The first page of the settings, and what a place says of itself."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from service import verification
from service.clock import Now
from service.database import Reads, Writes
from service.days import local_day
from service.doors import Router
from service.hosting.models import AboutForm
from service.hosting.queries import find_area_lines, find_organisation_lines, find_topic_lines, get_description
from service.html import PRIVATE, Form, form_of, page, see_other
from service.keeping.queries import find_months
from service.language import _
from service.outbox.letter_queries import count_undelivered
from service.partners.queries import find_holder_lines
from service.people.access import Administrator, AnyAdministrator
from service.people.models import Member, Role
from service.people.rules import reach
from service.places.actions import set_collaboration
from service.places.models import REGIONS, Collaboration
from service.webhooks.queries import find_webhooks
from service.wordings.queries import find_wordings

router = Router(prefix="/staff/{c}/settings", include_in_schema=False)

PLAIN = ("name", "read_by", "contact", "complaints_url", "leave_to", "plain_title", "region", "time_zone")
"""Fields that are shown as they are kept."""

TELLS_TIME = {"region", "time_zone", "closed_on"}
"""Fields that say which day a moment falls on, and which days are worked."""

About = Annotated[Form[AboutForm], Depends(form_of(AboutForm))]


@router.get("", name="hosting.settings")
def settings(request: Request, member: AnyAdministrator, reads: Reads, now: Now) -> HTMLResponse:
    """Everything that can be set, and how it is now. Administrators of one organisation see what is theirs."""
    place, within = member.place, reach(member.grants, (Role.ADMIN,))
    today = local_day(now, place.time_zone)
    return page(
        request,
        "hosting/settings.html",
        place=place,
        member=member,
        here="settings",
        headers=PRIVATE,
        whole=within is None,
        today=today,
        areas=find_area_lines(reads, place.id) if within is None else [],
        organisations=find_organisation_lines(reads, place, today) if within is None else [],
        topics=find_topic_lines(reads, place.id, within),
        undelivered=count_undelivered(reads, place.id) if within is None else 0,
        months=find_months(reads, place.id) if within is None else {},
        wordings=find_wordings(reads, place.id) if within is None else [],
        keys=find_holder_lines(reads, place, within, now),
        webhooks=find_webhooks(reads, place, within),
    )


@router.get("/about", name="hosting.about")
def about(request: Request, member: Administrator, reads: Reads) -> HTMLResponse:
    """What the place says of itself."""
    return _about_page(request, member, Form(values=_typed(get_description(reads, member.place.id))))


@router.post("/about", name="hosting.describe")
def describe(request: Request, member: Administrator, form: About, writes: Writes, now: Now) -> Response:
    """Keeps it, or shows how residents would read it. When other days are worked now, the waits are counted anew."""
    form.need({"name": _("Say what it is called."), "languages": _("Name one language at least."), "time_zone": _("Name the time zone.")})
    if form.errors or form.filled is None:
        return _about_page(request, member, form, 422)
    if form.filled.act == "look":
        return _about_page(request, member, form)
    changed = set_collaboration(writes, member.actor, member.place.slug, form.filled.model_dump(exclude={"act"}), now)
    if TELLS_TIME & set(changed):
        verification.mend(writes)
    return see_other(request, "hosting.settings", c=member.place.slug)


def _typed(row: Collaboration) -> dict[str, str]:
    """A place as its form shows it."""
    plain = {name: getattr(row, name) or "" for name in PLAIN}
    plain["accessibility_on"] = row.accessibility_on.isoformat() if row.accessibility_on else ""
    return {**plain, "languages": ", ".join(row.languages), "closed_on": "\n".join(row.closed_on)}


def _about_page(request: Request, member: Member, form: Form[AboutForm], status: int = 200) -> HTMLResponse:
    facts: dict[str, Any] = {"look": form.filled if form.filled and form.filled.act == "look" else None, "regions": REGIONS}
    return page(
        request,
        "hosting/about.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        **facts,
    )
