"""What was sent, read strictly and explained plainly: JSON without tricks, and every refusal in words for people."""

import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Request, Response

from service.doors import Route
from service.errors import BadRequest, FieldError, WrongType
from service.language import N_, _

MOST_DEPTH = 40
"""How deep lists and objects may lie inside each other: more than any input of ours has."""


def read_json(body: bytes) -> Any:
    """The value of a JSON text. Refuses what programs read differently: repeated keys, NaN, lone surrogates, other encodings.

    Raises: BadRequest.
    """
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadRequest(_("The body is not UTF-8.")) from None
    except RecursionError:
        raise BadRequest(_("The JSON is nested too deeply.")) from None
    except ValueError as error:
        known = str(error) if isinstance(error, _Trick) else _(CUT if _breaks_off(error) else NOT_JSON)
        raise BadRequest(known) from None
    if _is_deeper(value, MOST_DEPTH):
        raise BadRequest(_("The JSON is nested too deeply."))
    if b"\\u" in body and not _is_text(value):
        raise BadRequest(_("The JSON holds half a character (a lone surrogate)."))
    return value


NOT_JSON = N_("The body is not valid JSON.")
CUT = N_("The JSON breaks off before its end. Send all of it again.")


def _breaks_off(error: ValueError) -> bool:
    """Whether something came, and more was to come."""
    if not isinstance(error, json.JSONDecodeError) or not error.doc.strip():
        return False
    return error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string")


class _Trick(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Trick(_("The JSON names a field twice."))
    return value


def _no_constant(_name: str) -> None:
    raise _Trick(_("The JSON holds a number that is none (NaN or infinity)."))


def _number(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Trick(_("The JSON holds a number that is too large."))
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_number)
"""One for all: to make one takes longer than to read a row."""


def _is_deeper(value: Any, most: int) -> bool:
    """Layer by layer: a call for each part would take longer than reading the text did."""
    layer = [value] if isinstance(value, dict | list) else []
    for _depth in range(most):
        layer = [part for whole in layer for part in (whole.values() if type(whole) is dict else whole) if type(part) in (dict, list)]
        if not layer:
            return False
    return any(layer)


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


def _is_json(request: Request) -> bool:
    """Whether the body says that it is JSON. None at all is left to the checks of the fields."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    empty = request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers
    return empty or kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


class StrictRoute(Route):
    """The route class of the API."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            if request.method in ("POST", "PUT", "PATCH") and not _is_json(request):
                raise WrongType(_("Send JSON, with Content-Type: application/json."))
            answer: Response = await handler(StrictRequest(request.scope, request.receive))
            return answer

        return strict


# ---- explaining ------------------------------------------------------------------------------------------------------


def explain(problems: Sequence[Any], order: Sequence[str] = ()) -> list[FieldError]:
    """Validation problems as sentences, one per field, in the order of the fields. Never repeats what was sent."""
    found: dict[str, str] = {}
    for problem in problems:
        name = ".".join(str(part) for part in problem["loc"])[:80] or "request body"
        if problem["type"] == "extra_forbidden" and not A_NAME.fullmatch(name):
            name = "request body"  # whatever this is, it is no field's name, and is not sent back
        found.setdefault(name, _sentence(problem["type"], problem.get("ctx") or {}, str(problem.get("msg", ""))))
    ordered = sorted(found, key=lambda name: order.index(name) if name in order else len(order))
    return [FieldError(name.encode("utf-8", "replace").decode(), found[name]) for name in ordered]


A_NAME = re.compile(r"[A-Za-z0-9_.]{1,80}")
"""What a field may be called."""

NEEDED = N_("This is needed.")
TOO_LONG = N_("This is too long: at most %(most)s.")
A_DATE = N_("Write the date as year, month and day, for instance 2026-11-22.")
A_NUMBER = N_("This must be a number.")
OUT_OF_RANGE = N_("This number is out of range.")
WRONG_SHAPE = N_("This has the wrong shape.")
CHOOSE = N_("Choose one of these: %(words)s.")
A_UUID = N_("This is not a UUID of the kind that is needed.")

SENTENCES = {
    "missing": NEEDED,
    "extra_forbidden": N_("There is no such field here."),
    "string_too_long": TOO_LONG,
    "too_long": TOO_LONG,
    "string_too_short": NEEDED,
    "too_short": NEEDED,
    "enum": CHOOSE,
    "literal_error": CHOOSE,
    "string_pattern_mismatch": N_("This is not written the way it must be."),
    "date_parsing": A_DATE,
    "date_type": A_DATE,
    "date_from_datetime_parsing": A_DATE,
    "date_from_datetime_inexact": A_DATE,
    "uuid_parsing": A_UUID,
    "uuid_type": A_UUID,
    "string_type": N_("This must be text."),
    "bool_type": N_("This must be true or false."),
    "bool_parsing": N_("This must be true or false."),
    "int_type": A_NUMBER,
    "int_parsing": A_NUMBER,
    "int_parsing_size": A_NUMBER,
    "int_from_float": N_("This must be a whole number."),
    "float_type": A_NUMBER,
    "float_parsing": A_NUMBER,
    "greater_than_equal": OUT_OF_RANGE,
    "less_than_equal": OUT_OF_RANGE,
    "greater_than": OUT_OF_RANGE,
    "less_than": OUT_OF_RANGE,
    "finite_number": OUT_OF_RANGE,
    "list_type": WRONG_SHAPE,
    "dict_type": WRONG_SHAPE,
    "model_type": WRONG_SHAPE,
    "model_attributes_type": WRONG_SHAPE,
}
"""What to say for each kind of problem that pydantic tells apart."""


def _sentence(kind: str, context: dict[str, Any], message: str) -> str:
    if kind == "value_error":
        return _(message.removeprefix("Value error, "))
    if kind not in SENTENCES:
        return _("This is not valid.")
    words = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
    return _(SENTENCES[kind], most=context.get("max_length", ""), words=words)
