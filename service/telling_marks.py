"""What in a text could tell who somebody is: names, phone and NHS numbers, addresses, dates of birth. Pure; it changes no word.

It warns and never refuses: a rule finds what has a shape, and no rule finds every name. The same patterns run in the browser
(`web/static/js/marks.js`, which gets them from the page), so they are written in what both kinds of regular expression share.
Source: NHS data dictionary (check digit modulus 11), HMRC (prefixes of NI numbers), Royal Mail (shapes of postcodes).
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from service.language import N_
from service.telling_names import FIRST_NAMES


class Mark(StrEnum):
    """What it looks like."""

    EMAIL = "email"
    NHS_NUMBER = "nhs_number"
    NI_NUMBER = "ni_number"
    PHONE = "phone"
    POSTCODE = "postcode"
    BIRTH_DATE = "birth_date"
    NAME = "name"


LOOKS_LIKE = {
    Mark.EMAIL: N_("an e-mail address"),
    Mark.NHS_NUMBER: N_("an NHS number"),
    Mark.NI_NUMBER: N_("a National Insurance number"),
    Mark.PHONE: N_("a phone number"),
    Mark.POSTCODE: N_("a postcode"),
    Mark.BIRTH_DATE: N_("a date of birth"),
    Mark.NAME: N_("somebody's name"),
}
"""How a page says it."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where it stands: `text[start:end]`."""

    mark: Mark
    start: int
    end: int


OLD_AFTER = 2
"""Years: a full date that lies further back is taken for a date of birth, whatever stands around it."""

_LETTER = "A-Za-z\u00c0-\u024f"
_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de"
_WORD = f"[{_CAPITAL}][{_LETTER}]{{0,40}}(?:['\u2019-][{_LETTER}]+)*"
_START, _END = f"(?<![{_LETTER}0-9])", f"(?![{_LETTER}0-9])"
_GAP = "[ .()/-]{0,2}"
_MONTH = (
    "(?:[Jj]an(?:uary)?|[Ff]eb(?:ruary)?|[Mm]ar(?:ch)?|[Aa]pr(?:il)?|[Mm]ay|[Jj]une?|[Jj]uly?|[Aa]ug(?:ust)?|[Ss]ept?(?:ember)?"
    "|[Oo]ct(?:ober)?|[Nn]ov(?:ember)?|[Dd]ec(?:ember)?|Ionawr|Chwefror|Mawrth|Ebrill|Mai|Mehefin|Gorffennaf|Awst|Medi|Hydref|Tachwedd|Rhagfyr)"
)
_CALLED = "(?:[Cc]alled|[Nn]amed|[Nn]ame is|[Nn]ame was|[Nn]ame['\u2019]s|[Nn]ame:|[Ee]nw yw)"
_TITLE = "(?:[Mm][Rr][Ss]?|[Mm][Ss]|[Mm][Xx]|[Dd][Rr]|[Pp]rof(?:essor)?|[Cc]llr|[Rr]ev)[.]?"
_BEFORE_A_CAPITAL = "(?:Miss|Sir|Lady|Lord|Aunt|Auntie|Uncle|Nurse|Sister|Councillor|Councilor|Doctor|Constable|PC|Imam|Father|Pastor)"
_PLACES = "(?:Road|Rd|Street|St|Lane|Avenue|Ave|Close|Court|Drive|Gardens|Green|Hall|Hospital|House|Library|Park|Place|School|Square|Way)"
_NOT_NAMES = "(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[Tt]he |Universal |Citizens |North|South|East|West|Welsh|English)"

