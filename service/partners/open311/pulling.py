"""Asking another Open311 server what people told it: window by window, politely, only where the internet is."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from service import __version__
from service.elsewhere.models import MOST_REF, Note, Said
from service.elsewhere.rules import guess_status
from service.errors import FieldError, Invalid
from service.later import later
from service.partners.open311 import rules
from service.partners.open311.reading import Declined, Theirs, TheirUpdate, Unreadable, read_requests, read_updates
from service.tables import MOST_WORDS
from service.webhooks.rules import may_be_told, wrong_with
from service.webhooks.sending import TRUSTS_NOBODY, look_up

if TYPE_CHECKING:
    import httpx2
else:
    httpx2 = later("httpx2")

SECONDS = 30.0
MOST_BYTES = 64 * 1024 * 1024
TRIES = 3
PATIENCE = 60
"""Seconds that a server may ask us to wait."""

Row = TypeVar("Row", Theirs, TheirUpdate)

BUSY = {429, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Server:
    """Another server: its address up to `/v2`, which place of it is asked, and in which form it answers."""

    address: str
    jurisdiction: str | None = None
    form: str = "xml"
    loopback: bool = False

    @property
    def source(self) -> str:
        """What tells its requests from another server's: kept with each message."""
        parts = urlsplit(self.address)
        return f"open311 {parts.hostname or ''}{f':{parts.port}' if parts.port else ''} {self.jurisdiction or ''}".strip()[:80]


def pull(server: Server, first: date, last: date, zone: tzinfo, *, pause: Callable[[float], None] = time.sleep) -> Iterator[Theirs]:
    """What was told from one day to another, each once. A window with as many as a server gives at once is halved.

    Raises: Invalid when the address may not be asked, does not answer, or answers something else.
    """
    try:
        yield from _pulled(server, "requests", lambda body: read_requests(body, zone), first, last, pause)
    except Declined as said:
        raise Invalid(FieldError("address", f"The other server said: {said}")) from None
    except Unreadable:
        raise Invalid(
            FieldError("address", "What came back is no answer of an Open311 server. Is the address the part up to /v2?")
        ) from None


def pull_updates(
    server: Server, first: date, last: date, zone: tzinfo, *, pause: Callable[[float], None] = time.sleep
) -> list[TheirUpdate]:
    """What became of it there, from one day to another; nothing where the server does not have the extension of mySociety.

    Raises: Invalid when the address may not be asked or does not answer.
    """
    try:
        return list(_pulled(server, "servicerequestupdates", lambda body: read_updates(body, zone), first, last, pause))
    except (Declined, Unreadable):
        return []


def _pulled(
    server: Server, what: str, read: Callable[[bytes], list[Row]], first: date, last: date, pause: Callable[[float], None]
) -> Iterator[Row]:
    """The rows of all windows, each once. Raises: Invalid, Declined, Unreadable."""
    _must_be_public(server)
    seen: set[tuple[str, ...]] = set()
    trust = httpx2.create_ssl_context(trust_env=False) if server.address.startswith("https") else TRUSTS_NOBODY
    with httpx2.Client(timeout=SECONDS, follow_redirects=False, trust_env=False, verify=trust) as client:
        windows: list[tuple[date, date]] = [(day, min(day + rules.SPAN - timedelta(days=1), last)) for day in _starts(first, last)]
        while windows:
            begin, end = windows.pop(0)
            found = read(_body(client, server, what, (begin, end), pause))
            if len(found) >= rules.MOST and begin < end:
                middle = begin + (end - begin) / 2
                windows = [(begin, middle), (middle + timedelta(days=1), end), *windows]
                continue
            for one in found:
                name = (one.id, getattr(one, "request_id", ""))
                if name not in seen:
                    seen.add(name)
                    yield one
            if windows:
                pause(1.0)


