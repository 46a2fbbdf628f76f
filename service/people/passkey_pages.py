"""Passkeys: adding and removing them on one's own page, and signing in with one."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from service import limits
from service.clock import Now
from service.database import Writes
from service.doors import Router
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.html import PRIVATE, Form, form_of, see_other
from service.language import N_, _
from service.people import passkeys
from service.people.access import ANYONE, HalfWay, PerhapsSignedIn, Signed, Tries
from service.people.actions import sign_out
from service.people.models import LinkIn, PasskeyAnswerIn, PasskeyIn, SignedIn
from service.people.pages import signed_in_answer, signed_out_page
from service.people.passkey_actions import add_passkey, make_challenge, remove_passkey, sign_in_with_passkey
from service.people.queries import find_passkeys
from service.people.second import may_change, means_of
from service.people.second_pages import set_up_page
from service.people.you_pages import you_page

router = Router(prefix="/staff", include_in_schema=False)

WRONG = N_("That passkey opens nothing here. Try again, or use a link.")


def _site(request: Request) -> passkeys.Site:
    """Raises: Conflict where no passkeys can be made."""
    site = passkeys.site_of(request.app.state.settings.public_url, request.headers.get("host", ""))
    if site is None:
        raise Conflict(_("Passkeys do not work at this address."))
    return site


class Json(Response):
    """What a script of ours reads."""

    media_type = "application/json"


@router.post("/passkey/options", name="people.passkey_question", dependencies=[ANYONE])
def question(request: Request, writes: Writes, tries: Tries, now: Now) -> Json:
    """What the browser asks a passkey. The same for everybody: it names nobody."""
    site = _site(request)
    tries.ask(limits.PASSKEYS_ASKED)
    return Json(passkeys.options_to_sign_in(site, make_challenge(writes, None, now)), headers=PRIVATE)


@router.post("/passkey", name="people.passkey_sign_in")
def enter(
    request: Request,
    person: PerhapsSignedIn,
    form: Annotated[Form[PasskeyAnswerIn], Depends(form_of(PasskeyAnswerIn))],
    writes: Writes,
    tries: Tries,
    now: Now,
) -> Response:
    """Signs in whoever's passkey it is. What was half-way in this browser ends."""
    site = _site(request)
    try:
        with tries.opening(limits.WRONG_SIGN_INS, _(WRONG)):
            cookie = sign_in_with_passkey(writes, site, form.value("credential"), now)
    except NotFound as wrong:
        empty: Form[LinkIn] = Form(errors=[FieldError("passkey", wrong.detail)])
        return signed_out_page(request, empty, wrong.status)
    if person is not None and not person.is_through:
        sign_out(writes, person, now)
    return signed_in_answer(request, cookie)


@router.post("/you/passkeys/options", name="people.new_passkey")
def new(request: Request, person: HalfWay, writes: Writes, now: Now) -> Json:
    """What the browser needs to make a passkey for this person."""
    site = _site(request)
    may_change(person, means_of(writes, person.staff_id))
    known = [one.credential_id for one in find_passkeys(writes, person.staff_id)]
    challenge = make_challenge(writes, person.staff_id, now)
    return Json(passkeys.options_to_add(site, person, challenge, known=known), headers=PRIVATE)


@router.post("/you/passkeys", name="people.add_passkey")
def add(
    request: Request, person: HalfWay, form: Annotated[Form[PasskeyIn], Depends(form_of(PasskeyIn))], writes: Writes, now: Now
) -> Response:
    """Keeps a new passkey."""
    if form.filled is None:
        form.errors = [FieldError("name", _("Give it a name of at most 60 letters, and let the browser make it."))]
        return _again(request, person, writes, now, form, 422)
    try:
        add_passkey(writes, person, _site(request), form.filled, now)
    except Invalid as wrong:
        form.refuse(wrong, "name")
        return _again(request, person, writes, now, form, wrong.status)
    return see_other(request, "people.you" if person.is_through else "people.front")


def _again(request: Request, person: SignedIn, writes: Writes, now: Now, form: Form[PasskeyIn], status: int) -> Response:
    """The page that the passkey was made on, with what went wrong."""
    if person.is_through:
        return you_page(request, person, writes, now, form, status)
    may_change(person, means_of(writes, person.staff_id))
    return set_up_page(request, person, form, status)


@router.post("/you/passkeys/{passkey_id}/remove", name="people.remove_passkey")
def remove(request: Request, passkey_id: UUID, person: Signed, writes: Writes, now: Now) -> RedirectResponse:
    """Forgets one of one's own passkeys."""
    remove_passkey(writes, person, passkey_id, now)
    return see_other(request, "people.you")
