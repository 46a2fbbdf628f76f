"""What a passkey is asked and what it answers (WebAuthn). The only module that knows the library; it stores nothing.

Source: https://www.w3.org/TR/webauthn-2/, PyPI `webauthn`.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from service.later import later
from service.people.models import SignedIn

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import exceptions, structs
else:
    webauthn = later("webauthn")
    exceptions = later("webauthn.helpers.exceptions")
    structs = later("webauthn.helpers.structs")

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotValidError(Exception):
    """What came is no answer of a passkey, or not the right one."""


@dataclass(frozen=True, slots=True)
class Site:
    """For whom a passkey is made: it opens no other site."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Added:
    """What is kept of a new passkey."""

    credential_id: str
    public_key: str
    sign_count: int


def site_of(public_url: str, host: str) -> Site | None:
    """The site of this service. While it is tried out on one's own machine, the name in the address bar counts.

    None where browsers make no passkeys: at a bare number such as 127.0.0.1, where http://localhost does instead.
    """
    parts = urlsplit(public_url)
    if parts.hostname in LOOPBACK:
        return Site("localhost", f"http://{host}") if host.partition(":")[0] == "localhost" else None
    if parts.hostname is None or parts.scheme != "https":
        return None
    return Site(parts.hostname, f"https://{parts.netloc.rpartition('@')[2]}")


def hash_of_challenge(challenge: bytes) -> str:
    """What is kept of a challenge."""
    return hashlib.sha256(challenge).hexdigest()


def options_to_add(site: Site, person: SignedIn, challenge: bytes, *, known: Iterable[str]) -> str:
    """JSON for the browser that shall make a passkey. One that this person has already is not made twice."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.id,
            rp_name="Said & Done",
            user_id=person.staff_id.bytes,
            user_name=person.email,
            user_display_name=person.name,
            challenge=challenge,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED, user_verification=structs.UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=_bytes(one)) for one in known],
        )
    )


def options_to_sign_in(site: Site, challenge: bytes) -> str:
    """JSON for the browser that shall ask for a passkey: any of this site, so that no name is typed and none is given away."""
    required = structs.UserVerificationRequirement.REQUIRED
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(rp_id=site.id, challenge=challenge, user_verification=required)
    )


def challenge_in(credential: str) -> bytes:
    """The challenge that an answer says it answers. Raises: NotValidError."""
    try:
        client_data = json.loads(_bytes(json.loads(credential)["response"]["clientDataJSON"]))
        return _bytes(client_data["challenge"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotValidError from None


def credential_id_in(credential: str) -> str:
    """Which passkey an answer says it is. Raises: NotValidError."""
    try:
        return _text(_bytes(json.loads(credential)["rawId"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotValidError from None


def person_in(credential: str) -> UUID:
    """Whose an answer says it is. Raises: NotValidError."""
    try:
        return UUID(bytes=_bytes(json.loads(credential)["response"]["userHandle"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotValidError from None


def added(site: Site, credential: str, challenge: bytes) -> Added:
    """The new passkey in an answer to this challenge. Raises: NotValidError."""
    try:
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
        raise NotValidError from None
    return Added(_text(found.credential_id), _text(found.credential_public_key), found.sign_count)


def counted(site: Site, credential: str, challenge: bytes, public_key: str, sign_count: int) -> int:
    """The counter in a right answer to this challenge. Raises: NotValidError; a counter that goes back betrays a copied passkey."""
    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=_bytes(public_key),
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
        raise NotValidError from None
    return found.new_sign_count


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, UnicodeError) as error:
        raise ValueError from error


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
