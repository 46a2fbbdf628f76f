"""Who works in a place: the page on which an administrator invites people and says what they may do."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service import language, limits
from service.clock import Now
from service.database import Reads, ReadSession, Writes, WriteSession
from service.doors import Router
from service.errors import Invalid, TooMany
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.outbox.actions import post
from service.outbox.letter_queries import count_undelivered
from service.outbox.models import For, Purpose
from service.people.access import AnyAdministrator, Tries
from service.people.models import InviteIn, Member, Role, RoleIn, Staff, ViewerKind
from service.people.rules import reach
from service.people.team import find_reached_organisations, find_team, get_teammate
from service.people.team_actions import (
    end_role,
    give_role,
    hand_over_link,
    invite_again,
    invite_to_team,
    let_back,
    stop_access,
    take_back_invitation,
)

router = Router(prefix="/staff/{c}/people", include_in_schema=False)

Inviting = Annotated[Form[InviteIn], Depends(form_of(InviteIn))]
Giving = Annotated[Form[RoleIn], Depends(form_of(RoleIn))]


@router.get("", name="people.team")
def team(request: Request, member: AnyAdministrator, reads: Reads, now: Now) -> HTMLResponse:
    """Everybody who works here, and who is invited."""
    undelivered = count_undelivered(reads, member.place.id) if reach(member.grants, (Role.ADMIN,)) is None else 0
    return _page(request, member, "people/team.html", team=find_team(reads, member, now), undelivered=undelivered)


@router.get("/invite", name="people.invite_form")
def invite_form(request: Request, member: AnyAdministrator, reads: Reads, now: Now) -> HTMLResponse:
    """Whom to invite, to do what."""
    find_team(reads, member, now)
    return _invite_page(request, member, reads, Form())


@router.post("/invite", name="people.invite")
def invite_one(request: Request, member: AnyAdministrator, form: Inviting, writes: Writes, tries: Tries, now: Now) -> Response:
    """Invites somebody, by mail where there is a mail server."""
    find_team(writes, member, now)
    form.need({"email": _("Write their whole e-mail address, for instance sam@example.org."), "role": _("Choose what they may do.")})
    if form.errors or form.filled is None:
        return _invite_page(request, member, writes, form, 422)
    try:
        staff = invite_to_team(writes, member, form.filled, now)
    except Invalid as wrong:
        form.refuse(wrong, "email")
        return _invite_page(request, member, writes, form, wrong.status)
    return _told(request, member, writes, staff, tries, now)


@router.get("/{staff_id}", name="people.teammate")
def teammate(request: Request, member: AnyAdministrator, staff_id: UUID, reads: Reads, now: Now) -> HTMLResponse:
    """One person: what they may do here, and what may be changed of it."""
    return _teammate_page(request, member, reads, staff_id, now, Form())


@router.post("/{staff_id}/roles", name="people.give_role")
def give_one(request: Request, member: AnyAdministrator, staff_id: UUID, form: Giving, writes: Writes, now: Now) -> Response:
    """One more role."""
    if form.filled is None:
        form.need({"role": _("Choose what they may do.")})
        return _teammate_page(request, member, writes, staff_id, now, form, 422)
    try:
        give_role(writes, member, staff_id, form.filled, now)
    except Invalid as wrong:
        form.refuse(wrong, "role")
        return _teammate_page(request, member, writes, staff_id, now, form, wrong.status)
    return _back(request, member, staff_id)


@router.post("/{staff_id}/roles/{role_id}/end", name="people.end_role")
def end_one(request: Request, member: AnyAdministrator, staff_id: UUID, role_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """One role less. With none left the person is no longer in the list."""
    ended = end_role(writes, member, staff_id, role_id, now)
    if staff_id == member.person.staff_id and ended == Role.ADMIN:
        return see_other(request, "people.front")
    if staff_id not in {one.id for one in find_team(writes, member, now)}:
        return see_other(request, "people.team", c=member.place.slug)
    return _back(request, member, staff_id)


@router.post("/{staff_id}/stop", name="people.stop_access")
def stop(request: Request, member: AnyAdministrator, staff_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Ends all that they may do here, at their next request."""
    stop_access(writes, member, staff_id, now)
    return _back(request, member, staff_id)


@router.post("/{staff_id}/let-back", name="people.let_back")
def bring_back(request: Request, member: AnyAdministrator, staff_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """Gives them back what was stopped."""
    let_back(writes, member, staff_id, now)
    return _back(request, member, staff_id)


@router.post("/{staff_id}/invite-again", name="people.invite_again")
def ask_again(request: Request, member: AnyAdministrator, staff_id: UUID, writes: Writes, tries: Tries, now: Now) -> Response:
    """Seven more days, and another letter."""
    staff = invite_again(writes, member, staff_id, now)
    return _told(request, member, writes, staff, tries, now)


@router.post("/{staff_id}/take-back", name="people.take_back")
def take_back(request: Request, member: AnyAdministrator, staff_id: UUID, writes: Writes, now: Now) -> RedirectResponse:
    """The invitation is not meant any more."""
    take_back_invitation(writes, member, staff_id, now)
    return see_other(request, "people.team", c=member.place.slug)


def _told(request: Request, member: Member, writes: WriteSession, staff: Staff, tries: limits.Caller, now: Now) -> Response:
    """Posts the letter; without a mail server shows the link, once, to be handed over."""
    if request.app.state.settings.sends_mail:
        tries.ask(limits.INVITATIONS)
        if not tries.may_reach(limits.LINKS_TO_ONE, staff.email):
            raise TooMany(limits.WINDOW_MINUTES * 60)
        post(writes, Purpose.INVITATION, staff.email, staff.language or language.current().code, now, For(member.place.id, staff.id))
        return _back(request, member, staff.id)
    secret = hand_over_link(writes, member, staff.id, now)
    if secret is None:
        return _back(request, member, staff.id)
    link = f"{request.app.state.settings.public_url}{request.app.url_path_for('people.confirm', secret=secret)}"
    return _page(request, member, "people/handed.html", name=staff.name, email=staff.email, staff_id=staff.id, link=link, forget=True)


def _back(request: Request, member: Member, staff_id: UUID) -> RedirectResponse:
    return see_other(request, "people.teammate", c=member.place.slug, staff_id=staff_id)


def _invite_page(request: Request, member: Member, reads: ReadSession, form: Form[InviteIn], status: int = 200) -> HTMLResponse:
    return _page(request, member, "people/invite.html", status, form=form, **_choices(request, member, reads))


def _teammate_page(
    request: Request, member: Member, reads: ReadSession, staff_id: UUID, now: Now, form: Form[RoleIn], status: int = 200
) -> HTMLResponse:
    found = get_teammate(reads, member, staff_id, now)
    return _page(request, member, "people/teammate.html", status, form=form, one=found, **_choices(request, member, reads))


def _choices(request: Request, member: Member, reads: ReadSession) -> dict[str, Any]:
    whole = any(grant.role == Role.ADMIN and grant.organisation_id is None for grant in member.grants)
    return {
        "roles": tuple(Role),
        "kinds": tuple(ViewerKind),
        "organisations": find_reached_organisations(reads, member),
        "whole": whole,
        "mail": request.app.state.settings.sends_mail,
    }


def _page(request: Request, member: Member, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    return page(request, template, place=member.place, member=member, here="people", status=status, headers=PRIVATE, **facts)
