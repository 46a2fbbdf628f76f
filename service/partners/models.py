"""Holders of keys, what they may do, where; and their keys, two live ones at most."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as Limit
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.journal.actions import Actor
from service.journal.models import ActorKind
from service.tables import Code, Json, Line, Moment, new_id, of_collaboration, of_same


class Scope(StrEnum):
    """What a key may do."""

    NARRATIVES_WRITE = "narratives:write"
    PROMISES_WRITE = "promises:write"
    OUTCOMES_WRITE = "outcomes:write"
    FEEDBACK_WRITE = "feedback:write"
    ACCOUNT_READ = "account:read"


class Holder(SQLModel, table=True):
    """A partner system. Its keys share one namespace of idempotency keys, so that a rotation doubles nothing."""

    id: UUID = Field(primary_key=True, default_factory=new_id)
    name: str = Field(unique=True, max_length=200)
    scopes: list[str] = Field(sa_type=Json)
    added_at: datetime = Field(sa_type=Moment)


class HolderPlace(SQLModel, table=True):
    """A collaboration that a holder may act in, and for which organisation."""

    __tablename__ = "holder_place"
    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "organisation_id"),
        UniqueConstraint("collaboration_id", "holder_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    holder_id: UUID = Field(foreign_key="holder.id")
    organisation_id: UUID | None = None


class Key(SQLModel, table=True):
    """One key: `sad_<id>_<secret>`. Only a hash of the secret is kept; with 256 random bits a plain one cannot be turned back."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True, max_length=12)
    holder_id: UUID = Field(foreign_key="holder.id", index=True)
    secret_hash: str = Field(max_length=64)
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class KeyForm(BaseModel):
    """A new key: for which system, what it may do, for whom, and for how many days. Scopes are boxes to tick."""

    name: Annotated[Line, Limit(max_length=150)]
    organisation: Code | None = None
    narratives: Literal["yes"] | None = None
    promises: Literal["yes"] | None = None
    outcomes: Literal["yes"] | None = None
    feedback: Literal["yes"] | None = None
    account: Literal["yes"] | None = None
    days: Literal["90", "365", "730", "none"] = "365"

    @property
    def scopes(self) -> frozenset[Scope]:
        """What was ticked."""
        return frozenset(scope for name, scope in BOXES.items() if getattr(self, name))


BOXES = {
    "narratives": Scope.NARRATIVES_WRITE,
    "promises": Scope.PROMISES_WRITE,
    "outcomes": Scope.OUTCOMES_WRITE,
    "feedback": Scope.FEEDBACK_WRITE,
    "account": Scope.ACCOUNT_READ,
}
"""The box of each scope."""


class RotateForm(BaseModel):
    """How many days the old key opens beside the new one."""

    overlap: Literal["1", "7", "30"] = "7"


class RevokeForm(BaseModel):
    """Which key ends."""

    key: Annotated[str, Limit(max_length=12)]


@dataclass(frozen=True, slots=True)
class Caller:
    """A partner system at the door, with the collaborations it may act in and for which organisation."""

    key_id: str
    holder_id: UUID
    scopes: frozenset[str]
    places: dict[UUID, UUID | None]
    used_at: datetime | None

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.KEY, self.holder_id)
