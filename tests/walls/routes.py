"""What everybody may expect of each route: the small rule that the matrix holds against the service."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.routing import APIRoute

from service.partners.models import Scope
from service.people.models import Role
from tests.walls.asks import ASKED_FOR, ASKS, CODE, LAST, NOBODYS
from tests.walls.world import ANSWERERS, DECIDERS, OTHER, READERS, Caller, World


def who_says(route: APIRoute) -> list[str]:
    """What a route says of itself: who may call it."""
    return [str(below.call.who) for below in route.dependant.dependencies if hasattr(below.call, "who")]  # type: ignore[union-attr]


def method_of(route: APIRoute) -> str:
    return min((route.methods or set()) - {"HEAD"})


def routes_of(app: FastAPI) -> list[APIRoute]:
    """The routes that the table knows, with what ends a session at its end."""
    return sorted((route for route in app.state.routes if route.name in ASKS), key=lambda route: route.name == LAST)


# ---- where -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """A path with every parameter filled in: whose place it names, and whose thing."""

    path: str
    place: str
    holder: str
    foreign: bool
    """Whether the thing is another place's than the address says."""


def addresses(route: APIRoute, world: World) -> list[Address]:
    """The route's path for each place and each thing it can name; things also under the other place's name."""
    named = {
        "{message_id}": world.messages,
        "{promise_id}": world.promises,
        "{narrative_id}": world.stories,
        "{barrier_id}": world.barriers,
        "{staff_id}": world.staff,
    }
    if route.name == "safeguarding.concern":  # the others change it, and would open its words to who asks first
        named["{concern_id}"] = world.concerns
    things = next((those for name, those in named.items() if name in route.path), {})
    found = []
    for slug in world.places:
        for place, holder in things or [(slug, "nobody")]:
            filled = {
                "c": slug,
                "area": "hill-road",
                "code": "hill-road",
                "organisation": "council",
                "request_id": "00000000-0000-7000-8000-000000000000",
                "topic": "about-council",
                "service_code": "about-council",
                "form": "xml",
                "token": NOBODYS,
                "person": "p-1",
                "kind": "areas",
                "webhook_id": NOBODYS,
                "intake_id": NOBODYS,
                "map_id": NOBODYS,
                "wording_id": "00000000-0000-7000-8000-000000000000",
                "holder_id": "00000000-0000-7000-8000-000000000000",
                "threshold": "answer_within",
                "settable": "contacts",
                "letter_id": NOBODYS,
                "purpose": "invitation",
                "language": "en",
                "session_id": str(world.sessions[OTHER[slug]]),
                "passkey_id": str(world.passkeys[OTHER[slug]]),
                "staff_id": str(things.get((place, holder))),
                "role_id": "00000000-0000-7000-8000-000000000000",
                "secret": "not-a-secret-that-opens-anything",
                "view_id": str(uuid4()),
                "message_id": str(things.get((place, holder))),
                "view": "community-reporting",
                "theme_id": NOBODYS,
                "concern_id": str(things.get((place, holder), NOBODYS)),
                "deal_id": NOBODYS,
                "transfer_id": NOBODYS,
                "rule_id": NOBODYS,
                "redaction_id": NOBODYS,
                "turn_id": NOBODYS,
                "check_id": NOBODYS,
                "photo_id": NOBODYS,
                "round_id": NOBODYS,
                "promise_id": str(things.get((place, holder))),
                "narrative_id": str(things.get((place, holder))),
                "barrier_id": str(things.get((place, holder))),
            }
            path = (route.path + ASKED_FOR.get(route.name, "")).format(**filled)
            found.append(Address(path, slug, holder, foreign=place != slug))
    return found if "{" in route.path else found[:1]


def sent(route: APIRoute, world: World, place: str) -> dict[str, Any]:
    """What goes with the request."""
    body = ASKS[route.name].sends
    if body is None:
        return {}
    body = {name: world.codes[OTHER[place]] if value == CODE else value for name, value in body.items()}
    body |= {"idempotency_key": str(uuid4())} if "idempotency_key" in body else {}
    return {"json": body} if route.path.startswith("/api/") else {"data": body}


# ---- the rule --------------------------------------------------------------------------------------------------------


def expected(route: APIRoute, caller: Caller, at: Address) -> set[int]:
    """The statuses that are right for this caller at this address."""
    wanted = ASKS[route.name]
    done = {404} if at.foreign else set(wanted.done)
    if wanted.whom in ("anyone", "anyone or a key", "front"):
        return done
    if ":write" in wanted.whom or wanted.whom == Scope.ACCOUNT_READ:
        return _for_a_key(wanted.whom, done, caller, at)
    if not caller.is_staff:
        return {303} if method_of(route) == "GET" else {401}
    if wanted.whom in ("signed in", "half-way"):
        return done
    return _for_staff(wanted.whom, done, caller, at)


def _for_a_key(whom: str, done: set[int], caller: Caller, at: Address) -> set[int]:
    scope = Scope(whom.removeprefix("anyone or ").removesuffix(" of the maker").removesuffix(" at Open311"))
    if caller.scopes is None:
        return done if whom.startswith("anyone") else {403} if whom.endswith("at Open311") else {401}
    if caller.place != at.place:
        return {404}
    if scope not in caller.scopes:
        return {403}
    other_maker = whom.endswith("of the maker") and not at.foreign and at.holder != caller.organisation
    return {403} if other_maker else done


def _administers(whom: str, caller: Caller, at: Address) -> bool:
    if whom.endswith("of a person here"):
        return caller.knows(at.place, at.holder) and not at.foreign
    return caller.role == Role.ADMIN and (whom.startswith("any") or caller.organisation is None)


OF_ROLES: dict[str, tuple[set[Role], bool]] = {
    "steward": ({Role.ADMIN, *DECIDERS}, True),
    "moderator": (DECIDERS, True),
    "keeper of the rota": ({Role.ADMIN, Role.COORDINATOR}, True),
    "looker at the lane": ({*READERS, Role.ADMIN}, False),
    "bringer": ({Role.ADMIN, Role.COORDINATOR}, False),
    "viewer": ({Role.VIEWER}, False),
    "reader": (READERS, False),
}
"""Who may, by role alone; and whether it must be held for the whole place."""


def _for_staff(whom: str, done: set[int], caller: Caller, at: Address) -> set[int]:  # noqa: PLR0911 (one line per rule)
    if caller.place != at.place:
        return {404}
    if "administrator" in whom:
        return done if _administers(whom, caller, at) else {404}
    if whom == "any member":
        return done
    if whom in OF_ROLES:
        roles, whole_place = OF_ROLES[whom]
        return done if caller.role in roles and (caller.organisation is None or not whole_place) else {404}
    if whom.startswith("coordinator"):
        of_council = whom.endswith("of the council") and caller.organisation not in (None, "council")
        return {404} if caller.role not in ANSWERERS or at.foreign else {403} if of_council else done
    if whom.endswith("of the promise"):
        return done if caller.role in READERS and not at.foreign else {404}
    if at.foreign or not caller.reads(at.place, at.holder):
        return {404}
    if whom.startswith("decider"):
        return done if caller.decides(at.place, at.holder) else {403}
    if whom.startswith("sender"):
        return done if caller.role in ANSWERERS and caller.organisation is None else {403, 404}
    theirs = caller.checks if whom == "checker of the story" else caller.answers
    return done if whom.startswith("reader") or theirs(at.place, at.holder) else {403, 404}
