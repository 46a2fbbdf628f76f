"""What the API document says beyond what its routes declare: names, examples, refusals in words, headers, links, all enumerations."""

import json
from http import HTTPStatus
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from service.contract_examples import ANSWERS, BODIES

Part = dict[str, Any]

NAMES = {
    "HTTPBearer": "key",
    "service__checks__models__CheckIn": "PromiseCheckIn",
    "service__loop__models__CheckIn": "ReplyCheckIn",
    "service__feedback__models__Kind": "FeedbackKind",
    "service__narratives__models__Kind": "StoryKind",
}
"""What a class is called outside, where two have one name inside."""

WORDS = {
    400: ("The body or the address cannot be read.", "This address has a character that cannot be stored."),
    401: (
        "A key is needed, or the one that was sent is not known.",
        "Send a key as the header Authorization: Bearer sad_… One that worked before has ended: ask for a new one.",
    ),
    403: ("The key does not have the scope.", "This key does not have the scope promises:write."),
    404: ("There is nothing here, or nothing that this caller may see.", None),
    408: (
        "The body did not come, or came in drops: nothing for 30 seconds, or less than 2 KiB a second after the first minute.",
        "It came too slowly, and nothing was stored. Please send it again.",
    ),
    409: ("It cannot be done from where things stand; `detail` says what can.", "This key was used before, for something else."),
    412: ("It was changed since it was read.", None),
    413: ("The body is too large.", "That is larger than can be taken here."),
    415: ("The body is of a kind that is not taken here.", None),
    422: ("The body or the address was read, and something in it needs another look: `errors` says where.", "Write a date as 2026-11-22."),
    429: ("Too many, too soon. Wait as long as `Retry-After` says.", "That was tried too often. Wait a little, then try again."),
    503: ("Nothing was stored. Send it again, with the same `Idempotency-Key`.", "Nothing was stored. Please send it again in a moment."),
}
"""Why a request is refused: in words, and the `detail` of an example."""

ALWAYS = (400, 404, 503)
"""What every address of a collaboration may answer. The list of collaborations has no 404."""

SENT = (408,)
"""What every address that takes a body may answer besides."""

HEADERS: dict[str, Part] = {
    "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "example": 2},
    "Challenge": {"description": "How to send a key.", "schema": {"type": "string"}, "example": 'Bearer realm="Said & Done"'},
    "Next": {
        "description": 'The next page, as `rel="next"`. Missing on the last one.',
        "schema": {"type": "string"},
        "example": '</api/v1/hillside/areas?limit=50&cursor=aGlsbC1yb2Fk>; rel="next"',
    },
    "RequestId": {
        "description": "The name of this request in our log: the one that was sent, or one of ours.",
        "schema": {"type": "string"},
        "example": "5f2c9a4e1b7d4e0f",
    },
    "Policy": {
        "description": "How much the holder of a key may ask: a quota and its window in seconds. Missing without a key.",
        "schema": {"type": "string"},
        "example": '"requests";q=6000;w=60, "rows";q=3000000;w=60',
    },
    "Left": {
        "description": "What is left of it, and in how many seconds it begins anew. Missing without a key.",
        "schema": {"type": "string"},
        "example": '"requests";r=5999;t=60, "rows";r=3000000;t=60',
    },
    "Version": {
        "description": "Which version this is, for `If-None-Match`, and for `If-Match` where a thing is changed.",
        "schema": {"type": "string"},
        "example": '"b3b2ca6f51bafcb51bffabd3"',
    },
    "Replayed": {
        "description": "`true`: this is the answer that was given before to the same `Idempotency-Key`.",
        "schema": {"type": "string", "enum": ["true"]},
        "example": "true",
    },
}
CARRIED = {401: {"WWW-Authenticate": "Challenge"}, 429: {"Retry-After": "RetryAfter"}, 503: {"Retry-After": "RetryAfter"}}

ONE_PROMISE = {"c": "$request.path.c", "promise_id": "$response.body#/id"}
LINKS: dict[str, dict[str, Part]] = {
    "promises_make": {
        "read": {"operationId": "promises_show", "parameters": ONE_PROMISE},
        "say_what_became_of_it": {"operationId": "promises_update", "parameters": ONE_PROMISE},
        "check": {"operationId": "checks_check", "parameters": ONE_PROMISE},
    },
    "feedback_tell": {
        "read_answer": {
            "operationId": "feedback_answer",
            "parameters": {"c": "$request.path.c"},
            "requestBody": {"code": "$response.body#/receipt"},
        },
        "take_back": {
            "operationId": "feedback_withdraw",
            "parameters": {"c": "$request.path.c"},
            "requestBody": {"code": "$response.body#/receipt"},
        },
    },
    "narratives_tell": {
        "read": {"operationId": "narratives_show", "parameters": {"c": "$request.path.c", "narrative_id": "$response.body#/id"}},
    },
}
"""From what was made, what can be done with it next."""


def operation_id(route: APIRoute) -> str:
    """A short name for those who generate clients: `promises.api_make` is `promises_make`."""
    return route.name.replace(".api_", "_").replace(".", "_")


