"""What an example of an act needs: a place with the usual things in it, made in transactions that are over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from service.database import WriteSession
from service.people.actions import sign_in
from service.people.models import Member, Role, SignedIn
from service.people.queries import find_session, get_member
from service.places.models import Organisation
from service.places.queries import PlaceCard
from tests.make import Make

WORD = "CANARY"
"""In every text that an example sends: no row of the journal may hold it."""


@dataclass(frozen=True)
class Scene:
    """The place of an example, made as far as the example asks for it."""

    make: Make

    @property
    def now(self) -> datetime:
        return self.make.clock()

    @cached_property
    def place(self) -> PlaceCard:
        return self.make.collaboration("hillside", name=WORD, contact=WORD, rationales=[WORD])

    @cached_property
    def council(self) -> Organisation:
        return self.make.organisation(self.place, "council", name=WORD)

    @cached_property
    def person(self) -> SignedIn:
        """A coordinator who has signed in."""
        return self._signs_in(self.make.person(self.place, Role.COORDINATOR, email="canary@example.org", name=WORD))

    def _signs_in(self, link: str) -> SignedIn:
        with self.make.database.write() as writes:
            cookie = sign_in(writes, link, self.now)
        with self.make.database.read() as reads:
            found = find_session(reads, cookie, self.now)
        assert found is not None
        return found

    def member_of(self, link: str) -> Member:
        """Somebody else at work in the place, who signs in with this link."""
        person = self._signs_in(link)
        with self.make.database.read() as reads:
            return get_member(reads, person, self.place)

    @cached_property
    def member(self) -> Member:
        """The same person at work in the place."""
        with self.make.database.read() as reads:
            return get_member(reads, self.person, self.place)


@dataclass(frozen=True)
class Act:
    """One call of an action, ready to be made (twice: the first time it is taken back), and the rows that it writes."""

    do: Callable[[WriteSession], Any]
    rows: int = 1


Example = Callable[[Scene], Act]
Examples = dict[str, list[Example]]
"""By the action's name. An action that can find nothing to do has an example of that as well, with 0 rows."""
