"""The tables of files that staff bring in: each file, what was found in it, what was mended in it, and maps under a name."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from service.tables import Json, Moment, new_id, of_collaboration, of_same, word_type

MOST_FOUND = 200
"""Things found in one file that are kept one by one; the rest are counted."""

MOST_ROWS = 1_000
"""Rows of one thing found that are mended together."""

MOST_MAPS = 100
"""Maps that one place keeps."""


MOST_OF_A_NAME = 60


class Stage(StrEnum):
    """How far a file has come."""

    SENT = "sent"
    CHECKING = "checking"
    CHECKED = "checked"
    TAKING = "taking"
    TAKEN = "taken"
    FAILED = "failed"


AT_WORK = (Stage.CHECKING, Stage.TAKING)
"""The stages in which the service works on it, and nobody changes it."""


class Choice(StrEnum):
    """What becomes of a row that says something else than what stands here."""

    CORRECT = "correct"
    LEAVE = "leave"


class Intake(SQLModel, table=True):
    """A file that somebody brings in. The file itself is `name` under `var/imports`, until it was taken in or a week is over.

    `written` is its map, as a map's file would say it. While it is worked on `leased_until` says how long that is somebody's work.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "organisation_id"),
        CheckConstraint("stage <> 'taken' or finished_at is not null", name="taken_dated"),
        Index(None, "collaboration_id", "made_at"),
        Index(None, "stage"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    organisation_id: UUID | None = None
    kind: str = Field(max_length=20)
    file_name: str = Field(max_length=120)
    name: str | None = Field(default=None, max_length=40)
    size: int
    encoding: str = Field(max_length=20)
    written: Any = Field(default=None, sa_type=Json, nullable=True)
    language: str = Field(default="en", max_length=12)
    stage: Stage = Field(default=Stage.SENT, sa_type=word_type(Stage))
    percent: int = 0
    received: int = 0
    created: int = 0
    corrected: int = 0
    unchanged: int = 0
    left: int = 0
    refused: int = 0
    differing: int = 0
    choice: Choice | None = Field(default=None, sa_type=word_type(Choice))
    otherwise: Any = Field(default=None, sa_type=Json, nullable=True)
    reason: str | None = Field(default=None, max_length=300)
    fault: str | None = Field(default=None, sa_type=Text)
    lease: UUID | None = Field(default=None, sa_type=Uuid)
    leased_until: datetime | None = Field(default=None, sa_type=Moment)
    made_by: UUID = Field(sa_column_args=(ForeignKey("staff.id"),), sa_type=Uuid)
    made_at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)


class Finding(SQLModel, table=True):
    """Something found in a file: rows that are refused for one reason with one value, or a row that says something else than we do.

    `sheet_column` is where it stands in the file, empty where that is no single column.
    """

    __tablename__ = "intake_finding"
    __table_args__ = (of_collaboration(), of_same("intake", "intake_id"), Index(None, "collaboration_id", "intake_id", "number"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    intake_id: UUID
    number: int
    differs: bool = False
    field: str = Field(max_length=80)
    sheet_column: str = Field(default="", sa_type=Text)
    cell: str = Field(default="", sa_type=Text)
    message: str = Field(default="", sa_type=Text)
    stands: str = Field(default="", sa_type=Text)
    about: str = Field(default="", sa_type=Text)
    count: int = 1
    rows: Any = Field(sa_type=Json)
    made_at: datetime = Field(sa_type=Moment)


class Mending(SQLModel, table=True):
    """A cell as somebody corrected it for this import: in these rows, or, without rows, wherever the column holds `was`."""

    __tablename__ = "intake_mending"
    __table_args__ = (of_collaboration(), of_same("intake", "intake_id"), Index(None, "collaboration_id", "intake_id"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    intake_id: UUID
    sheet_column: str = Field(sa_type=Text)
    was: str = Field(sa_type=Text)
    cell: str = Field(sa_type=Text)
    rows: Any = Field(default=None, sa_type=Json, nullable=True)
    made_at: datetime = Field(sa_type=Moment)


class KeptMap(SQLModel, table=True):
    """A map that a place keeps under a name, as its file would say it."""

    __tablename__ = "intake_map"
    __table_args__ = (of_collaboration(), UniqueConstraint("collaboration_id", "name"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    name: str = Field(max_length=MOST_OF_A_NAME)
    kind: str = Field(max_length=20)
    written: Any = Field(sa_type=Json)
    made_by: UUID = Field(sa_column_args=(ForeignKey("staff.id"),), sa_type=Uuid)
    made_at: datetime = Field(sa_type=Moment)


# ---- on the way in ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that lies on the disk: the name of its folder, what it is called, how large it is, and how its letters were written."""

    name: str
    file_name: str
    size: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Mended:
    """What somebody wrote in the place of a cell: the thing found, and the cell as it should be."""

    finding: UUID
    cell: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of rows that say something else than what stands here: all alike, but for these row numbers; and why."""

    choice: Choice | None
    reason: str | None
    otherwise: dict[str, Choice]
