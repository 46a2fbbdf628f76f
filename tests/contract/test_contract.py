"""The API document is complete: examples that hold, refusals in words, names for clients; and a change of it is seen."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from jsonschema import Draft202012Validator, FormatChecker

from service.app import create_app
from service.settings import ROOT, Settings
from tests.places.test_documents import operations

COMMITTED = ROOT / "docs" / "openapi.json"
CODES = "^[A-Za-z0-9][A-Za-z0-9._-]*$"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(create_app(Settings(mode="test")).openapi()))
    return found


def examples(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body that is sent or answered as JSON: where it stands, and its part of the document."""
    for name, operation in operations(document).items():
        sent = operation.get("requestBody", {}).get("content", {})
        yield from ((f"{name}, sent", part) for kind, part in sent.items() if kind == "application/json")
        for status, answer in operation["responses"].items():
            yield from ((f"{name}, {status}", part) for kind, part in answer.get("content", {}).items() if kind.endswith("json"))


def faults(document: dict[str, Any], part: dict[str, Any]) -> list[str]:
    schema = {**part["schema"], "components": document["components"]}
    return [error.message for error in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(part["example"])]


def test_every_body_has_an_example_and_every_example_is_one(document: dict[str, Any]) -> None:
    found = list(examples(document))
    assert len(found) > 100
    assert [where for where, part in found if "example" not in part] == []
    assert {where: wrong for where, part in found if (wrong := faults(document, part))} == {}


def test_example_that_breaks_its_schema_would_be_seen(document: dict[str, Any]) -> None:
    part = document["paths"]["/api/v1/{c}/receipts"]["post"]["requestBody"]["content"]["application/json"]
    assert faults(document, part) == []
    assert faults(document, {**part, "example": {"code": 7}})


def test_every_refusal_says_in_words_what_it_means(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {"400", "503"} <= set(refusals), name
        assert all(answer["description"].endswith(".") for answer in refusals.values()), name
        assert all("Retry-After" in refusals[status]["headers"] for status in ("429", "503") if status in refusals), name


def test_operations_have_short_names_of_their_own_and_links_lead_to_them(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and "api" not in name for name in names)
    links = [
        link["operationId"]
        for operation in operations(document).values()
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    ]
    assert links and set(links) <= set(names)
    assert not any("__" in name or name.startswith("Page_") for name in document["components"]["schemas"])


def test_lists_and_repeats_say_their_headers(document: dict[str, Any]) -> None:
    found = operations(document)
    assert "Link" in found["GET /api/v1/{c}/promises"]["responses"]["200"]["headers"]
    assert "Idempotent-Replayed" in found["POST /api/v1/{c}/feedback"]["responses"]["200"]["headers"]
    assert "WWW-Authenticate" in found["POST /api/v1/{c}/promises"]["responses"]["401"]["headers"]


def test_where_a_key_may_be_left_out_the_document_says_so(document: dict[str, Any]) -> None:
    found = {name: operation.get("security") for name, operation in operations(document).items() if operation.get("security")}
    assert {name for name, ways in found.items() if {} in (ways or [])} == {
        "POST /api/v1/{c}/feedback",
        "POST /api/v1/{c}/feedback/photos",
        "GET /api/v1/{c}/narratives",
        "GET /api/v1/{c}/narratives/{narrative_id}",
    }


def test_every_enumeration_stands_in_one_table(document: dict[str, Any]) -> None:
    chosen = {name: schema["enum"] for name, schema in document["components"]["schemas"].items() if "enum" in schema}
    assert {name: row["values"] for name, row in document["x-enumerations"].items()} == chosen
    table = document["info"]["description"].partition("## Enumerations")[2]
    assert all(f"| {name} | {' '.join(f'`{value}`' for value in values)} |" in table for name, values in chosen.items())


def test_committed_copy_is_what_the_service_says(document: dict[str, Any], app: FastAPI) -> None:
    """So that a change of the contract is seen by whoever reads the change. It is renewed with `said openapi > docs/openapi.json`."""
    assert app.openapi() == document, "the settings change nothing of it"
    assert json.loads(COMMITTED.read_text("utf-8")) == document


def test_codes_in_addresses_are_taken_as_the_document_says() -> None:
    """White space around one is refused: its pattern, which programs are made from, does not allow it."""
    routes = [route for route in create_app(Settings(mode="test")).routes if isinstance(route, APIRoute)]
    found = [
        (route.path, field)
        for route in routes
        if route.path.startswith("/api/v1/")
        for field in (*route.dependant.path_params, *route.dependant.query_params)
        if CODES in repr((field.field_info.annotation, field.field_info.metadata))
    ]
    assert len(found) > 10
    for path, field in found:
        assert not field.validate("c", loc=("query",))[1], (path, field.name)
        for written in ("\x0cc", " c", "c\n"):
            assert field.validate(written, loc=("query",))[1], (path, field.name)
