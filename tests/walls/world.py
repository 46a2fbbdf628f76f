"""Two collaborations with the same things in each, and a canary in every private field of every one of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from service.feedback.actions import reply
from service.feedback.models import Outcome, ReplyIn
from service.partners.models import Scope
from service.people.access import Member
from service.people.models import AT_THE_DESK, Grant, Role, SignedIn
from service.people.queries import find_staff
from service.places.queries import PlaceCard
from tests.make import Make

PLACES = ("hillside", "riverbank")
HOLDERS = ("nobody", "council", "hub")
"""With whom a message is: with no organisation, or with one of two."""


@dataclass
class World:
    """What there is to see, by place and holder."""

    places: dict[str, PlaceCard] = field(default_factory=dict)
    messages: dict[tuple[str, str], UUID] = field(default_factory=dict)
    organisations: dict[tuple[str, str], Any] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def private(self) -> set[str]:
        """Every canary."""
        return {canary(place, holder) for place in PLACES for holder in HOLDERS}


def canary(place: str, holder: str) -> str:
    """The word in every private field of a message: it says whose it is."""
    return f"Canary{place}{holder}"


def build(make: Make) -> World:
    """Both collaborations."""
    world = World()
    for slug in PLACES:
        world.places[slug] = place = make.collaboration(slug)
        make.area(place, "hill-road")
        for code in HOLDERS[1:]:
            world.organisations[slug, code] = make.organisation(place, code)
            make.topic(place, f"about-{code}", organisation=code)
        make.person(place, Role.COORDINATOR, email=f"answerer@{slug}.example", name="Answerer")
        for holder in HOLDERS:
            _message(make, world, slug, holder)
    return world


def _message(make: Make, world: World, slug: str, holder: str) -> None:
    place, word = world.places[slug], canary(slug, holder)
    topic = {} if holder == "nobody" else {"topic": f"about-{holder}"}
    sent = make.message(
        place, f"{word} body", want=f"{word} want", have=f"{word} have", gap=f"{word} gap", contact=f"{word}@x.example", **topic
    )
    world.messages[slug, holder] = message_id = make.message_id(sent)
    world.codes[slug] = sent.code
    with make.database.write() as writes:
        staff = find_staff(writes, f"answerer@{slug}.example")
        assert staff is not None
        person = SignedIn(staff.id, staff.id, staff.name, staff.email, make.clock())
        member = Member(person=person, place=place, grants=(Grant(Role.COORDINATOR, None),))
        reply(writes, member, message_id, ReplyIn(outcome=Outcome.CANNOT_DO, body=f"{word} reply", reason=f"{word} reason"), make.clock())


@dataclass(frozen=True)
class Caller:
    """Somebody who asks, and the canaries that are theirs to see."""

    name: str
    client: TestClient
    may_see: frozenset[str]
    works_in: str | None = None


def callers(
    world: World, browser: Callable[[], TestClient], signed_in: Callable[..., TestClient], with_key: Callable[..., TestClient]
) -> list[Caller]:
    """Nobody; every role for a whole place, for one organisation, and in the other place; keys with every scope and with none that fits."""
    found = [Caller("nobody", browser(), frozenset())]
    for slug in PLACES:
        place = world.places[slug]
        for role in Role:
            for organisation in (None, "council"):
                seen = HOLDERS if organisation is None else (organisation,)
                mine = frozenset(canary(slug, holder) for holder in seen) if role in AT_THE_DESK else frozenset()
                client = signed_in(place, role, organisation=organisation)
                found.append(Caller(f"{role} of {organisation or 'all'} in {slug}", client, mine, slug))
        everything = with_key(place, *Scope, organisation=world.organisations[slug, "council"])
        found.append(Caller(f"key of {slug}", everything, frozenset()))
        found.append(Caller(f"reading key of {slug}", with_key(place, Scope.ACCOUNT_READ), frozenset()))
    return found


# ---- asking every route ----------------------------------------------------------------------------------------------

Filled = dict[str, list[str]]


def parameters(world: World, slug: str) -> Filled:
    """What stands in a path, taken from this place: every thing of it that a caller could name."""
    return {
        "c": [slug],
        "area": ["hill-road"],
        "code": ["hill-road"],
        "secret": ["not-a-secret-that-opens-anything"],
        "message_id": [str(world.messages[slug, holder]) for holder in HOLDERS],
        "promise_id": [str(world.messages[slug, "nobody"])],
        "narrative_id": [str(world.messages[slug, "nobody"])],
        "view": ["community-reporting"],
    }


def unknown_parameters(app: FastAPI, known: Filled) -> set[str]:
    """Parameters of the route table that `parameters` does not fill: a new route must be thought of here."""
    return {name for route in app.state.routes for name in route.param_convertors} - set(known)


def addresses(route: APIRoute, known: Filled) -> list[str]:
    """The route's path, once for each thing it can name."""
    found = [route.path]
    for name in route.param_convertors:
        found = [path.replace(f"{{{name}}}", value) for path in found for value in known[name]]
    return found


def ask(caller: Caller, route: APIRoute, path: str) -> tuple[int, str]:
    """Status, and everything that came back: body and headers. Bodies are empty or wrong, so nothing changes hands."""
    method = min(route.methods - {"HEAD"})
    answer = caller.client.request(
        method, path, **({} if method == "GET" else {"json": {}} if path.startswith("/api") else {"data": {"x": "y"}})
    )
    return answer.status_code, f"{answer.text} {answer.headers}"
