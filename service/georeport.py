"""How Open311 GeoReport v2 writes things down: one tree, as XML or as JSON. Source: wiki.open311.org/GeoReport_v2."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from service.cells import in_xml
from service.errors import Refusal
from service.language import _

PREFIX = "/open311/"
STATUS = {401: 403, 422: 400}
"""GeoReport knows 400, 403 and 404: a key that is missing or unknown is a 403, and whatever is wrong in what was sent a 400."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list: in XML an `outer` element with one `inner` for each, in JSON an array."""

    outer: str
    inner: str
    rows: Sequence[Any]


@dataclass(frozen=True, slots=True)
class One:
    """A thing by itself: in XML an element of this name, in JSON an object."""

    name: str
    fields: Mapping[str, Any]


def written(tree: Rows | One, form: str) -> bytes:
    """The tree in the form that the address ends with: `json` or `xml`."""
    if form == "json":
        return json.dumps(_plain(tree), ensure_ascii=False).encode()
    root = ET.Element(tree.outer if isinstance(tree, Rows) else tree.name)
    _fill(root, tree)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def media_type(form: str) -> str:
    """What such an answer is."""
    return "application/json" if form == "json" else "text/xml; charset=utf-8"


def refused(refusal: Refusal, path: str) -> tuple[bytes, int, str]:
    """A refusal as GeoReport has it: the body, the status, the kind of body. Never repeats what was sent."""
    status = STATUS.get(refusal.status, refusal.status)
    said = [f"{wrong.field}: {wrong.message}" for wrong in refusal.errors] or [refusal.detail or _(refusal.title)]
    form = "json" if path.endswith(".json") else "xml"
    return written(Rows("errors", "error", [{"code": status, "description": words} for words in said]), form), status, media_type(form)


def _plain(value: Any) -> Any:
    if isinstance(value, Rows):
        return [_plain(row) for row in value.rows]
    if isinstance(value, One):
        return _plain(value.fields)
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return value


def _fill(element: ET.Element, value: Any) -> None:
    if isinstance(value, Rows):
        for row in value.rows:
            _fill(ET.SubElement(element, value.inner), row)
    elif isinstance(value, One | Mapping):
        for name, part in (value.fields if isinstance(value, One) else value).items():
            _fill(ET.SubElement(element, name), part)
    elif value is not None:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        element.text = in_xml(text)
