"""The tables of places, and what may be sent to fill them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, HttpUrl, model_validator
from pydantic import Field as Limit
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.language import N_, TAG, is_language
from service.tables import Code, Day, Input, IsoDay, Json, Line, Moment, Sentence, new_id, of_collaboration, of_same, word_type

SLUG = r"^[a-z][a-z0-9-]{1,39}$"
REGIONS = ("ENG", "WLS", "SCT", "NIR")


class Type(StrEnum):
    """The four types of the GO Lab typology (Blundell and others, 2019)."""

    COLLABORATIVE_COUNCIL = "collaborative_council"
    COLLABORATIVE_MARKET = "collaborative_market"
    AGENT_OF_CHANGE = "agent_of_change"
    SYSTEM_CONNECTOR = "system_connector"


class Initiator(StrEnum):
    """Who began it."""

    PUBLIC_AUTHORITY = "public_authority"
    VOLUNTARY_SECTOR = "voluntary_sector"
    BOTH = "both"


class Scope(StrEnum):
    """Whom it is for: a group of people, or everyone the council serves."""

    GROUP = "group"
    WHOLE_COUNCIL = "whole_council"


class GovernanceForm(StrEnum):
    """Who runs it (Provan and Kenis, 2008)."""

    SELF_GOVERNED = "self_governed"
    LEAD_ORGANISATION = "lead_organisation"
    ADMINISTRATIVE_ORGANISATION = "administrative_organisation"


class OrganisationKind(StrEnum):
    """What an organisation is."""

    COUNCIL = "council"
    NHS = "nhs"
    POLICE = "police"
    SCHOOL = "school"
    VCS = "vcs"
    COMMUNITY_GROUP = "community_group"
    BUSINESS = "business"
    FUNDER = "funder"
    REGULATOR = "regulator"
    OTHER = "other"


class Contribution(StrEnum):
    """What a member brings."""

    MONEY = "money"
    STAFF = "staff"
    SPACE = "space"
    DATA = "data"
    KNOWLEDGE = "knowledge"


class AreaKind(StrEnum):
    """What an area is. Comparators are other places, never shown in residents' lists."""

    PLACE = "place"
    WARD = "ward"
    NEIGHBOURHOOD = "neighbourhood"
    OTHER = "other"
    COMPARATOR = "comparator"


class Threshold(StrEnum):
    """A number by which the service works, and which a place may set for itself."""

    ANSWER_WITHIN = "answer_within"
    COUNTED_AFTER = "counted_after"
    QUIET_AFTER = "quiet_after"
    FEWEST_SHOWN = "fewest_shown"
    FEWEST_PEOPLE = "fewest_people"
    YES_HOLDS = "yes_holds"
    TOO_LATE_AFTER = "too_late_after"
    UNCONTESTED_AFTER = "uncontested_after"


# ---- tables ----------------------------------------------------------------------------------------------------------


class Collaboration(SQLModel, table=True):
    """A partnership of a place: the account is its account."""

    __table_args__ = (CheckConstraint("ends_on is null or started_on is null or ends_on >= started_on", name="ends_after_start"),)

    id: UUID = Field(primary_key=True, default_factory=new_id)
    slug: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=200)
    type: Type = Field(sa_type=word_type(Type))
    initiated_by: Initiator | None = Field(default=None, sa_type=word_type(Initiator))
    scope: Scope | None = Field(default=None, sa_type=word_type(Scope))
    started_on: date | None = Field(default=None, sa_type=Day)
    ends_on: date | None = Field(default=None, sa_type=Day)
    rationales: list[str] = Field(default_factory=list, sa_type=Json)
    region: str = Field(default="ENG", max_length=3)
    closed_on: list[str] = Field(default_factory=list, sa_type=Json)
    open_on: list[str] = Field(default_factory=list, sa_type=Json)
    time_zone: str = Field(default="Europe/London", max_length=60)
    languages: list[str] = Field(default_factory=lambda: ["en"], sa_type=Json)
    read_by: str | None = Field(default=None, max_length=200)
    contact: str | None = Field(default=None, max_length=200)
    complaints_url: str | None = Field(default=None, max_length=500)
    accessibility_on: date | None = Field(default=None, sa_type=Day)
    leave_to: str | None = Field(default=None, max_length=500)
    plain_title: str | None = Field(default=None, max_length=60)
    helplines: dict[str, list[list[str]]] | None = Field(default=None, sa_type=Json)
    example: bool = False
    added_at: datetime = Field(sa_type=Moment)


