"""How a batch comes in over HTTP, whatever its rows are: its options, its body, its answer."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from service.batches.bodies import MOST_BYTES, Form, received, rows_in
from service.batches.intake import Post
from service.batches.work import Sort, Terms
from service.database import Database
from service.errors import BadRequest
from service.idempotency import MOST_KEY, REPLAYED, Asked
from service.inputs import StrictRequest, StrictRoute
from service.language import _
from service.partners.models import Caller
from service.places.queries import PlaceCard
from service.problems import AnyStatus
from service.results.rules import Mode
from service.tables import moment_text

IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=MOST_KEY, description="The same key with the same request is answered the same, for 30 days."),
]


@dataclass(frozen=True, slots=True)
class Options:
    """What the address and the headers of a batch ask for."""

    mode: Mode
    dry_run: bool
    atomic: bool
    idempotency_key: str | None


def _options(
    mode: Annotated[Mode, Query(description="`create`: a known key is a conflict; `correct`: an unknown one is")] = Mode.UPSERT,
    dry_run: Annotated[bool, Query(description="Check, and store nothing")] = False,  # noqa: FBT002 (the address says its name)
    atomic: Annotated[bool, Query(description="All rows or none")] = False,  # noqa: FBT002
    idempotency_key: IdempotencyKey = None,
) -> Options:
    return Options(mode, dry_run, atomic, idempotency_key)


Asking = Annotated[Options, Depends(_options)]


def body_of(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """How the API document shows a batch: one row, a list of them, one a line, or CSV."""
    many = {
        "title": name.title(),
        "type": "object",
        "properties": {name: {"type": "array", "items": row}},
        "required": [name],
        "additionalProperties": False,
    }
    text = {"schema": {"type": "string"}}
    content = {Form.JSON.value: {"schema": {"oneOf": [row, many]}}, Form.LINES.value: text, Form.CSV.value: text}
    return {"requestBody": {"required": True, "content": content}}


class BatchRoute(StrictRoute):
    """A route of the API that takes every form of batch where its document names them."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Reads JSON strictly; the other forms are read row by row."""
        strict, plain = super().get_route_handler(), APIRoute.get_route_handler(self)
        taken = set((self.openapi_extra or {}).get("requestBody", {}).get("content", ())) - {Form.JSON.value}

        async def handled(request: Request) -> Response:
            if media_type(request) in taken:
                answer: Response = await plain(StrictRequest(request.scope, request.receive))
                return answer
            found: Response = await strict(request)
            return found

        return handled


def media_type(request: Request) -> str:
    """What the body says it is."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def take(  # noqa: PLR0913 (one sentence: who posts which rows for whom, when, asking for what)
    request: Request, sort: Sort, database: Database, place: PlaceCard, caller: Caller, code: str, asking: Options, now: datetime
) -> Response:
    """Stores a batch for the organisation with this code, or foresees it. Raises: AnyStatus, BadRequest, Invalid."""
    terms = Terms(place.id.hex, caller.places[place.id].hex, code, caller.actor, asking.mode, moment_text(now))  # type: ignore[union-attr]
    name, media = sort.layout.name, media_type(request)
    form = Form(media) if media in (Form.LINES, Form.CSV) else Form.JSON
    try:
        async with received(_limited(request)) as body:
            key = asking.idempotency_key
            asked = Asked(place.id, caller.holder_id, key or "", (name, asking.mode, f"atomic={asking.atomic}", body.digest))
            post = Post(database, sort, terms, rows_in(body, sort.layout, form), asked if key else None, now, atomic=asking.atomic)
            answer, replayed = await (post.foresee() if asking.dry_run else post.store())
            if not replayed:
                request.app.state.allowance.count_rows(caller.holder_id.hex, json.loads(answer.body)["received"])
    except ClientDisconnect:
        raise BadRequest(_("The body broke off.")) from None
    return Response(answer.body, answer.status, REPLAYED if replayed else None, "application/json")


async def _limited(request: Request) -> AsyncIterator[bytes]:
    """The body, as far as the limit. Raises: AnyStatus (413)."""
    declared, size = request.headers.get("content-length", ""), 0
    if declared.isdecimal() and int(declared[:20]) > MOST_BYTES:
        raise AnyStatus(413)
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise AnyStatus(413)
        yield part
