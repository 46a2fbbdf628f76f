"""The body of a batch: kept small in memory however large it is, and read row by row as often as needed."""

import csv
import hashlib
import mmap
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import inf
from tempfile import TemporaryFile
from typing import Any

from service.database import GROUP_ROWS
from service.errors import BadRequest, FieldError, Invalid
from service.inputs import CUT, SENTENCES, WRONG_SHAPE, read_json
from service.language import N_, _

UNKNOWN = SENTENCES["extra_forbidden"]
MOST_BYTES = 64 * 1024 * 1024
"""Bytes of a batch."""

IN_MEMORY = 256 * 1024
"""Bytes up to which a body is read at once. A larger one lies in a file without a name and is read row by row."""

MOST_OF_A_ROW = 64 * 1024
BOM = b"\xef\xbb\xbf"
"""What some programs write before anything else. In batches it is left out."""


class Form(StrEnum):
    """How a batch is written, by its media type."""

    JSON = "application/json"
    LINES = "application/x-ndjson"
    CSV = "text/csv"


@dataclass(frozen=True)
class Layout:
    """How rows of a sort are written: what a JSON batch calls their list, which columns a CSV file may have, what stands in them.

    `prefixes` are those of columns with names of their own; `read_line` makes of a line what would stand in a JSON batch.
    """

    name: str
    columns: frozenset[str]
    prefixes: tuple[str, ...]
    read_line: Callable[[Mapping[str, str]], dict[str, Any]]

    def knows(self, column: str) -> bool:
        return column in self.columns or any(column.startswith(prefix) and column != prefix for prefix in self.prefixes)


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
    """What a body holds: its rows, whether it is one object by itself, and how many rows it has at most."""

    rows: Rows
    is_single: bool
    rows_at_most: float

    @property
    def is_short(self) -> bool:
        """Whether its rows are few enough for one transaction at any time."""
        return self.rows_at_most <= GROUP_ROWS


def rows_in(body: Body, layout: Layout, form: Form = Form.JSON) -> Sent:
    """The rows of a body. Raises: BadRequest for one that cannot be read, Invalid for a field or a column that no batch has."""
    content = body.content
    if not len(content):
        raise BadRequest(_("The body is empty: nothing was sent."))
    if form != Form.CSV and isinstance(content, bytes):
        content = content.removeprefix(BOM)
    if form == Form.LINES:
        return Sent(lambda: _by_line(content), is_single=False, rows_at_most=_lines_at_most(content))
    if form == Form.CSV:
        _header(next(_cells(content), []), layout)
        return Sent(lambda: _by_cells(content, layout), is_single=False, rows_at_most=_lines_at_most(content))
    if not isinstance(content, bytes):
        return Sent(lambda: _listed(content, layout.name), is_single=False, rows_at_most=inf)
    value = read_json(content)
    if not isinstance(value, dict):
        raise Invalid(FieldError("request body", _(WRONG_SHAPE)))
    if layout.name not in value:
        return Sent(lambda: iter([value]), is_single=True, rows_at_most=1)
    rows, unknown = value.pop(layout.name), list(value)[:20]
    if unknown:
        raise Invalid(*(FieldError(_shown(name), _(UNKNOWN)) for name in unknown))
    if not isinstance(rows, list):
        raise Invalid(FieldError(layout.name, _(WRONG_SHAPE)))
    return Sent(lambda: iter(rows), is_single=False, rows_at_most=len(rows))


def _shown(name: str) -> str:
    return name[:80].encode("utf-8", "replace").decode()


def _lines_at_most(content: bytes | mmap.mmap) -> float:
    return content.count(b"\n") if isinstance(content, bytes) else inf


# ---- one row a line --------------------------------------------------------------------------------------------------

TOO_LARGE = N_("One row is larger than can be taken here.")


def _by_line(content: bytes | mmap.mmap) -> Iterator[Any]:
    """The rows of a body with one JSON object a line. A line that cannot be read is a refused row; a cut last one breaks the body off."""
    for line, is_whole in _lines(content):
        if not line.strip():
            continue
        if len(line) > MOST_OF_A_ROW:
            yield FieldError("row", _(TOO_LARGE))
            continue
        try:
            value = read_json(line)
        except BadRequest as refusal:
            if not is_whole:
                raise BadRequest(_("The body breaks off in its last line. Nothing was stored: send all of it again.")) from None
            value = FieldError("row", refusal.detail or "")
        yield value


def _lines(content: bytes | mmap.mmap) -> Iterator[tuple[bytes, bool]]:
    """Each line, and whether its end was there."""
    start, size = len(BOM) if content[:3] == BOM else 0, len(content)
    while start < size:
        end = content.find(b"\n", start)
        yield content[start : size if end < 0 else end + 1], end >= 0
        start = size if end < 0 else end + 1


# ---- CSV -------------------------------------------------------------------------------------------------------------


def _by_cells(content: bytes | mmap.mmap, layout: Layout) -> Iterator[Any]:
    lines = _cells(content)
    header = [name.strip() for name in next(lines, [])]
    for line in lines:
        if len(line) == len(header):
            yield layout.read_line(dict(zip(header, line, strict=True)))
        else:
            yield FieldError("row", _("This row has %(cells)s cells, the header has %(columns)s.", cells=len(line), columns=len(header)))


def _cells(content: bytes | mmap.mmap) -> Iterator[list[str]]:
    """Lines with something in them. Raises: BadRequest."""
    reader = csv.reader(_texts(content), strict=True)
    while True:
        try:
            line = next(reader)
        except StopIteration:
            return
        except csv.Error:
            words = _("This cannot be read as CSV from line %(line)s on: a quotation mark is missing or astray.", line=reader.line_num)
            raise BadRequest(words) from None
        if any(line):
            yield line


def _texts(content: bytes | mmap.mmap) -> Iterator[str]:
    for line, _is_whole in _lines(content):
        try:
            yield line.decode()
        except UnicodeDecodeError:
            raise BadRequest(_("The body is not UTF-8. Save it as UTF-8, for instance as “CSV UTF-8”, and send it again.")) from None


def _header(given: list[str], layout: Layout) -> None:
    """Checks the first line. Raises: Invalid."""
    header = [name.strip() for name in given]
    if not header:
        raise BadRequest(_("The first line must name the columns."))
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        raise BadRequest(_("Part the columns with commas."))
    if twice := next((name for name, n in Counter(header).items() if n > 1), None):
        raise Invalid(FieldError(_shown(twice), _("This column comes twice.")))
    if unknown := [name for name in header if not layout.knows(name)][:20]:
        raise Invalid(*(FieldError(_shown(name) or "row", _(UNKNOWN)) for name in unknown))


# ---- a large JSON body -----------------------------------------------------------------------------------------------


@lru_cache
def _head(name: str) -> re.Pattern[bytes]:
    return re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"' + name.encode() + rb'"\s*:\s*\[')


_TAIL = re.compile(rb"\s*\}\s*")
_MARK = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)
_NOT_THIS = N_('A body as large as this must be {"%(list)s": [...]}, with nothing else in it.')


def _listed(content: bytes | mmap.mmap, name: str) -> Iterator[Any]:
    """The rows of a large body. Between two marks there is no text of a row, so its end is found without reading it."""
    head = _head(name).match(content)
    if head is None:
        raise BadRequest(_(_NOT_THIS, list=name))
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
                    raise BadRequest(_(_NOT_THIS, list=name))
                return
    raise BadRequest(_(CUT))


def _row(text: bytes) -> Any:
    if len(text) > MOST_OF_A_ROW:
        raise BadRequest(_(TOO_LARGE))
    return read_json(text)
