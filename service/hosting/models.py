"""What is typed on the pages where a place is set up."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, HttpUrl, TypeAdapter, ValidationError
from pydantic import Field as Limit

from service.language import N_, is_language
from service.places.models import REGIONS, AreaKind, OrganisationKind, Zone
from service.tables import Code, IsoDay, Line, Sentence

WEB: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)
MOST_LANGUAGES = 12


def _tags(value: object) -> object:
    tags = list(dict.fromkeys(re.split(r"[,\s]+", str(value).strip())))
    if not all(len(tag) <= 12 and is_language(tag) for tag in tags):
        raise ValueError(N_("Write the short words of languages, the first one first. For instance: en, cy, ur."))
    return tags


def _days(value: object) -> object:
    try:
        return sorted({date.fromisoformat(day) for day in str(value).split()})
    except ValueError:
        raise ValueError(N_("Write each day on a line of its own, as year, month and day, for instance 2026-11-22.")) from None


def _web(value: str) -> str:
    try:
        return str(WEB.validate_python(value.strip()))
    except ValidationError:
        raise ValueError(N_("Write a web address, for instance https://example.org/complaints")) from None


Languages = Annotated[list[str], BeforeValidator(_tags), Limit(max_length=MOST_LANGUAGES)]
Days = Annotated[list[date], BeforeValidator(_days), Limit(max_length=200)]
Region = Annotated[str, Limit(pattern=f"^({'|'.join(REGIONS)})$")]
Population = Annotated[int, Limit(ge=0, le=2_000_000_000)]


class AboutForm(BaseModel):
    """What a place says of itself. The fields are called as the place's own are."""

    name: Line
    languages: Languages
    read_by: Line | None = None
    contact: Line | None = None
    accessibility_on: IsoDay | None = None
    complaints_url: Annotated[str, Limit(max_length=500), AfterValidator(_web)] | None = None
    leave_to: Annotated[str, Limit(max_length=500), AfterValidator(_web)] | None = None
    plain_title: Annotated[Line, Limit(max_length=60)] | None = None
    region: Region
    closed_on: Days = Limit(default_factory=list)
    time_zone: Annotated[Zone, Limit(max_length=60)]
    act: Literal["keep", "look"] = "keep"


class NewAreaForm(BaseModel):
    """A new area. Without a code one is made from the name."""

    name: Line
    code: Code | None = None
    kind: AreaKind = AreaKind.NEIGHBOURHOOD
    parent: Code | None = None


class AreaForm(BaseModel):
    """What is said of an area."""

    name: Line
    kind: AreaKind = AreaKind.NEIGHBOURHOOD
    parent: Code | None = None
    population: Population | None = None
    population_as_of: IsoDay | None = None


class RetireForm(BaseModel):
    """Whether something is offered any more."""

    act: Literal["retire", "bring_back"]


class NewOrganisationForm(BaseModel):
    """A new member. Without a code one is made from the name."""

    name: Line
    code: Code | None = None
    kind: OrganisationKind
    since: IsoDay | None = None


class OrganisationForm(BaseModel):
    """What is said of an organisation."""

    name: Line
    kind: OrganisationKind


class MembershipForm(BaseModel):
    """The last day of a membership, or the first of a new one."""

    on: IsoDay


class NewTopicForm(BaseModel):
    """A new topic. Without a code one is made from the name; without an organisation its messages come to the team."""

    name: Line
    code: Code | None = None
    organisation: Code | None = None


class TopicForm(BaseModel):
    """What is said of a topic."""

    name: Line
    organisation: Code | None = None


class ThresholdForm(BaseModel):
    """Another number, from a day on, and why."""

    value: int
    since: IsoDay
    why: Annotated[Sentence, Limit(min_length=1)]
