"""The language of an answer: which one, its words, its dates and numbers. One catalogue per language under web/locale."""

import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LOCALE = Path(__file__).resolve().parent.parent / "web" / "locale"
TAG = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")
NBSP = "\N{NO-BREAK SPACE}"
FIRST_STRONG, ISOLATED = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
FILLED_IN = re.compile(r"%\(\w+\)[sd]")
LARGE = 1e15
"""From here on a number is written with its power of ten: nobody reads so many digits."""

SOURCE = "en"  # the language that the templates are written in
STAFF = "/staff"  # where the pages of staff begin


@dataclass(frozen=True)
class Language:
    """A language that pages can be read in."""

    code: str

    @property
    def locale(self) -> Locale:
        """Whose dates and numbers it writes: British ones in English."""
        return _locale(self.code)

    @property
    def dir(self) -> str:
        """`ltr` or `rtl`."""
        return str(self.locale.text_direction)

    @property
    def name(self) -> str:
        """Its own name for itself."""
        own = Locale.parse(self.code, sep="-").get_display_name() or self.code
        return own[:1].upper() + own[1:]

    @property
    def reviewed(self) -> bool:
        """Whether a native speaker read its words. The source language needs nobody."""
        return self.code == SOURCE or bool(_known(self.code).get("reviewed_on"))


@cache
def _locale(code: str) -> Locale:
    return Locale.parse("en_GB" if code == SOURCE else code, sep="_" if code == SOURCE else "-")


@cache
def available() -> tuple[str, ...]:
    """The languages that have a catalogue, the source language first."""
    found = [SOURCE, *sorted(found.parent.parent.name for found in LOCALE.glob("*/LC_MESSAGES/said.po"))]
    return tuple(found)


@cache
def known() -> Mapping[str, Any]:
    """What web/locale/languages.toml says of each language, and which files are for staff."""
    facts = LOCALE / "languages.toml"
    return tomllib.loads(facts.read_text("utf-8")) if facts.exists() else {}


def _known(code: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = known().get("languages", {}).get(code, {})
    return found


def for_staff(codes: Sequence[str]) -> tuple[str, ...]:
    """Those languages in which every page of staff is written: a page half in another language helps nobody."""
    return tuple(code for code in codes if code == SOURCE or _known(code).get("whole") == "everything")


def offered_at(path: str, codes: Sequence[str]) -> tuple[str, ...]:
    """The languages, of these, that the page at this path can be read in."""
    usable = tuple(code for code in codes if code in available())
    return for_staff(usable) if path == STAFF or path.startswith(f"{STAFF}/") else usable


@cache
def _words(code: str) -> NullTranslations:
    catalogue = LOCALE / code / "LC_MESSAGES" / "said.po"
    if not catalogue.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with catalogue.open("rb") as file:
        found = read_po(file, locale=code)
    if Language(code).dir == "rtl":
        for message in found:
            if message.id:
                message.string = _isolated(message.string)
    write_mo(compiled, found)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _isolated(words: Any) -> Any:
    """The same words, in which whatever is filled in keeps its own direction: a name in other letters, or a number beside it."""
    return tuple(map(_isolated, words)) if isinstance(words, tuple) else FILLED_IN.sub(f"{FIRST_STRONG}\\g<0>{ISOLATED}", words or "")


_current: ContextVar[Language] = ContextVar("language", default=Language(SOURCE))


def current() -> Language:
    """The language of the request being answered."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Answers in this language for as long as the block lasts."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def speak(language: Language) -> None:
    """Answers the rest of this request in this language."""
    _current.set(language)


def choose(asked: str | None, accepted: str, offered: Sequence[str], *, preferred: str | None = None) -> Language:
    """The language of an answer: the one asked for in the address, else what its reader or the browser prefers, else the place's first."""
    asked = asked if preferred is None or asked in offered else preferred
    return _choose(asked, accepted[:200], tuple(offered))


@lru_cache(maxsize=2_048)
def _choose(asked: str | None, accepted: str, offered: tuple[str, ...]) -> Language:
    usable = [code for code in offered if code in available()] or [SOURCE]
    if asked in usable:
        return Language(asked)
    if len(usable) == 1:
        return Language(usable[0])
    try:
        found = negotiate_locale(_wishes(accepted), usable, sep="-")
    except (UnknownLocaleError, ValueError):
        found = None
    return Language(found if found in usable else usable[0])


def _wishes(accepted: str) -> list[str]:
    """The tags of an Accept-Language header, the most wanted first; what has no weight at all is left out."""
    weighed = []
    for part in accepted.split(","):
        tag, *parameters = [piece.strip() for piece in part.split(";")]
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        try:
            weighed.append((-float(weight), tag))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda wish: wish[0]) if weight < 0 and tag]


