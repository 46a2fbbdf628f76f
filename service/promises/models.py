"""The tables of promises, and what may be sent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field as Limit
from pydantic import StringConstraints
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.checks.models import Residents
from service.journal.models import ActorKind
from service.places.models import Out
from service.tables import (
    APPEND_ONLY,
    Code,
    Day,
    Input,
    IsoDay,
    Line,
    Moment,
    Paragraph,
    Plain,
    Truth,
    Words,
    new_id,
    of_collaboration,
    of_same,
    word_type,
)


class Side(StrEnum):
    """Who undertakes it: an organisation, or the community. The community's part is never scored and never late."""

    OUR_PART = "our_part"
    YOUR_PART = "your_part"


class Standing(StrEnum):
    """Where a promise stands. `overdue` is no standing: it is computed from the clock."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    MADE = "made"
    UNDER_WAY = "under_way"
    STALLED = "stalled"
    CLAIMED_KEPT = "claimed_kept"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    DISPUTED = "disputed"
    BROKEN = "broken"
    CHANGED = "changed"
    RELEASED = "released"
    INVITED = "invited"
    TAKEN_UP = "taken_up"
    DONE = "done"
    LET_GO = "let_go"
    PAUSED = "paused"


OURS = (
    Standing.DRAFT,
    Standing.PROPOSED,
    Standing.MADE,
    Standing.UNDER_WAY,
    Standing.STALLED,
    Standing.CLAIMED_KEPT,
    Standing.KEPT,
    Standing.PARTLY_KEPT,
    Standing.DISPUTED,
    Standing.BROKEN,
    Standing.CHANGED,
    Standing.RELEASED,
)
YOURS = (Standing.DRAFT, Standing.INVITED, Standing.TAKEN_UP, Standing.DONE, Standing.LET_GO, Standing.PAUSED)


def _among(states: tuple[Standing, ...]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


class Promise(SQLModel, table=True):
    """A public, specific, checkable commitment. `text` is the first wording: once published it is never overwritten.

    `deal` is the title that its deal has now, so that the promise is found by it. `made_on` and `kept_when` may be missing in a draft,
    and where somebody else's promise was imported: then that is said.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "maker_id"),
        of_same("area", "area_id"),
        of_same("promise", "successor_id"),
        of_same("deal", "deal_id"),
        UniqueConstraint("collaboration_id", "origin", "ref"),
        CheckConstraint("side = 'your_part' or maker_id is not null", name="maker_named"),
        CheckConstraint("due_on is not null or review_by is not null or standing in ('draft', 'proposed')", name="dated"),
        CheckConstraint(
            f"(side = 'our_part' and standing in ({_among(OURS)})) or (side = 'your_part' and standing in ({_among(YOURS)}))",
            name="standing_of_side",
        ),
        CheckConstraint("standing <> 'changed' or (successor_id is not null and community_agreed is not null)", name="change_explained"),
        CheckConstraint("standing <> 'released' or (released_by is not null and released_on is not null)", name="release_recorded"),
        CheckConstraint("not (whole_place and area_id is not null)", name="one_place"),
        Index(None, "collaboration_id", "standing", "due_on"),
        Index(None, "collaboration_id", "maker_id", "added_at"),
        Index(None, "collaboration_id", "deal_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    side: Side = Field(sa_type=word_type(Side))
    text: str = Field(sa_type=Text)
    summary: str | None = Field(default=None, sa_type=Text)
    maker_id: UUID | None = None
    owner: str | None = Field(default=None, max_length=200)
    made_on: date | None = Field(default=None, sa_type=Day)
    due_on: date | None = Field(default=None, sa_type=Day)
    review_by: date | None = Field(default=None, sa_type=Day)
    kept_when: str | None = Field(default=None, sa_type=Text)
    source: str | None = Field(default=None, max_length=500)
    deal: str | None = Field(default=None, max_length=200)
    deal_id: UUID | None = None
    audience: str | None = Field(default=None, max_length=200)
    area_id: UUID | None = None
    whole_place: bool = False
    standing: Standing = Field(sa_type=word_type(Standing))
    claimed_on: date | None = Field(default=None, sa_type=Day)
    settled_on: date | None = Field(default=None, sa_type=Day)
    first_settled_on: date | None = Field(default=None, sa_type=Day)
    successor_id: UUID | None = None
    community_agreed: bool | None = None
    released_by: str | None = Field(default=None, max_length=200)
    released_on: date | None = Field(default=None, sa_type=Day)
    origin: str | None = Field(default=None, max_length=80)
    ref: str | None = Field(default=None, max_length=120)
    added_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)


