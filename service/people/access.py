"""Who may call a route. Every route names exactly one of these; a test reads the route table."""

import time
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from service import language, limits, walls
from service.clock import Now
from service.database import Database, Door
from service.errors import NeedsSecondStep, NeedsSignIn, NotFound, Unavailable
from service.people import rules
from service.people.actions import touch_session
from service.people.models import Member, Role, SignedIn
from service.people.queries import find_session, member_of
from service.places.queries import PlaceCard, get_place

Call = TypeVar("Call", bound=Callable[..., object])


def says_who(who: str) -> Callable[[Call], Call]:
    """Marks a dependency as the answer to "who may call this?"."""

    def mark(call: Call) -> Call:
        call.who = who  # type: ignore[attr-defined]
        return call

    return mark


# ---- everybody -------------------------------------------------------------------------------------------------------


@says_who("anyone")
async def anyone() -> None:
    """Everybody may."""


ANYONE = Depends(anyone)


async def _place(request: Request, c: str) -> PlaceCard:
    """The collaboration of this address, and from here on its walls and its language. Raises: NotFound.

    Read anew at most once a second: what a hot write needs of it (id, days, time zone) hardly changes. Asks for no other dependency:
    the framework would resolve that anew for each who asks for the place, and every request does.
    """
    database: Database = request.app.state.database
    known: dict[str, tuple[float, PlaceCard]] = request.app.state.known_places
    lasts, seconds = request.app.state.known_for, time.monotonic()
    found = known.get(c)
    if found is None or seconds - found[0] >= lasts:
        try:
            found = known[c] = (seconds, await database.reading(lambda reads: get_place(reads, c)))
        except Unavailable:
            if found is None:
                raise  # otherwise what was known a moment ago will do: the page can then say what happened and keep what was typed
    walls.enter(found[1].id)
    request.state.place = found[1]  # so that a refusal keeps the place's head
    asked, accepted = request.query_params.get("lang"), request.headers.get("accept-language", "")
    offered = language.offered_at(request.url.path, found[1].languages)
    language.speak(language.choose(asked, accepted, offered, preferred=getattr(request.state, "prefers", None)))
    return found[1]


Place = Annotated[PlaceCard, Depends(_place)]
enter_place = _place
"""For the one door whose addresses do not name the place: Open311."""


# ---- staff -----------------------------------------------------------------------------------------------------------


def cookie_name(over_tls: bool) -> str:  # noqa: FBT001 (one plain fact of the installation)
    """`__Host-` cookies need TLS; development on loopback has none."""
    return "__Host-said" if over_tls else "said"


async def _person(request: Request, database: Door, now: Now) -> SignedIn | None:
    secret = request.cookies.get(cookie_name(request.app.state.settings.over_tls))
    if not secret:
        return None
    person = await database.reading(lambda reads: find_session(reads, secret, now))
    if person is not None and now - person.seen_at >= rules.TOUCH:
        await database.note(lambda writes: touch_session(writes, person, now))
    if person is not None and person.language is not None and request.url.path.startswith(language.STAFF):
        request.state.prefers = person.language
        if getattr(request.state, "place", None) is None:  # a place offers its own languages, and no others
            offered = language.offered_at(request.url.path, language.available())
            language.speak(language.choose(request.query_params.get("lang"), "", offered, preferred=person.language))
    return person


Person = Annotated[SignedIn | None, Depends(_person)]


@says_who("anyone, and staff are recognised")
async def perhaps_signed_in(person: Person) -> SignedIn | None:
    """The signed-in person, or None."""
    return person


@says_who("staff, also before their second step")
async def half_way(person: Person) -> SignedIn:
    """A signed-in person; an administrator also while they have shown only once who they are. Raises: NeedsSignIn."""
    if person is None:
        raise NeedsSignIn
    return person


@says_who("staff")
async def signed_in(person: Person) -> SignedIn:
    """A signed-in person, wherever they work. Raises: NeedsSignIn; NeedsSecondStep for an administrator half-way."""
    if person is None:
        raise NeedsSignIn
    if not person.is_through:
        raise NeedsSecondStep
    return person


@says_who("staff of the collaboration")
async def member(person: Annotated[SignedIn, Depends(signed_in)], place: Place, request: Request) -> Member:
    """A signed-in person who holds a role in this collaboration; for others there is no such page. Raises: NotFound."""
    found = member_of(person, place)
    request.state.member = found
    return found


@says_who("administrators of the collaboration")
async def administrator(at_work: Annotated[Member, Depends(member)]) -> Member:
    """Who sets a place up: an administrator for all of it. For others there is no such page. Raises: NotFound."""
    if rules.reach(at_work.grants, (Role.ADMIN,)) is not None:
        raise NotFound
    return at_work


@says_who("administrators of the collaboration, or of one of its organisations")
async def any_administrator(at_work: Annotated[Member, Depends(member)]) -> Member:
    """An administrator, whether for all of a place or for one organisation of it. Raises: NotFound."""
    return held(at_work, Role.ADMIN)


PerhapsSignedIn = Annotated[SignedIn | None, Depends(perhaps_signed_in)]
HalfWay = Annotated[SignedIn, Depends(half_way)]
Signed = Annotated[SignedIn, Depends(signed_in)]
AtWork = Annotated[Member, Depends(member)]
Administrator = Annotated[Member, Depends(administrator)]
AnyAdministrator = Annotated[Member, Depends(any_administrator)]


def held(at_work: Member, *roles: Role) -> Member:
    """The member, if they hold one of these roles here at all. Raises: NotFound."""
    if not any(grant.role in roles for grant in at_work.grants):
        raise NotFound
    return at_work


# ---- how often -------------------------------------------------------------------------------------------------------


async def _caller(request: Request) -> limits.Caller:
    host = request.client.host if request.client else ""
    return limits.Caller(request.app.state.limits, host, request.app.state.clock())


Tries = Annotated[limits.Caller, Depends(_caller)]
