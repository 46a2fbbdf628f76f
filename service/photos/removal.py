"""Taking one photo out while its message stays."""

from datetime import datetime

from service import tombstones
from service.database import WriteSession
from service.journal.actions import Actor, record
from service.photos.files import throw_away_after
from service.photos.models import Photo
from service.tombstones import Gone, Why


def take_back(writes: WriteSession, actor: Actor, photo: Photo, why: Why, now: datetime) -> None:
    """Row and file go for good. A tombstone takes them out again after an older backup is restored."""
    place_id, photo_id = photo.collaboration_id, photo.id
    throw_away_after(writes, [photo.name])
    writes.delete(photo)
    writes.flush()
    tombstones.leave(writes, actor, Gone.PHOTO, photo_id, why, at=now, collaboration_id=place_id)
    record(writes, actor, "taken_back", "photo", photo_id, at=now, collaboration_id=place_id)
