"""One text message by GOV.UK Notify. Source: its REST API, "Send a text message" and "JSON Web Tokens"."""

import base64
import hmac
import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.later import later
from service.outbox.mail import NobodyThereError, NotSentError
from service.outbox.models import Claimed, Written

if TYPE_CHECKING:
    import httpx2
else:
    httpx2 = later("httpx2")

TIMEOUT = 20.0
"""Seconds that Notify may take for one answer."""

UUIDS = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$")

NEVER = (400,)
"""What trying again would not change: a number that is none, or one outside of who may be texted on trial."""


@dataclass(frozen=True, slots=True)
class Notify:
    """A service at GOV.UK Notify: whose key it is, and the template that holds one placeholder, ((message))."""

    url: str
    service: str
    secret: str
    template: str

    @classmethod
    def with_key(cls, url: str, key: str, template: str) -> "Notify":
        """Reads a key as Notify shows it: a name, the id of the service, the secret. Raises: ValueError."""
        found = UUIDS.search(key)
        if found is None:
            raise ValueError("SAID_NOTIFY_KEY must be an API key of GOV.UK Notify: its name, the service's id and the secret, with hyphens")
        return cls(url.rstrip("/"), found[1], found[2], template)

    def send(self, letter: Claimed, written: Written) -> None:
        """Hands one text message in. Raises: NotSentError, NobodyThereError where it would never be taken."""
        body = {
            "phone_number": written.to or letter.address,
            "template_id": self.template,
            "personalisation": {"message": written.body},
            "reference": str(letter.id),
        }
        try:
            transport = httpx2.HTTPTransport(trust_env=False)
            with httpx2.Client(transport=transport, trust_env=False, timeout=TIMEOUT) as client:
                there = f"{self.url}/v2/notifications/sms"
                answer = client.post(there, json=body, headers={"Authorization": f"Bearer {self.token(int(time.time()))}"})
        except (httpx2.HTTPError, OSError, ValueError) as error:
            raise NotSentError(type(error).__name__) from None
        if answer.status_code in NEVER:
            raise NobodyThereError(f"Notify{answer.status_code}")
        if answer.status_code != 201:
            raise NotSentError(f"Notify{answer.status_code}")  # what it says besides may repeat the number

    def token(self, now: int) -> str:
        """Says for half a minute who asks: a JSON Web Token, HS256."""
        said = b".".join(_plain(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, {"iss": self.service, "iat": now}))
        return b".".join((said, _plain(hmac.digest(self.secret.encode(), said, "sha256")))).decode()


def _plain(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
