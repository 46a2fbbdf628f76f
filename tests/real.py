"""Where the real data is: beside the project, or in the folder that SAID_REAL_DATA names. None of it is part of the project."""

import os
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from service.database import ReadSession
from service.places.models import Area
from service.results.models import Indicator, Observation
from tests.databases import ROOT

REAL = Path(os.environ.get("SAID_REAL_DATA") or ROOT.parent / "shared" / "data")


def reports_of(reads: ReadSession, area: str | None = None) -> float:
    """How many reports FixMyStreet's files brought: everywhere, or in the area with this code."""
    total = select(func.sum(Observation.value)).join(Indicator, col(Indicator.id) == Observation.indicator_id)
    total = total.where(col(Indicator.code) == "reports")
    if area is not None:
        total = total.join(Area, col(Area.id) == Observation.area_id).where(col(Area.code) == area)
    return float(reads.scalar(total) or 0)
