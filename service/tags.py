"""Versions of what the API answers: an ETag on each JSON answer, 304 for who has it already, 412 for who read an older one."""

import json
from hashlib import blake2b
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import Stale
from service.language import _

MOST = 512 * 1024
"""Bytes of an answer that gets a tag."""


def tag_of(body: bytes) -> str:
    """The tag of a JSON text: the same for the same value, however it is written."""
    value = json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f'"{blake2b(value.encode(), digest_size=12).hexdigest()}"'


def names(header: str, tag: str) -> bool:
    """Whether a list of tags has this one. Proxies that compress weaken a tag, so the W/ is passed over."""
    return header.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in header.split(","))


IfMatch = Annotated[str | None, Header(max_length=400, description="The ETag of what was read: refused with 412 when it is older")]


def must_match(header: str | None, present: BaseModel | None) -> None:
    """Lets a change through whose sender has read the thing as it is now, or does not say. Raises: Stale."""
    if header is not None and (present is None or not names(header, tag_of(present.model_dump_json().encode()))):
        raise Stale(_("Somebody changed this after you read it. Read it again, then change it."))


class Tags:
    """Stands before the routes, inside the compression."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "PUT") or not scope["path"].startswith("/api/v1"):
            await self.app(scope, receive, send)
            return
        held: Message | None = None

        async def answering(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _can_be_tagged(message):
                held = message
                return
            if held is None or message["type"] != "http.response.body":
                await send(message)
                return
            start, held = held, None
            if message.get("more_body") or len(message.get("body", b"")) > MOST:
                await send(start)
                await send(message)
                return
            tag = tag_of(message["body"])
            MutableHeaders(scope=start)["etag"] = tag
            if scope["method"] == "GET" and names(Headers(scope=scope).get("if-none-match", ""), tag):
                kept = (b"etag", b"link", b"cache-control", b"vary")
                await send({**start, "status": 304, "headers": [found for found in start["headers"] if found[0].lower() in kept]})
                await send({**message, "body": b""})
                return
            await send(start)
            await send(message)

        await self.app(scope, receive, answering)


def _can_be_tagged(start: Message) -> bool:
    headers = Headers(scope=start)
    return start["status"] in (200, 201) and headers.get("content-type") == "application/json" and "etag" not in headers
