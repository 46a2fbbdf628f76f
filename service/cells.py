"""The cells of a CSV file: no spreadsheet takes one for a formula, and every number reads back to the same."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

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
