"""Asking about places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession, WriteSession
from service.days import WorkingDays
from service.errors import NotFound
from service.places.helplines import Helplines, Kept, for_the_country, kept_of, said_in
from service.places.models import (
    Area,
    AreaKind,
    Collaboration,
    GovernanceForm,
    GovernancePeriod,
    Membership,
    Organisation,
    Threshold,
    ThresholdChange,
    Topic,
    Type,
)
from service.places.rules import BOUNDS, WHOLE_PLACE, Change, Thresholds
from service.walls import inside, whole_house

HARMLESS = "https://www.bbc.co.uk/weather"
"""Where leaving a page leads, as long as a place names nothing else: a page that tells nobody anything."""


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """What every page and every rule needs to know of a collaboration."""

    id: UUID
    slug: str
    name: str
    type: Type
    started_on: date | None
    ends_on: date | None
    rationales: tuple[str, ...]
    time_zone: str
    languages: tuple[str, ...]
    working_days: WorkingDays
    thresholds: Thresholds
    read_by: str | None
    contact: str | None
    complaints_url: str | None
    accessibility_on: date | None
    leave_to: str
    plain_title: str | None
    example: bool
    own_helplines: Kept

    def helplines_in(self, language: str) -> Helplines:
        """Whom to ring besides 999: what the place says, else the numbers for the whole country."""
        return said_in(self.own_helplines, language, self.languages) or for_the_country()


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list: its code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area, with its parent's code."""

    area: Area
    parent: str | None


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic, with its organisation's code."""

    topic: Topic
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Runners:
    """Who runs the collaboration now, and who takes part. `members` are the present ones, by name."""

    form: GovernanceForm | None
    organisation: str | None
    members: list[Organisation]


def _card(row: Collaboration, changes: Sequence[ThresholdChange]) -> PlaceCard:
    return PlaceCard(
        id=row.id,
        slug=row.slug,
        name=row.name,
        type=row.type,
        started_on=row.started_on,
        ends_on=row.ends_on,
        rationales=tuple(row.rationales),
        time_zone=row.time_zone,
        languages=tuple(row.languages),
        working_days=WorkingDays(
            row.region, frozenset(map(date.fromisoformat, row.closed_on)), frozenset(map(date.fromisoformat, row.open_on))
        ),
        thresholds=_thresholds(changes),
        read_by=row.read_by,
        contact=row.contact,
        complaints_url=row.complaints_url,
        accessibility_on=row.accessibility_on,
        leave_to=row.leave_to or HARMLESS,
        plain_title=row.plain_title,
        example=row.example,
        own_helplines=kept_of(row.helplines or {}),
    )


def _thresholds(rows: Sequence[ThresholdChange]) -> Thresholds:
    value = {threshold: bounds.default for threshold, bounds in BOUNDS.items()}
    changes = []
    for row in rows:
        changes.append(Change(row.threshold, row.since, row.value, value[row.threshold], row.why))
        value[row.threshold] = row.value
    return Thresholds(tuple(changes))


PLACE = select(Collaboration).where(col(Collaboration.slug) == bindparam("slug"))
CHANGES = (
    select(ThresholdChange)
    .where(col(ThresholdChange.collaboration_id) == bindparam("place"))
    .order_by(col(ThresholdChange.since), col(ThresholdChange.id))
)


def find_threshold_changes(reads: ReadSession, place_id: UUID, threshold: Threshold | None = None) -> list[ThresholdChange]:
    """What a place has set, or what it has set of one threshold, in the order of time."""
    query = CHANGES if threshold is None else CHANGES.where(ThresholdChange.threshold == threshold)
    return list(reads.exec(query, params={"place": place_id}))


def get_place(reads: ReadSession, slug: str) -> PlaceCard:
    """The collaboration with this slug. Raises: NotFound."""
    found = reads.exec(PLACE, params={"slug": slug}).first() if "\x00" not in slug else None
    if found is None:
        raise NotFound
    with inside(reads, found.id):
        return _card(found, find_threshold_changes(reads, found.id))


def take_turn(writes: WriteSession, place_id: UUID) -> None:
    """Lets twins that add the same thing to a place go one after the other, so that the second finds what the first added."""
    writes.execute(columns(col(Collaboration.id)).where(col(Collaboration.id) == place_id).with_for_update(key_share=True))


def find_places(reads: ReadSession) -> list[PlaceCard]:
    """Every collaboration of this installation, by name."""
    found = list(reads.exec(select(Collaboration).order_by(Collaboration.name, Collaboration.slug)))
    with whole_house(reads):
        return [_card(row, find_threshold_changes(reads, row.id)) for row in found]


def find_last_of_organisations(
    reads: ReadSession, place_id: UUID, at: Any, organisation_id: Any, *conditions: ColumnElement[bool]
) -> dict[UUID, datetime]:
    """By organisation: the latest moment in the column `at` of what is theirs. Those without any are left out."""
    theirs = (at.class_.collaboration_id == Organisation.collaboration_id, organisation_id == Organisation.id)
    newest = columns(func.max(at)).where(*theirs, *conditions).correlate(Organisation).scalar_subquery()
    rows = reads.execute(columns(col(Organisation.id), newest).where(col(Organisation.collaboration_id) == place_id))
    return {found: moment for found, moment in rows if moment is not None}


def find_organisations(reads: ReadSession, place_id: UUID, *, after: str | None = None, most: int | None = None) -> list[Organisation]:
    """The organisations of a collaboration, by code; those after a code when a page begins there."""
    query = select(Organisation).where(Organisation.collaboration_id == place_id, Organisation.code > (after or ""))
    return list(reads.exec(query.order_by(Organisation.code).limit(most)))


