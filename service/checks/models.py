"""The tables of community checks, and what may be sent."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field as Limit
from pydantic import StringConstraints
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.moderation.models import Severity
from service.places.models import Out
from service.tables import Code, Input, Moment, Paragraph, Plain, new_id, of_collaboration, of_same, word_type

MOST_INVITED = 200
"""Invitations that are made at once."""

WAITS = text("waits_since IS NOT NULL")
"""Words that somebody has to decide about."""


class Verdict(StrEnum):
    """Whether it happened, as somebody sees it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    DO_NOT_KNOW = "do_not_know"


class Came(StrEnum):
    """How a check came. What is open may be one person a hundred times, so it is counted apart and moves nothing."""

    RECEIPT = "receipt"
    INVITATION = "invitation"
    OPEN = "open"


class Wish(StrEnum):
    """Whether others may read what somebody saw, once it was looked at."""

    TEAM_ONLY = "team_only"
    WORDS_PUBLIC = "words_public"


class Shown(StrEnum):
    """Where the words of a check are on the way to being public."""

    NOT_OFFERED = "not_offered"
    WAITING = "waiting"
    PUBLISHED = "published"
    WITHHELD = "withheld"


class PromiseCheck(SQLModel, table=True):
    """What one check says. Its month is kept and not its moment, so its id tells no time either.

    `phase`: of which stretch of the promise's history it speaks, by the number of the entry that began it; 0 for the first.
    `severity`: a rule holds its words until somebody has read them. `waits_since`: the beginning of the day since when somebody has to
    decide about them; decided, nothing of that is left.
    """

    __tablename__ = "promise_check"
    __table_args__ = (
        of_collaboration(),
        of_same("promise", "promise_id"),
        of_same("area", "area_id"),
        of_same("feedback", "feedback_id"),
        of_same("check_invitation", "invitation_id"),
        UniqueConstraint("collaboration_id", "promise_id", "feedback_id"),
        UniqueConstraint("collaboration_id", "invitation_id"),
        CheckConstraint("(came = 'receipt') = (feedback_id is not null)", name="receipt_named"),
        CheckConstraint("(came = 'invitation') = (invitation_id is not null)", name="invitation_named"),
        CheckConstraint("shown <> 'published' or share = 'words_public'", name="shown_as_wished"),
        Index(None, "collaboration_id", "feedback_id"),
        Index("ix_promise_check_waiting", "collaboration_id", "promise_id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=uuid4)
    promise_id: UUID
    phase: int
    verdict: Verdict = Field(sa_type=word_type(Verdict))
    came: Came = Field(sa_type=word_type(Came))
    month: str = Field(max_length=7)
    area_id: UUID | None = None
    comment: str | None = Field(default=None, sa_type=Text)
    share: Wish = Field(sa_type=word_type(Wish))
    shown: Shown = Field(sa_type=word_type(Shown))
    feedback_id: UUID | None = None
    invitation_id: UUID | None = None
    severity: Severity | None = Field(default=None, sa_type=word_type(Severity))
    waits_since: datetime | None = Field(default=None, sa_type=Moment)


class CheckRound(SQLModel, table=True):
    """Invitations to check a promise that were made at once, and by whom; no organisation: by somebody who works for the whole place."""

    __tablename__ = "check_round"
    __table_args__ = (
        of_collaboration(),
        of_same("promise", "promise_id"),
        of_same("organisation", "organisation_id"),
        Index(None, "collaboration_id", "promise_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    promise_id: UUID
    staff_id: UUID = Field(foreign_key="staff.id")
    organisation_id: UUID | None = None
    made_at: datetime = Field(sa_type=Moment)


class CheckInvitation(SQLModel, table=True):
    """One invitation. Its code is worked out from its id under a server key and is stored nowhere; only a hash of it is."""

    __tablename__ = "check_invitation"
    __table_args__ = (
        of_collaboration(),
        of_same("check_round", "round_id"),
        UniqueConstraint("collaboration_id", "code_hash"),
        Index(None, "collaboration_id", "round_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=uuid4)
    round_id: UUID
    number: int
    key_version: int
    code_hash: str = Field(max_length=64)


# ---- what may be sent ------------------------------------------------------------------------------------------------


class CheckIn(Input):
    """A check. `receipt` is the code of a message, or of an invitation to check this promise."""

    verdict: Verdict
    comment: Paragraph | None = Limit(default=None, description="What was seen. Only the team reads it, unless `share` says more")
    share: Wish = Limit(default=Wish.TEAM_ONLY, description="Whether others may read the comment, once somebody has looked at it")
    area: Code | None = None
    receipt: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Plain] | None = None


# ---- what is answered ------------------------------------------------------------------------------------------------


class CheckOut(Out):
    """A check as it was counted. `came` open: it is shown apart, and moves nothing. `state` is the promise's, now."""

    verdict: Verdict
    came: Came
    state: str


class Tally(Out):
    """Checks by what they say. Units: checks."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    do_not_know: int = 0

    @property
    def answered(self) -> int:
        """Those that say how it is: whoever does not know says nothing either way."""
        return self.yes + self.partly + self.no

    @property
    def all(self) -> int:
        return self.answered + self.do_not_know


class OfArea(Out):
    """What is said in one area, in months that are over: `yes` of `n`. Null where there are too few to show."""

    area: str | None
    name: str | None
    n: int | None
    yes: int | None
    suppressed: bool


class Residents(Out):
    """What residents say. The first five count the checks that came with a code; `open` those of anybody.

    Counts of checks, never of people. `asked` invitations were made, `answered` of them were used.
    """

    n: int = 0
    yes: int = 0
    partly: int = 0
    no: int = 0
    do_not_know: int = 0
    suppressed: bool = False
    open: Tally = Tally()
    asked: int = 0
    answered: int = 0
    by_area: list[OfArea] = Limit(default_factory=list)

    @property
    def spoke(self) -> int:
        """Checks with a code that say how it is."""
        return self.yes + self.partly + self.no
