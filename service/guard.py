"""What stands before every route: the log line, the security headers, the same-origin check, limits on bodies and paths."""

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, QueryParams
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from service import language, logs
from service.arriving import Arrivals
from service.going import GOING
from service.metrics import Metrics
from service.static import PREFIX

MOST_BODY = 64 * 1024
MOST_BULK = 64 * 1024 * 1024
BULK = re.compile(r"^/api/v1/[^/]+/outcomes/")
MOST_UPLOAD = 16 * 1024 * 1024 + MOST_BODY
UPLOAD = re.compile(r"^/staff/[^/]+/settings/areas/file$")
"""Bytes of an ordinary request's body, of a batch of outcomes, and of a file of areas with the form around it."""

MOST_SHEET = 160 * 1024 * 1024
SHEET = re.compile(r"^/staff/[^/]+/imports$")
"""Bytes of a file that is brought in with the form around it: read past the 64 MiB that are taken, so that the page can say so."""

MOST_WITH_PHOTOS = 160 * 1024 * 1024
WITH_PHOTOS = re.compile(r"^/[^/]+/tell$|^/staff/[^/]+/write-down$|^/api/v1/[^/]+/feedback/photos$")
"""A form with photos is read past what may be kept, so that the words in it come back to whoever typed them."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
A_REQUEST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""What a program may call its request."""

SAFE = {"GET", "HEAD", "OPTIONS"}

_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_OVER_TLS = (b"strict-transport-security", b"max-age=63072000")


class Guard:
    """Wraps the whole application, static files included."""

    def __init__(self, app: ASGIApp, *, static: ASGIApp, over_tls: Callable[[], bool], metrics: Metrics) -> None:
        self.app, self.static, self.over_tls, self.metrics = app, static, over_tls, metrics
        self.arrivals = Arrivals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        request_id = _given_id(scope) or str(uuid7())
        state = scope.setdefault("state", {})
        state["request_id"] = request_id

        async def answering(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                named = {name for name, _value in headers}
                headers.extend(found for found in _HEADERS if found[0] not in named)
                headers.append((b"x-request-id", request_id.encode()))
                headers.extend(state.get("headers", ()))  # what a key has left
                if going := GOING.get(getattr(scope.get("route"), "name", "")):
                    headers.extend(going.headers)
                if self.over_tls():
                    headers.append(_OVER_TLS)
            await send(message)

        sending: Send = answering
        if scope["method"] == "HEAD":  # the answer to a GET, without its body
            scope, sending = {**scope, "method": "GET"}, _without_body(answering)
        language.speak(_wanted(scope))
        try:
            await self._admit(scope, receive, sending)
        finally:
            # The route's pattern, not the path: a path may hold a secret, and no log may hold an address or a word of a message.
            route = getattr(scope.get("route"), "path", PREFIX if scope["path"].startswith(PREFIX) else "-")
            took = _ms(started)
            logs.requested(request_id, scope["method"][:10], route, status, took)
            self.metrics.count(scope["method"], route, status, took)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal: Response | None = None
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            refusal = _refused(scope, 400, "Bad Request", "This address has a character that cannot be stored.")
        elif _is_too_large(scope):
            refusal = _refused(scope, 413, "Content Too Large", "That is larger than can be taken here.")
        elif scope["method"] not in SAFE and Headers(scope=scope).get("content-encoding", "identity") != "identity":
            refusal = _refused(scope, 400, "Bad Request", "Send the body as it is, without a content encoding.")
        elif is_foreign(scope):
            refusal = PlainTextResponse("This was sent from another site, so nothing was done. Open the page here and send it again.", 403)
        if refusal is not None:
            await refusal(scope, receive, send)
        elif scope["path"].startswith(PREFIX):
            await self.static(scope, receive, send)
        elif scope["method"] in SAFE:
            await self.app(scope, receive, send)
        else:
            with self.arrivals.watched(scope, receive) as arriving:
                await self.app(scope, arriving, send)


def _given_id(scope: Scope) -> str | None:
    """The id that a program with a key gives its request, so that its log and ours name the same one. People's browsers give none."""
    headers = Headers(scope=scope)
    given = headers.get("x-request-id", "") if scope["path"].startswith("/api/") and "authorization" in headers else ""
    return given if A_REQUEST.fullmatch(given) else None


def _wanted(scope: Scope) -> language.Language:
    """The language of whatever is said before a place is known."""
    asked = QueryParams(scope["query_string"]).get("lang") if scope["query_string"] else None
    offered = language.offered_at(scope["path"], language.available())
    return language.choose(asked, Headers(scope=scope).get("accept-language", ""), offered)


def _refused(scope: Scope, status: int, title: str, words: str) -> Response:
    """A refusal before any route: in the form that the API promises, or as a plain sentence."""
    if scope["path"].startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": words}
        return JSONResponse(body, status, {"Cache-Control": "no-store"}, media_type="application/problem+json")
    return PlainTextResponse(words, status)


def _is_too_large(scope: Scope) -> bool:
    """Whether a body says of itself that it is too large: refused before anything is done. Streamed bytes are counted by the routes."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if WITH_PHOTOS.match(scope["path"]) and headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return length.isdigit() and int(length) > MOST_WITH_PHOTOS
    sizes = ((BULK, MOST_BULK), (UPLOAD, MOST_UPLOAD), (SHEET, MOST_SHEET))
    most = next((size for path, size in sizes if path.match(scope["path"])), MOST_BODY)
    return length.isdigit() and int(length) > most


def _without_body(send: Send) -> Send:
    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending


def is_foreign(scope: Scope) -> bool:
    """Whether another site makes a browser send this. No token is needed, so a page that was kept offline never holds a stale one.

    The API takes keys and never cookies, so a browser has nothing there that another site could use.
    """
    if scope["method"] in SAFE or scope["path"].startswith("/api/"):
        return False
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site:
        return site not in ("same-origin", "none")
    try:
        return bool(origin) and urlsplit(origin or "").netloc != headers.get("host")
    except ValueError:  # no address at all
        return True


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