def find_organisation(reads: ReadSession, place_id: UUID, code: str) -> Organisation | None:
    """The organisation with this code, if there is one."""
    query = select(Organisation).where(Organisation.collaboration_id == place_id, Organisation.code == code)
    return reads.exec(query).first()


def get_organisation(reads: ReadSession, place_id: UUID, code: str) -> Organisation:
    """The organisation with this code. Raises: NotFound."""
    found = find_organisation(reads, place_id, code)
    if found is None:
        raise NotFound
    return found


def get_topic(reads: ReadSession, place_id: UUID, code: str) -> Topic:
    """The topic with this code. Raises: NotFound."""
    found = reads.exec(select(Topic).where(Topic.collaboration_id == place_id, Topic.code == code)).first()
    if found is None:
        raise NotFound
    return found


def find_areas(reads: ReadSession, place_id: UUID, *, after: str | None = None, most: int | None = None) -> list[AreaRow]:
    """The areas of a collaboration, comparators included, by code; those after a code when a page begins there."""
    parent = Area.__table__.alias("parent")  # type: ignore[attr-defined]
    query = (
        select(Area, parent.c.code)
        .join(parent, (parent.c.collaboration_id == Area.collaboration_id) & (parent.c.id == Area.parent_id), isouter=True)
        .where(Area.collaboration_id == place_id, Area.code > (after or ""))
        .order_by(Area.code)
        .limit(most)
    )
    return [AreaRow(area, code) for area, code in reads.exec(query)]


def find_area(reads: ReadSession, place_id: UUID, code: str) -> Area | None:
    """The area with this code, if there is one."""
    return reads.exec(select(Area).where(Area.collaboration_id == place_id, Area.code == code)).first()


def find_above(reads: ReadSession, place_id: UUID, code: str) -> dict[str, str | None]:
    """The area with this code and those it lies in, at any depth, each with its parent's code. Nothing where there is no such area."""
    area = Area.__table__  # type: ignore[attr-defined]
    start = columns(area.c.id, area.c.code, area.c.parent_id).where(area.c.collaboration_id == place_id, area.c.code == code)
    steps = start.cte("above", recursive=True)
    further = columns(area.c.id, area.c.code, area.c.parent_id).join(steps, area.c.id == steps.c.parent_id)
    rows = list(reads.execute(columns(steps.union(further.where(area.c.collaboration_id == place_id)))))
    named = {own_id: code for own_id, code, _parent_id in rows}
    return {code: named.get(parent_id) for _own_id, code, parent_id in rows}


def get_whole_place(reads: ReadSession, place_id: UUID) -> UUID:
    """The id of the row that stands for the whole place."""
    return reads.exec(select(Area.id).where(Area.collaboration_id == place_id, Area.code == WHOLE_PLACE)).one()


def find_area_choices(reads: ReadSession, place_id: UUID) -> list[Choice]:
    """The areas that residents choose from, by name: those that are not retired."""
    query = select(Area.code, Area.name).where(
        Area.collaboration_id == place_id,
        col(Area.kind).not_in([AreaKind.COMPARATOR, AreaKind.PLACE]),
        col(Area.retired_on).is_(None),
    )
    return [Choice(code, name) for code, name in reads.exec(query.order_by(Area.name, Area.code))]


def find_topic_choices(reads: ReadSession, place_id: UUID) -> list[Choice]:
    """What residents may say that it is about, by name: topics that are not retired."""
    query = select(Topic.code, Topic.name).where(Topic.collaboration_id == place_id, col(Topic.retired_on).is_(None))
    return [Choice(code, name) for code, name in reads.exec(query.order_by(Topic.name, Topic.code))]


def find_topics(
    reads: ReadSession, place_id: UUID, *, after: str | None = None, most: int | None = None, offered: bool = False
) -> list[TopicRow]:
    """The topics of a collaboration, by code; those after a code when a page begins there; or only those that are not retired."""
    query = (
        select(Topic, Organisation.code)
        .join(
            Organisation,
            (col(Organisation.collaboration_id) == Topic.collaboration_id) & (col(Organisation.id) == Topic.organisation_id),
            isouter=True,
        )
        .where(Topic.collaboration_id == place_id, Topic.code > (after or ""))
        .order_by(Topic.code)
        .limit(most)
    )
    if offered:
        query = query.where(col(Topic.retired_on).is_(None))
    return [TopicRow(topic, code) for topic, code in reads.exec(query)]


def get_runners(reads: ReadSession, place_id: UUID, *, on: date) -> Runners:
    """Who runs the collaboration on this day, and who takes part."""
    period = reads.exec(
        select(GovernancePeriod, Organisation.name)
        .join(
            Organisation,
            (col(Organisation.collaboration_id) == GovernancePeriod.collaboration_id)
            & (col(Organisation.id) == GovernancePeriod.organisation_id),
            isouter=True,
        )
        .where(
            GovernancePeriod.collaboration_id == place_id,
            or_(col(GovernancePeriod.since).is_(None), col(GovernancePeriod.since) <= on),
            or_(col(GovernancePeriod.until).is_(None), col(GovernancePeriod.until) > on),
        )
        .order_by(col(GovernancePeriod.since).desc())
    ).first()
    members = reads.exec(
        select(Organisation)
        .join(
            Membership,
            (col(Membership.collaboration_id) == Organisation.collaboration_id) & (col(Membership.organisation_id) == Organisation.id),
        )
        .where(
            Organisation.collaboration_id == place_id,
            col(Membership.since).is_(None) | (col(Membership.since) <= on),
            col(Membership.until).is_(None) | (col(Membership.until) >= on),
        )
        .order_by(Organisation.name, Organisation.code)
        .distinct()
    )
    form, organisation = (period[0].form, period[1]) if period else (None, None)
    return Runners(form, organisation, list(members))
