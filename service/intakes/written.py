"""Maps as a page shows them, as a file holds them, and as the engine reads them: the same thing said three ways."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from service.errors import FieldError, Invalid
from service.imports.kinds import kind_of
from service.imports.mapping import SHIPPED, Map, MapIn, checked_map, written_map
from service.inputs import explain
from service.intakes.rules import guess
from service.language import N_, _
from service.results.sheets import DIMENSION

SPLITS, FIGURES = 6, 8
"""So many further columns, and so many figures of one row, have a line of their own on the page."""

NOT_HERE, WRITTEN = "", "="
"""What a select of columns says where a field is in no column; and where it is written beside."""

SPELLINGS: dict[str, tuple[str, dict[str, str]]] = {
    "months": (
        N_("Jan 2024, or January 2024"),
        {
            rf"{name[:3]}(?:{name[3:]})?[ -]?(\d{{4}})": rf"\1-{number:02}"
            for number, name in enumerate(
                "January February March April May June July August September October November December".split(), start=1
            )
        },
    ),
    "days": (N_("31/03/2024"), {r"(\d\d)/(\d\d)/(\d{4})": r"\3-\2-\1"}),
    "quarters": (N_("2024 Q1, or Q1 2024"), {r"(\d{4}) ?Q([1-4])": r"\1-Q\2", r"Q([1-4]) ?(\d{4})": r"\2-Q\1"}),
    "financial_quarters": (N_("2024/25 Q1"), {r"(\d{4}/\d\d) ?Q([1-4])": r"\1-Q\2"}),
    "financial_years": (
        N_("2024/2025, or Apr 2024-Mar 2025"),
        {
            r"(\d{4})[/-]\d\d(\d\d)": r"\1/\2",
            r"Apr (\d{4}) ?- ?Mar (\d{4})": r"\1-04-01/\2-03-31",
        },
    ),
}
"""Ways in which files write periods, each with its patterns."""

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One field on the page: its name, whether it cannot be done without."""

    name: str
    needed: bool


def lines_of(kind: str, written: MapIn | None = None) -> list[Line]:
    """The fields of a kind: first what is needed, then what is filled, then the rest."""
    known = kind_of(kind)
    needed = [*known.needs, *([known.sourced] if known.sourced else [])]
    filled = [*written.columns, *written.constants] if written else []
    inner = [
        f"{prefix}{name}" for prefix in known.prefixes if prefix != DIMENSION for name in ("wording_version", "given_on", "expires_on")
    ]
    names = [name for name in (*known.fields, *inner) if name not in (known.sourced, "organisation", "shape")]
    order = sorted(names, key=lambda name: (name not in needed, name not in filled))
    return [Line(name, name in needed) for name in order]


# ---- as a file -------------------------------------------------------------------------------------------------------


def as_file(written: MapIn) -> str:
    """The map as the command line takes it (TOML)."""
    said = written.model_dump(exclude_defaults=True)
    lines = [f"{name} = {_value(said[name])}" for name in ("kind", "about", "source", "json_columns") if name in said]
    for name in ("columns", "constants", "otherwise", "periods"):
        lines += _table(name, said.get(name))
    for name in ("values", "patterns"):
        for inner, table in said.get(name, {}).items():
            lines += _table(f"{name}.{_key(inner)}", table)
    if lookup := said.get("lookup"):
        lines += _table("lookup", {"by": lookup["by"]}) + _table("lookup.rows", lookup["rows"])
    for name in ("refuse", "records"):
        for one in said.get(name, ()):
            lines += ["", f"[[{name}]]", *(f"{_key(key)} = {_value(value)}" for key, value in one.items())]
    return "\n".join([*lines, ""])