def complete(spec: Part, routes: list[APIRoute]) -> Part:
    """The document, with all of it. `routes` are those of the application, to see who may call without a key."""
    spec = _renamed(spec)
    short = {route.unique_id: operation_id(route) for route in routes}
    keyless = {short[route.unique_id] for route in routes if _key_is_optional(route.dependant)}
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            operation["operationId"] = short[operation["operationId"]]
            _refuse(operation, (*(ALWAYS if "{c}" in path else (400, 503)), *(SENT if "requestBody" in operation else ())))
            _answer(operation)
            if operation["operationId"] in keyless:
                operation["security"] = [{}, *operation["security"]]
            _carry(operation, reads=method == "get")
    spec["components"]["headers"] = HEADERS
    spec["x-enumerations"] = {
        name: {"values": schema["enum"], "about": schema.get("description", "").partition("\n")[0]}
        for name, schema in sorted(spec["components"]["schemas"].items())
        if "enum" in schema
    }
    rows = [
        f"| {name} | {' '.join(f'`{value}`' for value in found['values'])} | {found['about']} |"
        for name, found in spec["x-enumerations"].items()
    ]
    table = "\n".join(["| Name | Values | What it says |", "|---|---|---|", *rows])
    spec["info"]["description"] += f"\n## Enumerations\n\n{table}\n"
    return spec


def _renamed(spec: Part) -> Part:
    text = json.dumps(spec)
    for inside, outside in NAMES.items():
        text = text.replace(f'"{inside}"', f'"{outside}"').replace(f"schemas/{inside}", f"schemas/{outside}")
    named: Part = json.loads(text)
    schemas = named["components"]["schemas"]
    for name in [name for name in schemas if name.startswith("Page_")]:
        outside = name.removeprefix("Page_").removesuffix("_").removesuffix("Out") + "Page"
        text = text.replace(f'"{name}"', f'"{outside}"').replace(f'schemas/{name}"', f'schemas/{outside}"')
    found: Part = json.loads(text)
    schemas = found["components"]["schemas"]
    for methods in found["paths"].values():
        for operation in methods.values():
            for body in operation.get("requestBody", {}).get("content", {}).values():
                body["schema"] = _by_name(body["schema"], schemas)
    for name, schema in schemas.items():
        schema["title"] = name
    return found


def _by_name(schema: Any, schemas: Part) -> Any:
    """A body with each thing in it under its name, among the others: whoever generates a client has one class for it, and calls it so."""
    if isinstance(schema, list):
        return [_by_name(part, schemas) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _by_name(part, schemas) for name, part in schema.items()}
    if "properties" not in plain or "title" not in plain:
        return plain
    name = plain["title"]
    if schemas.setdefault(name, plain) != plain:
        raise ValueError(f"two things are called {name}")
    return {"$ref": f"#/components/schemas/{name}"}


def _key_is_optional(dependant: Dependant) -> bool:
    who = getattr(dependant.call, "who", "")
    return who.startswith("anyone; a key") or any(map(_key_is_optional, dependant.dependencies))


def _refuse(operation: Part, always: tuple[int, ...]) -> None:
    """Each refusal in words, with the headers that come with it, and an example."""
    given = operation["responses"]
    content = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status in {*always, *(int(status) for status in given if status.isdecimal() and status >= "400")}:
        words, detail = WORDS[status]
        example: Part = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
        if detail:
            example["detail"] = detail
        if status == HTTPStatus.UNPROCESSABLE_ENTITY:
            example |= {"title": "Some of that needs another look", "errors": [{"field": "since", "message": detail}]}
        given[str(status)] = {"description": words, "content": {"application/problem+json": {**content, "example": example}}}
        if status in CARRIED:
            given[str(status)]["headers"] = {name: {"$ref": f"#/components/headers/{part}"} for name, part in CARRIED[status].items()}
    operation["responses"] = dict(sorted(given.items()))


def _carry(operation: Part, *, reads: bool) -> None:
    """The headers that come with every answer, and those that say what a key has left or which version was read."""
    for status, answer in operation["responses"].items():
        carried = {"X-Request-Id": "RequestId"}
        if "security" in operation:
            carried |= {"RateLimit-Policy": "Policy", "RateLimit": "Left"}
        if reads and status == "200" and "application/json" in answer.get("content", {}):
            carried["ETag"] = "Version"
        answer.setdefault("headers", {}).update({name: {"$ref": f"#/components/headers/{part}"} for name, part in carried.items()})


def _answer(operation: Part) -> None:
    """What is sent and what comes back, as examples; the headers and links of an answer."""
    name = operation["operationId"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and name in BODIES:
        body["example"] = BODIES[name]
    again = any(parameter["name"].lower() == "idempotency-key" for parameter in operation.get("parameters", []))
    paged = any(parameter["name"] == "cursor" for parameter in operation.get("parameters", []))
    for status, answer in operation["responses"].items():
        if status >= "300":
            continue
        if answer["description"] == "Successful Response":
            answer["description"] = "Done."
        for part in answer.get("content", {}).values():
            part.get("schema", {}).pop("title", None)  # FastAPI makes it of the address
        if name in ANSWERS:
            answer["content"]["application/json"]["example"] = ANSWERS[name]
        carried = {"Link": "Next"} if paged else {"Idempotent-Replayed": "Replayed"} if again else {}
        if carried:
            answer["headers"] = {header: {"$ref": f"#/components/headers/{part}"} for header, part in carried.items()}
        if name in LINKS:
            answer["links"] = LINKS[name]
