"""The API document and its page."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.news import Event

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(visitor: TestClient) -> dict[str, Any]:
    answer = visitor.get("/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*map(references, part.values()))
    return set().union(*map(references, part)) if isinstance(part, list) else set()


# ---- what is not in it -----------------------------------------------------------------------------------------------


def test_pages_of_staff_and_residents_are_no_part_of_the_api(document: dict[str, Any]) -> None:
    assert {path for path in document["paths"] if not path.startswith("/api/v1")} == set()


def test_framework_s_own_shape_of_an_error_is_nowhere(document: dict[str, Any]) -> None:
    assert {name for name in document["components"]["schemas"] if "ValidationError" in name} == set()
    assert not any("HTTPValidationError" in reference for reference in references(document))


# ---- what is in it ---------------------------------------------------------------------------------------------------


def test_document_is_openapi_3_1_and_names_every_route_of_the_api(document: dict[str, Any], app: FastAPI) -> None:
    assert document["openapi"].startswith("3.1.")
    routes = {f"{method} {route.path}" for route in app.state.routes for method in route.methods if route.path.startswith("/api/")}
    assert set(operations(document)) == routes
    assert all(operation.get("summary") and operation.get("description") for operation in operations(document).values())


def test_every_refusal_is_problem_details(document: dict[str, Any]) -> None:
    refusals = [
        (name, status, answer)
        for name, operation in operations(document).items()
        for status, answer in operation["responses"].items()
        if status >= "400"
    ]
    assert {name for name, status, _answer in refusals if status == "422"} >= {"POST /api/v1/{c}/feedback", "PUT /api/v1/{c}/areas/{code}"}
    for name, status, answer in refusals:
        assert list(answer["content"]) == ["application/problem+json"], (name, status)
        assert answer["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
    problem = document["components"]["schemas"]["Problem"]["properties"]
    assert {"type", "title", "status", "detail", "errors"} <= set(problem)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    components = document["components"]
    found = references(document)
    missing = {where for where in found if where.split("/")[-1] not in components[where.split("/")[-2]]}
    assert missing == set() and all(where.startswith("#/components/") for where in found)


def test_routes_that_need_a_key_say_so(document: dict[str, Any], app: FastAPI) -> None:
    schemes = document["components"]["securitySchemes"]
    assert [scheme["scheme"] for scheme in schemes.values()] == ["bearer"]
    found = operations(document)
    assert found["PUT /api/v1/{c}/areas/{code}"]["security"]
    assert "security" not in found["GET /api/v1/{c}/areas"]
    assert app.title == document["info"]["title"]


# ---- the page --------------------------------------------------------------------------------------------------------


def test_page_shows_every_operation_without_a_script_or_another_host(document: dict[str, Any], visitor: TestClient) -> None:
    answer = visitor.get("/docs")
    assert answer.status_code == 200
    page = Html(answer.text)
    shown = {" ".join(code.text().split()) for code in page.css("section.operation .address code")}
    assert shown == set(operations(document))
    sources = [node.attributes[name] or "" for name in ("src", "href") for node in page.css(f"[{name}]")]
    assert [source for source in sources if re.match(r"(https?:)?//", source)] == []
    assert all((script.attributes.get("src") or "").startswith("/static/") for script in page.css("script"))
    assert not any(node.attributes.get("style") for node in page.css("*"))


def test_what_webhooks_are_told_is_described_as_well(document: dict[str, Any]) -> None:
    assert set(document["webhooks"]) == {event.value for event in Event}
    described = document["components"]["schemas"]["Told"]["properties"]
    assert set(described["type"]["enum"]) == set(document["webhooks"]) and "organisation" in described["data"]["required"]
