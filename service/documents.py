"""The API document (OpenAPI 3.1) and its page: no script, no other host."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse

from service.contract import complete
from service.doors import Router
from service.html import page
from service.news import Event
from service.people.access import ANYONE
from service.problems import Problem

METHODS = ("get", "post", "put", "patch", "delete")
ABOUT = """Outside programs post residents' messages and read what became of them.

Errors are problem details (RFC 9457), never with what was sent. Lists are paged by key: follow `next`. Moments are RFC 3339 in UTC.
Keys are sent as `Authorization: Bearer sad_<id>_<secret>`.
"""

router = Router(dependencies=[ANYONE], include_in_schema=False)


@router.get("/openapi.json", name="documents.openapi")
def document(request: Request) -> JSONResponse:
    """The API document."""
    return JSONResponse(request.app.openapi())


@router.get("/docs", name="documents.page")
def read(request: Request) -> HTMLResponse:
    """The API document for people."""
    spec = request.app.openapi()
    return page(request, "documents/api.html", here="docs", spec=spec, about=ABOUT, operations=_operations(spec))


def describe(app: FastAPI) -> None:
    """Gives the application its document."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    spec = get_openapi(title=app.title, version=app.version, openapi_version="3.1.0", description=ABOUT, routes=app.routes)
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= dict(problem.pop("$defs", {})) | {"Problem": problem}
    for path in spec["paths"].values():
        for method in METHODS:
            _mend_refusals(path.get(method, {}))
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Told"] = TOLD
    spec["webhooks"] = {event.value: {"post": _telling(event)} for event in Event}
    return complete(spec, app.state.routes)


TEXT = {"type": "string"}
TOLD = {
    "type": "object",
    "description": "What a webhook is told: ids and states, never words. docs/webhooks.md says what to expect.",
    "required": ["type", "timestamp", "data"],
    "properties": {
        "type": {"enum": [event.value for event in Event]},
        "timestamp": {"type": "string", "format": "date-time"},
        "data": {
            "type": "object",
            "required": ["collaboration", "id", "state", "url", "organisation"],
            "properties": {
                "collaboration": TEXT,
                "id": {"type": "string", "format": "uuid"},
                "state": TEXT,
                "publication": {**TEXT, "description": "Of messages only."},
                "count": {"type": "integer", "description": "Of figures only: how many were stored."},
                "url": {"type": "string", "format": "uri"},
                "organisation": {"type": ["string", "null"], "description": "The code of the organisation that it is with."},
            },
        },
    },
}
SIGNED = {
    "webhook-id": "The same at every try of one event.",
    "webhook-timestamp": "Seconds since 1970, of this try.",
    "webhook-signature": "One or two signatures, `v1,` and base64, as Standard Webhooks has them.",
}


def _telling(event: Event) -> dict[str, Any]:
    """One event, as OpenAPI describes it."""
    return {
        "summary": event.value,
        "operationId": f"webhook_{event.name.lower()}",
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": words, "schema": TEXT} for name, words in SIGNED.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Told"}}}},
        "responses": {"2XX": {"description": "It arrived. Anything else is tried again; 410 switches the webhook off."}},
    }


def _mend_refusals(operation: dict[str, Any]) -> None:
    """FastAPI documents its own shape of 422; ours is problem details."""
    refused = operation.get("responses", {}).get("422")
    if refused:
        refused["content"] = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _operations(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation as the page shows it, with the fields of what is sent."""
    found = []
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            found.append({"method": method.upper(), "path": path, **operation, "fields": _fields(spec, body)})
    return found


def _fields(spec: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    schema = schema["oneOf"][0] if "oneOf" in schema else schema
    if "$ref" in schema:
        schema = _resolved(spec, schema)
    required = schema.get("required", [])
    return [
        {"name": name, "required": name in required, "about": field.get("description", ""), "choices": _choices(spec, field)}
        for name, field in schema.get("properties", {}).items()
    ]


def _resolved(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _choices(spec: dict[str, Any], field: dict[str, Any]) -> list[str]:
    for option in [field, *field.get("anyOf", [])]:
        found = _resolved(spec, option) if "$ref" in option else option
        if "enum" in found:
            return list(found["enum"])
    return []
