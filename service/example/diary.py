"""The six months of the example as a diary: what happened when, who did it, played in the order of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from service.database import WriteSession
from service.days import local_day
from service.journal.actions import OPERATOR
from service.people.actions import invite
from service.people.models import InviteIn, Member, Role, SignedIn
from service.people.queries import find_staff, get_member
from service.places.queries import PlaceCard, find_organisations
from service.promises.actions import Speaker
from service.server_keys import ServerKeys

DAYS = 183
"""How far back the example goes."""

SEED = 2019
"""The same seed and the same first day make the same example."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at work in Hillside: for the whole place, or for the organisation with this code."""

    email: str
    name: str
    role: Role
    organisation: str | None = None


COORDINATOR = "coordinator@hillside.example"
PEOPLE = {
    "coordinator": Person(COORDINATOR, "Sam Okoro", Role.COORDINATOR),
    "moderator": Person("moderator@hillside.example", "The moderator", Role.MODERATOR),
    "council": Person("council@hillside.example", "The council's desk", Role.COORDINATOR, "council"),
    "nhs": Person("health@hillside.example", "The health team's desk", Role.COORDINATOR, "nhs"),
    "hub": Person("hub@hillside.example", "The hub's desk", Role.COORDINATOR, "hub"),
    "worker": Person("worker@hillside.example", "A worker at the hub", Role.FRONTLINE, "hub"),
    "neighbours": Person("neighbours@hillside.example", "Linden Neighbours' desk", Role.COORDINATOR, "neighbours"),
}
"""Who does what in the example. Invented people are called after what they do."""


@dataclass
class Diary:
    """What is to happen, and everybody whom it takes. Days are counted back from the day on which the example is made."""

    writes: WriteSession
    place: PlaceCard
    keys: ServerKeys
    today: date
    staff: dict[str, Member]
    organisations: dict[str, UUID]
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 (it invents, it guards nothing)
    promises: dict[str, UUID] = field(default_factory=dict)
    """By their names in promises.py, once they are made."""

    codes: list[str] = field(default_factory=list)
    """Of messages that residents sent, the oldest first."""

    waiting: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    number: Iterator[int] = field(default_factory=count)

    def day(self, ago: int) -> date:
        """The day so many days ago; below 0 one that is still to come."""
        return self.today - timedelta(days=ago)

    def moment(self, ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment of that day, as the clocks of Hillside show it."""
        return datetime.combine(self.day(ago), time(hour, minute), ZoneInfo(self.place.time_zone))

    def working(self, ago: int) -> int:
        """The same day if it is worked, else the next that is."""
        while self.day(ago) not in self.place.working_days:
            ago -= 1
        return ago

    def office_hour(self, ago: int) -> datetime:
        """Some moment of the next working day from then on."""
        return self.moment(self.working(ago), self.random.randrange(9, 17), self.random.randrange(60))

    def has_come(self, moment: datetime) -> bool:
        """Whether it lies before today: nothing in the example happens later."""
        return local_day(moment, self.place.time_zone) < self.today

    def at(self, moment: datetime, act: Callable[[datetime], object]) -> None:
        """Writes down what is to happen then."""
        heappush(self.waiting, (moment, next(self.number), act))

    def play(self) -> None:
        """Lets everything happen, in the order of time; what happens may write down what follows from it."""
        while self.waiting:
            moment, _number, act = heappop(self.waiting)
            act(moment)

    def speaker(self, who: str) -> Speaker:
        """Somebody as one who speaks about promises."""
        member = self.staff[who]
        own = frozenset(grant.organisation_id for grant in member.grants if grant.organisation_id)
        return Speaker(member.actor, own, whole_place=not own)


def open_diary(writes: WriteSession, place: PlaceCard, keys: ServerKeys, now: datetime, began: datetime) -> Diary:
    """An empty diary, with everybody invited. Their links are of the day on which it began, and open nothing any more."""
    staff = {}
    for who, person in PEOPLE.items():
        given = InviteIn(email=person.email, name=person.name, role=person.role, organisation=person.organisation)
        invite(writes, OPERATOR, place, given, began)
        found = find_staff(writes, person.email)
        assert found is not None  # noqa: S101 (they were invited one line above)
        found.arrived_at = began  # they work here from the first day
        at_work = SignedIn(staff_id=found.id, session_id=uuid4(), name=found.name, email=found.email, seen_at=now)
        staff[who] = get_member(writes, at_work, place)
    organisations = {row.code: row.id for row in find_organisations(writes, place.id)}
    return Diary(writes, place, keys, local_day(now, place.time_zone), staff, organisations)
