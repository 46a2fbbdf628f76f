"""`said area add` and `said area import`: what is refused, then what each does. The small map here is invented."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.database import Database
from service.places.models import Area
from service.places.queries import find_areas, get_place
from tests.cli.conftest import Said
from tests.real import REAL

WARDS = REAL / "uk_geo" / "trafford_wards_2023.geojson"
AT = ("--collaboration", "hillside")
PROPERTIES = ("--code", "ref", "--name", "title")
SQUARE = {"type": "Polygon", "coordinates": [[[-2.4, 53.4], [-2.3, 53.4], [-2.3, 53.5], [-2.4, 53.5], [-2.4, 53.4]]]}

Write = Callable[[Any], str]


def feature(code: object, name: object = "Hill Road", shape: object = SQUARE) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"ref": code, "title": name}, "geometry": shape}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.fixture
def file(tmp_path: Path) -> Write:
    """Writes a map, or whatever else, and answers the name of its file."""

    def written(content: Any) -> str:
        path = tmp_path / "map.geojson"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    return written


def areas(database: Database) -> dict[str, Area]:
    with database.read() as reads:
        reads.expire_on_commit = False
        found = {row.area.code: row.area for row in find_areas(reads, get_place(reads, "hillside").id)}
        reads.expunge_all()
    return {code: area for code, area in found.items() if code != "whole_place"}


# ---- what is refused -------------------------------------------------------------------------------------------------


def test_file_that_is_no_map_is_refused_in_one_sentence(hill: Said, file: Write, database: Database) -> None:
    contents: list[Any] = [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        [],
        {},
        "features",
        None,
        {"features": None},
        {"features": 7},
        {"features": {"a": 1}},
        {"features": "abc"},
        collection("feature"),
        collection(None),
        collection({"type": "Feature", "geometry": SQUARE}),
        collection({"type": "Feature", "properties": None, "geometry": SQUARE}),
        collection({"type": "Feature", "properties": [], "geometry": SQUARE}),
        collection({"type": "Feature", "properties": {"ref": "a", "title": "A"}, "geometry": "here"}),
    ]
    for content in contents:
        hill.refused("area", "import", file(content), *PROPERTIES, *AT)
    assert areas(database) == {}


def test_one_bad_row_is_named_and_nothing_is_imported(hill: Said, file: Write, database: Database) -> None:
    bad = [
        feature("b ad"),
        feature(None),
        feature("c" * 41),
        feature("name", name=""),
        feature("name", name="n" * 201),
        feature("shape", shape={"type": "Point", "coordinates": [200, 0]}),
        feature("shape", shape={"type": "GeometryCollection", "geometries": []}),
        feature("whole_place"),
    ]
    for row in bad:
        sentence = hill.refused("area", "import", file(collection(feature("good"), row)), *PROPERTIES, *AT)
        assert "Row 2" in sentence and "Nothing was imported" in sentence, row
    assert areas(database) == {}


def test_area_that_cannot_be_is_refused(hill: Said, database: Database) -> None:
    hill("area", "add", "north", "--name", "North", *AT)
    for words in (
        ("hill road", "--name", "Hill Road"),
        ("h" * 41, "--name", "Hill Road"),
        ("whole_place", "--name", "Everywhere"),
        ("hill-road", "--name", " "),
        ("hill-road", "--name", "Hill Road", "--population", "-1"),
        ("hill-road", "--name", "Hill Road", "--parent", "nowhere"),
        ("hill-road", "--name", "Hill Road", "--parent", "hill-road"),
        ("north", "--name", "North", "--parent", "north"),
    ):
        hill.refused("area", "add", *words, *AT)
    assert list(areas(database)) == ["north"]


# ---- what each does --------------------------------------------------------------------------------------------------


def test_area_is_added_with_what_is_known_of_it(hill: Said, database: Database) -> None:
    hill("area", "add", "north", "--name", "North", "--kind", "ward", *AT)
    facts = ("--population", "4100", "--population-as-of", "2025-06-30", "--parent", "north")
    assert hill("area", "add", "hill-road", "--name", "Hill Road", *facts, *AT) == "Added hill-road.\n"
    found = areas(database)
    assert found["hill-road"].parent_id == found["north"].id
    assert (found["hill-road"].population, found["hill-road"].kind, found["north"].kind) == (4_100, "neighbourhood", "ward")


def test_adding_an_area_again_keeps_what_is_not_named(hill: Said, file: Write, database: Database) -> None:
    """As `collaboration set` does: a new name must not cost the shape, the parent and the count of people."""
    hill("area", "add", "north", "--name", "North", *AT)
    hill.both("area", "import", file(collection(feature("hill-road"))), *PROPERTIES, *AT)
    hill("area", "add", "hill-road", "--name", "Hill Road", "--population", "4100", "--parent", "north", *AT)
    assert hill("area", "add", "hill-road", "--name", "Hill Road and the Green", *AT) == "Changed hill-road.\n"
    found = areas(database)["hill-road"]
    assert (found.name, found.population, found.shape) == ("Hill Road and the Green", 4_100, SQUARE)
    assert found.parent_id is not None


def test_map_is_imported_whole_and_again_without_a_change(hill: Said, file: Write, database: Database) -> None:
    path = file(collection(feature("hill-road"), feature("linden", "Linden", None), feature(7, "Seven")))
    out, _err = hill.both("area", "import", path, *PROPERTIES, *AT)
    assert json.loads(out) == {"received": 3, "created": 3, "seen": 0}
    out, _err = hill.both("area", "import", path, *PROPERTIES, *AT)
    assert json.loads(out) == {"received": 3, "created": 0, "seen": 3}
    found = areas(database)
    assert {code: (area.name, area.kind, area.shape) for code, area in found.items()} == {
        "hill-road": ("Hill Road", "ward", SQUARE),
        "linden": ("Linden", "ward", None),
        "7": ("Seven", "ward", SQUARE),
    }


def test_importing_shapes_keeps_what_the_file_does_not_know(hill: Said, file: Write, database: Database) -> None:
    hill("area", "add", "north", "--name", "North", *AT)
    hill("area", "add", "hill-road", "--name", "Hill Road", "--population", "4100", "--parent", "north", *AT)
    hill.both("area", "import", file(collection(feature("hill-road"))), *PROPERTIES, *AT)
    found = areas(database)["hill-road"]
    assert (found.population, found.shape) == (4_100, SQUARE)
    assert found.parent_id is not None


def test_blanks_around_a_code_are_no_part_of_it(hill: Said, file: Write, database: Database) -> None:
    hill.both("area", "import", file(collection(feature(" hill-road "))), *PROPERTIES, *AT)
    assert list(areas(database)) == ["hill-road"]


def test_same_code_twice_is_said_and_the_first_one_stays(hill: Said, file: Write, database: Database) -> None:
    path = file(collection(feature("hill-road", "First"), feature("linden", "Linden"), feature("hill-road", "Second")))
    out, err = hill.both("area", "import", path, *PROPERTIES, *AT, "--kind", "neighbourhood")
    assert json.loads(out) == {"received": 3, "created": 2, "seen": 0}
    assert "Row 3: hill-road came before" in err
    assert areas(database)["hill-road"].name == "First"


@pytest.mark.real_data
def test_real_wards_of_trafford_are_imported(hill: Said, database: Database) -> None:
    """21 wards, as `SOURCE.md` beside the file says."""
    if not WARDS.exists():
        pytest.skip("The folder of real data is not beside this project, so the wards of Trafford were not imported.")
    out, _err = hill.both("area", "import", str(WARDS), "--code", "area_code", "--name", "area_name", *AT)
    assert json.loads(out) == {"received": 21, "created": 21, "seen": 0}
    found = areas(database)
    assert found["E05015239"].name == "Altrincham"
    assert all(area.shape and area.shape["type"] in ("Polygon", "MultiPolygon") for area in found.values())
