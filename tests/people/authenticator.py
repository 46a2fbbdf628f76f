"""A passkey made of software: what a phone or a security key does, written from the WebAuthn text and not from the service."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def raw(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


@dataclass
class Authenticator:
    """One passkey. What a test changes of it is what a forger would change."""

    origin: str
    site: str = "localhost"
    counter: int = 0
    flags: int = PRESENT | VERIFIED
    user: str = ""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def make(self, options: dict[str, Any]) -> str:
        """The answer to the options for a new passkey."""
        self.user = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        cose = bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y  # RFC 9052: EC2, ES256, P-256
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        data = self._data(self.flags | ATTESTED) + attested
        head = bytes.fromhex("a363666d74646e6f6e656761747453746d74a068617574684461746158")  # {fmt: none, attStmt: {}, authData: ...
        assert len(data) < 256
        return self._said("webauthn.create", options, {"attestationObject": text(head + bytes([len(data)]) + data)})

    def answer(self, options: dict[str, Any]) -> str:
        """The answer to the options for signing in."""
        self.counter += 1
        data = self._data(self.flags)
        client = self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        parts = {"authenticatorData": text(data), "signature": text(signature), "userHandle": self.user}
        return self._said("webauthn.get", options, parts)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _said(self, kind: str, options: dict[str, Any], parts: dict[str, str]) -> str:
        response = {"clientDataJSON": text(self._client(kind, options)), **parts}
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})
