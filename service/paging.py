"""Lists in pages: by key, never by number, so that a page stays the same while rows arrive."""

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from pydantic import AfterValidator, BaseModel

from service.language import N_

Row = TypeVar("Row")
MOST = 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many items")]


def _key(cursor: str) -> str:
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise ValueError(N_("This is not a cursor that a list gave.")) from None
    if "\x00" in key:
        raise ValueError(N_("This is not a cursor that a list gave."))
    return key


Cursor = Annotated[
    str | None,
    Query(max_length=400, description="`next` of the page before", json_schema_extra={"pattern": "^[A-Za-z0-9_-]*={0,2}$"}),
    AfterValidator(lambda c: _key(c) if c else None),
]


class Page(BaseModel, Generic[Row]):
    """A page of a list. `next` is the cursor of the page after it, or null."""

    items: list[Row]
    next: str | None


def page_of(request: Request, response: Response, rows: Sequence[Row], limit: int, key: Callable[[Row], str]) -> Page[Row]:
    """The page of these rows, which were asked for with one more than `limit`; names the next one in the Link header too."""
    items = list(rows[:limit])
    if len(rows) <= limit:
        return Page(items=items, next=None)
    cursor = base64.urlsafe_b64encode(key(items[-1]).encode()).decode().rstrip("=")
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    response.headers["Link"] = f'<{request.url.path}?{urlencode([*query, ("cursor", cursor)])}>; rel="next"'
    return Page(items=items, next=cursor)