class Progress(SQLModel, table=True):
    """What was said or done about a promise, in order. Append-only: it is the promise's history.

    On a disputed promise a checker's verdict moves nothing until a second one says the same: then `moved_to` is set.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("promise", "promise_id"),
        of_same("organisation", "organisation_id"),
        UniqueConstraint("collaboration_id", "promise_id", "number"),
        Index(None, "collaboration_id", "organisation_id", "at"),
        APPEND_ONLY,
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    promise_id: UUID
    number: int
    asked_for: Standing | None = Field(default=None, sa_type=word_type(Standing, "asked_for"))
    moved_from: Standing | None = Field(default=None, sa_type=word_type(Standing, "moved_from"))
    moved_to: Standing | None = Field(default=None, sa_type=word_type(Standing, "moved_to"))
    note: str = Field(sa_type=Text)
    evidence: str | None = Field(default=None, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    actor_kind: ActorKind = Field(sa_type=word_type(ActorKind))
    actor_id: UUID | None = None
    organisation_id: UUID | None = None
    at: datetime = Field(sa_type=Moment)


# ---- what may be sent ------------------------------------------------------------------------------------------------

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), Plain]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), Plain]


class DraftIn(Input):
    """A promise on its way: words, and whose part it is. What else it needs is asked for before it is published."""

    text: Said = Limit(description="The exact words of the promise")
    side: Side
    maker: Code | None = None
    made_on: IsoDay | None = None
    due_on: IsoDay | None = None
    review_by: IsoDay | None = None
    kept_when: Said | None = Limit(default=None, description="What will count as kept")
    source: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), Plain] | None = None
    area: Code | None = None
    whole_place: Truth = False
    deal: Line | None = Limit(default=None, description="The title of the deal that it is a part of: one that is there, or a new one")
    owner: Line | None = Limit(default=None, description="The role that looks after it, never a person's name")
    audience: Line | None = Limit(default=None, description="For whom it is")
    summary: Paragraph | None = None
    ref: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), Plain] | None = None


class PromiseIn(DraftIn):
    """A promise. `maker` is an organisation's code and is needed for our part; one of `due_on` and `review_by` is needed."""

    made_on: IsoDay
    kept_when: Said = Limit(description="What will count as kept")


class ProgressIn(Input):
    """What is said about a promise; `to` moves it, absent it is a note on the way."""

    note: Note
    to: Standing | None = None
    evidence: Paragraph | None = None
    reason: Paragraph | None = None
    successor: UUID | None = Limit(default=None, description="For `changed`: the promise that takes its place")
    community_agreed: bool | None = Limit(default=None, description="For `changed`: whether the community agreed")
    released_by: Line | None = Limit(default=None, description="For `released`: who let it go")
    released_on: IsoDay | None = None


# ---- what is answered ------------------------------------------------------------------------------------------------


class ProgressOut(Out):
    """One entry of a promise's history. `by` is an organisation's name, or residents' checks; null: the partnership."""

    at: datetime
    by: str | None
    by_checks: bool
    note: Words
    evidence: str | None
    reason: str | None
    asked_for: Standing | None
    moved_from: Standing | None
    moved_to: Standing | None


class Voice(Out):
    """What one side says: the standing it claims or finds, in words and with its date. Null: nothing said yet."""

    says: Standing | None
    note: str | None
    at: datetime | None


class PromiseOut(Out):
    """A promise as everybody may read it."""

    id: UUID
    side: Side
    text: str
    summary: str | None
    maker: str | None
    made_on: date | None
    due_on: date | None
    review_by: date | None
    kept_when: str | None
    source: str | None
    deal: str | None
    deal_id: UUID | None
    owner: str | None
    audience: str | None
    area: str | None
    whole_place: bool
    state: Standing
    overdue: bool
    review_due: bool
    claimed_on: date | None
    settled_on: date | None
    successor: UUID | None
    community_agreed: bool | None
    released_by: str | None
    released_on: date | None
    claim: Voice
    evidence: Voice
    residents: Residents
    disagreement: str | None
    history: list[ProgressOut]
