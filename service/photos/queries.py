"""Asking about photos: those of one message for staff who may read it, those that everybody may see."""

from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, select

from service.database import ReadSession
from service.errors import NotFound
from service.feedback.desk_queries import get_message_row
from service.feedback.models import Feedback, Publication, Share
from service.feedback.rules import may_decide
from service.people.models import Member
from service.photos.files import read_file
from service.photos.models import Photo, PhotoOut, Stage
from service.photos.pictures import small


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo as staff see it beside its message. `offered`: whoever sent it lets others see it."""

    id: UUID
    number: int
    width: int
    height: int
    stage: Stage
    alt: str | None
    offered: bool
    may_decide: bool


def find_photos(reads: ReadSession, member: Member, message_id: UUID) -> list[PhotoRow]:
    """The photos of a message, in their order. Raises: NotFound where this member may not read it."""
    message = get_message_row(reads, member, message_id)
    deciding = may_decide(member.grants, message.organisation_id) and message.lane is None
    offered = message.share == Share.WORDS_PUBLIC
    photos = reads.exec(select(Photo).where(*_of(message)).order_by(col(Photo.number)))
    return [
        PhotoRow(one.id, one.number, one.width, one.height, one.stage, one.alt, offered, may_decide=deciding and offered) for one in photos
    ]


def get_photo(reads: ReadSession, member: Member, message_id: UUID, photo_id: UUID) -> Photo:
    """One photo of a message. Raises: NotFound where this member may not read the message, or it has no such photo."""
    message = get_message_row(reads, member, message_id)
    found = reads.exec(select(Photo).where(*_of(message), col(Photo.id) == photo_id)).first()
    if found is None:
        raise NotFound
    return found


def _of(message: Feedback) -> tuple[ColumnElement[bool], ...]:
    return col(Photo.collaboration_id) == message.collaboration_id, col(Photo.feedback_id) == message.id


# ---- for whoever sent them -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnPhoto:
    """A photo for whoever sent it: who can see it, and, where they asked for it, the picture itself as it stands in the page."""

    number: int
    seen: Literal["everybody", "waiting", "team", "left_out"]
    picture: str | None = None


def find_own(reads: ReadSession, message: Feedback, *, var: Path | None = None) -> list[OwnPhoto]:
    """The photos of a message that its code opened; with `var`, where the files are, small pictures of them as well.

    They stand in the page itself: no address shows one to whoever has no code.
    """
    photos = reads.exec(select(Photo).where(*_of(message)).order_by(col(Photo.number)))
    return [OwnPhoto(one.number, _seen(one, message), _in_page(var, one) if var else None) for one in photos]


def _seen(photo: Photo, message: Feedback) -> Literal["everybody", "waiting", "team", "left_out"]:
    if message.share != Share.WORDS_PUBLIC:
        return "team"
    if photo.stage == Stage.NOT_SHOWN or message.publication == Publication.WITHHELD:
        return "left_out"
    return "everybody" if photo.stage == Stage.SHOWN and message.publication == Publication.PUBLISHED else "waiting"


def _in_page(var: Path, photo: Photo) -> str | None:
    content = read_file(var, photo)
    return f"data:image/jpeg;base64,{b64encode(small(content)).decode()}" if content else None


# ---- for everybody ---------------------------------------------------------------------------------------------------


def get_shown(reads: ReadSession, published: ColumnElement[bool], place_id: UUID, public_id: UUID) -> Photo:
    """A photo that everybody may see, of a message that is `published`. Raises: NotFound."""
    query = select(Photo).join(Feedback, _same()).where(published, *_shown(place_id), col(Photo.public_id) == public_id)
    found = reads.exec(query).first()
    if found is None:
        raise NotFound
    return found


def find_shown(reads: ReadSession, place_id: UUID, messages: Collection[UUID]) -> dict[UUID, list[PhotoOut]]:
    """What everybody may see of messages that everybody may read, by the message's public id; it asks nothing of the messages."""
    if not messages:
        return {}
    query = select(Photo, Feedback.public_id).join(Feedback, _same()).where(*_shown(place_id), col(Feedback.public_id).in_(messages))
    found: dict[UUID, list[PhotoOut]] = {}
    for photo, message in reads.exec(query.order_by(col(Photo.number))):
        out = PhotoOut(id=photo.public_id, alt=photo.alt or "", width=photo.width, height=photo.height)
        found.setdefault(message, []).append(out)
    return found


def _same() -> ColumnElement[bool]:
    return and_(col(Feedback.collaboration_id) == Photo.collaboration_id, col(Feedback.id) == Photo.feedback_id)


def _shown(place_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return col(Photo.collaboration_id) == place_id, col(Photo.stage) == Stage.SHOWN
