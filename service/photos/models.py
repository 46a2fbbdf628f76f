"""The table of photos, and what a photo is on its way in and out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from service.places.models import Out
from service.tables import Input, Moment, Sentence, new_id, of_collaboration, of_same, word_type

MOST_PHOTOS = 3
"""With one message."""


class Stage(StrEnum):
    """Whether everybody may see a photo, as far as the photo goes; its message has to be public as well."""

    WAITING = "waiting"
    SHOWN = "shown"
    NOT_SHOWN = "not_shown"


class Photo(SQLModel, table=True):
    """One photo of a message. The picture itself is the file `name` under `var/media`; `digest` is that file's SHA-256.

    `alt` says in words what is on it: nobody shows a photo without. Taken back with its message, row and file go.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        UniqueConstraint("collaboration_id", "public_id"),
        UniqueConstraint("name"),
        CheckConstraint("stage <> 'shown' or alt is not null", name="shown_in_words"),
        CheckConstraint("(stage = 'waiting') = (decided_at is null)", name="decided_dated"),
        Index(None, "collaboration_id", "feedback_id", "number"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    public_id: UUID = Field(default_factory=uuid4)
    feedback_id: UUID
    number: int
    name: str = Field(max_length=40)
    digest: str = Field(max_length=64)
    size: int
    width: int
    height: int
    stage: Stage = Field(default=Stage.WAITING, sa_type=word_type(Stage))
    alt: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: UUID | None = Field(default=None, sa_column_args=(ForeignKey("staff.id"),), sa_type=Uuid)


# ---- on the way in ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo made anew: nothing of what the camera wrote beside it is left. `sent` is the SHA-256 of what was sent."""

    content: bytes
    width: int
    height: int
    sent: bytes


@dataclass(frozen=True, slots=True)
class Filed:
    """A picture whose file is on the disk."""

    name: str
    digest: str
    size: int
    width: int
    height: int


# ---- on the way out --------------------------------------------------------------------------------------------------


class PhotoOut(Out):
    """A photo that everybody may see, and what is on it in words; at `/{c}/photos/{id}`."""

    id: UUID
    alt: str
    width: int
    height: int


class ShowIn(Input):
    """What is on a photo, for those who cannot see it."""

    alt: Sentence
