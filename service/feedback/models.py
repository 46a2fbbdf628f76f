"""The tables of feedback, and what may be sent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict
from pydantic import Field as Limit
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.places.models import LanguageTag
from service.safeguarding.models import Lane
from service.tables import Code, Day, Input, IsoDay, Moment, Paragraph, Plain, Truth, Words, new_id, of_collaboration, of_same, word_type
from service.tasks.models import TaskIn

SOFT = 2_000
"""Characters of a message beyond which the page advises to stop; `tables.MOST_WORDS` is refused."""

ALIKE = ("collaboration_id", "state", "publication", "organisation_id", "topic_id", "area_id", "whole_place", "kind")
OFFERED = text("publication = 'waiting'")
MERGED = text("merged_into_id is not null")
"""What an inbox counts messages by; and the messages whose words wait for a decision, few among all that were ever sent; and
those that were put together with another."""


class Kind(StrEnum):
    """What the sender calls it."""

    GOOD = "good"
    NOT_GOOD = "not_good"
    IDEA = "idea"
    QUESTION = "question"


class Tier(StrEnum):
    """Who could make a wish happen."""

    ALONE = "alone"
    WITH_HELP = "with_help"
    DONE_FOR_US = "done_for_us"
    NOT_SURE = "not_sure"


class Share(StrEnum):
    """Who may read the words."""

    TEAM_ONLY = "team_only"
    WORDS_PUBLIC = "words_public"


class Channel(StrEnum):
    """How it came."""

    WEB = "web"
    PAPER = "paper"
    PHONE = "phone"
    IN_PERSON = "in_person"


class State(StrEnum):
    """How far the handling is."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ROUTED = "routed"
    IN_REVIEW = "in_review"
    REPLIED = "replied"
    LOOP_CLOSED = "loop_closed"
    REOPENED = "reopened"
    MERGED = "merged"
    NOT_FEEDBACK = "not_feedback"
    SAFEGUARDING_HOLD = "safeguarding_hold"
    WITHDRAWN = "withdrawn"


class Publication(StrEnum):
    """Whether the words are public. Always: received = the sum of these five."""

    NOT_OFFERED = "not_offered"
    WAITING = "waiting"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


class WithheldReason(StrEnum):
    """Why words that were offered are not shown."""

    NAMES_SOMEBODY = "names_somebody"
    COULD_TELL_WHO = "could_tell_who"
    COULD_HARM = "could_harm"
    ABUSIVE = "abusive"
    NOT_ABOUT_HERE = "not_about_here"
    SENDER_ASKED = "sender_asked"
    ABOUT_A_WORKER = "about_a_worker"
    SET_ASIDE = "set_aside"


class Capturer(StrEnum):
    """In what role somebody captured the record."""

    RESIDENT = "resident"
    COMMUNITY_REPORTER = "community_reporter"
    FRONTLINE = "frontline"
    COORDINATOR = "coordinator"
    PARTNER_ORG = "partner_org"
    IMPORT = "import"


class Outcome(StrEnum):
    """What a reply says came of the message."""

    DONE = "done"
    WILL_DO = "will_do"
    ALREADY_DOING = "already_doing"
    CANNOT_DO = "cannot_do"
    PASSED_ON = "passed_on"
    NEED_MORE = "need_more"
    THANK_YOU = "thank_you"


class NoKind(StrEnum):
    """What kind of reason stands behind a no, beside its words."""

    NOT_OURS = "not_ours"
    NO_MONEY = "no_money"
    NOT_LAWFUL = "not_lawful"
    NOT_SAFE = "not_safe"
    OTHERS_FIRST = "others_first"
    OTHER = "other"


# ---- tables ----------------------------------------------------------------------------------------------------------

NO_WAY_OUT = "lane is null or (publication <> 'published' and (lane <> 'allegation' or publication <> 'waiting'))"
"""What stands apart is not public, and what is said of a worker is not even on the way there."""


