"""What was sent, read strictly and explained plainly: JSON without tricks, and every refusal in words for people."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from service.errors import BadRequest, FieldError
from service.language import _

MOST_DEPTH = 40


def read_json(body: bytes) -> Any:
    """The value of a JSON text. Refuses what programs read differently: repeated keys, NaN, lone surrogates, other encodings.

    Raises: BadRequest.
    """
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BadRequest(_("The body is not UTF-8.")) from None
    except RecursionError:
        raise BadRequest(_("The JSON is nested too deeply.")) from None
    except ValueError as error:
        known = str(error) if isinstance(error, _Trick) else _("The body is not valid JSON.")
        raise BadRequest(known) from None
    if b"\\u" in body and not _is_text(value):
        raise BadRequest(_("The JSON holds half a character (a lone surrogate)."))
    return value


class _Trick(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Trick(_("The JSON names a field twice."))
    return value


def _no_constant(_name: str) -> None:
    raise _Trick(_("The JSON holds a number that is none (NaN or infinity)."))


def _is_text(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


class StrictRequest(Request):
    """A request whose JSON is read by `read_json`."""

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = read_json(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """The route class of the API."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            answer: Response = await handler(StrictRequest(request.scope, request.receive))
            return answer

        return strict


# ---- explaining ------------------------------------------------------------------------------------------------------


def explain(problems: Sequence[Any], order: Sequence[str] = ()) -> list[FieldError]:
    """Validation problems as sentences, one per field, in the order of the fields. Never repeats what was sent."""
    found: dict[str, str] = {}
    for problem in problems:
        place = [part for part in problem["loc"] if part not in ("body", "query", "path", "header")]
        name = ".".join(str(part) for part in place)[:80] or "request body"
        found.setdefault(name, _sentence(problem["type"], problem.get("ctx") or {}, str(problem.get("msg", ""))))
    ordered = sorted(found, key=lambda name: order.index(name) if name in order else len(order))
    return [FieldError(name.encode("utf-8", "replace").decode(), found[name]) for name in ordered]


def _sentence(kind: str, context: dict[str, Any], message: str) -> str:  # noqa: PLR0911 (one line per kind)
    match kind:
        case "missing":
            return _("This is needed.")
        case "extra_forbidden":
            return _("There is no such field here.")
        case "string_too_long" | "too_long":
            return _("This is too long: at most %(most)s.", most=context.get("max_length"))
        case "string_too_short" | "too_short":
            return _("This is needed.")
        case "enum" | "literal_error":
            return _("Choose one of these: %(words)s.", words=str(context.get("expected", "")).replace("'", "").replace(" or ", ", "))
        case "string_pattern_mismatch":
            return _("This is not written the way it must be.")
        case "date_from_datetime_parsing" | "date_parsing" | "date_type" | "date_from_datetime_inexact":
            return _("Write the date as year, month and day, for instance 2026-11-22.")
        case "uuid_parsing" | "uuid_type" | "uuid_version":
            return _("This is not a UUID of the kind that is needed.")
        case "string_type":
            return _("This must be text.")
        case "bool_type" | "bool_parsing":
            return _("This must be true or false.")
        case "int_type" | "int_parsing" | "int_from_float" | "int_parsing_size" | "float_type" | "float_parsing":
            return _("This must be a number.")
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than" | "finite_number":
            return _("This number is out of range.")
        case "list_type" | "dict_type" | "model_type" | "model_attributes_type":
            return _("This has the wrong shape.")
        case "value_error":
            return _(message.removeprefix("Value error, ").capitalize().rstrip(".") + ".")
        case _:
            return _("This is not valid.")
