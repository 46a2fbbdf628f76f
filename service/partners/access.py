"""Who may call a route of the API: everybody, or a partner system with a key."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.database import Database
from service.errors import NeedsKey, NotFound, Refused
from service.language import _
from service.partners.actions import TOUCH, touch_key
from service.partners.models import Caller, Scope
from service.partners.queries import find_caller
from service.people.access import Place, says_who

BEARER = HTTPBearer(auto_error=False, description="A key as `said key add` prints it: `sad_<id>_<secret>`.")
Sent = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


async def _caller(sent: Sent, request: Request) -> Caller | None:
    """The caller, if a key was sent. A wrong key is refused even where none is needed. Raises: NeedsKey, TooMany."""
    return await recognised(sent.credentials, request.app.state.database, request.app.state.clock(), request) if sent else None


async def recognised(key: str, database: Database, now: datetime, request: Request) -> Caller:
    """Whose key this is; its use is noted, and counted. Raises: NeedsKey, TooMany."""
    caller = await database.reading(lambda reads: find_caller(reads, key[:200], now))
    if caller is None:
        raise NeedsKey
    request.scope["state"]["headers"] = request.app.state.allowance.ask(caller.holder_id.hex)
    if caller.used_at is None or now - caller.used_at >= TOUCH:
        await database.note(lambda writes: touch_key(writes, caller, now))
    return caller


def in_place(caller: Caller, place: Place, scope: Scope) -> Caller:
    """The caller, if the key reaches this collaboration and has the scope. Raises: NotFound, Refused."""
    if place.id not in caller.places:
        raise NotFound
    if scope not in caller.scopes:
        raise Refused(_("This key does not have the scope %(scope)s.", scope=scope.value))
    return caller


@says_who("anyone; a key is recognised")
async def perhaps_with_key(caller: Annotated[Caller | None, Depends(_caller)]) -> Caller | None:
    """The caller, or None where no key was sent."""
    return caller


PerhapsCaller = Annotated[Caller | None, Depends(perhaps_with_key)]


def perhaps_with(scope: Scope) -> Callable[..., Awaitable[Caller | None]]:
    """Anyone may call; who sends a key must have this scope here.

    For routes that ask for the place before this: to be asked for it twice, the framework would resolve it twice.
    """

    @says_who(f"anyone; a key needs {scope.value}")
    async def allowed(caller: Annotated[Caller | None, Depends(_caller)], request: Request) -> Caller | None:
        return in_place(caller, request.state.place, scope) if caller else None

    return allowed


def key_with(scope: Scope) -> Callable[..., Awaitable[Caller]]:
    """A key with this scope for this collaboration."""

    @says_who(f"key with {scope.value}")
    async def allowed(caller: Annotated[Caller | None, Depends(_caller)], place: Place) -> Caller:
        if caller is None:
            raise NeedsKey
        return in_place(caller, place, scope)

    return allowed
