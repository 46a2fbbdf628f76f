"""Doing: deciding about each photo of a message, and taking one back with the code."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback.desk_queries import get_message_row
from service.feedback.models import Feedback, Share
from service.feedback.queries import get_by_code
from service.feedback.rules import may_decide
from service.journal.actions import RESIDENT, record
from service.language import _
from service.people.models import Member
from service.photos.models import Photo, Stage
from service.photos.removal import take_back
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys
from service.tombstones import Why


def show_photo(writes: WriteSession, member: Member, message_id: UUID, photo_id: UUID, alt: str, now: datetime) -> bool:
    """Lets everybody see a photo, for as long as its message is public; answers whether that was news.

    Raises: NotFound, Refused, Conflict where its sender did not offer it, Invalid without words for those who cannot see it.
    """
    message, photo = _to_decide(writes, member, message_id, photo_id)
    if not alt.strip():
        raise Invalid(FieldError(f"alt-{photo.number}", _("Say in words what is on the photo, for those who cannot see it.")))
    if message.share != Share.WORDS_PUBLIC:
        raise Conflict(_("These words were not offered to everybody, so they are not shown."))
    if (photo.stage, photo.alt) == (Stage.SHOWN, alt.strip()):
        return False
    photo.stage, photo.alt = Stage.SHOWN, alt.strip()
    _decided(writes, member, photo, "shown", now)
    return True


def hide_photo(writes: WriteSession, member: Member, message_id: UUID, photo_id: UUID, now: datetime) -> bool:
    """Shows a photo to nobody but the team; answers whether that was news. Raises: NotFound, Refused."""
    _message, photo = _to_decide(writes, member, message_id, photo_id)
    if photo.stage == Stage.NOT_SHOWN:
        return False
    photo.stage = Stage.NOT_SHOWN
    _decided(writes, member, photo, "withheld", now)
    return True


def take_photo_back(writes: WriteSession, keys: ServerKeys, place: PlaceCard, code: str, number: int, now: datetime) -> bool:
    """Takes one photo of the message that a code opens out for good; answers whether it was there. Raises: NotFound."""
    message = get_by_code(writes, keys, place, code, held=True)
    theirs = (col(Photo.collaboration_id) == place.id, col(Photo.feedback_id) == message.id)
    photo = writes.exec(select(Photo).where(*theirs, col(Photo.number) == number)).first()
    if photo is None:
        return False
    take_back(writes, RESIDENT, photo, Why.TAKEN_BACK, now)
    return True


def _to_decide(writes: WriteSession, member: Member, message_id: UUID, photo_id: UUID) -> tuple[Feedback, Photo]:
    message = get_message_row(writes, member, message_id, held=True)
    if not may_decide(member.grants, message.organisation_id):
        raise Refused(_("A coordinator or moderator for the whole place decides this, and nobody of the organisation that it is with."))
    if message.lane is not None:
        raise Conflict(_("It stands apart, so nobody else may read it."))
    theirs = (col(Photo.collaboration_id) == message.collaboration_id, col(Photo.feedback_id) == message.id)
    photo = writes.exec(select(Photo).where(*theirs, col(Photo.id) == photo_id)).first()
    if photo is None:
        raise NotFound
    return message, photo


def _decided(writes: WriteSession, member: Member, photo: Photo, verb: str, now: datetime) -> None:
    photo.decided_at, photo.decided_by = now, member.person.staff_id
    writes.add(photo)
    writes.flush()
    record(writes, member.actor, verb, "photo", photo.id, at=now, collaboration_id=member.place.id, fields=["stage"])
