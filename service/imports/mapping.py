"""Maps: how the columns of somebody else's file become the fields of a kind. Written in TOML; docs/imports.md explains each part."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, ValidationError

from service.errors import FieldError, Invalid
from service.inputs import explain
from service.language import _

SHIPPED = Path(__file__).parent / "maps"
"""Where the maps lie that come with the service."""

Cells = dict[str, str]
"""A row or a record as text, by column or by field."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


Constant = str | StrictInt | StrictFloat | StrictBool


class Refusing(_Strict):
    """Rows that must not become records: those with this value in this column, and why."""

    column: str
    value: str
    reason: str = Field(min_length=1, max_length=200)


class Lookup(_Strict):
    """A table in the map: what is found under a name gives several fields at once."""

    by: str
    rows: dict[str, dict[str, Constant]]


class Record(_Strict):
    """One of several records that a row makes, with what differs from the map's own columns and constants."""

    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, Constant] = Field(default_factory=dict)
    if_given: list[str] = Field(default_factory=list)


class MapIn(_Strict):
    """A map as it is written."""

    kind: str
    about: str | None = None
    source: str | None = Field(default=None, min_length=1, max_length=80)
    json_columns: list[str] = Field(default_factory=list)
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, Constant] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    patterns: dict[str, dict[str, str]] = Field(default_factory=dict)
    otherwise: dict[str, str] = Field(default_factory=dict)
    periods: dict[str, str] = Field(default_factory=dict)
    lookup: Lookup | None = None
    refuse: list[Refusing] = Field(default_factory=list)
    records: list[Record] = Field(default_factory=list)


# ---- templates -------------------------------------------------------------------------------------------------------

_PART = re.compile(r"\{\{|\}\}|\{([^{}]+)\}|([{}])|([^{}]+)")


@dataclass(frozen=True, slots=True)
class Template:
    """A column by its name, or text with columns in braces. It gives nothing where all its columns are empty."""

    parts: tuple[tuple[str, bool], ...]

    @property
    def columns(self) -> list[str]:
        return [text for text, is_column in self.parts if is_column]

    def fill(self, cells: Cells) -> str:
        """Its text for a row."""
        found = [cells.get(text, "") if is_column else text for text, is_column in self.parts]
        if not any(part for part, (_text, is_column) in zip(found, self.parts, strict=True) if is_column):
            return ""
        return "".join(found)


def _template(place: str, text: str) -> Template:
    """`place` says where in which map it stands. Raises: Invalid."""
    if not any(brace in text for brace in "{}"):
        return Template(((text, True),))
    parts = []
    for found in _PART.finditer(text):
        if found[2]:
            raise _wrong(_("%(place)s has a brace without its partner. Write a column as {name}, and a brace itself twice.", place=place))
        parts.append((found[1], True) if found[1] else (found[3] or found[0][0], False))
    if not any(is_column for _text, is_column in parts):
        raise _wrong(_("%(place)s names no column. What is the same for every row belongs under [constants].", place=place))
    return Template(tuple(parts))


# ---- translations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Translation:
    """What becomes of a field's text: the values are tried first, then the patterns in their order, then what stands for the rest."""

    values: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    otherwise: str | None = None

    def of(self, text: str) -> str:
        """The text translated; one that nothing is known of stays as it is."""
        if text in self.values:
            return self.values[text]
        for pattern, into in self.patterns:
            if found := pattern.fullmatch(text):
                return found.expand(into)
        return text if self.otherwise is None or not text else self.otherwise


_REFERENCE = re.compile(r"\\(?:(\d+)|g<([^>]*)>)")


