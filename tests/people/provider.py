"""A council's own login on this machine: a real HTTP server that speaks OpenID Connect, and can be told to misbehave."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

CLIENT, SECRET = "said-and-done", "a secret of the provider's own"


def text_of(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


@cache
def a_key(name: str) -> RSAKey:
    """Made once: it takes longer than all the rest."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


class Provider:
    """Who is asked, what is answered, and what was asked for."""

    def __init__(self) -> None:
        self.port = 0
        self.now: Callable[[], float] = time.time
        self.keys: list[RSAKey | ECKey] = [a_key("first")]
        self.person: dict[str, Any] = {"sub": "sam-1", "email": "sam@council.example", "email_verified": True}
        self.odd: dict[str, Any] = {}
        """Claims that replace right ones; `None` takes one out."""
        self.about: dict[str, Any] = {}
        """The same for what it says of itself."""
        self.broken: set[str] = set()
        """Paths that fail."""
        self.algorithm = "RS256"
        self.thin = False
        """Whether the token leaves the address to the page for it."""
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rotates(self) -> None:
        """It signs with another key from now on, and no longer shows the old one."""
        self.keys = [a_key("second")]

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(path)
        if path in self.broken:
            return 500, {}, b"broken"
        ways: dict[str, Callable[[], tuple[int, dict[str, str], bytes]]] = {
            "/.well-known/openid-configuration": lambda: self._json(self._said_of_itself()),
            "/keys": lambda: self._json(KeySet(self.keys).as_dict(private=False)),
            "/authorize": lambda: self._authorize(query),
            "/token": lambda: self._token(query, headers),
            "/userinfo": lambda: self._json(self.person),
        }
        return ways[path]() if path in ways else (404, {}, b"")

    def _said_of_itself(self) -> dict[str, Any]:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        return {name: value for name, value in {**said, **self.about}.items() if value is not None}

    def _authorize(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        assert query["client_id"] == CLIENT and query["response_type"] == "code" and "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256" and query["nonce"] and query["state"]
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return 302, {"Location": f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"}, b""

    def _token(self, query: dict[str, str], headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        begun = self._codes.pop(query.get("code", ""), None)
        challenge = text_of(hashlib.sha256(query.get("code_verifier", "").encode()).digest())
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = headers.get("Authorization") == f"Basic {basic}" or query.get("client_secret") == SECRET
        if begun is None or not known or challenge != begun["code_challenge"] or query["redirect_uri"] != begun["redirect_uri"]:
            return self._json({"error": "invalid_grant"}, 400)
        person = {"sub": self.person["sub"]} if self.thin else self.person
        now = int(self.now())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": begun["nonce"], **person, **self.odd}
        claims = {name: value for name, value in claims.items() if value is not None}
        return self._json(
            {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 60, "id_token": self._signed(claims)}
        )

    def _signed(self, claims: dict[str, Any]) -> str:
        key = self.keys[0]
        if self.algorithm == "none":
            return ".".join([*(text_of(json.dumps(one).encode()) for one in ({"alg": "none"}, claims)), ""])
        if self.algorithm == "forged":
            return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, a_key("second"))
        if self.algorithm == "HS256":  # made with what everybody may read of the key
            parts = [text_of(json.dumps(one).encode()) for one in ({"alg": "HS256", "kid": key.kid}, claims)]
            return ".".join([*parts, text_of(hmac.digest(key.as_pem(private=False), ".".join(parts).encode(), "sha256"))])
        if isinstance(key, ECKey):
            return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def _json(self, body: Any, status: int = 200) -> tuple[int, dict[str, str], bytes]:
        return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that answers for as long as the block lasts."""
    provider = Provider()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(self.path)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            self._answer(f"{self.path}?{body}")

        def _answer(self, address: str) -> None:
            parts = urlsplit(address)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, headers, body = provider.answer(parts.path, query, dict(self.headers))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """It keeps no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()
