"""A council's own login (OpenID Connect, the code flow with PKCE). The only module that knows the libraries and calls the provider.

What belongs to one try is worked out from a secret that only the browser keeps, in a cookie: the state, the nonce and the verifier.
So the database holds a hash of the state, good once and for ten minutes, and nothing from which a try could be taken over.
Source: OpenID Connect Core 1.0, RFC 7636, RFC 9207; PyPI `authlib`, `joserfc`, `httpx2`.
"""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from service.later import later

if TYPE_CHECKING:
    import httpx2
    from authlib.common import errors as authlib_errors
    from authlib.integrations import httpx_client
    from authlib.oidc import core as oidc
    from joserfc import errors as jose_errors
    from joserfc import jwk, jwt
else:
    httpx2 = later("httpx2")
    authlib_errors = later("authlib.common.errors")
    httpx_client = later("authlib.integrations.httpx_client")
    oidc = later("authlib.oidc.core")
    jose_errors = later("joserfc.errors")
    jwk = later("joserfc.jwk")
    jwt = later("joserfc.jwt")

SECONDS = 5.0
"""How long the provider may take for one answer."""

MOST_BYTES = 256 * 1024
KEPT_FOR = 3600.0
"""Seconds for which what the provider says of itself is remembered."""

ASKED_AGAIN = 30.0
"""A key that is not known is looked for no oftener than this."""

LEEWAY = 60
"""Seconds by which the provider's clock may be off."""

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a public key. Never `none`, and never one that is made with a secret that we share."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")
MICROSOFT = "login.microsoftonline.com"


class AwayError(Exception):
    """The provider does not answer, or not as a provider does; says the kind of failure and nothing of the person."""


class RefusedError(Exception):
    """The provider's answer is not one that can be believed, or it says no."""


@dataclass(frozen=True, slots=True)
class Known:
    """Who the provider says it is. `email` only when the provider has checked it; strong: with a second factor."""

    issuer: str
    subject: str
    email: str | None
    strong: bool


def hash_of_state(browser: str) -> str:
    """What is kept of a try that has begun."""
    return hashlib.sha256(state_of(browser).encode()).hexdigest()


def state_of(browser: str) -> str:
    """What the provider gives back, and only this browser can have sent."""
    return _from(browser, b"state")


def _from(browser: str, use: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.digest(browser.encode(), b"said-and-done " + use, "sha256")).decode().rstrip("=")


