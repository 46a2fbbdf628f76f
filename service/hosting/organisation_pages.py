"""Organisations as administrators keep them: who they are, from when to when they take part, and who runs the place."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.days import local_day
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.hosting.models import MembershipForm, NewOrganisationForm, OrganisationForm
from service.hosting.queries import OrganisationLine, find_organisation_lines
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import Administrator
from service.people.models import Member
from service.places.actions import add_organisation, end_membership
from service.places.models import OrganisationIn, OrganisationKind
from service.places.queries import find_organisation, get_runners
from service.places.rules import code_of
from service.places.setting_actions import change_organisation, join_again

router = Router(prefix="/staff/{c}/settings/organisations", include_in_schema=False)

KINDS = tuple(OrganisationKind)

Adding = Annotated[Form[NewOrganisationForm], Depends(form_of(NewOrganisationForm))]
Changing = Annotated[Form[OrganisationForm], Depends(form_of(OrganisationForm))]
Staying = Annotated[Form[MembershipForm], Depends(form_of(MembershipForm))]


@router.get("", name="hosting.organisations")
def organisations(request: Request, member: Administrator, reads: Reads, now: Now) -> HTMLResponse:
    """Who takes part, and the form of a new member."""
    return _organisations_page(request, member, reads, now, Form())


@router.post("", name="hosting.add_organisation")
def add(request: Request, member: Administrator, form: Adding, writes: Writes, now: Now) -> Response:
    """Adds one."""
    form.need({"name": _("Say what it is called."), "kind": _("Choose what it is.")})
    given, code = form.filled, ""
    if given is not None:
        code = given.code or code_of(given.name)
        if not code:
            form.errors = [FieldError("code", _("Write a short code of letters and figures: this name gives none."))]
        elif find_organisation(writes, member.place.id, code):
            form.errors = [FieldError("code", _("There is an organisation with the code %(code)s already. Choose another.", code=code))]
    if given is None or form.errors:
        return _organisations_page(request, member, writes, now, form, 422)
    new = OrganisationIn(code=code, name=given.name, kind=given.kind, since=given.since)
    add_organisation(writes, member.actor, member.place, new, now)
    return see_other(request, "hosting.organisations", c=member.place.slug)


@router.get("/{organisation}", name="hosting.organisation")
def one(request: Request, member: Administrator, organisation: str, reads: Reads, now: Now) -> HTMLResponse:
    """One organisation."""
    line = _line(reads, member, organisation, now)
    return _organisation_page(request, member, line, Form(values={"name": line.name, "kind": line.kind}), Form())


@router.post("/{organisation}", name="hosting.change_organisation")
def change(request: Request, member: Administrator, organisation: str, form: Changing, writes: Writes, now: Now) -> Response:
    """Another name, another kind."""
    line = _line(writes, member, organisation, now)
    form.need({"name": _("Say what it is called.")})
    if form.filled is None:
        return _organisation_page(request, member, line, form, Form(), 422)
    new = OrganisationIn(code=line.code, name=form.filled.name, kind=form.filled.kind)
    change_organisation(writes, member.actor, member.place, new, now)
    return see_other(request, "hosting.organisations", c=member.place.slug)


@router.post("/{organisation}/membership", name="hosting.membership")
def stay(request: Request, member: Administrator, organisation: str, form: Staying, writes: Writes, now: Now) -> Response:
    """It leaves after a day, or joins again on one."""
    line = _line(writes, member, organisation, now)
    try:
        act = join_again if line.leaves_on else end_membership
        act(writes, member.actor, member.place, line.code, form.must_be_filled().on, now)
    except (Conflict, Invalid) as refusal:
        words = (refusal.errors[0].message if refusal.errors else refusal.detail) if form.filled else _("Write the day.")
        form.errors = [FieldError("on", words)]
        return _organisation_page(request, member, line, Form(values={"name": line.name, "kind": line.kind}), form, 422)
    return see_other(request, "hosting.organisations", c=member.place.slug)


def _line(reads: ReadSession, member: Member, code: str, now: Now) -> OrganisationLine:
    lines = find_organisation_lines(reads, member.place, local_day(now, member.place.time_zone))
    found = next((line for line in lines if line.code == code), None)
    if found is None:
        raise NotFound
    return found


def _organisations_page(
    request: Request, member: Member, reads: ReadSession, now: Now, form: Form[NewOrganisationForm], status: int = 200
) -> HTMLResponse:
    today = local_day(now, member.place.time_zone)
    return page(
        request,
        "hosting/organisations.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        kinds=KINDS,
        organisations=find_organisation_lines(reads, member.place, today),
        runners=get_runners(reads, member.place.id, on=today),
    )


def _organisation_page(
    request: Request,
    member: Member,
    line: OrganisationLine,
    form: Form[OrganisationForm],
    staying: Form[MembershipForm],
    status: int = 200,
) -> HTMLResponse:
    return page(
        request,
        "hosting/organisation.html",
        place=member.place,
        member=member,
        here="settings",
        status=status,
        headers=PRIVATE,
        form=form,
        staying=staying,
        wrong=staying if staying.errors else form,
        kinds=KINDS,
        line=line,
    )
