"""Text for files: no spreadsheet takes a cell for a formula, every number reads back to the same, and no XML breaks at a character."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = re.compile(r"'*[=+\-@\x00-\x1f\x7f]")


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before a first =, +, -, @ or control character."""
    return f"'{text}" if _FORMULA.match(text) else text


def unsafe(text: str) -> str:
    """The text that `safe` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def number_text(value: float) -> str:
    """The shortest text of a number that reads back to the same 64 bits."""
    return repr(value).removesuffix(".0")


def text_of(lines: Iterable[Sequence[str]]) -> str:
    """These lines as CSV (RFC 4180)."""
    sheet = StringIO()
    csv.writer(sheet).writerows(lines)
    return sheet.getvalue()


def in_xml(text: str) -> str:
    """Text without the characters that no XML may hold, however they are written."""
    return _NOT_XML.sub("", text)
