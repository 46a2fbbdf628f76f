"""What a message is called in Open311. Source: GeoReport v2; the updates extension of mySociety, with its statuses."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from service.feedback.models import Outcome, State

SPAN = timedelta(days=90)
MOST = 1_000
"""A list holds 90 days or 1,000 requests, whichever is less."""

ANY_TOPIC = "other"
"""The service for what belongs to no topic: there is always one, so that everything can be said."""

OPEN, CLOSED = "open", "closed"
GOES_ON = (Outcome.WILL_DO, Outcome.NEED_MORE)
STATUSES = {
    Outcome.DONE: "FIXED",
    Outcome.WILL_DO: "ACTION_SCHEDULED",
    Outcome.ALREADY_DOING: "IN_PROGRESS",
    Outcome.CANNOT_DO: "NO_FURTHER_ACTION",
    Outcome.PASSED_ON: "INTERNAL_REFERRAL",
    Outcome.NEED_MORE: "INVESTIGATING",
    Outcome.THANK_YOU: "CLOSED",
}


def status_of(state: State, outcomes: Sequence[Outcome]) -> str:
    """`closed` when it was answered and nothing more is promised or asked, or when the loop is closed."""
    if state == State.LOOP_CLOSED:
        return CLOSED
    if state == State.REOPENED or not outcomes or outcomes[-1] in GOES_ON:
        return OPEN
    return CLOSED


def window(start: date | None, end: date | None, today: date) -> tuple[date, date]:
    """The first and the last day that are asked for: at most 90 days. Raises: ValueError when more are."""
    if start and end and end - start > SPAN:
        raise ValueError
    last = end or (min(today, start + SPAN) if start else today)
    return start or last - SPAN, last


def is_in(ring: Sequence[Sequence[float]], long: float, lat: float) -> bool:
    """Whether a point lies within a closed line: whether a ray from it crosses the line an odd number of times."""
    inside = False
    for (x1, y1, *_z1), (x2, y2, *_z2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > lat) != (y2 > lat) and long < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def holds(shape: Mapping[str, Any], long: float, lat: float) -> bool:
    """Whether a GeoJSON polygon, or one of several, holds a point. What lies in a hole does not."""
    parts: Any = shape.get("coordinates")
    polygons = [parts] if shape.get("type") == "Polygon" else parts if shape.get("type") == "MultiPolygon" else []
    return any(is_in(outer, long, lat) and not any(is_in(hole, long, lat) for hole in holes) for outer, *holes in polygons)


def moment(day: date) -> str:
    """The beginning of a day, as W3C dates have it. Of what the public sees only the week is known: its Monday stands for it."""
    return datetime(day.year, day.month, day.day).strftime("%Y-%m-%dT00:00:00Z")  # noqa: DTZ001 (a day, without an hour)
