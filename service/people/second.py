"""The second step of administrators: what shows once more who somebody is. The only module that knows the library of codes.

A passkey that knew its owner shows both at once. An app shows a code every half minute (RFC 6238, PyPI `pyotp`); ten recovery
codes stand in for it. A recovery code is worked out from its row's id under the server key: 50 bits, stored nowhere.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from cryptography.fernet import InvalidToken
from pyotp.exceptions import OTPVerificationError
from sqlmodel import col, func, select

from service.database import ReadSession
from service.errors import Conflict, NeedsSecondStep, NotFound
from service.language import _
from service.people import rules
from service.people.models import AuthenticatorApp, Passkey, RecoveryCode, SignedIn
from service.server_keys import ServerKey, ServerKeys

ISSUER = "Said & Done"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Means:
    """With what a person can show once more who they are."""

    app: bool
    passkeys: int
    codes: int = 0
    """Recovery codes that were not used yet."""

    @property
    def count(self) -> int:
        return self.passkeys + self.app


def means_of(reads: ReadSession, staff_id: UUID) -> Means:
    """What this person has set up."""
    app = select(AuthenticatorApp.id).where(AuthenticatorApp.staff_id == staff_id, col(AuthenticatorApp.confirmed_at).is_not(None))
    passkeys = select(func.count()).select_from(Passkey).where(Passkey.staff_id == staff_id)
    codes = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.staff_id == staff_id, col(RecoveryCode.used_at).is_(None))
    return Means(reads.exec(app).first() is not None, reads.exec(passkeys).one(), reads.exec(codes).one())


def may_change(person: SignedIn, means: Means) -> None:
    """Whoever is half-way may set up a first means, and no other one beside it. Raises: NeedsSecondStep."""
    if not person.is_through and means.count:
        raise NeedsSecondStep


def keep_one(person: SignedIn, means: Means) -> None:
    """An administrator keeps at least one. Raises: Conflict."""
    if person.is_admin and means.count <= 1:
        raise Conflict(_("You are an administrator, and this is your only second step. Add another one first."))


# ---- the app ---------------------------------------------------------------------------------------------------------


def new_secret() -> str:
    """What an app will share with us: 32 letters and digits, 160 bits."""
    return pyotp.random_base32()


def address_of(secret: str, person: SignedIn) -> str:
    """What the camera of an app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=ISSUER)


def find_app(reads: ReadSession, staff_id: UUID) -> AuthenticatorApp | None:
    """A person's app, whether or not it has shown its first code."""
    return reads.exec(select(AuthenticatorApp).where(AuthenticatorApp.staff_id == staff_id)).first()


def secret_of(keys: ServerKeys, app: AuthenticatorApp) -> str:
    """What this app shares with us. Raises: NotFound where the key that sealed it is gone."""
    key = keys.version(app.key_version)
    try:
        return key.apps.decrypt(app.sealed.encode()).decode() if key else _gone()
    except InvalidToken:
        return _gone()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute for which this code is right: the present one, the one before or the one after; None for a wrong code."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=1)
    except OTPVerificationError:
        return None


# ---- the codes that stand in for it ----------------------------------------------------------------------------------


def code_of(key: ServerKey, row_id: UUID) -> str:
    """The recovery code of a row."""
    return "".join(LETTERS[byte & 31] for byte in hmac.digest(key.recovery, row_id.bytes, "sha256")[:CODE_LETTERS])


def find_codes_to_show(reads: ReadSession, keys: ServerKeys, person: SignedIn, now: datetime) -> list[str]:
    """Fresh recovery codes, in two halves each, for as long as their owner has not said that they have them."""
    fresh = select(RecoveryCode).where(
        RecoveryCode.staff_id == person.staff_id, col(RecoveryCode.seen_at).is_(None), RecoveryCode.made_at > now - rules.TO_WRITE_DOWN
    )
    rows = reads.exec(fresh.order_by(col(RecoveryCode.id))).all()
    codes = [code_of(key, row.id) for row in rows if (key := keys.version(row.key_version))]
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def matching_code(reads: ReadSession, keys: ServerKeys, staff_id: UUID, code: str) -> RecoveryCode | None:
    """The unused row whose code was typed. Each is worked out and compared, whichever it is."""
    rows = reads.exec(select(RecoveryCode).where(RecoveryCode.staff_id == staff_id, col(RecoveryCode.used_at).is_(None)))
    right = [row for row in rows if (key := keys.version(row.key_version)) and hmac.compare_digest(code_of(key, row.id), code)]
    return right[0] if right else None


def read_code(typed: str) -> str:
    """A code as it is compared: capitals without spaces and hyphens; I and L read as 1, O as 0."""
    plain = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    return plain if plain.isdigit() else plain.translate(str.maketrans("ILO", "110"))


def _gone() -> str:
    raise NotFound
