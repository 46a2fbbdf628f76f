"""Which part of a text is shown where it was found, and which of its words are marked."""

import re
from collections.abc import Iterable

from service.folding import answers
from service.search.models import Passage, Piece

LONGEST = 280
"""Characters of a passage."""

BEFORE = 80
"""Characters before the first word that was looked for."""

WORD = re.compile(r"[^\s.,;:!?()\[\]{}\"“”„«»…/\\|<>*_#&+=~]+")


def passage_of(texts: Iterable[str | None], question: str, longest: int = LONGEST) -> Passage:
    """The stretch around the first word that was looked for, in the first of these texts that has one."""
    known = [text for text in texts if text]
    for text in known:
        hits = _hits(text, question)
        if hits:
            return _around(text, hits, longest)
    text = known[0] if known else ""
    return Passage((Piece(text[:longest], hit=False),), cut_before=False, cut_after=len(text) > longest)


def _hits(text: str, question: str) -> list[tuple[int, int]]:
    """Where the words stand that were looked for. The same word is judged once."""
    judged: dict[str, bool] = {}
    found = []
    for match in WORD.finditer(text):
        word = match[0]
        if word not in judged:
            judged[word] = answers(word, question)
        if judged[word]:
            found.append(match.span())
    return found


def _around(text: str, hits: list[tuple[int, int]], longest: int) -> Passage:
    begins = 0 if len(text) <= longest else max(0, min(hits[0][0] - BEFORE, len(text) - longest))
    if begins:
        space = text.find(" ", begins, hits[0][0])
        begins = space + 1 if space >= 0 else hits[0][0]
    ends = min(len(text), max(begins + longest, hits[0][1]))
    if ends < len(text):
        space = text.rfind(" ", hits[0][1], ends)
        ends = space if space >= 0 else ends
    pieces, at = [], begins
    for start, stop in hits:
        if start < begins or stop > ends:
            continue
        if start > at:
            pieces.append(Piece(text[at:start], hit=False))
        pieces.append(Piece(text[start:stop], hit=True))
        at = stop
    if at < ends:
        pieces.append(Piece(text[at:ends], hit=False))
    return Passage(tuple(pieces), cut_before=begins > 0, cut_after=ends < len(text))
