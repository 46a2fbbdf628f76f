"""Whom somebody can ring who needs help now: what a place says itself, in its languages. 999 is named on every page in any case."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.language import NBSP, _, current

MOST = 4
"""That stand beside each other: whoever is afraid does not read a list."""

DIGITS = re.compile(r"\+?[0-9][0-9 ()-]{1,18}[0-9]")
"""What a phone can dial."""


@dataclass(frozen=True, slots=True)
class Helpline:
    """One number: whose it is, when somebody answers, and what for."""

    name: str
    number: str
    when: str = ""
    what: str = ""

    @property
    def dial(self) -> str:
        """The number as a phone dials it."""
        return re.sub(r"[^0-9+]", "", self.number)

    @property
    def shown(self) -> str:
        """The number on one line: broken in two it would be another beside words that run the other way."""
        return self.number.replace(" ", NBSP)


@dataclass(frozen=True, slots=True)
class Helplines:
    """What a place says in one language. `language` is another than was asked for where the place says nothing in that one."""

    language: str
    lines: tuple[Helpline, ...]


Kept = tuple[Helplines, ...]
"""What a place says, in each of its languages in which it says something."""


def kept_of(row: Mapping[str, Sequence[Sequence[str]]]) -> Kept:
    """What a row of the database holds of it."""
    return tuple(Helplines(code, tuple(Helpline(*line) for line in lines)) for code, lines in row.items())


def for_the_country() -> Helplines:
    """What stands there where a place says nothing itself, in the language of the request."""
    talk, always = _("somebody to talk to"), _("day and night")
    lines = (
        Helpline(_("Police"), "101", what=_("when it can wait")),
        Helpline(_("Samaritans"), "116 123", always, talk),
        Helpline(_("Childline"), "0800 1111", always, talk),
    )
    return Helplines(current().code, lines)


def said_in(kept: Kept, language: str, languages: Sequence[str]) -> Helplines | None:
    """What a place says in this language, else in the first of its languages in which it says something; None where it says nothing."""
    known = {one.language: one for one in kept}
    return next((known[code] for code in (language, *languages) if code in known), None)
