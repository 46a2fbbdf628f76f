"""What everybody may take away: the data package says what its files hold, and the IATI file keeps to the order of the standard."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from service.places.queries import PlaceCard
from tests.accountability.outside import faults_of_package
from tests.accountability.world import record
from tests.make import Make
from tests.real import REAL

READ: dict[str, Any] = {
    "string": str,
    "number": float,
    "integer": int,
    "date": date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
    "object": json.loads,
}
"""How a cell of each type is read. What cannot be read raises."""


@pytest.fixture
def told(make: Make, busy: PlaceCard) -> PlaceCard:
    """The busy place, with a number that is hard to write down."""
    hard: dict[str, Any] = {"indicator": "damp", "period": "2019", "value": 1e-7, "comment": "=1 < 2 & “so”\x01", "provisional": True}
    record(make, busy, [{**hard, "dimension": {"tenure": "<rented>"}}, {"indicator": "damp", "period": "2018", "missing": "unknown"}])
    return busy


# ---- the data package ------------------------------------------------------------------------------------------------


def test_package_says_of_each_file_what_stands_in_it(visitor: TestClient, told: PlaceCard, tmp_path: Path) -> None:
    package = visitor.get(f"/api/v1/{told.slug}/datapackage.json").json()
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    resources = {one["name"]: one for one in package["resources"]}
    rows: dict[str, list[dict[str, str]]] = {}
    for name, resource in resources.items():
        assert not resource["path"].startswith(("/", ".")), "a path inside the package"
        answer = visitor.get(f"/api/v1/{told.slug}/{resource['path']}")
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, resource["mediatype"])
        sheet = csv.DictReader(io.StringIO(answer.text))
        rows[name] = list(sheet)
        fields = {one["name"]: one["type"] for one in resource["schema"]["fields"]}
        assert list(fields) == sheet.fieldnames
        for row in rows[name]:
            assert all(READ[fields[column]](cell) is not None for column, cell in row.items() if cell)
        keys = [tuple(row[column] for column in resource["schema"].get("primaryKey", fields)) for row in rows[name]]
        assert len(keys) == len(set(keys))
    assert rows["observations"] and rows["areas"]
    assert [row["comment"] for row in rows["observations"] if row["comment"]][-1].startswith("'=1 < 2")
    for name, resource in resources.items():
        for foreign in resource["schema"].get("foreignKeys", ()):
            there = {row[foreign["reference"]["fields"]] for row in rows[foreign["reference"]["resource"]]}
            assert {row[foreign["fields"]] for row in rows[name]} - {""} <= there
    assert visitor.get(f"/api/v1/{told.slug}/data/feedback.csv").status_code in (404, 422)
    assert faults_of_package(visitor, told.slug, tmp_path) == []


# ---- IATI ------------------------------------------------------------------------------------------------------------


def activity(visitor: TestClient, place: PlaceCard) -> ET.Element:
    answer = visitor.get(f"/api/v1/{place.slug}/iati.xml")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "application/xml")
    return ET.fromstring(answer.content)  # noqa: S314 (our own answer)


def test_numbers_are_there_with_where_for_whom_and_what_is_said_of_them(visitor: TestClient, told: PlaceCard) -> None:
    found = activity(visitor, told)
    [damp] = [one for one in found.iter("indicator") if one.find("reference").get("code") == "damp"]  # type: ignore[union-attr]
    by_year = {one.find("period-start").get("iso-date"): one for one in damp.iter("period")}  # type: ignore[union-attr]
    assert by_year["2018-01-01"].find("actual") is None, "a missing value is no value"
    actual = by_year["2019-01-01"].find("actual")
    assert actual is not None
    assert actual.get("value") == "0.0000001"
    assert [(one.tag, one.attrib) for one in actual][:1] == [("dimension", {"name": "tenure", "value": "<rented>"})]
    assert "".join(actual.itertext()) == "=1 < 2 & “so” Provisional."
    locations = {one.get("ref") for one in found.findall("iati-activity/location")}
    assert {one.get("ref") for one in found.iterfind(".//actual/location")} <= locations
    assert not {one.get("code") for one in found.iter("location")} & {"otherham"}


XSD = "{http://www.w3.org/2001/XMLSchema}"


class Schema:
    """As much of XML Schema as says which parts an element has, in which order, how often, and which attributes it needs."""

    def __init__(self, *files: str) -> None:
        roots = [ET.parse(REAL / "iati_xsd" / name).getroot() for name in files]  # noqa: S314 (a file of the standard)
        self.elements = {one.get("name"): one for root in roots for one in root.findall(f"{XSD}element")}
        self.types = {one.get("name"): one for root in roots for one in root.findall(f"{XSD}complexType")}

    def complaints(self, element: ET.Element, declared: ET.Element | None = None) -> Iterator[str]:
        """What of this element is not as it must be."""
        declared = self.elements[element.tag] if declared is None else declared
        shape = declared.find(f"{XSD}complexType")
        shape = self.types.get(declared.get("type")) if shape is None else shape
        if shape is None:
            return
        needed = {one.get("name") for one in shape.iter(f"{XSD}attribute") if one.get("use") == "required" and self._is_own(shape, one)}
        yield from (f"{element.tag}: no {name}" for name in needed - element.attrib.keys() - {None})
        sequence = shape.find(f"{XSD}sequence")
        wanted = [] if sequence is None else [one for one in sequence if one.tag in (f"{XSD}element", f"{XSD}choice")]
        children = list(element)
        for one in wanted:
            names = {found.get("ref") or found.get("name"): found for found in ([one] if one.tag == f"{XSD}element" else one)}
            taken = 0
            while children and children[0].tag in names:
                found = names[children[0].tag]
                yield from self.complaints(children.pop(0), self.elements[found.get("ref")] if found.get("ref") else found)
                taken += 1
            most = one.get("maxOccurs", "1")
            if taken < int(one.get("minOccurs", "1")) or (most != "unbounded" and taken > int(most)):
                yield f"{element.tag}: {taken} times {' or '.join(map(str, names))}"
        yield from (f"{element.tag}: {one.tag} stands where it must not" for one in children)

    def _is_own(self, shape: ET.Element, attribute: ET.Element) -> bool:
        return attribute in list(shape) or any(attribute in list(one) for one in shape.iterfind(f"./{XSD}simpleContent/{XSD}extension"))


@pytest.mark.real_data
@pytest.mark.skipif(not (REAL / "iati_xsd").is_dir(), reason="The IATI schema is kept beside the project, in ../shared/data: not here")
def test_file_keeps_to_the_schema_of_the_standard(visitor: TestClient, told: PlaceCard) -> None:
    schema = Schema("iati-activities-schema.xsd", "iati-common.xsd")
    found = activity(visitor, told)
    assert list(schema.complaints(found)) == []
    first = found.find("iati-activity")
    assert first is not None
    first.remove(first[1])
    first.append(first[0])
    assert list(schema.complaints(found)), "a part that is missing or stands elsewhere is noticed"


@pytest.mark.real_data
@pytest.mark.skipif(not (REAL / "iati_xsd").is_dir(), reason="The IATI schema is kept beside the project, in ../shared/data: not here")
def test_validator_of_other_people_finds_nothing_wrong_with_the_file(visitor: TestClient, told: PlaceCard) -> None:
    """All of XML Schema, types of values included, as PyPI `xmlschema` has it."""
    xmlschema = pytest.importorskip("xmlschema", reason="An XSD validator from outside: pip install xmlschema")
    schema = xmlschema.XMLSchema(str(REAL / "iati_xsd" / "iati-activities-schema.xsd"))
    body = visitor.get(f"/api/v1/{told.slug}/iati.xml").text
    assert [f"{fault.path}: {fault.reason}" for fault in schema.iter_errors(body)] == []
    assert not schema.is_valid(body.replace('iso-date="2019-01-01"', 'iso-date="1 January 2019"'))
    assert not schema.is_valid(body.replace("<activity-status", "<title/><activity-status"))
