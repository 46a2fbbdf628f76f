"""Where the states of pages are played: the builders, the running service, and one screen on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from fastapi import FastAPI
from playwright.sync_api import Page

from service.example.hillside import SLUG, make_place
from service.feedback.actions import Received
from service.feedback.desk_actions import mark_read, reply
from service.feedback.models import Outcome, ReplyIn
from service.people.actions import sign_in
from service.people.models import Member, Role
from service.people.queries import find_session, get_member
from service.places.queries import PlaceCard, get_place
from tests.make import Make

WORDS = "The bench by the surgery has gone. My mother cannot walk that far without a rest."
DONE = "A new bench stands beside the surgery door since Thursday. It has arms to push up on, as three people asked."
NO = "We cannot move the bus stop this year."
WHY = "The road belongs to the county. They told us on 9 November that the money for stops is spent until April 2027."


@dataclass
class Stage:
    """One service with nothing in it, its builders, and somebody's screen."""

    make: Make
    app: FastAPI
    page: Page

    @cached_property
    def hillside(self) -> PlaceCard:
        """The example place, with its organisations, areas and topics."""
        with self.make.database.write() as writes:
            make_place(writes, self.make.clock())
        with self.make.database.read() as reads:
            return get_place(reads, SLUG)

    @cached_property
    def sam(self) -> Member:
        """A coordinator of hillside, as an action receives one."""
        place, now = self.hillside, self.make.clock()
        link = self.make.person(place, Role.COORDINATOR, email="sam@hillside.example", name="Sam Okoro")
        with self.make.database.write() as writes:
            cookie = sign_in(writes, link, now)
        with self.make.database.read() as reads:
            found = find_session(reads, cookie, now)
            assert found is not None
            return get_member(reads, found, place)

    # ---- what was said and done ----

    def message(self, body: str | None = WORDS, *, on: str | None = None, **fields: Any) -> Received:
        """A message in hillside; `on` is the day it came, at ten in the morning."""
        place, now = self.hillside, self.make.clock()
        if on:
            self.make.clock.at(datetime.fromisoformat(on).replace(hour=10, tzinfo=UTC))
        received = self.make.message(place, body, **fields)
        self.make.clock.at(now)
        return received

    def read(self, message: Received) -> Received:
        """Somebody on the staff marked it as read."""
        with self.make.database.write() as writes:
            mark_read(writes, self.sam, self.make.message_id(message), self.make.clock())
        return message

    def answered(self, message: Received, outcome: Outcome, body: str, reason: str | None = None) -> Received:
        """Somebody on the staff answered it."""
        given = ReplyIn(outcome=outcome, body=body, reason=reason)
        with self.make.database.write() as writes:
            reply(writes, self.sam, self.make.message_id(message), given, self.make.clock())
        return message

    # ---- what the person at the screen does ----

    def goes_to(self, address: str) -> Page:
        """Opens an address."""
        self.page.goto(address)
        return self.page

    def presses(self, name: str) -> Page:
        """Presses the button with this name in the page (not one in its foot), and waits for the next page."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=name, exact=True).click()
        return self.page

    def opens(self, message: Received, *, place: PlaceCard | None = None) -> Page:
        """Types the code of a message, and reads what became of it."""
        self.goes_to(f"/{(place or self.hillside).slug}/answer")
        self.page.get_by_label("Your code").fill(message.code)
        return self.presses("Read the answer")

    def signs_in(self, place: PlaceCard, role: Role | str = Role.COORDINATOR, **person: Any) -> Page:
        """Uses a real invitation. An administrator has taken the second step as well."""
        person.setdefault("name", "Sam Okoro")
        self.goes_to(f"/staff/sign-in/{self.make.person(place, role, **person)}")
        self.presses("Sign in")
        if self.page.url.endswith("/staff/second"):
            self.make.proves(next(one["value"] for one in self.page.context.cookies() if one["name"] == "said"))
            self.goes_to("/staff")
        return self.page

    def opens_as_staff(self, message: Received, role: Role | str = Role.COORDINATOR, **person: Any) -> Page:
        """Signs in and opens this message."""
        self.signs_in(self.hillside, role, **person)
        return self.goes_to(f"/staff/{SLUG}/messages/{self.make.message_id(message)}")


class AtOnce(Stage):
    """The stage on which every page is checked: whoever signs in has the cookie of a real sign-in at once, and stands nowhere yet.

    The pages that lead there have states of their own, and every story goes that way. The first page opens when it is looked at.
    """

    live = ""
    """The address of the service, where the screen does not know it."""

    _stands = True

    @property
    def page(self) -> Page:
        if not self._stands:
            self.goes_to("/staff")
        return self._page

    @page.setter
    def page(self, page: Page) -> None:
        self._page = page

    def goes_to(self, address: str) -> Page:
        self._stands = True
        return super().goes_to(urljoin(self.live, address))

    def signs_in(self, place: PlaceCard, role: Role | str = Role.COORDINATOR, **person: Any) -> None:  # type: ignore[override]
        link = self.make.person(place, role, **{"name": "Sam Okoro", **person})
        with self.make.database.write() as writes:
            cookie = sign_in(writes, link, self.make.clock())
        self.make.proves(cookie)
        kept: Any = {"name": "said", "value": cookie, "domain": "127.0.0.1", "path": "/", "httpOnly": True, "sameSite": "Lax"}
        self._page.context.add_cookies([kept])
        self._stands = False


@dataclass(frozen=True)
class State:
    """One page in one state: the name of the route whose address it stands at, and how it comes about."""

    route: str
    play: Callable[[Stage], object]


STATES: dict[str, State] = {}
"""Every page in every state, by name. They live in the `*_states.py` beside this file."""


def state(route: str) -> Callable[[Callable[[Stage], object]], Callable[[Stage], object]]:
    """Adds a state of the page at this route; its name is the function's."""

    def add(play: Callable[[Stage], object]) -> Callable[[Stage], object]:
        name = play.__name__.replace("_", "-")
        assert name not in STATES, name
        STATES[name] = State(route, play)
        return play

    return add