class Feedback(SQLModel, table=True):
    """One message. `key_hash` is a keyed hash of its code, so its unique index guards the code and the idempotency key.

    `codeless_at`: since then no code opens it, and the hash only keeps a retry from being a second message. `likeness` is the same in
    messages that say the same. Withdrawal blanks the words, `body_hash` and `likeness`; the row stays, with dates only. `published_on` is
    the Monday of the week in which the words were first public, for as long as they are; `first_published_on` remembers it meanwhile.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("area", "area_id"),
        of_same("topic", "topic_id"),
        of_same("organisation", "organisation_id"),
        of_same("feedback", "merged_into_id"),
        of_same("promise", "promise_id"),
        UniqueConstraint("collaboration_id", "key_hash"),
        UniqueConstraint("collaboration_id", "public_id"),
        UniqueConstraint("collaboration_id", "source", "ref"),
        CheckConstraint("not (whole_place and area_id is not null)", name="one_place"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at is not null)", name="withdrawn_dated"),
        CheckConstraint("(publication = 'withdrawn') = (withdrawn_at is not null)", name="withdrawn_unpublished"),
        CheckConstraint("(publication = 'withheld') = (withheld_reason is not null)", name="withheld_explained"),
        CheckConstraint("withdrawn_at is null or coalesce(body, want, have, gap) is null", name="withdrawn_blank"),
        Index("ix_feedback_waiting", "collaboration_id", "state", "received_at", "id", "organisation_id", "lane"),
        Index(
            "ix_feedback_alike",
            *("collaboration_id", "state", "publication", "organisation_id", "topic_id", "area_id", "whole_place", "kind", "lane"),
        ),
        Index("ix_feedback_merged", "collaboration_id", "merged_into_id", sqlite_where=MERGED, postgresql_where=MERGED),
        Index("ix_feedback_offered", "collaboration_id", "received_at", "id", sqlite_where=OFFERED, postgresql_where=OFFERED),
        CheckConstraint("(publication = 'published') = (published_on is not null)", name="published_dated"),
        CheckConstraint(NO_WAY_OUT, name="lane_unpublished"),
        Index(None, "collaboration_id", "received_at", "id"),
        Index(None, "collaboration_id", "published_on", "public_id"),
        Index(None, "collaboration_id", "likeness"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    public_id: UUID
    key_version: int | None = None
    key_hash: str | None = Field(default=None, max_length=64)
    body_hash: str | None = Field(default=None, max_length=64)
    likeness: str | None = Field(default=None, max_length=16)
    kind: Kind | None = Field(default=None, sa_type=word_type(Kind))
    body: str | None = Field(default=None, sa_type=Text)
    want: str | None = Field(default=None, sa_type=Text)
    have: str | None = Field(default=None, sa_type=Text)
    gap: str | None = Field(default=None, sa_type=Text)
    tier: Tier | None = Field(default=None, sa_type=word_type(Tier))
    language: str | None = Field(default=None, max_length=12)
    area_id: UUID | None = None
    whole_place: bool = False
    topic_id: UUID | None = None
    organisation_id: UUID | None = None
    share: Share = Field(default=Share.TEAM_ONLY, sa_type=word_type(Share))
    occurred_on: date | None = Field(default=None, sa_type=Day)
    channel: Channel = Field(default=Channel.WEB, sa_type=word_type(Channel))
    on_behalf: bool = False
    captured_by: Capturer = Field(default=Capturer.RESIDENT, sa_type=word_type(Capturer))
    source: str | None = Field(default=None, max_length=80)
    ref: str | None = Field(default=None, max_length=120)
    state: State = Field(sa_type=word_type(State))
    publication: Publication = Field(sa_type=word_type(Publication))
    withheld_reason: str | None = Field(default=None, max_length=40)
    lane: Lane | None = Field(default=None, sa_type=word_type(Lane))
    published_on: date | None = Field(default=None, sa_type=Day)
    first_published_on: date | None = Field(default=None, sa_type=Day)
    promise_id: UUID | None = None
    merged_into_id: UUID | None = None
    received_at: datetime = Field(sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    replied_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    words_removed_at: datetime | None = Field(default=None, sa_type=Moment)
    codeless_at: datetime | None = Field(default=None, sa_type=Moment)


class Reply(SQLModel, table=True):
    """An answer to one message. Its words are read with the message's code. `task_due_on`: by when something smaller is done."""

    __table_args__ = (
        of_collaboration(),
        of_same("feedback", "feedback_id"),
        of_same("organisation", "organisation_id"),
        of_same("promise", "promise_id"),
        CheckConstraint("outcome not in ('cannot_do', 'passed_on') or reason is not null", name="reason_given"),
        CheckConstraint("(outcome = 'will_do') = (promise_id is not null or task_due_on is not null)", name="will_do_is_dated"),
        CheckConstraint("promise_id is null or task_due_on is null", name="promise_or_task"),
        CheckConstraint("no_kind is null or outcome = 'cannot_do'", name="kind_of_a_no"),
        Index(None, "collaboration_id", "feedback_id"),
        Index(None, "collaboration_id", "promise_id"),
        Index(None, "collaboration_id", "organisation_id", "published_at"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    feedback_id: UUID
    outcome: Outcome = Field(sa_type=word_type(Outcome))
    body: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    no_kind: NoKind | None = Field(default=None, sa_type=word_type(NoKind, "no_kind"))
    organisation_id: UUID | None = None
    staff_id: UUID = Field(foreign_key="staff.id")
    checked_by: UUID | None = None
    promise_id: UUID | None = None
    task_due_on: date | None = Field(default=None, sa_type=Day)
    published_at: datetime = Field(sa_type=Moment)


class Contact(SQLModel, table=True):
    """How the sender may be reached, encrypted under the server's key, for the reply only; deleted with the message's words.

    `sealed`: an address or a number, empty where there is none. `push`: what a browser takes to be told that there is news.
    `language`: in which they asked, and are told.
    """

    __table_args__ = (of_collaboration(), of_same("feedback", "feedback_id"))

    collaboration_id: UUID = Field(primary_key=True)
    feedback_id: UUID = Field(primary_key=True)
    key_version: int
    sealed: str = Field(sa_type=Text)
    push: str | None = Field(default=None, sa_type=Text)
    language: str | None = Field(default=None, max_length=12)


# ---- what may be sent ------------------------------------------------------------------------------------------------


class FeedbackIn(Input):
    """A message. Either `kind` or words (`body`, or one of `want`, `have`, `gap`) is enough."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"kind": "not_good", "body": "The bench by the surgery has gone.", "area": "hill-road", "share": "words_public"}
        },
    )

    kind: Kind | None = None
    body: Words | None = None
    want: Paragraph | None = Limit(default=None, description="What I would like to be able to do")
    have: Paragraph | None = Limit(default=None, description="What I have that could help")
    gap: Paragraph | None = Limit(default=None, description="What is missing")
    tier: Tier | None = None
    area: Code | None = Limit(default=None, description="An area's code; absent: not said")
    whole_place: Truth = False
    topic: Code | None = None
    promise: UUID | None = Limit(default=None, description="The promise it is about, by its id")
    share: Share = Share.TEAM_ONLY
    language: LanguageTag | None = None
    occurred_on: IsoDay | None = Limit(default=None, description="When it happened; not in the future")
    contact: Annotated[str, Limit(max_length=200), Plain] | None = Limit(
        default=None, description="Phone or e-mail for the reply only. Kept encrypted and apart, deleted with the words."
    )
    channel: Channel | None = Limit(default=None, description="With a key only: how it reached you")
    on_behalf: Truth | None = Limit(default=None, description="With a key only: entered for somebody else, with their consent")


class CodeIn(Input):
    """A receipt code. Case, spaces and hyphens do not matter."""

    code: Annotated[str, Limit(max_length=60)] = Limit(examples=["K7QF-2M9X-TR4D-W8ZP5"])


class ReplyIn(Input):
    """A reply and what it says came of the message. `will_do` makes a `promise` or says a `task`."""

    outcome: Outcome
    body: Words
    reason: Paragraph | None = None
    no_kind: NoKind | None = None
    promise: UUID | None = None
    task: TaskIn | None = None
