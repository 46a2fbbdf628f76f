"""The server's own keys: what turns an idempotency key into a receipt code, and a code into what is stored.

Kept as files in `var/keys`, one per version, mode 0600, never in the database. Rotation adds a version; every kept
version still opens the codes it made. Losing the files ends all codes: they belong in a backup of their own.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlmodel import Field, SQLModel, select

from service.database import WriteSession
from service.journal.actions import OPERATOR, record
from service.tables import Moment, new_id

KEY_BYTES = 32
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RESTORE = "Restore var/keys from its backup: without it no code that was given opens anything."
FILE_NAME = re.compile(r"^server-(\d{4})\.key$")


class KnownKey(SQLModel, table=True):
    """A version of the server key that made codes in this database: its fingerprint, never the key."""

    __tablename__ = "server_key"

    id: UUID = Field(primary_key=True, default_factory=new_id)
    version: int = Field(unique=True)
    fingerprint: str = Field(max_length=64)
    first_used_at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True)
class ServerKey:
    """One version of the server's key. Each use has a key of its own, derived from it."""

    version: int
    secret: bytes

    def _for(self, use: bytes) -> bytes:
        return hmac.digest(self.secret, b"said-and-done " + use, "sha256")

    @cached_property
    def receipts(self) -> bytes:
        return self._for(b"receipts")

    @cached_property
    def stored(self) -> bytes:
        return self._for(b"stored receipts")

    @cached_property
    def bodies(self) -> bytes:
        return self._for(b"bodies")

    @cached_property
    def tokens(self) -> bytes:
        return self._for(b"page tokens")

    @cached_property
    def contacts(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._for(b"contacts")))

    @cached_property
    def apps(self) -> Fernet:
        """Seals what an authenticator app shares with us."""
        return Fernet(base64.urlsafe_b64encode(self._for(b"authenticator apps")))

    @cached_property
    def webhooks(self) -> Fernet:
        """Seals the secrets with which webhooks are signed."""
        return Fernet(base64.urlsafe_b64encode(self._for(b"webhooks")))

    @cached_property
    def push(self) -> ec.EllipticCurvePrivateKey:
        """With this the service says to a push service who it is (VAPID, RFC 8292)."""
        number = int.from_bytes(hmac.digest(self.secret, b"said-and-done push", "sha512"), "big")
        return ec.derive_private_key(number % (P256_ORDER - 1) + 1, ec.SECP256R1())

    @cached_property
    def recovery(self) -> bytes:
        return self._for(b"recovery codes")

    @cached_property
    def originals(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._for(b"originals")))

    @property
    def fingerprint(self) -> str:
        """What the database remembers of the key, to notice when the files are another service's."""
        return hashlib.sha256(b"fingerprint " + self.secret).hexdigest()


class ServerKeys:
    """Every kept version, newest first."""

    def __init__(self, keys: list[ServerKey]) -> None:
        self._keys = sorted(keys, key=lambda key: -key.version)

    def __iter__(self) -> Iterator[ServerKey]:
        return iter(self._keys)

    @property
    def current(self) -> ServerKey:
        return self._keys[0]

    def version(self, number: int) -> ServerKey | None:
        """The key of this version, or None when it is gone."""
        return next((key for key in self._keys if key.version == number), None)


