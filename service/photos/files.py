"""The files of photos: random names under `var/media`, whole or not at all, gone with their rows."""

import hashlib
import os
import secrets
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import select

from service.database import ReadSession, WriteSession, afterwards, folder_of
from service.photos.models import Filed, Photo, Picture

FOLDER = "media"
LEFT_ALONE = timedelta(hours=1)
"""A file without a row may be one that is just being stored, so long."""


def folder_in(var: Path) -> Path:
    """Where the photos of this installation are."""
    return var / FOLDER


def file_away(var: Path, pictures: Iterable[Picture]) -> list[Filed]:
    """Writes pictures to the disk, before any row names them: what a crash leaves is a file that the sweep takes away."""
    folder, filed = folder_in(var), []
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for picture in pictures:
        name = f"{secrets.token_hex(16)}.jpg"
        part = folder / f".{name}.part"
        part.touch(mode=0o600, exist_ok=False)
        with part.open("wb") as file:
            file.write(picture.content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / name)
        digest = hashlib.sha256(picture.content).hexdigest()
        filed.append(Filed(name, digest, len(picture.content), picture.width, picture.height))
    if filed:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return filed


def throw_away(var: Path, names: Iterable[str]) -> None:
    """Takes files away. One that is gone already is as well."""
    for name in names:
        with suppress(OSError):  # the sweep tries again
            (folder_in(var) / name).unlink(missing_ok=True)


def throw_away_after(writes: WriteSession, names: list[str]) -> None:
    """Takes files away as soon as the transaction that let their rows go is over, and not before."""
    var = folder_of(writes)
    if names and var is not None:
        afterwards(writes, lambda: throw_away(var, names))


def read_file(var: Path, photo: Photo) -> bytes | None:
    """The picture; None where its file is gone or is not what was stored."""
    try:
        content = (folder_in(var) / photo.name).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == photo.digest else None


def sweep(reads: ReadSession, var: Path, now: datetime) -> int:
    """Takes away files that no row names: of requests that were refused or broke off, or that came back with an older copy."""
    known, gone = set(reads.exec(select(Photo.name))), 0
    for path in _files(var):
        with suppress(OSError):
            if path.name not in known and path.stat().st_mtime < (now - LEFT_ALONE).timestamp():
                path.unlink()
                gone += 1
    return gone


def pack(var: Path, target: Path) -> None:
    """All photos in one archive, to be unpacked where the folder `media` stands. One that goes meanwhile is left out."""
    with tarfile.open(target, "w") as archive:
        for path in _files(var):
            if not path.name.startswith("."):
                with suppress(FileNotFoundError):
                    archive.add(path, f"{FOLDER}/{path.name}")


def differences(reads: ReadSession, var: Path) -> list[str]:
    """A sentence for every photo whose file is missing or is another."""
    photos = reads.exec(select(Photo).order_by(Photo.name))
    return [f"photo {photo.id}: its file {photo.name} is missing or damaged" for photo in photos if read_file(var, photo) is None]


def _files(var: Path) -> Iterator[Path]:
    folder = folder_in(var)
    return iter(sorted(folder.iterdir())) if folder.is_dir() else iter(())