class Organisation(SQLModel, table=True):
    """A body that takes part in a collaboration."""

    __table_args__ = (of_collaboration(), UniqueConstraint("collaboration_id", "code"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    code: str = Field(max_length=40)
    name: str = Field(max_length=200)
    kind: OrganisationKind = Field(default=OrganisationKind.OTHER, sa_type=word_type(OrganisationKind))


class Membership(SQLModel, table=True):
    """From when to when an organisation is a member, and what it brings. Rejoining is a new row."""

    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "organisation_id"),
        CheckConstraint("until is null or since is null or until >= since", name="until_after_since"),
        Index(None, "collaboration_id", "organisation_id"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    organisation_id: UUID
    since: date | None = Field(default=None, sa_type=Day)
    until: date | None = Field(default=None, sa_type=Day)
    contributes: list[str] = Field(default_factory=list, sa_type=Json)


class GovernancePeriod(SQLModel, table=True):
    """Who ran the collaboration, from when to when. Forms evolve, so each is kept with its dates."""

    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "organisation_id"),
        CheckConstraint("(form = 'self_governed') = (organisation_id is null)", name="runner_named"),
        CheckConstraint("until is null or since is null or until >= since", name="until_after_since"),
        Index(
            "uq_governance_period_open",
            "collaboration_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )
    __tablename__ = "governance_period"

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    form: GovernanceForm = Field(sa_type=word_type(GovernanceForm))
    organisation_id: UUID | None = None
    since: date | None = Field(default=None, sa_type=Day)
    until: date | None = Field(default=None, sa_type=Day)


class Area(SQLModel, table=True):
    """A named geography. Its shape is a GeoJSON geometry; its population counts people on the day it names.

    Retired, it is offered to nobody any more; what was said about it stays.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("area", "parent_id"),
        UniqueConstraint("collaboration_id", "code"),
        CheckConstraint("population is null or population >= 0", name="population"),
        CheckConstraint("parent_id is null or parent_id <> id", name="not_its_own_parent"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    code: str = Field(max_length=40)
    name: str = Field(max_length=200)
    kind: AreaKind = Field(default=AreaKind.NEIGHBOURHOOD, sa_type=word_type(AreaKind))
    parent_id: UUID | None = None
    population: int | None = None
    population_as_of: date | None = Field(default=None, sa_type=Day)
    shape: dict[str, Any] | None = Field(default=None, sa_type=Json)
    retired_on: date | None = Field(default=None, sa_type=Day)


class Topic(SQLModel, table=True):
    """What messages are about (in Open311, a service). Its organisation, if any, gets the messages. Retired, it is offered to nobody."""

    __table_args__ = (of_collaboration(), of_same("organisation", "organisation_id"), UniqueConstraint("collaboration_id", "code"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    code: str = Field(max_length=40)
    name: str = Field(max_length=200)
    organisation_id: UUID | None = None
    retired_on: date | None = Field(default=None, sa_type=Day)


class ThresholdChange(SQLModel, table=True):
    """From which day on a threshold has which value, who set it and why. Never changed: another value is another row."""

    __tablename__ = "threshold_change"
    __table_args__ = (of_collaboration(), UniqueConstraint("collaboration_id", "threshold", "since"))

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    threshold: Threshold = Field(sa_type=word_type(Threshold))
    value: int
    since: date = Field(sa_type=Day)
    why: str = Field(max_length=300)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    set_at: datetime = Field(sa_type=Moment)


# ---- what may be sent ------------------------------------------------------------------------------------------------


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(N_("This is not a time zone of the IANA list, for instance Europe/London."))
    return value


def _language(value: str) -> str:
    if not is_language(value):
        raise ValueError(N_("This is not the tag of a language, for instance en, cy or ur."))
    return value


Zone = Annotated[str, AfterValidator(_zone)]
LanguageTag = Annotated[str, Limit(max_length=12, json_schema_extra={"pattern": TAG.pattern}), AfterValidator(_language)]


class CollaborationIn(Input):
    """A collaboration as the operator describes it."""

    slug: Annotated[str, Limit(pattern=SLUG)]
    name: Line
    type: Type = Type.COLLABORATIVE_COUNCIL
    initiated_by: Initiator | None = None
    scope: Scope | None = None
    started_on: date | None = None
    ends_on: date | None = None
    rationales: Annotated[list[Sentence], Limit(max_length=4)] = Limit(default_factory=list)
    region: Annotated[str, Limit(pattern=f"^({'|'.join(REGIONS)})$")] = "ENG"
    closed_on: list[date] = Limit(default_factory=list)
    open_on: list[date] = Limit(default_factory=list)
    time_zone: Zone = "Europe/London"
    languages: Annotated[list[LanguageTag], Limit(min_length=1, max_length=12)] = Limit(default_factory=lambda: ["en"])
    read_by: Line | None = None
    contact: Line | None = None
    complaints_url: HttpUrl | None = None
    accessibility_on: date | None = None
    leave_to: HttpUrl | None = None
    plain_title: Annotated[Line, Limit(max_length=60)] | None = None
    example: bool = False

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.started_on and self.ends_on and self.ends_on < self.started_on:
            raise ValueError(N_("It ends before it starts."))
        return self


class OrganisationIn(Input):
    """An organisation and the dates of its membership."""

    code: Code
    name: Line
    kind: OrganisationKind = OrganisationKind.OTHER
    since: date | None = None
    contributes: list[Contribution] = Limit(default_factory=list)


class GovernanceIn(Input):
    """Who runs the collaboration from a date on. `organisation` is a code, and absent only where it governs itself."""

    form: GovernanceForm
    organisation: Code | None = None
    since: date | None = None


class TopicIn(Input):
    """A topic; `organisation` is the code of the one that gets its messages."""

    code: Code
    name: Line
    organisation: Code | None = None


class ThresholdIn(Input):
    """Another value for a threshold, from a day on, and why. Everybody reads why."""

    threshold: Threshold
    value: int
    since: date
    why: Annotated[Sentence, Limit(min_length=1)]


MOST_PEOPLE = 2_000_000_000


class AreaIn(Input):
    """An area. `parent` is another area's code, `shape` a GeoJSON geometry, `population` a count of people."""

    name: Line
    kind: AreaKind = AreaKind.NEIGHBOURHOOD
    parent: Code | None = None
    population: Annotated[int, Limit(strict=True, ge=0, le=MOST_PEOPLE)] | None = None
    population_as_of: IsoDay | None = None
    shape: dict[str, Any] | None = None


# ---- what is read ----------------------------------------------------------------------------------------------------


class Out(BaseModel):
    """What the API answers."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class OrganisationOut(Out):
    """An organisation of a collaboration."""

    code: str
    name: str
    kind: OrganisationKind


class AreaOut(Out):
    """An area of a collaboration."""

    code: str
    name: str
    kind: AreaKind
    parent: str | None
    population: int | None
    population_as_of: date | None
    shape: dict[str, Any] | None


class TopicOut(Out):
    """A topic of a collaboration."""

    code: str
    name: str
    organisation: str | None


class CollaborationOut(Out):
    """A collaboration and where its things are."""

    slug: str
    name: str
    type: Type
    languages: list[str]
    example: bool
    links: dict[str, str]
