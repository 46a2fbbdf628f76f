"""Counting checks: what residents say of each promise."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func
from sqlalchemy import select as columns
from sqlmodel import col

from service.checks import rules
from service.checks.models import Came, CheckInvitation, CheckRound, OfArea, PromiseCheck, Residents, Tally, Verdict
from service.database import ReadSession
from service.disclosure import FEWEST_ITEMS
from service.places.models import Area, AreaKind, Threshold
from service.places.queries import find_threshold_changes


@dataclass(frozen=True, slots=True)
class _Cell:
    """Checks that are alike."""

    came: Came
    verdict: Verdict
    area_id: UUID | None
    month: str
    number: int


def find_residents(reads: ReadSession, place_id: UUID, phases: Mapping[UUID, int], today: date) -> dict[UUID, Residents]:
    """What residents say of each of these promises, in the phase in which it is. In a few queries, however many there are."""
    if not phases:
        return {}
    key = [col(getattr(PromiseCheck, name)) for name in ("promise_id", "phase", "came", "verdict", "area_id", "month")]
    here = and_(col(PromiseCheck.collaboration_id) == place_id, col(PromiseCheck.promise_id).in_(phases))
    cells: dict[UUID, list[_Cell]] = {promise_id: [] for promise_id in phases}
    used: Counter[UUID] = Counter()
    for promise_id, phase, came, verdict, area_id, month, number in reads.execute(columns(*key, func.count()).where(here).group_by(*key)):
        used[promise_id] += number * (came == Came.INVITATION)
        if phase == phases[promise_id]:
            cells[promise_id].append(_Cell(Came(came), Verdict(verdict), area_id, month, number))
    asked = _asked(reads, place_id, phases)
    areas = _areas(reads, place_id) if any(cell.area_id for those in cells.values() for cell in those) else {}
    fewest = _fewest(reads, place_id, today) if areas else FEWEST_ITEMS
    return {one: _residents(those, asked.get(one, 0), used[one], areas, today, fewest) for one, those in cells.items()}


def _asked(reads: ReadSession, place_id: UUID, promises: Mapping[UUID, int]) -> dict[UUID, int]:
    """Invitations by promise."""
    query = (
        columns(col(CheckRound.promise_id), func.count())
        .join(
            CheckInvitation,
            and_(col(CheckInvitation.collaboration_id) == CheckRound.collaboration_id, col(CheckInvitation.round_id) == CheckRound.id),
        )
        .where(col(CheckRound.collaboration_id) == place_id, col(CheckRound.promise_id).in_(promises))
        .group_by(col(CheckRound.promise_id))
    )
    return {row[0]: row[1] for row in reads.execute(query)}


def _fewest(reads: ReadSession, place_id: UUID, today: date) -> int:
    """What the place hides today."""
    set_ = [change.value for change in find_threshold_changes(reads, place_id, Threshold.FEWEST_SHOWN) if change.since <= today]
    return set_[-1] if set_ else FEWEST_ITEMS


def _areas(reads: ReadSession, place_id: UUID) -> dict[UUID, Area]:
    """The areas that somebody can name."""
    own = col(Area.kind).not_in((AreaKind.COMPARATOR, AreaKind.PLACE))
    query = columns(Area).where(col(Area.collaboration_id) == place_id, own)
    return {area.id: area for area in reads.execute(query).scalars()}


def tally_of(cells: Mapping[Verdict, int]) -> Tally:
    """Counts by verdict, as they are answered."""
    return Tally(**{verdict.value: cells.get(verdict, 0) for verdict in Verdict})


def _residents(cells: list[_Cell], asked: int, used: int, areas: Mapping[UUID, Area], today: date, fewest: int) -> Residents:
    counted: Counter[Verdict] = Counter()
    freely: Counter[Verdict] = Counter()
    by_area: dict[UUID | None, tuple[int, int]] = dict.fromkeys([*areas, None] if areas else [], (0, 0))
    for cell in cells:
        if not rules.counts_fully(cell.came):
            freely[cell.verdict] += cell.number
            continue
        counted[cell.verdict] += cell.number
        if areas and cell.month < today.isoformat()[:7] and cell.verdict != Verdict.DO_NOT_KNOW:
            yes, other = by_area.get(cell.area_id, (0, 0))
            says_yes = cell.verdict == Verdict.YES
            by_area[cell.area_id] = (yes + cell.number * says_yes, other + cell.number * (not says_yes))
    tally = tally_of(counted)
    shown = rules.by_area(by_area, fewest)
    return Residents(
        n=tally.all,
        **tally.model_dump(),
        open=tally_of(freely),
        asked=asked,
        answered=used,
        by_area=sorted(
            (_of_area(area_id, found, areas) for area_id, found in shown.items() if found != (0, 0)),
            key=lambda row: (row.name is None, row.name),
        ),
    )


def _of_area(area_id: UUID | None, found: tuple[int, int] | None, areas: Mapping[UUID, Area]) -> OfArea:
    area = areas.get(area_id) if area_id else None
    code, name = (area.code, area.name) if area else (None, None)
    if found is None:
        return OfArea(area=code, name=name, n=None, yes=None, suppressed=True)
    return OfArea(area=code, name=name, n=sum(found), yes=found[0], suppressed=False)
