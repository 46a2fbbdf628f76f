"""What a place may be called, and what may belong to what."""

from collections.abc import Mapping

RESERVED = frozenset(
    "about accessibility account admin answer api assets docs favicon health healthz help login logout manifest metrics new "
    "offline open311 openapi privacy readyz robots said security settings sign-in sign-out staff static sw tell terms www".split()
)
"""Slugs that are, or may become, addresses of the service itself."""


WHOLE_PLACE = "whole_place"
"""What a list of areas calls the whole place: no area may have this code."""


def is_reserved(slug: str) -> bool:
    """Whether a slug would hide a page of the service."""
    return slug in RESERVED


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


GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}


def is_geometry(shape: Mapping[str, object]) -> bool:
    """Whether this is a GeoJSON geometry (RFC 7946) with longitudes and latitudes in range."""
    return shape.get("type") in GEOMETRIES and _positions(shape.get("coordinates"))


def _positions(value: object, depth: int = 0) -> bool:
    if not isinstance(value, list) or not value or depth > 4:
        return False
    if all(isinstance(number, int | float) and not isinstance(number, bool) for number in value):
        return len(value) >= 2 and -180 <= value[0] <= 180 and -90 <= value[1] <= 90
    return all(_positions(part, depth + 1) for part in value)
