"""Places over HTTP: who may change an area, what is refused and how, lists in pages."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.places.queries import PlaceCard
from tests.make import Make

AREAS = "/api/v1/hillside/areas"
POINT = {"type": "Point", "coordinates": [-2.35, 53.4]}
LISTS: dict[str, Callable[..., Any]] = {"organisations": Make.organisation, "areas": Make.area, "topics": Make.topic}

Programs = Callable[..., TestClient]


@pytest.fixture
def writer(hillside: PlaceCard, with_key: Programs) -> TestClient:
    """A program that may change the areas of hillside."""
    return with_key(hillside, "outcomes:write")


def codes(client: TestClient, address: str = f"{AREAS}?limit=200") -> set[str]:
    return {item["code"] for item in client.get(address).json()["items"]} - {"whole_place"}


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_only_a_key_for_outcomes_of_this_place_changes_an_area(
    make: Make, hillside: PlaceCard, with_key: Programs, visitor: TestClient, staff: TestClient
) -> None:
    """Each refusal is problem details, and nothing is stored."""
    programs = {
        401: [visitor, staff],
        403: [with_key(hillside, "feedback:write", "account:read")],
        404: [with_key(make.collaboration("amber-vale"), "outcomes:write")],
    }
    for status, those in programs.items():
        for program in those:
            answer = program.put(f"{AREAS}/hill-road", json={"name": "Hill Road"})
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
            assert answer.json()["status"] == status
    assert codes(visitor) == set()


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_areas_are_neither_posted_nor_deleted(writer: TestClient, method: str) -> None:
    answer = writer.request(method, f"{AREAS}/hill-road")
    assert (answer.status_code, answer.headers["allow"]) == (405, "PUT")
    assert answer.json()["status"] == 405


REFUSED: dict[str, Any] = {
    "name": {},
    "kind": {"name": "x", "kind": "galaxy"},
    "population": {"name": "x", "population": -1},
    "population_as_of": {"name": "x", "population_as_of": "last summer"},
    "parent": {"name": "x", "parent": "nowhere"},
    "shape": {"name": "x", "shape": {"type": "Point", "coordinates": [181, 0]}},
    "colour": {"name": "x", "colour": "green"},
}


def test_each_field_at_fault_is_named_and_what_was_sent_is_not_repeated(writer: TestClient) -> None:
    for field, sent in REFUSED.items():
        answer = writer.put(f"{AREAS}/hill-road", json=sent)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), field
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert all(error["message"] for error in answer.json()["errors"])
        assert not any(word in answer.text for word in ("galaxy", "last summer", "nowhere", "green", "181"))
    assert codes(writer) == set()


HOSTILE = (
    '{"type": [], "coordinates": [0, 0]}',
    '{"type": {}, "coordinates": [0, 0]}',
    '{"type": "Point", "coordinates": [0, 0, 1e400]}',
    '{"type": "Point", "coordinates": [0, 0], "bbox": [1e400]}',
    '{"type": "Point", "coordinates": [0, 0], "note": "a\\u0000b"}',
    '{"type": "Point", "coordinates": [0, 0], "a\\u0000b": 1}',
    '{"type": "Point", "coordinates": [0, 0], "note": ' + "[" * 300 + "]" * 300 + "}",
    '{"type": "Point", "coordinates": [0, 0, 1' + "0" * 400 + "]}",
    '{"type": "Point", "coordinates": [[[[[[0, 0]]]]]]}',
)


def test_shape_that_no_map_could_draw_is_refused_alike_on_both_databases(writer: TestClient, app: FastAPI) -> None:
    """Never an error of ours, and never a list of areas that nobody can read afterwards. What is beside the map may be dropped."""
    writer = TestClient(app, raise_server_exceptions=False, headers=dict(writer.headers))
    for shape in HOSTILE:
        body = f'{{"name": "x", "shape": {shape}}}'
        answer = writer.put(f"{AREAS}/hill-road", content=body, headers={"Content-Type": "application/json"})
        dropped = answer.is_success and answer.json()["shape"] == {"type": "Point", "coordinates": [0, 0]}
        assert answer.status_code in (400, 422) or dropped, (answer.status_code, shape[:80])
        assert writer.get(AREAS).status_code == 200


def test_code_that_no_area_could_have_is_not_found(writer: TestClient) -> None:
    for code in ("a b", "-x", "h" * 41, "é", "'", "a\u202eb"):
        assert writer.put(f"{AREAS}/{quote(code, safe='')}", json={"name": "x"}).status_code == 404
    assert writer.put(f"{AREAS}/whole_place", json={"name": "x"}).status_code == 422


def test_body_that_is_too_large_is_refused(writer: TestClient) -> None:
    ring = [[-2.35, 53.4]] * 6_000
    answer = writer.put(f"{AREAS}/hill-road", json={"name": "x", "shape": {"type": "Polygon", "coordinates": [ring]}})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_place_that_is_not_there_has_no_lists(visitor: TestClient) -> None:
    for name in LISTS:
        answer = visitor.get(f"/api/v1/nowhere/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_page_that_no_list_gave_is_refused(visitor: TestClient, hillside: PlaceCard) -> None:
    bad = ("limit=0", "limit=201", "limit=ten", "cursor=%FF", "cursor=!!!!", "cursor=AA", "cursor=" + "A" * 500)
    for name in LISTS:
        for query in bad:
            answer = visitor.get(f"/api/v1/{hillside.slug}/{name}?{query}")
            assert answer.status_code == 422, query
            assert [error["field"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


# ---- areas -----------------------------------------------------------------------------------------------------------


def test_area_is_added_and_changed_and_read_back(writer: TestClient, visitor: TestClient) -> None:
    writer.put(f"{AREAS}/north", json={"name": "North"})
    sent = {"name": "Hill Road", "kind": "ward", "parent": "north", "population": 4_100, "population_as_of": "2025-06-30", "shape": POINT}
    first = writer.put(f"{AREAS}/hill-road", json=sent)
    again = writer.put(f"{AREAS}/hill-road", json={**sent, "population": 0})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {"code": "hill-road", **sent}
    [read] = [item for item in visitor.get(AREAS).json()["items"] if item["code"] == "hill-road"]
    assert read == again.json() == {"code": "hill-road", **sent, "population": 0}


def test_putting_is_saying_everything(writer: TestClient) -> None:
    """A field that is left out is gone: the same PUT twice leaves the same area, whatever it was before."""
    writer.put(f"{AREAS}/hill-road", json={"name": "Hill Road", "population": 4_100, "shape": POINT})
    answer = writer.put(f"{AREAS}/hill-road", json={"name": "Hill Road"})
    assert (answer.json()["population"], answer.json()["shape"]) == (None, None)


# ---- lists in pages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_every_item_is_seen_once_while_rows_arrive(make: Make, hillside: PlaceCard, visitor: TestClient, name: str) -> None:
    before = [f"m-{number:02}" for number in range(0, 20, 2)]
    for code in before:
        LISTS[name](make, hillside, code)
    seen: list[str] = []
    address: str | None = f"/api/v1/hillside/{name}?limit=3"
    arriving = iter(["a-first", "m-17", "zz-last", "b-second"])
    while address:
        answer = visitor.get(address)
        page = answer.json()
        assert len(page["items"]) <= 3
        seen += [item["code"] for item in page["items"]]
        link = answer.links.get("next", {}).get("url")
        assert (link is None) == (page["next"] is None)
        assert link is None or (f"cursor={page['next']}" in link and "limit=3" in link)
        address = link
        if arrived := next(arriving, None):
            LISTS[name](make, hillside, arrived)
    assert len(seen) == len({*seen}), "nothing twice"
    assert set(before) <= {*seen}, "nothing that was there is missed"
    assert {"m-17", "zz-last"} <= {*seen}, "what arrives ahead is met"
    assert seen == sorted(seen)


def test_last_page_names_no_next(make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    for number in range(4):
        make.topic(hillside, f"t-{number}")
    answer = visitor.get("/api/v1/hillside/topics?limit=4")
    assert answer.json()["next"] is None
    assert "link" not in answer.headers
    assert len(answer.json()["items"]) == 4


def test_cursor_of_another_place_opens_nothing_of_it(make: Make, hillside: PlaceCard, visitor: TestClient) -> None:
    vale = make.collaboration("amber-vale")
    for number in range(3):
        make.topic(vale, f"river-{number}")
        make.topic(hillside, f"path-{number}")
    cursor = visitor.get("/api/v1/amber-vale/topics?limit=1").json()["next"]
    assert codes(visitor, f"/api/v1/hillside/topics?cursor={cursor}") <= {"path-0", "path-1", "path-2"}


# ---- collaborations --------------------------------------------------------------------------------------------------


def test_list_of_places_says_where_their_things_are(make: Make, visitor: TestClient) -> None:
    make.collaboration("hillside", name="Hillside", languages=["en", "cy"], example=True)
    [place] = visitor.get("/api/v1").json()
    assert {name: place[name] for name in ("slug", "name", "languages", "example", "type")} == {
        "slug": "hillside",
        "name": "Hillside",
        "languages": ["en", "cy"],
        "example": True,
        "type": "collaborative_council",
    }
    for name, link in place["links"].items():
        answer = visitor.post(link, json={"kind": "good"}) if name == "feedback" else visitor.get(link)
        assert answer.status_code in (200, 201), f"{name} leads nowhere"
    assert "contact" not in json.dumps(place)
