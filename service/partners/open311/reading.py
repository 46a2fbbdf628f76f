"""What other Open311 servers answer, read as it comes: XML or JSON, wrapped or bare, with empty elements and dates of their own."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from xml.etree import ElementTree as ET

LISTS = {"services": "service", "service_requests": "request", "service_request_updates": "request_update", "errors": "error"}
"""What a list is called, and each thing in it."""

NEVER = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
"""A document that defines words of its own may grow without end. No answer of Open311 has any."""

DATES = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y")


class Unreadable(ValueError):
    """This is no answer of an Open311 server."""


class Declined(Exception):
    """The other server refused. `code` and `words` are its own."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}" if code else words)
        self.code, self.words = code, words


@dataclass(frozen=True, slots=True)
class Theirs:
    """A request of another server. Nothing but its id and its status must be there."""

    id: str
    status: str
    service_code: str | None
    service_name: str | None
    description: str | None
    status_notes: str | None
    requested_at: datetime | None
    updated_at: datetime | None
    address: str | None
    lat: float | None
    long: float | None


@dataclass(frozen=True, slots=True)
class TheirUpdate:
    """What another server says of one of its requests."""

    id: str
    request_id: str
    status: str
    description: str | None
    updated_at: datetime | None


def read_rows(body: bytes, wanted: str) -> list[dict[str, Any]]:
    """The things of an answer, each with its fields by name; an empty field is None. `wanted` is one of `LISTS`.

    Raises: Unreadable; Declined where the answer says why there is none.
    """
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _from_json(text, wanted) if text[:1] in (b"[", b"{") else _from_xml(text, wanted)
    rows = [{str(name): _value(value) for name, value in row.items()} for row in found]
    if wanted != "errors" and rows and set(rows[0]) <= {"code", "description"}:
        raise Declined(str(rows[0].get("code") or ""), str(rows[0].get("description") or ""))
    return rows


def read_requests(body: bytes, zone: tzinfo) -> list[Theirs]:
    """The requests of an answer. A moment without a zone is one of the place's own. Raises: Unreadable, Declined."""
    return [_request(row, zone) for row in read_rows(body, "service_requests") if row.get("service_request_id")]


def read_updates(body: bytes, zone: tzinfo) -> list[TheirUpdate]:
    """The updates of an answer, those that name a request and themselves. Raises: Unreadable, Declined."""
    return [
        TheirUpdate(
            id=str(row["update_id"]),
            request_id=str(row["service_request_id"]),
            status=str(row.get("status") or ""),
            description=_text(row.get("description")),
            updated_at=read_moment(row.get("updated_datetime"), zone),
        )
        for row in read_rows(body, "service_request_updates")
        if row.get("update_id") and row.get("service_request_id")
    ]


def read_definition(body: bytes) -> dict[str, Any]:
    """One service's definition: `service_code`, and `attributes` as a list, each with its `values`. Raises: Unreadable, Declined."""
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] in (b"[", b"{"):
        found = _json(text)
        found = found[0] if isinstance(found, list) and found else found
        if not isinstance(found, dict):
            raise Unreadable
        return {"service_code": found.get("service_code"), "attributes": list(found.get("attributes") or [])}
    root = _xml(text)
    _say_errors(root)
    attributes = [{**_fields(one), "values": [_fields(value) for value in one.iterfind("values/value")]} for one in root.iter("attribute")]
    return {"service_code": root.findtext("service_code"), "attributes": attributes}


# ---- the two forms ---------------------------------------------------------------------------------------------------


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable from None


def _from_json(text: bytes, wanted: str) -> list[Mapping[str, Any]]:
    """A bare array, as the specification has it; or wrapped in an object, as FixMyStreet does, once or twice."""
    found = _json(text)
    for name in (wanted, LISTS[wanted], "requests", "errors"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    rows = found if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict)]


def _xml(text: bytes) -> ET.Element:
    if NEVER.search(text):
        raise Unreadable
    try:
        return ET.fromstring(text)  # noqa: S314 (nothing that defines entities comes here)
    except (ET.ParseError, ValueError, LookupError):
        raise Unreadable from None


def _from_xml(text: bytes, wanted: str) -> Iterator[Mapping[str, Any]]:
    root = _xml(text)
    _say_errors(root)
    if root.tag != wanted:
        raise Unreadable
    return (_fields(one) for one in root.iter(LISTS[wanted]))


def _say_errors(root: ET.Element) -> None:
    if root.tag in ("errors", "error"):
        said = root.find("error") if root.tag == "errors" else root
        words = (said.findtext("description") or said.text or "") if said is not None else ""
        raise Declined((said.findtext("code") or "") if said is not None else "", " ".join(words.split()))


def _fields(one: ET.Element) -> dict[str, Any]:
    return {field.tag: _value(field.text) for field in one if not len(field)}


def _value(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


# ---- one request -----------------------------------------------------------------------------------------------------


def _request(row: Mapping[str, Any], zone: tzinfo) -> Theirs:
    lat, long = _number(row.get("lat")), _number(row.get("long"))
    nowhere = not lat and not long  # 0.0, 0.0 lies in the sea, and is what some write for "not known"
    return Theirs(
        id=str(row["service_request_id"]),
        status=str(row.get("status") or "").lower(),
        service_code=_text(row.get("service_code")),
        service_name=_text(row.get("service_name")),
        description=_text(row.get("description")),
        status_notes=_text(row.get("status_notes")),
        requested_at=read_moment(row.get("requested_datetime"), zone),
        updated_at=read_moment(row.get("updated_datetime"), zone),
        address=_text(row.get("address")),
        lat=None if nowhere else lat,
        long=None if nowhere else long,
    )


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "", [], {}) else None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def read_moment(value: Any, zone: tzinfo) -> datetime | None:
    """A moment of ISO 8601, or of one of the other ways that servers write; None for anything else."""
    text = str(value or "").strip()
    for read in (datetime.fromisoformat, *(lambda text, form=form: datetime.strptime(text, form) for form in DATES)):  # noqa: DTZ007
        try:
            found = read(text)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return None
