"""Files as rows: CSV (also gzipped), lists of JSON objects, GeoJSON. Read as a stream, from the first row as often as needed."""

import csv
import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from service.errors import BadRequest, FieldError, Invalid
from service.inputs import read_json
from service.language import _

Row = dict[str, Any] | FieldError
"""A row as it stands in the file, or why it cannot be read."""

Pulse = Callable[[int], None]
"""Told now and then how many bytes of the file were read."""

GZIP = b"\x1f\x8b"
CHUNK = 64 * 1024
MOST_OF_A_ROW = 1024 * 1024
"""Characters of one JSON object, or of one cell."""

MOST_OF_A_MAP = 64 * 1024 * 1024
"""Characters of a GeoJSON file: the only one that is read at once."""

PULSE_ROWS = 50


class Form(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read. `columns` is the header of a CSV file; the other forms have none."""

    path: Path
    form: Form
    columns: tuple[str, ...] | None

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def rows(self, pulse: Pulse) -> Iterator[Row]:
        """Its rows, from the first one each time. Raises: Invalid where the file cannot be read on."""
        with _opened(self.path) as (text, position):
            yield from _pulsed(_ROWS[self.form](self, text), pulse, position)


def open_source(path: Path) -> Source:
    """Looks at the start of a file. Raises: Invalid that says what is wrong with it as a whole."""
    with _opened(path) as (text, _place):
        start = text.read(1)
        while start and start.isspace():
            start = text.read(1)
    if start in ("[", "{"):
        return Source(path, Form.JSON if start == "[" else Form.GEOJSON, None)
    if not start:
        raise _wrong(_("%(file)s is empty.", file=path.name))
    with _opened(path) as (text, _place):
        return Source(path, Form.CSV, _header(path, _lines(path, text)))


def _wrong(words: str) -> Invalid:
    return Invalid(FieldError("file", words))


@contextmanager
def _opened(path: Path) -> Iterator[tuple[TextIO, Callable[[], int]]]:
    """The file as text, and a way to ask how far it was read. What is wrong with its bytes becomes a sentence."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == GZIP
            raw.seek(0)
            stream = gzip.GzipFile(fileobj=raw) if zipped else raw
            with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
                yield text, lambda: raw.tell() if not raw.closed else 0
    except UnicodeDecodeError:
        raise _wrong(_("%(file)s is not UTF-8. Save it as UTF-8, for instance as “CSV UTF-8”, and try again.", file=path.name)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise _wrong(_("%(file)s is damaged, or broke off: it cannot be unzipped to its end.", file=path.name)) from None


def _pulsed(rows: Iterator[Row], pulse: Pulse, position: Callable[[], int]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number % PULSE_ROWS == 0:
            pulse(position())
        yield row


# ---- CSV -------------------------------------------------------------------------------------------------------------


def _lines(path: Path, text: TextIO) -> Iterator[list[str]]:
    """Lines with something in them."""
    csv.field_size_limit(MOST_OF_A_ROW)
    reader = csv.reader(text, strict=True)
    while True:
        try:
            line = next(reader)
        except StopIteration:
            return
        except csv.Error:
            words = _(
                "%(file)s cannot be read as CSV from line %(line)s on: look for a stray or a missing quotation mark.",
                file=path.name,
                line=reader.line_num,
            )
            raise _wrong(words) from None
        if any(line):
            yield line


def _header(path: Path, lines: Iterator[list[str]]) -> tuple[str, ...]:
    header = tuple(name.strip() for name in next(lines, []))
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        if ";" in header[0]:
            raise _wrong(_("%(file)s parts its columns with semicolons. Save it with commas.", file=path.name))
        raise _wrong(_("%(file)s parts its columns with tabs. Save it with commas.", file=path.name))
    if not all(header):
        at = header.index("") + 1 if header else 1
        raise _wrong(_("%(file)s has no name over column %(at)s. Its first line must name every column.", file=path.name, at=at))
    if twice := next((name for name, n in Counter(header).items() if n > 1), None):
        raise _wrong(_("%(file)s has two columns called %(name)s.", file=path.name, name=twice))
    return header


def _csv_rows(source: Source, text: TextIO) -> Iterator[Row]:
    lines = _lines(source.path, text)
    header = _header(source.path, lines)
    for line in lines:
        if len(line) == len(header):
            yield {name: cell.strip() for name, cell in zip(header, line, strict=True)}
        else:
            yield FieldError("row", _("This row has %(cells)s cells, the header has %(names)s.", cells=len(line), names=len(header)))


# ---- JSON ------------------------------------------------------------------------------------------------------------


def _json_rows(source: Source, text: TextIO) -> Iterator[Row]:
    for element in _elements(source.path, text):
        try:
            value = read_json(element.encode("utf-8", "surrogatepass"))
        except BadRequest as refusal:
            yield FieldError("row", refusal.detail)
            continue
        yield value if isinstance(value, dict) else FieldError("row", _("This is not an object with fields."))


def _elements(path: Path, text: TextIO) -> Iterator[str]:
    """The text of each element of a list, without the whole list being in memory."""
    broken, decoder = _wrong(_("%(file)s is not a valid JSON list of objects.", file=path.name)), json.JSONDecoder()
    buffer, at, first = text.read(CHUNK).lstrip(), 1, True
    while True:
        while True:  # to the next element, or the end of the list
            at = _skip(buffer, at)
            if at < len(buffer) or not (more := text.read(CHUNK)):
                break
            buffer, at = buffer[at:] + more, 0
        sign = buffer[at : at + 1]
        if sign == "]" and not text.read(1).strip() and not buffer[at + 1 :].strip():
            return
        if not first:
            if sign != ",":
                raise broken
            at += 1
        first = False
        while True:
            at = _skip(buffer, at)
            try:
                _value, end = decoder.raw_decode(buffer, at)
                break
            except (ValueError, RecursionError):
                more = text.read(max(CHUNK, len(buffer) - at))
                if not more or len(buffer) - at > MOST_OF_A_ROW:
                    raise broken from None
                buffer, at = buffer[at:] + more, 0
        yield buffer[at:end]
        at = end


def _skip(buffer: str, at: int) -> int:
    while at < len(buffer) and buffer[at] in " \t\r\n":
        at += 1
    return at


def _features(source: Source, text: TextIO) -> Iterator[Row]:
    """The features of a map: their properties as columns, and the geometry as the column `shape`."""
    content = text.read(MOST_OF_A_MAP + 1)
    if len(content) > MOST_OF_A_MAP:
        raise _wrong(_("%(file)s is larger than a map may be: 64 MiB.", file=source.path.name))
    try:
        features = json.loads(content)["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        features = None
    if not isinstance(features, list):
        raise _wrong(_("%(file)s is neither a GeoJSON collection of features nor a JSON list of objects.", file=source.path.name))
    for feature in features:
        if not isinstance(feature, dict) or not all(isinstance(feature.get(part), dict | None) for part in ("properties", "geometry")):
            yield FieldError("row", _("This is not a GeoJSON feature."))
            continue
        geometry = feature.get("geometry") or {}
        shape = {name: geometry[name] for name in ("type", "coordinates") if name in geometry}
        yield {**(feature.get("properties") or {}), "shape": shape or None}


_ROWS: dict[Form, Callable[[Source, TextIO], Iterator[Row]]] = {Form.CSV: _csv_rows, Form.JSON: _json_rows, Form.GEOJSON: _features}
