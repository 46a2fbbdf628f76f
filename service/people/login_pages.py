"""A council's own login: going there, and coming back. What is asked of the provider is asked while no transaction is open."""

import asyncio
import secrets
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from service import limits, logs
from service.clock import Now
from service.database import Door
from service.doors import Router
from service.errors import FieldError, NotFound
from service.html import PRIVATE, Form, form_of, page
from service.language import N_, _
from service.people import rules
from service.people.access import ANYONE, PerhapsSignedIn, Tries, cookie_name
from service.people.actions import sign_out
from service.people.login import AwayError, Login, RefusedError, state_of
from service.people.login_actions import begin_login, end_login, sign_in_with_login
from service.people.models import LinkIn
from service.people.pages import signed_in_answer, signed_out_page

router = Router(prefix="/staff/login", include_in_schema=False)
log = logs.named("said.login")

AWAY = N_("The login of %(name)s does not answer now. Try again in a moment, or use another way.")
REFUSED = N_("The login of %(name)s did not let you through. Try again, or use another way.")
TOO_OLD = N_("That took too long, or it was begun in another browser. Begin again here.")
UNKNOWN = N_("Your login opens nothing here. Ask your coordinator to invite the address that it has.")


class CameBack(BaseModel):
    """What the provider sent the browser back with."""

    state: Annotated[str, Limit(max_length=200)]
    code: Annotated[str, Limit(max_length=4_000)]


Coming = Annotated[Form[CameBack], Depends(form_of(CameBack))]


@router.post("", name="people.begin_login", dependencies=[ANYONE])
async def begin(request: Request, database: Door, tries: Tries, now: Now) -> Response:
    """Leads to the provider, with a try that only this browser can end."""
    login = _login(request)
    tries.ask(limits.LOGINS_BEGUN)
    browser = secrets.token_urlsafe(32)
    try:
        address = await asyncio.to_thread(login.way_to, browser, _back(request))
    except AwayError as away:
        return _failed(request, login, AWAY, 503, str(away))
    async with database.writing() as writes:
        await asyncio.to_thread(begin_login, writes, browser, now)
    answer = page(request, "people/login.html", headers=PRIVATE, name=login.name, address=address, brought=None)
    over_tls = request.app.state.settings.over_tls
    lasts = int(rules.LOGIN.total_seconds())
    answer.set_cookie(_cookie(over_tls=over_tls), browser, max_age=lasts, httponly=True, secure=over_tls, samesite="lax", path="/")
    return answer


@router.get("/back", name="people.back_from_login", dependencies=[ANYONE])
def back(request: Request) -> HTMLResponse:
    """The provider sends the browser here. Nothing is done yet: the browser sends on what it brought."""
    login, brought = _login(request), request.query_params
    if "code" not in brought:
        return _failed(request, login, REFUSED, 403, "no code")
    return page(request, "people/login.html", headers=PRIVATE, name=login.name, address=None, brought=brought)


@router.post("/back", name="people.end_login")
async def finish(request: Request, person: PerhapsSignedIn, form: Coming, database: Door, tries: Tries, now: Now) -> Response:
    """Signs in whoever the provider says it is, if they were invited."""
    login = _login(request)
    browser = request.cookies.get(_cookie(over_tls=request.app.state.settings.over_tls), "")
    tries.must_have_room(limits.WRONG_SIGN_INS)
    filled = form.filled
    async with database.writing() as writes:
        begun = await asyncio.to_thread(end_login, writes, browser, now)
    if filled is None or not begun or not secrets.compare_digest(filled.state.encode(), state_of(browser).encode()):
        tries.failed(limits.WRONG_SIGN_INS)
        return _failed(request, login, TOO_OLD, 409, "no try")
    try:
        known = await asyncio.to_thread(login.who, browser, filled.code, _back(request), now)
    except AwayError as away:
        return _failed(request, login, AWAY, 503, str(away))
    except RefusedError as refused:
        tries.failed(limits.WRONG_SIGN_INS)
        return _failed(request, login, REFUSED, 403, str(refused))
    try:
        async with database.writing() as writes:
            cookie = await asyncio.to_thread(sign_in_with_login, writes, login, known, now)
            if person is not None and not person.is_through:
                await asyncio.to_thread(sign_out, writes, person, now)
    except NotFound:
        tries.failed(limits.WRONG_SIGN_INS)
        return _failed(request, login, UNKNOWN, 403, "unknown")
    answer = signed_in_answer(request, cookie)
    _forget(request, answer)
    return answer


def _login(request: Request) -> Login:
    """Raises: NotFound where no login is set up."""
    login: Login | None = request.app.state.login
    if login is None:
        raise NotFound
    return login


def _back(request: Request) -> str:
    """The address that is written down at the provider."""
    return f"{request.app.state.settings.public_url}{request.app.url_path_for('people.back_from_login')}"


def _cookie(*, over_tls: bool) -> str:
    return f"{cookie_name(over_tls)}-login"


def _forget(request: Request, answer: Response) -> None:
    over_tls = request.app.state.settings.over_tls
    answer.delete_cookie(_cookie(over_tls=over_tls), path="/", secure=over_tls, httponly=True, samesite="lax")


def _failed(request: Request, login: Login, words: str, status: int, kind: str) -> HTMLResponse:
    """The other ways in, and why this one did not work. The log learns the kind of failure and nobody's name."""
    log.warning("login failed", kind=kind)
    empty = Form[LinkIn](errors=[FieldError("login", _(words, name=login.name))])
    answer = signed_out_page(request, empty, status)
    if status != 503:
        _forget(request, answer)
    return answer
