"""Asking about files that were brought in: which there are, one of them, what was found in it, and what stands here already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, tuple_
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.errors import NotFound
from service.imports.mapping import MapIn
from service.intakes.models import AT_WORK, Choice, Filed, Finding, Intake, KeptMap, Mending, Stage
from service.intakes.rules import KEPT_FOR, kinds_for, may_open
from service.people.models import Member, Staff
from service.places.models import Area, Organisation
from service.results.models import Indicator, Observation

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """A file in the list, and what came of it. `opens`: whether this member may see more of it."""

    id: UUID
    kind: str
    file_name: str
    organisation: str | None
    stage: Stage
    received: int
    created: int
    corrected: int
    unchanged: int
    left: int
    refused: int
    made_by: str
    made_at: datetime
    finished_at: datetime | None
    opens: bool


@dataclass(frozen=True, slots=True)
class IntakeCard(IntakeLine):
    """One file, with all that its page says."""

    organisation_id: UUID | None
    filed: Filed | None
    encoding: str
    written: MapIn | None
    percent: int
    differing: int
    choice: Choice | None
    otherwise: dict[str, str]
    reason: str | None
    fault: str | None
    mended: int

    @property
    def total(self) -> int:
        """What its rows became, refused ones left out."""
        return self.created + self.corrected + self.unchanged + self.left


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something found in a file."""

    id: UUID
    number: int
    differs: bool
    field: str
    sheet_column: str
    cell: str
    message: str
    stands: str
    about: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MapLine:
    """A map under a name."""

    id: UUID
    name: str
    kind: str


def _of(row: Intake, organisation: str | None, name: str, member: Member) -> dict[str, Any]:
    mine = row.made_by == member.person.staff_id
    same = (
        "id",
        "kind",
        "file_name",
        "stage",
        "received",
        "created",
        "corrected",
        "unchanged",
        "left",
        "refused",
        "made_at",
        "finished_at",
    )
    opens = may_open(member.grants, row.kind, row.organisation_id, mine=mine)
    return {**{one: getattr(row, one) for one in same}, "organisation": organisation, "made_by": name, "opens": opens}


def _with_names(member: Member) -> Any:
    theirs = and_(col(Organisation.collaboration_id) == Intake.collaboration_id, col(Organisation.id) == Intake.organisation_id)
    return (
        select(Intake, Organisation.name, Staff.name)
        .outerjoin(Organisation, theirs)
        .join(Staff, col(Staff.id) == Intake.made_by)
        .where(Intake.collaboration_id == member.place.id)
    )


def find_intakes(reads: ReadSession, member: Member) -> list[IntakeLine]:
    """What was brought in here, as far as this member might have brought it in too: the newest first."""
    kinds = kinds_for(member.grants)
    query = _with_names(member).where(col(Intake.kind).in_(kinds)).order_by(col(Intake.made_at).desc(), col(Intake.id).desc())
    found = []
    for row, organisation, name in reads.exec(query.limit(MOST_LISTED)):
        if may_open(member.grants, row.kind, row.organisation_id, mine=True):
            found.append(IntakeLine(**_of(row, organisation, name, member)))
    return found


def get_intake(reads: ReadSession, member: Member, intake_id: UUID) -> IntakeCard:
    """One file. Raises: NotFound, for those who may not see it as well."""
    found = reads.exec(_with_names(member).where(Intake.id == intake_id)).first()
    if found is None:
        raise NotFound
    row, organisation, name = found
    said = _of(row, organisation, name, member)
    if not said["opens"]:
        raise NotFound
    mended = reads.scalar(columns(func.count()).where(col(Mending.collaboration_id) == member.place.id, col(Mending.intake_id) == row.id))
    return IntakeCard(
        **said,
        organisation_id=row.organisation_id,
        filed=filed_of(row),
        encoding=row.encoding,
        written=MapIn.model_validate(row.written) if row.written else None,
        percent=row.percent,
        differing=row.differing,
        choice=row.choice,
        otherwise=dict(row.otherwise or {}),
        reason=row.reason,
        fault=row.fault,
        mended=mended or 0,
    )


def filed_of(row: Intake) -> Filed | None:
    """Its file, as long as it is there."""
    return Filed(row.name, row.file_name, row.size, row.encoding) if row.name else None


