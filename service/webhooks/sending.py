"""One telling by HTTP. The only module that speaks to receivers, and only to those on the internet.

The name is looked up once; every address that it leads to must be public; the connection goes to that very address, with the name in
TLS and in Host. So a name that leads elsewhere a moment later changes nothing. No redirection, no proxy, no cookie, no answer read.
Source: security.md T22; OWASP Server Side Request Forgery Prevention; PyPI `httpx2`.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from service import __version__
from service.later import later
from service.webhooks import rules
from service.webhooks.models import Answer, Fault

if TYPE_CHECKING:
    import httpx2
else:
    httpx2 = later("httpx2")

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Looks a name up; answers the addresses that it leads to, the best first."""

TRIED = 2
"""So many addresses of one name are tried, where the first cannot be reached."""


TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Where there is no TLS, in tests: nothing needs to be read."""


async def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name, as this machine's own resolver has them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_rest, address in found))


class Sender:
    """Sends to addresses that may be told. `loopback` is for tests: this machine may be told, without TLS."""

    def __init__(
        self, *, resolve: Resolve = look_up, loopback: bool = False, trust: ssl.SSLContext | None = None, seconds: float = rules.SECONDS
    ) -> None:
        self.resolve, self.loopback, self.seconds, self._trust = resolve, loopback, seconds, trust

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """Whose certificates are believed. Made once: reading them all takes a while."""
        return self._trust or httpx2.create_ssl_context(trust_env=False)

    async def send(self, address: str, headers: Mapping[str, str], body: str | bytes) -> Answer:
        """Sends a body to an address, once. Answers how that went; never raises for what a receiver does."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._send(address, headers, body)
        except TimeoutError:
            return Answer(fault=Fault.TOO_SLOW)

    async def _send(self, address: str, headers: Mapping[str, str], body: str | bytes) -> Answer:
        if rules.wrong_with(address, loopback=self.loopback):
            return Answer(fault=Fault.NOT_ALLOWED)
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = await self.resolve(host, port)
            if not found:
                return Answer(fault=Fault.UNKNOWN_NAME)
            if not rules.may_be_told(found, loopback=self.loopback):
                return Answer(fault=Fault.NOT_ALLOWED)
        except (OSError, UnicodeError):
            return Answer(fault=Fault.UNKNOWN_NAME)
        except ValueError:  # an address with a zone in it, or none at all
            return Answer(fault=Fault.NOT_ALLOWED)
        answer = Answer(fault=Fault.UNREACHABLE)
        for one in found[:TRIED]:
            answer = await self._post(address, one, port, headers, body)
            if answer.fault != Fault.UNREACHABLE:
                break
        return answer

    async def _post(self, address: str, checked: str, port: int, headers: Mapping[str, str], body: str | bytes) -> Answer:
        parts = urlsplit(address)
        number = f"[{checked}]" if ipaddress.ip_address(checked).version == 6 else checked
        there = urlunsplit((parts.scheme, f"{number}:{port}", parts.path or "/", parts.query, ""))
        said = {
            "Content-Type": "application/json",
            **headers,
            "Host": parts.netloc,
            "User-Agent": f"Said-and-Done/{__version__}",
            "Accept-Encoding": "identity",
        }
        content = body.encode() if isinstance(body, str) else body
        trust = await asyncio.to_thread(lambda: self.trust) if parts.scheme == "https" else TRUSTS_NOBODY
        transport = httpx2.AsyncHTTPTransport(verify=trust, trust_env=False)
        try:
            async with (
                httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, timeout=self.seconds) as client,
                client.stream("POST", there, content=content, headers=said, extensions={"sni_hostname": parts.hostname}) as answer,
            ):
                return rules.answer_to(answer.status_code)  # what it says besides is not read
        except httpx2.TimeoutException:
            return Answer(fault=Fault.TOO_SLOW)
        except httpx2.ConnectError as error:
            return Answer(fault=Fault.NOT_TRUSTED if _is_tls(error) else Fault.UNREACHABLE)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError):
            return Answer(fault=Fault.BROKEN)


def _is_tls(error: BaseException) -> bool:
    """Whether it failed because of a certificate or of TLS itself."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return "CERTIFICATE" in str(error) or "SSL" in str(error)
