"""The catalogues of web/locale: put in step with the list of sentences by `make words`, and what can be wrong in one."""

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from tests.house.files import ROOT

LOCALE = ROOT / "web" / "locale"
LIST = LOCALE / "messages.pot"
HEADERS = ("Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms")
"""What a catalogue says of itself: neither a person, nor a program, nor a day that would change with every run."""

HOLDS = re.compile(r"%\((\w+)\)[sd]|%%|\{\w+\}")
"""Places for words: those of a sentence here, and those that a script in the page fills in."""

TAGS = re.compile(r"<[^<>]*>|&#?\w+;")


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/said.po"))


def code_of(path: Path) -> str:
    return path.parent.parent.name


def facts() -> dict[str, Any]:
    return tomllib.loads((LOCALE / "languages.toml").read_text("utf-8"))


def read(path: Path, code: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code)


def in_step(path: Path, code: str, sentences: Catalog) -> str:
    """The catalogue as it must be: each sentence of the list in its order, with the translation that is there, and nothing else."""
    old, new = read(path, code), Catalog(locale=code, charset="utf-8")
    empty = ("",) * new.num_plurals
    for message in sentences:
        if not message.id:
            continue
        there = old.get(message.id, message.context)
        said = there.string if there is not None and not there.fuzzy else None
        if isinstance(message.id, tuple):
            said = said if isinstance(said, tuple) and len(said) == new.num_plurals else empty
        new.add(message.id, said or "", message.locations, message.flags - {"fuzzy"}, context=message.context)
    written = BytesIO()
    write_po(written, new, width=0, omit_header=True)
    headers = {"Language": code, **dict(new.mime_headers)}
    head = "".join(f'"{name}: {headers[name]}\\n"\n' for name in HEADERS)
    return f'msgid ""\nmsgstr ""\n{head}\n{written.getvalue().decode()}'


def needed(code: str, sentences: Catalog, known: dict[str, Any]) -> Iterator[Message]:
    """The sentences that this language must have: all, or those that are not for staff alone."""
    staff, everything = known["staff"]["files"], known["languages"][code]["whole"] == "everything"
    for message in sentences:
        files = [name for name, _line in message.locations]
        if message.id and (everything or not all(any(fnmatch(name, one) for one in staff) for name in files)):
            yield message


def faults(path: Path, code: str, sentences: Catalog, known: dict[str, Any]) -> list[str]:
    """What is wrong in a catalogue, each with the sentence it is in."""
    if code not in known["languages"]:
        return [f"{code}: web/locale/languages.toml does not say what is whole in it, and who reviewed it"]
    found, text = read(path, code), path.read_text("utf-8")
    wrong = [] if text == in_step(path, code, sentences) else [f"{code}: not in step with the list of sentences. Run `make words`"]
    if f'"Plural-Forms: nplurals={found.num_plurals}; plural={found.plural_expr};\\n"' not in text:
        wrong.append(f"{code}: the header does not name the {found.num_plurals} forms that this language has")
    if f"\nmsgstr[{found.num_plurals}]" in text:  # Babel would drop it, and then say the wrong ones
        wrong.append(f"{code}: a sentence has more than {found.num_plurals} forms")
    required = {(message.context, str(message.id)) for message in needed(code, sentences, known)}
    for message in found:
        if message.id:
            wrong += [f"{code}: {message.id!r}: {why}" for why in _faults(message, required)]
    there = {(message.context, str(message.id)) for message in found}
    return wrong + [f"{code}: {words!r}: is not there" for _context, words in required - there]


def _faults(message: Message, required: set[tuple[str | None, str]]) -> Iterator[str]:
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    if message.fuzzy:
        yield "is a guess (fuzzy)"
    if any(said):
        yield from (why for one in said for why in _faults_of_form(message, str(one or "")))
    elif (message.context, str(message.id)) in required:
        yield "is not translated"


def _faults_of_form(message: Message, said: str) -> Iterator[str]:
    ids = [str(one) for one in (message.id if isinstance(message.id, tuple) else (message.id,))]
    must, may = set.intersection(*map(_holds, ids)), set.union(*map(_holds, ids))
    if len(ids) > 1:
        must -= {"count"}  # "one message" may be said without its number
    if not said:
        yield "lacks a form"
    elif not must <= _holds(said) <= may:
        yield f"{said!r} holds other places for words"
    elif _ends(said) != _ends(ids[0]):
        yield f"{said!r} begins or ends with another space or break"
    elif sorted(TAGS.findall(said)) not in [sorted(TAGS.findall(words)) for words in ids]:
        yield f"{said!r} holds other marks of the page"
    elif may and "%" in HOLDS.sub("", said):
        yield f"{said!r} has a % that fills nothing in"


def _holds(words: str) -> set[str]:
    return {found.group(1) or found.group() for found in HOLDS.finditer(words)}


def _ends(words: str) -> tuple[str, str]:
    bare = words.strip()
    before, _bare, after = words.partition(bare)
    return before, after


def main() -> None:
    sentences = read(LIST)
    for path in catalogues():
        path.write_text(in_step(path, code_of(path), sentences), "utf-8")


if __name__ == "__main__":
    main()
