"""The files that staff bring in: kept as CSV with commas in UTF-8, under a random name, whole or not at all; and rows to hand back."""

import csv
import gzip
import os
import re
import secrets
import shutil
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TextIO

from service.cells import safe, unsafe
from service.errors import FieldError, Invalid
from service.imports.reading import GZIP, MOST_OF_A_ROW, Pulse, Row, Source
from service.intakes.gently import Rests, giving_way
from service.intakes.models import Filed
from service.language import _
from service.results.rules import NUMBER

FOLDER = "imports"
REFUSED = "refused.csv"
FOUND = "found"
WHY = "why_refused"
"""The column of a file that is handed back which says why its row was refused. Sent again, it is left out."""

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of a file, unzipped."""

PART = 1024 * 1024
REST_ROWS = 500
BITS = 36
"""Of a number, for a place in a file; the rest holds a row."""

MARKS = ",;\t"
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
AS_SPREADSHEETS = "cp1252"
"""How spreadsheets on Windows write letters where they are not asked for UTF-8."""


def folder_in(var: Path) -> Path:
    """Where the files of this installation are."""
    return var / FOLDER


def path_of(var: Path, filed: Filed) -> Path:
    """The file itself. It keeps the name that it was sent with, as sentences about it name it."""
    return folder_in(var) / filed.name / filed.file_name


def throw_away(var: Path, names: Iterable[str]) -> None:
    """Takes files away with everything that was found in them."""
    for name in names:
        shutil.rmtree(folder_in(var) / name, ignore_errors=True)


def names_in(var: Path) -> list[str]:
    """The names of everything that lies there."""
    folder = folder_in(var)
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


# ---- on the way in ---------------------------------------------------------------------------------------------------


def file_away(var: Path, sent: BinaryIO, called: str) -> Filed:
    """Keeps what was sent, read as text and parted by commas. Raises: Invalid with what is wrong with it as a whole."""
    name, file_name = secrets.token_hex(16), _file_name(called)
    folder = folder_in(var) / name
    folder.mkdir(mode=0o700, parents=True)
    try:
        with giving_way():
            return _filed(folder, sent, name, file_name)
    except BaseException:
        throw_away(var, [name])
        raise


def _filed(folder: Path, sent: BinaryIO, name: str, file_name: str) -> Filed:
    plain = folder / "sent"
    _unzipped(sent, plain, file_name)
    encoding = _encoding_of(plain, file_name)
    target = folder / file_name
    with plain.open("r", encoding=encoding, newline="") as text, target.open("x", encoding="utf-8", newline="") as out:
        target.chmod(0o600)
        _rewrite(text, out, file_name)
        out.flush()
        os.fsync(out.fileno())
    plain.unlink()
    return Filed(name, file_name, target.stat().st_size, encoding)


def _file_name(called: str) -> str:
    stem = re.sub(r"[^\w.-]+", "_", Path(called.replace("\\", "/")).name.removesuffix(".gz")).lstrip("._")[:100]
    return (stem.removesuffix(".csv") or "file") + ".csv"


def _wrong(words: str) -> Invalid:
    return Invalid(FieldError("file", words))


def _unzipped(sent: BinaryIO, target: Path, file_name: str) -> None:
    zipped = sent.read(2) == GZIP
    sent.seek(0)
    size = 0
    with target.open("xb") as out:
        target.chmod(0o600)
        stream = gzip.GzipFile(fileobj=sent, mode="rb") if zipped else sent
        try:
            while part := stream.read(PART):
                size += len(part)
                if size > MOST_BYTES:
                    raise _wrong(_("%(file)s is larger than 64 MB. Send it in parts.", file=file_name))
                out.write(part)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise _wrong(_("%(file)s is damaged, or broke off. Send it again.", file=file_name)) from None
    if not size:
        raise _wrong(_("%(file)s is empty.", file=file_name))


def _encoding_of(path: Path, file_name: str) -> str:
    """How its letters are written. Raises: Invalid for what is no text."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _wrong(_("%(file)s is a workbook. Save the sheet as “CSV UTF-8”, and send that.", file=file_name))
    marked = next((encoding for mark, encoding in BOMS if start.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", AS_SPREADSHEETS):
        with suppress(UnicodeDecodeError), path.open("r", encoding=encoding, newline="") as text:
            while part := text.read(PART):
                if "\x00" in part:
                    raise _wrong(_("%(file)s is not text. Save the sheet as “CSV UTF-8”, and send that.", file=file_name))
            return str(encoding)
    raise _wrong(_("%(file)s is not text. Save the sheet as “CSV UTF-8”, and send that.", file=file_name))


def _rewrite(text: TextIO, out: TextIO, file_name: str) -> None:
    """Writes the lines anew with commas; what was handed back loses its reasons, and its guard against formulas."""
    first = text.readline(MOST_OF_A_ROW)
    while first and not first.strip():
        first = text.readline(MOST_OF_A_ROW)
    if first.lstrip().startswith(("[", "{")):
        raise _wrong(_("%(file)s is not CSV. Outlines of areas are taken in under Settings, Areas.", file=file_name))
    mark = max(MARKS, key=_outside_quotes(first).count)
    csv.field_size_limit(MOST_OF_A_ROW)
    reader = csv.reader(_onward(first, text), delimiter=mark, strict=True)
    writer, why, rests = csv.writer(out, lineterminator="\n"), None, Rests()
    for number, line in enumerate(_lines(reader, file_name)):
        if number % REST_ROWS == 0:
            rests.rest()
        if number == 0 and WHY in line:
            why = line.index(WHY)
        writer.writerow(line if why is None else [unsafe(cell) for place, cell in enumerate(line) if place != why])


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _onward(first: str, text: TextIO) -> Iterator[str]:
    yield first
    yield from text


def _lines(reader: "Iterator[list[str]]", file_name: str) -> Iterator[list[str]]:
    """Lines with something in them. Raises: Invalid."""
    while True:
        try:
            line = next(reader)
        except StopIteration:
            return
        except csv.Error:
            at = getattr(reader, "line_num", 0)
            words = _(
                "%(file)s cannot be read from line %(line)s on: look for a stray or a missing quotation mark.", file=file_name, line=at
            )
            raise _wrong(words) from None
        if any(line):
            yield line


# ---- what was mended -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Amended(Source):
    """A file with cells that somebody mended: some in a row, some wherever a column holds a text."""

    in_rows: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    everywhere: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def rows(self, pulse: Pulse) -> Iterator[Row]:
        """As the file's own, with the mended cells."""
        for number, row in enumerate(Source.rows(self, pulse), start=1):
            yield self.mended(number, row) if isinstance(row, dict) else row

    def mended(self, number: int, row: Mapping[str, str]) -> dict[str, str]:
        """A row as it is to be read."""
        found = dict(row)
        for column, texts in self.everywhere.items():
            found[column] = texts.get(found.get(column, ""), found.get(column, ""))
        return {**found, **self.in_rows.get(number, {})}


# ---- refused rows ----------------------------------------------------------------------------------------------------


class Refusals:
    """Which rows were refused and why, on the disk: only where each stands is held, so that there may be a million of them."""

    def __init__(self, path: Path) -> None:
        self.file, self.places, self.end = path.open("w+b"), array("Q"), 0

    def add(self, row: int, error: FieldError) -> None:
        """One more."""
        line = f"{_flat(error.field)}\t{_flat(error.message)}\n".encode()
        self.places.append((row << BITS) | self.end)
        self.end += len(line)
        self.file.write(line)

    def in_order(self) -> Iterator[tuple[int, FieldError]]:
        """All of them, by the number of the row."""
        self.file.flush()
        for place in sorted(self.places):
            self.file.seek(place & ((1 << BITS) - 1))
            name, _tab, message = self.file.readline().decode().rstrip("\n").partition("\t")
            yield place >> BITS, FieldError(name, message)

    def close(self) -> None:
        """No more is asked."""
        self.file.close()


def _flat(text: str) -> str:
    return " ".join(text.split())


def beside(source: Source, refused: Iterable[tuple[int, FieldError]]) -> Iterator[tuple[int, FieldError, dict[str, str]]]:
    """Each refusal with its row, as far as that could be read. The refusals come in the order of the rows."""
    rows = enumerate(source.rows(lambda _bytes: None), start=1)
    number, row = 0, dict[str, str]()
    for wanted, error in refused:
        while number < wanted:
            number, found = next(rows)
            row = found if isinstance(found, dict) else {}
        yield wanted, error, row


def hand_back(source: Source, refused: Iterable[tuple[int, FieldError]], target: Path, called: Mapping[str, str]) -> None:
    """Writes the refused rows with the columns that they came with and why each was refused; `called` names fields as columns."""
    columns: Sequence[str] = source.columns or ()
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        target.chmod(0o600)
        writer = csv.writer(out)
        writer.writerow([*map(guarded, columns), WHY])
        last, cells, reasons = 0, list[str](), list[str]()
        for number, error, row in beside(source, refused):
            if number != last and last:
                writer.writerow([*cells, guarded(" ".join(reasons))])
                reasons = []
            last, cells = number, [guarded(row.get(name, "")) for name in columns]
            reasons.append(f"{called.get(error.field, error.field)}: {error.message}")
        if last:
            writer.writerow([*cells, guarded(" ".join(reasons))])


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula. A number is none."""
    return cell if NUMBER.fullmatch(cell) else safe(cell)
