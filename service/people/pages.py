"""Signing in and out, and choosing where to work."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service import language, limits
from service.clock import Now
from service.database import Reads, Writes
from service.doors import Router
from service.errors import Conflict, FieldError, NotFound
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import N_, _
from service.outbox.actions import post
from service.outbox.models import Purpose
from service.people import rules
from service.people.access import ANYONE, HalfWay, PerhapsSignedIn, Tries, cookie_name
from service.people.actions import sign_in, sign_out
from service.people.models import LinkIn
from service.people.passkeys import site_of
from service.people.queries import find_workplaces, get_usable_link

router = Router(prefix="/staff", include_in_schema=False)

SPENT = N_("This link was used already, or it is too old. Ask for a new one.")


@router.get("", name="people.front")
def front(request: Request, person: PerhapsSignedIn, reads: Reads) -> Response:
    """Where a signed-in person works; for others, how to get in."""
    if person is None:
        return signed_out_page(request, Form())
    if not person.is_through:
        return see_other(request, "people.second")
    workplaces = find_workplaces(reads, person.staff_id)
    if len(workplaces) == 1:
        return see_other(request, "feedback.desk", c=workplaces[0].slug)
    return page(request, "people/workplaces.html", headers=PRIVATE, member=person, workplaces=workplaces)


@router.post("/sign-in", name="people.ask_link", dependencies=[ANYONE])
def ask_link(request: Request, form: Annotated[Form[LinkIn], Depends(form_of(LinkIn))], writes: Writes, tries: Tries, now: Now) -> Response:
    """Puts a link into the post. What is done and said here is the same for every address, whoever it belongs to."""
    if not _sends_mail(request):
        raise Conflict(_("This service sends no mail. Ask your coordinator for a link."))
    if form.filled is None:
        form.errors = [FieldError("email", _("Write your whole e-mail address, for instance sam@example.org."))]
        return signed_out_page(request, form, 422)
    tries.ask(limits.LINKS_ASKED)
    if tries.may_reach(limits.LINKS_TO_ONE, form.filled.email):
        post(writes, Purpose.SIGN_IN, form.filled.email, language.current().code, now)
    return see_other(request, "people.asked")


@router.get("/sign-in", name="people.asked", dependencies=[ANYONE])
def asked(request: Request) -> HTMLResponse:
    """Says to look in the mail: the same to everybody."""
    return page(request, "people/asked.html", headers=PRIVATE)


@router.get("/sign-in/{secret}", name="people.confirm", dependencies=[ANYONE])
def confirm(request: Request, secret: str, reads: Reads, tries: Tries, now: Now) -> HTMLResponse:
    """Asks for a click: programs that look into mail follow links, and must not use them up."""
    try:
        with tries.opening(limits.WRONG_SIGN_INS, _(SPENT)):
            get_usable_link(reads, secret, now)
    except NotFound as spent:
        return page(request, "people/confirm.html", status=spent.status, headers=PRIVATE, secret=None, mail=_sends_mail(request))
    return page(request, "people/confirm.html", headers=PRIVATE, secret=secret, mail=_sends_mail(request))


@router.post("/sign-in/{secret}", name="people.sign_in", dependencies=[ANYONE])
def enter(request: Request, secret: str, writes: Writes, tries: Tries, now: Now) -> RedirectResponse:
    """Uses the link up and starts a session."""
    with tries.opening(limits.WRONG_SIGN_INS, _(SPENT)):
        cookie = sign_in(writes, secret, now)
    return signed_in_answer(request, cookie)


@router.post("/sign-out", name="people.sign_out")
def leave(request: Request, person: HalfWay, writes: Writes, now: Now) -> RedirectResponse:
    """Ends this session."""
    sign_out(writes, person, now)
    answer = see_other(request, "people.front")
    over_tls = request.app.state.settings.over_tls
    answer.delete_cookie(cookie_name(over_tls), path="/", secure=over_tls, httponly=True, samesite="lax")
    return answer


def signed_in_answer(request: Request, cookie: str) -> RedirectResponse:
    """Hands out the cookie of a new session, and leads to the first page."""
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


def _sends_mail(request: Request) -> bool:
    return bool(request.app.state.settings.sends_mail)


def signed_out_page(request: Request, form: Form[LinkIn], status: int = 200) -> HTMLResponse:
    """How to get in, with what went wrong."""
    return page(
        request,
        "people/signed_out.html",
        status=status,
        headers=PRIVATE,
        form=form,
        mail=_sends_mail(request),
        passkeys=has_passkeys(request),
        login=request.app.state.login,
    )


def has_passkeys(request: Request) -> bool:
    """Whether browsers make passkeys for the address that was asked."""
    return site_of(request.app.state.settings.public_url, request.headers.get("host", "")) is not None