def _table(name: str, rows: Mapping[str, Any] | None) -> list[str]:
    return ["", f"[{name}]", *(f"{_key(key)} = {_value(value)}" for key, value in rows.items())] if rows else []


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_file(name: str, content: bytes) -> MapIn:
    """A map from its file. Raises: Invalid."""
    try:
        return written_map(Path(name), content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Invalid(FieldError("map_file", _("A map is a text file (TOML). This is none."))) from None


def shipped() -> dict[str, MapIn]:
    """The maps that come with the service, by name."""
    return {path.stem: written_map(path, path.read_text("utf-8")) for path in sorted(SHIPPED.glob("*.toml"))}


def stored(written: MapIn) -> dict[str, Any]:
    """As a row of the database holds it."""
    return written.model_dump(exclude_defaults=True)


def as_map(written: MapIn, called: str) -> Map:
    """As the engine reads it. Raises: Invalid with the place in the map and what is wrong there."""
    known = kind_of(written.kind)
    return checked_map(Path(called), written, written.kind, known.fields, known.prefixes)


def guessed(kind: str, columns: Sequence[str]) -> MapIn:
    """What the map of a file with these columns probably is."""
    known = kind_of(kind)
    names = [line.name for line in lines_of(kind)] + ([known.sourced] if known.sourced else [])
    same = {name: name for name in columns if known.prefixes and name.startswith(known.prefixes)}
    found = guess(names, [name for name in columns if name not in same])
    return MapIn(kind=kind, columns={**{field: _column(column) for field, column in found.items()}, **same})


def _column(name: str) -> str:
    """A column as a map names it: one with braces in its name has them twice."""
    return "{" + name.replace("{", "{{").replace("}", "}}") + "}" if any(brace in name for brace in "{}") else name


# ---- as the page shows it --------------------------------------------------------------------------------------------


def values_of(written: MapIn, columns: Sequence[str]) -> Values:
    """What the fields of the page hold for a map."""
    known = kind_of(written.kind)
    splits = [name for name in written.columns if name.startswith(DIMENSION)] if DIMENSION in known.prefixes else []
    found = _fields(written, columns)
    for place, name in enumerate(splits[:SPLITS]):
        found |= {f"split-{place}": name.removeprefix(DIMENSION), f"split-col-{place}": written.columns[name]}
    chosen = [name for name, (_words, patterns) in SPELLINGS.items() if written.periods and patterns.items() <= written.periods.items()]
    found |= {f"spelt-{name}": "yes" for name in chosen}
    if known.sourced:
        found["source"] = written.source or written.columns.get(known.sourced) or _plain(written.constants.get(known.sourced, ""))
    found["json"] = ", ".join(written.json_columns)
    found["refuse"] = "\n".join(f"{one.column} = {one.value} | {one.reason}" for one in written.refuse)
    rest: dict[str, Any] = {"lookup": written.lookup, "columns": {name: written.columns[name] for name in splits[SPLITS:]}}
    rest["values"] = {name: table for name, table in written.values.items() if name in splits or name == known.sourced}
    rest["patterns"] = {name: table for name, table in written.patterns.items() if name in splits or name == known.sourced}
    if _is_wide(written):
        for place, one in enumerate(written.records):
            found |= {f"fig-col-{place}": one.columns["value"], f"fig-{place}": _plain(one.constants["indicator"])}
    else:
        rest["records"] = written.records
    found["rest"] = as_file(MapIn(kind=written.kind).model_copy(update=rest)).partition("\n")[2].strip()
    return {name: text for name, text in found.items() if text}


def _fields(written: MapIn, columns: Sequence[str]) -> Values:
    found = Values()
    for line in lines_of(written.kind):
        name = line.name
        text, constant = written.columns.get(name), written.constants.get(name)
        if text is not None:
            found |= {f"col-{name}": text} if text in columns else {f"col-{name}": WRITTEN, f"text-{name}": text}
        elif constant is not None:
            found |= {f"col-{name}": WRITTEN, f"text-{name}": _plain(constant)}
        if words := "\n".join(_meanings(written, name)):
            found[f"as-{name}"] = words
    return found


def _is_wide(written: MapIn) -> bool:
    """Whether its records are figures of one row, each in a column of its own, as the page can show them."""
    shown = all(
        set(one.columns) == {"value"} and set(one.constants) == {"indicator"} and one.if_given in ([], [one.columns["value"]])
        for one in written.records
    )
    return bool(written.records) and shown and len(written.records) <= FIGURES


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _meanings(written: MapIn, name: str) -> Iterator[str]:
    """What becomes of a field's text, one a line."""
    for text, into in written.values.get(name, {}).items():
        yield f"{_guarded(text)} = {into}"
    patterns = written.periods if name == "period" and written.periods else written.patterns.get(name, {})
    ready = (
        {key for _words, those in SPELLINGS.values() if those.items() <= patterns.items() for key in those} if name == "period" else set()
    )
    for text, into in patterns.items():
        if text not in ready:
            yield f"/{text}/ = {into}"
    if name in written.otherwise:
        yield f"* = {written.otherwise[name]}"


def _guarded(text: str) -> str:
    """A text that could be taken for something else stands in quotation marks."""
    odd = text in ("", "*") or text != text.strip() or " = " in text or text.startswith(("/", '"')) or "\n" in text
    return json.dumps(text, ensure_ascii=False) if odd else text


_LINE = re.compile(r'(?:/(?P<pattern>.+)/|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<text>.*?))[ \t]*(?:(?<=[ \t"/])=|^=)[ \t]*(?P<into>.*)')


def _read_meanings(name: str, text: str) -> tuple[dict[str, str], dict[str, str], str | None]:
    """Values, patterns, and what stands for the rest. Raises: Invalid."""
    values, patterns, rest = dict[str, str](), dict[str, str](), None
    for line in filter(None, (one.strip() for one in text.splitlines())):
        found = _LINE.fullmatch(line if " =" in line or line.startswith(("/", '"')) else line.replace("=", " =", 1))
        if found is None:
            raise Invalid(
                FieldError(
                    f"as-{name}", _("Write one a line: what stands in the file = what it is here. This has no =: %(line)s", line=line[:80])
                )
            )
        into = found["into"]
        if found["pattern"] is not None:
            patterns[found["pattern"]] = into
        elif found["quoted"] is not None:
            values[_unquoted(name, found["quoted"])] = into
        elif found["text"].strip() == "*":
            rest = into
        else:
            values[found["text"].strip()] = into
    return values, patterns, rest


def _unquoted(name: str, text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        raise Invalid(FieldError(f"as-{name}", _("This text in quotation marks cannot be read: %(line)s", line=text[:80]))) from None


@dataclass
class _Reading:
    """What the fields of the page say, part by part, and what is wrong with them."""

    kind: str
    columns: Sequence[str]
    values: Mapping[str, str]
    faults: list[FieldError] = field(default_factory=list)

    def told(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def pairs(self, name: str, most: int, words: str) -> Iterator[tuple[str, str]]:
        """Lines of two fields that need each other: what was written, and the column."""
        for place in range(most):
            written, column = self.told(f"{name}-{place}"), self.told(f"{name}-col-{place}")
            if written and column:
                yield written, _column(column) if column in self.columns else column
            elif written or column:
                self.faults.append(FieldError(f"{name}-{place}", _(words)))

    def fields(self) -> tuple[dict[str, str], dict[str, str]]:
        """The fields that stand in columns, and those that are the same for every row."""
        of, constants = dict[str, str](), dict[str, str]()
        for line in lines_of(self.kind):
            column, written = self.values.get(f"col-{line.name}", NOT_HERE), self.told(f"text-{line.name}")
            if column in self.columns and written:
                self.faults.append(
                    FieldError(f"text-{line.name}", _("Choose a column, or write it. Both are said of %(field)s.", field=line.name))
                )
            elif column in self.columns:
                of[line.name] = _column(column)
            elif written:
                (of if "{" in written or written in self.columns else constants)[line.name] = written
        return of, constants

    def meanings(self) -> dict[str, dict[str, Any]]:
        """What becomes of texts: values, patterns, and what stands for the rest."""
        found: dict[str, dict[str, Any]] = {"values": {}, "patterns": {}, "otherwise": {}}
        for line in lines_of(self.kind):
            try:
                said = zip(found, _read_meanings(line.name, self.values.get(f"as-{line.name}", "")), strict=True)
            except Invalid as refusal:
                self.faults += refusal.errors
                continue
            for part, those in said:
                if those or (part == "otherwise" and those is not None):
                    found[part][line.name] = those
        return found


def read_values(kind: str, columns: Sequence[str], values: Mapping[str, str]) -> MapIn:
    """The map that the page says. Raises: Invalid with the field of the page and what is wrong there."""
    known, reading = kind_of(kind), _Reading(kind, columns, values)
    of, constants = reading.fields()
    said: dict[str, Any] = reading.meanings()
    of |= {
        f"{DIMENSION}{'-'.join(name.split())}": column
        for name, column in reading.pairs("split", SPLITS, N_("Say both: what it splits by, and in which column that stands."))
    }
    figures = reading.pairs("fig", FIGURES, N_("Say both: the indicator, and the column that holds its figures."))
    records = [{"columns": {"value": column}, "constants": {"indicator": code}, "if_given": [column]} for code, column in figures]
    if "period" in known.fields:
        spelt = {key: into for name, (_words, those) in SPELLINGS.items() if values.get(f"spelt-{name}") for key, into in those.items()}
        said["periods"] = {**spelt, **said["patterns"].pop("period", {})}
    if known.sourced and (source := reading.told("source")):
        (of if source in columns else said)[known.sourced if source in columns else "source"] = source
    said["json_columns"] = [name.strip() for name in values.get("json", "").split(",") if name.strip()]
    said["refuse"] = list(_refusing(values.get("refuse", ""), reading.faults))
    further = _rest(values.get("rest", ""), kind, reading.faults)
    if reading.faults:
        raise Invalid(*reading.faults)
    said |= {"columns": {**of, **further.columns}, "constants": {**constants, **further.constants}, "lookup": further.lookup}
    said |= {name: {**said[name], **getattr(further, name)} for name in ("values", "patterns", "otherwise")}
    said["records"] = [*records, *further.records]
    try:
        return MapIn.model_validate({"kind": kind, **said})
    except ValidationError as error:
        raise Invalid(FieldError("rest", explain(error.errors(include_input=False))[0].message)) from None


def _refusing(text: str, faults: list[FieldError]) -> Iterable[dict[str, str]]:
    for line in filter(None, (one.strip() for one in text.splitlines())):
        rule, bar, reason = line.partition("|")
        column, sign, value = rule.partition("=")
        if not (bar and sign and column.strip() and reason.strip()):
            faults.append(FieldError("refuse", _("Write one a line: column = what stands there | why it is left out.")))
            return
        yield {"column": column.strip(), "value": value.strip(), "reason": reason.strip()}


def _rest(text: str, kind: str, faults: list[FieldError]) -> MapIn:
    try:
        return MapIn.model_validate({"kind": kind, **tomllib.loads(text)})
    except (tomllib.TOMLDecodeError, RecursionError, TypeError) as error:
        faults.append(FieldError("rest", _("This part of the map cannot be read: %(why)s", why=str(error)[:200])))
    except ValidationError as error:
        first = explain(error.errors(include_input=False))[0]
        faults.append(FieldError("rest", f"{first.field}: {first.message}"))
    return MapIn(kind=kind)
