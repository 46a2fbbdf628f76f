"""Signing in and out, and choosing where to work."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service import limits
from service.clock import Now
from service.database import Reads, Writes
from service.errors import NotFound
from service.html import PRIVATE, page, see_other
from service.language import N_, _
from service.people import rules
from service.people.access import ANYONE, PerhapsSignedIn, Signed, Tries, cookie_name
from service.people.actions import sign_in, sign_out
from service.people.queries import find_workplaces, get_usable_link

router = APIRouter(prefix="/staff", include_in_schema=False)

SPENT = N_("This link was used already, or it is too old. Ask for a new one.")


@router.get("", name="people.front")
def front(request: Request, person: PerhapsSignedIn, reads: Reads) -> Response:
    """Where a signed-in person works; for others, how to get in."""
    if person is None:
        return page(request, "people/signed_out.html", headers=PRIVATE)
    workplaces = find_workplaces(reads, person.staff_id)
    if len(workplaces) == 1 and workplaces[0].has_a_desk:
        return see_other(request, "feedback.desk", c=workplaces[0].slug)
    return page(request, "people/workplaces.html", headers=PRIVATE, member=person, workplaces=workplaces)


@router.get("/sign-in/{secret}", name="people.confirm", dependencies=[ANYONE])
def confirm(request: Request, secret: str, reads: Reads, tries: Tries, now: Now) -> HTMLResponse:
    """Asks for a click: programs that look into mail follow links, and must not use them up."""
    try:
        with tries.opening(limits.WRONG_SIGN_INS, _(SPENT)):
            get_usable_link(reads, secret, now)
    except NotFound as spent:
        return page(request, "people/confirm.html", status=spent.status, headers=PRIVATE, secret=None)
    return page(request, "people/confirm.html", headers=PRIVATE, secret=secret)


@router.post("/sign-in/{secret}", name="people.sign_in", dependencies=[ANYONE])
def enter(request: Request, secret: str, writes: Writes, tries: Tries, now: Now) -> RedirectResponse:
    """Uses the link up and starts a session."""
    with tries.opening(limits.WRONG_SIGN_INS, _(SPENT)):
        cookie = sign_in(writes, secret, now)
    answer = see_other(request, "people.front")
    over_tls = request.app.state.settings.over_tls
    answer.set_cookie(
        cookie_name(over_tls),
        cookie,
        max_age=int(rules.WHOLE_SESSION.total_seconds()),
        httponly=True,
        secure=over_tls,
        samesite="lax",
        path="/",
    )
    return answer


@router.post("/sign-out", name="people.sign_out")
def leave(request: Request, person: Signed, writes: Writes, now: Now) -> RedirectResponse:
    """Ends this session."""
    sign_out(writes, person, now)
    answer = see_other(request, "people.front")
    over_tls = request.app.state.settings.over_tls
    answer.delete_cookie(cookie_name(over_tls), path="/", secure=over_tls, httponly=True, samesite="lax")
    return answer
