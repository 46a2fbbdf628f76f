"""Reads the example in a language, and writes down which sentences its catalogue did not have."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service import language
from service.example.hillside import SLUG

CHOSEN = [code for code in language.available() if code != language.SOURCE]
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST_OF_A_KIND = 1
"""Pages of one kind (promises, deals) that are opened."""


class Unsaid(NullTranslations):
    """Writes down which sentences a catalogue did not have."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def gettext(self, message: str) -> str:
        self.found.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.found.add(msgid1)
        return msgid1 if n == 1 else msgid2

    def pgettext(self, context: str, message: str) -> str:
        self.found.add(f"{context}: {message}")
        return message


@contextmanager
def listening(code: str) -> Iterator[Unsaid]:
    """What a catalogue lacks of that which is said meanwhile."""
    missing = Unsaid()
    language._words.cache_clear()
    language._words(code).add_fallback(missing)
    yield missing
    language._words.cache_clear()


def kind_of(address: str) -> str:
    return AN_ID.sub("*", address.partition("?")[0])


def links(page: str) -> list[str]:
    """Where one can go from here, to other pages of the place; feeds and files are no pages."""
    found = [link.attributes.get("href") or "" for link in Html(page).css("a[href]")]
    return [one for one in found if one.startswith(f"/{SLUG}") and not kind_of(one).endswith((".atom", ".csv"))]


def walk(visitor: TestClient, code: str) -> set[str]:
    """Opens every kind of page that can be reached from the first one; answers which those were."""
    waiting, seen = [f"/{SLUG}?lang={code}", f"/?lang={code}", f"/offline?lang={code}"], list[str]()
    while waiting:
        address = waiting.pop(0)
        if address in seen or sum(kind_of(address) == kind_of(one) for one in seen) >= MOST_OF_A_KIND:
            continue
        answer = visitor.get(address)
        seen.append(address)
        if "text/html" in answer.headers["content-type"]:
            assert answer.headers["content-language"] == code, address
            waiting += [one for one in links(answer.text) if f"lang={code}" in one]
    return {kind_of(address) for address in seen}