def load_or_make(folder: Path) -> ServerKeys:
    """The keys in this folder; at the very first run, a new one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _files(folder):
        _write(folder, 1)
    return ServerKeys([_read(folder, version) for version in _files(folder)])


def rotate(folder: Path) -> ServerKeys:
    """Adds a version, which from now on makes the codes. A running service takes it up when it starts again."""
    _write(folder, max(_files(folder), default=0) + 1)
    return load_or_make(folder)


# ---- sealed, for a backup --------------------------------------------------------------------------------------------

SEAL = b"said-keys-1"
SALT_BYTES = 16


def seal(folder: Path, passphrase: str) -> bytes:
    """All kept versions, encrypted under a passphrase. Raises: RuntimeError where there is none."""
    versions = _files(folder) if folder.is_dir() else []
    if not versions:
        raise RuntimeError(f"There are no server keys in {folder}.")
    salt = secrets.token_bytes(SALT_BYTES)
    inside = {str(version): base64.b64encode(_read(folder, version).secret).decode() for version in versions}
    return b"\n".join([SEAL, base64.b64encode(salt), _sealer(passphrase, salt).encrypt(json.dumps(inside).encode()), b""])


def unseal(folder: Path, sealed: bytes, passphrase: str) -> list[int]:
    """Puts sealed versions back where they are missing; answers which.

    Raises: RuntimeError, with nothing changed, for a wrong passphrase, for what is no sealed key, for another key in the place of one.
    """
    mark, _newline, rest = sealed.partition(b"\n")
    salt, _newline, token = rest.partition(b"\n")
    if mark != SEAL:
        raise RuntimeError("This file holds no sealed server keys.")
    try:
        inside = json.loads(_sealer(passphrase, base64.b64decode(salt, validate=True)).decrypt(token.strip()))
    except (InvalidToken, ValueError):
        raise RuntimeError("The passphrase is not the one that these keys were sealed with, or the file is damaged.") from None
    secrets_by_version = {int(version): base64.b64decode(text) for version, text in inside.items()}
    there = _files(folder) if folder.is_dir() else []
    for version, secret in secrets_by_version.items():
        if version in there and _read(folder, version).secret != secret:
            raise RuntimeError(f"{_path(folder, version)} is another key. Nothing was changed: move it away first, if it must go.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = sorted(set(secrets_by_version) - set(there))
    for version in missing:
        _write(folder, version, secrets_by_version[version])
    return missing


def _sealer(passphrase: str, salt: bytes) -> Fernet:
    """Source: scrypt as RFC 7914 has it; N = 2^17 takes 128 MiB and about half a second."""
    key = Scrypt(salt=salt, length=32, n=2**17, r=8, p=1).derive(unicodedata.normalize("NFC", passphrase).encode())
    return Fernet(base64.urlsafe_b64encode(key))


# ---- and the database that they belong to ----------------------------------------------------------------------------


def open_keys(writes: WriteSession, folder: Path, now: datetime) -> ServerKeys:
    """The keys for this database. A new one is made for a database that knows none; new versions are remembered.

    Raises: RuntimeError that says what to restore, before a code is made with another service's key or a key is missing.
    """
    known = {row.version: row.fingerprint for row in writes.exec(select(KnownKey))}
    present = _files(folder) if folder.is_dir() else []
    for version in known:
        if version not in present:
            raise RuntimeError(f"The server key {_path(Path(), version)} is missing. {RESTORE}")
    keys = load_or_make(folder)
    for key in keys:
        if key.version not in known:
            row = KnownKey(version=key.version, fingerprint=key.fingerprint, first_used_at=now)
            writes.add(row)
            writes.flush()
            record(writes, OPERATOR, "first_used", "server_key", row.id, at=now)
        elif key.fingerprint != known[key.version]:
            raise RuntimeError(f"The server key {_path(Path(), key.version)} is not the one this database was used with. {RESTORE}")
    return keys


def _files(folder: Path) -> list[int]:
    return sorted(int(found[1]) for file in folder.iterdir() if (found := FILE_NAME.match(file.name)))


def _path(folder: Path, version: int) -> Path:
    return folder / f"server-{version:04}.key"


def _read(folder: Path, version: int) -> ServerKey:
    secret = base64.b64decode(_path(folder, version).read_text())
    if len(secret) != KEY_BYTES:
        raise RuntimeError(f"The server key {_path(folder, version).name} is damaged: restore it from the backup of the keys.")
    return ServerKey(version, secret)


def _write(folder: Path, version: int, secret: bytes | None = None) -> None:
    """Whole or not at all, and never over a key that is there: two processes may start at once."""
    draft = folder / f".{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(base64.b64encode(secret or secrets.token_bytes(KEY_BYTES)).decode())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, _path(folder, version))
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder_descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(folder_descriptor)
    os.close(folder_descriptor)
