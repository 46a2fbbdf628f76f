"""What every kind of import shares: the run itself, a row on its way in, and how cells become fields."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from service.batches.work import Sort
from service.cells import unsafe
from service.database import WriteSession
from service.errors import FieldError, Refusal
from service.inputs import explain
from service.journal.actions import OPERATOR, Actor
from service.places.models import Organisation
from service.places.queries import PlaceCard
from service.results.rules import Fate

Fields = dict[str, Any]
"""A record as it would stand in JSON."""

Item = tuple[int, Fields]
"""A record and the number of its row. Units: 1 is the first row; a header is not counted."""

Result = Fate | FieldError

SELF = "said"
"""The source of what first came to this service: its ref is its own id. Exports write it, imports know it again."""

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(slots=True)
class Run:
    """One import: where, when, for whom; and what came before in the same file.

    Figures are those of its `organisation`; where a row names one of the `others` (codes, with ids), of that one. It `remembers`
    earlier rows where the database does not tell: in a dry run, and where the same code may be described in two ways.
    """

    place: PlaceCard
    now: datetime
    organisation: Organisation | None = None
    source: str | None = None
    remembers: bool = True
    actor: Actor = OPERATOR
    seen: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    others: Mapping[str, UUID] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def before(self, key: str) -> str | None:
        """What this file said under the same key in an earlier row."""
        return self.fresh.get(key, self.seen.get(key))

    def note(self, number: int, sentence: str, *, once: str) -> None:
        """Something to tell the operator that is no refusal; the same thing is told once."""
        if once not in self.told:
            self.told.add(once)
            self.notes.append(f"Row {number}: {sentence}")

    def settle(self) -> None:
        """What was taken in is stored now."""
        if self.remembers:
            self.seen |= self.fresh
        self.fresh = {}


Taker = Callable[[Run, WriteSession, Sequence[Item]], list[Result]]
Reader = Callable[[str], Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of record: its fields and how each is read from a cell, those it cannot do without, and what takes records in.

    `told` are columns that an export tells and an import passes over. Rows of kinds that `build` stand on
    rows before them, so that a dry run tries them as a whole. `sourced` is the field that says where a row comes from; kinds
    with a `sort` are taken in as its batches are.
    """

    fields: Mapping[str, Reader]
    needs: tuple[str, ...]
    take: Taker
    told: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    build: bool = True
    sourced: str | None = None
    sort: Sort | None = None

    def knows(self, name: str) -> bool:
        return name in self.fields or name in self.told or (bool(self.prefixes) and name.startswith(self.prefixes))

    def read(self, cells: Mapping[str, str], *, guarded: bool) -> Fields:
        """A record from its cells, an empty one left out. What an export guarded against spreadsheets is as it was."""
        found: Fields = {}
        for name, cell in cells.items():
            if not cell or name in self.told:
                continue
            outer, dot, inner = name.partition(".")
            text = unsafe(cell) if guarded else cell
            if dot:
                found.setdefault(outer, {})[inner] = text
            else:
                found[name] = self.fields.get(name, as_text)(text)
        return found


def as_text(cell: str) -> str:
    """The cell itself."""
    return cell


def as_number(cell: str) -> float | str:
    """A number; what is none stays text, and is refused as such."""
    try:
        return float(cell)
    except ValueError:
        return cell


def as_whole(cell: str) -> int | str:
    """A whole number; what is none stays text, and is refused as such."""
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 16 else cell


def as_list(cell: str) -> list[str]:
    """Words parted by semicolons."""
    return [word.strip() for word in cell.split(";") if word.strip()]


def as_json(cell: str) -> Any:
    """An object; what cannot be read stays text, and is refused as such."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def checked(shape: type[Shape], record: Mapping[str, Any]) -> Shape | FieldError:
    """The record in its shape, or the first thing that is wrong with it, in the order of the fields."""
    try:
        return shape.model_validate(record)
    except ValidationError as error:
        first = explain(error.errors(include_url=False, include_input=False), list(shape.model_fields))[0]
        return replace(first, field="row") if first.field == "request body" else first


def first_of(refusal: Refusal) -> FieldError:
    """The first thing that an action said."""
    return refusal.errors[0] if refusal.errors else FieldError("row", refusal.detail or str(refusal.title))
