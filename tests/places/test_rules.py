"""What a place may be called, what may lie in what, what is a shape on the map."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from service.app import create_app
from service.places import rules
from service.places.models import CollaborationIn
from service.settings import Settings

often = settings(deadline=None)
codes = st.sampled_from("abcdefgh")
forests = st.dictionaries(codes, st.none() | codes, max_size=8)
longitudes = st.floats(-180, 180)
latitudes = st.floats(-90, 90)
positions = st.tuples(longitudes, latitudes).map(list)
lines = st.lists(positions, min_size=2, max_size=6)
rings = st.lists(positions, min_size=3, max_size=6).map(lambda ring: [*ring, ring[0]])
polygons = st.lists(rings, min_size=1, max_size=3)
COORDINATES = {
    "Point": positions,
    "MultiPoint": st.lists(positions, min_size=1, max_size=4),
    "LineString": lines,
    "MultiLineString": st.lists(lines, min_size=1, max_size=3),
    "Polygon": polygons,
    "MultiPolygon": st.lists(polygons, min_size=1, max_size=2),
}
shapes = st.one_of(*(st.fixed_dictionaries({"type": st.just(name), "coordinates": found}) for name, found in COORDINATES.items()))
rubbish = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=3), part, max_size=2),
    max_leaves=8,
)


def lies_in_itself(parents: dict[str, str | None]) -> bool:
    """Whether some area of this map lies, at any depth, inside itself: asked in another way than the rule does."""
    reached = {code: {parent} if parent else set() for code, parent in parents.items()}
    for _step in parents:
        reached = {code: inside.union(*(reached.get(one, set()) for one in inside)) for code, inside in reached.items()}
    return any(code in inside for code, inside in reached.items())


# ---- slugs -----------------------------------------------------------------------------------------------------------


def test_no_address_of_the_service_can_be_the_name_of_a_place(tmp_path: Any) -> None:
    """The first word of every route, of the static files, and of what `api.md` promises for later."""
    app = create_app(Settings(mode="test", var=tmp_path))
    first = {route.path.split("/")[1] for route in app.state.routes} - {"", "{c}"}
    taken = {word for word in first if "." not in word} | {"static", "open311", "offline", "about"}
    assert {word for word in taken if not rules.is_reserved(word)} == set()


@pytest.mark.parametrize(
    "slug",
    ["", "a", "-hill", "9hill", "Hill", "hill road", "hill_road", "hill.road", "hill/road", "hüll", "h" * 41, "hill\n", "hill\x00", "../x"],
)
def test_slug_is_a_plain_word(slug: str) -> None:
    with pytest.raises(ValidationError):
        CollaborationIn(slug=slug, name="Hill")


@often
@given(st.from_regex(r"[a-z][a-z0-9-]{1,39}", fullmatch=True))
def test_plain_word_is_a_slug_and_needs_no_escape(slug: str) -> None:
    assert CollaborationIn(slug=slug, name="Hill").slug == slug


# ---- circles ---------------------------------------------------------------------------------------------------------


@often
@given(codes)
def test_area_cannot_lie_in_itself(code: str) -> None:
    assert rules.makes_a_circle(code, code, {})
    assert rules.makes_a_circle(code, code, {code: None})


@often
@given(forests, codes, codes)
def test_rule_finds_every_circle_and_no_other(parents: dict[str, str | None], code: str, parent: str) -> None:
    if lies_in_itself(parents):
        return
    assert rules.makes_a_circle(code, parent, parents) == lies_in_itself({**parents, code: parent})


@often
@given(forests, codes, codes)
def test_search_for_a_circle_ends_even_in_a_map_that_has_one(parents: dict[str, str | None], code: str, parent: str) -> None:
    assert rules.makes_a_circle(code, parent, parents) in (True, False)


@often
@given(st.lists(st.tuples(codes, codes), max_size=20))
def test_no_row_of_moves_ever_makes_a_circle(moves: list[tuple[str, str]]) -> None:
    parents: dict[str, str | None] = {}
    for code, parent in moves:
        if not rules.makes_a_circle(code, parent, parents):
            parents |= {code: parent, parent: parents.get(parent)}
        assert not lies_in_itself(parents)


# ---- shapes ----------------------------------------------------------------------------------------------------------


@often
@given(shapes)
def test_every_geometry_of_the_standard_is_a_shape(shape: dict[str, Any]) -> None:
    assert rules.is_geometry(shape)


@often
@given(st.dictionaries(st.sampled_from(["type", "coordinates", "x"]), rubbish | st.sampled_from(list(COORDINATES)), max_size=3))
def test_rubbish_is_told_from_a_shape_without_an_accident(shape: dict[str, Any]) -> None:
    assert rules.is_geometry(shape) in (True, False)
    if shape.get("type") not in list(COORDINATES):
        assert not rules.is_geometry(shape)


@often
@given(st.sampled_from(list(COORDINATES)), rubbish)
def test_rubbish_for_coordinates_is_no_shape(name: str, coordinates: Any) -> None:
    numbers = isinstance(coordinates, list) and coordinates
    if not numbers:
        assert not rules.is_geometry({"type": name, "coordinates": coordinates})


@often
@given(st.sampled_from([-181, 181, 1e9, float("inf"), float("nan")]), st.sampled_from([0, 1]))
def test_no_place_on_earth_is_out_of_range(far: float, which: int) -> None:
    position = [far, 0.0] if which == 0 else [0.0, far]
    assert not rules.is_geometry({"type": "Point", "coordinates": position})
    assert not rules.is_geometry({"type": "LineString", "coordinates": [[0, 0], position]})


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "point", "coordinates": [0, 0]},
        {"type": ["Point"], "coordinates": [0, 0]},
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": ["1", "2"]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": {"x": 1, "y": 2}},
        {"type": "Point", "coordinates": [0, 0, float("inf")]},
        {"type": "LineString", "coordinates": [[0, 0], "here"]},
        {"type": "MultiPolygon", "coordinates": [[[[[[0, 0]]]]]]},
    ],
)
def test_what_is_no_geometry_is_refused(shape: dict[str, Any]) -> None:
    assert not rules.is_geometry(shape)


@often
@given(shapes, st.sampled_from(list(COORDINATES)))
def test_shape_is_what_its_type_says(shape: dict[str, Any], name: str) -> None:
    """A point is one position, a polygon a list of rings: a map that trusts the type must be able to draw it."""
    depth = {"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3, "MultiPolygon": 4}
    if depth[name] != depth[shape["type"]]:
        assert not rules.is_geometry({**shape, "type": name})
