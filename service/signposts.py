"""Which of the many routes a request can mean: found by the words of its path, before any pattern is tried."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from fastapi.routing import APIRoute
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

KEPT = 2_000
"""Combinations of a method and the words of a path for which the answer is kept."""

Words = tuple[str | None, ...]
"""A path at its slashes; None for whatever is not a word of any route."""


class Signposts(BaseRoute):
    """Stands before all routes. What it leads to is what the router would find; where it finds nothing, the router looks by itself."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self.known = [(route, *_words_of(route)) for route in routes]
        self.named = {route.name: route for route, *_rest in reversed(self.known) if isinstance(route, APIRoute)}
        self.words = {word for _route, words, _methods in self.known for word in words or () if word is not None}
        self.candidates = lru_cache(KEPT)(self._candidates)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The first route that answers this request, and what it read from the path."""
        if scope["type"] == "http":
            words = tuple(word if word in self.words else None for word in scope["path"].split("/"))
            for route in self.candidates(scope["method"], words):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    return match, {**found, "route": route}
        return Match.NONE, {}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """The path of a route with this name, found by it."""
        if name not in self.named:
            raise NoMatchFound(name, path_params)
        return self.named[name].url_path_for(name, **path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Goes where it leads."""
        await scope["route"].handle(scope, receive, send)

    def _candidates(self, method: str, asked: Words) -> list[BaseRoute]:
        return [route for route, words, methods in self.known if method in (methods or {method}) and _can_mean(words, asked)]


def _words_of(route: BaseRoute) -> tuple[Words | None, Any]:
    """The words of a route's path with None for each parameter, and its methods; None for a path of any length."""
    if not isinstance(route, APIRoute) or ":" in route.path:
        return None, None
    return tuple(None if "{" in word else word for word in route.path.split("/")), route.methods


def _can_mean(words: Words | None, asked: Words) -> bool:
    return words is None or (len(words) == len(asked) and all(word in (None, said) for word, said in zip(words, asked, strict=True)))
