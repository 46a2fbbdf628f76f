"""The tables of asset transfers, and what may be sent of one."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables import (
    APPEND_ONLY,
    Day,
    Input,
    IsoDay,
    Line,
    Moment,
    Paragraph,
    Words,
    new_id,
    of_collaboration,
    of_same,
    word_type,
)

MOST_PEOPLE = 10_000_000
"""People of one group; more is a slip of the finger."""


class Standing(StrEnum):
    """How far a transfer has come."""

    PROPOSED = "proposed"
    CHECKS_DONE = "checks_done"
    TRANSFERRED = "transferred"
    REVIEWED = "reviewed"
    KEPT = "kept"
    HANDED_BACK = "handed_back"


class AssetTransfer(SQLModel, table=True):
    """A place or thing that a community organisation takes over: with a plan of how it will cope, and a day to look at it again."""

    __tablename__ = "asset_transfer"
    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "organisation_id"),
        of_same("area", "area_id"),
        CheckConstraint("standing = 'proposed' or plan is not null", name="planned"),
        CheckConstraint("standing in ('proposed', 'checks_done') or (moved_on is not null and review_on is not null)", name="dated"),
        CheckConstraint("moved_on is null or review_on is null or review_on > moved_on", name="reviewed_later"),
        Index(None, "collaboration_id", "standing"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    asset: str = Field(max_length=200)
    about: str | None = Field(default=None, sa_type=Text)
    organisation_id: UUID
    area_id: UUID | None = None
    plan: str | None = Field(default=None, sa_type=Text)
    planned_on: date | None = Field(default=None, sa_type=Day)
    moved_on: date | None = Field(default=None, sa_type=Day)
    review_on: date | None = Field(default=None, sa_type=Day)
    standing: Standing = Field(default=Standing.PROPOSED, sa_type=word_type(Standing))
    added_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)


class AssetAccess(SQLModel, table=True):
    """How many people of a group could use it, before and after. Counts of people: shown only as `disclosure` lets them."""

    __tablename__ = "asset_access"
    __table_args__ = (
        of_collaboration(),
        of_same("asset_transfer", "transfer_id"),
        UniqueConstraint("collaboration_id", "transfer_id", "people"),
        CheckConstraint("before >= 0 and (after is null or after >= 0)", name="counted"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    transfer_id: UUID
    people: str = Field(max_length=200)
    before: int
    after: int | None = None


class AssetMove(SQLModel, table=True):
    """What was said or done about a transfer, in order. Append-only: it is its history. Who did it is for the journal alone."""

    __tablename__ = "asset_move"
    __table_args__ = (
        of_collaboration(),
        of_same("asset_transfer", "transfer_id"),
        Index(None, "collaboration_id", "transfer_id"),
        APPEND_ONLY,
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    transfer_id: UUID
    standing: Standing = Field(sa_type=word_type(Standing))
    note: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Moment)


# ---- what may be sent ------------------------------------------------------------------------------------------------


class TransferIn(Input):
    """A transfer as it is proposed. `organisation` is the code of whoever takes it over, `area` that of an area."""

    asset: Line
    organisation: str
    about: Paragraph | None = None
    area: str | None = None
    planned_on: IsoDay | None = None


class AccessIn(Input):
    """How many people of a group use it, or could: counted before it moves, and again after."""

    people: Line
    before: Annotated[int, Limit(ge=0, le=MOST_PEOPLE)] | None = None
    after: Annotated[int, Limit(ge=0, le=MOST_PEOPLE)] | None = None


class MoveIn(Input):
    """What became of it. Without `to` it is a note on the way."""

    note: Annotated[Paragraph, Limit(min_length=1)]
    to: Standing | None = None
    plan: Words | None = None
    moved_on: IsoDay | None = None
    review_on: IsoDay | None = None