def _starts(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += rules.SPAN


def _must_be_public(server: Server) -> None:
    if wrong := wrong_with(server.address, loopback=server.loopback):
        raise Invalid(FieldError("address", str(wrong)))
    parts = urlsplit(server.address)
    try:
        found = asyncio.run(look_up(parts.hostname or "", parts.port or 443))
        allowed = bool(found) and may_be_told(found, loopback=server.loopback)
    except (OSError, UnicodeError, ValueError):
        raise Invalid(FieldError("address", "There is no server with this name.")) from None
    if not allowed:
        raise Invalid(FieldError("address", "This address is not on the internet. Only servers on the internet are asked."))


def _body(client: "httpx2.Client", server: Server, what: str, days: tuple[date, date], pause: Callable[[float], None]) -> bytes:
    """One answer's body, tried again where the server is busy. Raises: Invalid."""
    url = f"{server.address.rstrip('/')}/{what}.{server.form}"
    query = {"start_date": f"{days[0].isoformat()}T00:00:00Z", "end_date": f"{days[1].isoformat()}T23:59:59Z"}
    if server.jurisdiction:
        query["jurisdiction_id"] = server.jurisdiction
    for left in reversed(range(TRIES)):
        try:
            with client.stream("GET", url, params=query, headers={"User-Agent": f"Said-and-Done/{__version__}"}) as answer:
                if answer.status_code in BUSY and left:
                    pause(_wait(answer.headers.get("retry-after", "")))
                    continue
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise Invalid(FieldError("address", "The answer is larger than 64 MiB. Ask for fewer days."))
                if answer.is_success or body.strip():
                    return body
                raise Invalid(FieldError("address", f"The other server answered {answer.status_code}, and nothing else."))
        except httpx2.HTTPError:
            if not left:
                raise Invalid(FieldError("address", "The other server does not answer.")) from None
            pause(1.0)
    raise Invalid(FieldError("address", "The other server is busy. Try again later."))


def _wait(said: str) -> float:
    """Seconds to wait, as the server says it; never more than a minute."""
    return float(min(int(said), PATIENCE)) if said.isdecimal() else 5.0


def as_row(one: Theirs, source: str, *, topic: str | None, area: str | None, now: datetime) -> dict[str, str]:
    """A request as a row of an import. What it says is for the team only: nobody here was asked whether others may read it."""
    words = [part for part in (one.description or one.service_name, one.address) if part]
    row = {
        "source": source,
        "ref": one.id[:120],
        "received_at": min(one.requested_at or now, now).astimezone(UTC).isoformat(),
        "body": "\n\n".join(words)[:5_000] or "-",
    }
    return row | ({"topic": topic} if topic else {}) | ({"area": area} if area else {})


def as_notes(requests: Sequence[Theirs], updates: Sequence[TheirUpdate], now: datetime) -> list[tuple[str, Note]]:
    """What another server says became of its requests, each with the request's id there.

    A server with updates says it in them; of another only the state of each request is known, and what stands beside it.
    """
    found = [
        (one.request_id[:MOST_REF], Note(_name(one.request_id, one.id), guess_status(one.status), _words(one.description), at))
        for one in updates
        for at in [min(one.updated_at or now, now).astimezone(UTC)]
    ]
    told = {ref for ref, _note in found}
    for request in requests:
        said, words, at = guess_status(request.status), _words(request.status_notes), request.updated_at or request.requested_at
        if request.id[:MOST_REF] not in told and (said != Said.OPEN or words):
            name = _name(request.id, "state", said, at.isoformat() if at else "", words or "")
            found.append((request.id[:MOST_REF], Note(name, said, words, min(at or now, now).astimezone(UTC))))
    return sorted(found, key=lambda pair: pair[1].said_at)


def _name(*parts: str) -> str:
    """What tells a note from every other of the same server."""
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _words(text: str | None) -> str | None:
    """Words as they can be kept: without what no database takes, and not endless."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()[:MOST_WORDS] or None if text else None
