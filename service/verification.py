"""Recomputing every kept count from the facts."""

from collections import Counter

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.days import local_day
from service.feedback.models import Feedback
from service.places.queries import find_places
from service.results.models import Observation
from service.rollups import NOWHERE, Cell, Rollup


def counted(reads: ReadSession) -> Counter[Cell]:
    """What the rollups say."""
    keys = (Rollup.collaboration_id, Rollup.subject, Rollup.month, Rollup.area_id, Rollup.cell)
    rows = reads.exec(select(*keys, func.sum(Rollup.count)).group_by(*keys))  # type: ignore[call-overload]
    return Counter({(row[0].hex, row[1], row[2], row[3].hex, row[4]): int(row[5]) for row in rows})


def recounted(reads: ReadSession) -> Counter[Cell]:
    """What the facts say."""
    zones = {place.id: place.time_zone for place in find_places(reads)}
    found: Counter[Cell] = Counter()
    query = select(Feedback.collaboration_id, Feedback.received_at, Feedback.area_id, Feedback.kind)
    for place_id, received_at, area_id, kind in reads.exec(query.execution_options(yield_per=1_000)):
        month = local_day(received_at, zones[place_id]).isoformat()[:7]
        found[place_id.hex, "feedback", month, (area_id or NOWHERE).hex, kind or ""] += 1
    numbers = (col(Observation.collaboration_id), col(Observation.last_day), col(Observation.area_id))
    for place_id, last_day, area_id, count in reads.execute(columns(*numbers, func.count()).group_by(*numbers)):
        found[place_id.hex, "observation", last_day.isoformat()[:7], area_id.hex, ""] += count
    return found


def differences(reads: ReadSession) -> list[str]:
    """A sentence for every count that is not what the facts say."""
    kept, real = counted(reads), recounted(reads)
    slugs = {place.id.hex: place.slug for place in find_places(reads)}
    wrong = sorted(cell for cell in {*kept, *real} if kept[cell] != real[cell])
    return [
        f"{slugs.get(place, place)}: {subject} in {month}, area {area}, {cell or 'no kind'}: kept {kept[found]}, counted {real[found]}"
        for found in wrong
        for place, subject, month, area, cell in [found]
    ]