class Login:
    """One provider, and for whom it counts."""

    def __init__(
        self, issuer: str, client_id: str, secret: str | None, *, name: str, domains: frozenset[str], places: frozenset[str]
    ) -> None:
        self.issuer, self.client_id, self.name, self.domains, self.places = issuer, client_id, name, domains, places
        self._secret = secret
        self._about: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, jwk.KeySet] | None = None

    def covers(self, email: str) -> bool:
        """Whether this provider speaks for an address."""
        return email.rpartition("@")[2].lower() in self.domains

    def way_to(self, browser: str, back: str) -> str:
        """Where this browser goes to sign in, and then comes back to. Raises: AwayError."""
        about = self._read_about()
        with self._client(back) as client:
            address, _state = client.create_authorization_url(
                about["authorization_endpoint"],
                state=state_of(browser),
                nonce=_from(browser, b"nonce"),
                code_verifier=_from(browser, b"verifier"),
            )
        return str(address)

    def who(self, browser: str, code: str, back: str, now: datetime) -> Known:
        """Who it is that comes back with this code. Raises: AwayError, RefusedError."""
        about = self._read_about()
        methods = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = (
            "none" if self._secret is None else next((one for one in ("client_secret_basic", "client_secret_post") if one in methods), "")
        )
        try:
            with self._client(back, method) as client:
                token = client.fetch_token(about["token_endpoint"], code=code, code_verifier=_from(browser, b"verifier"))
                claims = self._claims(token, _from(browser, b"nonce"), now)
            if "email" not in claims and about.get("userinfo_endpoint"):
                claims |= self._more(about["userinfo_endpoint"], str(token["access_token"]), claims["sub"])
        except (authlib_errors.AuthlibBaseError, jose_errors.JoseError, ValueError, TypeError, KeyError) as error:
            raise RefusedError(type(error).__name__) from None
        except httpx2.HTTPError as error:
            raise AwayError(type(error).__name__) from None
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise RefusedError("subject")
        methods_used = claims.get("amr")
        strong = isinstance(methods_used, list) and "mfa" in methods_used
        return Known(self.issuer, subject, self._checked_email(claims), strong)

    # ---- what the provider says of itself ----

    def _read_about(self) -> dict[str, Any]:
        if self._about is not None and time.monotonic() - self._about[0] < KEPT_FOR:
            return self._about[1]
        found = self._fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise AwayError("issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe(found.get(name), self.issuer):
                raise AwayError(name)
        if found.get("userinfo_endpoint") is not None and not is_safe(found["userinfo_endpoint"], self.issuer):
            raise AwayError("userinfo_endpoint")
        self._about = (time.monotonic(), found)
        return found

    def _key_set(self, *, anew: bool = False) -> "jwk.KeySet":
        """The provider's public keys; those of a moment ago, unless one is missing among them."""
        if self._keys is not None:
            age = time.monotonic() - self._keys[0]
            if age < (ASKED_AGAIN if anew else KEPT_FOR):
                return self._keys[1]
        try:
            keys = jwk.KeySet.import_key_set(self._fetch(self._read_about()["jwks_uri"]))  # type: ignore[arg-type]
        except (jose_errors.JoseError, ValueError, TypeError, KeyError) as error:
            raise AwayError(type(error).__name__) from None
        self._keys = (time.monotonic(), keys)
        return keys

    def _fetch(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """A small JSON object. No redirect is followed."""
        try:
            with httpx2.Client(timeout=SECONDS) as client, client.stream("GET", address, headers=headers) as answer:
                if answer.status_code != httpx2.codes.OK:
                    raise AwayError(str(answer.status_code))
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise AwayError("too large")
            found = json.loads(body)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise AwayError(type(error).__name__) from None
        except (ValueError, RecursionError):
            raise AwayError("no JSON") from None
        if not isinstance(found, dict):
            raise AwayError("no object")
        return found

    # ---- what it says of a person ----

    def _client(self, back: str, method: str = "client_secret_basic") -> "httpx_client.OAuth2Client":
        return httpx_client.OAuth2Client(
            self.client_id,
            self._secret,
            token_endpoint_auth_method=method,
            scope="openid email",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=SECONDS,
        )

    def _claims(self, token: dict[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        """The claims of the token, its signature and everything else in it checked."""
        text = token["id_token"]
        try:
            read = jwt.decode(text, self._key_set(), algorithms=ALGORITHMS)
        except jose_errors.InvalidKeyIdError:  # the provider has changed its keys
            read = jwt.decode(text, self._key_set(anew=True), algorithms=ALGORITHMS)
        wanted: Any = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }
        checked = oidc.CodeIDToken(read.claims, read.header, wanted, {"nonce": nonce, "client_id": self.client_id, **_access(token)})
        checked.validate(now=int(now.timestamp()), leeway=LEEWAY)
        return dict(checked)

    def _more(self, address: str, token: str, subject: str) -> dict[str, Any]:
        """What the token leaves out, if it is of the same person."""
        found = self._fetch(address, {"Authorization": f"Bearer {token}"})
        if found.get("sub") != subject:
            raise RefusedError("userinfo")
        return {name: found[name] for name in ("email", "email_verified", "xms_edov") if name in found}

    def _checked_email(self, claims: dict[str, Any]) -> str | None:
        """The address, where the provider has checked that it is this person's. Microsoft says so in a claim of its own."""
        checked = claims.get("email_verified") in (True, "true")
        if urlsplit(self.issuer).hostname == MICROSOFT:
            checked = checked or claims.get("xms_edov") in (True, 1, "1", "true")
        email = claims.get("email")
        return email.strip().lower() if checked and isinstance(email, str) and "@" in email else None


def _access(token: dict[str, Any]) -> dict[str, Any]:
    return {"access_token": token["access_token"]} if "access_token" in token else {}


def is_safe(address: object, issuer: str) -> bool:
    """Whether an address of the provider is spoken to safely: by TLS, unless the provider is on this machine and is tried out."""
    if not isinstance(address, str):
        return False
    try:
        parts, own = urlsplit(address), urlsplit(issuer)
    except ValueError:
        return False
    if parts.scheme == "https" and parts.hostname:
        return True
    return parts.scheme == "http" and parts.hostname in LOOPBACK and own.hostname in LOOPBACK and own.scheme == "http"
