"""What a phone needs without signal: the service worker, the page that says so, and answers to what a phone kept and sends later.

A page sends a form with the header `Said-Queue`, which names whose words they are (`SignedIn.mark`; `anybody` for a resident). It is
answered in JSON, so that the phone drops its copy only when the answer itself says that this very message was kept.
"""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from service.doors import Router
from service.errors import FieldError, Refused
from service.html import PRIVATE, language_of, page
from service.language import _
from service.people.access import ANYONE, Place
from service.static import FOLDER, Static

router = Router(dependencies=[ANYONE], include_in_schema=False)

QUEUED = "said-queue"
SCRIPTS = ("said", "queue", "fields", "offline", "marks", "leave", "photos")
FILES = ("css/said.css", *(f"js/{name}.js" for name in SCRIPTS), "img/favicon.svg")
"""What the service worker keeps: public files, and nothing that anybody wrote."""

ICONS = {
    "favicon.svg": {"sizes": "any", "type": "image/svg+xml"},
    "icon-192.png": {"sizes": "192x192", "type": "image/png"},
    "icon-512.png": {"sizes": "512x512", "type": "image/png"},
    "icon-full-512.png": {"sizes": "512x512", "type": "image/png", "purpose": "maskable"},
}
"""The picture on a phone's first screen; the last one is cut to the phone's own shape."""

WORKER = FOLDER / "js" / "sw.js"


@router.get("/offline", name="offline.page")
def show_offline(request: Request) -> HTMLResponse:
    """What to do without signal, and what waits on this phone. The page itself holds nobody's words."""
    return page(request, "offline/page.html", headers=PRIVATE)


@router.get("/sw.js", name="offline.worker")
def worker(request: Request) -> PlainTextResponse:
    """The service worker, told which files to keep. Another release names other files, so that browsers notice."""
    static: Static = request.app.state.static
    own = {"queue": static.url("js/queue.js"), "push": static.url("js/push.js")}
    files = json.dumps({**own, "files": [static.url(name) for name in FILES]})
    text = f"const KEPT = {files};\n{Path(WORKER).read_text('utf-8')}"
    return PlainTextResponse(text, headers={"Cache-Control": "no-cache"}, media_type="text/javascript")


@router.get("/manifest.webmanifest", name="offline.manifest")
def manifest(request: Request) -> JSONResponse:
    """What a phone shows when the log is put on its first screen."""
    static: Static = request.app.state.static
    return _app(static, {"name": "Said & Done", "short_name": "Said & Done", "start_url": "/staff"})


@router.get("/{c}/app.webmanifest", name="offline.place_manifest")
def place_manifest(request: Request, place: Place) -> JSONResponse:
    """What a resident's phone shows when a place is put on its first screen: the form, in the language of the page."""
    spoken, name = language_of(request, place), place.plain_title or place.name
    paths = {route: request.app.url_path_for(f"feedback.{route}", c=place.slug) for route in ("tell", "answer")}
    starts = {route: f"{path}?lang={spoken.code}" for route, path in paths.items()}
    shortcut = {"name": _("Read an answer"), "url": starts["answer"]}
    facts = {"id": paths["tell"], "name": name, "short_name": name, "start_url": starts["tell"], "shortcuts": [shortcut]}
    return _app(request.app.state.static, {**facts, "lang": spoken.code, "dir": spoken.dir})


def _app(static: Static, facts: dict[str, Any]) -> JSONResponse:
    look = {"scope": "/", "display": "standalone", "background_color": "#fffefb", "theme_color": "#512a5e"}
    icons = [{"src": static.url(f"img/{name}"), **shape} for name, shape in ICONS.items()]
    return JSONResponse({**facts, **look, "icons": icons}, headers={"Cache-Control": "no-cache"}, media_type="application/manifest+json")


def must_be_theirs(request: Request, mark: str) -> None:
    """What one person kept is not sent in another's name. Raises: Refused."""
    if request.headers.get(QUEUED, mark) != mark:
        raise Refused(_("Somebody else wrote this, and is not signed in now."))


def arrived(key: str, receipt: str | None, answer_by: date) -> JSONResponse:
    """Tells a phone that a resident's message is stored, and its code. Only an answer that names the key says so."""
    return JSONResponse({"kept": key, "receipt": receipt, "answer_by": answer_by.isoformat()}, 201, PRIVATE)


def as_asked(request: Request, answer: Response, key: str, errors: Sequence[FieldError] = ()) -> Response:
    """A form's answer; for a phone that sends what it kept, the same in JSON."""
    if QUEUED not in request.headers:
        return answer
    if answer.status_code == 303:
        return JSONResponse({"kept": key, "next": answer.headers["location"]}, 201, PRIVATE)
    said = [{"field": error.field, "message": error.message} for error in errors]
    later = {name: answer.headers[name] for name in ("retry-after",) if name in answer.headers}
    return JSONResponse({"errors": said}, answer.status_code, {**PRIVATE, **later})
