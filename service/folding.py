"""Words as a search compares them: without case, accents and points, and with the first letters that Welsh changes.

`fold` says what is kept of a text, `asked` what a question looks for. Both databases keep the same words and are asked the same, so they
find the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

FOLDING = 1
"""Which way of folding this is. Raised with every change of it: then `said migrate` makes the index anew."""

LONGEST = 40
"""Characters of a word; what is longer is cut, in texts and in questions."""

MOST_ASKED = 10
"""Words of a question; further ones are not looked for."""

MOST_TYPED = 1_000
"""Characters of a question that are read at all."""

PREFIX = 3
"""Letters from which a word in a question is also the beginning of a longer one."""

WITHOUT_SPACES = "\u2e80"
"""From here on lie the scripts of China and Japan, where words stand without spaces: there each sign is a beginning."""

WELSH = "\ue001"
"""Stands before each word of a Welsh text once more: only there do first letters change. No text folds to this sign."""

APOSTROPHES, HYPHENS = "'\u2019\u2018\u02bc\uff07", "-\u2010\u2011\u00ad"
LATIN = "ł:l ø:o đ:d ð:d þ:th æ:ae œ:oe \u0131:i ħ:h"
URDU = "\u064a:\u06cc \u0649:\u06cc \u0643:\u06a9 \u0647:\u06c1 \u0629:\u06c1 \u06c3:\u06c1 \u06be:\u06c1 \u0640: \u200c: \u200d:"
LETTERS = dict(pair.split(":") for pair in f"{LATIN} {URDU}".split())
"""Letters that stand for one another, and are no accent over another letter."""

SAID_IN_WELSH = frozenset(
    "mae roedd ydy oedd sydd wedi ddim eisiau angen gyda hefyd iawn yng nghymru fod bod mewn ond dwi rydw dyw wrth efo nid nad".split()
)
"""Two of these, and a text is Welsh, whatever language it was sent in."""


# ---- folding ---------------------------------------------------------------------------------------------------------


class _Signs(dict[int, str]):
    """What becomes of each character, found out when it is first met."""

    def __missing__(self, number: int) -> str:
        sign = chr(number)
        if sign in LETTERS:
            found = LETTERS[sign]
        elif sign in APOSTROPHES:
            found = "'"
        elif sign in HYPHENS:
            found = "-"
        elif unicodedata.category(sign)[0] in "LN":
            found = sign
        elif unicodedata.category(sign)[0] == "M":  # accents go; signs without which a word of Bengal cannot be written stay
            found = "" if unicodedata.combining(sign) > 9 else sign
        else:
            found = " "
        self[number] = found
        return found


_SIGNS = _Signs()


def _pieces(text: str) -> list[str]:
    """The words of a text, folded, with their apostrophes and hyphens."""
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return plain.translate(_SIGNS).split()


def _joined(piece: str) -> str:
    return piece.replace("-", "").replace("'", "")[:LONGEST]


def _parts(piece: str) -> list[str]:
    return [part for whole in piece.split("-") if (part := _joined(whole))]


def words_of(texts: Iterable[str | None]) -> dict[str, None]:
    """The words of these texts, each once. `co-op` is also `coop`, `co` and `op`; `mae'n` is also `maen` and `mae`."""
    found: dict[str, None] = {}
    for text in texts:
        for piece in _pieces(text) if text else ():
            if piece.isalnum():
                found[piece[:LONGEST]] = None
                continue
            found.update(dict.fromkeys([_joined(piece), *_parts(piece)]))
            found.update(dict.fromkeys(part[:LONGEST] for part in re.split("['-]", piece) if len(part) > 1))
    found.pop("", None)
    return found


def is_welsh(words: Iterable[str], language: str | None) -> bool:
    """Whether first letters may have changed in a text with these words."""
    return (language or "").partition("-")[0] == "cy" or len(SAID_IN_WELSH.intersection(words)) > 1


def fold(texts: Iterable[str | None], language: str | None = None) -> str:
    """What is kept of a text, as words with spaces between them; a Welsh one's stand there twice."""
    words = words_of(texts)
    if not is_welsh(words, language):
        return " ".join(words)
    return " ".join([*words, *(WELSH + word for word in words if len(word) >= PREFIX)])


# ---- a question ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is looked for; `begins`: also as the beginning of a longer one."""

    word: str

    exact: bool = False

    @property
    def begins(self) -> bool:
        bare = self.word.removeprefix(WELSH)
        return not self.exact and (len(bare) >= PREFIX or bare >= WITHOUT_SPACES)

    def is_in(self, words: Iterable[str]) -> bool:
        return any(word.startswith(self.word) if self.begins else word == self.word for word in words)


Either = tuple[tuple[Word, ...], ...]
"""One of these, each of which is one word or some that must all be there."""


@lru_cache(maxsize=1_024)
def asked(question: str) -> tuple[Either, ...]:
    """What must be in a text that answers the question: one of each. Empty when it holds no word at all."""
    found: dict[Either, None] = {}
    for piece in _pieces(question[:MOST_TYPED]):
        whole, parts = _joined(piece), _parts(piece)
        if not whole:
            continue
        ways: list[tuple[Word, ...]] = [(Word(whole),)]
        if len(parts) > 1:
            ways.append(tuple(Word(part) for part in parts))
        ways += [(Word(WELSH + changed),) for changed in changed_forms(whole)]
        found[tuple(ways)] = None
    return tuple(found)[:MOST_ASKED]


def answers(text: str, question: str) -> bool:
    """Whether this piece of a text is one of those that the question looks for: they are marked where the text is shown."""
    words = words_of([text])
    both = [*words, *(WELSH + word for word in words)]
    return any(all(word.is_in(both) for word in way) for either in asked(question) for way in either)


# ---- first letters in Welsh ------------------------------------------------------------------------------------------

CHANGES = {
    "p": ("b", "mh", "ph"),
    "t": ("d", "nh", "th"),
    "c": ("g", "ngh", "ch"),
    "b": ("f", "m"),
    "d": ("dd", "n"),
    "g": ("", "ng"),
    "ll": ("l",),
    "m": ("f",),
    "rh": ("r",),
}
"""What each first letter becomes: softened, through the nose, with breath. A softened g falls away."""

VOWELS = "aeiouwy"
WITHOUT_G = (*VOWELS, "l", "r")
FIRST = re.compile("ngh|ng|ch|dd|ff|ll|mh|nh|ph|rh|th|[a-z]")


def changed_forms(word: str) -> list[str]:
    """The other forms of a word, if it were Welsh: of `nghath` they are `cath`, `gath`, `chath`. None for what is too short."""
    first = FIRST.match(word)
    if len(word) < PREFIX or first is None:
        return []
    forms = {form for root in {word, *_roots(word, first[0])} for form in (root, *_forms(root))}
    return sorted(form for form in forms - {word} if len(form) > 1)


def _roots(word: str, first: str) -> Iterator[str]:
    rest = word[len(first) :]
    yield from (root + rest for root, changed in CHANGES.items() if first in changed)
    if first in WITHOUT_G:
        yield "g" + word
    if first == "h" and rest[:1] in VOWELS:
        yield rest


def _forms(root: str) -> Iterator[str]:
    found = FIRST.match(root)
    first = found[0] if found else ""
    yield from (changed + root[len(first) :] for changed in CHANGES.get(first, ()))
    if first and first in VOWELS:
        yield "h" + root