def find_findings(reads: ReadSession, place_id: UUID, intake_id: UUID) -> list[FindingRow]:
    """What was found in a file: what is wrong most often first, then what differs by its rows."""
    query = select(Finding).where(Finding.collaboration_id == place_id, Finding.intake_id == intake_id).order_by(col(Finding.number))
    names = ("id", "number", "differs", "field", "sheet_column", "cell", "message", "stands", "about", "count")
    return [FindingRow(**{name: getattr(row, name) for name in names}, rows=tuple(row.rows)) for row in reads.exec(query)]


def find_mendings(reads: ReadSession, place_id: UUID, intake_id: UUID) -> list[Mending]:
    """What was mended in a file, in its order."""
    query = select(Mending).where(Mending.collaboration_id == place_id, Mending.intake_id == intake_id)
    return list(reads.exec(query.order_by(col(Mending.made_at), col(Mending.id))))


def find_maps(reads: ReadSession, member: Member) -> list[MapLine]:
    """The maps that the place keeps, of kinds that this member may bring in."""
    query = select(KeptMap).where(KeptMap.collaboration_id == member.place.id, col(KeptMap.kind).in_(kinds_for(member.grants)))
    return [MapLine(row.id, row.name, row.kind) for row in reads.exec(query.order_by(col(KeptMap.name)))]


def get_map(reads: ReadSession, member: Member, map_id: UUID) -> MapIn:
    """A map that the place keeps. Raises: NotFound."""
    row = reads.get(KeptMap, (member.place.id, map_id))
    if row is None or row.kind not in kinds_for(member.grants):
        raise NotFound
    return MapIn.model_validate(row.written)


# ---- for those who do the work ---------------------------------------------------------------------------------------


def find_waiting(reads: ReadSession, now: datetime) -> list[tuple[UUID, UUID]]:
    """The files that somebody should work on now: the place's id and their own, the oldest first."""
    free = or_(col(Intake.leased_until).is_(None), col(Intake.leased_until) <= now)
    query = select(Intake.collaboration_id, Intake.id).where(col(Intake.stage).in_(AT_WORK), free)
    return [(place_id, intake_id) for place_id, intake_id in reads.exec(query.order_by(col(Intake.made_at)))]


def find_names(reads: ReadSession, now: datetime) -> tuple[set[str], list[tuple[UUID, UUID, str]]]:
    """The names of all files that are kept; and those among them whose time is over, with the ids of place and intake."""
    rows = reads.execute(columns(Intake.collaboration_id, Intake.id, Intake.name, Intake.made_at).where(col(Intake.name).is_not(None)))  # type: ignore[call-overload]
    found = list(rows)
    return {name for _place, _id, name, _at in found}, [(place, id_, name) for place, id_, name, at in found if at + KEPT_FOR <= now]


def find_standing(
    reads: ReadSession, place_id: UUID, organisation_id: UUID, keys: Collection[tuple[str, ...]]
) -> dict[tuple[str, ...], Observation]:
    """The observations that have these keys already: codes of indicator and area, first and last day, dimension."""
    indicators = select(Indicator.id, Indicator.code).where(Indicator.collaboration_id == place_id)
    areas = select(Area.id, Area.code).where(Area.collaboration_id == place_id)
    indicator_of = {code: id_ for id_, code in reads.exec(indicators.where(col(Indicator.code).in_({key[0] for key in keys})))}
    area_of = {code: id_ for id_, code in reads.exec(areas.where(col(Area.code).in_({key[1] for key in keys})))}
    known = {
        (indicator_of[indicator], area_of[area], date.fromisoformat(first), date.fromisoformat(last), dimension): key
        for key in keys
        for indicator, area, first, last, dimension in [key]
        if indicator in indicator_of and area in area_of
    }
    there = tuple_(
        col(Observation.indicator_id),
        col(Observation.area_id),
        col(Observation.first_day),
        col(Observation.last_day),
        col(Observation.dimension),
    )
    query = select(Observation).where(Observation.collaboration_id == place_id, Observation.organisation_id == organisation_id)
    rows = reads.exec(query.where(there.in_(list(known)))) if known else ()
    return {known[row.indicator_id, row.area_id, row.first_day, row.last_day, row.dimension]: row for row in rows}
