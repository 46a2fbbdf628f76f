"""The table of stories, and what may be sent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limit
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.feedback.models import Capturer
from service.journal.models import ActorKind
from service.language import N_
from service.places.models import LanguageTag, Out
from service.safeguarding.models import Lane
from service.tables import Code, Day, Input, IsoDay, Json, Line, Moment, Plain, Truth, Words, new_id, of_collaboration, of_same, word_type

MOST_TAGS = 12


class Kind(StrEnum):
    """How it went."""

    WORKED = "worked"
    DID_NOT_WORK = "did_not_work"
    MIXED = "mixed"
    SURPRISE = "surprise"


class StoryState(StrEnum):
    """How far a story has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKING = "checking"
    ASKED_BACK = "asked_back"
    SHARED_PARTNERS = "shared_partners"
    SHARED_PUBLIC = "shared_public"
    KEPT_PRIVATE = "kept_private"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


class Visibility(StrEnum):
    """Who may read it: in a POST a wish, on the row what was decided."""

    PRIVATE = "private"
    PARTNERS = "partners"
    PUBLIC = "public"


class Narrative(SQLModel, table=True):
    """A story. Its words are never edited; withdrawal blanks them."""

    __table_args__ = (
        of_collaboration(),
        of_same("area", "area_id"),
        of_same("promise", "promise_id"),
        of_same("indicator", "indicator_id"),
        of_same("organisation", "organisation_id"),
        UniqueConstraint("collaboration_id", "public_id"),
        UniqueConstraint("collaboration_id", "origin", "ref"),
        CheckConstraint("state <> 'shared_public' or (checked_by is not null and published_on is not null)", name="public_checked"),
        CheckConstraint("author_id is null or checked_by is null or author_id <> checked_by", name="second_person"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at is not null)", name="withdrawn_dated"),
        CheckConstraint("state <> 'withdrawn' or coalesce(title, body, barrier) is null", name="withdrawn_blank"),
        CheckConstraint("lane is null or state not in ('shared_public', 'shared_partners')", name="lane_unshared"),
        Index(None, "collaboration_id", "state", "occurred_on"),
        Index(None, "collaboration_id", "organisation_id", "submitted_at"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    public_id: UUID
    kind: Kind = Field(sa_type=word_type(Kind))
    title: str | None = Field(default=None, max_length=200)
    body: str | None = Field(default=None, sa_type=Text)
    barrier: str | None = Field(default=None, sa_type=Text)
    language: str | None = Field(default=None, max_length=12)
    occurred_on: date = Field(sa_type=Day)
    area_id: UUID | None = None
    whole_place: bool = False
    promise_id: UUID | None = None
    indicator_id: UUID | None = None
    organisation_id: UUID | None = None
    tags: list[str] = Field(default_factory=list, sa_type=Json)
    signifiers: dict[str, Any] | None = Field(default=None, sa_type=Json)
    captured_by: Capturer = Field(sa_type=word_type(Capturer))
    wish: Visibility = Field(default=Visibility.PRIVATE, sa_type=word_type(Visibility))
    state: StoryState = Field(sa_type=word_type(StoryState))
    lane: Lane | None = Field(default=None, sa_type=word_type(Lane))
    author_kind: ActorKind = Field(sa_type=word_type(ActorKind))
    author_id: UUID | None = None
    checked_by: UUID | None = Field(default=None, foreign_key="staff.id")
    origin: str | None = Field(default=None, max_length=80)
    ref: str | None = Field(default=None, max_length=120)
    submitted_at: datetime = Field(sa_type=Moment)
    published_on: date | None = Field(default=None, sa_type=Day)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    words_removed_at: datetime | None = Field(default=None, sa_type=Moment)


# ---- what may be sent ------------------------------------------------------------------------------------------------


class ConsentIn(Input):
    """The teller's yes to making the words public."""

    wording_version: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), Plain]
    given_on: IsoDay
    expires_on: IsoDay | None = Limit(default=None, description="The last day on which it holds; absent: as long as the place says")


SPREAD = 0.01
"""How far the parts of an answer may lie from 1 together: three thirds are seldom written out."""


def _in_shape(value: "Answer") -> "Answer":
    """A point between corners is made of parts of 1; a point between two ends lies between 0 and 1."""
    parts = list(value.values()) if isinstance(value, dict) else [value] if isinstance(value, float) else []
    if any(not 0 <= part <= 1 for part in parts) or (isinstance(value, dict) and abs(sum(parts) - 1) > SPREAD):
        raise ValueError(N_("Give each part from 0 to 1; the parts of one answer add up to 1."))
    return value


Answer = dict[Code, float] | float | Code
Signifiers = Annotated[dict[Code, Annotated[Answer, AfterValidator(_in_shape)]], Limit(max_length=MOST_TAGS)]
"""The teller's own reading, by question: parts of 1 between corners, a point from 0 to 1 between two ends, or the code of a choice."""


class NarrativeIn(Input):
    """A story. `visibility` is a wish: `public` needs a consent, and a second person who publishes it.

    `area` is the code of an area, or `whole_place`.
    """

    kind: Kind
    body: Annotated[Words, Limit(min_length=1)]
    occurred_on: IsoDay
    title: Line | None = None
    area: Code | None = None
    whole_place: Truth = False
    promise: UUID | None = None
    indicator: Code | None = None
    barrier: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), Plain] | None = None
    tags: Annotated[list[Code], Limit(max_length=MOST_TAGS)] = Limit(default_factory=list)
    signifiers: Signifiers | None = None
    consent: ConsentIn | None = None
    ref: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), Plain] | None = None
    language: LanguageTag | None = None
    visibility: Visibility = Visibility.PRIVATE


# ---- what is answered ------------------------------------------------------------------------------------------------


class NarrativeStored(Out):
    """The story is stored."""

    id: UUID
    state: StoryState


class NarrativeOut(Out):
    """A story as its reader may see it. To the public its times are weeks, named by their Mondays.

    `occurred_on` is for those only who may read more than the public; `week` is that in which it was first shared.
    """

    id: UUID
    kind: Kind
    state: StoryState
    title: str | None
    body: str | None
    barrier: str | None
    language: str | None
    occurred_on: date | None
    occurred_week: date
    area: str | None
    whole_place: bool
    promise: UUID | None
    indicator: str | None
    organisation: str | None
    captured_by: Capturer
    tags: list[str]
    signifiers: dict[str, Any] | None
    week: date | None