def _pattern(place: str, written: str, into: str) -> tuple[re.Pattern[str], str]:
    """`place` says where in which map it stands. Raises: Invalid."""
    try:
        pattern = re.compile(written)
        if found := pattern.search(""):
            found.expand(into)
    except (re.error, IndexError) as error:
        raise _wrong(_("%(place)s is not a regular expression that can be read: %(why)s.", place=place, why=error)) from None
    for number, name in _REFERENCE.findall(into):
        known = int(number) <= pattern.groups if number else name in pattern.groupindex or (name.isdigit() and int(name) <= pattern.groups)
        if not known:
            words = _("%(place)s has no group %(group)s, which the text that takes its place asks for.", place=place, group=number or name)
            raise _wrong(words)
    if "\\" in _REFERENCE.sub("", into):
        raise _wrong(_("%(place)s is replaced by a text with a backslash that names no group.", place=place))
    return pattern, into


# ---- the map as it is used -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """One record that a row makes."""

    columns: Mapping[str, Template]
    constants: Mapping[str, str]
    if_given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Map:
    """A map that was checked against its kind: what a row becomes."""

    plans: tuple[Plan, ...]
    translations: Mapping[str, Translation]
    json_columns: tuple[str, ...]
    lookup: tuple[Template, Mapping[str, Cells]] | None
    refuse: tuple[Refusing, ...]
    source: str | None

    @property
    def columns(self) -> set[str]:
        """Every column that it reads."""
        found = {name for plan in self.plans for template in plan.columns.values() for name in template.columns}
        found |= {name for plan in self.plans for name in plan.if_given} | {one.column for one in self.refuse} | set(self.json_columns)
        return found | set(self.lookup[0].columns if self.lookup else ())

    def forgets(self, needed: Iterable[str]) -> list[str]:
        """Those of these fields that not every record is given."""
        common = set().union(*self.lookup[1].values()) if self.lookup else set()
        return [
            name for name in needed if any(name not in common and name not in {**plan.columns, **plan.constants} for plan in self.plans)
        ]

    def missing_in(self, header: Iterable[str]) -> list[str]:
        """The columns that it reads and a file with this header lacks."""
        there = set(header)
        inner = tuple(f"{name}." for name in self.json_columns)
        return sorted(name for name in self.columns if name not in there and not (inner and name.startswith(inner)))

    def records(self, row: Mapping[str, Any]) -> Iterator[Cells | FieldError]:
        """What a row becomes: one record or several, a refused one in its place."""
        try:
            cells = self._unpacked(flat(row))
        except ValueError as error:
            yield FieldError(str(error), _("This cell does not hold JSON."))
            return
        refusing = next((one for one in self.refuse if cells.get(one.column, "") == one.value), None)
        if refusing is not None:
            yield FieldError(refusing.column, refusing.reason)
            return
        none = True
        for plan in self.plans:
            if all(cells.get(name) for name in plan.if_given):
                none = False
                yield self._record(plan, cells)
        if none:
            yield FieldError("row", _("This row has none of the columns filled from which the map makes records."))

    def _record(self, plan: Plan, cells: Cells) -> Cells | FieldError:
        record = dict(plan.constants)
        if self.lookup is not None:
            template, table = self.lookup
            found = table.get(template.fill(cells))
            if found is None:
                return FieldError(template.columns[0], _("The map's lookup table does not know this."))
            record |= found
        for name, template in plan.columns.items():
            written = template.fill(cells)
            text = self.translations[name].of(written) if name in self.translations else written
            if name == "period" and text != written and "period_label" not in plan.columns:
                record["period_label"] = written
            record[name] = text
        return record

    def _unpacked(self, cells: Cells) -> Cells:
        """Raises: ValueError with the name of a column that holds no JSON."""
        for column in self.json_columns:
            if text := cells.get(column):
                try:
                    value = json.loads(text)
                except (ValueError, RecursionError):
                    raise ValueError(column) from None
                cells |= flat({column: value})
        return cells


def flat(row: Mapping[str, Any]) -> Cells:
    """A row as text: an object inside it as `name.inner`, a list of plain values with semicolons, true and false as words."""
    cells: Cells = {}
    for name, value in row.items():
        if isinstance(value, dict) and name != "shape":
            cells |= flat({f"{name}.{inner}": one for inner, one in value.items()})
        else:
            cells[name] = _text(value)
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        return ";".join(_text(one) for one in value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value).strip()


