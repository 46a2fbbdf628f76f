"""Asking another Open311 server what people told it: window by window, politely, only where the internet is."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from urllib.parse import urlsplit

import httpx2

from service import __version__
from service.errors import FieldError, Invalid
from service.partners.open311 import rules
from service.partners.open311.reading import Declined, Theirs, Unreadable, read_requests
from service.webhooks.rules import may_be_told, wrong_with
from service.webhooks.sending import look_up

SECONDS = 30.0
MOST_BYTES = 64 * 1024 * 1024
TRIES = 3
PATIENCE = 60
"""Seconds that a server may ask us to wait."""

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
    _must_be_public(server)
    seen: set[str] = set()
    trust = httpx2.create_ssl_context(trust_env=False)
    with httpx2.Client(timeout=SECONDS, follow_redirects=False, trust_env=False, verify=trust) as client:
        windows = [(day, min(day + rules.SPAN - timedelta(days=1), last)) for day in _starts(first, last)]
        while windows:
            begin, end = windows.pop(0)
            found = _requests(client, server, begin, end, zone, pause)
            if len(found) >= rules.MOST and begin < end:
                middle = begin + (end - begin) / 2
                windows = [(begin, middle), (middle + timedelta(days=1), end), *windows]
                continue
            for one in found:
                if one.id not in seen:
                    seen.add(one.id)
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


def _requests(client: httpx2.Client, server: Server, begin: date, end: date, zone: tzinfo, pause: Callable[[float], None]) -> list[Theirs]:
    query = {"start_date": f"{begin.isoformat()}T00:00:00Z", "end_date": f"{end.isoformat()}T23:59:59Z"}
    if server.jurisdiction:
        query["jurisdiction_id"] = server.jurisdiction
    try:
        return read_requests(_body(client, server, query, pause), zone)
    except Declined as said:
        raise Invalid(FieldError("address", f"The other server said: {said}")) from None
    except Unreadable:
        raise Invalid(
            FieldError("address", "What came back is no answer of an Open311 server. Is the address the part up to /v2?")
        ) from None


def _body(client: httpx2.Client, server: Server, query: dict[str, str], pause: Callable[[float], None]) -> bytes:
    """One answer's body, tried again where the server is busy. Raises: Invalid."""
    url = f"{server.address.rstrip('/')}/requests.{server.form}"
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
