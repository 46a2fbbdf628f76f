"""The body of a batch: kept small in memory however large it is, and read row by row as often as needed."""

import hashlib
import mmap
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from service.database import GROUP_ROWS
from service.errors import BadRequest, FieldError, Invalid
from service.inputs import SENTENCES, WRONG_SHAPE, read_json
from service.language import N_, _

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of a batch."""

IN_MEMORY = 1024 * 1024
"""Bytes up to which a body is read at once. A larger one lies in a file without a name and is read row by row."""

MOST_OF_A_ROW = 64 * 1024
LIST = "observations"


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent, and its SHA-256."""

    content: bytes | mmap.mmap
    digest: str


Rows = Callable[[], Iterator[Any]]
"""The rows of a body, from the first one each time it is called. Raises: BadRequest in the middle of a body that breaks off."""


@asynccontextmanager
async def received(stream: AsyncIterator[bytes]) -> AsyncIterator[Body]:
    """The whole body of a request, for as long as the block lasts."""
    digest, start = hashlib.sha256(), bytearray()
    with TemporaryFile() as file:
        async for part in stream:
            digest.update(part)
            start += part
            if len(start) > IN_MEMORY:
                file.write(start)
                start.clear()
        if not file.tell():
            yield Body(bytes(start), digest.hexdigest())
            return
        file.write(start)
        file.flush()
        yield Body(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Sent:
    """What a body holds: its rows, whether it is one object by itself, and whether its rows are few enough for one transaction."""

    rows: Rows
    is_single: bool
    is_short: bool


def rows_in(body: Body) -> Sent:
    """The rows of a JSON body. Raises: BadRequest for one that cannot be read, Invalid for a field that no batch has."""
    content = body.content
    if not isinstance(content, bytes):
        return Sent(lambda: _listed(content), is_single=False, is_short=False)
    value = read_json(content)
    if not isinstance(value, dict):
        raise Invalid(FieldError("request body", _(WRONG_SHAPE)))
    if LIST not in value:
        return Sent(lambda: iter([value]), is_single=True, is_short=True)
    rows, unknown = value.pop(LIST), list(value)[:20]
    if unknown:
        raise Invalid(*(FieldError(name[:80].encode("utf-8", "replace").decode(), _(SENTENCES["extra_forbidden"])) for name in unknown))
    if not isinstance(rows, list):
        raise Invalid(FieldError(LIST, _(WRONG_SHAPE)))
    return Sent(lambda: iter(rows), is_single=False, is_short=len(rows) <= GROUP_ROWS)


_HEAD = re.compile(rb'\s*\{\s*"' + LIST.encode() + rb'"\s*:\s*\[')
_TAIL = re.compile(rb"\s*\}\s*")
_MARK = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)
_NOT_THIS = N_('A body as large as this must be {"observations": [...]}, with nothing else in it.')


def _listed(content: bytes | mmap.mmap) -> Iterator[Any]:
    """The rows of a large body. Between two marks there is no text of a row, so its end is found without reading it."""
    head = _HEAD.match(content)
    if head is None:
        raise BadRequest(_(_NOT_THIS))
    depth, begin, some = 0, head.end(), False
    for mark in _MARK.finditer(content, begin):
        sign = content[mark.start()]
        if sign in b"[{":
            depth += 1
        elif sign in b"]}" and depth:
            depth -= 1
        elif sign in b",]" and not depth:
            row = content[begin : mark.start()]
            if sign == ord(",") or some or row.strip():
                yield _row(row)
            begin, some = mark.end(), True
            if sign == ord("]"):
                if _TAIL.fullmatch(content, begin) is None:
                    raise BadRequest(_(_NOT_THIS))
                return
    raise BadRequest(_("The body is not valid JSON."))


def _row(text: bytes) -> Any:
    if len(text) > MOST_OF_A_ROW:
        raise BadRequest(_("One row is larger than can be taken here."))
    return read_json(text)
