"""How refusals leave the house: problem details (RFC 9457) under /api, a calm page elsewhere; and how the API document shows them."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from service import georeport, language, logs
from service.errors import BadRequest, Invalid, NeedsSecondStep, NeedsSignIn, NotFound, Refusal, Unavailable, problem
from service.html import language_of, refusal_page
from service.inputs import explain
from service.language import _
from service.typed import Typed, typed_in

log = logs.named("said.errors")


class WrongField(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """Problem details (RFC 9457). Never repeats what was sent."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[WrongField] | None = Field(default=None, description="For bodies: every field at fault")


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route of the API may refuse, for its document."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


class AnyStatus(Refusal):
    """A refusal of the framework: a wrong method, a body that is too large."""

    def __init__(self, status: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(headers=headers)
        self.status = status
        self.title = HTTPStatus(status).phrase
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            self.detail = _("That is larger than can be taken here.")
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.detail = _("This address does not take that method.")


def install(app: FastAPI) -> None:
    """Answers every refusal, and everything unforeseen."""
    app.add_exception_handler(Refusal, _refusal)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _validation)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _framework)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _unforeseen)


def _answer(request: Request, refusal: Refusal, typed: Typed | None = None) -> Response:
    if request.url.path.startswith("/api/") or request.url.path == "/api":
        with language.speaking(language_of(request, None)):
            headers = {"Cache-Control": "no-store", **refusal.headers}
            return JSONResponse(problem(refusal), refusal.status, headers, media_type="application/problem+json")
    if request.url.path.startswith(georeport.PREFIX):
        body, status, kind = georeport.refused(refusal, request.url.path)
        return Response(body, status, {"Cache-Control": "no-store", **refusal.headers}, media_type=kind)
    if isinstance(refusal, NeedsSignIn) and request.method in ("GET", "HEAD"):
        way = "people.second" if isinstance(refusal, NeedsSecondStep) else "people.front"
        return RedirectResponse(str(request.app.url_path_for(way)), 303, {"Cache-Control": "no-store"})
    return refusal_page(request, refusal, typed)


async def _refusal(request: Request, refusal: Refusal) -> Response:
    if isinstance(refusal, Unavailable):
        log.error("unavailable", exc_info=refusal)
    return _answer(request, refusal, await typed_in(request))


async def _validation(request: Request, error: RequestValidationError) -> Response:
    problems = error.errors()
    if any(found["loc"][:1] == ("path",) for found in problems):
        return _answer(request, NotFound())
    if any(found["type"] == "json_invalid" for found in problems):
        return _answer(request, BadRequest(_("The body is not valid JSON.")))
    with language.speaking(language_of(request, None)):
        return _answer(request, Invalid(*explain([{**found, "loc": found["loc"][1:]} for found in problems])))


async def _framework(request: Request, error: HTTPException) -> Response:
    if isinstance(error.__cause__, Refusal):  # raised while the framework read the body
        return _answer(request, error.__cause__)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _answer(request, NotFound())
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return _answer(request, BadRequest(_("Check what was sent, and send it again.")))
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_allowed(request)))
    return _answer(request, AnyStatus(error.status_code, headers))


def _allowed(request: Request) -> set[str]:
    """Every method that some route takes at this address; the framework names those of the first route only."""
    found: set[str] = set()
    for route in request.app.state.routes:
        match, _scope = route.matches(request.scope)
        if match != Match.NONE:
            found |= route.methods
    return found


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("unforeseen", route=getattr(request.scope.get("route"), "path", "-"), exc_info=error)
    refusal = Refusal(_("It is our fault, and it was written down. Please try again."))
    return _answer(request, refusal)
