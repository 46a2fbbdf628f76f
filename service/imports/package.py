"""What everybody may take away as files: the public lists as CSV, and the Frictionless data package that describes them.

Source: Data Package and Table Schema, version 1 (specs.frictionlessdata.io).
"""

from collections.abc import Iterator
from typing import Any

from service.database import Database, ReadSession
from service.imports.exports import EXPORTS, Written, export
from service.places.queries import PlaceCard
from service.results.listing import Filters, find_dimensions
from service.results.sheets import dimension_names, header

PUBLIC = ("areas", "organisations", "comparators", "indicators", "observations")
"""Kinds of record that stand on public lists. Messages, stories and promises have lists of their own."""

TITLES = {
    "areas": "Areas",
    "organisations": "Organisations that take part",
    "comparators": "Other places that ours is compared with",
    "indicators": "What is counted",
    "observations": "Numbers as their sources gave them",
}
TYPES = {
    **dict.fromkeys(("value", "numerator", "denominator", "range_low", "range_high"), "number"),
    **dict.fromkeys(("population_as_of", "since"), "date"),
    "population": "integer",
    "provisional": "boolean",
    "shape": "object",
}
"""Types of fields that are not text. Text that a spreadsheet could take for a formula stands behind an apostrophe."""

KEYS = {"areas": ["code"], "organisations": ["code"], "indicators": ["code"], "comparators": ["group", "area"]}
NAMES = {
    "indicators": {},
    "comparators": {"area": "areas"},
    "observations": {"indicator": "indicators", "area": "areas", "organisation": "organisations"},
}
"""Which field names a row of which other list."""


def sheet(database: Database, place: PlaceCard, kind: str) -> Iterator[str]:
    """One of the public lists as CSV, in parts. It imports back unchanged."""
    return export(database, place, kind, Written.CSV)


def described(reads: ReadSession, place: PlaceCard, as_of: str) -> dict[str, Any]:
    """The data package of a place: each list with its columns, their types, and what they name."""
    return {
        "profile": "tabular-data-package",
        "name": place.slug,
        "title": place.name,
        "created": as_of,
        "resources": [_resource(reads, place, kind) for kind in PUBLIC],
    }


def _resource(reads: ReadSession, place: PlaceCard, kind: str) -> dict[str, Any]:
    columns = list(EXPORTS[kind].columns)
    if kind == "observations":
        columns = header(dimension_names(find_dimensions(reads, place.id, Filters())))
    key: dict[str, Any] = {"primaryKey": KEYS[kind]} if kind in KEYS else {}
    named = [{"fields": field, "reference": {"resource": other, "fields": "code"}} for field, other in NAMES.get(kind, {}).items() if other]
    return {
        "profile": "tabular-data-resource",
        "name": kind,
        "title": TITLES[kind],
        "path": f"data/{kind}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(name) for name in columns],
            "missingValues": [""],
            **key,
            **({"foreignKeys": named} if named else {}),
        },
    }


def _field(name: str) -> dict[str, str]:
    kind = TYPES.get(name, "string")
    return {"name": name, "type": kind, **({"format": "default"} if kind == "date" else {})}
