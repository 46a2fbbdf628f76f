"""Asking what is set up in a place, for those who set it up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.people.models import Staff
from service.places.models import (
    Area,
    AreaKind,
    Collaboration,
    Membership,
    Organisation,
    OrganisationKind,
    Threshold,
    ThresholdChange,
    Topic,
)
from service.places.queries import PlaceCard
from service.places.rules import WHOLE_PLACE


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area in the list: everything but its shape."""

    code: str
    name: str
    kind: AreaKind
    parent: str | None
    population: int | None
    population_as_of: date | None
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation, and its memberships in the order of time."""

    code: str
    name: str
    kind: OrganisationKind
    stays: tuple[tuple[date | None, date | None], ...]
    is_member: bool

    @property
    def leaves_on(self) -> date | None:
        """The last day of the newest membership, where it has one."""
        return self.stays[-1][1] if self.stays else None


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic, and who gets its messages."""

    code: str
    name: str
    organisation: str | None
    organisation_name: str | None
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """One change of a threshold. `who` made it: None at the command line."""

    since: date
    value: int
    why: str
    who: str | None
    set_at: datetime


def find_threshold_lines(reads: ReadSession, place_id: UUID, threshold: Threshold) -> list[ThresholdLine]:
    """Every change of a threshold, the newest first."""
    query = (
        select(ThresholdChange, Staff.name)
        .outerjoin(Staff, col(Staff.id) == ThresholdChange.staff_id)
        .where(ThresholdChange.collaboration_id == place_id, ThresholdChange.threshold == threshold)
        .order_by(col(ThresholdChange.since).desc())
    )
    return [ThresholdLine(row.since, row.value, row.why, name, row.set_at) for row, name in reads.exec(query)]


def get_description(reads: ReadSession, place_id: UUID) -> Collaboration:
    """What a place says of itself, as the table holds it."""
    return reads.exec(select(Collaboration).where(Collaboration.id == place_id)).one()


def find_area_lines(reads: ReadSession, place_id: UUID) -> list[AreaLine]:
    """The areas of a place, by name; the row that stands for all of it left out."""
    parent = Area.__table__.alias("parent")  # type: ignore[attr-defined]
    names = ("code", "name", "kind", "population", "population_as_of", "retired_on")
    query = (
        columns(*(col(getattr(Area, name)) for name in names), parent.c.name.label("parent"))
        .join(parent, (parent.c.collaboration_id == Area.collaboration_id) & (parent.c.id == Area.parent_id), isouter=True)
        .where(col(Area.collaboration_id) == place_id, col(Area.code) != WHOLE_PLACE)
        .order_by(col(Area.name), col(Area.code))
    )
    return [
        AreaLine(row.code, row.name, row.kind, row.parent, row.population, row.population_as_of, row.retired_on)
        for row in reads.execute(query)
    ]


def find_organisation_lines(reads: ReadSession, place: PlaceCard, today: date) -> list[OrganisationLine]:
    """The organisations of a place, those that left included, by name."""
    stays: dict[UUID, list[tuple[date | None, date | None]]] = {}
    for row in reads.exec(select(Membership).where(Membership.collaboration_id == place.id)):
        stays.setdefault(row.organisation_id, []).append((row.since, row.until))
    organisations = reads.exec(
        select(Organisation).where(Organisation.collaboration_id == place.id).order_by(Organisation.name, Organisation.code)
    )
    return [_line(row, stays.get(row.id, []), today) for row in organisations]


def _line(row: Organisation, stays: list[tuple[date | None, date | None]], today: date) -> OrganisationLine:
    ordered = sorted(stays, key=lambda stay: stay[0] or date.min)
    present = any((since is None or since <= today) and (until is None or until >= today) for since, until in ordered)
    return OrganisationLine(row.code, row.name, row.kind, tuple(ordered), present)


def find_topic_lines(reads: ReadSession, place_id: UUID, within: Collection[UUID] | None) -> list[TopicLine]:
    """The topics of a place, by name: all, or those whose messages go to one of these organisations."""
    query = (
        select(Topic, Organisation.code, Organisation.name)
        .join(
            Organisation,
            (col(Organisation.collaboration_id) == Topic.collaboration_id) & (col(Organisation.id) == Topic.organisation_id),
            isouter=True,
        )
        .where(Topic.collaboration_id == place_id)
        .order_by(Topic.name, Topic.code)
    )
    if within is not None:
        query = query.where(col(Topic.organisation_id).in_(within))
    return [TopicLine(topic.code, topic.name, code, name, topic.retired_on) for topic, code, name in reads.exec(query)]
