"""What goes to a webhook and comes back, and what the forms send. The tables stand in `service/news.py`, beside who writes them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from pydantic import Field as Limit

from service.news import MOST_ADDRESS, Event
from service.tables import Code, Plain


class Fault(StrEnum):
    """Why a try failed."""

    STATUS = "status"
    REDIRECTED = "redirected"
    GONE = "gone"
    TOO_SLOW = "too_slow"
    UNREACHABLE = "unreachable"
    UNKNOWN_NAME = "unknown_name"
    NOT_ALLOWED = "not_allowed"
    NOT_TRUSTED = "not_trusted"
    BROKEN = "broken"
    NO_KEY = "no_key"


@dataclass(frozen=True, slots=True)
class Answer:
    """How a try went. `fault` is None when the receiver has it."""

    status: int | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """One telling that this process sends now: nobody else does so before its lease is over."""

    collaboration_id: UUID
    id: UUID
    webhook_id: UUID
    attempts: int
    body: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where a claimed telling goes, and the sealed secrets that sign it, the newest first."""

    address: str
    key_version: int
    sealed: tuple[str, ...]


# ---- forms -----------------------------------------------------------------------------------------------------------

Described = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Plain]
Typed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_ADDRESS), Plain]

BOXES = {
    "feedback_created": Event.FEEDBACK_CREATED,
    "feedback_updated": Event.FEEDBACK_UPDATED,
    "reply_published": Event.REPLY_PUBLISHED,
    "promise_created": Event.PROMISE_CREATED,
    "promise_updated": Event.PROMISE_UPDATED,
    "narrative_published": Event.NARRATIVE_PUBLISHED,
    "narrative_updated": Event.NARRATIVE_UPDATED,
    "observations_stored": Event.OBSERVATIONS_STORED,
}
"""The box of each event."""


class ChangeForm(BaseModel):
    """What a webhook is for, and of what it is told. Events are boxes to tick."""

    description: Described
    feedback_created: Literal["yes"] | None = None
    feedback_updated: Literal["yes"] | None = None
    reply_published: Literal["yes"] | None = None
    promise_created: Literal["yes"] | None = None
    promise_updated: Literal["yes"] | None = None
    narrative_published: Literal["yes"] | None = None
    narrative_updated: Literal["yes"] | None = None
    observations_stored: Literal["yes"] | None = None

    @property
    def events(self) -> frozenset[Event]:
        """What was ticked."""
        return frozenset(event for name, event in BOXES.items() if getattr(self, name))


class WebhookForm(ChangeForm):
    """A new webhook: where it is, and for whom."""

    address: Typed
    organisation: Code | None = None


class SwitchForm(BaseModel):
    """Off or on."""

    to: Literal["off", "on"]


class AgainForm(BaseModel):
    """What is sent once more: one telling, or everything that was given up."""

    delivery: Annotated[str, Limit(max_length=36)] | None = None
