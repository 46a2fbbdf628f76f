"""Forms with files, read in little memory: the words always, of the files no more than may be kept.

What is too large is read past, not refused half-way: only so can the page come back with everything that was typed.
"""

from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from service.errors import BadRequest
from service.language import _

MOST_PARTS = 80
MOST_OF_A_FIELD = 64 * 1024
MOST_OF_A_HEADER = 2 * 1024
MULTIPART = "multipart/form-data"


@dataclass(slots=True)
class File:
    """A file that was sent. `too_large`: it went on beyond what is taken, and `content` is empty."""

    content: bytes = b""
    too_large: bool = False


@dataclass(slots=True)
class Sent:
    """The fields of a form and its files under one name, in their order. A field that comes twice counts once, with its first value."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    too_many: bool = False


def is_multipart(request: Request) -> bool:
    """Whether this form can hold files."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == MULTIPART


async def read_form(request: Request, files: str, *, most_files: int, most_of_a_file: int) -> Sent:
    """The fields, and the files that were sent under the name `files`. A file field that was left empty is none.

    Raises: BadRequest for what no browser sends, HTTPException (413) for a field that is longer than anybody types.
    """
    _kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if not boundary:
        raise _unreadable()
    reading = _Reading(files, most_files, most_of_a_file)
    try:
        parser = MultipartParser(boundary, reading.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
        parser.finalize()
    except (FormParserError, UnicodeDecodeError, KeyError):
        raise _unreadable() from None
    except ClientDisconnect:
        raise BadRequest(_("The body broke off.")) from None
    return reading.sent


def _unreadable() -> BadRequest:
    return BadRequest(_("The form holds bytes that are not text. Type it again, and send it."))


class _Reading:
    """What the parser calls, part by part."""

    def __init__(self, files: str, most_files: int, most_of_a_file: int) -> None:
        self.sent, self.files, self.most_files, self.most_of_a_file = Sent(), files, most_files, most_of_a_file
        self.parts = 0
        self._begin()

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self.header, self.value, self.disposition = bytearray(), bytearray(), b""
        self.name: str | None = None
        self.is_file, self.over, self.data = False, False, bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]
        self._bound(self.header, MOST_OF_A_HEADER)

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]
        self._bound(self.value, MOST_OF_A_HEADER)

    def _header_end(self) -> None:
        if bytes(self.header).lower() == b"content-disposition":
            self.disposition = bytes(self.value)
        self.header, self.value = bytearray(), bytearray()

    def _headers_end(self) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise _unreadable()
        _kind, options = parse_options_header(self.disposition)
        self.name, self.is_file = options[b"name"].decode(), b"filename" in options
        self.unnamed = self.is_file and not options[b"filename"]

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.over:
            return
        self.data += data[start:end]
        if not self.is_file:
            if len(self.data) > MOST_OF_A_FIELD:
                raise HTTPException(413)
        elif len(self.data) > self.most_of_a_file:
            self.over, self.data = True, bytearray()

    def _end(self) -> None:
        if not self.is_file:
            self.sent.fields.setdefault(self.name or "", bytes(self.data).decode())
        elif self.name == self.files and (self.data or self.over or not self.unnamed):
            if len(self.sent.files) < self.most_files:
                self.sent.files.append(File(bytes(self.data), self.over))
            else:
                self.sent.too_many = True
        self.data = bytearray()

    @staticmethod
    def _bound(data: bytearray, most: int) -> None:
        if len(data) > most:
            raise _unreadable()
