"""What a place may be called, and what may belong to what."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.places.models import Threshold

RESERVED = frozenset(
    "about accessibility account admin answer api assets docs favicon health healthz help login logout manifest metrics new "
    "offline open311 openapi passkey privacy readyz robots said security settings sign-in sign-out staff static sw tell "
    "terms www you".split()
)
"""Slugs that are, or may become, addresses of the service itself."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a threshold is where a place says nothing, and between what it may be set."""

    default: int
    least: int
    most: int


BOUNDS: Mapping[Threshold, Bounds] = {
    Threshold.ANSWER_WITHIN: Bounds(10, 1, 20),
    Threshold.COUNTED_AFTER: Bounds(30, 14, 90),
    Threshold.QUIET_AFTER: Bounds(60, 14, 365),
    Threshold.FEWEST_SHOWN: Bounds(5, 5, 20),
    Threshold.FEWEST_PEOPLE: Bounds(8, 5, 30),
    Threshold.YES_HOLDS: Bounds(36, 6, 60),
    Threshold.TOO_LATE_AFTER: Bounds(5, 1, 20),
    Threshold.UNCONTESTED_AFTER: Bounds(10, 5, 30),
}
"""In working days; in calendar days, twice; in items; in people; in months; in working days, twice.

No place shows fewer than 5 in a split, be it items or people: that bound is not its own to lower."""


@dataclass(frozen=True, slots=True)
class Change:
    """A threshold's value from a day on, why, and what it was before."""

    threshold: Threshold
    since: date
    value: int
    before: int
    why: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers by which a place works, on any day. `changes` in the order of time."""

    changes: tuple[Change, ...] = ()

    def on(self, threshold: Threshold, day: date) -> int:
        """The value of a threshold on this day."""
        change = self.change(threshold, day)
        return change.value if change else BOUNDS[threshold].default

    def change(self, threshold: Threshold, day: date) -> Change | None:
        """The change that the value of this day comes from; None where nobody had changed it by then."""
        return next((one for one in reversed(self.changes) if one.threshold == threshold and one.since <= day), None)

    def highest(self, threshold: Threshold) -> int:
        """The highest value that a threshold has on any day."""
        return max([BOUNDS[threshold].default, *(one.value for one in self.changes if one.threshold == threshold)])


AS_SHIPPED = Thresholds()
"""A place that has set nothing."""

WHOLE_PLACE = "whole_place"
"""What a list of areas calls the whole place: no area may have this code."""


def is_reserved(slug: str) -> bool:
    """Whether a slug would hide a page of the service."""
    return slug in RESERVED


def code_of(name: str) -> str:
    """A code made from a name: Café Lane becomes cafe-lane. Empty where the name has no letter of the Latin alphabet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def makes_a_circle(code: str, parent: str, parents: Mapping[str, str | None]) -> bool:
    """Whether `parent` lies, at any depth, inside `code` already. `parents` maps every area's code to its parent's."""
    seen: set[str] = set()
    step: str | None = parent
    while step is not None and step not in seen:
        if step == code:
            return True
        seen.add(step)
        step = parents.get(step)
    return False


NESTING = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists deep the positions of each GeoJSON geometry lie."""


def is_geometry(shape: Mapping[str, object]) -> bool:
    """Whether this is a GeoJSON geometry (RFC 7946): positions as deep as its type says, longitudes and latitudes in range."""
    kind = shape.get("type")
    if set(shape) != {"type", "coordinates"}:
        return False
    return isinstance(kind, str) and kind in NESTING and _positions(shape.get("coordinates"), NESTING[kind])


def _positions(value: object, depth: int) -> bool:
    if not isinstance(value, list) or not value:
        return False
    if depth > 0:
        return all(_positions(part, depth - 1) for part in value)
    if not 2 <= len(value) <= 3 or not all(isinstance(number, int | float) and not isinstance(number, bool) for number in value):
        return False
    return -180 <= value[0] <= 180 and -90 <= value[1] <= 90 and all(abs(number) <= 1e7 for number in value)


# ---- the accessibility statement -------------------------------------------------------------------------------------

STATED_ON = date(2026, 11, 23)
"""When the statement was written, and what it says was last tested. Whoever tests anew writes the new day here."""


def enforcer_of(region: str) -> str:
    """Who enforces the accessibility regulations: another body in Northern Ireland than in England, Wales and Scotland."""
    return "ecni" if region == "NIR" else "ehrc"
