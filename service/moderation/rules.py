"""Which words are held, who decides about them, and when somebody may disagree.

Nothing here throws a message away, and nothing shows one: a rule only asks for somebody to look.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from uuid import UUID

from service.feedback.models import State, WithheldReason
from service.moderation.models import Cause, Severity, Sign, Verdict
from service.moderation.phrase_models import SHIPPED

RANK = {severity: rank for rank, severity in enumerate(Severity)}
"""From none to urgent."""

BY_HAND = (Severity.NONE, Severity.ODD, Severity.THIRD_PARTY, Severity.RISK)
"""What somebody says of words by hand. What is urgent goes to those on call instead."""

BY_RULE = (Severity.ODD, Severity.THIRD_PARTY, Severity.RISK, Severity.URGENT)
"""What a rule may say of words."""

MOST_LINKS = 1
"""Addresses of other sites in one message, beyond which it looks like an advert."""

LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("013457@$!|", "oieasiasii", strict=True)),
        **dict(zip("аеорсухіјѕкмтвнлԁ", "aeopcyxijskmtbhid", strict=True)),
        **dict(zip("αεικορτυνχβμη", "aeikoptuvxbmn", strict=True)),
        "l": "i",
    }
)
"""Letters and figures that are written for one another, also to get past a list of words. A small l and a small i are one letter here."""

_POINTS = "'\u2019\u02bc\u00ad\u200b\u200c\u200d\u2060"
_SHOUTED = re.compile(r"!(?!\w)")  # one that stands for a letter has another after it
_LINKS = ("http", "https", "www")


class _Signs(dict[int, str]):
    """What becomes of each character, found out when it is first met."""

    def __missing__(self, number: int) -> str:
        sign = chr(number)
        found = LOOK_ALIKES.get(number) or (sign if sign.isalnum() else "" if sign in _POINTS or unicodedata.combining(sign) else " ")
        self[number] = found
        return found


_SIGNS = _Signs()


def tokens(text: str) -> list[str]:
    """The words of a text as a rule compares them: without case, accents, apostrophes and look-alikes."""
    text = _SHOUTED.sub(" ", text) if "!" in text else text
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return plain.translate(_SIGNS).split()


# ---- which words are held --------------------------------------------------------------------------------------------

Phrases = tuple[tuple[str, Severity], ...]
"""Rules of a place: phrases, and how careful they ask to be."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Phrases by their first word: how long a list is does not matter for how long a look takes."""

    by_first: dict[str, list[tuple[tuple[str, ...], Severity]]]

    def find(self, words: Sequence[str]) -> Severity:
        """The gravest of what these words say."""
        gravest = Severity.NONE
        for place, word in enumerate(words):
            for phrase, severity in self.by_first.get(word, ()):
                if RANK[severity] > RANK[gravest] and tuple(words[place : place + len(phrase)]) == phrase:
                    gravest = severity
        return gravest


@lru_cache(maxsize=256)
def matcher_of(own: Phrases) -> Matcher:
    """The shipped phrases and a place's own ones; what it says does not count is left out."""
    left_out = {_words_of(phrase) for phrase, severity in own if severity == Severity.NONE}
    by_first: dict[str, list[tuple[tuple[str, ...], Severity]]] = {}
    for words, severity in (*_shipped(), *((_words_of(phrase), severity) for phrase, severity in own if severity != Severity.NONE)):
        if words and words not in left_out:
            by_first.setdefault(words[0], []).append((words, severity))
    return Matcher(by_first)


def _words_of(phrase: str) -> tuple[str, ...]:
    return tuple(tokens(phrase))


@cache
def _shipped() -> tuple[tuple[tuple[str, ...], Severity], ...]:
    return tuple((_words_of(phrase), severity) for _language, severity, phrases in SHIPPED for phrase in phrases.split("|"))


def screen(said: str, matcher: Matcher) -> tuple[Severity, Cause]:
    """How careful somebody has to be with what is said, as `likeness` has it, and why."""
    words = said.split()
    found = matcher.find(words)
    if found == Severity.NONE and max(words.count(_LINKS[0]) + words.count(_LINKS[1]), words.count(_LINKS[2])) > MOST_LINKS:
        return Severity.ODD, Cause.LINKS
    return found, Cause.WORDS


def likeness(*texts: str | None) -> str:
    """What two messages have in common that say the same, however they are spelt. Empty where nothing is said."""
    return " ".join(word for text in texts if text for word in tokens(text))


# ---- how it arrived --------------------------------------------------------------------------------------------------

WEIGHTS = {Sign.TRAP: 3, Sign.MANY: 2, Sign.QUICK: 1, Sign.UNSIGNED: 1}
"""How much each sign says. A quick hand, or a page that was kept for long, is not enough by itself."""

ODD_FROM = 2
"""The score from which somebody looks before words are shown."""


def score_of(signs: Sequence[str]) -> int:
    """How odd it is how a message arrived: the sum of its signs."""
    return sum(WEIGHTS[Sign(sign)] for sign in signs)


def weigh(severity: Severity, cause: Cause, signs: Sequence[str]) -> tuple[Severity, Cause]:
    """What is said of words together with how they arrived. What the words themselves say counts first."""
    if severity == Severity.NONE and score_of(signs) >= ODD_FROM:
        return Severity.ODD, Cause.SIGNS
    return severity, cause


# ---- deciding and disagreeing ----------------------------------------------------------------------------------------

FINAL = frozenset({WithheldReason.ABOUT_A_WORKER, WithheldReason.SENDER_ASKED})
"""Reasons that no appeal changes: there is no way to show what is said of a worker, and the sender can offer the words anew."""

APPEALABLE = (Verdict.WITHHELD, Verdict.SET_ASIDE)
"""Decisions with which a sender may disagree."""

ASIDE_FROM = (State.RECEIVED, State.ACKNOWLEDGED)
"""Handling from which something can be set aside as no message to the place."""

AT_ONCE = 5_000
"""Messages that are set aside in one go."""


def may_appeal(verdict: Verdict | None, reason: str | None, *, appealed: bool) -> bool:
    """Whether a sender may disagree with the newest decision: once with each."""
    return verdict in APPEALABLE and not appealed and reason not in set(FINAL)


def may_set_aside(state: State) -> bool:
    """Whether something can still be set aside as no message to the place."""
    return state in ASIDE_FROM


def may_judge(decided_by: UUID | None, staff_id: UUID) -> bool:
    """Whether somebody may decide an appeal: another person than who decided before."""
    return decided_by != staff_id
