"""Where every door hangs its routes. A route reads what its endpoint asks for when it is first called, not while the service starts."""

from collections.abc import Callable
from threading import RLock
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match, compile_path
from starlette.types import Scope

_BUILDING = RLock()
_PATTERN = ("path_regex", "path_format", "param_convertors")


class Route(APIRoute):
    """A route that is found by its path, and whole from the first time that anything else of it is asked for.

    There are hundreds, and FastAPI takes apart the signature of each: a fifth of the time that a start would take.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **facts: Any) -> None:
        self.path, self.endpoint = path, endpoint
        self.name = facts.get("name") or endpoint.__name__
        self.methods = {method.upper() for method in facts.get("methods") or ["GET"]}
        self.include_in_schema = facts.get("include_in_schema", True)
        self._begins = path.partition("{")[0]
        self._facts = facts

    def __getattr__(self, name: str) -> Any:
        """Only asked for what is not there yet."""
        if name.startswith("__") or "_begins" not in vars(self):
            raise AttributeError(name)
        with _BUILDING:
            if name in _PATTERN:
                vars(self).update(zip(_PATTERN, compile_path(self.path), strict=True))
            elif (facts := vars(self).pop("_facts", None)) is not None:
                super().__init__(self.path, self.endpoint, **facts)
        if name not in vars(self):
            raise AttributeError(name)
        return vars(self)[name]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As ever; a path that begins otherwise is not looked at any further."""
        if not scope.get("root_path") and not scope["path"].startswith(self._begins):
            return Match.NONE, {}
        return super().matches(scope)


class Router(APIRouter):
    """Routes of one door. `route_class` is another one for the API, which reads JSON strictly."""

    def __init__(self, *, route_class: type[APIRoute] = Route, **facts: Any) -> None:
        super().__init__(route_class=route_class, **facts)
