"""How the browsers and programs of the tests reach the running service: one step into its event loop for each request, and one back.

Starlette's own client takes about ten steps from thread to thread for each, which is most of what a small answer costs.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote

import httpx2
from anyio import Event
from sqlalchemy.util import LRUCache
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Scope

PORTS = {"http": 80, "https": 443}


class Straight(httpx2.BaseTransport):
    """Hands a request to the service, and what it answered back, whole. An error that nobody in the service caught is raised here."""

    def __init__(self, app: ASGIApp, browser: "Browser", client: tuple[str, int]) -> None:
        self.app, self.browser, self.client = app, browser, client
        self.raise_server_exceptions = True

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = Answer(request)
        with self.browser.inside() as portal:
            failed = portal.call(answer.come_from, self.app, self._scope(request))
        if failed is not None and self.raise_server_exceptions:
            raise failed
        assert failed or answer.complete, "The service ended without an answer."
        content = b"" if request.method == "HEAD" else answer.body
        return httpx2.Response(answer.status, headers=answer.headers, stream=httpx2.ByteStream(content), request=request)

    def _scope(self, request: httpx2.Request) -> Scope:
        url = request.url
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": unquote(url.path),
            "raw_path": url.raw_path.split(b"?", 1)[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.multi_items()],
            "client": self.client,
            "server": [url.raw_host.decode("ascii"), url.port or PORTS[url.scheme]],
            "state": self.browser.app_state.copy(),
        }


class Answer:
    """What comes back for one request."""

    def __init__(self, request: httpx2.Request) -> None:
        self.request, self.asked = request, False
        self.status, self.headers, self.body = 500, list[tuple[bytes, bytes]](), b""
        self.started = self.complete = False

    async def come_from(self, app: ASGIApp, scope: Scope) -> Exception | None:
        """Answers what the service failed with."""
        self.over = Event()
        try:
            await app(scope, self._receive, self._send)
        except Exception as error:  # noqa: BLE001 (whatever it is, the test hears of it)
            return error
        return None

    async def _receive(self) -> Message:
        if self.asked:
            await self.over.wait()
            return {"type": "http.disconnect"}
        self.asked = True
        return {"type": "http.request", "body": self.request.read()}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            assert not self.started, "An answer began twice."
            self.started, self.status, self.headers = True, message["status"], list(message.get("headers", []))
            return
        assert self.started and not self.complete, "A body came before its answer began, or after its end."
        self.body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            self.complete = True
            self.over.set()


class Told(NamedTuple):
    """What came back, for those who search it: the body and the headers, as one text."""

    status_code: int
    text: str


READ: Any = LRUCache(20_000)
"""Addresses of the service that have been read, by what they stand behind and how they are written."""

Question = tuple[str, str, dict[str, Any]]
"""A method, a path, and what is sent: `json` or `data`."""


class Browser(TestClient):
    """Starlette's client for tests, on the straight way."""

    def __init__(self, app: Any, *, client: tuple[str, int], **more: Any) -> None:
        super().__init__(app, client=client, **more)
        self._transport: Any = Straight(self.app, self, client)
        self.inside = self._portal_factory

    def _merge_url(self, url: Any) -> Any:
        if isinstance(url, httpx2.URL) and url.is_absolute_url:
            return url
        where = (str(self.base_url), str(url))
        if where not in READ:
            READ[where] = super()._merge_url(url)
        return READ[where]

    def asks(self, questions: Iterable[Question]) -> list[Told]:
        """The same as to call `request` for each: with the headers and cookies of this browser, which keeps what cookies it is given.

        All in one step into the event loop, and each address read once: for tests that ask everything of everybody.
        """
        told: list[Told] = []

        async def ask() -> None:
            for method, path, sent in questions:
                request = httpx2.Request(method, self._merge_url(path), headers=self.headers, **sent)
                request.headers["Accept-Encoding"] = "identity"  # nothing is packed only to be unpacked and searched
                if cookies := self._cookies_everywhere():
                    request.headers["Cookie"] = cookies
                for listen in self.event_hooks["request"]:
                    listen(request)
                answer = Answer(request)
                failed = await answer.come_from(self.app, self._transport._scope(request))
                if failed is not None and self._transport.raise_server_exceptions:
                    raise failed
                assert failed or answer.complete, "The service ended without an answer."
                if any(name == b"set-cookie" for name, _value in answer.headers):
                    self.cookies.extract_cookies(httpx2.Response(answer.status, headers=answer.headers, request=request))
                told.append(Told(answer.status, f"{answer.body.decode('utf-8', 'replace')} {answer.headers}"))

        with self.inside() as portal:
            portal.call(ask)
        return told

    def _cookies_everywhere(self) -> str:
        """What a browser sends of its cookies, when all of them are for every path of the one site."""
        for cookie in self.cookies.jar:
            assert cookie.path == "/" and not cookie.is_expired(), f"{cookie.name}: this is for `request`, which is slower and knows more"
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies.jar)