# ---- reading a map ---------------------------------------------------------------------------------------------------


def read_map(path: Path, kind: str, knows: Iterable[str], prefixes: tuple[str, ...] = ()) -> Map:
    """The map in a file, for a kind with these fields. Raises: Invalid that names the place in the map and what is wrong there."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong(_("%(file)s is not UTF-8.", file=path.name)) from None
    return checked_map(path, written_map(path, text), kind, knows, prefixes)


def written_map(path: Path, text: str) -> MapIn:
    """A map as it is written, not yet checked against a kind. Raises: Invalid."""
    try:
        written = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(_("%(file)s is not valid TOML: %(why)s.", file=path.name, why=error)) from None
    try:
        return MapIn.model_validate(written)
    except ValidationError as error:
        first = explain(error.errors(include_input=False))[0]
        raise _wrong(f"{path.name}: {first.field}: {first.message}") from None


def checked_map(path: Path, given: MapIn, kind: str, knows: Iterable[str], prefixes: tuple[str, ...] = ()) -> Map:
    """The map for a kind with these fields; `path` names it. Raises: Invalid that names the place in the map and what is wrong there."""
    if given.kind != kind:
        raise _wrong(_("%(file)s is a map for %(other)s, not for %(kind)s.", file=path.name, other=given.kind, kind=kind))
    fields = set(knows)
    for where, names in _named(given):
        for name in names:
            if name not in fields and not (prefixes and name.startswith(prefixes)):
                known = ", ".join(sorted(fields))
                words = _(
                    "%(place)s: %(kind)s have no such field. They have: %(known)s.",
                    place=f"{path.name}: [{where}] {name}",
                    kind=kind,
                    known=known,
                )
                raise _wrong(words)
    return _checked(path, given)


def _wrong(words: str) -> Invalid:
    return Invalid(FieldError("map", words))


def _named(given: MapIn) -> Iterator[tuple[str, Iterable[str]]]:
    """Where fields are named in a map."""
    for where in ("columns", "constants", "values", "patterns", "otherwise"):
        yield where, getattr(given, where)
    for record in given.records:
        yield "records", [*record.columns, *record.constants]
    for row in given.lookup.rows.values() if given.lookup else ():
        yield "lookup.rows", row


def _checked(path: Path, given: MapIn) -> Map:
    def template(where: str, text: str) -> Template:
        return _template(f"{path.name}: {where}", text)

    def patterns(where: str, written: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple(_pattern(f"{path.name}: [{where}] '{one}'", one, into) for one, into in written.items())

    own = Plan(
        {name: template(f"[columns] {name}", text) for name, text in given.columns.items()},
        {name: _text(value) for name, value in given.constants.items()},
    )
    plans = tuple(
        Plan(
            {**own.columns, **{name: template(f"[[records]] {name}", text) for name, text in record.columns.items()}},
            {**own.constants, **{name: _text(value) for name, value in record.constants.items()}},
            tuple(record.if_given),
        )
        for record in given.records
    )
    if given.periods and "period" in given.patterns:
        raise _wrong(_("%(file)s: [patterns.period] is what [periods] is for: write all of them there.", file=path.name))
    written = {name: patterns(f"patterns.{name}", texts) for name, texts in given.patterns.items()}
    if given.periods:
        written["period"] = patterns("periods", given.periods)
    translations = {
        name: Translation(given.values.get(name, {}), written.get(name, ()), given.otherwise.get(name))
        for name in {*given.values, *written, *given.otherwise}
    }
    lookup = given.lookup
    return Map(
        plans=plans or (own,),
        translations=translations,
        json_columns=tuple(given.json_columns),
        lookup=(
            (
                template("[lookup] by", lookup.by),
                {key: {name: _text(value) for name, value in row.items()} for key, row in lookup.rows.items()},
            )
            if lookup
            else None
        ),
        refuse=tuple(given.refuse),
        source=given.source,
    )