PATTERNS: dict[str, str] = {
    "email": '[^ \\t\\n\\r@<>(),;:"]{1,64}@[^ \\t\\n\\r@<>(),;:"]+[.][A-Za-z]{2,}',
    "email_spoken": "[A-Za-z0-9._-]{1,64} (?:at|\\(at\\)|\\[at\\]) [A-Za-z0-9-]+(?: dot | ?[.] ?)(?:com|org|net|uk|co|wales|cymru)" + _END,
    "nhs_said": "[Nn][Hh][Ss](?: [Nn]umber| [Nn]o[.]?)?[ :-]*(?:is )?[0-9](?:[ .-]{0,2}[0-9]){9}(?![0-9])",
    "nhs_checked": "(?<![0-9+])[1-9](?:[ .-]?[0-9]){9}(?![0-9])",
    "ni": f"{_START}[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z](?:[ .-]{{0,2}}[0-9]){{6}}[ .-]{{0,2}}[A-Da-d]{_END}",
    "phone": f"(?<![0-9+])(?:(?:[+]|00) ?44{_GAP}(?:\\(0\\))?|\\(?0)(?:{_GAP}[0-9]){{9,10}}(?![0-9])",
    "phone_abroad": f"(?<![0-9])[+][1-9](?:{_GAP}[0-9]){{7,14}}(?![0-9])",
    "phone_mobile": "(?<![0-9])7[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}(?![0-9])",
    "postcode": f"{_START}(?:[A-Za-z]{{1,2}}[0-9][A-Za-z0-9]?|[Gg][Ii][Rr])[ .-]?[0-9][ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{{2}}{_END}",
    "date_figures": "(?<![0-9])[0-9]{1,2} ?[/.-] ?[0-9]{1,2} ?[/.-] ?((?:19|20)?[0-9]{2})(?![0-9])",
    "date_iso": "(?<![0-9])((?:19|20)[0-9]{2})[/.-][0-9]{1,2}[/.-][0-9]{1,2}(?![0-9])",
    "date_words": f"(?<![0-9])[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? ?{_MONTH}[,.]? ?((?:19|20)?[0-9]{{2}})(?![0-9])",
    "date_month_first": f"{_START}{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? ((?:19|20)[0-9]{{2}})(?![0-9])",
    "name_titled": f"{_START}{_TITLE} [{_LETTER}][{_LETTER}'\u2019-]+(?: {_WORD})?",
    "name_after": f"{_START}{_BEFORE_A_CAPITAL} {_NOT_NAMES}{_WORD}",
    "name_called": f"{_START}{_CALLED} {_NOT_NAMES}{_WORD}(?: {_WORD})?",
    "name_first": (
        f"(?<!St )(?<!St[.] )(?<!Saint ){_START}(?:{'|'.join(FIRST_NAMES)})"
        f"(?!(?:['\u2019]s)?(?: {_WORD})? {_PLACES}{_END})(?![{_LETTER}0-9-])(?: {_WORD})?"
    ),
}
"""In this order: what an earlier one has taken, a later one does not look at. A group is the year of a date."""

_MARKS = {
    "email": Mark.EMAIL,
    "nhs": Mark.NHS_NUMBER,
    "ni": Mark.NI_NUMBER,
    "phone": Mark.PHONE,
    "postcode": Mark.POSTCODE,
    "date": Mark.BIRTH_DATE,
    "name": Mark.NAME,
}
NO_PREFIX = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
"""No NI number begins with these."""

BORN = "(?:[Bb]orn|[Dd][.]?[Oo][.]?[Bb]|[Bb]irth|[Gg]eni|[Gg]anwyd)[^0-9]{0,16}$"
"""Before a date these words make a date of birth of it, however new it is."""


def find_marks(text: str, year: int, known: Collection[str] = ()) -> list[Found]:
    """What in this text could tell who somebody is, in the order in which it stands there. No two overlap.

    `year` is the present one, by which an old date is told from a new one; `known` are names of places and organisations, which
    are nobody's.
    """
    plain = _folded(text)
    nameless = _without(plain, known)
    taken: list[Found] = []
    for code, pattern in _compiled().items():
        mark = _MARKS[code.partition("_")[0]]
        for match in pattern.finditer(nameless if mark == Mark.NAME else plain):
            found = Found(mark, match.start(), match.end())
            if _is_one(code, match, plain, year) and not any(_overlap(found, other) for other in taken):
                taken.append(found)
    return sorted(taken, key=lambda found: found.start)


def for_the_page(known: Collection[str] = ()) -> dict[str, Any]:
    """All that the browser needs to find the same."""
    return {"patterns": PATTERNS, "noPrefix": NO_PREFIX, "born": BORN, "oldAfter": OLD_AFTER, "known": sorted(known)}


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the right check digit."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return rest != 10 and rest % 11 == int(digits[9])


@cache
def _compiled() -> dict[str, re.Pattern[str]]:
    return {code: re.compile(pattern) for code, pattern in PATTERNS.items()}


def _is_one(code: str, match: re.Match[str], text: str, year: int) -> bool:
    """What a shape alone cannot say."""
    if code == "nhs_checked":
        return is_nhs_number("".join(letter for letter in match[0] if letter.isdigit()))
    if code == "ni":
        return match[0][:2].upper() not in NO_PREFIX
    if code.startswith("date"):
        return year - _whole_year(match[1], year) >= OLD_AFTER or re.search(BORN, text[: match.start()]) is not None
    return True


def _whole_year(figures: str, year: int) -> int:
    """Of two figures: the last year that ends so."""
    found = int(figures)
    return found if found >= 100 else year - (year - found) % 100


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _folded(text: str) -> str:
    """The text with every digit as 0 to 9, every space as a space, every dash as a hyphen; each character in its place."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(letter)
    if kind == "Pd" or letter == "\u2212":
        return "-"
    if kind in ("Zs", "Cf"):
        return " "
    wide = unicodedata.normalize("NFKC", letter)
    return wide if "\uff00" <= letter <= "\uff5e" and len(wide) == 1 else letter


def _without(text: str, known: Collection[str]) -> str:
    """The text with the names of places and organisations struck out, at the same length."""
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(name, "." * len(name)) if name else text
    return text


def pieces(text: str, found: list[Found]) -> Iterator[tuple[str, Mark | None]]:
    """The text in pieces, so that a page can point at what was found."""
    at = 0
    for one in found:
        if one.start > at:
            yield text[at : one.start], None
        yield text[one.start : one.end], one.mark
        at = one.end
    if at < len(text):
        yield text[at:], None
