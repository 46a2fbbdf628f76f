"""How rows of any sort that may be the same thing are stored side by side: in waves, each key once, and told to the journal."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from uuid import UUID

from service.batches.work import Terms
from service.database import ReadSession
from service.journal.actions import Deed
from service.rows import json_of


class Placed(Protocol):
    """A row whose codes were found: `key` is what makes it one and the same thing in the database."""

    @property
    def key(self) -> tuple[str, ...]: ...
    @property
    def item(self) -> Any: ...


AnyPlaced = TypeVar("AnyPlaced", bound=Placed)


def waves(placed: Iterable[AnyPlaced]) -> Iterator[list[AnyPlaced]]:
    """The same rows in order, none with a key that comes twice: two batches that met in one group follow each other."""
    waiting = list(placed)
    while waiting:
        wave: dict[tuple[str, ...], AnyPlaced] = {}
        later = [found for found in waiting if wave.setdefault(found.key, found) is not found]
        yield list(wave.values())
        waiting = later


def find_known(reads: ReadSession, query: Any, wave: Iterable[Placed]) -> dict[str, Any]:
    """By the id of a row on its way in: what is stored under its key already, as this query has it."""
    return {row.item.hex: row for row in reads.execute(query, json_of((*found.key, found.item.id) for found in wave))}


def deed_of(terms: Terms, own_id: str, subject: str, subject_id: str, verb: str) -> Deed:
    """What the journal is told of a row. `own_id` is the id of the entry itself."""
    return Deed(terms.collaboration_id, own_id, subject, subject_id, verb, terms.actor.kind, hex_of(terms.actor.id), terms.at)


@lru_cache
def hex_of(value: UUID | None) -> str | None:
    """An id as it goes to SQL."""
    return value.hex if value else None
