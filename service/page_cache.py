"""Public pages, kept as they were sent until what they show changes.

A page is kept under its address, language and encoding, with the collaboration's version and the day on which it was made. Each request
asks the database for the version, so another process's change, or the command line's, is seen at the next request.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import language, rollups
from service.database import ReadSession
from service.days import local_day
from service.errors import Unavailable
from service.places.queries import PlaceCard

MOST_PAGES = 600
MOST_PAGE = 512 * 1024
LONGEST_QUERY = 200
"""Pages of one process; bytes of one page; characters of an address's query. What is larger is answered and not kept."""


Key = tuple[str, bytes, str, str]
"""Path, query, language, and the encodings that are accepted, word for word: what the compression chose for them is kept."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a page was made from. Its maker leaves this with the request; it must be read before anything that is shown."""

    place: PlaceCard
    version: int
    day: date


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was sent."""

    mark: Mark
    route: object
    etag: str
    start: Message
    body: bytes


def keep(request: Request, reads: ReadSession, place: PlaceCard) -> None:
    """Lets this answer be kept. Called before anything that the page shows is read."""
    today = local_day(request.app.state.clock(), place.time_zone)
    request.scope["state"]["keep"] = Mark(place, rollups.version_of(reads, place.id), today)


class PageCache:
    """Stands before the compression, so that a page that is kept is compressed once."""

    def __init__(self, app: ASGIApp, *, state: Any) -> None:
        self.app, self.state = app, state
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.places: dict[str, PlaceCard] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or len(scope["query_string"]) > LONGEST_QUERY:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        found = await self._find(scope, headers)
        if found is None:
            scope.setdefault("state", {})
            await self.app(scope, receive, self._keeping(scope, headers, send))
        else:
            scope["route"] = found.route  # for the log
            await _send(found, headers, send)

    async def _find(self, scope: Scope, headers: Headers) -> Kept | None:
        place = self.places.get(scope["path"].lstrip("/").partition("/")[0])
        if place is None or "hx-request" in headers:
            return None
        key = _key(scope, headers, place)
        kept = self.pages.get(key)
        if kept is None or kept.mark.day != local_day(self.state.clock(), place.time_zone):
            return None
        try:
            version = await rollups.current_version(self.state.database, place.id)
        except Unavailable:  # the page then says so itself, or is answered from what is known
            return None
        if version != kept.mark.version:
            return None
        self.pages.move_to_end(key)
        return kept

    def _keeping(self, scope: Scope, headers: Headers, send: Send) -> Send:
        """Passes the answer on; one that may be kept is held back until it is whole, and gets its ETag."""
        start: Message | None = None
        parts: list[bytes] = []

        async def keeping(message: Message) -> None:
            nonlocal start
            mark: Mark | None = scope["state"].get("keep")
            if message["type"] == "http.response.start" and mark is not None and message["status"] == 200 and "hx-request" not in headers:
                start = message
                return
            if start is None or mark is None:
                await send(message)
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            await _send(self._store(scope, headers, mark, start, b"".join(parts)), headers, send)

        return keeping

    def _store(self, scope: Scope, headers: Headers, mark: Mark, start: Message, body: bytes) -> Kept:
        etag = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
        MutableHeaders(scope=start)["etag"] = etag
        kept = Kept(mark, scope.get("route"), etag, start, body)
        if len(body) <= MOST_PAGE:
            self.places[mark.place.slug] = mark.place
            self.pages[_key(scope, headers, mark.place)] = kept
            while len(self.pages) > MOST_PAGES:
                self.pages.popitem(last=False)
        return kept


def _key(scope: Scope, headers: Headers, place: PlaceCard) -> Key:
    query = scope["query_string"]
    asked = QueryParams(query).get("lang") if query else None
    spoken = language.choose(asked, headers.get("accept-language", ""), place.languages)
    return scope["path"], query, spoken.code, headers.get("accept-encoding", "")[:LONGEST_QUERY]


async def _send(kept: Kept, headers: Headers, send: Send) -> None:
    if kept.etag in headers.get("if-none-match", ""):
        few = [
            (name, value) for name, value in kept.start["headers"] if name not in (b"content-length", b"content-type", b"content-encoding")
        ]
        await send({"type": "http.response.start", "status": 304, "headers": few})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({**kept.start, "headers": list(kept.start["headers"])})
    await send({"type": "http.response.body", "body": kept.body})
