"""The second step of administrators: setting it up at the first sign-in, and taking it at the later ones."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.clock import Now
from service.database import Reads, ReadSession, Writes
from service.doors import Router
from service.errors import FieldError, TooMany
from service.html import PRIVATE, Form, form_of, page, see_other
from service.language import _
from service.people.access import HalfWay, Signed
from service.people.models import CodeIn, PasskeyIn, SignedIn
from service.people.pages import has_passkeys
from service.people.second import address_of, find_app, find_codes_to_show, means_of, secret_of
from service.people.second_actions import begin_app, confirm_app, put_codes_away, remove_app, renew_codes, show_code
from service.qr import picture_of

router = Router(prefix="/staff/second", include_in_schema=False)

Typed = Annotated[Form[CodeIn], Depends(form_of(CodeIn))]


@router.get("", name="people.second")
def second(request: Request, person: HalfWay, reads: Reads) -> Response:
    """The second step; the first time, how to set it up. Who needs none is led to their work."""
    if person.is_through:
        return see_other(request, "people.front")
    if not means_of(reads, person.staff_id).count:
        return set_up_page(request, person, Form())
    return _second_page(request, person, reads, Form())


@router.post("", name="people.show_code")
def show(request: Request, person: HalfWay, form: Typed, writes: Writes, now: Now) -> Response:
    """Takes a code: of the app, or one that stands in for it."""
    if person.is_through:
        return see_other(request, "people.front")
    try:
        right = form.filled is not None and show_code(writes, request.app.state.server_keys, person, form.filled.code, now)
    except TooMany as wait:
        return _second_page(request, person, writes, _wrong(wait.detail), wait.status, wait.headers)
    if right:
        return see_other(request, "people.front")
    return _second_page(request, person, writes, _wrong(_not_right() if form.value("code") else _needed()), 422)


@router.post("/app", name="people.begin_app")
def begin(request: Request, person: HalfWay, writes: Writes, now: Now) -> RedirectResponse:
    """Chooses an app. It counts when it has shown a first code."""
    begin_app(writes, request.app.state.server_keys, person, now)
    return see_other(request, "people.app")


@router.get("/app", name="people.app")
def app(request: Request, person: HalfWay, reads: Reads) -> Response:
    """The picture for the app's camera, and where its first code goes."""
    return _app_page(request, person, reads, Form())


@router.post("/app/confirm", name="people.confirm_app")
def confirm(request: Request, person: HalfWay, form: Typed, writes: Writes, now: Now) -> Response:
    """Takes the app's first code."""
    try:
        right = form.filled is not None and confirm_app(writes, request.app.state.server_keys, person, form.filled.code, now)
    except TooMany as wait:
        return _app_page(request, person, writes, _wrong(wait.detail), wait.status)
    if right:
        return see_other(request, "people.recovery_codes")
    return _app_page(request, person, writes, _wrong(_not_right() if form.value("code") else _needed()), 422)


@router.get("/codes", name="people.recovery_codes")
def codes(request: Request, person: Signed, reads: Reads, now: Now) -> Response:
    """The fresh recovery codes, until their owner says that they have them."""
    found = find_codes_to_show(reads, request.app.state.server_keys, person, now)
    if not found:
        return see_other(request, "people.you")
    return _page(request, person, "people/codes.html", codes=found, forget=True)


@router.post("/codes/kept", name="people.keep_codes")
def kept(request: Request, person: Signed, writes: Writes, now: Now) -> RedirectResponse:
    """They are not shown again."""
    put_codes_away(writes, person, now)
    return see_other(request, "people.front")


@router.post("/codes", name="people.renew_codes")
def renew(request: Request, person: Signed, writes: Writes, now: Now) -> RedirectResponse:
    """Ten new ones in the place of the old."""
    renew_codes(writes, request.app.state.server_keys, person, now)
    return see_other(request, "people.recovery_codes")


@router.post("/app/remove", name="people.remove_app")
def remove(request: Request, person: Signed, writes: Writes, now: Now) -> RedirectResponse:
    """Forgets the app and its codes."""
    remove_app(writes, person, now)
    return see_other(request, "people.you")


def set_up_page(request: Request, person: SignedIn, form: Form[PasskeyIn], status: int = 200) -> HTMLResponse:
    """The two ways to choose from at the first sign-in."""
    return _page(request, person, "people/set_up.html", status, form=form, may_add=has_passkeys(request))


def _second_page(
    request: Request,
    person: SignedIn,
    reads: ReadSession,
    form: Form[CodeIn],
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    means = means_of(reads, person.staff_id)
    answer = _page(request, person, "people/second.html", status, form=form, means=means, passkeys=has_passkeys(request))
    answer.headers.update(headers or {})
    return answer


def _app_page(request: Request, person: SignedIn, reads: ReadSession, form: Form[CodeIn], status: int = 200) -> Response:
    app = find_app(reads, person.staff_id)
    if app is None or app.confirmed_at is not None:
        return see_other(request, "people.you" if person.is_through else "people.second")
    secret = secret_of(request.app.state.server_keys, app)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    address = address_of(secret, person)
    facts = {"address": address, "groups": groups, "picture": picture_of(address)}
    return _page(request, person, "people/app.html", status, form=form, forget=True, **facts)


def _page(request: Request, person: SignedIn, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    return page(request, template, status=status, headers=PRIVATE, here="second", member=person, **facts)


def _wrong(words: str) -> Form[CodeIn]:
    """What was typed is not shown again: a code that is wrong now helps nobody later."""
    return Form(errors=[FieldError("code", words)])


def _not_right() -> str:
    return _("That code is not right, or it was used already. Wait for the next one, and type that.")


def _needed() -> str:
    return _("Type the code.")
