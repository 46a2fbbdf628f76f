"""What feedback asks of photos: to file them before a message is stored, to name them with it, to let them go."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlmodel import col

from service.database import ReadSession, WriteSession
from service.errors import Conflict, Invalid
from service.photos import files
from service.photos.models import Filed, Photo, Picture, Stage
from service.tables import new_id

_photo = Photo.__table__  # type: ignore[attr-defined]


class Arrived(Protocol):
    """A message that was stored just now, with the files of its photos."""

    collaboration_id: str
    id: str
    photos: Sequence[Filed]


def digest_of(made: Sequence[Picture]) -> bytes:
    """What tells these photos from others, for the idempotency key: of the files as they were sent."""
    return hashlib.sha256(b"".join(picture.sent for picture in made)).digest() if made else b""


@asynccontextmanager
async def filed(var: Path | None, made: Sequence[Picture]) -> AsyncIterator[list[Filed]]:
    """The photos as files. Whoever finds in the block that no row names them empties the list; a refusal does so by itself.

    Where nobody knows whether a row names them they stay: the sweep finds out.
    """
    if not made:
        yield []
        return
    if var is None:
        raise RuntimeError("nobody said where photos are kept")
    written = await asyncio.to_thread(files.file_away, var, made)
    names, kept = {one.name for one in written}, list(written)
    try:
        yield kept
    except (Invalid, Conflict):
        kept.clear()
        raise
    finally:
        await asyncio.to_thread(files.throw_away, var, names - {one.name for one in kept})


def keep_photos(writes: WriteSession, stored: Sequence[Arrived]) -> None:
    """Names the photos of messages that were stored just now."""
    rows = [
        {
            "collaboration_id": UUID(one.collaboration_id),
            "id": new_id(),
            "public_id": uuid4(),
            "feedback_id": UUID(one.id),
            "number": number,
            "name": photo.name,
            "digest": photo.digest,
            "size": photo.size,
            "width": photo.width,
            "height": photo.height,
            "stage": Stage.WAITING,
        }
        for one in stored
        for number, photo in enumerate(one.photos, start=1)
    ]
    if rows:
        writes.execute(insert(_photo), rows)


def sweep_files(reads: ReadSession, var: Path, now: datetime) -> int:
    """Takes away files that no photo has any more, or never had; answers how many."""
    return files.sweep(reads, var, now)


def let_files_go(writes: WriteSession, place_id: UUID, message_ids: Sequence[UUID]) -> None:
    """The files of these messages' photos go when this transaction is over; called before their rows are taken out."""
    theirs = (col(Photo.collaboration_id) == place_id, col(Photo.feedback_id).in_(message_ids))
    files.throw_away_after(writes, list(writes.execute(select(col(Photo.name)).where(*theirs)).scalars()))
