"""One push message to a browser: encrypted for it alone (RFC 8291), with a word on who sends it (RFC 8292)."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.outbox.mail import NobodyThereError, NotSentError
from service.outbox.models import Claimed, Written
from service.server_keys import ServerKey

WAITS = timedelta(days=7)
"""So long a push service keeps a message for a phone that is off."""

HOLDS = timedelta(hours=12)
"""So long what says who sends it is good for."""

GONE = (404, 410)
"""Answers of a push service whose browser is not there any more, or does not want to be told."""


class Answer(Protocol):
    """How sending went."""

    @property
    def status(self) -> int | None: ...

    @property
    def fault(self) -> str | None: ...


Send = Callable[[str, Mapping[str, str], bytes], Awaitable[Answer]]
"""Sends to an address on the internet, and to no other: `service.webhooks.sending.Sender.send`."""


@dataclass(frozen=True, slots=True)
class Push:
    """Sends to push services. `subject`: whom they may write to about it."""

    send_to: Send
    key: Callable[[int], ServerKey | None]
    clock: Callable[[], datetime]
    subject: str

    def send(self, _letter: Claimed, written: Written) -> None:
        """Hands one message in. Raises: NotSentError, NobodyThereError where the browser is gone."""
        known = json.loads(written.to or "{}")
        key = self.key(known["version"])
        if key is None:
            raise NobodyThereError("NoKey")
        headers = {
            "Authorization": vapid(key.push, known["endpoint"], self.subject, self.clock()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(WAITS.total_seconds())),
            "Urgency": "normal",
        }
        body = encrypted(written.body.encode(), known["p256dh"], known["auth"])
        answer = asyncio.run(_awaited(self.send_to(known["endpoint"], headers, body)))
        if answer.status in GONE:
            raise NobodyThereError(f"Push{answer.status}")
        if answer.fault is not None:
            raise NotSentError(f"Push{answer.status or answer.fault}")


async def _awaited(answer: Awaitable[Answer]) -> Answer:
    return await answer


def encrypted(text: bytes, p256dh: str, auth: str) -> bytes:
    """The text as only this browser can read it."""
    import http_ece  # noqa: PLC0415 (few services send any; it is read when the first is sent)

    mine = ec.generate_private_key(ec.SECP256R1())
    sealed: bytes = http_ece.encrypt(text, private_key=mine, dh=_bytes(p256dh), auth_secret=_bytes(auth), version="aes128gcm")
    return sealed


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """What a browser is given to know the service by."""
    return _text(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def vapid(key: ec.EllipticCurvePrivateKey, endpoint: str, subject: str, now: datetime) -> str:
    """The header that says to the push service at this address who sends: a JSON Web Token, ES256."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now + HOLDS).timestamp()), "sub": subject}
    said = ".".join(_text(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={said}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={public_key(key)}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
