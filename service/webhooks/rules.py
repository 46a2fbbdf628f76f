"""Which addresses may be told, how a telling is signed, when it is tried again, and when one stops.

Source: Standard Webhooks 1.0.0 (signatures, headers, the shape of the payload and the waits); security.md T22.
"""

import base64
import hmac
import ipaddress
import json
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from service.language import N_
from service.webhooks.models import Answer, Fault

PREFIX = "whsec_"
SECRET_BYTES = 24
OVERLAP = timedelta(days=1)
"""So long both secrets sign when a new one was made."""

WAITS = tuple(
    timedelta(**wait)
    for wait in (
        {"seconds": 5},
        {"minutes": 5},
        {"minutes": 30},
        {"hours": 2},
        {"hours": 5},
        {"hours": 10},
        {"hours": 14},
        {"hours": 20},
        {"hours": 24},
    )
)
"""Before the second try and each one after it: about three days in all."""

JITTER = 0.2
"""By up to this share a wait is longer, so that those who failed together do not come back together."""

LEASE = timedelta(minutes=3)
"""How long a process that claimed some may take. After that another one may send them: each may come twice, never not at all."""

AT_A_TIME = 10
"""So many tellings of one webhook are claimed together, and sent one after the other."""

MOST_GIVEN_UP = 10
"""After so many that were given up, with none that arrived between them, the webhook is switched off."""

SECONDS = 10.0
"""How long a receiver may take, from finding its address to the first line of its answer."""

PORTS = (443, 8443)
"""The ports that may be told: those of TLS, and of nothing else that stands in a server room."""


# ---- addresses -------------------------------------------------------------------------------------------------------

HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
NOT_AN_ADDRESS = N_("Write the whole address, for instance https://cases.example.org/said.")


def wrong_with(address: str, *, loopback: bool = False) -> str | None:  # noqa: PLR0911 (one line per rule)
    """What is wrong with the address of a webhook, or None. With `loopback` (in tests) this machine may be told, without TLS."""
    if not address.isascii() or re.search(r"[\s\x00-\x1f\x7f\\]", address):
        return NOT_AN_ADDRESS
    try:
        parts = urlsplit(address)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        return NOT_AN_ADDRESS
    if parts.scheme == "http" and not loopback:
        return N_("The address must begin with https://, so that nobody on the way can read or change what is sent.")
    if parts.scheme not in ("http", "https") or not host:
        return NOT_AN_ADDRESS
    if parts.username is not None or parts.password is not None:
        return N_("Leave the name and the password out. What is sent is signed, and so the receiver knows it.")
    if parts.fragment:
        return N_("Leave out what stands behind the #: it is never sent.")
    if not loopback and port not in (None, *PORTS):
        return N_("Use the port 443 or 8443.")
    return None if loopback or _is_outside(host) else N_("This address is not on the internet. Programs inside are not told.")


def _is_outside(host: str) -> bool:
    """Whether a name or a number could be that of a machine on the internet. What a name leads to is asked when it is told."""
    try:
        return is_public(ipaddress.ip_address(host))
    except ValueError:
        named = HOST.fullmatch(host) and not host.rpartition(".")[2].isdigit()
        return bool(named) and not host.endswith((".local", ".localhost", ".internal", ".home.arpa", ".onion"))


NAT64 = ipaddress.ip_network("64:ff9b::/96")
APART = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20", "5f00::/16")))
"""Set apart by IANA, and not known as such to every Python that we run on."""


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether this is an address on the internet; one that holds another in itself is as public as that one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None or address.is_site_local:
            return False
        inner = address.ipv4_mapped or (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None)
        if inner is not None:
            return is_public(inner)
        if address.sixtofour is not None and not is_public(address.sixtofour):
            return False
    if any(address in network for network in APART):
        return False
    apart = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback or address.is_link_local
    return address.is_global and not apart


def may_be_told(found: Iterable[str], *, loopback: bool = False) -> bool:
    """Whether every address that a name leads to is on the internet: one that is not is reason enough to send nothing."""
    addresses = [ipaddress.ip_address(one) for one in found]
    return bool(addresses) and all(is_public(one) or (loopback and one.is_loopback) for one in addresses)


# ---- signatures ------------------------------------------------------------------------------------------------------


def new_secret() -> str:
    """A secret as the receiver keeps it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers_of(message_id: str, body: str, held: Iterable[str], now: datetime) -> dict[str, str]:
    """The three headers. Where two secrets are in force there are two signatures, and either will do."""
    moment = str(int(now.timestamp()))
    signed = f"{message_id}.{moment}.{body}".encode()
    marks = [base64.b64encode(hmac.digest(base64.b64decode(one.removeprefix(PREFIX)), signed, "sha256")).decode() for one in held]
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": " ".join(f"v1,{mark}" for mark in marks)}


def body_of(event: str, at: datetime, facts: dict[str, object]) -> str:
    """What is sent: the event, when it happened, and the ids and states that everybody who is told may know."""
    moment = at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return json.dumps({"type": event, "timestamp": moment, "data": facts}, separators=(",", ":"))


# ---- tries -----------------------------------------------------------------------------------------------------------


def next_try(attempts: int, now: datetime, chance: float) -> datetime | None:
    """When it is tried again after so many tries, `chance` being a number from 0 to 1; None when it is given up."""
    return None if attempts > len(WAITS) else now + WAITS[attempts - 1] * (1 + JITTER * chance)


def answer_to(status: int) -> Answer:
    """What an answer means. Only 2xx says that the receiver has it; a redirection is never followed."""
    if 200 <= status < 300:
        return Answer(status)
    kinds = {410: Fault.GONE} | dict.fromkeys(range(300, 400), Fault.REDIRECTED)
    return Answer(status, kinds.get(status, Fault.STATUS))