def is_language(code: str) -> bool:
    """Whether this is the tag of a language that is known at all (`en`, `cy`, `ur`, `zh-Hant`)."""
    if not TAG.fullmatch(code):
        return False
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Marks words for translation where they are not spoken yet."""
    return message


def _(message: str, **values: object) -> str:
    """These words in the language of the request."""
    words = _words(current().code).gettext(message)
    return words % values if values else words


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """These words for a count."""
    return _words(current().code).ngettext(one, many, count) % {"count": number(count), **values}


def pgettext(context: str, message: str, **values: object) -> str:
    """These words in the meaning that the context tells."""
    words = _words(current().code).pgettext(context, message)
    return words % values if values else words


def raw_gettext(message: str) -> str:
    """For Jinja, which fills in the values itself."""
    return _words(current().code).gettext(message)


def raw_ngettext(one: str, many: str, count: int) -> str:
    """For Jinja, which fills in the values itself."""
    return _words(current().code).ngettext(one, many, count)


def raw_pgettext(context: str, message: str) -> str:
    """For Jinja, which fills in the values itself."""
    return _words(current().code).pgettext(context, message)


def day(value: date) -> str:
    """A date in full: 22 November 2026. Its parts stay together on one line."""
    return format_date(value, "long", locale=current().locale).replace(" ", NBSP)


def ago(length: timedelta) -> str:
    """How long ago something happened: 2 minutes ago. Its parts stay together on one line."""
    if length < timedelta(minutes=1):
        return _("a moment ago")
    return format_timedelta(-length, add_direction=True, locale=current().locale).replace(" ", NBSP)


def moment(value: datetime, time_zone: str) -> str:
    """A day and the time on its clock, where that is: 22 November 2026, 10:02."""
    local = value.astimezone(ZoneInfo(time_zone))
    return f"{day(local.date())}, {format_time(local.time(), 'HH:mm', locale=current().locale)}"


def number(value: float) -> str:
    """A number as this language writes it, with at most two decimals."""
    if abs(value) >= LARGE:
        return f"{value:g}"
    return format_decimal(value, "#,##0.##", locale=current().locale)


def comma(words: str = "") -> str:
    """What stands between two facts of a short list; between `words` of the other direction, as those who read them write it."""
    if current().dir == "rtl" and words and not any(bidirectional(letter) in ("R", "AL") for letter in words):
        return ", "
    return str(current().locale.list_patterns["standard"]["start"]).format("", "")


def listed(names: Iterable[str]) -> str:
    """Names beside each other, with the comma of this language."""
    return comma().join(names)


def apart(words: str, code: str | None) -> str:
    """Somebody's words for plain text, where no mark-up can say so: held together if they run the other way."""
    other = code is not None and is_language(code) and Language(code).dir != current().dir
    return f"{FIRST_STRONG}{words}{ISOLATED}" if other else words


def in_chart(words: str) -> str:
    """Words for a chart. It runs from left to right in every language, as time does; they do not."""
    return f"{FIRST_STRONG}{words}{ISOLATED}" if current().dir == "rtl" else words


def percent(value: float) -> str:
    """A share between 0 and 1 as a whole percentage."""
    return format_percent(value, locale=current().locale)


def month(value: date, *, year: bool = True) -> str:
    """A month in full: November 2026."""
    return format_skeleton("yMMMM", value, locale=current().locale) if year else format_date(value, "LLLL", locale=current().locale)
